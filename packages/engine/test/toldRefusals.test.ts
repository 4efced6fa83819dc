/**
 * What an apply makes of every answer to every request but the good one, once and for ever: what it asks more often or less often than
 * where all goes well, what it says, and what the next plan says of it; as text.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { PeerwayError, type ErrorCode } from '@peerway/core';
import { worldOf } from './driftCases.js';
import { MIRRORED, SHARED, type FakeOptions } from './fakeCloud.js';
import { hub, line, pair, type Declaration } from './scene.js';
import { carriedLines, eventText, Told } from './told.js';

interface Answer {
  readonly code: ErrorCode;
  readonly times: number;
  readonly phase: 'before' | 'after';
}

const refused = (code: ErrorCode, times = Infinity): Answer => ({ code, times, phase: 'before' });
const ANSWERS: Readonly<Record<string, Answer>> = {
  'a conflict': refused('Conflict', 1),
  'conflicts for ever': refused('Conflict'),
  'one throttled': refused('Throttled', 1),
  'all throttled': refused('Throttled'),
  unavailable: refused('Unavailable'),
  'not found': refused('NotFound'),
  'there already': refused('AlreadyExists'),
  forbidden: refused('PermissionDenied'),
  'a wrong state': refused('FailedPrecondition'),
  'a lost answer': { code: 'Unavailable', times: 1, phase: 'after' },
  'lost answers': { code: 'Unavailable', times: 3, phase: 'after' },
};

const WIDE = { bandwidthMbps: 5 };
const BEFORE: Declaration = {
  connections: [pair('web-data', 'web', 'data', WIDE), pair('old', 'data', 'far', WIDE)],
  links: [line('gone', 'data', { vlan: 40 })],
};
/** Everything is made, changed and removed at once. */
const AFTER: Declaration = {
  connections: [hub('core', 'web', ['far'], WIDE), pair('renamed', 'web', 'data', { ...WIDE, tags: { team: 'net' } })],
  links: [line('idc', 'web')],
};

const CLOUDS: readonly (readonly [string, Partial<FakeOptions>, readonly string[]])[] = [
  [
    'shared',
    { ...SHARED, bandwidth: 'optional', linkChanges: true },
    [
      'peerings.create',
      'peerings.accept',
      'peerings.update',
      'peerings.delete',
      'peerings.list',
      'routes.createMany',
      'routes.deleteMany',
      'routes.list',
      'links.create',
      'links.continue',
      'links.delete',
      'links.get',
    ],
  ],
  [
    'mirrored',
    { ...MIRRORED, batch: undefined, serialRoutes: false, bandwidth: 'optional' },
    ['peerings.create', 'peerings.accept', 'peerings.continue', 'peerings.delete', 'routes.create', 'routes.delete'],
  ],
];

const ROWS = CLOUDS.flatMap(([name, options, operations]) =>
  operations.map((operation) => ({ name, options, operation })),
);

const TOLD_EVENTS: ReadonlySet<string> = new Set(['step.retried', 'step.failed', 'step.skipped', 'apply.done']);

interface Story {
  /** What was asked → how often. */
  readonly asks: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
}

async function story(options: Partial<FakeOptions>, asked: string, answer?: Answer): Promise<Story> {
  const scene = await worldOf({ options, declared: BEFORE });
  const { cloud } = scene;
  scene.declaration = AFTER;
  scene.events.length = 0;
  let left = answer?.times ?? 0;
  cloud.refuses = (operation, phase) => {
    const isApplied = scene.events.some(({ type }) => type === 'apply.started');
    if (answer === undefined || operation !== asked || phase !== answer.phase || !isApplied || left <= 0)
      return undefined;
    left--;
    return new PeerwayError(answer.code, 'so the cloud says', phase === 'after' ? { outcome: 'unknown' } : {});
  };
  await carriedLines(scene);
  cloud.refuses = undefined;
  const asks = new Map<string, number>();
  for (const { operation, account, code } of cloud.requests) {
    const what = `${operation} by ${account}${code === undefined ? '' : `: ${code}`}`;
    asks.set(what, (asks.get(what) ?? 0) + 1);
  }
  const says = scene.events.filter(({ type }) => TOLD_EVENTS.has(type)).map(eventText);
  const took = (scene.events.at(-1)?.at ?? 0) - (scene.events[0]?.at ?? 0);
  const { problems, steps } = await scene.plan();
  return {
    asks,
    lines: [
      ...says.slice(0, 4),
      ...(says.length > 4 ? [`… ${says.length} lines …`, ...says.slice(-4)] : []),
      `took ${Math.round(took)} ms`,
      ...problems.map(({ kind, message }) => `then: ${kind}: ${message}`),
      ...steps.map(({ id, reason }) => `then: ${id}: ${reason}`),
    ],
  };
}

function told(story: Story, good: Story): string[] {
  const asked = [...new Set([...good.asks.keys(), ...story.asks.keys()])].flatMap((what) => {
    const [before, now] = [good.asks.get(what) ?? 0, story.asks.get(what) ?? 0];
    return before === now ? [] : [`  ${what}: ${now} for ${before}`];
  });
  return [...asked, ...story.lines.map((text) => `  ${text}`)];
}

describe('refused', () => {
  const text = new Told('refused');
  afterAll(() => text.end());

  it.each(ROWS)('$operation of a $name cloud is told', async ({ name, options, operation }) => {
    const good = await story(options, operation);
    const differences = await text.differences(
      `${name}, ${operation}`,
      ANSWERS,
      async (answer) => told(await story(options, operation, answer), good),
      (lines, { code }) => lines.replaceAll(code, 'CODE'),
    );
    expect(differences).toEqual([]);
  });
});
