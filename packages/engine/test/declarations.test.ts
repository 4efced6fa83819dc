/** What a declaration comes to before any cloud is asked: edges and what is wrong with it; and how a plan is written out. */
import { describe, expect, it } from '@jest/globals';
import { accountId, networkId, portId, regionId, type Provider } from '@peerway/core';
import { pairsOf, renderPlan, type ConnectionSpec, type NetworkSpec, type Plan, type PlanStep } from '@peerway/engine';
import { choiceOf, covers, expand, pairKey, staysAsListed } from '../src/declaration/topology.js';
import { namesFor } from '../src/import/names.js';
import { FakeCloud } from './fakeCloud.js';
import { hub, line, mesh, pair, stackOf, type Declaration } from './scene.js';

const cloud = new FakeCloud();
for (const [at, name] of ['web', 'data', 'jobs', 'logs'].entries()) cloud.network(name, [`10.${at}.0.0/16`]);

const found = (declared: Declaration, change: Record<string, Partial<NetworkSpec> | string> = {}) => {
  const stack = stackOf(cloud, declared);
  const networks = new Map(
    [...stack.networks].map(([name, spec]) => {
      const other = change[name];
      return [typeof other === 'string' ? other : name, typeof other === 'object' ? { ...spec, ...other } : spec];
    }),
  );
  const { edges, problems } = expand({ ...stack, networks });
  return {
    edges: edges.map(({ connection, declared: name, initiator, acceptor, hub: center }) =>
      [connection, name, initiator, acceptor, ...(center === undefined ? [] : [`hub ${center}`])].join(', '),
    ),
    problems: problems.map(({ severity, kind, object, message, remedy }) =>
      [severity, kind, object, message, remedy].join(' | '),
    ),
  };
};

describe('a declaration', () => {
  it('joins pairs as written, spokes with their hub, and members of a mesh by name', () => {
    const declared = {
      connections: [pair('p', 'web', 'data'), hub('h', 'jobs', ['web', 'data']), mesh('m', ['web', 'logs', 'data'])],
    };
    expect(found(declared)).toEqual({
      edges: [
        'p, p, web, data',
        'h/jobs/web, h, jobs, web, hub jobs',
        'h/jobs/data, h, jobs, data, hub jobs',
        'm/data/logs, m, data, logs',
        'm/logs/web, m, logs, web',
      ],
      problems: [
        'error | duplicate-pair | m/data/web | m/data/web joins data and web, which p joins already | Remove one of the two: a pair of networks takes one peering.',
      ],
    });
    const members = ['c', 'a', 'b'];
    expect([...pairsOf(mesh('m', members))].map(String)).toEqual(['a,b', 'a,c', 'b,c']);
    expect(members).toEqual(['c', 'a', 'b']);
    expect([pairKey('a', 'b'), pairKey('b', 'a')]).toEqual(['a | b', 'a | b']);
  });

  it.each<[string, ConnectionSpec, string]>([
    ['its first network', pair('c', 'gone', 'web'), 'c names the network gone, which is not declared'],
    ['its second network', pair('c', 'web', 'gone'), 'c names the network gone, which is not declared'],
    ['one network twice', pair('c', 'web', 'web'), 'c joins web with itself'],
    [
      'routes of another',
      pair('c', 'web', 'data', { routes: { sides: { web: 'none', jobs: 'none' } } as never }),
      'The routes of c speak of the network jobs, which it does not join | Choose one of web, data.',
    ],
    [
      'names of another',
      { ...hub('c', 'web', ['data', 'jobs']), dnsSync: ['web', 'logs', 'jobs'] },
      'dnsSync of c speaks of the network logs, which it does not join | Choose one of web, data, jobs.',
    ],
    [
      'names of another than its members',
      { ...mesh('c', ['data', 'jobs']), dnsSync: ['web'] },
      'dnsSync of c speaks of the network web, which it does not join | Choose one of data, jobs.',
    ],
  ])('is wrong where a connection names %s', (_, connection, says) => {
    const { problems } = found({ connections: [connection] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`c | ${says}`);
    expect(problems[0]).toMatch(/^error \| (unknown-network|self-peering) \|/);
  });

  it('takes what it joins, and words for all', () => {
    for (const dnsSync of ['none', ['web', 'data']] as const)
      expect(found({ connections: [{ ...pair('c', 'web', 'data'), dnsSync: dnsSync as never }] }).problems).toEqual([]);
  });

  it('joins no two clouds, no two peers, and no two entries of one name', () => {
    const other = new FakeCloud({ id: 'other' });
    other.network('data', ['10.1.0.0/16']);
    const declared = { networks: { web: 'web', data: 'data' }, connections: [pair('c', 'web', 'data')] };
    const entry = (of: FakeCloud, name: string): Provider => of.provider(name);
    expect(found(declared, { data: { provider: entry(other, 'theirs') } })).toEqual({
      edges: [],
      problems: [
        'error | two-clouds | c | c joins networks of Fake fake and Fake other | Peer networks of one cloud; between clouds use a link on each side.',
      ],
    });
    const peer = { account: accountId('b'), region: regionId('r1') };
    expect(found(declared, { web: { peer }, data: { peer } }).problems).toEqual([
      'error | two-peers | c | c joins web and data, which are both networks of other accounts | Join each to a network that has a provider entry.',
    ]);
    expect(found(declared, { data: { peer } }).edges).toHaveLength(1);
    expect(found(declared, { data: { provider: entry(cloud, 'acc-a.r1') } }).problems).toEqual([
      'error | same-provider-name | data | Two different provider entries are called acc-a.r1 | Give every provider entry its own name.',
    ]);
  });

  it('has names that fit into a mark', () => {
    const good = ['a', '9', 'A.b_c-d', 'x'.repeat(63)];
    const bad = ['', 'a b', '-a', 'a/b', 'x'.repeat(64)];
    const names = (all: readonly string[]) =>
      all.flatMap((name) => [
        found({ networks: { web: 'web', data: 'data' }, connections: [pair(name, 'web', 'data')] }).problems.length,
        found({ networks: { web: 'web' }, links: [line(name, 'web')] }).problems.length,
        found({ networks: { web: 'web' }, stack: name }).problems.length,
        found({ networks: { web: 'web' } }, { web: name }).problems.length,
      ]);
    expect(new Set(names(good))).toEqual(new Set([0]));
    expect(new Set(names(bad))).toEqual(new Set([1]));
    const objects = (declared: Declaration, change = {}) =>
      found(declared, change).problems.map((one) => one.split(' | ')[2]);
    expect(objects({ networks: {}, stack: 'a b' })).toEqual(['stack']);
    expect(objects({ networks: { web: 'web' } }, { web: 'a b' })).toEqual(['a b']);
  });

  it('has each name once, and lines in networks that it has', () => {
    expect(
      found({
        networks: { web: 'web', data: 'data' },
        connections: [pair('x', 'web', 'data')],
        links: [line('x', 'web'), line('y', 'gone')],
      }).problems,
    ).toEqual([
      'error | duplicate-name | x | Two connections or links are called x | Rename one of them.',
      'error | unknown-network | y | y names the network gone, which is not declared | Declare gone under networks, or correct the name.',
    ]);
    expect([choiceOf(['a', 'b', 'a'], 'links'), choiceOf(['a'], 'links'), choiceOf([], 'links')]).toEqual([
      'Choose one of a, b.',
      'Choose one of a.',
      'This stack declares no links.',
    ]);
    expect([covers('a', 'a'), covers('a', 'a/b/c'), covers('a', 'ab/c'), covers('a/b', 'a')]).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it('asks for peerings one by one only where it says what no listing shows', () => {
    const asked = (connection: ConnectionSpec): boolean => {
      const stack = stackOf(cloud, { connections: [connection] });
      return staysAsListed(stack, expand(stack)).size === 0;
    };
    expect(asked(pair('c', 'web', 'data'))).toBe(false);
    expect(asked(pair('c', 'web', 'data', { bandwidthMbps: 5, description: 'x' }))).toBe(false);
    expect(asked(pair('c', 'web', 'data', { tags: undefined as never }))).toBe(false);
    expect(asked(pair('c', 'web', 'data', { tags: {} }))).toBe(true);
    expect(asked({ ...pair('c', 'web', 'data'), dnsSync: 'none' as never })).toBe(true);
  });
});

describe('a name for what a cloud calls otherwise', () => {
  const names = (items: readonly (readonly [string, string])[], taken: readonly string[] = []) => {
    const used = new Set(taken);
    const given = namesFor(
      items.map(([called, id], at) => ({ key: String(at), called, id })),
      used,
    );
    expect(used).toEqual(new Set([...taken, ...given.values()]));
    return items.map((_, at) => given.get(String(at)));
  };

  it('is its own, in small letters, digits and dashes', () => {
    expect(
      names([
        ['Web Shop!', 'vpc-1'],
        ['--a__b--', 'vpc-2'],
        ['', 'vpc-3'],
        ['你好', 'VPC-4'],
      ]),
    ).toEqual([...['web-shop', 'a-b', 'vpc-3', 'vpc-4']]);
    expect(names([[`${'x'.repeat(39)} tail`, 'v']])).toEqual(['x'.repeat(39)]);
    expect(names([['x'.repeat(50), 'v']])).toEqual(['x'.repeat(40)]);
  });

  it('ends in a part of the id where two are called alike, whatever comes first', () => {
    const two = [
      ['web', 'vpc-abc-123456'],
      ['web', 'vpc-abc-654321'],
    ] as const;
    expect(names(two)).toEqual(['web-123456', 'web-654321']);
    expect(names([...two].reverse())).toEqual(['web-654321', 'web-123456']);
    expect(names([...two, ['web-123456', 'v-9']])).toEqual(['web-vpc-abc-123456', 'web-vpc-abc-654321', 'web-123456']);
  });

  it('is the whole id, and then a number, where that is taken', () => {
    expect(names([['web', 'vpc-a-123456']], ['web'])).toEqual(['web-123456']);
    expect(names([['web', 'vpc-a-123456']], ['web', 'web-123456'])).toEqual(['web-vpc-a-123456']);
    const all = ['web', 'web-123456', 'web-vpc-a-123456'];
    expect(names([['web', 'vpc-a-123456']], all)).toEqual(['web-vpc-a-123456-2']);
    expect(names([['web', 'vpc-a-123456']], [...all, 'web-vpc-a-123456-2'])).toEqual(['web-vpc-a-123456-3']);
    expect(names([['', '!!']])).toEqual(['-2']);
  });
});

describe('a plan written out', () => {
  const step = (action: PlanStep['action'], object: string, connection = 'c', removal = false): PlanStep => ({
    id: object,
    action,
    object,
    connection,
    reason: `why ${object}`,
    needs: [],
    work: removal
      ? { verb: 'link.delete', provider: 'ali', link: 'vbr-1' as never, leaving: false }
      : ({ verb: 'link.create', provider: 'ali', request: { port: portId('p'), network: networkId('n') } } as never),
  });
  const none = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 };
  const plan = (parts: Partial<Plan>): Plan => ({
    version: 1,
    stack: 'shop',
    mode: 'apply',
    prune: 'sync',
    targets: [],
    fingerprint: 'f',
    drift: [],
    summary: none,
    steps: [],
    problems: [],
    ...parts,
  });
  const problem = (severity: 'error' | 'warning', object: string) =>
    ({ severity, kind: 'link', object, message: `m ${object}`, remedy: `r ${object}` }) as const;
  const whole = plan({
    summary: { create: 1, update: 2, replace: 3, delete: 4, adopt: 5, accept: 6 },
    steps: [
      step('create', 'one'),
      step('update', 'two', ''),
      step('replace', 'three'),
      step('replace', 'gone', 'c', true),
      step('delete', 'four', 'c', true),
      step('adopt', 'five'),
      step('accept', 'six'),
    ],
    problems: [problem('warning', 'w'), problem('error', 'e'), problem('error', 'f')],
    selections: {
      some: [
        { id: networkId('v-1'), name: 'a' },
        { id: networkId('v-2'), name: '' },
      ] as never,
      many: Array.from({ length: 13 }, (_, at) => ({ id: `v-${at}`, name: '' })) as never,
      nothing: [],
      one: [{ id: networkId('v-1'), name: '' }] as never,
    },
  });
  const twelve = Array.from({ length: 12 }, (_, at) => `v-${at}`).join(', ');

  it('as text', () => {
    expect(renderPlan(whole, 'text').split('\n')).toEqual([
      'plan of stack shop: 1 to create, 6 to accept, 5 to adopt, 2 to update, 3 to replace, 4 to delete, stopped by 2 errors',
      '  some: 2 networks: v-1 (a), v-2',
      `  many: 13 networks: ${twelve}, and 1 more`,
      '  nothing: 0 networks',
      '  one: 1 network: v-1',
      '',
      'c',
      '  + one: why one',
      '  ± three: why three',
      '  - four: why four',
      '  > five: why five',
      '  ✓ six: why six',
      '',
      '(no connection)',
      '  ~ two: why two',
      '',
      '2 errors',
      '  error e: m e',
      '    r e',
      '  error f: m f',
      '    r f',
      '',
      '1 warning',
      '  warning w: m w',
      '    r w',
      '',
    ]);
    expect(renderPlan(plan({ mode: 'destroy' }), 'text')).toBe('destroy of stack shop: nothing to do\n');
  });

  it('as Markdown', () => {
    expect(
      renderPlan({ ...whole, selections: { one: whole.selections?.['one'] ?? [] } }, 'markdown').split('\n'),
    ).toEqual([
      '## Plan of stack `shop`',
      '',
      '1 to create, 6 to accept, 5 to adopt, 2 to update, 3 to replace, 4 to delete, stopped by 2 errors',
      '',
      '- one: 1 network: v-1',
      '',
      '| connection | action | object | why |',
      '|---|---|---|---|',
      '| c | create | one | why one |',
      '| c | replace | three | why three |',
      '| c | delete | four | why four |',
      '| c | adopt | five | why five |',
      '| c | accept | six | why six |',
      '|  | update | two | why two |',
      '',
      '### Errors',
      '',
      '- **e**: m e. r e',
      '- **f**: m f. r f',
      '',
      '### Warnings',
      '',
      '- **w**: m w. r w',
      '',
    ]);
    expect(renderPlan(plan({ mode: 'destroy' }), 'markdown')).toBe('## Destroy of stack `shop`\n\nnothing to do\n');
  });

  it('as JSON, whole', () => {
    const json = renderPlan(whole, 'json');
    expect(JSON.parse(json)).toEqual(whole);
    expect(json.endsWith('\n}\n')).toBe(true);
  });
});
