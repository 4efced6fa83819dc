/**
 * Every operation on the wire: what is sent, against the vendor's pages (facts: baidu.md section 3), and what is made
 * of the answers that its documents print. The eleven functions of the vendor's Python page on peering connections come
 * first, by its names.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accountId,
  linkId,
  nativeOf,
  networkId,
  parseCidr,
  peeringId,
  portId,
  PeerwayError,
  regionId,
  routeTableId,
  type Peering,
  type Provider,
} from '@peerway/core';
import {
  baiduEt,
  baiduEtGateway,
  baiduPeerconn,
  baiduPeerconnRecord,
  baiduRoute,
  baiduVpc,
  UNBOUND_PORT,
} from '../src/index.js';
import { ACCOUNT, NOW, rig, Stub, type Said } from './stub.js';

let stub: Stub;
let provider: Provider;
beforeAll(async () => {
  stub = await Stub.start();
  ({ provider } = await rig(stub.endpoint));
});
afterAll(async () => {
  await provider.close();
  await stub.close();
});

const LINK = 'peerconn-9td54fmx143e';
const PARTNER = '75c14a239bb24b9e88b695e8e9e47952';
const BJ = regionId('bj');

/** As the vendor's page prints the list, with its own spelling of the bandwidth. */
const LISTED = {
  peerConnId: LINK,
  role: 'initiator',
  status: 'active',
  bandwithInMbp: 500,
  description: 'peer_diff_account',
  localIfId: 'qpif-ken2yc9j8x56',
  localIfName: 'int-SpLVk25R',
  localVpcId: 'vpc-13vuxu016dew',
  localRegion: 'bj',
  peerVpcId: 'vpc-jcvmhw9h1a35',
  peerRegion: 'bj',
  peerAccountId: PARTNER,
  dnsStatus: 'close',
  paymentTiming: 'Postpaid',
  createdTime: '2018-08-07 19:46:55',
  expiredTime: null,
};
/** As it prints the answer for one link, whose VPC ids are of the old form. */
const DETAILED = {
  peerConnId: 'peerconn-cbp4xrtzk3fb',
  role: 'initiator',
  status: 'active',
  bandwithInMbp: 1000,
  description: 'mypeerconn',
  localIfId: 'qpif-qz9a61ujsizt',
  localIfName: 'dsds',
  localVpcId: '20fada00-f66e-40de-bed4-954af13dc0b2',
  localRegion: 'bj',
  peerVpcId: '1aa1427d-92cf-45d0-bc31-ab4d9fe71425',
  peerRegion: 'bj',
  peerAccountId: PARTNER,
  createdTime: '2018-08-03 20:38:43',
  expiredTime: null,
  dnsStatus: 'close',
  paymentTiming: 'Postpaid',
  tags: [{ tagKey: 'tagKey', tagValue: 'tagValue' }],
  deleteProtect: true,
};
const ACCEPTOR = { ...DETAILED, role: 'acceptor', status: 'consulting', localIfId: 'qpif-acceptor0000' };

/** Answers with `said`, runs, and gives what was asked beside what came back. */
async function over<T>(work: () => Promise<T> | undefined, ...said: Said[]): Promise<{ asked: unknown[]; back: T }> {
  stub.says(...said);
  const back = (await work()) as T;
  return {
    asked: stub.asked.map(({ method, url, body }) => [method, url, ...(body === undefined ? [] : [body])]),
    back,
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing thrown',
    (error: unknown) => (error instanceof PeerwayError ? error.code : String(error)),
  );

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
      id: 'peerconn-cbp4xrtzk3fb',
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
      details: { resource: 'peerconn-cbp4xrtzk3fb', nativeCode: 'OperationDenied' },
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
    expect(await provider.peerings.requestDelete(id)).toBe('gone');
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
      const call = { signal: new AbortController().signal, begin: () => () => undefined };
      const [network] = await driver.networks.get([networkId('vpc-1')], call);
      return { driver, account: network!.account, call };
    };
    const [one, same, other] = [await make('ak-1'), await make('ak-1'), await make('ak-2')];
    expect(one.account).toMatch(/^unknown-[0-9a-f]{8}$/);
    expect(same.account).toBe(one.account);
    expect(other.account).not.toBe(one.account);

    const input = { mechanism: 'peerconn', initiator: networkId('vpc-1'), tags: {}, clientToken: 't' };
    const toward = (account: string) => ({
      ...input,
      acceptor: { account: accountId(account), region: BJ, network: networkId('vpc-2') },
    });
    stub.says({ body: { peerConnId: LINK } });
    await expect(one.driver.peerings.create(toward(other.account), one.call)).rejects.toMatchObject({
      code: 'InvalidArgument',
      details: { remedy: expect.stringContaining('account:') },
    });
    expect(stub.asked).toHaveLength(0);
    await one.driver.peerings.create(toward(one.account), one.call);
    expect(stub.asked[0]?.body).not.toHaveProperty('peerAccountId');
  });
});

describe('networks', () => {
  const web = {
    vpcId: 'vpc-1',
    name: 'web',
    cidr: '10.0.0.0/16',
    secondaryCidr: ['10.9.0.0/16'],
    ipv6Cidr: '2400:DA00::/56',
    relay: true,
  };
  const data = { vpcId: 'vpc-2', name: 'data', cidr: '10.1.0.0/16', secondaryCidr: [], ipv6Cidr: '' };

  it('are read many at a time, missing ones left out', async () => {
    const { asked, back } = await over(
      () => provider.networks.getMany([networkId('vpc-2'), networkId('vpc-1'), networkId('vpc-3')]),
      { body: { vpcs: [web, data, { ...data, vpcId: 'vpc-stray' }], isTruncated: false } },
    );
    expect(asked).toEqual([['GET', '/v1/vpc?vpcIds=vpc-2%2Cvpc-1%2Cvpc-3&maxKeys=1000']]);
    expect(back).toEqual([
      {
        provider: 'baidu',
        account: ACCOUNT,
        region: 'bj',
        id: 'vpc-2',
        name: 'data',
        cidrs: ['10.1.0.0/16'],
        state: 'active',
        nativeState: '',
      },
      {
        provider: 'baidu',
        account: ACCOUNT,
        region: 'bj',
        id: 'vpc-1',
        name: 'web',
        state: 'active',
        nativeState: '',
        cidrs: ['10.0.0.0/16', '10.9.0.0/16', '2400:da00::/56'],
        transit: true,
      },
    ]);
  });

  it('are asked for one by one where one unknown id spoils the answer', async () => {
    const missing: Said = { status: 404, body: { code: 'NoSuchObject' } };
    const { asked, back } = await over(
      () => provider.networks.getMany([networkId('vpc-3'), networkId('vpc-2')]),
      missing,
      missing,
      { body: { vpcs: [data] } },
    );
    expect(asked).toHaveLength(3);
    expect(back.map(({ id }) => id)).toEqual(['vpc-2']);
  });

  it('VPC, subnet and relay calls', async () => {
    const api = provider.native(baiduVpc)!;
    const vpc = { name: 'web', cidr: '10.0.0.0/16' };
    const subnet = { name: 's', zoneName: 'cn-bj-a', cidr: '10.0.1.0/24', vpcId: 'vpc-1' };
    const record = { ...subnet, subnetId: 'sbn-1' };
    expect(await over(() => api.createVpc(vpc, { clientToken: 'v' }), { body: { vpcId: 'vpc-1' } })).toEqual({
      asked: [['POST', '/v1/vpc?clientToken=v', vpc]],
      back: { vpcId: 'vpc-1' },
    });
    expect(await over(() => api.querySpecifiedVpc('vpc-1'), { body: { vpc: web } })).toEqual({
      asked: [['GET', '/v1/vpc/vpc-1']],
      back: web,
    });
    expect((await over(() => api.updateVpc('vpc-1', { name: 'n', secondaryCidr: [] }), {})).asked).toEqual([
      ['PUT', '/v1/vpc/vpc-1?modifyAttribute', { name: 'n', secondaryCidr: [] }],
    ]);
    expect((await over(() => api.deleteVpc('vpc-1'), {})).asked).toEqual([['DELETE', '/v1/vpc/vpc-1']]);
    expect((await over(() => api.openVpcRelay('vpc-1'), {})).asked).toEqual([['PUT', '/v1/vpc/openRelay/vpc-1']]);
    expect((await over(() => api.closeVpcRelay('vpc-1'), {})).asked).toEqual([['PUT', '/v1/vpc/shutdownRelay/vpc-1']]);
    expect((await over(() => api.createSubnet(subnet), { body: { subnetId: 'sbn-1' } })).asked).toEqual([
      ['POST', '/v1/subnet', subnet],
    ]);
    expect(await over(() => api.querySubnetList({ vpcId: 'vpc-1' }), { body: { subnets: [record] } })).toEqual({
      asked: [['GET', '/v1/subnet?vpcId=vpc-1']],
      back: { items: [record] },
    });
    expect((await over(() => api.querySpecifiedSubnet('sbn-1'), { body: { subnet: record } })).back).toEqual(record);
    expect((await over(() => api.updateSubnet('sbn-1', { name: 'n' }), {})).asked).toEqual([
      ['PUT', '/v1/subnet/sbn-1?modifyAttribute', { name: 'n' }],
    ]);
    expect((await over(() => api.deleteSubnet('sbn-1'), {})).asked).toEqual([['DELETE', '/v1/subnet/sbn-1']]);
    expect(await codeOf(over(() => api.querySpecifiedVpc('vpc-9'), {}))).toBe('NotFound');
  });
});

describe('routes', () => {
  const network = networkId('vpc-1');
  const table = routeTableId('rt-1');
  const rule = {
    routeRuleId: 'rr-1',
    routeTableId: 'rt-1',
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '10.1.0.0/16',
    nexthopType: 'peerConn',
    nexthopId: 'qpif-live',
    description: 'peerway stack=s',
  };
  const rules = [
    { routeTableId: 'rt-1', sourceAddress: '0.0.0.0/0', destinationAddress: '10.0.0.0/16', nexthopType: 'local' },
    rule,
    { ...rule, routeRuleId: 'rr-2', sourceAddress: '10.0.1.0/24', nexthopId: 'qpif-dead', description: null },
    { ...rule, routeRuleId: 'rr-3', destinationAddress: '10.7.0.0/16', nexthopId: 'qpif-refused' },
    { ...rule, routeRuleId: 'rr-4', destinationAddress: '0.0.0.0/0', nexthopType: 'nat', nexthopId: 'nat-1' },
  ];
  const side = (localIfId: string, status: string) => ({ ...LISTED, localIfId, status });
  const peerings: Said = { body: { peerConns: [side('qpif-live', 'active'), side('qpif-refused', 'consult_failed')] } };

  it('a table comes with its rules, and those that lead nowhere are told', async () => {
    const { asked, back } = await over(
      () => provider.routes.tables(network),
      { body: { name: 'default', routeTableId: 'rt-1', vpcId: 'vpc-1', routeRules: rules } },
      peerings,
    );
    expect(asked).toEqual([
      ['GET', '/v1/route?vpcId=vpc-1'],
      ['GET', '/v1/peerconn?vpcId=vpc-1&maxKeys=1000'],
    ]);
    expect(back).toMatchObject([{ id: 'rt-1', network: 'vpc-1', kind: 'main', name: 'default' }]);
    expect(
      back[0]?.routes?.map(({ id, source, destination, nextHop, state, origin }) => [
        id,
        source,
        destination,
        nextHop.kind,
        state,
        origin,
      ]),
    ).toEqual([
      [undefined, undefined, '10.0.0.0/16', 'other', 'active', 'system'],
      ['rr-1', undefined, '10.1.0.0/16', 'peering', 'active', 'custom'],
      ['rr-2', '10.0.1.0/24', '10.1.0.0/16', 'peering', 'blackhole', 'custom'],
      ['rr-3', undefined, '10.7.0.0/16', 'peering', 'blackhole', 'custom'],
      ['rr-4', undefined, '0.0.0.0/0', 'other', 'active', 'custom'],
    ]);
  });

  it('are listed in pages; without rules toward a peering one request is enough', async () => {
    const { asked, back } = await over(
      () => collect(provider.routes.list(network, table)),
      { body: { routeRules: [rules[0]], isTruncated: true, nextMarker: 'rr-4' } },
      { body: { routeRules: [rules[4]], isTruncated: false } },
    );
    expect(asked).toEqual([
      ['GET', '/v1/route/rule?routeTableId=rt-1&maxKeys=1000'],
      ['GET', '/v1/route/rule?routeTableId=rt-1&marker=rr-4&maxKeys=1000'],
    ]);
    expect(back).toHaveLength(2);
  });

  it('are made with any source where none is given, and the token in the query', async () => {
    const request = {
      network,
      table,
      destination: parseCidr('10.1.0.0/16'),
      nextHop: { kind: 'peering', id: 'qpif-1' } as const,
    };
    const { asked } = await over(
      () => provider.routes.create({ ...request, description: 'peerway stack=s' }, { wait: false }),
      { body: { routeRuleId: 'rr-1' } },
    );
    expect(asked).toEqual([
      [
        'POST',
        expect.stringMatching(/^\/v1\/route\/rule\?clientToken=[0-9a-f-]{36}$/),
        {
          routeTableId: 'rt-1',
          sourceAddress: '0.0.0.0/0',
          destinationAddress: '10.1.0.0/16',
          nexthopType: 'peerConn',
          nexthopId: 'qpif-1',
          description: 'peerway stack=s',
        },
      ],
    ]);
    await over(
      () =>
        provider.routes.create(
          { ...request, source: parseCidr('10.0.1.0/24'), nextHop: { kind: 'link', id: 'dcgw-1' } },
          { wait: false },
        ),
      { body: { routeRuleId: 'rr-2' } },
    );
    expect(stub.asked[0]?.body).toMatchObject({
      sourceAddress: '10.0.1.0/24',
      nexthopType: 'dcGateway',
      nexthopId: 'dcgw-1',
    });
    await over(() => provider.routes.create({ ...request, nextHop: { kind: 'other', id: 'i-1' } }, { wait: false }), {
      body: { routeRuleId: 'rr-3' },
    });
    expect(stub.asked[0]?.body).toMatchObject({ nexthopType: 'custom', nexthopId: 'i-1' });
  });

  it("the peering's own id as next hop, the classic mistake, never goes out", async () => {
    stub.says({ body: { routeRuleId: 'rr-1' } });
    for (const nextHop of [
      { kind: 'peering', id: LINK },
      { kind: 'link', id: 'qpif-1' },
      { kind: 'other', id: 'eip-1' },
      { kind: 'other', id: 'x' },
    ] as const) {
      expect(
        await codeOf(provider.routes.create({ network, table, destination: parseCidr('10.1.0.0/16'), nextHop })),
      ).toBe('InvalidArgument');
    }
    expect(stub.asked).toHaveLength(0);
  });

  it("are deleted by the id of the rule; the cloud's own are not", async () => {
    const ref = {
      table,
      network,
      destination: parseCidr('10.1.0.0/16'),
      nextHop: { kind: 'peering', id: 'qpif-live' } as const,
    };
    const listing: Said = { body: { routeRules: rules, isTruncated: false } };
    expect(
      (await over(() => provider.routes.delete({ ...ref, id: 'rr-1' as never }, { wait: false }), {})).asked,
    ).toEqual([['DELETE', '/v1/route/rule/rr-1']]);
    expect(
      (await over(() => provider.routes.delete(ref, { wait: false }), listing, peerings, {})).asked.at(-1),
    ).toEqual(['DELETE', '/v1/route/rule/rr-1']);
    stub.says(listing, peerings);
    expect(await codeOf(provider.routes.delete({ ...ref, destination: parseCidr('10.0.0.0/16') }))).toBe(
      'PermissionDenied',
    );
    stub.says(
      { status: 400, body: { code: 'BadRequest' } },
      { body: { routeRules: [{ ...rules[0], routeRuleId: 'rr-0' }] } },
    );
    expect(await codeOf(provider.routes.delete({ ...ref, id: 'rr-0' as never }))).toBe('PermissionDenied');
    stub.says({ status: 404, body: { code: 'NoSuchObject' } });
    await provider.routes.delete({ ...ref, id: 'rr-9' as never }, { wait: false }); // gone already
  });

  it('update, several next hops and the exchange of active and standing-by', async () => {
    const api = provider.native(baiduRoute)!;
    expect((await over(() => api.updateRoutingRule('rr-1', { nexthopId: 'qpif-2' }), {})).asked).toEqual([
      ['PUT', '/v1/route/rule/rr-1', { nexthopId: 'qpif-2' }],
    ]);
    const input = {
      routeTableId: 'rt-1',
      sourceAddress: '0.0.0.0/0',
      destinationAddress: '192.168.0.0/16',
      nextHopList: [
        { nexthopId: 'dcgw-1', nexthopType: 'dcGateway', pathType: 'ha:active' },
        { nexthopId: 'dcgw-2', nexthopType: 'dcGateway', pathType: 'ha:standby' },
      ],
    } as const;
    expect(await over(() => api.createRoutingRule(input), { body: { routeRuleIds: ['rr-1', 'rr-2'] } })).toEqual({
      asked: [['POST', '/v1/route/rule', input]],
      back: { routeRuleIds: ['rr-1', 'rr-2'] },
    });
    expect((await over(() => api.switchRouteHa('rr-1', { clientToken: 's' }), {})).asked).toEqual([
      ['PUT', '/v1/route/rule/rr-1?switchRouteHA&clientToken=s'],
    ]);
  });
});

describe('links', () => {
  const port = portId('dcphy-1');
  const channel = {
    id: 'dedicatedconn-1',
    name: 'c',
    status: 'established',
    vlanId: 30,
    baiduAddress: '10.255.0.1/30',
    customerAddress: '10.255.0.2/30',
  };
  const channels: Said = { body: { etChannels: [{ ...channel, id: 'dedicatedconn-0', vlanId: 29 }, channel] } };
  const vpc: Said = {
    body: {
      vpcs: [
        { vpcId: 'vpc-1', name: 'web', cidr: '10.0.0.0/16', secondaryCidr: ['10.9.0.0/16'], ipv6Cidr: '2400::/56' },
      ],
    },
  };
  const gateway = {
    etGatewayId: 'dcgw-1',
    name: 'idc',
    status: 'running',
    speed: 200,
    createTime: '2026-01-01T00:00:00Z',
    description: 'd',
    vpcId: 'vpc-1',
    etId: 'dcphy-1',
    channelId: 'dedicatedconn-1',
    localCidrs: ['10.0.0.0/16'],
    tags: [{ tagKey: 'k', tagValue: 'v' }],
  };
  const unbound = { ...gateway, etId: '', channelId: '' };
  const request = {
    network: networkId('vpc-1'),
    port,
    vlan: 30,
    cloudIp: '10.255.0.1/30',
    customerIp: '10.255.0.2',
    name: 'idc',
  };
  const id = linkId('dcgw-1');
  const LINKED = {
    provider: 'baidu',
    id: 'dcgw-1',
    name: 'idc',
    description: 'd',
    account: ACCOUNT,
    region: 'bj',
    network: 'vpc-1',
    port: 'dcphy-1',
    vlan: 30,
    cloudIp: '10.255.0.1/30',
    customerIp: '10.255.0.2',
    bandwidthMbps: 200,
    state: 'active',
    nativeState: 'running',
    nextHop: { kind: 'link', id: 'dcgw-1' },
    createdAt: new Date(NOW),
    tags: { k: 'v' },
  };

  it('are made on the channel that the line has for the VLAN', async () => {
    const { asked, back } = await over(
      () =>
        provider.links.create({ ...request, bandwidthMbps: 200, tags: { k: 'v' }, description: 'd', clientToken: 't' }),
      channels,
      vpc,
      { body: { etGatewayId: 'dcgw-1' } },
      { body: gateway },
      channels,
    );
    expect(asked).toEqual([
      ['GET', '/v1/et/dcphy-1/channel'],
      ['GET', '/v1/vpc?vpcIds=vpc-1'],
      [
        'POST',
        '/v1/etGateway?clientToken=t',
        {
          name: 'idc',
          vpcId: 'vpc-1',
          speed: 200,
          etId: 'dcphy-1',
          channelId: 'dedicatedconn-1',
          localCidrs: ['10.0.0.0/16', '10.9.0.0/16'],
          description: 'd',
          tags: [{ tagKey: 'k', tagValue: 'v' }],
        },
      ],
      ['GET', '/v1/etGateway/dcgw-1'],
      ['GET', '/v1/et/dcphy-1/channel?etChannelId=dedicatedconn-1'],
    ]);
    expect(back).toEqual(LINKED);
  });

  it('are refused before anything is made when the channel is not as asked', async () => {
    const refused = async (changes: object, said: Said = channels) => {
      stub.says(said, vpc, { body: { etGatewayId: 'dcgw-1' } });
      const code = await codeOf(provider.links.request({ ...request, ...changes }));
      expect(stub.asked.every(({ method }) => method === 'GET')).toBe(true);
      return code;
    };
    expect(await refused({ vlan: 31 })).toBe('NotFound');
    expect(await refused({ cloudIp: '10.255.0.5/30' })).toBe('InvalidArgument');
    expect(await refused({ customerIp: '10.255.0.6' })).toBe('InvalidArgument');
    expect(await refused({}, { body: { etChannels: [{ ...channel, status: 'ack-wait' }] } })).toBe(
      'FailedPrecondition',
    );
    expect(await refused({ vlan: 4_010 })).toBe('InvalidArgument');
    expect(await refused({ bandwidthMbps: 1 })).toBe('InvalidArgument');
  });

  it('a used channel is named', async () => {
    stub.says(channels, vpc, { status: 409, body: { code: 'OperationDenied' } }, { body: { etGateways: [gateway] } });
    await expect(provider.links.request(request)).rejects.toMatchObject({
      code: 'AlreadyExists',
      details: { resource: 'dcgw-1' },
    });
    stub.says(channels, vpc, { status: 409, body: { code: 'OperationDenied' } }, { body: { etGateways: [] } });
    expect(await codeOf(provider.links.request(request))).toBe('FailedPrecondition');
  });

  it('a gateway that is bound to nothing waits for us', async () => {
    const { asked } = await over(
      () => provider.links.settle(id, request),
      { body: unbound },
      channels,
      vpc,
      {},
      { body: gateway },
      channels,
    );
    expect(asked[3]).toEqual([
      'PUT',
      '/v1/etGateway/dcgw-1?bind',
      { etId: 'dcphy-1', channelId: 'dedicatedconn-1', localCidrs: ['10.0.0.0/16', '10.9.0.0/16'] },
    ]);
    const { back } = await over(() => provider.links.get(id), { body: unbound });
    expect(back).toMatchObject({
      state: 'provisioning',
      reason: 'half-made',
      next: 'continue',
      port: UNBOUND_PORT,
      vlan: 0,
    });
  });

  it('are listed by network, or over every network; by port', async () => {
    const list: Said = {
      body: { etGateways: [gateway, { ...gateway, etGatewayId: 'dcgw-2', etId: 'dcphy-2' }], isTruncated: false },
    };
    const one = await over(() => collect(provider.links.list({ network: networkId('vpc-1'), port })), list, channels);
    expect(one.asked).toEqual([
      ['GET', '/v1/etGateway?vpcId=vpc-1&maxKeys=1000'],
      ['GET', '/v1/et/dcphy-1/channel'],
    ]);
    expect(one.back).toEqual([LINKED]);
    const vpcs: Said = {
      body: {
        vpcs: [
          { vpcId: 'vpc-1', name: 'a', cidr: '10.0.0.0/16' },
          { vpcId: 'vpc-2', name: 'b', cidr: '10.1.0.0/16' },
        ],
      },
    };
    const all = await over(
      () => collect(provider.links.list()),
      vpcs,
      { body: { etGateways: [gateway] } },
      { body: { etGateways: [] } },
      channels,
    );
    expect(all.asked.map((asked) => (asked as string[])[1])).toEqual([
      '/v1/vpc?maxKeys=1000',
      '/v1/etGateway?vpcId=vpc-1&maxKeys=1000',
      '/v1/etGateway?vpcId=vpc-2&maxKeys=1000',
      '/v1/et/dcphy-1/channel',
    ]);
    expect(all.back).toEqual([LINKED]);
  });

  it('are unbound, then released', async () => {
    const { asked } = await over(
      () => provider.links.delete(id),
      { body: gateway },
      {},
      { body: unbound },
      { body: unbound },
      {},
      { status: 404, body: { code: 'NoSuchObject' } },
    );
    expect(asked.map((line) => (line as string[]).slice(0, 2).join(' '))).toEqual([
      'GET /v1/etGateway/dcgw-1',
      'PUT /v1/etGateway/dcgw-1?unbind',
      'GET /v1/etGateway/dcgw-1',
      'GET /v1/etGateway/dcgw-1',
      'DELETE /v1/etGateway/dcgw-1',
      'GET /v1/etGateway/dcgw-1',
    ]);
  });

  it('update, health check, and looks at lines', async () => {
    const api = provider.native(baiduEtGateway)!;
    expect((await over(() => api.updateEtGateway('dcgw-1', { speed: 300 }), {})).asked).toEqual([
      ['PUT', '/v1/etGateway/dcgw-1', { speed: 300 }],
    ]);
    const check = { healthCheckInterval: 3, healthThreshold: 2, unhealthThreshold: 2 };
    expect((await over(() => api.createHealthCheck('dcgw-1', check, { clientToken: 'h' }), {})).asked).toEqual([
      ['POST', '/v1/etGateway/dcgw-1/healthCheck?clientToken=h', check],
    ]);
    const line = { id: 'dcphy-1', name: 'line', status: 'established' };
    expect(
      (await over(() => provider.native(baiduEt)!.listEt({ status: 'established' }), { body: { ets: [line] } })).back,
    ).toEqual({ items: [line] });
    expect((await over(() => provider.native(baiduEt)!.getEt('dcphy-1'), { body: line })).asked).toEqual([
      ['GET', '/v1/et/dcphy-1'],
    ]);
  });
});
