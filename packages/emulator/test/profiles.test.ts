/** Profiles on both clouds, changed while running; the clock stepped, run and jumped. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator, PROFILES } from '@peerway/emulator';
import type { ProfileName } from '@peerway/emulator';
import { alibabaRequest, baiduRequest } from '../bench/_signers.mjs';
import type { SignedRequest } from '../bench/_signers.mjs';

type Body = Record<string, unknown>;

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start({ seed: 23 });
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

async function send(endpoint: string, { method, path, headers, body }: SignedRequest): Promise<Body> {
  const { host: _, ...rest } = headers;
  const content = method === 'GET' || body.length === 0 ? {} : { body };
  const text = await (await fetch(`${endpoint}${path}`, { method, headers: rest, ...content })).text();
  return (text === '' ? {} : JSON.parse(text)) as Body;
}

/** One link on a cloud: made across accounts or inside one, and its status as the requester reads it. */
interface Link {
  make(to: 'own' | 'foreign'): Promise<string>;
  status(id: string): Promise<unknown>;
  /** Between creation and the next settled state. */
  readonly making: string;
  readonly up: string;
  readonly waiting: string;
  readonly late: string;
}

const alibaba = (): Link => {
  const { accounts, networks } = DEFAULT_WORLD.alibaba;
  const [one, own] = networks;
  const foreign = networks.find(({ account, region }) => account === 'b' && region === 'cn-hangzhou');
  const call = (action: string, params: Body) =>
    send(
      emulator.alibaba.endpoint,
      alibabaRequest(accounts.a, '2022-01-01', `${action}`, params, { at: emulator.clock.now() }),
    );
  return {
    make: async (to) => {
      const target = to === 'own' ? own : foreign;
      const answer = await call('CreateVpcPeerConnection', {
        RegionId: 'cn-hangzhou',
        VpcId: one?.id,
        AcceptingAliUid: accounts[to === 'own' ? 'a' : 'b'].id,
        AcceptingRegionId: 'cn-hangzhou',
        AcceptingVpcId: target?.id,
      });
      return String(answer['InstanceId']);
    },
    status: async (InstanceId) => (await call('GetVpcPeerConnectionAttribute', { InstanceId }))['Status'],
    making: 'Creating',
    up: 'Activated',
    waiting: 'Accepting',
    late: 'Expired',
  };
};

const baidu = (): Link => {
  const { accounts, networks } = DEFAULT_WORLD.baidu;
  const [one, own] = networks;
  const foreign = networks.find(({ account, region }) => account === 'b' && region === 'bj');
  const endpoint = emulator.baidu.endpoint('bj');
  const call = (method: string, path: string, query: Record<string, string>, body?: unknown) =>
    send(
      endpoint,
      baiduRequest(accounts.a, new URL(endpoint).host, method, path, {
        query,
        at: emulator.clock.now(),
        ...(body === undefined ? {} : { body }),
      }),
    );
  let tokens = 0;
  return {
    make: async (to) => {
      const target = to === 'own' ? own : foreign;
      const answer = await call(
        'POST',
        '/v1/peerconn',
        { clientToken: `t-${String((tokens += 1))}` },
        {
          bandwidthInMbps: 10,
          localVpcId: one?.id,
          peerVpcId: target?.id,
          peerRegion: 'bj',
          billing: { paymentTiming: 'Postpaid' },
          ...(to === 'own' ? {} : { peerAccountId: accounts.b.id }),
        },
      );
      return String(answer['peerConnId']);
    },
    status: async (id) => (await call('GET', `/v1/peerconn/${id}`, { role: 'initiator' }))['status'],
    making: 'creating',
    up: 'active',
    waiting: 'consulting',
    late: 'consult_failed',
  };
};

const CLOUDS = [
  ['alibaba', alibaba],
  ['baidu', baidu],
] as const;

describe.each(CLOUDS)('time on %s', (_, open) => {
  /** How long a link inside one account takes to come up, in steps of 100 ms; undefined after five minutes. */
  async function takes(link: Link): Promise<number | undefined> {
    const id = await link.make('own');
    for (let waited = 0; waited <= 300_000; waited += 100) {
      if ((await link.status(id)) === link.up) return waited;
      // jump over what cannot change anything
      const next = emulator.clock.nextAt() ?? emulator.clock.now() + 100;
      const step = Math.max(100, Math.ceil((next - emulator.clock.now()) / 100) * 100);
      waited += step - 100;
      emulator.clock.advance(step);
    }
    return undefined;
  }

  it('instant: at once; documented: a while; slow: ten times that, give or take the jitter', async () => {
    const found: Record<string, number | undefined> = {};
    for (const profile of ['instant', 'documented', 'slow'] as const) {
      emulator.reset();
      emulator.setProfile(profile);
      found[profile] = await takes(open());
    }
    const documented = found['documented'] ?? 0;
    expect(found['instant']).toBe(0);
    expect(documented).toBeGreaterThan(1_000);
    expect(found['slow']).toBeGreaterThan(documented * 10 * (1 - PROFILES.slow.jitter) - 200);
    expect(found['slow']).toBeLessThan(documented * 10 * (1 + PROFILES.slow.jitter) + 200);
  });

  it('changes with the profile while running: what is under way keeps its time, what comes next has the new one', async () => {
    const link = open();
    emulator.setProfile({ ...PROFILES.documented, scale: 100 });
    const id = await link.make('own');
    emulator.setProfile('instant');
    emulator.clock.advance(20_000);
    expect(await link.status(id)).toBe(link.making);
    emulator.clock.advance(2_000_000);
    expect(await link.status(id)).toBe(link.up);
  });

  it.each<ProfileName>(['instant', 'documented', 'slow', 'chaotic'])(
    '%s: a jump of a week ends a request that nobody has answered',
    async (profile) => {
      emulator.setProfile(profile);
      const link = open();
      const id = await link.make('foreign');
      emulator.clock.advance(6 * 86_400_000);
      expect(await link.status(id)).toBe(link.waiting);
      emulator.clock.advance(86_400_000 + 60_000);
      // the last look may be an old one in chaotic
      emulator.clock.advance(60_000);
      expect(await link.status(id)).toBe(link.late);
    },
  );

  it('steps from event to event, and runs to an instant, with the same end', async () => {
    const link = open();
    const start = emulator.snapshot();
    const id = await link.make('foreign');
    const before = emulator.snapshot();
    const seen: unknown[] = [await link.status(id)];
    for (let next = emulator.clock.nextAt(); next !== undefined && seen.length < 20; next = emulator.clock.nextAt()) {
      emulator.clock.advanceTo(next);
      const status = await link.status(id);
      if (status !== seen.at(-1)) seen.push(status);
    }
    expect(seen[0]).toBe(link.making);
    expect(seen.at(-1)).toBe(link.late);
    expect(seen).toContain(link.waiting);
    const ended = emulator.clock.now();
    expect(ended - start.now).toBeGreaterThanOrEqual(7 * 86_400_000);
    const byStep = emulator.snapshot().tables;
    emulator.restore(before);
    emulator.clock.advanceTo(ended);
    expect(emulator.snapshot().tables).toEqual(byStep);
  });
});

describe('chaotic', () => {
  it('shows old worlds now and then, never for longer than it says, and writes see the present', async () => {
    emulator.setProfile('chaotic');
    const link = alibaba();
    const id = await link.make('own');
    emulator.clock.advance(3_000);
    const seen = new Set<unknown>();
    for (let look = 0; look < 60; look += 1) seen.add(await link.status(id));
    // not there yet, and there
    expect([...seen]).toEqual(expect.arrayContaining([undefined, link.making]));
    emulator.clock.advance(60_000);
    for (let look = 0; look < 60; look += 1) expect(await link.status(id)).toBe(link.up);
    expect(await link.make('own')).toBe('undefined');
  });
});
