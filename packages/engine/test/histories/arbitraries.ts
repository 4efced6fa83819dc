/** Random histories: what a world holds before the first step, and the steps. They shrink. */
import fc from 'fast-check';
import { parseCidr } from '@peerway/core';
import type { CloudName } from '../emulated.js';
import type { Edit, FileConnection, FileLink, LinkSays, Says, StackName } from './file.js';
import { MANUAL_CHANGES } from './manualChanges.js';
import type { Step } from './walk.js';
import { NETWORKS, type Cut, type NetworkName, type Scenario } from './world.js';

const network = fc.constantFrom<NetworkName>(...NETWORKS);
/** What the file declares at first. Most files are small, and a small one costs a third of the requests. */
const declared = fc.constantFrom<readonly NetworkName[]>(
  ['n0', 'n1'],
  ['n0', 'n1'],
  ['n0', 'far'],
  ['n0', 'far'],
  ['n0', 'n2'],
  ['n0', 'n1', 'far'],
  ['n0', 'n2', 'far'],
  NETWORKS,
);
const pairOf = (names: readonly NetworkName[]): fc.Arbitrary<[NetworkName, NetworkName]> =>
  fc.shuffledSubarray([...names], { minLength: 2, maxLength: 2 }).map(([a = 'n0', b = 'n1']) => [a, b]);
const tags = fc.constantFrom<Record<string, string>>(
  {},
  { team: 'net' },
  { team: 'core', cost: '7' },
  { Umlaut: 'größe' },
);
const routes = fc.constantFrom<FileConnection['routes']>(
  'auto',
  'auto',
  'none',
  [parseCidr('11.3.128.0/20')],
  [parseCidr('11.1.7.0/24')],
  [parseCidr('11.1.7.0/24'), parseCidr('10.8.0.0/16')],
  [parseCidr('0.0.0.0/0')],
  'first-side',
);
/** Name switches are Baidu's alone. */
const says = fc.constantFrom<Says>(
  {},
  { description: 'Shop to data' },
  { description: 'Shop: all of it', dnsSync: 'both' },
  { dnsSync: 'none' },
  { dnsSync: 'both' },
);
const linkSays = fc.constantFrom<LinkSays>(
  {},
  { description: 'To the office' },
  { healthCheck: { source: '11.0.0.9', intervalMs: 3_000, failures: 3 } },
  { description: 'To the depot', healthCheck: { source: '11.0.0.9', failures: 4 } },
);
const name = fc.constantFrom('web', 'Web', 'web2', 'core.x');
const at = fc.nat(7);

const connectionOf = (names: readonly NetworkName[]): fc.Arbitrary<FileConnection> =>
  fc.record(
    {
      name,
      between: pairOf(names),
      also: fc.constantFrom(...names),
      mechanism: fc.constantFrom('vpc-peer', 'router-interface'),
      bandwidthMbps: fc.constantFrom(10, 20),
      tags,
      routes,
      says,
    },
    { requiredKeys: ['name', 'between', 'tags', 'routes'] },
  );
const link: fc.Arbitrary<FileLink> = fc.record(
  {
    name: fc.constantFrom('idc', 'line'),
    across: fc.nat(3).map((one) => one === 3),
    vlan: fc.constantFrom(30, 31),
    bandwidthMbps: fc.constantFrom(10, 20),
    tags,
    destinations: fc.constantFrom(['192.168.0.0/16'], ['192.168.0.0/17', '172.16.0.0/12']),
    says: linkSays,
  },
  { requiredKeys: ['name', 'across', 'vlan', 'bandwidthMbps', 'tags', 'destinations'] },
);
/** A network that is not declared cannot be joined, so of four added connections one is between any two. */
const editsOf = (names: readonly NetworkName[]): fc.Arbitrary<Edit> =>
  fc.oneof(
    { weight: 3, arbitrary: connectionOf(names).map((one) => ({ kind: 'add', connection: one }) as const) },
    connectionOf(NETWORKS).map((one) => ({ kind: 'add', connection: one }) as const),
    at.map((one) => ({ kind: 'remove', at: one }) as const),
    fc.record({ kind: fc.constant('rename' as const), at, name }),
    fc.record({ kind: fc.constant('tags' as const), at, tags }),
    fc.record({ kind: fc.constant('says' as const), at, says }),
    fc.record({ kind: fc.constant('linkSays' as const), says: linkSays }),
    fc.record({ kind: fc.constant('bandwidth' as const), at, mbps: fc.constantFrom(10, 20, 50) }),
    fc.record({ kind: fc.constant('routes' as const), at, routes }),
    fc.record({
      kind: fc.constant('mechanism' as const),
      at,
      mechanism: fc.constantFrom('vpc-peer', 'router-interface'),
    }),
    fc.boolean().map((named) => ({ kind: 'table', named }) as const),
    fc.constantFrom({}, { linkType: 'Platinum' }).map((options) => ({ kind: 'options', options }) as const),
    fc.boolean().map((stay) => ({ kind: 'entries', stay }) as const),
    network.map((one) => ({ kind: 'leave', network: one }) as const),
    network.map((one) => ({ kind: 'return', network: one }) as const),
    { weight: 2, arbitrary: fc.option(link, { nil: undefined }).map((one) => ({ kind: 'link', link: one }) as const) },
  );
const phase = fc.constantFrom<Cut['phase']>('before', 'done');
/** Reads are many and cutting one off is mostly the same as cutting off the next. */
const cut: fc.Arbitrary<Cut> = fc.oneof(
  fc.record({ at: fc.integer({ min: 1, max: 40 }), phase }),
  fc.record({ at: fc.integer({ min: 1, max: 16 }), phase, counts: fc.constant('changes' as const) }),
);
/** Whose file and commands: the first stack's three times of four. */
const of = fc.constantFrom<StackName>('hist', 'hist', 'hist', 'other');
const stepsOf = (cloud: CloudName, names: readonly NetworkName[]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('edit' as const), edit: editsOf(names), of }) },
      {
        weight: 4,
        arbitrary: fc
          .record({ kind: fc.constantFrom(...MANUAL_CHANGES[cloud]), at })
          .map((hand): Step => ({ kind: 'hand', hand: hand })),
      },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('apply' as const), cut, of }, { requiredKeys: ['kind', 'of'] }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('destroy' as const), cut, of }, { requiredKeys: ['kind', 'of'] }),
      },
      {
        weight: 2,
        arbitrary: fc.record(
          { kind: fc.constantFrom('adopt' as const, 'release' as const), at, cut, of },
          { requiredKeys: ['kind', 'at', 'of'] },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(3_000, 60_000, 8 * 24 * 3_600_000).map((ms): Step => ({ kind: 'time', ms })),
      },
    ),
    { minLength: 1, maxLength: 7 },
  );
/** A file as its author first writes it. */
export interface FirstFile {
  /** Networks that it names; all four are there. */
  readonly declared: readonly NetworkName[];
  readonly connection: FileConnection;
  readonly link: FileLink | undefined;
  /** Whether it names the custom table of `n0`, where there is one. */
  readonly table: boolean;
}

export interface Drawn {
  readonly scenario: Scenario;
  readonly file: FirstFile;
  /** A second stack, in the same networks. */
  readonly other: FirstFile | undefined;
  /** True: all of it is applied before the first step, so that there is something for changes by hand and edits to meet. */
  readonly settled: boolean;
  readonly steps: readonly Step[];
}

const firstFile: fc.Arbitrary<FirstFile> = declared.chain((names) =>
  fc.record({
    declared: fc.constant(names),
    connection: connectionOf(names),
    link: fc.option(link, { nil: undefined, freq: 2 }),
    table: fc.boolean(),
  }),
);

/** Every history that the property speaks of: what is there before the first step, then the steps. */
export const history = (cloud: CloudName): fc.Arbitrary<Drawn> =>
  firstFile.chain((file) =>
    fc.record({
      scenario: fc.record({
        cloud: fc.constant(cloud),
        dualStack: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        tables: fc.boolean(),
        prefixList: fc.boolean(),
        second: fc.nat(59),
      }),
      file: fc.constant(file),
      other: fc.option(firstFile, { nil: undefined, freq: 2 }),
      settled: fc.nat(3).map((one) => one > 0),
      steps: stepsOf(cloud, file.declared),
    }),
  );
