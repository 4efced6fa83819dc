/** Outside witness: bce-java-sdk drives the Baidu side, endpoint changed and nothing else, and its types are held against what is answered. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { web, worldOf } from './baiduWorld.js';
import { gateways, keys, links, networks, routes } from './baiduStory.js';
import { Story } from './story.js';
import { missing, program, Witness } from './witness.js';

const CLIENT = 'bce-java-sdk';
const why = missing('java', /\.java$/);
if (why !== undefined) process.stderr.write(`skipped: ${CLIENT} drives the emulator: ${why}\n`);

/** How many calls the whole story takes. A call that falls away must be missed. */
const CALLS = 82;

/**
 * Where the answers and this SDK's types differ. What is `unknown` stands in the types of bce-sdk-go 0.9.278, which go.baidu
 * compares too: this SDK is the older one. Its models hold the speed of a gateway as text, and misspell one member.
 */
const DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  GetPeerConn: ['deleteProtect unknown boolean'],
  QueryDedicatedChannel: [
    'etChannels.bgpStatus unknown text',
    'etChannels.ipv6BgpStatus unknown text',
    'etChannels.tags unknown list',
  ],
  QueryDedicatedLineDetail: [
    'linkDelay unknown number',
    'tags unknown list',
    'userEmail unknown text',
    'userName unknown text',
    'userPhone unknown text',
  ],
  QueryDedicatedLines: [
    'ets.linkDelay unknown number',
    'ets.tags unknown list',
    'ets.userEmail unknown text',
    'ets.userName unknown text',
    'ets.userPhone unknown text',
  ],
  QueryRoutingRules: ['routeRules.pathType unknown text'],
  QueryRoutingTable: ['name unknown text'],
  QuerySpecifiedSubnet: ['subnet.availableIp unknown number', 'subnet.availableUnreservedIp unknown number'],
  QuerySpecifiedVpc: [
    'vpc.createdTime unknown text',
    'vpc.relay unknown boolean',
    'vpc.secondaryCidr unknown list',
    'vpc.tags unknown list',
  ],
  QuerySubnetList: ['subnets.availableIp unknown number', 'subnets.availableUnreservedIp unknown number'],
  QueryTheDetailsOfTheDedicatedGateway: ['healthCheckSourceIp unknown text', 'speed kind number', 'tags unknown list'],
  QueryTheListOfDedicatedLineGateways: ['etGateways.speed kind number', 'etGateways.tags unknown list'],
  QueryVpcList: ['vpcs.createdTime unknown text', 'vpcs.secondaryCidr unknown list', 'vpcs.tags unknown list'],
};

(why === undefined ? describe : describe.skip)(CLIENT, () => {
  let emulator: Emulator;
  let witness: Witness;
  let story: Story;
  beforeAll(async () => {
    emulator = await Emulator.start({ seed: 8, profile: 'instant' });
    const classpath = `${program('java/classes')}:${readFileSync(program('java/classpath.txt'), 'utf8').trim()}`;
    witness = new Witness(['java', '-cp', classpath, 'Witness'], worldOf(emulator), {
      account: 'a',
      endpoint: 'bj',
    });
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

  it('switches a route over, which the Go SDK does not manage to ask', async () => {
    const { does, isRefused } = story;
    const nat = {
      routeTableId: web.routeTable,
      sourceAddress: '0.0.0.0/0',
      nexthopType: 'nat',
      nexthopId: 'nat-b',
      description: 'd',
    };
    const { routeRuleId } = await does('CreateRoutingRules', { ...nat, destinationAddress: '172.16.0.0/16' });
    // a number, where the documents have a text; sent always
    expect(emulator.requests.at(-1)?.params['ipVersion']).toBe(4);
    await isRefused([409, 'OperationDenied'], 'ActiveStandbySwitchover', { routeRuleId });
    await does('DeleteRoutingRules', { routeRuleId });
  });

  it('takes the empty body of a link that is gone for an answer without members', async () => {
    const gone = { peerConnId: 'peerconn-000000000000', role: 'initiator' };
    expect(await story.call('GetPeerConn', gone)).toEqual({ ok: true });
  });

  it('finds in every answer only what its types have, but for what newer SDKs have added', () => {
    const listed = Object.entries(DIFFERENCES).flatMap(([name, found]) => found.map((one) => `${name} ${one}`));
    expect(witness.differences).toEqual(listed);
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
