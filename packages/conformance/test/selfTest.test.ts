/**
 * Who tests the kit: deliberately broken drivers around the template's good one. The kit must fail nearly every one of
 * them; those that it lets through are named with the reason. The table of kills is printed.
 */
import { describe, expect, it } from '@jest/globals';
import { caseCount, runConformance, type CaseReport, type Harness, type Topic } from '../src/index.js';
import { harness } from '../../provider-template/test/harness.js';
import type { Mutant } from './broken.js';
import { mirrored } from './mirroredHarness.js';
import { BUSY } from './mutantsBusy.js';
import { FAMILIES } from './mutantsFamilies.js';
import { LINKS } from './mutantsLinks.js';
import { MANNERS } from './mutantsManners.js';
import { NETWORKS } from './mutantsNetworks.js';
import { PARTS } from './mutantsParts.js';
import { REFUSALS } from './mutantsRefusals.js';
import { READING } from './mutantsReading.js';
import { RIGHTS } from './mutantsRights.js';
import { ROUTES } from './mutantsRoutes.js';
import { SIDES } from './mutantsSides.js';
import { TEXTS } from './mutantsTexts.js';
import { WRITING } from './mutantsWriting.js';

const ENGINE = 'drivers are broken here, and the engine has its own tests';
const template: Harness = { ...harness, lacks: { ...harness.lacks, engine: ENGINE } };

function withoutEngine({ engine: _, ...rest }: Harness): Harness {
  return { ...rest, lacks: { ...rest.lacks, engine: ENGINE } };
}

const MUTANTS: readonly Mutant[] = [
  ...NETWORKS,
  ...READING,
  ...WRITING,
  ...ROUTES,
  ...LINKS,
  ...MANNERS,
  ...FAMILIES,
  ...TEXTS,
  ...REFUSALS,
  ...RIGHTS,
  ...PARTS,
  ...BUSY,
  ...SIDES,
];

function broken({ driver, plugin, over }: Mutant): Harness {
  const good = over === 'mirrored' ? withoutEngine(mirrored) : template;
  const changed = plugin === undefined ? good.plugin : plugin(good.plugin);
  return {
    ...good,
    plugin: changed,
    async open() {
      const world = await good.open(changed);
      if (driver === undefined) return world;
      return { ...world, driver: async (place, setup) => driver(await world.driver(place, setup)) };
    },
  };
}

/** Runs the kit until its first failure, without any test runner. */
async function firstFailure(harness: Harness, topics?: readonly Topic[]): Promise<CaseReport | undefined> {
  const bodies: (() => void | Promise<void>)[] = [];
  const ends: (() => void | Promise<void>)[] = [];
  let failure: CaseReport | undefined;
  runConformance(
    {
      describe: (_, body) => body(),
      it: Object.assign((_: string, body: () => void | Promise<void>) => bodies.push(body), { skip: () => undefined }),
      after: (body) => ends.push(body),
    },
    harness,
    {
      ...(topics === undefined ? {} : { topics }),
      print: () => undefined,
      onCase: (report) => {
        if (report.outcome === 'failed') failure ??= report;
      },
    },
  );
  for (const body of bodies) {
    await Promise.resolve(body()).catch(() => undefined);
    if (failure !== undefined) break;
  }
  for (const end of ends) await end();
  return failure;
}

describe('the kit against broken drivers', () => {
  const kills = new Map<string, string>();
  const survivors: string[] = [];

  it('passes the driver that they are made of', async () => {
    expect(await firstFailure(template)).toBeUndefined();
  });

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('a driver that %s', async (name, mutant) => {
    const harness = broken(mutant);
    const failure = (await firstFailure(harness, mutant.topics)) ?? (await firstFailure(harness));
    if (failure === undefined) survivors.push(name);
    else kills.set(name, `${failure.topic}: ${failure.case}`);
    // a survivor must be explained, and an explanation must be true
    expect([name, failure === undefined]).toEqual([name, mutant.survives !== undefined]);
  });

  it('kills at least 95 of 100', () => {
    const rows = MUTANTS.map(({ name, seen, survives }) => {
      const origin = seen === undefined ? '' : ` (${seen})`;
      return `${kills.has(name) ? 'killed  ' : 'SURVIVED'} ${name}${origin}\n           ${kills.get(name) ?? survives ?? ''}`;
    });
    console.log(
      `${rows.join('\n')}\n\n${kills.size} of ${MUTANTS.length} broken drivers killed; ${caseCount()} shared cases, survivors: ${survivors.length}`,
    );
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(220);
    expect(kills.size / MUTANTS.length).toBeGreaterThanOrEqual(0.95);
    expect(caseCount()).toBeGreaterThanOrEqual(400);
  });
});
