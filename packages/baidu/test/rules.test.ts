/**
 * Peerings on the emulator: each rule of the vendor's page on peering connections once kept and once broken, with what
 * the neutral API has no word for; and every way in which the cloud's open points may turn out.
 */
import { describe, expect, it } from '@jest/globals';
import { accountId, isKnownAccount, type PeeringId } from '@peerway/core';
import type { EmulatorOptions } from '@peerway/emulator';
import { baiduPeerconn, baiduVpc, type Reservation } from '../src/index.js';
import { codeOf, collect } from './asking.js';
import { ACCOUNTS, across, BJ, DAY_MS, first, GZ, operations, sessions, within } from './world.js';

const open = sessions();

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
    expect(await provider.peerings.requestDelete(id)).toBe('missing');

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
    expect([account, isKnownAccount(account)]).toEqual([expect.stringMatching(/^unknown-/), false]);
    expect(() => accountId(account)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    const named = await (await s.provider('a', 'gz')).networks.get(first(s, 'a', 'gz'));
    expect([named.account, isKnownAccount(named.account)]).toEqual([ACCOUNTS.a.id, true]);
    const far = { region: GZ, network: first(s, 'a', 'gz') };
    const ids = [
      (await bj.peerings.create({ initiator: one!, acceptor: { region: BJ, network: two! } })).id,
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
