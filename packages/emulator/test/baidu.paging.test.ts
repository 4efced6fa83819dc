/** Every paged list goes on where it was when the row that its marker names has left in the meantime. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { act } from './baiduPeerconns.js';
import {
  a,
  aBj,
  at,
  b,
  BAD,
  bBj,
  createBody,
  data,
  emulator,
  emulatorPerTest,
  foreign,
  jobs,
  OK,
  outcome,
  settle,
  web,
} from './baiduWire.js';
import { rule } from './baiduRoutes.js';
import type { Answer, WireBody } from './baiduWire.js';

emulatorPerTest(13);

interface PagedList {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly member: keyof WireBody;
  readonly key: string;
  /** Makes the n-th row and answers its key. */
  readonly make: (n: number) => Promise<string>;
  readonly remove: (key: string) => Promise<unknown>;
}

type IdName = 'peerConnId' | 'vpcId' | 'subnetId' | 'routeRuleId' | 'etGatewayId';
const made = async (answer: Promise<Answer>, key: IdName): Promise<string> => {
  const { status, code, body } = await answer;
  expect([status, code]).toEqual(OK);
  return body[key];
};

const LISTS: Readonly<Record<string, PagedList>> = {
  'peer connections': {
    path: '/v1/peerconn',
    query: { vpcId: web.id },
    member: 'peerConns',
    key: 'peerConnId',
    make: (n) => {
      const { id } = emulator.world.network({
        cloud: 'baidu',
        account: a.id,
        region: 'bj',
        cidrs: [`10.${100 + n}.0.0/16`],
      });
      return made(aBj.post('/v1/peerconn', createBody(web, { id, region: 'bj' })), 'peerConnId');
    },
    remove: async (key) => {
      settle();
      await aBj.delete(at(key));
      settle();
    },
  },
  vpcs: {
    path: '/v1/vpc',
    query: {},
    member: 'vpcs',
    key: 'vpcId',
    make: (n) => made(aBj.post('/v1/vpc', { name: `v${n}`, cidr: `10.${100 + n}.0.0/16` }), 'vpcId'),
    remove: (key) => aBj.delete(`/v1/vpc/${key}`),
  },
  subnets: {
    path: '/v1/subnet',
    query: { vpcId: web.id },
    member: 'subnets',
    key: 'subnetId',
    make: (n) => {
      const cidr = web.cidrs[0].replace(/\.0\.0\/16$/, `.${n}.0/24`);
      return made(aBj.post('/v1/subnet', { name: `s${n}`, zoneName: 'cn-bj-a', cidr, vpcId: web.id }), 'subnetId');
    },
    remove: (key) => aBj.delete(`/v1/subnet/${key}`),
  },
  'route rules': {
    path: '/v1/route/rule',
    query: { routeTableId: web.routeTable },
    member: 'routeRules',
    key: 'routeRuleId',
    make: (n) => {
      const nat = { nexthopType: 'nat', nexthopId: 'nat-b', destinationAddress: `172.${16 + n}.0.0/16` };
      return made(aBj.post('/v1/route/rule', rule(nat)), 'routeRuleId');
    },
    remove: (key) => aBj.delete(`/v1/route/rule/${key}`),
  },
  gateways: {
    path: '/v1/etGateway',
    query: { vpcId: web.id },
    member: 'etGateways',
    key: 'etGatewayId',
    make: (n) => made(aBj.post('/v1/etGateway', { name: `g${n}`, vpcId: web.id, speed: 10 }), 'etGatewayId'),
    remove: async (key) => {
      await aBj.delete(`/v1/etGateway/${key}`);
      settle();
    },
  },
};

/** Keys of the rows of every page; `between` is called with what a page said before the next one is asked for. */
async function walk(
  { path, query, member, key }: PagedList,
  maxKeys: number,
  between: (body: WireBody) => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly string[][]> {
  const pages: string[][] = [];
  let marker: string | undefined;
  do {
    const asked = { ...query, maxKeys: String(maxKeys), ...(marker === undefined ? {} : { marker }) };
    const answer = await aBj.get(path, asked);
    expect(outcome(answer)).toEqual(OK);
    const { body } = answer;
    pages.push((body[member] as unknown as Readonly<Record<string, string>>[]).map((row) => String(row[key])));
    await between(body);
    marker = body.nextMarker;
  } while (marker !== undefined);
  return pages;
}

describe.each(Object.entries(LISTS))('the list of %s', (_name, list) => {
  const rows = async (count: number): Promise<readonly string[]> => {
    const keys: string[] = [];
    for (let n = 0; n < count; n += 1) keys.push(await list.make(n));
    return (await walk(list, 1000)).flat();
  };

  it('shows every row that stays exactly once when the row of the marker leaves between two pages', async () => {
    const all = await rows(6);
    const gone: string[] = [];
    const pages = await walk(list, 2, async ({ nextMarker }) => {
      if (nextMarker === undefined || gone.length > 0 || !all.slice(-6).includes(nextMarker)) return;
      gone.push(nextMarker);
      await list.remove(nextMarker);
    });
    expect(gone).toHaveLength(1);
    expect(pages.flat()).toEqual(all.filter((key) => !gone.includes(key)));
  });

  it('goes on when the last row of a page leaves, and ends when everything after the marker has', async () => {
    const all = await rows(4);
    let last = '';
    const pages = await walk(list, all.length - 1, async (body) => {
      if (body.nextMarker === undefined) return;
      last = body.nextMarker;
      await list.remove(last);
    });
    expect(last).toBe(all.at(-1));
    expect(pages).toEqual([all.slice(0, -1), []]);
    // a row that came later is what follows
    const late = await list.make(5);
    const { body } = await aBj.get(list.path, { ...list.query, marker: last });
    expect((body[list.member] as unknown as Readonly<Record<string, string>>[]).map((row) => row[list.key])).toEqual([
      late,
    ]);
  });
});

describe('markers', () => {
  it('of lines go on too, when a line is no longer shown', async () => {
    const line = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj')!;
    emulator.world.port({
      cloud: 'baidu',
      account: a.id,
      region: 'bj',
      id: 'dcphy-second',
      name: 'p',
      accessPoint: 'x',
    });
    const shown = (await aBj.get('/v1/et')).body.ets.map(({ id }) => id);
    expect(shown[0]).toBe(line.id);
    const second = (await aBj.get('/v1/et', { maxKeys: '1', status: 'established' })).body.nextMarker;
    expect(outcome(await aBj.get('/v1/et', { marker: second, status: 'stopped' }))).toEqual(OK);
    expect((await aBj.get('/v1/et', { marker: second, status: 'stopped' })).body.ets).toEqual([]);
  });

  it('of the second row of a link go on with what follows the link', async () => {
    const first = (await aBj.post('/v1/peerconn', createBody(web, data))).body.peerConnId;
    const second = (await aBj.post('/v1/peerconn', createBody(web, jobs))).body.peerConnId;
    settle();
    const { nextMarker } = (await aBj.get('/v1/peerconn', { maxKeys: '1' })).body;
    expect(nextMarker).toBe(`${first}:acceptor`);
    await aBj.delete(at(first));
    settle();
    const { peerConns } = (await aBj.get('/v1/peerconn', { marker: nextMarker })).body;
    expect(peerConns.map(({ peerConnId }) => peerConnId)).toEqual([second, second]);
  });

  it('survive that a failed request leaves the acceptor’s view', async () => {
    emulator.rules.set({ 'baidu.peerconn.acceptorViewAfterFailure': 'gone' });
    const ids: string[] = [];
    for (const from of [web, data, jobs]) {
      ids.push((await aBj.post('/v1/peerconn', createBody(from, foreign, { peerAccountId: b.id }))).body.peerConnId);
    }
    settle();
    const { nextMarker } = (await bBj.get('/v1/peerconn', { maxKeys: '1' })).body;
    expect(nextMarker).toBe(ids[1]);
    await act(bBj, String(ids[1]), 'reject');
    const { peerConns } = (await bBj.get('/v1/peerconn', { marker: nextMarker })).body;
    expect(peerConns.map(({ peerConnId }) => peerConnId)).toEqual([ids[2]]);
  });

  it('of somebody else are no position, there or gone; nor is one that never was', async () => {
    const { vpcId } = (await bBj.post('/v1/vpc', { name: 'v', cidr: '10.100.0.0/16' })).body;
    expect(outcome(await aBj.get('/v1/vpc', { marker: vpcId }))).toEqual(BAD);
    await bBj.delete(`/v1/vpc/${vpcId}`);
    expect(outcome(await aBj.get('/v1/vpc', { marker: vpcId }))).toEqual(BAD);
    expect(outcome(await aBj.get('/v1/vpc', { marker: 'vpc-000000000000' }))).toEqual(BAD);
    expect(outcome(await bBj.get('/v1/vpc', { marker: vpcId }))).toEqual(OK);
  });

  it('find rows in order of creation in a stale read as well, where a row is back', async () => {
    const all = (await aBj.get('/v1/vpc')).body.vpcs.map(({ vpcId }) => vpcId);
    settle(1_000);
    await aBj.delete(`/v1/vpc/${String(all[0])}`);
    emulator.faults.add({ kind: 'stale', cloud: 'baidu', operation: 'QueryVpcList', ms: 500 });
    settle(100);
    expect((await aBj.get('/v1/vpc')).body.vpcs.map(({ vpcId }) => vpcId)).toEqual(all);
  });
});
