/** How the position of every Baidu rule shows from outside. */
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { Emulator } from '@peerway/emulator';
import { baiduRequest } from '../bench/_signers.mjs';
import { at, named, none, off, on, says, send } from './ruleProbes.js';
import type { Answer, Look, Probe } from './ruleProbes.js';

type Body = Record<string, unknown>;
const { a, b } = DEFAULT_WORLD.baidu.accounts;
const web = named('baidu', 'a', 'bj', 'web');
const data = named('baidu', 'a', 'bj', 'data');
const far = named('baidu', 'a', 'gz', 'web');
const foreign = named('baidu', 'b', 'bj', 'web');
const LINE = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj')!.id;
const DAY = 86_400_000;

interface As {
  readonly key?: { readonly accessKeyId: string; readonly accessKeySecret: string };
  readonly region?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  /** Epoch milliseconds to sign with. */
  readonly at?: number;
}
let tokens = 0;
function call(e: Emulator, method: string, path: string, as: As = {}): Promise<Answer> {
  const endpoint = e.baidu.endpoint(as.region ?? 'bj');
  const token: Record<string, string> = method === 'POST' ? { clientToken: `p-${String((tokens += 1))}` } : {};
  const signed = baiduRequest(as.key ?? a, new URL(endpoint).host, method, path, {
    query: { ...token, ...as.query }, at: as.at ?? e.clock.now(), ...(as.body === undefined ? {} : { body: as.body }),
  }); // prettier-ignore
  return send(endpoint, signed);
}
const get = (e: Emulator, path: string, query: Record<string, string> = {}, as: As = {}) =>
  call(e, 'GET', path, { ...as, query });
const put = (e: Emulator, path: string, query: Record<string, string> = {}, body?: unknown, as: As = {}) =>
  call(e, 'PUT', path, { ...as, query, body });
const link = (id: string): string => `/v1/peerconn/${id}`;
const post = (e: Emulator, path: string, body: unknown, as: As = {}) => call(e, 'POST', path, { ...as, body });

const create = (e: Emulator, to: { id: string; region: string; account: string } = data, more: Body = {}, as: As = {}) =>
  post(e, '/v1/peerconn', {
    bandwidthInMbps: 10, localVpcId: web.id, peerVpcId: to.id, peerRegion: to.region, billing: { paymentTiming: 'Postpaid' },
    ...(to.account === 'b' ? { peerAccountId: b.id } : {}), ...more,
  }, as); // prettier-ignore
const made = async (e: Emulator, to?: Parameters<typeof create>[1], more?: Body): Promise<string> =>
  String((await create(e, to, more)).body['peerConnId']);
const settled = async (e: Emulator, to?: Parameters<typeof create>[1], more?: Body): Promise<string> => {
  const id = await made(e, to, more);
  e.clock.advance(60_000);
  return id;
};
const read = async (e: Emulator, id: string, role = 'initiator', as: As = {}): Promise<Body> =>
  (await get(e, link(id), { role }, as)).body;
const member = async (e: Emulator, id: string, name: string): Promise<unknown> => (await read(e, id))[name];
const prepaid = {
  billing: { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } },
};
const route = (e: Emulator, more: Body = {}) =>
  post(e, '/v1/route/rule', {
    routeTableId: web.routeTable, sourceAddress: '0.0.0.0/0', destinationAddress: '172.16.0.0/16', nexthopType: 'nat',
    nexthopId: 'nat-bxxxxxxxxxxx', description: '', ...more,
  }); // prettier-ignore
const subnet = (e: Emulator) =>
  post(e, '/v1/subnet', { name: 's', zoneName: 'cn-bj-a', cidr: web.cidrs[0], vpcId: web.id, subnetType: 'BCC' });
const newVpc = (e: Emulator, more: Body = {}, as: As = {}) =>
  post(e, '/v1/vpc', { name: 'v', cidr: '192.168.0.0/16', ...more }, as);
const gateway = (e: Emulator) => post(e, '/v1/etGateway', { name: 'g', vpcId: web.id, speed: 10 });
const sampled = async (look: () => Promise<unknown>): Promise<unknown> => {
  const found = new Set<unknown>();
  for (let index = 0; index < 16; index += 1) found.add(await look());
  return [...found].sort();
};
const plain: Look = (e) => says(create(e));
export const BAIDU_PROBES: Readonly<Record<string, Probe>> = {
  'baidu.auth.accountState': { other: 'unqualified', look: (e) => says(get(e, '/v1/vpc')) },
  'baidu.clientToken.lifetimeMs': { other: 1_000, look: async (e) => {
    await create(e, data, {}, { query: { clientToken: 't' } });
    e.clock.advance(60_000);
    return says(create(e, data, {}, { query: { clientToken: 't' } }));
  } },
  'baidu.clientToken.demanded': off((e) => says(create(e, data, {}, { query: { clientToken: '' } }))),
  'baidu.peerconn.missingRead': { other: 'not-found', look: (e) => says(get(e, link('peerconn-000000000000'))) },
  'baidu.peerconn.readWithoutRole': { other: 'initiator', look: async (e) => {
    const id = await settled(e);
    return sampled(async () => (await get(e, link(id))).body['role']);
  } },
  'baidu.peerconn.bandwidthField': { other: 'bandwithInMbp', look: async (e) => Object.keys(await read(e, await settled(e))).sort() },
  'baidu.peerconn.postpaidExpiredTime': { other: 'empty', look: async (e) => member(e, await settled(e), 'expiredTime') },
  'baidu.peerconn.listHasTagsAndProtection': on(async (e) => {
    await settled(e);
    return Object.keys(at((await get(e, '/v1/peerconn')).body, 'peerConns.0') as object);
  }),
  'baidu.peerconn.requestLifetimeMs': { other: 3_600_000, look: async (e) => {
    const id = await settled(e, foreign);
    e.clock.advance(2 * 3_600_000);
    return member(e, id, 'status');
  } },
  'baidu.peerconn.quotaPerVpc': none(plain),
  'baidu.peerconn.quotaPerAccount': none(plain),
  'baidu.peerconn.quotaPerAccountCounts': { other: 'initiated', base: { 'baidu.peerconn.quotaPerAccount': 1 }, look: async (e) => {
    await post(e, '/v1/peerconn', { bandwidthInMbps: 10, localVpcId: foreign.id, peerVpcId: web.id, peerRegion: 'bj', peerAccountId: a.id, billing: { paymentTiming: 'Postpaid' } }, { key: b });
    return says(create(e));
  } },
  'baidu.quota.code': { other: 'QuotaLimitExceeded', look: plain, base: { 'baidu.peerconn.quotaPerVpc': 0 } },
  'baidu.peerconn.overdueAfterMs': { other: 3_600_000, look: async (e) => {
    const id = await settled(e);
    e.clock.advance(DAY);
    return member(e, id, 'status');
  } },
  'baidu.peerconn.showsStarting': off(async (e) => {
    const id = await made(e);
    const seen = new Set<unknown>();
    for (let step = 0; step < 40; step += 1) {
      seen.add(await member(e, id, 'status'));
      e.clock.advance(500);
    }
    return [...seen];
  }),
  'baidu.peerconn.showsUpdating': { other: 'never', look: async (e) => {
    const id = await settled(e);
    await put(e, link(id), { resize: '' }, { newBandwidthInMbps: 20 });
    return member(e, id, 'status');
  } },
  'baidu.peerconn.releaseWhenDownOrError': { other: false, base: { 'baidu.peerconn.provisioningFails': true }, look: async (e) => says(call(e, 'DELETE', link(await settled(e)))) },
  'baidu.peerconn.missingWriteCode': { other: 'OperationDenied', look: (e) => says(call(e, 'DELETE', link('peerconn-000000000000'))) },
  'baidu.peerconn.protectionBlocksRefund': off(async (e) => {
    const id = await settled(e, far, prepaid);
    await put(e, `${link(id)}/deleteProtect`, {}, { deleteProtect: true });
    return says(put(e, link(id), { refund: '' }));
  }),
  'baidu.peerconn.crossBorder': { other: 'none', look: async (e) => {
    const { id } = e.world.network({ cloud: 'baidu', account: a.id, region: 'hkg', cidrs: ['10.99.0.0/16'] });
    return says(put(e, link(await settled(e, { id, region: 'hkg', account: 'a' }, prepaid)), { refund: '' }));
  } },
  'baidu.vpc.quotaPerRegion': { other: 3, look: (e) => says(newVpc(e)) },
  'baidu.vpc.secondaryCidrs': none((e) => says(put(e, `/v1/vpc/${web.id}`, { modifyAttribute: '' }, { name: 'n', secondaryCidr: ['172.20.0.0/16'] }))),
  'baidu.subnet.quotaPerVpc': none((e) => says(subnet(e))),
  'baidu.vpc.notEmptyCode': { other: 'NotAllowDeleteVpc', look: async (e) => {
    await subnet(e);
    return says(call(e, 'DELETE', `/v1/vpc/${web.id}`));
  } },
  'baidu.subnet.inUseCode': { other: 'SUBNET_INUSE', look: async (e) => {
    const { subnetId } = (await subnet(e)).body;
    await route(e, { sourceAddress: web.cidrs[0] });
    return says(call(e, 'DELETE', `/v1/subnet/${String(subnetId)}`));
  } },
  'baidu.vpc.relayPeersExcludeEachOther': off(async (e) => {
    await settled(e);
    await put(e, `/v1/vpc/openRelay/${web.id}`);
    return says(put(e, `/v1/vpc/openRelay/${data.id}`));
  }),
  'baidu.route.quotaPerTable': none((e) => says(route(e))),
  'baidu.route.quotaCode': { other: 'RouteRuleExceedQuota', look: (e) => says(route(e)), base: { 'baidu.route.quotaPerTable': 0 } },
  'baidu.route.targetsNotEmulated': { other: 'refuse', look: (e) => says(route(e)) },
  'baidu.etGateway.secondHealthCheck': { other: 'refuse', look: async (e) => {
    const channelId = at((await get(e, `/v1/et/${LINE}/channel`)).body, 'etChannels.0.id');
    const bound = { etId: LINE, channelId, localCidrs: [web.cidrs[0]] };
    const { etGatewayId } = (await post(e, '/v1/etGateway', { name: 'gw', vpcId: web.id, speed: 100, ...bound })).body;
    e.clock.advance(60_000);
    const check = () =>
      post(e, `/v1/etGateway/${String(etGatewayId)}/healthCheck`, { healthCheckInterval: 3, healthThreshold: 3, unhealthThreshold: 3 });
    return [await says(check()), await says(check())];
  } },
  'baidu.et.linesVisibleInEveryRegion': off((e) => says(get(e, `/v1/et/${LINE}`, {}, { region: 'gz' }))),
  'baidu.etGateway.quotaPerVpc': none((e) => says(gateway(e))),
}; // prettier-ignore
