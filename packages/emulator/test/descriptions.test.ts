/** What holds of every description of both clouds: members without effect are not judged, chosen texts have their rules. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import type { ParameterDescription, Violation } from '../src/machine/description.js';
import { validate } from '../src/machine/description.js';
import type { TextRule } from '../src/machine/textRule.js';

const CLOUDS = ['alibaba', 'baidu'] as const;
const WIRES = { alibaba: 'text', baidu: 'json' } as const;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 1 });
});
afterAll(() => emulator.close());

interface Member {
  readonly operation: string;
  readonly path: string;
  readonly field: ParameterDescription;
  readonly mutating: boolean;
  /** Members of the same object. */
  readonly siblings: readonly ParameterDescription[];
}

/** Every member of every operation, however deep. */
function members(cloud: (typeof CLOUDS)[number]): readonly Member[] {
  const walk = (
    fields: readonly ParameterDescription[],
    operation: string,
    mutating: boolean,
    prefix: string,
  ): Member[] =>
    fields.flatMap((field) => {
      const path = `${prefix}${field.name}`;
      const inner = [...(field.fields ?? []), ...(field.item?.fields ?? [])];
      return [{ operation, path, field, mutating, siblings: fields }, ...walk(inner, operation, mutating, `${path}.`)];
    });
  return emulator
    .operations(cloud)
    .flatMap(({ description: { name, parameters, mutating } }) => walk(parameters, name, mutating, ''));
}

const violationsOf = (field: ParameterDescription, value: unknown, wire: 'text' | 'json'): readonly Violation[] =>
  validate([field], { [field.name]: value }, wire).violations;

describe('members without effect', () => {
  it.each(CLOUDS)('are taken in any type on %s', (cloud) => {
    const ignored = members(cloud).filter(({ field }) => field.ignored === true);
    expect(ignored.length).toBeGreaterThan(0);
    const values = ['', 'text', 4, 4.5, true, null, ['x'], { a: 1 }];
    const judged = ignored.filter(({ field }) =>
      values.some((value) => violationsOf(field, value, WIRES[cloud]).length > 0),
    );
    expect(judged.map(({ operation, path }) => `${operation} ${path}`)).toEqual([]);
  });
});

describe('a member that is declared ignored', () => {
  it('is not judged whatever type it is declared with', () => {
    const ipVersion: ParameterDescription = { name: 'ipVersion', type: 'text', max: 1, ignored: true };
    for (const wire of ['text', 'json'] as const) {
      for (const value of [4, true, 'IPv4', ['x'], { a: 1 }]) expect(violationsOf(ipVersion, value, wire)).toEqual([]);
    }
    expect(violationsOf({ name: 'ipVersion', type: 'text', max: 1 }, 4, 'json')).toMatchObject([{ kind: 'type' }]);
  });
});

/** Texts that a rule refuses, by the kind of breach. */
function breaches(rule: TextRule): readonly { readonly text: string; readonly kind: 'range' | 'pattern' }[] {
  const outside = (classes: string | undefined): string | undefined =>
    classes === undefined ? undefined : [...'1-.@ _é'].find((one) => !new RegExp(`[${classes}]`, 'u').test(one));
  const first = outside(rule.first);
  const other = outside(rule.alphabet);
  const padded = (text: string): string => text + 'a'.repeat(Math.max(0, rule.min - [...text].length));
  return [
    { text: 'a'.repeat(rule.max + 1), kind: 'range' as const },
    ...(rule.min > 1 ? [{ text: 'a'.repeat(rule.min - 1), kind: 'range' as const }] : []),
    ...(first === undefined ? [] : [{ text: padded(`${first}a`), kind: 'pattern' as const }]),
    ...(other === undefined ? [] : [{ text: padded(`a${other}a`), kind: 'pattern' as const }]),
    ...[...(rule.notAtStart ?? []), ...(rule.nowhere ?? [])].map((text) => ({
      text: padded(text),
      kind: 'pattern' as const,
    })),
    ...(rule.nowhere ?? []).map((text) => ({ text: padded(`a${text}`), kind: 'pattern' as const })),
  ];
}

describe('chosen texts', () => {
  it('of Alibaba Cloud all have the rule that the vendor documents', () => {
    const chosen = /(^|\.)(Name|VpcName|VSwitchName|RouteEntryName|RouteTableName|Description|Tags?\.(Key|Value))$/;
    const without = members('alibaba').filter(
      ({ field, mutating, path }) => mutating && chosen.test(path) && field.rule === undefined,
    );
    expect(without.map(({ operation, path }) => `${operation} ${path}`)).toEqual([]);
  });

  it('of Baidu AI Cloud all have theirs, but for the three of peer connections, which are rule switches', () => {
    const chosen = /(^|\.)(name|description|localIfName|peerIfName|tagKey|tagValue)$/;
    const without = members('baidu').filter(
      ({ field, mutating, path }) => mutating && chosen.test(path) && field.rule === undefined,
    );
    expect(without.map(({ operation, path }) => `${operation} ${path}`).sort()).toEqual([
      'CreatePeerConn description',
      'CreatePeerConn localIfName',
      'CreatePeerConn peerIfName',
      'UpdatePeerConn description',
      'UpdatePeerConn localIfName',
    ]);
  });

  it.each(CLOUDS)('are refused at every edge of their rule on %s', (cloud) => {
    const wire = WIRES[cloud];
    for (const { operation, path, field } of members(cloud)) {
      const { rule } = field;
      if (rule === undefined) continue;
      for (const length of [rule.min, rule.max]) {
        expect([operation, path, violationsOf(field, 'a'.repeat(length), wire)]).toEqual([operation, path, []]);
      }
      for (const { text, kind } of breaches(rule)) {
        expect([operation, path, text, violationsOf(field, text, wire)]).toMatchObject([
          operation,
          path,
          text,
          [{ kind }],
        ]);
      }
    }
  });
});
