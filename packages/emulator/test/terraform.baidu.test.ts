/**
 * What the baiducloud provider of Terraform and OpenTofu asks of the cloud for these resources, replayed call by call: reads after
 * create, table reads, tag calls, EOF when gone.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { baiduRequest } from '../bench/_signers.mjs';
import { at, nameOf, send } from './terraformWire.js';
import type { Body } from './terraformWire.js';

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start({ seed: 11 });
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

describe('baiducloud (docs/facts/baidu.md 6.1)', () => {
  const { a, b } = DEFAULT_WORLD.baidu.accounts;
  const web = nameOf('baidu', 'a', 'bj', 'web');
  const data = nameOf('baidu', 'a', 'bj', 'data');
  const foreign = nameOf('baidu', 'b', 'bj', 'web');
  let tokens = 0;

  const call = (
    method: string,
    path: string,
    query: Record<string, string> = {},
    body?: unknown,
    key: typeof a | typeof b = a,
  ) => {
    const endpoint = emulator.baidu.endpoint('bj');
    const clientToken: Record<string, string> =
      method === 'POST' && query['clientToken'] === undefined ? { clientToken: `tf-${String((tokens += 1))}` } : {};
    const signed = baiduRequest(key, new URL(endpoint).host, method, path, {
      query: { ...query, ...clientToken }, at: emulator.clock.now(), ...(body === undefined ? {} : { body }),
    }); // prettier-ignore
    return send(endpoint, signed);
  };
  const at1 = (id: unknown) => `/v1/peerconn/${String(id)}`;

  /** First look after ten seconds, then every three; both roles are read from one endpoint, and EOF means deleted. */
  async function wait(id: unknown, pending: readonly unknown[], target: readonly unknown[]): Promise<unknown> {
    for (let step = 10_000, waited = 0; waited < 600_000; waited += step, step = 3_000) {
      emulator.clock.advance(step);
      const initiator = await call('GET', at1(id), { role: 'initiator' });
      await call('GET', at1(id), { role: 'acceptor' });
      const state = initiator.status === 200 && initiator.text === '' ? 'deleted' : initiator.body['status'];
      if (target.includes(state)) return state;
      expect(pending).toContain(state);
    }
    throw new Error(`still not ${String(target)}`);
  }

  it('baiducloud_peer_conn, _acceptor and baiducloud_route_rule', async () => {
    const body = {
      bandwidthInMbps: 10,
      localVpcId: web.id,
      peerVpcId: foreign.id,
      peerRegion: 'bj',
      peerAccountId: b.id,
      billing: { paymentTiming: 'Postpaid' },
    };
    emulator.faults.add({ kind: 'error', cloud: 'baidu', operation: 'CreatePeerConn', calls: 1, status: 500 });
    const token = { clientToken: 'terraform-1' };
    expect(await call('POST', '/v1/peerconn', token, body)).toMatchObject({ status: 500, code: 'InternalError' });
    const id = (await call('POST', '/v1/peerconn', token, body)).body['peerConnId'];
    expect(await wait(id, ['creating', 'starting'], ['active', 'consulting'])).toBe('consulting');
    // the acceptor reads its role, accepts only what is consulting, and does not wait
    expect((await call('GET', at1(id), { role: 'acceptor' }, undefined, b)).body['status']).toBe('consulting');
    expect((await call('PUT', at1(id), { accept: '' }, undefined, b)).status).toBe(200);
    await wait(id, ['consulting', 'starting'], ['active']);
    const { localIfId } = (await call('GET', at1(id), { role: 'initiator' })).body;
    expect((await call('PUT', at1(id), {}, { localIfId, localIfName: 'tf', description: 'tf' })).status).toBe(200);
    await wait(id, ['updating'], ['active', 'consulting']);
    expect((await call('PUT', at1(id), { resize: '' }, { newBandwidthInMbps: 20 })).status).toBe(200);
    await wait(id, ['updating'], ['active', 'consulting']);
    for (const [flag, pending, target] of [
      ['open', ['wait', 'syncing', 'close'], 'open'],
      ['close', ['open', 'closing'], 'close'],
    ] as const) {
      expect((await call('PUT', at1(id), { [flag]: '', role: 'initiator' })).status).toBe(200);
      let state: unknown;
      do {
        emulator.clock.advance(3_000);
        state = (await call('GET', at1(id), { role: 'initiator' })).body['dnsStatus'];
        expect([...pending, target]).toContain(state);
      } while (state !== target);
    }
    // the route resource looks through the table before it creates, and reads the whole table back
    const rules = async () =>
      (await call('GET', '/v1/route', { routeTableId: web.routeTable })).body['routeRules'] as Body[];
    expect(await rules()).toEqual([]);
    const { routeRuleId } = (await call('POST', '/v1/route/rule', {}, {
      routeTableId: web.routeTable, sourceAddress: '0.0.0.0/0', destinationAddress: foreign.cidrs[0], nexthopType: 'peerConn', nexthopId: localIfId, description: '',
    })).body; // prettier-ignore
    expect(await rules()).toMatchObject([{ routeRuleId, nexthopId: localIfId }]);
    expect((await call('DELETE', `/v1/route/rule/${String(routeRuleId)}`)).status).toBe(200);
    expect((await call('DELETE', at1(id))).status).toBe(200);
    expect(await wait(id, ['deleting', 'consulting', 'consult_failed', 'active'], ['deleted'])).toBe('deleted');
    // EOF: what the Go SDK's decoder says of this answer, and the provider takes for gone
    expect(await call('GET', at1(id), { role: 'initiator' })).toMatchObject({ status: 200, text: '' });
  });

  it('baiducloud_vpc and baiducloud_subnet wait for their dependents while they are deleted', async () => {
    const made = await call('POST', '/v1/vpc', {}, { name: 'tf', cidr: '192.168.0.0/16', description: '' });
    const vpcId = String(made.body['vpcId']);
    expect(at((await call('GET', `/v1/vpc/${vpcId}`)).body, 'vpc.cidr')).toBe('192.168.0.0/16');
    expect((await call('GET', '/v1/route', { vpcId })).body['routeTableId']).toMatch(/^rt-/);
    const { subnetId } = (
      await call(
        'POST',
        '/v1/subnet',
        {},
        { name: 'tf', zoneName: 'cn-bj-a', cidr: '192.168.1.0/24', vpcId, subnetType: 'BCC' },
      )
    ).body;
    expect(at((await call('GET', `/v1/subnet/${String(subnetId)}`)).body, 'subnet.vpcId')).toBe(vpcId);
    expect((await call('DELETE', `/v1/vpc/${vpcId}`)).code).toBe('ResourceNeedRelease');
    expect((await call('DELETE', `/v1/subnet/${String(subnetId)}`)).status).toBe(200);
    expect((await call('DELETE', `/v1/vpc/${vpcId}`)).status).toBe(200);
    expect(await call('GET', `/v1/vpc/${vpcId}`)).toMatchObject({ status: 404, code: 'NoSuchObject' });
  });

  it('baiducloud_et_gateway and its association, whose destroy deletes the gateway', async () => {
    const line = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj');
    const channels = (await call('GET', `/v1/et/${line?.id ?? ''}/channel`)).body['etChannels'] as Body[];
    const { etGatewayId } = (await call('POST', '/v1/etGateway', {}, { name: 'tf', vpcId: data.id, speed: 100 })).body;
    const gateway = `/v1/etGateway/${String(etGatewayId)}`;
    emulator.clock.advance(10_000);
    expect(
      (
        await call(
          'PUT',
          gateway,
          { bind: '' },
          { etId: line?.id, channelId: channels[0]?.['id'], localCidrs: [data.cidrs[0]] },
        )
      ).status,
    ).toBe(200);
    emulator.clock.advance(10_000);
    expect((await call('GET', gateway)).body).toMatchObject({ etId: line?.id, status: 'running' });
    const removal = await call('DELETE', gateway);
    if (removal.status !== 200) {
      expect((await call('PUT', gateway, { unbind: '' })).status).toBe(200);
      emulator.clock.advance(10_000);
      expect((await call('DELETE', gateway)).status).toBe(200);
    }
    emulator.clock.advance(10_000);
    expect((await call('GET', gateway)).code).toBe('NoSuchObject');
  });
});
