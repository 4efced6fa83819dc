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
const peerRoute = async (e: Emulator, id: string) =>
  route(e, { nexthopType: 'peerConn', nexthopId: await member(e, id, 'localIfId') });
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
/** Signed a while ago, with the emulator's clock moved on so that the machine's time does not help. */
const signedAt =
  (offset: number): Look =>
  (e) => {
    e.clock.advance(5 * DAY);
    return says(get(e, '/v1/vpc', {}, { at: e.clock.now() + offset }));
  };

export const BAIDU_PROBES: Readonly<Record<string, Probe>> = {
  'baidu.auth.futureToleranceMs': { other: 2 * 3_600_000, look: signedAt(1_200_000) },
  'baidu.auth.futureCode': { other: 'RequestTimeTooSkewed', look: signedAt(1_200_000) },
  'baidu.auth.negativeExpirationIsForever': on(async (e) => {
    const { createHmac } = await import('node:crypto');
    e.clock.advance(5 * DAY);
    const { host } = new URL(e.baidu.endpoint('bj'));
    const prefix = `bce-auth-v1/${a.accessKeyId}/${new Date(e.clock.now() - DAY).toISOString().slice(0, 19)}Z/-1`;
    const key = createHmac('sha256', a.accessKeySecret).update(prefix).digest('hex');
    const signature = createHmac('sha256', key).update(`GET\n/v1/vpc\n\nhost:${encodeURIComponent(host)}`).digest('hex');
    return says(send(e.baidu.endpoint('bj'), { method: 'GET', path: '/v1/vpc', headers: { authorization: `${prefix}/host/${signature}` }, body: '' }));
  }),
  'baidu.auth.unsignedHost': { other: 'accept', look: async (e) => {
    const { createHmac } = await import('node:crypto');
    const date = new Date(e.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const prefix = `bce-auth-v1/${a.accessKeyId}/${date}/1800`;
    const key = createHmac('sha256', a.accessKeySecret).update(prefix).digest('hex');
    const signature = createHmac('sha256', key).update(`GET\n/v1/vpc\n\nx-bce-date:${encodeURIComponent(date)}`).digest('hex');
    const headers = { 'x-bce-date': date, authorization: `${prefix}/x-bce-date/${signature}` };
    return says(send(e.baidu.endpoint('bj'), { method: 'GET', path: '/v1/vpc', headers, body: '' }));
  } },
  'baidu.auth.tokenWithPermanentKey': { other: 'ignore', look: (e) => says(get(e, '/v1/vpc', { 'x-bce-security-token': 'made-up' })) },
  'baidu.auth.accountState': { other: 'unqualified', look: (e) => says(get(e, '/v1/vpc')) },
  'baidu.clientToken.lifetimeMs': { other: 1_000, look: async (e) => {
    await create(e, data, {}, { query: { clientToken: 't' } });
    e.clock.advance(60_000);
    return says(create(e, data, {}, { query: { clientToken: 't' } }));
  } },
  'baidu.clientToken.scope': { other: 'account', look: async (e) => {
    await newVpc(e, {}, { query: { clientToken: 't' } });
    return says(newVpc(e, { name: 'other' }, { region: 'gz', query: { clientToken: 't' } }));
  } },
  'baidu.clientToken.remembersRefusals': on(async (e) => {
    await create(e, web, {}, { query: { clientToken: 't' } });
    return says(create(e, data, {}, { query: { clientToken: 't' } }));
  }),
  'baidu.clientToken.demanded': off((e) => says(create(e, data, {}, { query: { clientToken: '' } }))),
  'baidu.list.unknownMarker': { other: 'empty', look: (e) => says(get(e, '/v1/vpc', { marker: 'nothing' })) },
  'baidu.list.maxKeysOutOfRange': { other: 'clamp', look: (e) => says(get(e, '/v1/vpc', { maxKeys: '5000' })) },
  'baidu.list.unknownVpc': { other: 'not-found', look: (e) => says(get(e, '/v1/peerconn', { vpcId: 'vpc-0' })) },
  'baidu.request.unknownQuery': { other: 'refuse', look: (e) => says(get(e, '/v1/vpc', { colour: 'red' })) },
  'baidu.peerconn.missingRead': { other: 'not-found', look: (e) => says(get(e, link('peerconn-000000000000'))) },
  'baidu.peerconn.foreignRead': { other: 'access-denied', look: async (e) => says(get(e, link(await settled(e)), {}, { key: b })) },
  'baidu.peerconn.foreignWrite': { other: 'not-found', look: async (e) => says(call(e, 'DELETE', link(await settled(e)), { key: b })) },
  'baidu.peerconn.readWithoutRole': { other: 'initiator', look: async (e) => {
    const id = await settled(e);
    return sampled(async () => (await get(e, link(id))).body['role']);
  } },
  'baidu.peerconn.listRows': { other: 'once', look: async (e) => {
    await settled(e);
    return at((await get(e, '/v1/peerconn')).body, 'peerConns.length');
  } },
  'baidu.peerconn.acceptorViewAfterFailure': { other: 'gone', look: async (e) => {
    const id = await settled(e, foreign);
    await put(e, link(id), { reject: '' }, undefined, { key: b });
    e.clock.advance(60_000);
    return says(get(e, link(id), { role: 'acceptor' }, { key: b }));
  } },
  'baidu.peerconn.deletedTombstone': on(async (e) => {
    const id = await settled(e);
    await call(e, 'DELETE', link(id));
    e.clock.advance(10_000);
    return says(get(e, link(id)));
  }),
  'baidu.peerconn.bandwidthField': { other: 'bandwithInMbp', look: async (e) => Object.keys(await read(e, await settled(e))).sort() },
  'baidu.peerconn.bandwidthType': { other: 'string', look: async (e) => typeof (await member(e, await settled(e), 'bandwidthInMbps')) },
  'baidu.peerconn.timeZone': { other: 'UTC', look: async (e) => {
    const shown = String(await member(e, await settled(e), 'createdTime'));
    return Math.round((Date.parse(`${shown.replace(' ', 'T').replace(/Z?$/, 'Z')}`) - e.clock.now()) / 3_600_000);
  } },
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
  'baidu.peerconn.minimumBandwidthMbps': { other: 11, look: plain },
  'baidu.peerconn.maximumBandwidthMbps': { other: 9, look: plain },
  'baidu.peerconn.longestDescription': { other: 3, look: (e) => says(create(e, data, { description: 'four' })) },
  'baidu.peerconn.longestInterfaceName': { other: 2, look: (e) => says(create(e, data, { localIfName: 'abc' })) },
  'baidu.peerconn.ownPeerAccountId': { other: 'refuse', look: (e) => says(create(e, data, { peerAccountId: a.id })) },
  'baidu.peerconn.peerIfNameAcrossAccounts': { other: 'ignore', look: (e) => says(create(e, foreign, { peerIfName: 'theirs' })) },
  'baidu.peerconn.peerInterfaceWithoutName': { other: 'empty', look: async (e) => (await read(e, await settled(e), 'acceptor'))['localIfName'] === '' },
  'baidu.peerconn.acceptorDescription': { other: 'empty', look: async (e) => (await read(e, await settled(e, data, { description: 'ours' }), 'acceptor'))['description'] },
  'baidu.peerconn.provisioningFails': on(async (e) => member(e, await settled(e), 'status')),
  'baidu.peerconn.overdueAfterMs': { other: 3_600_000, look: async (e) => {
    const id = await settled(e);
    e.clock.advance(DAY);
    return member(e, id, 'status');
  } },
  'baidu.peerconn.refuseOverlappingCidrs': on((e) => {
    const { id } = e.world.network({ cloud: 'baidu', account: a.id, region: 'bj', cidrs: web.cidrs });
    return says(create(e, { id, region: 'bj', account: 'a' }));
  }),
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
  'baidu.peerconn.resizeWhileConsulting': on(async (e) => says(put(e, link(await settled(e, foreign)), { resize: '' }, { newBandwidthInMbps: 20 }))),
  'baidu.peerconn.releaseWhenDownOrError': { other: false, base: { 'baidu.peerconn.provisioningFails': true }, look: async (e) => says(call(e, 'DELETE', link(await settled(e)))) },
  'baidu.peerconn.protectedCode': { other: 'AccessDenied', look: async (e) => {
    const id = await settled(e);
    await put(e, `${link(id)}/deleteProtect`, {}, { deleteProtect: true });
    return says(call(e, 'DELETE', link(id)));
  } },
  'baidu.peerconn.wrongSideCode': { other: 'AccessDenied', look: async (e) => {
    const id = await settled(e, foreign);
    await put(e, link(id), { accept: '' }, undefined, { key: b });
    e.clock.advance(60_000);
    return says(call(e, 'DELETE', link(id), { key: b }));
  } },
  'baidu.peerconn.missingWriteCode': { other: 'OperationDenied', look: (e) => says(call(e, 'DELETE', link('peerconn-000000000000'))) },
  'baidu.peerconn.twoActionFlags': { other: 'first', look: async (e) => says(put(e, link(await settled(e, foreign)), { accept: '', reject: '' }, undefined, { key: b })) },
  'baidu.peerconn.dnsRepeat': { other: 'succeed', look: async (e) => {
    const id = await settled(e);
    await put(e, link(id), { open: '', role: 'initiator' });
    e.clock.advance(60_000);
    return says(put(e, link(id), { open: '', role: 'initiator' }));
  } },
  'baidu.peerconn.dnsShowsWait': off(async (e) => {
    const id = await settled(e);
    await put(e, link(id), { open: '', role: 'initiator' });
    return member(e, id, 'dnsStatus');
  }),
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
  'baidu.cidr.hostBits': { other: 'clear', look: (e) => says(newVpc(e, { cidr: '192.168.0.1/16' })) },
  'baidu.vpc.relayPeersExcludeEachOther': off(async (e) => {
    await settled(e);
    await put(e, `/v1/vpc/openRelay/${web.id}`);
    return says(put(e, `/v1/vpc/openRelay/${data.id}`));
  }),
  'baidu.route.quotaPerTable': none((e) => says(route(e))),
  'baidu.route.quotaCode': { other: 'RouteRuleExceedQuota', look: (e) => says(route(e)), base: { 'baidu.route.quotaPerTable': 0 } },
  'baidu.route.showsSystemRules': on(async (e) => at((await get(e, '/v1/route', { vpcId: web.id })).body, 'routeRules.length')),
  'baidu.route.nextHopMustBeActive': { other: 'allow', look: async (e) => says(peerRoute(e, await settled(e, foreign))) },
  'baidu.route.onPeerconnRelease': { other: 'refuse', look: async (e) => {
    const id = await settled(e);
    await peerRoute(e, id);
    return says(call(e, 'DELETE', link(id)));
  } },
  'baidu.route.onGatewayRelease': { other: 'drop', look: async (e) => {
    const { etGatewayId } = (await gateway(e)).body;
    await route(e, { nexthopType: 'dcGateway', nexthopId: etGatewayId });
    await call(e, 'DELETE', `/v1/etGateway/${String(etGatewayId)}`);
    return at((await get(e, '/v1/route', { vpcId: web.id })).body, 'routeRules.length');
  } },
  'baidu.route.targetsNotEmulated': { other: 'refuse', look: (e) => says(route(e)) },
  'baidu.etGateway.intermediateStatus': { other: 'running', look: async (e) => {
    const { etGatewayId } = (await gateway(e)).body;
    return at((await get(e, `/v1/etGateway/${String(etGatewayId)}`)).body, 'status');
  } },
  'baidu.etGateway.releaseWhileUpdating': { other: 'refuse', look: async (e) => {
    const { etGatewayId } = (await gateway(e)).body;
    return says(call(e, 'DELETE', `/v1/etGateway/${String(etGatewayId)}`));
  } },
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
