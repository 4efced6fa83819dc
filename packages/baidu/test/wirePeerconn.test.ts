/**
 * Peer connections on the wire: what is sent, against the vendor's pages (docs/facts/baidu.md 3.1), and what is made of the
 * answers that its documents print; first the eleven functions of its Python page, by their names.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  nativeOf,
  networkId,
  peeringId,
  regionId,
  type AccountId,
  type Peering,
  type Provider,
} from '@peerway/core';
import { baiduPeerconn, baiduPeerconnRecord } from '../src/index.js';
import { codeOf, collect } from './asking.js';
import { ACCOUNT, rig, Stub, type Said } from './stub.js';
import { ACCEPTOR, DETAILED, LINK, LISTED, PARTNER } from './vendorSamples.js';

let stub: Stub;
let provider: Provider;
const over: Stub['over'] = (...given) => stub.over(...given);
beforeAll(async () => {
  stub = await Stub.start();
  ({ provider } = await rig(stub.endpoint));
});
afterAll(async () => {
  await provider.close();
  await stub.close();
});

const BJ = regionId('bj');

describe("the functions of the vendor's page on peering connections", () => {
  const id = peeringId(LINK);

  it('create_peerconn', async () => {
    const neutral = await over(
      () =>
        provider.peerings.request({
          initiator: networkId('vpc-1'),
          acceptor: { region: regionId('gz'), network: networkId('vpc-2'), account: accountId(PARTNER) },
          bandwidthMbps: 20,
          description: 'to the partner',
          clientToken: 'T1',
        }),
      { body: { peerConnId: LINK } },
    );
    const body = {
      bandwidthInMbps: 20,
      localVpcId: 'vpc-1',
      peerVpcId: 'vpc-2',
      peerRegion: 'gz',
      billing: { paymentTiming: 'Postpaid' },
      peerAccountId: PARTNER,
      description: 'to the partner',
    };
    expect(neutral).toEqual({ asked: [['POST', '/v1/peerconn?clientToken=T1', body]], back: LINK });

    // everything that the neutral request has no word for goes through the escape hatch
    const full = {
      bandwidthInMbps: 20,
      localVpcId: 'vpc-1',
      peerVpcId: 'vpc-2',
      peerRegion: 'gz',
      billing: { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } },
      localIfName: 'left',
      peerIfName: 'right',
      resourceGroupId: 'rg-1',
      deleteProtect: true,
    } as const;
    const native = await over(() => provider.native(baiduPeerconn)?.createPeerConn(full, { clientToken: 'T2' }), {
      body: { peerConnId: LINK },
    });
    expect(native).toEqual({ asked: [['POST', '/v1/peerconn?clientToken=T2', full]], back: { peerConnId: LINK } });
  });

  it('list_peerconns, page by page, completing what a listing leaves out', async () => {
    const second = { ...LISTED, peerConnId: 'peerconn-srbvvxmjn7ux', tags: [] };
    const pages = await over(
      () => collect(provider.peerings.list()),
      {
        body: { peerConns: [LISTED], marker: LINK, isTruncated: true, nextMarker: 'peerconn-srbvvxmjn7ux', maxKeys: 1 },
      },
      { body: { ...LISTED, tags: [{ tagKey: 'k', tagValue: 'v' }], deleteProtect: true } },
      { body: { peerConns: [second], marker: 'peerconn-srbvvxmjn7ux', isTruncated: false, maxKeys: 1 } },
    );
    expect(pages.asked).toEqual([
      ['GET', '/v1/peerconn?maxKeys=1000'],
      ['GET', `/v1/peerconn/${LINK}?role=initiator`],
      ['GET', '/v1/peerconn?marker=peerconn-srbvvxmjn7ux&maxKeys=1000'],
    ]);
    expect(pages.back.map((peering) => [peering.id, peering.tags, peering.deletionProtection])).toEqual([
      [LINK, { k: 'v' }, true],
      ['peerconn-srbvvxmjn7ux', {}, undefined],
    ]);
    const native = await over(
      () => provider.native(baiduPeerconn)?.listPeerConn({ vpcId: 'vpc-13vuxu016dew', maxKeys: 1 }),
      {
        body: { peerConns: [LISTED], isTruncated: true, nextMarker: 'm' },
      },
    );
    expect(native).toEqual({
      asked: [['GET', '/v1/peerconn?vpcId=vpc-13vuxu016dew&maxKeys=1']],
      back: { items: [LISTED], next: 'm' },
    });
  });

  it('list_peerconns keeps a link that cannot be read yet: its pair is taken', async () => {
    const { back } = await over(() => collect(provider.peerings.list()), { body: { peerConns: [LISTED] } }, {});
    expect(back.map((peering) => [peering.id, peering.tags])).toEqual([[LINK, {}]]);
  });

  it('list_peerconns gives both readings of a link, and core makes one of them', async () => {
    const there = { ...ACCEPTOR, status: 'active', localVpcId: DETAILED.peerVpcId, peerVpcId: DETAILED.localVpcId };
    const body = { peerConns: [DETAILED, there], isTruncated: false };
    const { back } = await over(() => collect(provider.peerings.list({ network: networkId(DETAILED.peerVpcId) })), {
      body,
    });
    expect(back).toHaveLength(1);
    expect([back[0]?.initiator.nextHop?.id, back[0]?.acceptor.nextHop?.id]).toEqual([
      'qpif-qz9a61ujsizt',
      'qpif-acceptor0000',
    ]);
    const other = networkId('vpc-other');
    const between = [networkId(DETAILED.localVpcId), other] as const;
    expect((await over(() => collect(provider.peerings.list({ between })), { body })).back).toEqual([]);
    expect((await over(() => collect(provider.peerings.list({ mechanism: 'vpc-peer' })), { body })).asked).toEqual([]);
  });

  it('get_peerconn, from either side', async () => {
    const { asked, back } = await over<Peering>(() => provider.peerings.get(id), { body: DETAILED });
    expect(asked).toEqual([['GET', `/v1/peerconn/${LINK}?role=initiator`]]);
    expect(back).toEqual({
      provider: 'baidu',
      mechanism: 'peerconn',
      id: LINK,
      seenFrom: 'initiator',
      name: '',
      description: 'mypeerconn',
      state: 'active',
      nativeState: 'active',
      initiator: {
        account: ACCOUNT,
        region: 'bj',
        network: DETAILED.localVpcId,
        nextHop: { kind: 'peering', id: 'qpif-qz9a61ujsizt' },
      },
      acceptor: { account: PARTNER, region: 'bj', network: DETAILED.peerVpcId },
      bandwidthMbps: 1000,
      createdAt: new Date('2018-08-03T12:38:43Z'),
      tags: { tagKey: 'tagValue' },
      deletionProtection: true,
      dnsSync: 'off',
    });
    expect(nativeOf(back, baiduPeerconnRecord)).toEqual(DETAILED);

    const theirs = await over<Peering>(() => provider.peerings.get(id, { side: 'acceptor' }), { body: ACCEPTOR });
    expect(theirs.asked).toEqual([['GET', `/v1/peerconn/${LINK}?role=acceptor`]]);
    expect(theirs.back).toMatchObject({
      seenFrom: 'acceptor',
      state: 'pending-acceptance',
      next: { side: 'acceptor', verb: 'accept' },
      initiator: { network: DETAILED.peerVpcId, account: PARTNER },
      acceptor: { network: DETAILED.localVpcId, account: ACCOUNT, nextHop: { id: 'qpif-acceptor0000' } },
      expiresAt: new Date('2018-08-10T12:38:43Z'),
    });
    expect(theirs.back.initiator).not.toHaveProperty('nextHop');
  });

  it.each([
    [{ bandwidthInMbps: 7 }, 7],
    [{ bandwidthInMbps: '8' }, 8],
    [{ bandwithInMbp: 9 }, 9],
    [{ bandwidthInMbps: 7, bandwithInMbp: 9 }, 7],
    [{ bandwithInMbp: '10' }, 10],
    [{}, undefined],
    [{ bandwidthInMbps: '' }, undefined],
  ])('reads the bandwidth from %j as %s', async (fields, mbps) => {
    const { bandwithInMbp: _, ...rest } = DETAILED;
    const { back } = await over<Peering>(() => provider.peerings.get(id), { body: { ...rest, ...fields } });
    expect(back.bandwidthMbps).toBe(mbps);
  });

  it('update_peerconn names the side by its interface', async () => {
    const { asked } = await over(
      () => provider.peerings.update(id, { description: 'ours' }, { side: 'acceptor', wait: false }),
      { body: ACCEPTOR },
      {},
    );
    expect(asked).toEqual([
      ['GET', `/v1/peerconn/${LINK}?role=acceptor`],
      ['PUT', `/v1/peerconn/${LINK}`, { localIfId: 'qpif-acceptor0000', description: 'ours' }],
    ]);
    const input = { localIfId: 'qpif-1', localIfName: 'left' };
    expect(
      (await over(() => provider.native(baiduPeerconn)?.updatePeerConn(LINK, input, { clientToken: 'u' }), {})).asked,
    ).toEqual([['PUT', `/v1/peerconn/${LINK}?clientToken=u`, input]]);
  });

  it('handle_peerconn accept and reject', async () => {
    expect((await over(() => provider.peerings.accept(id, { wait: false }), {})).asked).toEqual([
      ['PUT', `/v1/peerconn/${LINK}?accept`],
    ]);
    expect((await over(() => provider.peerings.reject(id), {})).asked).toEqual([
      ['PUT', `/v1/peerconn/${LINK}?reject`],
    ]);
  });

  it('delete_peerconn', async () => {
    const { asked, back } = await over(() => provider.peerings.requestDelete(id), {});
    expect([asked, back]).toEqual([[['DELETE', `/v1/peerconn/${LINK}`]], 'started']);
  });

  it('resize_peerconn', async () => {
    const { asked } = await over(() => provider.peerings.update(id, { bandwidthMbps: 40 }, { wait: false }), {});
    expect(asked).toEqual([['PUT', `/v1/peerconn/${LINK}?resize`, { newBandwidthInMbps: 40 }]]);
  });

  it('purchase_reserved_peerconn, and the refund that is newer than the page', async () => {
    const api = provider.native(baiduPeerconn);
    const reservation = { reservationLength: 12, reservationTimeUnit: 'month' } as const;
    expect((await over(() => api?.renewPeerConn(LINK, { reservation }, { clientToken: 'r' }), {})).asked).toEqual([
      ['PUT', `/v1/peerconn/${LINK}?purchaseReserved&clientToken=r`, { billing: { reservation } }],
    ]);
    expect((await over(() => api?.refundPeerConn(LINK), {})).asked).toEqual([['PUT', `/v1/peerconn/${LINK}?refund`]]);
  });

  it('open_peerconn_dns_sync and close_peerconn_dns_sync, each for one side', async () => {
    expect((await over(() => provider.peerings.update(id, { dnsSync: true }, { wait: false }), {})).asked).toEqual([
      ['PUT', `/v1/peerconn/${LINK}?open&role=initiator`],
    ]);
    const { asked } = await over(
      () => provider.peerings.update(id, { dnsSync: false }, { wait: false, side: 'acceptor' }),
      {},
    );
    expect(asked).toEqual([['PUT', `/v1/peerconn/${LINK}?close&role=acceptor`]]);
  });

  it('update_peerconn_delete_protect', async () => {
    const { asked } = await over(() => provider.peerings.update(id, { deletionProtection: true }, { wait: false }), {});
    expect(asked).toEqual([['PUT', `/v1/peerconn/${LINK}/deleteProtect`, { deleteProtect: true }]]);
  });

  it.each([
    ['creating', 'provisioning', undefined],
    ['starting', 'provisioning', undefined],
    ['consulting', 'pending-acceptance', undefined],
    ['consult_failed', 'rejected', 'rejected-or-expired'],
    ['active', 'active', undefined],
    ['Active', 'active', undefined],
    ['updating', 'updating', undefined],
    ['stopping', 'inactive', undefined],
    ['down', 'inactive', undefined],
    ['expired', 'expired', 'term-ended'],
    ['error', 'failed', undefined],
    ['deleting', 'deleting', undefined],
  ])('status %s is %s', async (status, state, reason) => {
    const { back } = await over<Peering>(() => provider.peerings.get(id), { body: { ...DETAILED, status } });
    expect([back.state, back.reason, back.nativeState]).toEqual([state, reason, status]);
  });

  it('a tombstone is gone, and a word that no table knows is reported', async () => {
    stub.says({ body: { ...DETAILED, status: 'deleted' } });
    expect(await provider.peerings.find(id)).toBeUndefined();
    stub.says({ body: { ...DETAILED, status: 'meditating' } });
    await expect(provider.peerings.get(id)).rejects.toMatchObject({
      code: 'Unknown',
      message: expect.stringContaining('meditating'),
    });
    stub.says({ body: { ...DETAILED, dnsStatus: 'dreaming' } });
    await expect(provider.peerings.get(id)).rejects.toMatchObject({ code: 'Unknown' });
  });
});

describe('what one word of refusal means', () => {
  const id = peeringId(LINK);
  const denied: Said = { status: 409, body: { code: 'OperationDenied', message: 'no', requestId: 'r' } };
  const ours = { ...DETAILED, peerAccountId: ACCOUNT };

  it('accepting what is active already is success; anything else is not', async () => {
    const said = (status: string): Said => ({ body: { ...ACCEPTOR, status } });
    expect(
      (await over(() => provider.peerings.accept(id, { wait: false }), denied, said('active'))).asked,
    ).toHaveLength(2);
    stub.says(denied, said('consult_failed'));
    expect(await codeOf(provider.peerings.accept(id))).toBe('FailedPrecondition');
    stub.says(denied, said('creating'), {});
    await provider.peerings.accept(id, { wait: false }); // busy: again, and then it works
    expect(stub.asked).toHaveLength(3);
  });

  it('only the acceptor may accept or reject', async () => {
    for (const act of [() => provider.peerings.accept(id), () => provider.peerings.reject(id)]) {
      for (const refusal of [
        denied,
        { status: 404, body: { code: 'NoSuchObject' } },
        { status: 403, body: { code: 'AccessDenied' } },
      ]) {
        stub.says(refusal, {}, { body: { ...DETAILED, status: 'consulting' } });
        expect(await codeOf(act())).toBe('PermissionDenied');
      }
      stub.says({ status: 404, body: { code: 'NoSuchObject' } }, {});
      expect(await codeOf(act())).toBe('NotFound');
    }
  });

  it('a pair that is joined already is named', async () => {
    const request = {
      initiator: networkId(DETAILED.localVpcId),
      acceptor: { region: BJ, network: networkId(DETAILED.peerVpcId) },
    };
    stub.says(denied, { body: { peerConns: [{ ...DETAILED, status: 'consult_failed' }], isTruncated: false } });
    await expect(provider.peerings.request(request)).rejects.toMatchObject({
      code: 'AlreadyExists',
      details: { resource: LINK, nativeCode: 'OperationDenied' },
    });
    stub.says(denied, { body: { peerConns: [{ ...DETAILED, status: 'deleted' }], isTruncated: false } });
    expect(await codeOf(provider.peerings.request(request))).toBe('FailedPrecondition');
  });

  it('release: protected, busy, the other side only, or under way already', async () => {
    stub.says(denied, { body: ours });
    await expect(provider.peerings.requestDelete(id)).rejects.toMatchObject({
      code: 'FailedPrecondition',
      details: { remedy: expect.stringContaining('release protection') },
    });
    stub.says(denied, { body: { ...ours, status: 'updating', deleteProtect: false } }, {});
    expect(await provider.peerings.requestDelete(id)).toBe('started');
    stub.says(denied, { body: { ...ACCEPTOR, status: 'active' } });
    expect(await codeOf(provider.peerings.requestDelete(id, { side: 'acceptor' }))).toBe('PermissionDenied');
    stub.says(denied, { body: { ...ours, status: 'deleting' } });
    expect(await provider.peerings.requestDelete(id)).toBe('started');
    stub.says({ status: 404, body: { code: 'NoSuchObject' } });
    expect(await provider.peerings.requestDelete(id)).toBe('missing');
    expect(stub.asked).toHaveLength(1);
  });

  it('a switch that stands as wished is success', async () => {
    for (const dnsStatus of ['open', 'syncing', 'wait']) {
      stub.says(denied, { body: { ...ours, dnsStatus } });
      await provider.peerings.update(id, { dnsSync: true }, { wait: false });
    }
    stub.says(denied, { body: { ...ours, dnsStatus: 'closing' } }, {});
    await provider.peerings.update(id, { dnsSync: true }, { wait: false });
    expect(stub.asked).toHaveLength(3);
    stub.says(denied, { body: ours });
    await provider.peerings.update(id, { deletionProtection: true, bandwidthMbps: 1000 }, { wait: false });
  });

  it('waits until the switch has moved', async () => {
    const dns = (dnsStatus: string): Said => ({ body: { ...ours, dnsStatus } });
    stub.says({}, dns('wait'), dns('syncing'), dns('open'));
    await provider.peerings.update(id, { dnsSync: true });
    expect(stub.asked).toHaveLength(4);
  });
});

describe('accounts', () => {
  it('a stand-in for an unknown account is the same for the same key, and never sent', async () => {
    const make = async (accessKeyId: string) => {
      const { driver } = await rig(stub.endpoint, {
        credentials: { accessKeyId, accessKeySecret: 'secret' },
        account: undefined as never,
      });
      stub.says({
        body: { vpcs: [{ vpcId: 'vpc-1', name: 'web', cidr: '10.0.0.0/16', isDefault: false }], isTruncated: false },
      });
      const call = { signal: new AbortController().signal, admit: async () => () => undefined };
      const [network] = await driver.networks.get([networkId('vpc-1')], call);
      return { driver, account: network!.account, call };
    };
    const [one, same, other] = [await make('ak-1'), await make('ak-1'), await make('ak-2')];
    expect(one.account).toMatch(/^unknown-[0-9a-f]{8}$/);
    expect(same.account).toBe(one.account);
    expect(other.account).not.toBe(one.account);

    const input = { mechanism: 'peerconn', initiator: networkId('vpc-1'), tags: {}, clientToken: 't' };
    const toward = (account?: AccountId) => ({
      ...input,
      acceptor: { ...(account === undefined ? {} : { account }), region: BJ, network: networkId('vpc-2') },
    });
    stub.says({ body: { peerConnId: LINK } });
    // @ts-expect-error the compiler keeps it from where an account is named
    toward(other.account);
    expect(() => toward(accountId(other.account))).toThrow(
      expect.objectContaining({
        code: 'InvalidArgument',
        details: { remedy: expect.stringContaining('account:') },
      }),
    );
    expect(stub.asked).toHaveLength(0);
    await one.driver.peerings.create(toward(), one.call);
    expect(stub.asked[0]?.body).not.toHaveProperty('peerAccountId');
  });
});
