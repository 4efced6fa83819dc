/** Lines of a fake cloud: made in two steps, switched off and on, refused while a route uses them. */
import {
  accountId,
  linkId,
  PeerwayError,
  regionId,
  routeTableId,
  type Call,
  type Link,
  type LinkChange,
  type ProviderDriver,
} from '@peerway/core';
import type { FakeCloud } from './fakeCloud.js';
import type { FakeLink } from './fakeRecords.js';

type Request = <T>(call: Call, operation: string, mutating: boolean, effect: () => T) => Promise<T>;

const refuse = (code: ConstructorParameters<typeof PeerwayError>[0], message: string): PeerwayError =>
  new PeerwayError(code, message);

export function fakeLinks(
  cloud: FakeCloud,
  account: string,
  region: string,
  request: Request,
): NonNullable<ProviderDriver['links']> {
  const find = (id: string): FakeLink => {
    const link = cloud.links.find((one) => one.id === id && one.account === account && one.region === region);
    if (link === undefined) throw refuse('NotFound', `no link ${id}`);
    return link;
  };
  const reading = (link: FakeLink): Link => {
    return {
      provider: cloud.options.id,
      id: linkId(link.id),
      name: link.name,
      description: link.description,
      account: accountId(link.account),
      region: regionId(link.region),
      port: link.port as Link['port'],
      vlan: link.vlan,
      cloudIp: link.cloudIp,
      customerIp: link.customerIp,
      state: link.state,
      nativeState: link.state,
      tags: { ...link.tags },
      ...(link.network === undefined ? {} : { network: link.network, nextHop: { kind: 'link' as const, id: link.id } }),
      edge: {
        table: routeTableId(`edge-${link.id}`),
        ...(link.network === undefined ? {} : { towardNetwork: { kind: 'link' as const, id: `${link.id}-n` } }),
        towardCustomer: { kind: 'link' as const, id: `${link.id}-c` },
      },
      ...(link.localPrefixes === undefined ? {} : { localPrefixes: link.localPrefixes }),
      ...(link.reason === undefined ? {} : { reason: link.reason }),
      ...(link.next === undefined ? {} : { next: link.next }),
    } as Link;
  };
  return {
    create: (input, call) =>
      request(call, 'links.create', true, () => {
        if (cloud.links.some((link) => link.port === input.port && link.vlan === input.vlan))
          throw refuse('AlreadyExists', 'the VLAN is taken');
        const link = cloud.link({
          port: input.port,
          vlan: input.vlan,
          cloudIp: input.cloudIp,
          customerIp: input.customerIp,
          account,
          region,
          name: input.name,
          description: input.description ?? '',
          tags: { ...input.tags },
          state: 'provisioning',
          reason: 'half-made',
        });
        cloud.after(cloud.options.stepMs, link, () => (link.next = 'continue'));
        return linkId(link.id);
      }),
    continue: (id, input, call) =>
      request(call, 'links.continue', true, () => {
        const link = find(id);
        link.next = undefined;
        link.network = input.network;
        link.reason = undefined;
        cloud.after(cloud.options.stepMs, link, () => (link.state = 'active'));
      }),
    get: (id, call) => request(call, 'links.get', false, () => reading(find(id))),
    list: (query, _cursor, call) =>
      request(call, 'links.list', false, () => ({
        items: cloud.links
          .filter(
            (link) =>
              link.account === account &&
              link.region === region &&
              (query.port === undefined || link.port === query.port),
          )
          .map((link) => reading(link)),
      })),
    update: (id, change, call) =>
      request(call, change.kind === 'suspended' ? 'links.suspend' : 'links.update', true, () => {
        changeLink(find(id), change);
      }),
    settingsDrift: ({ id }) => {
      const { setting } = find(id);
      return setting === undefined ? [] : [{ name: 'setting', seen: setting, wanted: 'none', change: 'in-place' }];
    },
    delete: (id, call) =>
      request(call, 'links.delete', true, () => {
        const link = find(id);
        if (cloud.routes.some((route) => route.nextHop.id.startsWith(link.id) && route.state !== 'deleting'))
          throw refuse('FailedPrecondition', 'a route uses it');
        link.state = 'deleting';
        cloud.after(cloud.options.deleteMs, link, () => cloud.links.splice(cloud.links.indexOf(link), 1));
        return 'started';
      }),
  };
}

function changeLink(link: FakeLink, change: LinkChange): void {
  switch (change.kind) {
    case 'suspended':
      link.state = change.suspended ? 'inactive' : 'active';
      link.reason = change.suspended ? 'suspended' : undefined;
      return;
    case 'labels':
      link.name = change.name ?? link.name;
      link.description = change.description ?? link.description;
      return;
    case 'addresses':
      link.cloudIp = change.cloudIp;
      link.customerIp = change.customerIp;
      return;
    case 'tags':
      for (const key of change.remove) delete link.tags[key];
      Object.assign(link.tags, change.set);
      return;
    case 'localPrefixes':
      link.localPrefixes = change.prefixes;
      return;
    case 'settings':
      delete link.setting;
      return;
    case 'bandwidth':
    case 'healthCheck':
      throw refuse('FailedPrecondition', `no ${change.kind} here`);
  }
}
