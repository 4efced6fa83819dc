/** The keeper of places by itself: what runs say, lose and repeat, and with what a new history goes on. */
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@peerway/core';
import type { PlaceTicket } from '@peerway/engine';
import type { PlacesState, RunAddress } from '../src/temporal/protocol.js';
import { PlacesKeeper } from '../src/temporal/workflows/placesKeeper.js';

const EMPTY: PlacesState = { held: [], waiting: [], owners: {} };
const run = (name: string): RunAddress => ({ workflowId: `run/${name}`, runId: `${name}-1` });
const ticket = (id: string, ...networks: string[]): PlaceTicket => ({
  id,
  wishes: networks.map((network) => ({ name: `create alibaba ${network}`, limit: 1 })),
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Hears what a keeper says; runs that have ended cannot be told anything. */
class Runs {
  readonly told: string[] = [];
  readonly ended = new Set<string>();
  readonly reach = {
    grant: async ({ workflowId }: RunAddress, tickets: readonly string[]) => {
      if (this.ended.has(workflowId)) throw new Error('it has ended');
      this.told.push(`${workflowId}: ${tickets.join(', ')}`);
    },
    ended: async (runs: readonly RunAddress[]) => runs.filter(({ workflowId }) => this.ended.has(workflowId)),
  };

  keeper(state = EMPTY): PlacesKeeper {
    return new PlacesKeeper(state, this.reach);
  }
}

describe('the keeper of places', () => {
  it('gives a place once, in the order of asking, and says so to the run', async () => {
    const runs = new Runs();
    const keeper = runs.keeper();
    keeper.hear({ from: run('a'), ask: [ticket('a1', 'v1', 'v2')], giveBack: [] });
    keeper.hear({ from: run('b'), ask: [ticket('b1', 'v2'), ticket('b2', 'v3')], giveBack: [] });
    await settled();
    expect(runs.told).toEqual(['run/a: a1', 'run/b: b2']);
    keeper.hear({ from: run('a'), ask: [], giveBack: ['a1'] });
    await settled();
    expect(runs.told.slice(2)).toEqual(['run/b: b1']);
  });

  it('says it again to a run that asks for what it has', async () => {
    const runs = new Runs();
    const keeper = runs.keeper();
    for (let times = 0; times < 2; times++) keeper.hear({ from: run('a'), ask: [ticket('a1', 'v1')], giveBack: [] });
    await settled();
    expect(runs.told).toEqual(['run/a: a1', 'run/a: a1']);
  });

  it('a ticket that is asked for again and given back in one message is given back: the next in line has its place', async () => {
    const runs = new Runs();
    const keeper = runs.keeper();
    keeper.hear({ from: run('a'), ask: [ticket('a1', 'v1')], giveBack: [] });
    keeper.hear({ from: run('b'), ask: [ticket('b1', 'v1')], giveBack: [] });
    // the run asked again before it heard, heard, did the task, and all of it went in one message
    keeper.hear({ from: run('a'), ask: [ticket('a1', 'v1')], giveBack: ['a1'] });
    await settled();
    expect(runs.told).toEqual(['run/a: a1', 'run/b: b1']);
    expect(keeper.state).toEqual({ held: [ticket('b1', 'v1')], waiting: [], owners: { b1: run('b') } });
    keeper.hear({ from: run('b'), ask: [], giveBack: ['b1'] });
    expect(keeper.isEmpty).toBe(true);
  });

  it('takes back what a run has that has ended without a word, or cannot be told', async () => {
    const runs = new Runs();
    const keeper = runs.keeper();
    keeper.hear({ from: run('a'), ask: [ticket('a1', 'v1')], giveBack: [] });
    keeper.hear({ from: run('b'), ask: [ticket('b1', 'v1')], giveBack: [] });
    keeper.hear({ from: run('c'), ask: [ticket('c1', 'v1')], giveBack: [] });
    await keeper.lookAfter();
    await settled();
    expect(runs.told).toEqual(['run/a: a1']);
    runs.ended.add('run/a').add('run/b');
    await keeper.lookAfter();
    await settled();
    expect(runs.told.slice(1)).toEqual(['run/c: c1']);
    expect(keeper.state.owners).toEqual({ c1: run('c') });
  });

  it('is quiet when nothing that it says is on its way', async () => {
    let heard: (() => void) | undefined;
    const grant = (): Promise<void> => new Promise((resolve) => (heard = resolve));
    const keeper = new PlacesKeeper(EMPTY, { grant, ended: async () => [] });
    expect(keeper.isQuiet).toBe(true);
    keeper.hear({ from: run('a'), ask: [ticket('a1', 'v1')], giveBack: [] });
    expect(keeper.isQuiet).toBe(false);
    heard?.();
    await settled();
    expect(keeper.isQuiet).toBe(true);
  });

  it.each([1, 2, 3])('goes on from its state, as JSON, as if nothing had been (seed %i)', async (seed) => {
    const [whole, parts] = [new Runs(), new Runs()];
    const random = seededRandom(seed);
    const one = whole.keeper();
    let other = parts.keeper();
    const open: { from: RunAddress; id: string }[] = [];
    for (let turn = 0; turn < 300; turn++) {
      const from = run(`r${Math.floor(random.next() * 4)}`);
      const networks = [0, 0].map(() => `v${Math.floor(random.next() * 6)}`);
      const asked = ticket(`t${turn}`, ...new Set(networks));
      const mine = open.filter((each) => each.from.workflowId === from.workflowId);
      const back = mine.slice(0, random.next() < 0.6 ? 2 : 0).map(({ id }) => id);
      for (const id of back)
        open.splice(
          open.findIndex((each) => each.id === id),
          1,
        );
      open.push({ from, id: asked.id });
      const message = { from, ask: [asked], giveBack: back };
      one.hear(message);
      other.hear(message);
      await settled();
      if (random.next() < 0.1) other = parts.keeper(JSON.parse(JSON.stringify(other.state)) as PlacesState);
    }
    expect(parts.told).toEqual(whole.told);
    expect(other.state).toEqual(one.state);
    expect(whole.told.length).toBeGreaterThan(50);
  });
});
