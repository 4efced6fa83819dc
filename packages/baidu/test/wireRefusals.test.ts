/** What stands behind a refusal, where the reading that should tell it says something else, or fails; and answers about what nobody asked for. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkId, peeringId, regionId, routeTableId, type Provider } from '@peerway/core';
import { baidu, baiduPeerconn } from '../src/index.js';
import { endpointOf } from '../src/wire/regions.js';
import { codeOf, collect } from './asking.js';
import { DENIED, GATEWAY, GONE, REFUSED } from './gatewaySamples.js';
import { rig, Stub, type Said } from './stub.js';
import { DETAILED, LINK, LISTED } from './vendorSamples.js';

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

const ID = peeringId(LINK);
const BROKEN: Said = { status: 503, body: '' };

describe('a refused change', () => {
  it('whose reason cannot be read is no deletion', async () => {
    const call = { signal: new AbortController().signal, admit: async () => () => undefined };
    const { driver } = await rig(stub.endpoint);
    stub.says(REFUSED, BROKEN);
    expect(await codeOf(driver.peerings.delete(ID, 'initiator', call))).toBe('Unavailable');
    stub.says(REFUSED, {}, {});
    expect(await codeOf(driver.peerings.delete(ID, 'initiator', call))).toBe('NotFound');
    await driver.close();
  });

  it('of a prepaid peering says what is left to do', async () => {
    stub.says(REFUSED, { body: { ...DETAILED, deleteProtect: false, paymentTiming: 'Prepaid' } });
    await expect(provider.peerings.requestDelete(ID)).rejects.toMatchObject({
      code: 'FailedPrecondition',
      details: { remedy: expect.stringContaining('prepaid') },
    });
  });

  it('a creation is a duplicate only of what joins the very two', async () => {
    const request = {
      initiator: networkId(DETAILED.localVpcId),
      acceptor: { region: regionId('bj'), network: networkId(DETAILED.peerVpcId) },
    };
    const others = [
      { ...DETAILED, peerVpcId: 'vpc-other' },
      { ...DETAILED, localVpcId: 'vpc-other' },
    ];
    stub.says(REFUSED, { body: { peerConns: others, isTruncated: false } });
    expect(await codeOf(provider.peerings.request(request))).toBe('FailedPrecondition');
    stub.says(
      REFUSED,
      { body: { peerConns: others, isTruncated: true, nextMarker: 'more' } },
      { body: { peerConns: [{ ...DETAILED, peerVpcId: DETAILED.localVpcId, localVpcId: DETAILED.peerVpcId }] } },
    );
    expect(await codeOf(provider.peerings.request(request))).toBe('AlreadyExists');
    stub.says(DENIED);
    expect(await codeOf(provider.peerings.request(request))).toBe('PermissionDenied');
    expect(stub.asked).toHaveLength(1);
  });

  it('codes mean the same in any case of letters', async () => {
    for (const code of ['nosuchobject', 'NOSUCHOBJECT', 'NoSuchObject']) {
      stub.says({ status: 404, body: { code } });
      expect(await provider.peerings.find(ID)).toBeUndefined();
    }
    stub.says({ status: 413, body: { code: 'quotalimitexceeded' } });
    expect(await codeOf(provider.peerings.accept(ID))).toBe('QuotaExceeded');
  });
});

describe('routes', () => {
  const [network, table] = [networkId('vpc-1'), routeTableId('rt-1')];
  const rule = (routeRuleId: string, nexthopId: string) => ({
    routeRuleId,
    routeTableId: 'rt-1',
    sourceAddress: '::/0',
    destinationAddress: '2001:db8::/48',
    nexthopType: 'dcGateway',
    nexthopId,
  });

  it('toward a gateway that is bound to nothing, or is not there, are dead; any source of IPv6 is none', async () => {
    stub.says(
      { body: { routeRules: [rule('rr-1', 'dcgw-1'), rule('rr-2', 'dcgw-2'), rule('rr-3', 'dcgw-3')] } },
      { body: { etGateways: [GATEWAY, { ...GATEWAY, etGatewayId: 'dcgw-2', etId: '' }], isTruncated: false } },
    );
    const routes = await collect(provider.routes.list(network, table));
    expect(routes.map(({ id, state, source }) => [id, state, source])).toEqual([
      ['rr-1', 'active', undefined],
      ['rr-2', 'blackhole', undefined],
      ['rr-3', 'blackhole', undefined],
    ]);
  });

  it('toward a peering in a state that nobody knows are not called dead', async () => {
    const toward = { ...rule('rr-1', 'qpif-1'), nexthopType: 'peerConn' };
    stub.says(
      { body: { routeRules: [toward] } },
      { body: { peerConns: [{ ...LISTED, localIfId: 'qpif-1', status: 'hovering' }], isTruncated: false } },
    );
    expect((await collect(provider.routes.list(network, table))).map(({ state }) => state)).toEqual(['active']);
  });

  it('a driver that is asked for one of IPv6 names any source of IPv6', async () => {
    const call = { signal: new AbortController().signal, admit: async () => () => undefined };
    const { driver } = await rig(stub.endpoint);
    stub.says({ body: { routeRuleId: 'rr-1' } });
    const nextHop = { kind: 'link', id: 'dcgw-1' } as const;
    await driver.routes.create(
      { network, table, destination: '2001:db8::/48' as never, nextHop, clientToken: 't' },
      call,
    );
    expect(stub.asked[0]?.body).toMatchObject({ sourceAddress: '::/0', destinationAddress: '2001:db8::/48' });
    await driver.close();
  });
});

describe('answers', () => {
  it('about networks that nobody asked for are left out by the driver', async () => {
    const call = { signal: new AbortController().signal, admit: async () => () => undefined };
    const { driver } = await rig(stub.endpoint);
    const vpc = { vpcId: 'vpc-1', name: 'web', cidr: '10.0.0.0/16' };
    stub.says({ body: { vpcs: [{ ...vpc, vpcId: 'vpc-stray' }, vpc], isTruncated: false } });
    const found = await driver.networks.get([networkId('vpc-1')], call);
    expect(found.map(({ id }) => id)).toEqual(['vpc-1']);
    await driver.close();
  });

  it('each region has an address of its own', () => {
    expect(['bj', 'gz', 'su'].map((region) => endpointOf(regionId(region), undefined))).toEqual([
      'https://bcc.bj.baidubce.com',
      'https://bcc.gz.baidubce.com',
      'https://bcc.su.baidubce.com',
    ]);
  });

  it('the escape hatch repeats a write with a token, and none without', async () => {
    const api = provider.native(baiduPeerconn);
    stub.says(BROKEN, {});
    await api?.updatePeerConnBandwidth(LINK, 20, { clientToken: 'once' });
    expect(stub.asked).toHaveLength(2);
    stub.says(BROKEN, {});
    expect(await codeOf(api?.updatePeerConnBandwidth(LINK, 20))).toBe('Unavailable');
    expect(stub.asked).toHaveLength(1);
  });
});

describe('settings', () => {
  const options = { settings: { paymentTiming: 'Prepaid', reservationMonths: 12 } } as const;

  it('a term goes out with the way of paying, and only the initiator’s reading differs in a name', async () => {
    stub.says({ body: { peerConnId: LINK } });
    await provider.peerings.request({
      initiator: networkId('vpc-1'),
      acceptor: { region: regionId('gz'), network: networkId('vpc-2') },
      ...options,
    });
    expect(stub.asked[0]?.body).toMatchObject({
      billing: { paymentTiming: 'Prepaid', reservation: { reservationLength: 12, reservationTimeUnit: 'month' } },
    });
    const names = async (role: string): Promise<string[]> => {
      stub.says({ body: { ...DETAILED, role, paymentTiming: 'Postpaid' } });
      const seen = await provider.peerings.get(ID, { side: role === 'acceptor' ? 'acceptor' : 'initiator' });
      const declared = { localInterfaceName: 'other', paymentTiming: 'Prepaid' };
      return provider.peerings.settingsDrift(seen, declared).map(({ name, change }) => `${name} ${change}`);
    };
    expect(await names('initiator')).toEqual(['localInterfaceName in-place', 'paymentTiming fixed']);
    expect(await names('acceptor')).toEqual([]);
    expect(baidu.id).toBe('baidu');
  });

  it('one that is gone is gone for a new name, too', async () => {
    stub.says(GONE);
    const update = { settings: { names: ['localInterfaceName'], values: { localInterfaceName: 'left' } } };
    expect(await codeOf(provider.peerings.update(ID, update, { wait: false }))).toBe('NotFound');
  });
});
