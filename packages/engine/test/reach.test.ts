/** Reachability: more than forty planted faults, each explained in one sentence with its fix. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseCidr } from '@peerway/core';
import { FakeCloud, type FakeOptions } from './fakeCloud.js';
import { FAULTS, nat, TWO } from './reachFaults.js';
import { line, pair, Scene, type Declaration } from './scene.js';
import { tellReach, tellStatus } from './faultLines.js';
import { planLines, Told } from './told.js';

function world(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('jobs', ['10.5.0.0/16']);
  cloud.network('far', ['10.2.0.0/16'], { account: 'acc-b', region: 'r2' });
  return cloud;
}

/** What verify, status and plan say of each fault. */
const TOLD = new Told('faults');

describe('reachability', () => {
  afterAll(() => TOLD.end());

  it('has at least forty planted faults', () => expect(FAULTS.length).toBeGreaterThanOrEqual(40));

  it.each(FAULTS)(
    '$name: $finds',
    async ({ name, finds, ask = ['web', 'data'], options, declared, warning, plant }) => {
      const cloud = world(options);
      const scene = new Scene(cloud, declared ?? { connections: [pair('web-data', 'web', 'data')] });
      await scene.apply().catch(() => undefined); // a missing network stops the apply
      const healthy = cloud.requests.length;
      plant(cloud, scene);
      const answer = await scene.engine().verify(ask[0], ask[1]);
      expect(answer.findings.map((finding) => finding.fault)).toContain(finds);
      const finding = answer.findings.find((one) => one.fault === finds)!;
      expect(finding.sentence).toMatch(/^[A-Z0-9a-z].*\.$/);
      expect(finding.fix).toMatch(/^[A-Z].*\.$/);
      expect(finding.severity).toBe(warning === true ? 'warning' : 'blocks');
      expect(answer.reachable).toBe(warning === true);
      expect(cloud.requests.slice(healthy).filter((request) => request.mutating)).toEqual([]);
      expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
      const planned = await scene.plan().then(planLines, (error: unknown) => [`refused: ${String(error)}`]);
      const status = tellStatus(await scene.engine().status());
      expect(TOLD.differs(name, [...tellReach(answer), ...status, ...planned])).toBeUndefined();
    },
  );

  it('follows a packet there and back when all is well', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')], links: [line('idc', 'web')] });
    await scene.apply();
    const answer = await scene.engine().verify('web', 'data');
    expect(answer).toMatchObject({ reachable: true, verdict: 'reachable', findings: [] });
    expect(answer.hops.map((hop) => `${hop.direction} ${hop.network} ${hop.lookedUp} ${hop.ok}`)).toEqual([
      'forward web 10.1.0.0/16 true',
      'return data 10.0.0.0/16 true',
    ]);
    expect(await scene.engine().verify('web', 'idc')).toMatchObject({ reachable: true, findings: [] });
    await expect(scene.engine().verify('web', 'nowhere')).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('says to apply only where apply would write the route', async () => {
    const fixes = async (declared: Declaration, from = 'web', to = 'data'): Promise<readonly string[]> => {
      const cloud = world();
      const scene = new Scene(cloud, declared);
      await scene.apply();
      if (declared === TWO) cloud.dropRoute('web', '10.1.0.0/16');
      const { findings } = await scene.engine().verify(from, to);
      // nothing that the plan would not do is promised
      if (findings.some(({ fix }) => fix.startsWith('Run `peerway apply`')))
        expect((await scene.plan()).steps).not.toEqual([]);
      return findings.map(({ fault, fix }) => `${fault}: ${fix}`);
    };
    expect(await fixes(TWO)).toEqual(['route-missing: Run `peerway apply` to write it.']);
    expect(await fixes({ connections: [pair('web-data', 'web', 'data', { routes: 'none' })] })).toEqual([
      'route-missing: Add 10.1.0.0/16 to routes of web-data, then run `peerway apply`.',
      'return-route-missing: Add 10.0.0.0/16 to routes of web-data, then run `peerway apply`.',
    ]);
    const half = pair('web-data', 'web', 'data', { routes: [parseCidr('10.1.0.0/17'), parseCidr('10.0.0.0/16')] });
    expect(await fixes({ connections: [half] })).toEqual([
      'route-partial: Add 10.1.0.0/16 to routes of web-data, then run `peerway apply`.',
    ]);
    // where nothing is declared, that is the one thing to do
    expect(await fixes({ connections: [] })).toEqual([
      'not-connected: Declare a connection between web and data, then run `peerway apply`.',
    ]);
    expect((await fixes(TWO, 'data', 'jobs')).map((fix) => fix.split(':')[0])).toEqual(['not-transitive']);
  });

  it('goes over one network that relays for others', async () => {
    const cloud = world();
    cloud.networks.get('web')!.transit = true;
    const scene = new Scene(cloud, TWO);
    await scene.apply();
    cloud.plantRoute('data', '10.5.0.0/16', cloud.hop(cloud.peeringOf('web', 'data'), 'acceptor'));
    expect((await scene.engine().verify('data', 'jobs')).findings.map((finding) => finding.fault)).toEqual([
      'return-route-missing',
    ]);
    cloud.plantRoute('jobs', '10.1.0.0/16', cloud.hop(cloud.peeringOf('web', 'jobs'), 'acceptor'));
    expect(await scene.engine().verify('data', 'jobs')).toMatchObject({ reachable: true });
  });

  it('matches the longest prefix, against a plain model', async () => {
    const { lookUp } = await import('../src/reachability/longestPrefix.js');
    const cloud = world();
    for (let seed = 1; seed <= 200; seed++) {
      let state = seed * 2_654_435_761;
      const next = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 8) % below;
      };
      const routes = Array.from({ length: 1 + next(8) }, () => {
        const length = 12 + next(14);
        const base = (10 << 24) | (next(64) << 10);
        const size = 2 ** (32 - length);
        const first = Math.floor((base >>> 0) / size) * size;
        return cloud.plantRoute(
          'web',
          `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join('.')}/${length}`,
          nat,
          { state: next(10) === 0 ? 'deleting' : 'active', until: Infinity },
        );
      });
      const prefix = parseCidr('10.0.0.0/18');
      const pieces = lookUp(prefix, routes as never);
      for (let probe = 0; probe < 50; probe++) {
        const address = ((10 << 24) >>> 0) + next(2 ** 14);
        const contains = (cidr: string): number => {
          const [ip = '', length = '0'] = cidr.split('/');
          const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
          const size = 2 ** (32 - Number(length));
          return address >= value && address < value + size ? Number(length) : -1;
        };
        const best = routes
          .filter((one) => one.state !== 'deleting')
          .sort((a, b) => contains(b.destination) - contains(a.destination))[0];
        const expected = best !== undefined && contains(best.destination) >= 0 ? best.destination : undefined;
        const piece = [...pieces].sort((a, b) => contains(b.prefix) - contains(a.prefix))[0]!;
        expect([seed, piece.route?.destination]).toEqual([seed, expected]);
      }
    }
  });
});
