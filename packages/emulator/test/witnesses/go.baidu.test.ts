/** Outside witness: bce-sdk-go drives the Baidu side, endpoint changed and nothing else, and its types are held against what is answered. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { data, far, web, worldOf } from './baiduWorld.js';
import { gateways, keys, links, networks, routes } from './baiduStory.js';
import { Story } from './story.js';
import { missing, program, Witness } from './witness.js';

const CLIENT = 'bce-sdk-go';
const why = missing('go', /\.go$/);
if (why !== undefined) process.stderr.write(`skipped: ${CLIENT} drives the emulator: ${why}\n`);

/** How many calls the whole story takes. A call that falls away must be missed. */
const CALLS = 97;

/**
 * Where the answer and the SDK's type differ, each with its source. `spelling`: encoding/json takes it all the same.
 */
const DIFFERENCES: readonly (readonly [difference: string, source: string])[] = [
  ['QueryDedicatedLines ets.id spelling text', 'the vendor’s request schema and its Python SDK say id'],
];

(why === undefined ? describe : describe.skip)(CLIENT, () => {
  let emulator: Emulator;
  let witness: Witness;
  let story: Story;
  beforeAll(async () => {
    emulator = await Emulator.start({ seed: 8, profile: 'instant' });
    witness = new Witness([program('go/witness')], worldOf(emulator), { account: 'a', endpoint: 'bj' });
    story = new Story(witness, 'bce');
  });
  afterAll(async () => {
    await witness.close();
    expect(emulator.crashes).toEqual([]);
    await emulator.close();
  });

  it('makes, changes, answers and releases links', () => links(story));
  it('makes, changes and deletes networks and subnets', () => networks(story));
  it('writes, changes and deletes routes', () => routes(story));
  it('makes, binds, changes and releases gateways', () => gateways(story));
  it('is refused with a wrong secret or a made-up token, and served with a temporary key', () => keys(story));

  it('does what only this SDK has functions for', async () => {
    const { does, isRefused } = story;
    const peer = { localVpcId: web.id, peerVpcId: data.id, peerRegion: 'bj', bandwidthInMbps: 10 };
    const guarded = { ...peer, billing: { paymentTiming: 'Postpaid' }, deleteProtect: true, clientToken: 'go-1' };
    const { peerConnId } = await does('CreatePeerConn', guarded);
    await isRefused([409, 'OperationDenied'], 'ReleasePeerConn', { peerConnId });
    await does('UpdatePeerConnDeleteProtect', { peerConnId, deleteProtect: false });
    await isRefused([409, 'OperationDenied'], 'RefundPeerConn', { peerConnId });
    await does('ReleasePeerConn', { peerConnId });
    // an SDK that decodes every answer cannot decode the empty one of a link that is gone
    await expect(story.call('GetPeerConn', { peerConnId, role: 'initiator' })).rejects.toThrow('GetPeerConn: EOF');

    const { peerConns } = (await does('ListPeerConn', { vpcId: far.id }, { endpoint: 'gz' })) as {
      readonly peerConns: readonly { readonly peerConnId: string }[];
    };
    await does('RefundPeerConn', { peerConnId: peerConns[0]?.peerConnId });

    await does('OpenVpcRelay', { vpcId: web.id });
    expect(await does('QuerySpecifiedVpc', { vpcId: web.id })).toMatchObject({ vpc: { relay: true } });
    await does('CloseVpcRelay', { vpcId: web.id });

    const hops: unknown[] = [];
    for (const name of ['one', 'two']) {
      hops.push(
        (await does('CreateDedicatedGateway', { name, vpcId: web.id, speed: 10, clientToken: name }))['etGatewayId'],
      );
    }
    const pair = hops.map((nexthopId, index) => ({
      nexthopId,
      nexthopType: 'dcGateway',
      pathType: index === 0 ? 'ha:active' : 'ha:standby',
    }));
    const ways = { routeTableId: web.routeTable, sourceAddress: '0.0.0.0/0', destinationAddress: '192.168.0.0/16' };
    const { routeRuleIds } = (await does('CreateRoutingRules', { ...ways, nextHopList: pair })) as {
      readonly routeRuleIds: readonly string[];
    };
    // its SwitchRoute leaves the flag out of the query, because the flag has no value: what arrives is an update
    await isRefused([409, 'OperationDenied'], 'ActiveStandbySwitchover', { routeRuleId: routeRuleIds[0] });
    expect(emulator.requests.at(-1)?.operation).toBe('UpdateRoutingRules');
    for (const routeRuleId of routeRuleIds) await does('DeleteRoutingRules', { routeRuleId });
    const secondary = { secondaryCidr: ['172.20.0.0/16'], name: 'with-secondary' };
    await does('UpdateVpc', { vpcId: web.id, ...secondary });
    const subnet = {
      name: 's',
      zoneName: 'cn-bj-a',
      vpcId: web.id,
      cidr: '172.20.1.0/24',
      vpcSecondaryCidr: '172.20.0.0/16',
    };
    await does('CreateSubnet', subnet);
  });

  it('finds in every answer only what its types have, but for what a source names', () => {
    expect(witness.differences).toEqual(DIFFERENCES.map(([difference]) => difference));
  });

  it('drives exactly the operations that the ledger says it drives, in as many calls as ever', () => {
    const claimed = emulator
      .operations('baidu')
      .filter(({ description }) => description.evidence.clients.includes(CLIENT));
    const driven = new Set(emulator.requests.map(({ operation }) => operation));
    expect([...driven].sort()).toEqual(claimed.map(({ description }) => description.name).sort());
    expect(witness.calls).toBe(CALLS);
  });
});
