/** Broken drivers that make, change or show links wrongly. */
import { isPeerwayError, type Link, type LinkChange } from '@peerway/core';
import { links, peerings, swallow, type Mutant } from './broken.js';

let tokens = 0;

/** Every change of a link, passed through `other`. */
const updates = (other: (change: LinkChange) => LinkChange) =>
  links((good) => ({ update: (id, change, call) => good.update(id, other(change), call) }));

export const LINKS: readonly Mutant[] = [
  {
    name: 'never says that a link waits for its next step',
    topics: ['links'],
    driver: links((good) => ({
      get: async (id, call) => {
        const { next: _, ...link } = await good.get(id, call);
        return link;
      },
    })),
  },
  {
    name: 'swaps the addresses of a link',
    topics: ['links'],
    driver: links((good) => ({
      create: (input, call) => good.create({ ...input, cloudIp: input.customerIp, customerIp: input.cloudIp }, call),
    })),
  },
  {
    name: 'ignores the filter of links',
    topics: ['links'],
    driver: links((good) => ({ list: (_, cursor, call) => good.list({}, cursor, call) })),
  },
  {
    name: 'lists links of page one only',
    topics: ['links'],
    driver: links((good) => ({
      list: async (query, _, call) => ({ items: (await good.list(query, undefined, call)).items }),
    })),
  },
  {
    name: 'calls a link active too early',
    topics: ['links'],
    driver: links((good) => ({
      get: async (id, call) => ({ ...(await good.get(id, call)), state: 'active' }) as Link,
    })),
  },
  {
    name: 'takes a used VLAN for its own',
    topics: ['links'],
    driver: links((good) => ({
      create: async (input, call) => {
        try {
          return await good.create(input, call);
        } catch (error) {
          const [other] = (await good.list({ port: input.port }, undefined, call)).items;
          if (!isPeerwayError(error, 'AlreadyExists') || other === undefined) throw error;
          return other.id;
        }
      },
    })),
  },
  {
    name: 'shows a link’s bandwidth in kilobits',
    topics: ['links'],
    driver: links((good) => ({
      get: async (id, call) => {
        const link = await good.get(id, call);
        return link.bandwidthMbps === undefined ? link : { ...link, bandwidthMbps: link.bandwidthMbps * 1000 };
      },
    })),
  },
  {
    name: 'resumes a link by suspending it',
    topics: ['links'],
    driver: links((good) => ({
      update: async (id, change, call) =>
        good.update(id, change.kind === 'suspended' ? { ...change, suspended: true } : change, call),
    })),
  },
  {
    name: 'says a link is gone when its deletion has only begun',
    topics: ['links'],
    driver: links((good) => ({ delete: async (id, call) => (await good.delete(id, call), 'gone') })),
  },
  {
    name: 'makes a new token for every try of a link',
    topics: ['links'],
    driver: links((good) => ({
      create: (input, call) => good.create({ ...input, clientToken: `fresh-${++tokens}` }, call),
    })),
    survives: 'where a VLAN is taken once, the port itself refuses the second link: no duplicate can come of it',
  },
  {
    name: 'swallows NotFound when deleting a link',
    topics: ['links'],
    driver: links((good) => ({
      delete: (id, call) =>
        good.delete(id, call).catch((error: unknown) => (swallow('NotFound')(error), 'gone' as const)),
    })),
  },
  {
    name: 'empties the description of a link that is renamed',
    topics: ['links'],
    driver: updates((change) => (change.kind === 'labels' ? { name: '', description: '', ...change } : change)),
  },
  {
    name: 'changes a link’s bandwidth in kilobits',
    topics: ['links'],
    driver: updates((change) =>
      change.kind === 'bandwidth' ? { ...change, bandwidthMbps: change.bandwidthMbps * 1000 } : change,
    ),
  },
  {
    name: 'swaps the addresses of a link that changes them',
    topics: ['links'],
    driver: updates((change) =>
      change.kind === 'addresses' ? { ...change, cloudIp: change.customerIp, customerIp: change.cloudIp } : change,
    ),
  },
  {
    name: 'replaces all tags of a link',
    topics: ['links'],
    driver: links((good) => ({
      update: async (id, change, call) => {
        if (change.kind !== 'tags') return good.update(id, change, call);
        const { tags } = await good.get(id, call);
        await good.update(id, { ...change, remove: Object.keys(tags).filter((key) => !(key in change.set)) }, call);
      },
    })),
  },
  {
    name: 'takes a change of a link that is gone for done',
    topics: ['links'],
    driver: links((good) => ({
      update: (id, change, call) => good.update(id, change, call).catch(swallow('NotFound')),
    })),
  },
  {
    name: 'readies a port while it checks it',
    topics: ['links'],
    driver: links((good) => ({ check: async (input, call) => void (await good.create(input, call)) })),
  },
  {
    name: 'takes any port for one that is there',
    topics: ['links'],
    driver: links(() => ({ check: async () => undefined })),
  },
  {
    name: 'compares an option of links that was never set',
    topics: ['links'],
    driver: links(() => ({
      settingsDrift: () => [{ name: 'healthCheck', seen: 'none', wanted: '', change: 'in-place' }],
    })),
  },
  {
    name: 'forgets the marks on the half that it makes to accept',
    topics: ['sides'],
    over: 'mirrored',
    driver: peerings((good) => ({ accept: (id, call) => good.accept(id, call) })),
  },
];
