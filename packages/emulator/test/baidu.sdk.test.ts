/** Outside witness: the vendor's JavaScript SDK drives the Baidu side, endpoint changed and nothing else. */
import { afterAll, beforeAll, describe, it, expect } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { a, b, createBody, network, sdk } from './baiduWire.js';
import type { Key } from './baiduWire.js';

const client = (emulator: Emulator, key: Key, region: string) =>
  new sdk.BceBaseClient(
    { credentials: { ak: key.accessKeyId, sk: key.accessKeySecret }, endpoint: emulator.baidu.endpoint(region) },
    'peerconn',
    true,
  );

describe('@baiducloud/sdk BceBaseClient', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await Emulator.start({ seed: 7 });
  });
  afterAll(async () => {
    expect(emulator.crashes).toEqual([]);
    await emulator.close();
  });

  it('creates, reads, accepts, lists, routes and releases a cross-account, cross-region peering', async () => {
    const mine = client(emulator, a, 'bj');
    const theirs = client(emulator, b, 'gz');
    const local = network('a', 'bj', 'web');
    const peer = network('b', 'gz', 'data');
    const { body: created, http_headers: headers } = await mine.sendRequest('POST', '/v1/peerconn', {
      params: { clientToken: 'be31b98c-5e41-4838-9830-9be700de5a20' },
      body: JSON.stringify(createBody(local, peer, { peerAccountId: b.id, description: 'héllo (中)' })),
    });
    const id = String(created['peerConnId']);
    expect(id).toMatch(/^peerconn-[0-9a-z]{12}$/);
    expect(headers['x-bce-request-id']).toMatch(/^[0-9a-f-]{36}$/);

    const path = `/v1/peerconn/${id}`;
    const view = async (who: typeof mine, role: string) =>
      (await who.sendRequest('GET', path, { params: { role } })).body;
    expect(await view(mine, 'initiator')).toMatchObject({ status: 'creating', description: 'héllo (中)' });
    emulator.clock.advance(60_000);
    expect(await view(mine, 'initiator')).toMatchObject({
      role: 'initiator',
      status: 'consulting',
      localVpcId: local.id,
    });
    expect(await view(theirs, 'acceptor')).toMatchObject({
      role: 'acceptor',
      status: 'consulting',
      localVpcId: peer.id,
      localRegion: 'gz',
      peerVpcId: local.id,
      peerRegion: 'bj',
      peerAccountId: a.id,
    });
    await theirs.sendRequest('PUT', path, { params: { accept: '', clientToken: 't-1' } });
    emulator.clock.advance(60_000);
    const [ours, other] = [await view(mine, 'initiator'), await view(theirs, 'acceptor')];
    expect([ours['status'], other['status']]).toEqual(['active', 'active']);

    const { body: list } = await theirs.sendRequest('GET', '/v1/peerconn', { params: { vpcId: peer.id, maxKeys: 10 } });
    expect(list).toMatchObject({ marker: id, isTruncated: false, maxKeys: 10, peerConns: [{ peerConnId: id }] });

    const { body: route } = await mine.sendRequest('POST', '/v1/route/rule', {
      params: { clientToken: 'rr-1' },
      body: JSON.stringify({
        routeTableId: local.routeTable,
        sourceAddress: '0.0.0.0/0',
        destinationAddress: peer.cidrs[0],
        nexthopType: 'peerConn',
        nexthopId: ours['localIfId'],
      }),
    });
    const rules = await mine.sendRequest('GET', '/v1/route/rule', { params: { routeTableId: local.routeTable } });
    expect(rules.body['routeRules']).toMatchObject([
      { routeRuleId: route['routeRuleId'], nexthopId: ours['localIfId'] },
    ]);
    const table = await mine.sendRequest('GET', '/v1/route', { params: { vpcId: local.id } });
    expect(table.body).toMatchObject({
      routeTableId: local.routeTable,
      routeRules: [{ routeRuleId: route['routeRuleId'] }],
    });
    await mine.sendRequest('DELETE', `/v1/route/rule/${String(route['routeRuleId'])}`);

    await mine.sendRequest('DELETE', path, { params: { clientToken: 't-2' } });
    expect(await view(mine, 'initiator')).toMatchObject({ status: 'deleting' });
    emulator.clock.advance(60_000);
    // a missing peer connection is 200 with an empty body: this SDK shows an empty object
    expect(await view(mine, 'initiator')).toEqual({});
    expect(await view(theirs, 'acceptor')).toEqual({});
  });

  it('lists and reads VPCs', async () => {
    const mine = client(emulator, a, 'gz');
    const { body } = await mine.sendRequest('GET', '/v1/vpc', { params: { maxKeys: 2 } });
    expect(body).toMatchObject({ isTruncated: true, maxKeys: 2, vpcs: [{ vpcId: network('a', 'gz', 'web').id }, {}] });
    const rest = await mine.sendRequest('GET', '/v1/vpc', { params: { marker: body['nextMarker'] } });
    expect(rest.body).toMatchObject({ isTruncated: false, vpcs: [{ vpcId: network('a', 'gz', 'jobs').id }] });
    expect(rest.body).not.toHaveProperty('nextMarker');
    const one = await mine.sendRequest('GET', `/v1/vpc/${network('a', 'gz', 'web').id}`);
    expect(one.body).toMatchObject({ vpc: { cidr: network('a', 'gz', 'web').cidrs[0], relay: false, subnets: [] } });
  });

  it('drives exactly the operations that the ledger says it drives', () => {
    const claimed = emulator
      .operations('baidu')
      .filter(({ description }) => description.evidence.clients.includes('@baiducloud/sdk'));
    const driven = new Set(emulator.requests.map(({ operation }) => operation));
    expect([...driven].sort()).toEqual(claimed.map(({ description }) => description.name).sort());
  });

  it.each([
    ['a wrong secret', { ...a, accessKeySecret: 'not-the-secret' }, 400, 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'nobody', accessKeySecret: 'x' }, 403, 'InvalidAccessKeyId'],
  ])('is refused with %s', async (_name, key, status, code) => {
    await expect(client(emulator, key, 'bj').sendRequest('GET', '/v1/vpc')).rejects.toMatchObject({
      status_code: status,
      code,
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
    });
  });
});
