/** Every open rule is asked about by one probe, or there is a reason; and every probe sees every position of its rules. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alibabaCloud, baiduCloud, type Cloud, type Parties, type RuleValue, type SheetRule } from '@peerway/parity';
import { differing, otherPositions, probed } from './moved.js';
import { everything, ROOM, World } from './world.js';

type Moved = Readonly<Record<string, RuleValue>>;

/** Sets of moved rules in which every position of every choice comes up; one that hides others stands alone. */
function everyPosition(cloud: Cloud, sheet: readonly SheetRule[]): readonly Moved[] {
  const rules = probed(cloud, sheet);
  const hiding = (name: string, position: RuleValue): boolean =>
    cloud.hidings.some((one) => one.rule === name && one.position === position);
  const positionsOf = (rule: SheetRule) => otherPositions(rule).filter((position) => !hiding(rule.name, position));
  // no choice has more than two others; the further numbers of a number are for bench/moved.mjs
  const most = 2;
  const together = Array.from({ length: most }, (_, index) =>
    Object.fromEntries(
      rules.flatMap((rule) => {
        const positions = positionsOf(rule);
        return positions.length === 0 ? [] : [[rule.name, positions[index % positions.length]!]];
      }),
    ),
  );
  return [...together, ...cloud.hidings.map(({ rule, position }) => ({ [rule]: position }))];
}

describe.each([alibabaCloud, baiduCloud] as readonly Cloud[])('$id', (cloud) => {
  let world: World;
  let parties: Parties;
  beforeAll(async () => {
    world = await World.open(cloud);
    parties = await world.parties();
  });
  afterAll(() => world.close());

  it('every open rule is probed, or it is said why not, and no rule twice', () => {
    const open = world.sheet.filter(
      ({ name, source }) => name.startsWith(cloud.prefix) && source.includes('unverified'),
    );
    const asked = cloud.probes.flatMap(({ rules }) => rules);
    const said = Object.keys(cloud.unprobed);
    expect([...asked, ...said].sort()).toEqual(open.map(({ name }) => name).sort());
    expect(new Set(cloud.probes.map(({ name }) => name)).size).toBe(cloud.probes.length);
  });

  it('sees every position of every rule, and nothing else', async () => {
    for (const moved of everyPosition(cloud, world.sheet)) {
      world.emulator.rules.reset();
      world.emulator.rules.set({ ...ROOM, ...moved });
      const { findings, result } = await everything(world, parties);
      expect([moved, differing(findings)]).toEqual([moved, Object.keys(moved).sort()]);
      const hidden = cloud.hidings
        .filter(({ rule, position }) => moved[rule] === position)
        .flatMap(({ hides }) => hides);
      const open = findings.filter(({ rule, verdict }) => verdict === 'open' && cloud.unprobed[rule] === undefined);
      expect(open.map(({ rule }) => rule)).toEqual([...hidden].sort());
      for (const { rule, seen } of findings) {
        // a range holds the number that it was moved to
        if (moved[rule] !== undefined && seen?.includes(' or more') !== true)
          expect([rule, seen]).toEqual([rule, String(moved[rule])]);
      }
      expect(result.swept.left).toEqual([]);
    }
  }, 180_000);
});
