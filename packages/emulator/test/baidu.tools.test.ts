/** What the vendor's own tools send and expect, and no document says: requests as they send them, rules where no source decides. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { RuleValue } from '@peerway/emulator';
import {
  a,
  aBj,
  aGz,
  at,
  b,
  BAD,
  bBj,
  bGz,
  create,
  createBody,
  data,
  DENIED,
  emulator,
  emulatorPerTest,
  foreign,
  jobs,
  network,
  OK,
  outcome,
  raw,
  requested,
  sameAccount,
  settle,
  web,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';
import { act, crossAccount, far, see } from './baiduPeerconns.js';
import { peered, rule } from './baiduRoutes.js';

emulatorPerTest(12);

const FORBIDDEN = [403, 'AccessDenied'];
const FULL = [413, 'LimitExceeded'];
const set = (name: string, value: RuleValue): void => emulator.rules.set({ [name]: value });
const gateway = (change: Record<string, unknown> = {}): Promise<Answer> =>
  aBj.post('/v1/etGateway', { name: 'gw', vpcId: web.id, speed: 100, ...change });
const line = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj')!;
async function bound(change: Record<string, unknown> = {}): Promise<string> {
  const { etChannels } = (await aBj.get(`/v1/et/${line.id}/channel`)).body;
  const binding = { etId: line.id, channelId: etChannels[0]?.id };
  const { etGatewayId } = (await gateway({ ...binding, ...change })).body;
  settle();
  return etGatewayId;
}

describe('members as the SDKs send them', () => {
  const nat = { nexthopType: 'nat', nexthopId: 'nat-b', destinationAddress: '172.16.0.0/16' };

  it.each([4, '4', 'IPv4', null, true])(
    'takes ipVersion %j of a route rule: the Java SDK always sends a number',
    async (ipVersion) => {
      expect(outcome(await aBj.post('/v1/route/rule', rule({ ...nat, ipVersion })))).toEqual(OK);
    },
  );

  it('takes vpcSecondaryCidr as text, and ids of a health check that have no effect in any type', async () => {
    const subnet = { name: 's', zoneName: 'cn-bj-a', cidr: web.cidrs[0], vpcId: web.id };
    expect(outcome(await aBj.post('/v1/subnet', { ...subnet, vpcSecondaryCidr: '10.0.0.0/8' }))).toEqual(OK);
    const check = { healthCheckInterval: 3, healthThreshold: 2, unhealthThreshold: 2 };
    const path = `/v1/etGateway/${await bound()}/healthCheck`;
    expect(outcome(await aBj.post(path, { ...check, dcphyId: 4, subnetId: ['x'], channelId: '' }))).toEqual(OK);
  });

  it('takes the zero values of the Go SDK: an empty type beside a list of hops, empty addresses in an update', async () => {
    const hops = await Promise.all([
      bound(),
      bound({ vpcId: web.id, name: 'second', etId: undefined, channelId: undefined }),
    ]);
    const nextHopList = hops.map((nexthopId) => ({ nexthopId, nexthopType: 'dcGateway', pathType: 'ecmp' }));
    const multi = rule({ destinationAddress: '192.168.0.0/16', nexthopType: '', nexthopId: '', nextHopList });
    expect((await aBj.post('/v1/route/rule', multi)).body.routeRuleIds).toHaveLength(2);
    expect(outcome(await aBj.post('/v1/route/rule', rule({ ...nat, nexthopType: '' })))).toEqual([
      400,
      'InappropriateJSON',
    ]);
    expect(outcome(await aBj.post('/v1/route/rule', rule({ ...nat, nexthopType: 'x' })))).toEqual(BAD);

    const { routeRuleId } = (await aBj.post('/v1/route/rule', rule(nat))).body;
    const empty = { sourceAddress: '', destinationAddress: '', nexthopId: '', description: 'changed' };
    expect(outcome(await aBj.put(`/v1/route/rule/${routeRuleId}`, {}, empty))).toEqual(OK);
    const { routeRules } = (await aBj.get('/v1/route/rule', { routeTableId: web.routeTable })).body;
    expect(routeRules.at(-1)).toMatchObject({ ...nat, description: 'changed', sourceAddress: '0.0.0.0/0' });
  });
});

describe('signatures and keys', () => {
  /** A list of VPCs, signed with exactly these headers. */
  function signed(names: readonly string[]): Promise<Answer> {
    const date = new Date(emulator.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const { host } = new URL(emulator.baidu.endpoint('bj'));
    const headers: Record<string, string> = { host, 'x-bce-date': date };
    const prefix = `bce-auth-v1/${a.accessKeyId}/${date}/1800`;
    const key = createHmac('sha256', a.accessKeySecret).update(prefix).digest('hex');
    const lines = names.map((name) => `${name}:${encodeURIComponent(headers[name] ?? '')}`);
    const signature = createHmac('sha256', key)
      .update(`GET\n/v1/vpc\n\n${lines.join('\n')}`)
      .digest('hex');
    return raw('GET', '/v1/vpc', { ...headers, authorization: `${prefix}/${names.join(';')}/${signature}` });
  }

  it('refuses a list of signed headers without the host; by rule it passes', async () => {
    expect(outcome(await signed(['host', 'x-bce-date']))).toEqual(OK);
    const answer = await signed(['x-bce-date']);
    expect(outcome(answer)).toEqual([400, 'SignatureDoesNotMatch']);
    expect(answer.body.message).toContain('host');
    set('baidu.auth.unsignedHost', 'accept');
    expect(outcome(await signed(['x-bce-date']))).toEqual(OK);
  });

  it('refuses a made-up token beside a permanent key, in the header and in the query; by rule it is ignored', async () => {
    const made = { 'x-bce-security-token': 'made-up' };
    expect(outcome(await aBj.send('GET', '/v1/vpc', { headers: made }))).toEqual(FORBIDDEN);
    expect(outcome(await aBj.get('/v1/vpc', made))).toEqual(FORBIDDEN);
    expect(outcome(await aBj.get('/v1/vpc', { 'x-bce-security-token': '' }))).toEqual(OK);
    set('baidu.auth.tokenWithPermanentKey', 'ignore');
    expect(outcome(await aBj.send('GET', '/v1/vpc', { headers: made }))).toEqual(OK);
  });
});

describe('what each side of a peer connection is shown', () => {
  it('reads both roles with one side’s key only by rule, and never as a third account or from a third region', async () => {
    const id = await crossAccount();
    const roles = async (by: typeof aBj): Promise<readonly unknown[]> =>
      [await see(by, id, 'initiator'), await see(by, id, 'acceptor')].map(({ role }) => role);
    expect(await roles(aBj)).toEqual(['initiator', undefined]);
    set('baidu.peerconn.foreignRead', 'party-reads-both');
    expect([await roles(aBj), await roles(bBj)]).toEqual([
      ['initiator', 'acceptor'],
      ['initiator', 'acceptor'],
    ]);
    expect(await see(aBj, id, 'acceptor')).toMatchObject({
      localVpcId: foreign.id,
      peerVpcId: web.id,
      peerAccountId: a.id,
    });
    expect([await roles(aGz), await roles(bGz)]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    // without a role each still sees its own side, and lists hold one row
    expect((await aBj.get(at(id))).body.role).toBe('initiator');
    expect((await aBj.get('/v1/peerconn')).body.peerConns).toHaveLength(1);
    // reading is not acting
    expect(outcome(await aBj.put(at(id), { open: '', role: 'acceptor' }))).toEqual(FORBIDDEN);
  });

  it('names the acceptor’s interface, or by rule leaves it without a name', async () => {
    const id = await sameAccount();
    expect((await see(aBj, id, 'acceptor')).localIfName).toMatch(/^int-\w{8}$/);
    set('baidu.peerconn.peerInterfaceWithoutName', 'empty');
    const unnamed = await create(aBj, createBody(web, jobs));
    expect((await see(aBj, unnamed, 'acceptor')).localIfName).toBe('');
    expect((await see(aBj, unnamed, 'initiator')).localIfName).toMatch(/^int-/);
    expect((await see(bBj, await requested(), 'acceptor')).localIfName).toBe('');
    const named = await create(aBj, createBody(data, jobs, { peerIfName: 'right' }));
    expect((await see(aBj, named, 'acceptor')).localIfName).toBe('right');
  });

  it('copies the description to the acceptor inside one account, or by rule leaves it empty; across accounts it is empty', async () => {
    const description = 'ours';
    const view = async (id: string) => (await see(aBj, id, 'acceptor')) as unknown as { readonly description: string };
    expect((await view(await create(aBj, createBody(web, data, { description })))).description).toBe('ours');
    set('baidu.peerconn.acceptorDescription', 'empty');
    const id = await create(aBj, createBody(web, jobs, { description }));
    expect((await view(id)).description).toBe('');
    expect(await see(aBj, id, 'initiator')).toMatchObject({ description });
    const cross = await create(aBj, createBody(web, foreign, { description, peerAccountId: b.id }));
    expect(await see(bBj, cross, 'acceptor')).toMatchObject({ description: '' });
  });
});

describe('quotas of a user', () => {
  it('count the links of all regions, in whichever role, for who asks and for who accepts', async () => {
    set('baidu.peerconn.quotaPerAccount', 2);
    await create(aBj, createBody(web, far));
    await create(aGz, createBody(far, network('a', 'gz', 'jobs')));
    expect(outcome(await aBj.post('/v1/peerconn', createBody(data, jobs)))).toEqual(FULL);
    expect(outcome(await aGz.post('/v1/peerconn', createBody(network('a', 'gz', 'data'), jobs)))).toEqual(FULL);
    // b may ask twice, and a, which has no room, cannot accept
    const asked = await create(bBj, createBody(foreign, jobs, { peerAccountId: a.id }));
    const accept = await act(aBj, asked, 'accept');
    expect(outcome(accept)).toEqual(FULL);
    expect(accept.body.message).toContain('of the account');
    set('baidu.peerconn.quotaPerAccount', 3);
    expect(outcome(await act(aBj, asked, 'accept'))).toEqual(OK);
  });

  it('by rule count only what the user asked for', async () => {
    emulator.rules.set({ 'baidu.peerconn.quotaPerAccount': 1, 'baidu.peerconn.quotaPerAccountCounts': 'initiated' });
    const asked = await create(bBj, createBody(foreign, web, { peerAccountId: a.id }));
    expect(outcome(await act(aBj, asked, 'accept'))).toEqual(OK);
    await create(aBj, createBody(data, jobs));
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data)))).toEqual(FULL);
  });
});

describe('dedicated gateways', () => {
  it('are released while they are still being created, as acceptance tests do; by rule that is refused', async () => {
    const path = async () => `/v1/etGateway/${(await gateway()).body.etGatewayId}`;
    const first = await path();
    expect(outcome(await aBj.delete(first))).toEqual(OK);
    expect((await aBj.get(first)).body.status).toBe('deleting');
    expect(outcome(await aBj.delete(first))).toEqual(DENIED);
    settle();
    expect((await aBj.get(first)).status).toBe(404);
    set('baidu.etGateway.releaseWhileUpdating', 'refuse');
    const second = await path();
    expect(outcome(await aBj.delete(second))).toEqual(DENIED);
    settle();
    expect(outcome(await aBj.delete(second))).toEqual(OK);
  });

  it.each([
    ['keep', OK, 1],
    ['refuse', DENIED, 1],
    ['drop', OK, 0],
  ] as const)('are released with rules that point at them by their own rule: %s', async (position, expected, left) => {
    // the switch of peer connections says nothing about gateways
    emulator.rules.set({ 'baidu.route.onPeerconnRelease': 'drop', 'baidu.route.onGatewayRelease': position });
    const nexthopId = await bound();
    const leading = rule({ nexthopType: 'dcGateway', nexthopId, destinationAddress: '192.168.0.0/16' });
    await aBj.post('/v1/route/rule', leading);
    expect(outcome(await aBj.delete(`/v1/etGateway/${nexthopId}`))).toEqual(expected);
    settle();
    expect((await aBj.get('/v1/route', { vpcId: web.id })).body.routeRules).toHaveLength(left);
  });

  it('leave the switch of peer connections to those', async () => {
    emulator.rules.set({ 'baidu.route.onPeerconnRelease': 'refuse', 'baidu.route.onGatewayRelease': 'drop' });
    const { id, qpif } = await peered();
    await aBj.post('/v1/route/rule', rule({ nexthopId: qpif }));
    expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
  });

  it.each([
    ['IPv4', '0.0.0.0/0', '0.0.0.0/0'],
    ['IPv6', '::/0', '::/0'],
  ])('are what the %s default route leads to, once', async (_name, sourceAddress, destinationAddress) => {
    const nexthopId = await bound();
    const everything = rule({ nexthopType: 'dcGateway', nexthopId, sourceAddress, destinationAddress });
    expect(outcome(await aBj.post('/v1/route/rule', everything))).toEqual(OK);
    expect(outcome(await aBj.post('/v1/route/rule', everything))).toEqual([409, 'RouteRuleRepeated']);
    expect((await aBj.get('/v1/route', { vpcId: web.id })).body.routeRules).toMatchObject([{ destinationAddress }]);
  });

  it('are updated member by member; what belongs to the line only while they run on one', async () => {
    const id = await bound({ localCidrs: ['10.1.0.0/16'] });
    const path = `/v1/etGateway/${id}`;
    const put = async (change: Record<string, unknown>): Promise<unknown> => outcome(await aBj.put(path, {}, change));
    const shown = async (): Promise<unknown> => (await aBj.get(path)).body;
    for (const change of [
      { name: 'renamed' },
      { speed: 100_000 },
      { description: '' },
      { localCidrs: ['10.2.0.0/16', '10.3.0.0/16'] },
      { enableIpv6: 1, ipv6LocalCidrs: ['2001:db8::/32'] },
      { ipv6LocalCidrs: [] },
    ]) {
      const before = (await shown()) as Record<string, unknown>;
      expect([change, await put(change)]).toEqual([change, OK]);
      expect(await shown()).toEqual({ ...before, ...change });
    }
    for (const change of [
      { speed: 100_001 },
      { name: '' },
      { localCidrs: ['2001:db8::/32'] },
      { ipv6LocalCidrs: ['10.0.0.0/8'] },
    ]) {
      expect([change, await put(change)]).toEqual([change, BAD]);
    }
    await put({ ipv6LocalCidrs: ['2001:db8::/32'] });
    expect(await put({ enableIpv6: 0 })).toEqual(OK);
    expect(await shown()).toMatchObject({ enableIpv6: 0, ipv6LocalCidrs: [] });
    expect(await put({ ipv6LocalCidrs: ['2001:db8::/32'] })).toEqual(BAD);

    await aBj.put(path, { unbind: '' });
    for (const change of [{ localCidrs: [] }, { enableIpv6: 1 }, { ipv6LocalCidrs: [] }]) {
      expect([change, await put(change)]).toEqual([change, DENIED]);
    }
    expect(await put({ name: 'meanwhile', enableIpv6: 0 })).toEqual(OK);
    settle();
    expect(await put({ localCidrs: [] })).toEqual(DENIED);
  });
});
