/**
 * The adapter on the emulator: each rule of the vendor's page on peering connections once kept and once broken, what
 * the neutral API has no word for, dedicated lines, and the faults that clouds and networks have.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  accountId,
  networkId,
  parseCidr,
  PeerwayError,
  portId,
  regionId,
  VirtualClock,
  type NetworkId,
  type Peering,
  type PeeringId,
  type Provider,
} from '@peerway/core';
import type { EmulatorOptions } from '@peerway/emulator';
import { baiduEt, baiduEtGateway, baiduPeerconn, baiduRoute, baiduVpc, type Reservation } from '../src/index.js';
import { ACCOUNTS, session, type Session } from './world.js';

const sessions: Session[] = [];
afterEach(async () => {
  for (const { emulator } of sessions) expect(emulator.crashes).toEqual([]);
  await Promise.all(sessions.splice(0).map(({ close }) => close()));
});
const open = async (options?: EmulatorOptions): Promise<Session> => {
  const made = await session(options);
  sessions.push(made);
  return made;
};

const BJ = regionId('bj');
const GZ = regionId('gz');
const DAY_MS = 24 * 3_600_000;

const codeOf = async (work: Promise<unknown> | undefined): Promise<string> => {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return error instanceof PeerwayError ? error.code : String(error);
  }
};
const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
};
const first = (s: Session, who: 'a' | 'b', where: 'bj' | 'gz'): NetworkId => s.networks(who, where)[0]!;
const operations = (s: Session): string[] => s.emulator.requests.map(({ operation }) => operation);

/** A request of account a in Beijing to account b in Guangzhou, and both providers. */
async function across(s: Session): Promise<{ from: Provider; to: Provider; id: PeeringId }> {
  const [from, to] = [await s.provider('a', 'bj'), await s.provider('b', 'gz')];
  const { id } = await from.peerings.create({
    initiator: first(s, 'a', 'bj'),
    acceptor: { account: accountId(ACCOUNTS.b.id), region: GZ, network: first(s, 'b', 'gz') },
    bandwidthMbps: 20,
    description: 'from a to b',
  });
  return { from, to, id };
}

/** An active peering inside one account and region. */
async function within(s: Session): Promise<{ provider: Provider; peering: Peering }> {
  const provider = await s.provider('a', 'bj');
  const [initiator, network] = s.networks('a', 'bj');
  return {
    provider,
    peering: await provider.peerings.create({ initiator: initiator!, acceptor: { region: BJ, network: network! } }),
  };
}

describe("the rules of the vendor's page", () => {
  it('inside one account the cloud accepts by itself; across accounts only the acceptor makes it active', async () => {
    const s = await open();
    const { peering } = await within(s);
    expect([peering.state, peering.nativeState]).toEqual(['active', 'active']);
    expect(operations(s)).not.toContain('AcceptPeerConn');

    const { from, to, id } = await across(s);
    expect(await from.peerings.get(id)).toMatchObject({
      state: 'pending-acceptance',
      next: { side: 'acceptor', verb: 'accept' },
    });
    expect(await codeOf(from.peerings.accept(id))).toBe('PermissionDenied');
    await to.peerings.accept(id);
    expect((await from.peerings.get(id)).state).toBe('active');
    expect(await to.peerings.get(id, { side: 'acceptor' })).toMatchObject({
      state: 'active',
      bandwidthMbps: 20,
      initiator: { account: ACCOUNTS.a.id, region: 'bj', network: first(s, 'a', 'bj') },
      acceptor: {
        account: ACCOUNTS.b.id,
        region: 'gz',
        nextHop: { kind: 'peering', id: expect.stringMatching(/^qpif-/) },
      },
    });
  });

  it('two regions of one account: each side is read where it lives', async () => {
    const s = await open();
    const [bj, gz] = [await s.provider('a', 'bj'), await s.provider('a', 'gz')];
    const { id } = await bj.peerings.create({
      initiator: first(s, 'a', 'bj'),
      acceptor: { region: GZ, network: first(s, 'a', 'gz') },
    });
    const [left, right] = [await bj.peerings.get(id), await gz.peerings.get(id, { side: 'acceptor' })];
    expect([left.state, right.state]).toEqual(['active', 'active']);
    expect([left.initiator.nextHop?.id, left.acceptor.nextHop]).toEqual([expect.stringMatching(/^qpif-/), undefined]);
    expect([right.acceptor.nextHop?.id, right.initiator.nextHop]).toEqual([expect.stringMatching(/^qpif-/), undefined]);
    expect(right.acceptor).toMatchObject({ account: ACCOUNTS.a.id, region: 'gz', network: first(s, 'a', 'gz') });
    expect((await collect(gz.peerings.list())).map((peering) => [peering.id, peering.seenFrom])).toEqual([
      [id, 'acceptor'],
    ]);
    await bj.peerings.delete(id);
    expect(await gz.peerings.find(id, { side: 'acceptor' })).toBeUndefined();
  });

  it('inside one region the charge is 0 and billing must be Postpaid all the same', async () => {
    const s = await open();
    const api = (await s.provider('a', 'bj')).native(baiduPeerconn)!;
    const [localVpcId, peerVpcId] = s.networks('a', 'bj');
    const link = { bandwidthInMbps: 10, localVpcId: localVpcId!, peerVpcId: peerVpcId!, peerRegion: 'bj' };
    const prepaid = { paymentTiming: 'Prepaid', reservation: { reservationLength: 1 } } as const;
    expect(await codeOf(api.createPeerConn({ ...link, billing: prepaid }, { clientToken: '1' }))).toBe(
      'InvalidArgument',
    );
    expect(await codeOf(api.createPeerConn(link as never, { clientToken: '2' }))).toBe('InvalidArgument');
    expect(
      await codeOf(api.createPeerConn({ ...link, billing: { paymentTiming: 'Postpaid' } }, { clientToken: '3' })),
    ).toBe('ok');
  });

  it('one link per pair of VPCs, in either direction, and a refused one still counts until it is released', async () => {
    const s = await open();
    const { provider, peering } = await within(s);
    const { initiator, acceptor } = peering;
    for (const [from, to] of [
      [initiator.network, acceptor.network],
      [acceptor.network, initiator.network],
    ] as const) {
      await expect(
        provider.peerings.request({ initiator: from, acceptor: { region: BJ, network: to } }),
      ).rejects.toMatchObject({
        code: 'AlreadyExists',
        details: { resource: peering.id },
      });
    }
    const { from, to, id } = await across(s);
    await to.peerings.reject(id);
    expect(await from.peerings.get(id)).toMatchObject({
      state: 'rejected',
      reason: 'rejected-or-expired',
      nativeState: 'consult_failed',
    });
    const again = {
      initiator: first(s, 'a', 'bj'),
      acceptor: { account: accountId(ACCOUNTS.b.id), region: GZ, network: first(s, 'b', 'gz') },
    };
    expect(await codeOf(from.peerings.request(again))).toBe('AlreadyExists');
    await from.peerings.delete(id);
    expect((await from.peerings.create(again)).state).toBe('pending-acceptance');
  });

  it('the ends are two VPCs, and not both relays', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const [one, two, three] = s.networks('a', 'bj');
    const vpc = provider.native(baiduVpc)!;
    const same = {
      bandwidthInMbps: 10,
      localVpcId: one!,
      peerVpcId: one!,
      peerRegion: 'bj',
      billing: { paymentTiming: 'Postpaid' },
    } as const;
    expect(await codeOf(provider.native(baiduPeerconn)!.createPeerConn(same, { clientToken: 's' }))).toBe(
      'InvalidArgument',
    );
    await vpc.openVpcRelay(one!);
    await vpc.openVpcRelay(two!);
    expect((await vpc.querySpecifiedVpc(one!)).relay).toBe(true);
    const relays = { initiator: one!, acceptor: { region: BJ, network: two! } };
    expect(await codeOf(provider.peerings.request(relays))).toBe('FailedPrecondition');
    await provider.peerings.create({ initiator: one!, acceptor: { region: BJ, network: three! } });
    await vpc.closeVpcRelay(two!);
    expect(await codeOf(provider.peerings.create(relays))).toBe('ok');
  });

  it('a request lapses after seven days, not before', async () => {
    const s = await open();
    const { from, to, id } = await across(s);
    const { expiresAt } = await from.peerings.get(id);
    expect(Math.abs(expiresAt!.getTime() - s.clock.now() - 7 * DAY_MS)).toBeLessThan(60_000);
    s.clock.advance(7 * DAY_MS - 3_600_000);
    expect((await from.peerings.get(id)).state).toBe('pending-acceptance');
    s.clock.advance(2 * 3_600_000);
    expect(await from.peerings.get(id)).toMatchObject({ state: 'rejected', reason: 'rejected-or-expired' });
    expect(await codeOf(to.peerings.accept(id))).toBe('FailedPrecondition');
  });

  it('only the initiator resizes and releases across accounts', async () => {
    const s = await open();
    const { from, to, id } = await across(s);
    await to.peerings.accept(id);
    expect(await codeOf(to.peerings.update(id, { bandwidthMbps: 40 }, { side: 'acceptor' }))).toBe('PermissionDenied');
    await from.peerings.update(id, { bandwidthMbps: 40 });
    await from.peerings.update(id, { bandwidthMbps: 30 }); // Postpaid goes down as well
    expect((await to.peerings.get(id, { side: 'acceptor' })).bandwidthMbps).toBe(30);
    expect(await codeOf(to.peerings.delete(id, { side: 'acceptor' }))).toBe('PermissionDenied');
    await from.peerings.delete(id);
    expect(await to.peerings.find(id, { side: 'acceptor' })).toBeUndefined();
  });

  it('each side has its own description and interface name', async () => {
    const s = await open();
    const { from, to, id } = await across(s);
    await to.peerings.accept(id);
    await to.peerings.update(id, { description: 'seen from b' }, { side: 'acceptor' });
    expect((await from.peerings.get(id)).description).toBe('from a to b');
    const theirs = await to.peerings.get(id, { side: 'acceptor' });
    expect(theirs.description).toBe('seen from b');
    const api = to.native(baiduPeerconn)!;
    const localIfId = theirs.acceptor.nextHop!.id;
    await api.updatePeerConn(id, { localIfId, localIfName: 'right-hand' });
    expect(await api.getPeerConn(id, 'acceptor')).toMatchObject({
      localIfName: 'right-hand',
      description: 'seen from b',
    });
    expect(await codeOf(api.updatePeerConn(id, { localIfId: 'qpif-000000000000', description: 'x' }))).not.toBe('ok');
  });

  it('DNS synchronisation: per side, only while active, not while it moves', async () => {
    const s = await open();
    const { from, to, id } = await across(s);
    expect(await codeOf(from.peerings.update(id, { dnsSync: true }))).toBe('FailedPrecondition');
    await to.peerings.accept(id);
    const api = from.native(baiduPeerconn)!;
    await api.openPeerConnSyncDns(id, 'initiator');
    expect((await from.peerings.get(id)).dnsSync).toBe('turning-on');
    expect(await codeOf(api.openPeerConnSyncDns(id, 'initiator'))).toBe('FailedPrecondition');
    await from.peerings.update(id, { dnsSync: true }); // asked for already; waits until it is there
    expect([(await from.peerings.get(id)).dnsSync, (await to.peerings.get(id, { side: 'acceptor' })).dnsSync]).toEqual([
      'on',
      'off',
    ]);
    await from.peerings.update(id, { dnsSync: false });
    expect((await from.peerings.get(id)).dnsSync).toBe('off');
  });

  it('release protection keeps the link', async () => {
    const s = await open();
    const { provider, peering } = await within(s);
    await provider.peerings.update(peering.id, { deletionProtection: true });
    await expect(provider.peerings.delete(peering.id)).rejects.toMatchObject({
      code: 'FailedPrecondition',
      details: { remedy: expect.stringContaining('release protection') },
    });
    await provider.peerings.update(peering.id, { deletionProtection: false });
    await provider.peerings.delete(peering.id);
    expect(await provider.peerings.find(peering.id)).toBeUndefined();
  });

  it('prepaid: renewed by the initiator, grows only, is not released while paid for, may be refunded; Postpaid knows none of it', async () => {
    const s = await open();
    const [a, b] = [await s.provider('a', 'bj'), await s.provider('b', 'gz')];
    const api = a.native(baiduPeerconn)!;
    const reservation: Reservation = { reservationLength: 1, reservationTimeUnit: 'month' };
    const { peerConnId } = await api.createPeerConn(
      {
        bandwidthInMbps: 20,
        localVpcId: first(s, 'a', 'bj'),
        peerVpcId: first(s, 'b', 'gz'),
        peerRegion: 'gz',
        peerAccountId: ACCOUNTS.b.id,
        billing: { paymentTiming: 'Prepaid', reservation },
      },
      { clientToken: 'prepaid' },
    );
    const id = (await a.peerings.settle(peerConnId as PeeringId, 'initiator', { fresh: true })).id;
    await b.peerings.accept(id);
    const before = await a.peerings.get(id);
    expect(before.expiresAt!.getTime()).toBeGreaterThan(s.clock.now() + 27 * DAY_MS);
    expect(await codeOf(b.native(baiduPeerconn)!.renewPeerConn(id, { reservation }))).toBe('FailedPrecondition');
    await api.renewPeerConn(id, { reservation: { reservationLength: 12 } });
    expect((await a.peerings.get(id)).expiresAt!.getTime()).toBeGreaterThan(before.expiresAt!.getTime() + 360 * DAY_MS);
    expect(await codeOf(api.renewPeerConn(id, { reservation: { reservationLength: 10 } }))).toBe('InvalidArgument');
    await a.peerings.update(id, { bandwidthMbps: 50 });
    expect(await codeOf(a.peerings.update(id, { bandwidthMbps: 30 }))).toBe('FailedPrecondition');
    expect(await codeOf(a.peerings.delete(id))).toBe('FailedPrecondition');
    await api.refundPeerConn(id);
    s.clock.advance(120_000);
    expect(await a.peerings.find(id)).toBeUndefined();

    const { provider, peering } = await within(s);
    expect(await codeOf(provider.native(baiduPeerconn)!.renewPeerConn(peering.id, { reservation }))).toBe(
      'FailedPrecondition',
    );
    expect(await codeOf(provider.native(baiduPeerconn)!.refundPeerConn(peering.id))).toBe('FailedPrecondition');
  });

  it('accepting or rejecting what the system has accepted is an error natively, and success for the neutral accept', async () => {
    const s = await open();
    const { provider, peering } = await within(s);
    const api = provider.native(baiduPeerconn)!;
    expect(await codeOf(api.acceptPeerConn(peering.id))).toBe('FailedPrecondition');
    expect(await codeOf(api.rejectPeerConn(peering.id))).toBe('FailedPrecondition');
    expect(await codeOf(provider.peerings.accept(peering.id))).toBe('ok');
  });
});

describe('whatever the cloud turns out to do', () => {
  it.each<[string, NonNullable<EmulatorOptions['rules']>]>([
    ['the spelling of the documents', { 'baidu.peerconn.bandwidthField': 'bandwithInMbp' }],
    ['a bandwidth of text', { 'baidu.peerconn.bandwidthType': 'string' }],
    ['404 for what is missing', { 'baidu.peerconn.missingRead': 'not-found' }],
    ['a tombstone', { 'baidu.peerconn.deletedTombstone': true }],
    ['one row per link', { 'baidu.peerconn.listRows': 'once' }],
    ['complete rows', { 'baidu.peerconn.listHasTagsAndProtection': true }],
    ['OperationDenied for what is missing', { 'baidu.peerconn.missingWriteCode': 'OperationDenied' }],
    ['AccessDenied for what is protected', { 'baidu.peerconn.protectedCode': 'AccessDenied' }],
    [
      'AccessDenied for what is not ours',
      { 'baidu.peerconn.foreignRead': 'access-denied', 'baidu.peerconn.wrongSideCode': 'AccessDenied' },
    ],
    ['not found for what is not ours', { 'baidu.peerconn.foreignWrite': 'not-found' }],
  ])('%s: create, list, read, protect, delete', async (_, rules) => {
    const s = await open({ rules });
    const provider = await s.provider('a', 'bj');
    const [initiator, network] = s.networks('a', 'bj');
    const request = { initiator: initiator!, acceptor: { region: BJ, network: network! }, bandwidthMbps: 25 };
    const { id } = await provider.peerings.create({ ...request, tags: { 'peerway.stack': 'shop' } });
    const listed = await collect(provider.peerings.list());
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({
      id,
      bandwidthMbps: 25,
      tags: { 'peerway.stack': 'shop' },
      deletionProtection: false,
    });
    await provider.peerings.update(id, { deletionProtection: true });
    expect(await codeOf(provider.peerings.delete(id))).toBe('FailedPrecondition');
    await provider.peerings.update(id, { deletionProtection: false });
    await provider.peerings.delete(id);
    expect(await provider.peerings.find(id)).toBeUndefined();
    expect(await collect(provider.peerings.list())).toEqual([]);
    expect(await provider.peerings.requestDelete(id)).toBe('gone');

    const { from, to, id: other } = await across(s);
    expect(await codeOf(from.peerings.accept(other))).toBe('PermissionDenied');
    await to.peerings.accept(other);
    expect(await codeOf(to.peerings.delete(other, { side: 'acceptor' }))).toBe('PermissionDenied');
    const stranger = await s.provider('b', 'bj');
    expect(['NotFound', 'PermissionDenied']).toContain(await codeOf(stranger.peerings.get(other)));
    expect(['NotFound', 'PermissionDenied', 'ok']).toContain(await codeOf(stranger.peerings.delete(other)));
    expect((await from.peerings.get(other)).state).toBe('active');
  });

  it('without account: one account is joined all the same, also across its regions', async () => {
    const s = await open();
    const nameless = { account: undefined as never };
    const [bj, gz] = [await s.provider('a', 'bj', nameless), await s.provider('a', 'gz', nameless)];
    const [one, two] = s.networks('a', 'bj');
    const { account } = await gz.networks.get(first(s, 'a', 'gz'));
    expect(account).toMatch(/^unknown-/);
    const far = { account, region: GZ, network: first(s, 'a', 'gz') };
    const ids = [
      (await bj.peerings.create({ initiator: one!, acceptor: { account, region: BJ, network: two! } })).id,
      (await bj.peerings.create({ initiator: one!, acceptor: far })).id,
    ];
    const listed = await collect(bj.peerings.list());
    expect(listed.map(({ id, state }) => [id, state])).toEqual(ids.map((id) => [id, 'active']));
    for (const id of ids) await bj.peerings.delete(id);
    expect(await collect(bj.peerings.list())).toEqual([]);
  });

  it('temporary keys sign with their token, and a wrong token is refused', async () => {
    const s = await open();
    const account = ACCOUNTS.a.id;
    s.emulator.world.key({
      cloud: 'baidu',
      id: 'sts-key-0123456789abcdef',
      secret: 'sts-secret-0123456789',
      account,
      session: { token: 'tok/+==', expiresAt: s.clock.now() + DAY_MS, arn: 'arn' },
    });
    const credentials = { accessKeyId: 'sts-key-0123456789abcdef', accessKeySecret: 'sts-secret-0123456789' };
    const right = await s.provider('a', 'bj', { credentials: { ...credentials, securityToken: 'tok/+==' } });
    expect(await collect(right.networks.list())).toHaveLength(3);
    for (const more of [{}, { securityToken: 'another' }]) {
      const wrong = await s.provider('a', 'bj', { credentials: { ...credentials, ...more } });
      expect(['Unauthenticated', 'PermissionDenied']).toContain(await codeOf(collect(wrong.networks.list())));
    }
  });
});

describe('routes', () => {
  it('both sides point at their own interface; sources lie in a subnet, or anywhere in a relay', async () => {
    const s = await open();
    const { provider, peering } = await within(s);
    const [left] = await collect(provider.peerings.list());
    const network = peering.initiator.network;
    const [table] = await provider.routes.tables(network);
    const { cidrs } = await provider.networks.get(network);
    const subnet = cidrs[0]!.replace('.0.0/16', '.1.0/24');
    const vpc = provider.native(baiduVpc)!;
    await vpc.createSubnet({ name: 'web', zoneName: 'cn-bj-a', cidr: subnet, vpcId: network });
    const request = {
      network,
      table: table!.id,
      destination: parseCidr('172.20.0.0/16'),
      nextHop: left!.initiator.nextHop!,
    };
    await provider.routes.create({ ...request, description: 'peerway stack=shop' });
    await provider.routes.create({ ...request, source: parseCidr(subnet) });
    expect(await codeOf(provider.routes.create({ ...request, source: parseCidr('10.250.0.0/24') }))).toBe(
      'InvalidArgument',
    );
    await vpc.openVpcRelay(network);
    await provider.routes.create({ ...request, source: parseCidr('10.250.0.0/24') });
    expect(await codeOf(provider.routes.create(request))).toBe('AlreadyExists');
    expect(await codeOf(provider.routes.create({ ...request, destination: parseCidr(subnet) }))).toBe(
      'InvalidArgument',
    );
    const theirs = { ...request, destination: parseCidr('172.21.0.0/16'), nextHop: left!.acceptor.nextHop! };
    expect(await codeOf(provider.routes.create(theirs))).toBe('InvalidArgument');

    const written = await collect(provider.routes.list(network, table!.id));
    expect(written.map(({ source, state, origin, description }) => [source, state, origin, description])).toEqual([
      [undefined, 'active', 'custom', 'peerway stack=shop'],
      [subnet, 'active', 'custom', ''],
      ['10.250.0.0/24', 'active', 'custom', ''],
    ]);
    await provider.native(baiduRoute)!.updateRoutingRule(written[0]!.id!, { description: 'changed' });
    await provider.peerings.delete(peering.id);
    const dead = (await provider.routes.tables(network))[0]!.routes!;
    expect(dead.map(({ state, description }) => [state, description])).toEqual([
      ['blackhole', 'changed'],
      ['blackhole', ''],
      ['blackhole', ''],
    ]);
    await provider.routes.deleteMany(dead);
    expect(await collect(provider.routes.list(network, table!.id))).toEqual([]);
  });

  it("the cloud's own rule, where it is shown, is not ours", async () => {
    const s = await open({ rules: { 'baidu.route.showsSystemRules': true } });
    const provider = await s.provider('a', 'bj');
    const network = first(s, 'a', 'bj');
    const [table] = await provider.routes.tables(network);
    const [system] = table!.routes!;
    expect(system).toMatchObject({ origin: 'system', state: 'active', nextHop: { kind: 'other' } });
    expect(await codeOf(provider.routes.delete(system!))).toBe('PermissionDenied');
  });
});

describe('dedicated lines', () => {
  const line = { port: portId('dcphy-bjaport10000'), vlan: 30, cloudIp: '10.255.0.1/30', customerIp: '10.255.0.2' };

  it('a link is made, routed, found, resized, checked and removed', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const network = first(s, 'a', 'bj');
    const request = {
      ...line,
      network,
      name: 'idc',
      description: 'to the office',
      bandwidthMbps: 200,
      tags: { 'peerway.stack': 'shop' },
    };
    const link = await provider.links.create(request);
    expect(link).toMatchObject({
      state: 'active',
      nativeState: 'running',
      network,
      port: line.port,
      vlan: 30,
      cloudIp: '10.255.0.1/30',
      customerIp: '10.255.0.2',
      bandwidthMbps: 200,
      tags: { 'peerway.stack': 'shop' },
      nextHop: { kind: 'link', id: link.id },
    });
    expect(await codeOf(provider.links.request(request))).toBe('AlreadyExists');
    expect(await codeOf(provider.links.request({ ...request, vlan: 99 }))).toBe('NotFound');
    expect(await codeOf(provider.links.request({ ...request, vlan: 31 }))).toBe('InvalidArgument'); // that VLAN has other addresses

    const [table] = await provider.routes.tables(network);
    const destination = parseCidr('192.168.0.0/16');
    await provider.routes.create({ network, table: table!.id, destination, nextHop: link.nextHop! });
    expect((await provider.routes.tables(network))[0]!.routes).toMatchObject([
      { destination, state: 'active', nextHop: { kind: 'link' } },
    ]);

    const api = provider.native(baiduEtGateway)!;
    await api.updateEtGateway(link.id, { speed: 300 });
    await api.createHealthCheck(link.id, { healthCheckInterval: 3, healthThreshold: 2, unhealthThreshold: 2 });
    expect(await api.getEtGateway(link.id)).toMatchObject({ speed: 300, healthCheckInterval: 3 });
    expect((await provider.native(baiduEt)!.getEt(line.port)).status).toBe('established');

    for (const query of [{}, { network }, { port: line.port }, { network, port: line.port }]) {
      expect((await collect(provider.links.list(query))).map(({ id, vlan }) => [id, vlan])).toEqual([[link.id, 30]]);
    }
    expect(await collect(provider.links.list({ port: portId('dcphy-bjaport20000') }))).toEqual([]);

    for (const route of (await provider.routes.tables(network))[0]!.routes!) await provider.routes.delete(route);
    await provider.links.delete(link.id);
    expect(await provider.links.find(link.id)).toBeUndefined();
    await provider.links.delete(link.id); // gone already
    expect((await provider.links.create(request)).state).toBe('active'); // the channel is free again
  });

  it('a gateway that somebody left unbound is bound by the next step', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const network = first(s, 'a', 'bj');
    const made = await provider
      .native(baiduEtGateway)!
      .createEtGateway({ name: 'idc', vpcId: network, speed: 100 }, { clientToken: 'half' });
    s.clock.advance(120_000);
    const half = (await collect(provider.links.list({ network })))[0]!;
    expect(half).toMatchObject({ id: made.etGatewayId, state: 'provisioning', reason: 'half-made', next: 'continue' });
    const link = await provider.links.settle(half.id, { ...line, network, name: 'idc' });
    expect(link).toMatchObject({ state: 'active', port: line.port, vlan: 30 });
  });
});

describe('faults', () => {
  const STRUCK = { cloud: 'baidu', operation: 'CreatePeerConn', calls: 1 } as const;
  const links = async (provider: Provider): Promise<number> => (await collect(provider.peerings.list())).length;

  it.each([
    ['500 with JSON', { kind: 'error', status: 500, body: 'native' }],
    ['500 with JSON, after it took effect', { kind: 'error', status: 500, body: 'native', after: true }],
    ['500 with HTML', { kind: 'error', status: 500, body: 'html', after: true }],
    ['500 with nothing', { kind: 'error', status: 500, body: 'empty', after: true }],
    ['502 with HTML', { kind: 'error', status: 502, body: 'html' }],
    ['truncated JSON', { kind: 'truncate' }],
    ['a lost answer', { kind: 'lost-answer' }],
    ['a reset connection', { kind: 'reset' }],
    ['a request delivered twice', { kind: 'duplicate' }],
    ['throttling', { kind: 'throttle' }],
  ] as const)('%s on create, with the token: one link', async (_, effect) => {
    const s = await open();
    s.emulator.faults.add({ ...STRUCK, ...effect });
    const { provider, peering } = await within(s);
    expect(peering.state).toBe('active');
    expect(await links(provider)).toBe(1);
    const tokens = s.emulator.requests
      .filter(({ operation }) => operation === 'CreatePeerConn')
      .map(({ params }) => params['clientToken']);
    expect(new Set(tokens).size).toBe(1);
  });

  it('a lost answer, and the next try only after the token is forgotten: the link is found by its pair', async () => {
    const s = await open();
    const [initiator, network] = s.networks('a', 'bj');
    const request = { initiator: initiator!, acceptor: { region: BJ, network: network! }, clientToken: 'old' };
    // the machine sleeps for a day between the two tries
    const provider = (await s.provider('a', 'bj')).observedBy({ callRetried: () => s.clock.advance(25 * 3_600_000) });
    s.emulator.faults.add({ ...STRUCK, kind: 'lost-answer' });
    const id = await provider.peerings.request(request);
    const tries = s.emulator.requests.filter(({ operation }) => operation === 'CreatePeerConn');
    expect(tries.map(({ code }) => code ?? '')).toEqual(['', 'OperationDenied']);
    expect((await provider.peerings.settle(id, 'initiator')).state).toBe('active');
    expect(await links(provider)).toBe(1);
    // asked for anew, it is there already
    expect(await codeOf(provider.peerings.request(request))).toBe('AlreadyExists');
  });

  it('a token is good for 24 hours from its last use, and for one request only', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const [one, two, three] = s.networks('a', 'bj');
    const request = { initiator: one!, acceptor: { region: BJ, network: two! }, clientToken: 'mine' };
    const id = await provider.peerings.request(request);
    for (const hours of [20, 20, 20]) {
      s.clock.advance(hours * 3_600_000);
      expect(await provider.peerings.request(request)).toBe(id);
    }
    const other = { ...request, acceptor: { region: BJ, network: three! } };
    await expect(provider.peerings.request(other)).rejects.toMatchObject({
      code: 'InvalidArgument',
      details: { nativeCode: 'IdempotentParameterMismatch' },
    });
    s.clock.advance(25 * 3_600_000);
    expect(await codeOf(provider.peerings.request(other))).toBe('ok');
  });

  it.each([
    [20, ['RequestExpired', '', '']],
    [-20, ['', '']], // a signature is good for thirty minutes
    [-40, ['RequestExpired', '', '']],
  ])('a clock that is %i minutes off: at most one refusal, then the time of the server', async (minutes, codes) => {
    // far from the machine's own time, which the emulator would take as well
    const s = await open({ start: Date.UTC(2027, 0, 1) });
    const clock = new VirtualClock({ start: s.emulator.clock.now() + minutes * 60_000 });
    const provider = await s.provider('a', 'bj', { clock });
    expect(await collect(provider.networks.list())).toHaveLength(3);
    expect(await collect(provider.networks.list())).toHaveLength(3);
    expect(s.emulator.requests.map(({ code }) => code ?? '')).toEqual(codes);
  });

  it('both sides of one account releasing at once: both succeed, and it is gone', async () => {
    const s = await open();
    const [bj, gz] = [await s.provider('a', 'bj'), await s.provider('a', 'gz')];
    const { id } = await bj.peerings.create({
      initiator: first(s, 'a', 'bj'),
      acceptor: { region: GZ, network: first(s, 'a', 'gz') },
    });
    await Promise.all([bj.peerings.delete(id), gz.peerings.delete(id, { side: 'acceptor' })]);
    expect([await bj.peerings.find(id), await gz.peerings.find(id, { side: 'acceptor' })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('across accounts the initiator wins, the acceptor is told why it may not', async () => {
    const s = await open();
    const { from, to, id } = await across(s);
    await to.peerings.accept(id);
    const [ours, theirs] = await Promise.all([
      codeOf(from.peerings.delete(id)),
      codeOf(to.peerings.delete(id, { side: 'acceptor' })),
    ]);
    expect(ours).toBe('ok');
    expect(['ok', 'PermissionDenied']).toContain(theirs);
    expect(await to.peerings.find(id, { side: 'acceptor' })).toBeUndefined();
  });

  it.each(['lost-answer', 'truncate', 'duplicate'] as const)(
    '%s on every kind of write: each has its effect once',
    async (kind) => {
      const s = await open();
      const { from, to, id } = await across(s);
      const strike = (operation: string): void =>
        void s.emulator.faults.add({ cloud: 'baidu', operation, calls: 1, kind });
      strike('AcceptPeerConn');
      await to.peerings.accept(id);
      strike('UpdatePeerConnBandwidth');
      await from.peerings.update(id, { bandwidthMbps: 40 });
      strike('OpenPeerConnSyncDns');
      await from.peerings.update(id, { dnsSync: true });
      const peering = await from.peerings.get(id);
      expect(peering).toMatchObject({ state: 'active', bandwidthMbps: 40, dnsSync: 'on' });
      strike('CreateRoutingRules');
      const network = peering.initiator.network;
      const [table] = await from.routes.tables(network);
      await from.routes.create({
        network,
        table: table!.id,
        destination: parseCidr('172.20.0.0/16'),
        nextHop: peering.initiator.nextHop!,
      });
      const routes = await collect(from.routes.list(network, table!.id));
      expect(routes).toHaveLength(1);
      strike('DeleteRoutingRules');
      await from.routes.delete(routes[0]!);
      strike('ReleasePeerConn');
      await from.peerings.delete(id);
      expect(await from.peerings.find(id)).toBeUndefined();
    },
  );

  it('stale reads: a creation not yet to be seen is waited for', async () => {
    const s = await open();
    s.emulator.faults.add({ cloud: 'baidu', operation: 'GetPeerConn', kind: 'stale', ms: 5_000 });
    expect((await within(s)).peering.state).toBe('active');
  });

  it('a missing network is NotFound on either side', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const known = first(s, 'a', 'bj');
    const missing = networkId('vpc-000000000000');
    for (const [initiator, network] of [
      [known, missing],
      [missing, known],
    ] as const) {
      expect(await codeOf(provider.peerings.request({ initiator, acceptor: { region: BJ, network } }))).toBe(
        'NotFound',
      );
    }
  });
});
