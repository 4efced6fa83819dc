/** Lines, cut off anywhere: a plain run of either command repairs what a broken one of either left (the whole: bench/crashMatrix.mjs). */
import { describe, expect, it } from '@jest/globals';
import type { RequestObserver } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { CloudName } from './emulated.js';
import { LineWorld, type Row } from './lines.js';

type Mode = 'apply' | 'destroy';

interface Cut {
  readonly mode: Mode;
  /** The request at which the process dies, by its number or its operation; before it is sent, or when its answer arrives. */
  readonly at: number | string;
  readonly answered: boolean;
}

/** Runs a command that dies at one request. @returns how many requests there were */
async function cutOff(lines: LineWorld, { mode, at, answered }: Cut, file = lines.spec()): Promise<number> {
  let count = 0;
  let dead = false;
  const die = (): Error => {
    dead = true;
    return new Error('killed');
  };
  const observer: RequestObserver = {
    requestSent: (_, { nativeOperation: operation }) => {
      if (dead) throw die();
      count++;
      if ((count === at || operation === at) && !answered) throw die();
    },
    requestAnswered: (_, { nativeOperation: operation }) => {
      if (dead || (answered && (operation === at || count >= Number(at)))) throw die();
    },
  };
  const [region] = DEFAULT_WORLD[lines.cloud].regions;
  const mortal = await lines.world.provider(lines.cloud, 'a', region, observer);
  await lines.apply([file], mode, mortal).catch(() => undefined);
  await mortal.close();
  return count;
}

/** What is wrong after a whole run of the command; undefined: nothing. */
async function repaired(lines: LineWorld, mode: Mode, file = lines.spec()): Promise<string | undefined> {
  const report = await lines.apply([file], mode);
  const failed = report.steps.find((step) => step.outcome !== 'done');
  if (failed !== undefined) return `${failed.step}: ${failed.error?.message ?? failed.outcome}`;
  const [again] = (await lines.plan([file], mode)).steps;
  if (again !== undefined) return `a second plan has ${again.id}: ${again.reason}`;
  if (mode === 'destroy') return lines.left().length === 0 ? undefined : `left: ${lines.left().join()}`;
  const parts = lines.cloud === 'alibaba' ? [lines.rows('routers').length, lines.rows('interfaces').length] : [1, 2];
  return parts.join() === '1,2' ? undefined : `${parts.join()} parts`;
}

const WAYS: readonly { readonly cut: Mode; readonly then: Mode }[] = [
  { cut: 'apply', then: 'apply' },
  { cut: 'apply', then: 'destroy' },
  { cut: 'destroy', then: 'apply' },
  { cut: 'destroy', then: 'destroy' },
];

describe.each<CloudName>(['alibaba', 'baidu'])('%s: a line that is cut off', (cloud) => {
  /** From nothing, or from a line that stands, to the state in which a broken command is tried. */
  async function fresh(mode: Mode): Promise<LineWorld> {
    const lines = await LineWorld.start(cloud);
    if (mode === 'destroy') await lines.apply([lines.spec()]);
    return lines;
  }

  it.each(WAYS)('$cut broken off, then $then (a sample)', async ({ cut, then }) => {
    const rehearsal = await fresh(cut);
    const total = await cutOff(rehearsal, { mode: cut, at: Infinity, answered: false });
    await rehearsal.world.close();
    const broken: string[] = [];
    for (let at = 1 + (total % STRIDE); at <= total; at += STRIDE) {
      const lines = await fresh(cut);
      const answered = Math.floor(at / STRIDE) % 2 === 0;
      await cutOff(lines, { mode: cut, at, answered });
      const why = await repaired(lines, then).catch(String);
      if (why !== undefined) broken.push(`${answered ? 'after' : 'before'} request ${at} of ${total}: ${why}`);
      await lines.world.close();
    }
    expect(broken).toEqual([]);
  });

  it('two broken commands in a row, then either (a sample)', async () => {
    const broken: string[] = [];
    for (const [one, two, then] of [
      ['destroy', 'apply', 'apply'],
      ['apply', 'destroy', 'destroy'],
      ['destroy', 'apply', 'destroy'],
    ] as const) {
      for (const [first, second] of [
        [9, 8],
        [14, 12],
      ] as const) {
        const lines = await fresh(one);
        await cutOff(lines, { mode: one, at: first, answered: true });
        await cutOff(lines, { mode: two, at: second, answered: true });
        const why = await repaired(lines, then).catch(String);
        if (why !== undefined) broken.push(`${one} at ${first}, ${two} at ${second}, ${then}: ${why}`);
        await lines.world.close();
      }
    }
    expect(broken).toEqual([]);
  });
});

it('halves that a broken destroy removed are made anew as the file says now, at once', async () => {
  // the tokens of halves hold for half a minute: all of it happens in one
  const lines = await LineWorld.start('alibaba', {}, { start: Date.UTC(2026, 10, 1) });
  await lines.apply([lines.spec({ bandwidthMbps: 10 })]);
  await cutOff(lines, { mode: 'destroy', at: 'DeleteVirtualBorderRouter', answered: false });
  expect(await repaired(lines, 'apply', lines.spec({ bandwidthMbps: 20 }))).toBeUndefined();
  await lines.world.close();
});

it('a half that a person deletes as soon as it is made is made again with pauses, and the line comes up', async () => {
  const lines = await LineWorld.start('alibaba', {}, { start: Date.UTC(2026, 10, 1) });
  const deleted: string[] = [];
  const created = (): number =>
    lines.emulator.requests.filter(({ operation }) => operation === 'CreateRouterInterface').length;
  const observer: RequestObserver = {
    // the tags go as well: nothing tells of what was there
    requestAnswered: (_, { nativeOperation }) => {
      if (nativeOperation !== 'CreateRouterInterface' || created() !== 2) return;
      const half = lines.rows('interfaces').find((row) => row['routerType'] === 'VRouter');
      if (half === undefined) return;
      deleted.push(half.id);
      const state = lines.emulator.snapshot();
      const tables: Record<string, readonly Row[]> = { ...state.tables };
      for (const [name, rows] of Object.entries(tables))
        tables[name] = rows.filter((row) => row.id !== half.id && row['resource'] !== half.id);
      lines.emulator.restore({ ...state, tables });
    },
  };
  const provider = await lines.world.provider('alibaba', 'a', DEFAULT_WORLD.alibaba.regions[0], observer);
  expect((await lines.apply([lines.spec()], 'apply', provider)).outcome).toBe('done');
  expect(deleted).toHaveLength(1);
  expect(created()).toBeLessThanOrEqual(5);
  expect((await lines.plan([lines.spec()])).steps).toEqual([]);
  expect(lines.rows('interfaces')).toHaveLength(2);
  await lines.world.close();
});

describe('a line that left the file after its removal was broken off', () => {
  it.each([
    ['with its routes gone', 'DeactivateRouterInterface', false],
    ['with a half switched off', 'DeactivateRouterInterface', true],
    ['with both halves switched off', 'DeleteRouterInterface', false],
    ['with a half deleted', 'DeleteRouterInterface', true],
  ] as const)('%s: plan finds it without a call more, by what stands on its halves', async (_, at, answered) => {
    const lines = await LineWorld.start('alibaba');
    const empty = lines.emulator.requests.length;
    await lines.plan([]);
    const calls = lines.emulator.requests.length - empty;
    await lines.apply([lines.spec()]);
    await cutOff(lines, { mode: 'destroy', at, answered });
    const [step] = (await lines.plan([])).steps;
    expect(step).toMatchObject({ action: 'delete', work: { verb: 'link.delete' } });
    await lines.apply([]);
    expect(lines.left()).toEqual([]);
    const before = lines.emulator.requests.length;
    expect((await lines.plan([])).steps).toEqual([]);
    expect(lines.emulator.requests.length - before).toBe(calls);
    await lines.world.close();
  });
});

/** One request of so many is tried. */
const STRIDE = Number(process.env['PEERWAY_STRIDE'] ?? 17);
