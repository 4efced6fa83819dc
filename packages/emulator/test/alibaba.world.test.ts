/**
 * The Alibaba side as a whole: faults through the socket, profiles, snapshots, the call sequences of the vendor's
 * Terraform provider, many clients at once, and whether the rule sheet is all tested.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countByOperation, DEFAULT_WORLD, Emulator, mutations } from '@peerway/emulator';
import type { Fault } from '@peerway/emulator';
import { CODES } from '../src/alibaba/errorCodes.js';
import { MESSAGES } from '../src/alibaba/errorMessages.js';
import { alibabaCodes } from '../src/alibaba/errors.js';
import { alibabaRules } from '../src/alibaba/rules.js';
import { a, at, b, caller, codeOf, network, raw } from './alibabaWire.js';

const REGION = 'cn-hangzhou';
const [web, data, jobs] = (['web', 'data', 'jobs'] as const).map((which) => network('a', REGION, which)) as [
  ReturnType<typeof network>,
  ReturnType<typeof network>,
  ReturnType<typeof network>,
];
const foreign = network('b', REGION, 'web');
const portId = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION)?.id;

let emulator: Emulator;
let asA: ReturnType<typeof caller>;
let asB: ReturnType<typeof caller>;
beforeEach(async () => {
  emulator = await Emulator.start({ seed: 9 });
  asA = caller(emulator, a);
  asB = caller(emulator, b);
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

const vpc = (action: string, params: object = {}, as = asA) => as('Vpc', action, { RegionId: REGION, ...params });
const peer = (action: string, params: object = {}, as = asA) => as('VpcPeer', action, params);
const between = (from: { id: string }, to: { id: string; account: 'a' | 'b' }) => ({
  RegionId: REGION,
  VpcId: from.id,
  AcceptingAliUid: to.account === 'a' ? a.id : b.id,
  AcceptingRegionId: REGION,
  AcceptingVpcId: to.id,
});
const create = (params: object = {}, as = asA) =>
  peer('CreateVpcPeerConnection', { ...between(web, data), ...params }, as);
const total = async (as = asA) => (await peer('ListVpcPeerConnections', {}, as))['TotalCount'];

describe('faults through the socket', () => {
  const fault = (more: Partial<Fault> & Pick<Fault, 'kind'>) =>
    emulator.faults.add({ cloud: 'alibaba', operation: 'CreateVpcPeerConnection', ...more } as Fault);

  it('throttles in the cloud’s own words, and executes nothing', async () => {
    fault({ kind: 'throttle', calls: { from: 1, to: 2 } });
    await expect(create()).rejects.toMatchObject({ code: 'Throttling.User', entry: { response: { statusCode: 400 } } });
    emulator.rules.set({ 'alibaba.throttling.status': '429', 'alibaba.throttling.code': 'Throttling' });
    await expect(create()).rejects.toMatchObject({ code: 'Throttling', entry: { response: { statusCode: 429 } } });
    expect(await total()).toBe(0);
    await create();
    expect(emulator.requests.map(({ fault: kind }) => kind).filter((kind) => kind !== undefined)).toEqual([
      'throttle',
      'throttle',
    ]);
  });

  it.each([
    ['native', /^\{.*"Code":"InternalError"/, 500],
    ['html', /^<html>/, 502],
    ['empty', /^$/, 503],
  ] as const)('server error with %s body', async (body, text, status) => {
    fault({ kind: 'error', status, body });
    const heard = await rawCreate();
    expect(heard.status).toBe(status);
    expect(heard.body).toMatch(text);
    expect(await total()).toBe(0);
  });

  /** One create with a fresh signature, answered byte for byte. */
  async function rawCreate() {
    const { url, body } = await captured();
    return raw(emulator, url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
  }
  /** What pop-core would send, caught by a server of our own. */
  async function captured(): Promise<{ url: string; body: string }> {
    const { createServer } = await import('node:http');
    return new Promise((resolve) => {
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.end('{}');
          server.close();
          server.closeAllConnections();
          resolve({ url: request.url ?? '/', body });
        });
      }).listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' ? address?.port : 0;
        const elsewhere = { alibaba: { endpoint: `http://127.0.0.1:${String(port)}` } } as Emulator;
        caller(elsewhere, a)('VpcPeer', 'CreateVpcPeerConnection', between(web, data)).catch(() => undefined);
      });
    });
  }

  /** The connection is gone before any byte of an answer: cut in the middle it would be 'aborted'. */
  const noByte = { code: 'ECONNRESET', message: expect.stringMatching(/read ECONNRESET|socket hang up/) as unknown };

  it('cuts the body, resets before, and loses the answer after the effect', async () => {
    fault({ kind: 'truncate', calls: 1 });
    await expect(create({ ClientToken: 't' })).rejects.toThrow();
    expect(await total()).toBe(1);
    // the token gives the lost answer back
    const { InstanceId } = await create({ ClientToken: 't' });
    expect(at(await peer('ListVpcPeerConnections'), 'VpcPeerConnects.0.InstanceId')).toBe(InstanceId);
    emulator.reset();

    fault({ kind: 'lost-answer', calls: 1 });
    await expect(create()).rejects.toMatchObject(noByte);
    expect(await total()).toBe(1);
    // without a token a retry meets what the first one made
    expect(await codeOf(create())).toBe('ResourceAlreadyExist.VpcPeer');
    emulator.reset();

    fault({ kind: 'reset', calls: 1 });
    await expect(create()).rejects.toMatchObject(noByte);
    expect(await total()).toBe(0);
  });

  it('an error after the effect, and a request that is delivered twice', async () => {
    fault({ kind: 'error', after: true, calls: 1 });
    expect(await codeOf(create())).toBe('InternalError');
    expect(await total()).toBe(1);
    emulator.reset();
    fault({ kind: 'duplicate', calls: [1] });
    expect(await codeOf(create())).toBe('ResourceAlreadyExist.VpcPeer');
    emulator.reset();
    fault({ kind: 'duplicate' });
    const { InstanceId } = await create({ ClientToken: 't' });
    expect(InstanceId).toMatch(/^pcc-/);
    expect(await total()).toBe(1);
  });

  it('slow answers arrive late but count at once', async () => {
    fault({ kind: 'slow', ms: 80 });
    const started = performance.now();
    const answer = create();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(emulator.requests.at(-1)?.operation).toBe('CreateVpcPeerConnection');
    await answer;
    expect(performance.now() - started).toBeGreaterThan(70);
  });

  it('a stale read shows the past, writes do not', async () => {
    await create();
    emulator.clock.advance(10_000);
    emulator.faults.add({
      cloud: 'alibaba',
      operation: ['ListVpcPeerConnections', 'GetVpcPeerConnectionAttribute'],
      kind: 'stale',
      ms: 7_000,
    });
    const { VpcPeerConnects } = await peer('ListVpcPeerConnections');
    expect(VpcPeerConnects).toMatchObject([{ Status: 'Creating' }]);
    emulator.faults.clear();
    emulator.faults.add({ kind: 'stale', ms: 60_000 });
    expect(await total()).toBe(0);
    expect(await codeOf(create())).toBe('ResourceAlreadyExist.VpcPeer');
  });

  it('aims at a side, an account, a call number; the seed decides by probability, the same way every time', async () => {
    const { InstanceId } = await peer('CreateVpcPeerConnection', between(web, foreign));
    emulator.clock.advance(10_000);
    emulator.faults.add({ kind: 'error', code: 'OperationConflict', side: 'acceptor', calls: [2] });
    const get = (as: typeof asA) => peer('GetVpcPeerConnectionAttribute', { InstanceId }, as);
    await get(asA);
    await get(asB);
    await expect(get(asB)).rejects.toMatchObject({
      code: 'OperationConflict',
      entry: { response: { statusCode: 409 } },
    });
    await get(asB);
    const draw = async () => {
      const other = await Emulator.start({ seed: 21 });
      other.faults.add({ kind: 'throttle', probability: 0.5, account: a.id });
      const call = caller(other, a);
      const struck = [];
      for (let index = 0; index < 12; index += 1)
        struck.push(await codeOf(call('Vpc', 'DescribeVRouters', { RegionId: REGION })).catch(() => 'ok'));
      await other.close();
      return struck.join();
    };
    const first = await draw();
    expect(first).toContain('Throttling');
    expect(first).toContain('ok');
    expect(await draw()).toBe(first);
  });

  it('answers every code of the fact sheet by name, with the status that stands there', async () => {
    const get = () => peer('ListVpcPeerConnections');
    for (const [status, codes] of Object.entries(CODES)) {
      for (const code of codes) {
        const remove = emulator.faults.add({ kind: 'error', code });
        await expect(get()).rejects.toMatchObject({ code, entry: { response: { statusCode: Number(status) } } });
        remove();
      }
    }
    expect(alibabaCodes.length).toBeGreaterThan(250);
  });
});

describe('the error table of seed 003', () => {
  const folder = fileURLToPath(new URL('../../../../shared/seeds', import.meta.url));
  const present = existsSync(folder);
  if (!present) process.stderr.write(`skipped: the error table of seed 003: no ${folder}\n`);

  (present ? it : it.skip)('is known with its statuses and texts', () => {
    const file = readdirSync(folder).find((name) => name.startsWith('003_')) ?? '';
    const rows = [...readFileSync(join(folder, file), 'utf8').matchAll(/^\| (\d{3}) \| ([A-Za-z.]+) \| ([^|]+) \|/gm)];
    expect(rows.length).toBeGreaterThan(20);
    for (const [, status, code, message] of rows) {
      expect([code, CODES[400].includes(code as never), MESSAGES[code as keyof typeof MESSAGES]]).toEqual([
        code,
        status === '400',
        message,
      ]);
    }
  });
});

describe('profiles', () => {
  it('instant: done by the next request, windows excepted; slow: ten times', async () => {
    emulator.setProfile('instant');
    const { InstanceId } = await create();
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({ Status: 'Activated' });
    const waiting = await peer('CreateVpcPeerConnection', between(web, foreign));
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId: waiting['InstanceId'] })).toMatchObject({
      Status: 'Accepting',
    });
    emulator.setProfile({ scale: 10, jitter: 0, staleReads: { probability: 0, ms: 0 } });
    const slow = await peer('CreateVpcPeerConnection', between(data, jobs));
    emulator.clock.advance(39_999);
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId: slow['InstanceId'] })).toMatchObject({
      Status: 'Creating',
    });
    emulator.clock.advance(1);
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId: slow['InstanceId'] })).toMatchObject({
      Status: 'Activated',
    });
  });

  it('chaotic: one cannot always read one’s own write, and settles in the end', async () => {
    emulator.setProfile('chaotic');
    await create();
    const seen = new Set<unknown>();
    for (let index = 0; index < 40; index += 1) seen.add(await total());
    expect([...seen].sort()).toEqual([0, 1]);
    emulator.clock.advance(60_000);
    for (let index = 0; index < 40; index += 1) {
      expect(at(await peer('ListVpcPeerConnections'), 'VpcPeerConnects.0.Status')).toBe('Activated');
    }
  });

  it('a clock that follows the machine can still be jumped', async () => {
    const real = await Emulator.start({ clock: 'real' });
    const call = caller(real, a);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', between(web, foreign));
    real.clock.advance(8 * 24 * 3_600_000);
    expect(await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({ Status: 'Expired' });
    expect(real.clock.now()).toBeGreaterThan(Date.now() + 7 * 24 * 3_600_000);
    await real.close();
  });
});

describe('snapshot and request log', () => {
  it('holds everything under way as JSON and goes on in another emulator; reset forgets', async () => {
    const { InstanceId } = await create({ ClientToken: 't', Tag: [{ Key: 'k', Value: 'v' }] });
    const text = JSON.stringify(emulator.snapshot());
    expect(emulator.requests.length).toBeGreaterThan(0);
    const other = await Emulator.start({ seed: 1, world: 'empty' });
    try {
      other.restore(JSON.parse(text) as ReturnType<Emulator['snapshot']>);
      const call = caller(other, a);
      const get = () => call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId });
      expect(await get()).toMatchObject({ Status: 'Creating', Tags: [{ Key: 'k' }] });
      expect(
        await call('VpcPeer', 'CreateVpcPeerConnection', {
          ...between(web, data),
          ClientToken: 't',
          Tag: [{ Key: 'k', Value: 'v' }],
        }),
      ).toMatchObject({ InstanceId });
      other.clock.advance(4_000);
      expect(await get()).toMatchObject({ Status: 'Activated' });
      expect(() => other.restore({ ...other.snapshot(), version: 2 as never })).toThrow(RangeError);
      other.reset();
      expect(await codeOf(get())).toBe('InvalidAccessKeyId.NotFound');
    } finally {
      await other.close();
    }
  });

  it('records who asked what, and nothing secret', async () => {
    await create();
    await codeOf(create());
    await total();
    expect(emulator.requests[0]).toMatchObject({
      cloud: 'alibaba',
      operation: 'CreateVpcPeerConnection',
      account: a.id,
      region: REGION,
      mutating: true,
      status: 200,
      params: { VpcId: web.id, AcceptingVpcId: data.id },
    });
    expect(emulator.requests[1]).toMatchObject({ status: 400, code: 'ResourceAlreadyExist.VpcPeer' });
    expect(countByOperation(emulator.requests)).toEqual({ CreateVpcPeerConnection: 2, ListVpcPeerConnections: 1 });
    expect(mutations(emulator.requests)).toHaveLength(2);
    expect(JSON.stringify(emulator.requests)).not.toMatch(/Signature|SecurityToken|emulator-secret/);
  });

  it('unknown actions, versions and crashes answer in the cloud’s form; a crash is recorded', async () => {
    expect(await codeOf(vpc('MakeCoffee'))).toBe('InvalidAction.NotFound');
    emulator.rules.set({ 'alibaba.unknownAction.code': 'InvalidParameter' });
    expect(await codeOf(vpc('MakeCoffee'))).toBe('InvalidParameter');
    expect(await codeOf(vpc('DescribeVpcs', { Version: '1999-01-01' }))).toBe('InvalidVersion');
    const broken = await Emulator.start({});
    Object.assign(
      broken.operations('alibaba').find(({ description }) => description.name === 'DescribeVRouters')!,
      {
        run: () => {
          throw new Error('planted');
        },
      },
    );
    await expect(caller(broken, a)('Vpc', 'DescribeVRouters', { RegionId: REGION })).rejects.toMatchObject({
      code: 'InternalError',
    });
    expect(broken.crashes).toMatchObject([
      { operation: 'DescribeVRouters', request: { params: { RegionId: REGION } } },
    ]);
    await broken.close();
  });
});

describe('call sequences of the Terraform provider (facts: alibaba.md 6)', () => {
  it('vpc_peer_connection with its accepter and a route on each side', async () => {
    await asA('Sts', 'GetCallerIdentity');
    await asA('Vpc', 'DescribeRegions');
    const token = { ClientToken: `TF-CreateVpcPeerConnection-1700000000-${'a'.repeat(20)}` };
    const { InstanceId } = await peer('CreateVpcPeerConnection', { ...between(web, foreign), ...token, DryRun: false });
    const get = (as = asA) => peer('GetVpcPeerConnectionAttribute', { InstanceId }, as);
    const wait = async (target: string[], as = asA) => {
      for (let round = 0; round < 60; round += 1) {
        emulator.clock.advance(5_000);
        const { Status } = await get(as);
        if (target.includes(String(Status))) return Status;
      }
      throw new Error(`never ${target.join()}`);
    };
    expect(await wait(['Activated', 'Accepting'])).toBe('Accepting');
    await peer('AcceptVpcPeerConnection', { InstanceId, ClientToken: 'TF-accept' }, asB);
    expect(await wait(['Activated'], asB)).toBe('Activated');
    expect(await codeOf(peer('AcceptVpcPeerConnection', { InstanceId }, asB))).toBe('IncorrectStatus.VpcPeer');
    await peer('TagResources', {
      RegionId: REGION,
      ResourceType: 'PeerConnection',
      'ResourceId.1': InstanceId,
      'Tag.1.Key': 'For',
      'Tag.1.Value': 'TF',
    });
    await peer('ListTagResources', { RegionId: REGION, ResourceType: 'PeerConnection', 'ResourceId.1': InstanceId });
    const hop = {
      RouteTableId: web.routeTable,
      DestinationCidrBlock: foreign.cidrs[0],
      NextHopType: 'VpcPeer',
      NextHopId: InstanceId,
    };
    const entries = () => vpc('DescribeRouteTables', { RouteTableId: web.routeTable, PageNumber: 1, PageSize: 50 });
    expect(at(await entries(), 'RouteTables.RouteTable.0.RouteEntrys.RouteEntry.0.Status')).toBe('Available');
    await vpc('CreateRouteEntry', { ...hop, ClientToken: 'TF-route' });
    emulator.clock.advance(5_000);
    expect(at(await entries(), 'RouteTables.RouteTable.0.RouteEntrys.RouteEntry.1')).toMatchObject({
      InstanceId,
      NextHopType: 'VpcPeer',
      Status: 'Available',
    });
    expect(await codeOf(peer('DeleteVpcPeerConnection', { InstanceId, ClientToken: 'd1' }))).toBe(
      'OperationDenied.RouteEntryExist',
    );
    await vpc('DeleteRouteEntry', {
      RouteTableId: hop.RouteTableId,
      DestinationCidrBlock: hop.DestinationCidrBlock,
      NextHopId: InstanceId,
    });
    emulator.clock.advance(7_000);
    await peer('DeleteVpcPeerConnection', { InstanceId, ClientToken: 'd2' });
    emulator.clock.advance(5_000);
    expect(await codeOf(get())).toBe('ResourceNotFound.InstanceId');
  });
});

/** A small generator of its own, so that a failing run can be repeated by its seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * sides);
  };
}

describe('many clients at once', () => {
  it('never break an invariant: pairs unique, both views equal, no route to a dead next hop', async () => {
    const seed = 20_261_120;
    const roll = dice(seed);
    const ends = [web, data, jobs, foreign, network('b', REGION, 'data')];
    const pick = <T>(items: readonly T[]): T | undefined => items[roll(items.length)];
    const rows = async (as: typeof asA) =>
      (await peer('ListVpcPeerConnections', { MaxResults: 100 }, as))['VpcPeerConnects'] as {
        InstanceId: string;
        Status: string;
        Vpc: { VpcId: string };
        AcceptingVpc: { VpcId: string };
      }[];
    const one = async (as: typeof asA, own: 'a' | 'b'): Promise<void> => {
      const InstanceId = pick(await rows(as))?.InstanceId ?? 'pcc-x';
      const mine = pick(ends.filter(({ account }) => account === own))!;
      switch (roll(7)) {
        case 0:
        case 1:
          await peer('CreateVpcPeerConnection', between(mine, pick(ends)!), as);
          return;
        case 2:
          await peer(roll(3) === 0 ? 'RejectVpcPeerConnection' : 'AcceptVpcPeerConnection', { InstanceId }, as);
          return;
        case 3:
          await peer('DeleteVpcPeerConnection', { InstanceId, Force: roll(2) === 0 }, as);
          return;
        case 4:
        case 5:
          await vpc(
            'CreateRouteEntry',
            {
              RouteTableId: mine.routeTable,
              DestinationCidrBlock: `172.${16 + roll(16)}.0.0/16`,
              NextHopType: 'VpcPeer',
              NextHopId: InstanceId,
            },
            as,
          );
          return;
        default:
          emulator.clock.advance(roll(4_000));
      }
    };
    for (let round = 0; round < 120; round += 1) {
      await Promise.allSettled([one(asA, 'a'), one(asB, 'b'), one(asA, 'a')]);
    }
    const all = [...new Map([...(await rows(asA)), ...(await rows(asB))].map((row) => [row.InstanceId, row])).values()];
    const live = all.filter(({ Status }) => !['Rejected', 'Expired', 'Deleted'].includes(Status));
    const pairs = live.map((row) => [row.Vpc.VpcId, row.AcceptingVpc.VpcId].sort().join());
    expect([seed, live.length > 0, new Set(pairs).size]).toEqual([seed, true, pairs.length]);
    const ids = new Set(live.map(({ InstanceId }) => InstanceId));
    let routes = 0;
    for (const { account, routeTable } of ends) {
      const listed = await vpc(
        'DescribeRouteEntryList',
        { RouteTableId: routeTable, RouteEntryType: 'Custom', MaxResult: 100 },
        account === 'a' ? asA : asB,
      );
      for (const entry of at(listed, 'RouteEntrys.RouteEntry') as unknown[]) {
        expect([seed, ids.has(String(at(entry, 'NextHops.NextHop.0.NextHopId')))]).toEqual([seed, true]);
        routes += 1;
      }
    }
    expect([seed, routes > 0]).toEqual([seed, true]);
  });
});

describe('open questions, both positions', () => {
  const rule = (name: string, value: string | number | boolean) => emulator.rules.set({ [name]: value });
  const twoRegions = {
    ...between(web, data),
    AcceptingRegionId: 'cn-beijing',
    AcceptingVpcId: network('a', 'cn-beijing', 'web').id,
  };

  it('codes of creation', async () => {
    rule('alibaba.vpcPeer.unknownVpcCode', 'ResourceNotFound.Vpc');
    rule('alibaba.vpcPeer.sameRegionBandwidthCode', 'InvalidParameter');
    rule('alibaba.vpcPeer.selfPeeringCode', 'OperationFailed.ViolativeVpcPeer');
    expect(await codeOf(create({ VpcId: 'vpc-x' }))).toBe('ResourceNotFound.Vpc');
    expect(await codeOf(create({ Bandwidth: 5 }))).toBe('InvalidParameter');
    expect(await codeOf(create({ AcceptingVpcId: web.id }))).toBe('OperationFailed.ViolativeVpcPeer');
    rule('alibaba.vpcPeer.bandwidthMbps', 10_240);
    rule('alibaba.vpcPeer.linkTypes', 'Gold,Platinum,Silver');
    const { InstanceId } = await create({ ...twoRegions, Bandwidth: 5_000, LinkType: 'Silver' });
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({
      Bandwidth: 5_000,
      LinkType: 'Silver',
    });
    rule('alibaba.vpcPeer.linkTypes', 'Gold');
    emulator.clock.advance(10_000);
    expect(await codeOf(peer('ModifyVpcPeerConnection', { InstanceId, LinkType: 'Platinum' }))).toBe(
      'OperationFailed.SpecificLinkTypeNotSupported',
    );
  });

  it('windows, deletion and service management of peerings', async () => {
    rule('alibaba.vpcPeer.acceptWindowMs', 60_000);
    rule('alibaba.vpcPeer.deleteFrom', 'activated');
    const { InstanceId } = await create(between(web, foreign));
    emulator.clock.advance(59_999);
    expect(await codeOf(peer('DeleteVpcPeerConnection', { InstanceId }))).toBe('IncorrectStatus.VpcPeer');
    emulator.clock.advance(1);
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({ Status: 'Expired' });
    rule('alibaba.vpcPeer.deleteFrom', 'settled');
    rule('alibaba.vpcPeer.serviceManaged', true);
    for (const action of ['Modify', 'Delete'])
      expect(await codeOf(peer(`${action}VpcPeerConnection`, { InstanceId }))).toBe(
        'OperationDenied.ServiceManagedInstance',
      );
    rule('alibaba.vpcPeer.serviceManaged', false);
    await peer('DeleteVpcPeerConnection', { InstanceId });
  });

  it('the gateway: formats, windows, codes', async () => {
    const xml = () => caller(emulator, a)('Vpc', 'DescribeVpcs', { RegionId: REGION, Format: '' });
    await expect(xml()).rejects.toMatchObject({ name: 'SyntaxError' });
    rule('alibaba.defaultFormat', 'JSON');
    expect(await xml()).toMatchObject({ TotalCount: 3 });
    rule('alibaba.auth.unknownKeyStatus', '400');
    const nobody = caller(emulator, { accessKeyId: 'nobody', accessKeySecret: 'x' });
    await expect(nobody('Vpc', 'DescribeVpcs')).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
      entry: { response: { statusCode: 400 } },
    });
    rule('alibaba.auth.disabledKeyCode', 'Forbidden.AccessKeyDisabled');
    emulator.world.key({ cloud: 'alibaba', id: 'off', secret: 'x', account: a.id, disabled: true });
    const off = caller(emulator, { accessKeyId: 'off', accessKeySecret: 'x' });
    await expect(off('Vpc', 'DescribeVpcs')).rejects.toMatchObject({
      code: 'Forbidden.AccessKeyDisabled',
      entry: { response: { statusCode: 403 } },
    });
    rule('alibaba.unknownVersion.code', 'InvalidParameter');
    expect(await codeOf(vpc('DescribeVpcs', { Version: '1999-01-01' }))).toBe('InvalidParameter');
    rule('alibaba.auth.nonceRetentionMs', 1_000);
    await vpc('DescribeVpcs', { SignatureNonce: 'n' });
    expect(await codeOf(vpc('DescribeVpcs', { SignatureNonce: 'n' }))).toBe('SignatureNonceUsed');
    emulator.clock.advance(1_000);
    await vpc('DescribeVpcs', { SignatureNonce: 'n' });
    const Timestamp = `${new Date(Date.now() - 120_000).toISOString().slice(0, 19)}Z`;
    await vpc('DescribeVpcs', { Timestamp });
    rule('alibaba.auth.clockWindowMs', 60_000);
    expect(await codeOf(vpc('DescribeVpcs', { Timestamp }))).toBe('InvalidTimeStamp.Expired');
    rule('alibaba.clientToken.lifetimeMs', 5_000);
    await create({ ClientToken: 't' });
    emulator.clock.advance(5_000);
    expect(await codeOf(create({ ClientToken: 't' }))).toBe('ResourceAlreadyExist.VpcPeer');
  });

  it('router interfaces and border routers', async () => {
    const base = {
      Role: 'InitiatingSide',
      OppositeRegionId: REGION,
      Spec: 'Small.1',
      RouterType: 'VRouter',
      RouterId: web.router,
    };
    rule('alibaba.routerInterface.perRouter', 1);
    const { RouterInterfaceId } = await vpc('CreateRouterInterface', base);
    expect(await codeOf(vpc('CreateRouterInterface', base))).toBe('LimitationExceed.InterfaceNumberOnRouter');
    rule('alibaba.routerInterface.statusCode', 'IncorrectStatus');
    expect(await codeOf(vpc('ActivateRouterInterface', { RouterInterfaceId }))).toBe('IncorrectStatus');
    rule('alibaba.routerInterface.modifyTypeDefault', 'VBR');
    await vpc('ModifyRouterInterfaceAttribute', { RouterInterfaceId, OppositeRouterId: data.router });
    expect(
      at(await vpc('DescribeRouterInterfaces'), 'RouterInterfaceSet.RouterInterfaceType.0.OppositeRouterType'),
    ).toBe('VBR');
    const abroad = { ...base, RouterId: data.router, OppositeRegionId: 'us-east-1' };
    expect(await codeOf(vpc('CreateRouterInterface', abroad))).toBe('Forbidden.CrossBorder');
    rule('alibaba.routerInterface.crossBorderAllowed', true);
    await vpc('CreateRouterInterface', abroad);
    const line = {
      PhysicalConnectionId: portId,
      VlanId: 5,
      LocalGatewayIp: '10.255.0.1',
      PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252',
    };
    const { VbrId } = await vpc('CreateVirtualBorderRouter', line);
    const accepting = { ...base, Role: 'AcceptingSide', Spec: 'Negative', RouterType: 'VBR', RouterId: VbrId };
    expect(await codeOf(vpc('CreateRouterInterface', accepting))).toBe('InvalidRole.ValueNotSupported');
    rule('alibaba.routerInterface.vbrAcceptorCode', 'IllegalParam.VRouterType');
    expect(await codeOf(vpc('CreateRouterInterface', accepting))).toBe('IllegalParam.VRouterType');
    rule('alibaba.vbr.vlanKeptMs', 1_000);
    await vpc('TerminateVirtualBorderRouter', { VbrId });
    emulator.clock.advance(3_999);
    expect(await codeOf(vpc('CreateVirtualBorderRouter', line))).toBe('InvalidVlanId.Used');
    emulator.clock.advance(1);
    await vpc('CreateVirtualBorderRouter', line);
  });
});

describe('the rule sheet', () => {
  it('has every Alibaba rule named in a test', () => {
    const folder = new URL('.', import.meta.url);
    const tests = readdirSync(folder).filter((name) => name.startsWith('alibaba.') && name.endsWith('.test.ts'));
    const text = tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
    const untested = Object.values(alibabaRules).filter(({ name }) => !text.includes(`'${name}'`));
    expect(untested.map(({ name }) => name)).toEqual([]);
  });

  it('refuses names and positions that do not exist, and lists itself', () => {
    expect(() => emulator.rules.set({ 'alibaba.nothing': 1 })).toThrow(RangeError);
    expect(() => emulator.rules.set({ 'alibaba.vpcPeer.createLocks': 'all' })).toThrow(
      /both-ends \| requester \| none/,
    );
    expect(() => emulator.rules.set({ 'alibaba.vpcPeer.perVpc': true })).toThrow(RangeError);
    expect(emulator.rules.list().every(({ source, note }) => source !== '' && note !== '')).toBe(true);
  });
});
