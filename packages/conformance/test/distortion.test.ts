/** Members of answers told otherwise, one by one, and what readings make of them. */
import { describe, expect, it } from '@jest/globals';
import { PeerwayError, type Network } from '@peerway/core';
import { distorted, effect, membersOf, nameOf } from '../src/distortion.js';
import { Inventory, runConformance, type CaseReport, type Harness } from '../src/index.js';
import { harness } from '../../provider-template/test/harness.js';
import { withParts } from './broken.js';

const ANSWER = { count: 2, nets: { net: [{ id: 'a' }, { id: 'b', tags: [], on: true, at: null }] } };

describe('a member told otherwise', () => {
  it('is any of an answer, of lists those of the newest items', () => {
    const newest = ['count', 'nets', 'nets.net', 'net.id', 'net.tags', 'net.on', 'net.at'];
    expect(membersOf(ANSWER).map(nameOf)).toEqual(newest);
    expect(membersOf(ANSWER, 2).map(nameOf)).toEqual([...newest, 'net.id of the one before']);
  });

  it.each([
    [['count'], 'left out', { nets: ANSWER.nets }],
    [['count'], 'another', { ...ANSWER, count: 3 }],
    [['count'], 'empty', undefined],
    [['nets', 'net'], 'empty', { ...ANSWER, nets: { net: [] } }],
    [['nets'], 'another', undefined],
    [['nets', 'net', -2, 'id'], 'another', { ...ANSWER, nets: { net: [{ id: 'a0' }, ANSWER.nets.net[1]] } }],
    [
      ['nets', 'net', -1, 'on'],
      'another',
      { ...ANSWER, nets: { net: [{ id: 'a' }, { ...ANSWER.nets.net[1], on: false }] } },
    ],
    [
      ['nets', 'net', -1, 'at'],
      'empty',
      { ...ANSWER, nets: { net: [{ id: 'a' }, { ...ANSWER.nets.net[1], at: '' }] } },
    ],
    [['nets', 'net', -1, 'tags'], 'empty', undefined],
    [['nothing', 'there'], 'left out', undefined],
  ] as const)('%j %s', (member, lie, expected) => {
    expect(distorted(ANSWER, member, lie)).toEqual(expected);
  });

  it.each([
    [{ items: [{ id: 'a', state: 'active' }] }, { items: [{ id: 'a', state: 'active' }] }, 'the same'],
    [
      { items: [{ id: 'a', state: 'active' }] },
      { items: [{ id: 'b', state: 'deleting' }] },
      'id is b, state is deleting',
    ],
    [{ items: [{ at: '10.0.0.1' }] }, { items: [{ at: '10.0.0.2' }] }, 'other at'],
    [{ items: [1] }, { items: [], unreadable: [{ id: 'net-12345678' }] }, 'fewer items, has unreadable [{id: net-…}]'],
    [{ end: { cidrs: [] } }, { end: {} }, 'no end.cidrs'],
  ])('%j read as %j is told as %s', (whole, seen, told) => {
    expect(effect({ value: whole }, { value: seen })).toBe(told);
  });

  it('an error is told by its code', () => {
    const error = new PeerwayError('Unknown', 'it says nothing');
    expect(effect({ value: [] }, { error })).toBe('throws Unknown');
    expect(effect({ error }, { value: [] })).toBe('no longer throws Unknown');
  });
});

/** A cloud whose answers are the networks themselves, and a driver that reads them so. */
const speaking = (read: (network: Network) => Network): Harness => ({
  ...harness,
  offers: [...harness.offers, 'rewrite'],
  lacks: { engine: 'not of interest here' },
  async open(plugin) {
    const world = await harness.open(plugin);
    let said = (answer: unknown): unknown => answer;
    return {
      ...world,
      rewrite: (change) => void (said = change ?? ((answer) => answer)),
      async driver(...how) {
        const made = await world.driver(...how);
        const get: typeof made.networks.get = async (...asked) =>
          (said(await made.networks.get(...asked)) as readonly Network[]).map(read);
        return withParts(made, { networks: { get } });
      },
    };
  },
});

async function failuresOf(one: Harness, inventory: Inventory): Promise<readonly string[]> {
  const bodies: (() => void | Promise<void>)[] = [];
  const reports: CaseReport[] = [];
  const it = (name: string, body: () => void | Promise<void>) =>
    /a driver that reads a network makes/i.test(name) && bodies.push(body);
  const options = { topics: ['words'] as const, inventory, print: () => undefined };
  runConformance({ describe: (_, body) => body(), it }, one, { ...options, onCase: (one) => reports.push(one) });
  for (const body of bodies) await Promise.resolve(body()).catch(() => undefined);
  expect(reports.filter(({ case: name }) => /reads a network makes/.test(name))).toHaveLength(3);
  return reports.flatMap(({ reason, outcome }) => (outcome === 'failed' ? [reason ?? ''] : []));
}

describe('a driver whose answers are told otherwise', () => {
  const good = speaking((network) => ({ ...network, cidrs: network.cidrs ?? [] }));

  it('is let through where it makes a reading of each, and what it makes is known afterwards', async () => {
    const learned = new Inventory('', true);
    expect(await failuresOf(good, learned)).toEqual([]);
    expect(learned.text()).toMatch(/^makes of \w+, where it reads a network, with name another: /m);
    const known = new Inventory(learned.text());
    expect(await failuresOf(good, known)).toEqual([]);
    const otherwise = speaking((network) => ({ ...network, cidrs: network.cidrs ?? [], name: '' }));
    expect((await failuresOf(otherwise, known)).join()).toContain('Forms that the inventory does not have');
  });

  it('fails where it stumbles, and the member is named', async () => {
    const stumbling = speaking((network) => ({ ...network, cidrs: network.cidrs.slice(0) }));
    expect((await failuresOf(stumbling, new Inventory('', true))).join()).toMatch(/cidrs left out: TypeError/);
  });
});
