/** Kill it anywhere: a sample of the crash matrix of a 20-connection apply and destroy (the whole, on both clouds: `node packages/engine/bench/crashMatrix.mjs 1`). */
import { describe, expect, it } from '@jest/globals';
import { crashMatrix, PHASES } from './crashes.js';
import { FakeCloud, MIRRORED, SHARED, STRICT, type FakeOptions } from './fakeCloud.js';
import { hub, line, mesh, pair, Scene } from './scene.js';

/** Twenty connections: a mesh of five, a hub of eight, a cross-account pair and a line. */
function twenty(options: Partial<FakeOptions>): { cloud: FakeCloud; scene: Scene } {
  const cloud = new FakeCloud(options);
  const names = Array.from({ length: 14 }, (_, at) => `n${at}`);
  names.forEach((name, at) => cloud.network(name, [`10.${at}.0.0/16`]));
  cloud.network('far', ['10.99.0.0/16'], { account: 'acc-b', region: 'r2' });
  const more = options.bandwidth === 'required' ? { bandwidthMbps: 10 } : {};
  const scene = new Scene(cloud, {
    connections: [
      mesh('all', names.slice(0, 5), more),
      hub('core', 'n5', names.slice(6, 14), more),
      pair('away', 'n0', 'far', { bandwidthMbps: 10 }),
    ],
    links: options.links === false ? [] : [line('idc', 'n1')],
  });
  return { cloud, scene };
}

const KINDS: [string, Partial<FakeOptions>][] = [
  ['shared', SHARED],
  ['strict', STRICT],
  ['mirrored', MIRRORED],
  ['without marks on routes', { ...SHARED, routeDescriptions: false }],
  ['slow to show', { ...SHARED, lagMs: 3_000 }],
];

describe('kill anywhere', () => {
  const cases = KINDS.flatMap(([kind, options]) =>
    (['apply', 'destroy'] as const).flatMap((mode) => PHASES.map((phase) => [kind, mode, phase, options] as const)),
  );
  it.each(cases)(
    '%s: %s, killed when a request is %s, is repaired by a plain re-run',
    async (_, mode, phase, options) => {
      const outcome = await crashMatrix(() => twenty(options), mode, 23, [phase]);
      expect(outcome.broken).toEqual([]);
      expect(outcome).toMatchObject({ repaired: outcome.points, duplicates: 0, orphans: 0 });
      expect(outcome.points).toBeGreaterThan(3);
    },
  );
});
