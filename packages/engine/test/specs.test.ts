/** Generated specs on three kinds of cloud: names, orders and CIDR spellings varied; `PEERWAY_RANDOM_SPECS=10000` for many. */
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@peerway/core';
import type { ConnectionSpec } from '@peerway/engine';
import { FakeCloud, MIRRORED, SHARED, STRICT } from './fakeCloud.js';
import { hub, mesh, Scene } from './scene.js';

describe('random specs', () => {
  const SEED = 61_120;
  const RUNS = Number(process.env['PEERWAY_RANDOM_SPECS'] ?? 100);

  function randomScene(random: ReturnType<typeof seededRandom>): Scene {
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
    const options = pick([
      SHARED,
      STRICT,
      MIRRORED,
      { ...SHARED, tags: false },
      { ...SHARED, lagMs: 2_000 },
      { ...STRICT, retag: false },
    ]);
    const cloud = new FakeCloud(options);
    const count = 3 + Math.floor(random.next() * 6);
    const networks: Record<string, string> = {};
    for (let at = 0; at < count; at++) {
      const where = random.next() < 0.3 ? { account: 'acc-b', region: 'r2' } : {};
      const cidrs = [
        `10.${at}.0.0/16`,
        ...(random.next() < 0.3 ? [`172.16.${at}.0/24`] : []),
        ...(random.next() < 0.2 ? [`2001:DB8:${at}::/48`] : []),
      ];
      const id = `vpc-${Math.floor(random.next() * 1e9)}-${at}`;
      cloud.network(id, cidrs, where);
      networks[pick(['a', 'Z', 'net', 'x9']) + String(at)] = id;
    }
    const names = Object.keys(networks).sort(() => random.next() - 0.5);
    const more = options.bandwidth === 'required' ? { bandwidthMbps: 10 } : {};
    const connections: ConnectionSpec[] = [];
    const split = 1 + Math.floor(random.next() * (names.length - 1));
    if (split >= 2) connections.push(mesh(pick(['all', 'Mesh-1']), names.slice(0, split), more));
    if (names.length > split)
      connections.push(hub('hub', names[0]!, names.slice(split), { ...more, routes: pick(['auto', 'auto', 'none']) }));
    return new Scene(cloud, { networks, connections });
  }

  it.each(Array.from({ length: RUNS }, (_, run) => SEED + run))(
    'after an apply the plan is empty, after faults they converge, after a destroy nothing is left (seed %d)',
    async (seed) => {
      const random = seededRandom(seed);
      const scene = randomScene(random);
      const { cloud } = scene;
      const planted = cloud.plantRoute([...cloud.networks.keys()][0]!, '203.0.113.0/24', {
        kind: 'other',
        id: 'nat-1',
      });
      const faulty = random.next() < 0.5;
      if (faulty) {
        cloud.onRequest = () => {
          if (random.next() < 0.03) throw new (class extends Error {})();
        };
        await scene.apply().catch(() => undefined);
        cloud.onRequest = undefined;
      }
      const report = await scene.apply();
      expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
      const plan = await scene.plan();
      expect([plan.steps, plan.drift]).toEqual([[], []]);
      expect(faulty ? 0 : cloud.conflicts).toBe(0);
      expect((await scene.destroy()).outcome).toBe('done');
      expect([cloud.peerings, cloud.routes.filter((route) => route.origin === 'custom')]).toEqual([[], [planted]]);
    },
  );
});
