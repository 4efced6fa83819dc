/** What people look at: pictures, tables and progress, from made-up data so that every state is seen. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  dotOf,
  type EngineEvent,
  type Graph,
  type GraphEdge,
  type GraphNetwork,
  type Health,
  type Plan,
  type StackStatus,
} from '@peerway/runtime';
import { mermaidOf } from '../src/output/graph/mermaid.js';
import { htmlOf, svgOf } from '../src/output/graph/picture.js';
import { newPaint } from '../src/terminal/paint.js';
import { lineOf, ProgressTree } from '../src/output/progress.js';
import { reportText } from '../src/output/applyReport.js';
import { planText } from '../src/output/plan.js';
import { differenceText, statusText } from '../src/output/status.js';

const plain = newPaint({ NO_COLOR: '1' }, { write: () => true });

const network = (name: string, over: Partial<GraphNetwork> = {}): GraphNetwork => ({
  name,
  id: `vpc-${name}`,
  cloud: 'alibaba',
  account: '1210123456123456',
  region: 'cn-hangzhou',
  cidrs: ['10.0.0.0/16'],
  found: true,
  ...over,
});
const edge = (name: string, networks: readonly string[], health: Health, over: Partial<GraphEdge> = {}): GraphEdge => ({
  name,
  kind: networks.length === 1 ? 'link' : 'peering',
  networks,
  health,
  routes: { total: 2, active: health === 'connected' ? 2 : 1 },
  faults: [],
  ...over,
});

const GRAPH: Graph = {
  version: 1,
  stack: 'shop',
  networks: [
    network('web'),
    network('data', { region: 'cn-beijing' }),
    network('lab', { account: '253460731706911258' }),
    network('ml', { cloud: 'baidu', account: 'a0a1', region: 'bj' }),
    network('gone', { cloud: 'baidu', account: 'a0a1', region: 'bj', found: false, cidrs: [] }),
  ],
  edges: [
    edge('web-data', ['web', 'data'], 'connected', { id: 'pcc-1', state: 'active', nativeState: 'Activated' }),
    edge('web-lab', ['web', 'lab'], 'broken', {
      faults: ['route 10.1.0.0/16 in vtb-1 (web): "not" </script><b> & \\ more'],
    }),
    edge('core/ml/gone', ['ml', 'gone'], 'absent'),
    edge('slow', ['data', 'lab'], 'pending'),
    edge('idc', ['web'], 'connected'),
  ],
};

describe('graph', () => {
  it('clusters by cloud, account and region, and shows broken connections red and dashed', async () => {
    const dot = dotOf(GRAPH);
    for (const label of ['alibaba', 'account 1210123456123456', 'cn-beijing', 'baidu', 'bj'])
      expect(dot).toContain(`label="${label}"`);
    expect(dot).toMatch(/"web" -- "lab" \[id="edge-1", class="broken", color="#cf222e".*style="dashed"/);
    expect(dot).toMatch(/"web" -- "line idc"/);
    const svg = await svgOf(GRAPH);
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    expect(svg.match(/class="cluster"/g)).toHaveLength(9); // 2 clouds, 3 accounts, 4 regions
    expect(svg.match(/class="edge [a-z]+"/g)).toHaveLength(5);
    expect(svg).toContain('class="edge broken"');
    expect(svg).not.toMatch(/<style|<script|style=/); // fits a page that allows neither
    expect(svg).toContain('#cf222e');
    expect(svg).not.toContain('"not" </script>'); // escaped
  });

  it('HTML is one file with the details of every shape, and no text of a user can become markup', async () => {
    const graph: Graph = { ...GRAPH, stack: 'x</title><script>alert(1)</script>' };
    const html = await htmlOf(graph);
    expect(html.match(/<script/g)).toHaveLength(2); // our data and our code
    expect(html.match(/<\/title>/g)!.length).toBe((html.match(/<title>/g) ?? []).length);
    expect(html).not.toMatch(/src=|href="http/);
    const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(html)![1]!) as Record<string, string[]>;
    expect(data['network-web']).toEqual(['web', 'vpc-web', '10.0.0.0/16']);
    expect(data['edge-0']).toEqual([
      'web-data: connected',
      'state active (Activated)',
      'pcc-1',
      'routes 2 of 2 active',
    ]);
    for (const id of Object.keys(data)) expect(html.replaceAll('&#45;', '-')).toContain(`id="${id}"`);
  });

  it('Mermaid has the same clusters and states', () => {
    const text = mermaidOf(GRAPH);
    expect(text).toContain('subgraph c0_0_0["cn-hangzhou"]');
    expect(text).toContain('n0 ---|"web-lab: broken"| n2');
    expect(text).toContain('linkStyle 1 stroke:#cf222e,stroke-width:2.4px,stroke-dasharray:6 3');
    expect(text.match(/linkStyle/g)).toHaveLength(5);
  });

  it('draws 200 networks and 300 connections within 2 s', async () => {
    const networks = Array.from({ length: 200 }, (_, i) =>
      network(`net-${i}`, {
        cloud: i % 2 === 0 ? 'alibaba' : 'baidu',
        account: `account-${i % 3}`,
        region: `region-${i % 5}`,
      }),
    );
    const healths: Health[] = ['connected', 'connected', 'connected', 'broken', 'pending'];
    const edges = Array.from({ length: 300 }, (_, i) =>
      edge(`c-${i}`, [`net-${(i * 7) % 200}`, `net-${(i * 13 + 2 * (i % 9) + 2) % 200}`], healths[i % 5]!),
    );
    const begun = process.cpuUsage(); // of this process: other work on the machine must not fail it
    const svg = await svgOf({ version: 1, stack: 'big', networks, edges });
    const { user, system } = process.cpuUsage(begun);
    const took = (user + system) / 1000;
    console.log(`graph of 200 networks and 300 connections: ${Math.round(took)} ms`);
    if (process.env['PEERWAY_PICTURES'] !== undefined) writeFileSync(`${process.env['PEERWAY_PICTURES']}/big.svg`, svg);
    expect(svg.match(/class="node"/g)).toHaveLength(200);
    expect(svg.match(/class="edge [a-z]+"/g)).toHaveLength(300);
    expect(took).toBeLessThan(2_000);
  });
});

const PLAN: Plan = {
  version: 1,
  stack: 'shop',
  mode: 'apply',
  prune: 'sync',
  targets: [],
  fingerprint: 'f',
  problems: [],
  drift: [],
  summary: { create: 3, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 },
  steps: ['peering a create', 'route a 1', 'peering b create'].map((id) => ({
    id,
    action: 'create',
    object: id,
    connection: id.includes(' a ') ? 'a' : 'b',
    reason: 'declared',
    needs: [],
    work: { verb: 'link.delete', leaving: false, provider: 'x', link: 'x' as never },
  })),
};
let seq = 0;
const step = (id: string): { id: string; action: 'create'; object: string; connection: string } => ({
  id,
  action: 'create',
  object: id,
  connection: id.includes(' a ') ? 'a' : 'b',
});
const event = (body: object): EngineEvent => ({ seq: ++seq, at: 1000, stack: 'shop', ...body }) as EngineEvent;

describe('progress', () => {
  it('is a tree with a bar per connection, the cause of every wait and the time left', () => {
    const tree = new ProgressTree(PLAN);
    tree.take(event({ type: 'step.started', step: step('peering a create') }));
    tree.take(event({ type: 'step.waiting', step: step('peering a create'), cause: 'the acceptor', etaMs: 5000 }));
    expect(tree.draw(plain, 80)).toBe(
      [
        '● a ──────────────── 0/2, about 5.0 s',
        '    peering a create: waiting for the acceptor',
        '──────────────── 0/3 0 of 2 connections, 1 not started',
      ].join('\n'),
    );
    tree.take(event({ type: 'step.done', step: step('peering a create'), durationMs: 1 }));
    tree.take(event({ type: 'step.done', step: step('route a 1'), durationMs: 1 }));
    tree.take(
      event({
        type: 'step.failed',
        step: step('peering b create'),
        durationMs: 1,
        error: { code: 'Conflict', message: 'busy' },
      }),
    );
    expect(tree.draw(plain, 80)).toBe(
      ['✗ b ──────────────── 0/1', '━━━━━━━━━━────── 2/3 1 of 2 connections'].join('\n'),
    );
  });

  it('shows the cause of a wait within 80 columns, whatever the names of things', () => {
    const tree = new ProgressTree(PLAN);
    const object = 'peering a (vpc-bp1adata0000000000000 → vpc-bp1ajobs0000000000000)';
    const long = { ...step('peering a create'), object };
    tree.take(event({ type: 'step.started', step: long }));
    tree.take(event({ type: 'step.waiting', step: long, cause: 'vpc-peer pcc-okyibxt92nrvxcxnj1 to become active' }));
    expect(tree.draw(plain, 80)).toContain(
      '\n    peering: waiting for vpc-peer pcc-okyibxt92nrvxcxnj1 to become active\n',
    );
  });

  it('has a plain line for everything a person wants to know', () => {
    const asked = { type: 'requests.counted', provider: 'ali', sent: 40 } as const;
    const lines = [
      event({ type: 'step.started', step: step('peering a create') }),
      event({
        type: 'step.retried',
        step: step('peering a create'),
        error: { code: 'Throttled', message: 'too fast' },
        delayMs: 1500,
      }),
      event({ type: 'step.skipped', step: step('route a 1'), because: 'the peering failed', begun: false }),
      event({ type: 'step.skipped', step: step('peering a create'), because: 'the run was stopped', begun: true }),
      event({ type: 'limit.learned', provider: 'ali', window: 1, because: 'the cloud throttled us' }),
      event({ ...asked, waited: 8, waitedMs: 2_500, throttled: 1, conflicts: 2 }),
      event({ ...asked, waited: 8, waitedMs: 20, throttled: 0, conflicts: 0 }),
      event({ type: 'apply.started', mode: 'apply', steps: 3 }),
    ].map((each) => lineOf(each, plain));
    expect(lines).toEqual([
      '  … create peering a create',
      '  ↻ peering a create: too fast; again in 1.5 s',
      '  - route a 1: not started, the peering failed',
      '  - peering a create: left, the run was stopped',
      '  … ali: 1 request at once, the cloud throttled us',
      '  … ali: 40 requests; 8 of them waited for their turn, 2.5 s in all; 1 refused as too many; 2 refused because something else was under way',
      undefined,
      undefined,
    ]);
  });

  it('ends with a report that names every failure, its remedy and its request id', () => {
    const text = reportText(
      {
        version: 1,
        stack: 'shop',
        mode: 'apply',
        outcome: 'failed',
        durationMs: 1500,
        steps: [
          { step: 'a', object: 'peering a', outcome: 'done' },
          {
            step: 'b',
            object: 'peering b',
            outcome: 'failed',
            error: {
              code: 'QuotaExceeded',
              message: 'No more peerings',
              remedy: 'Ask for more.',
              requestId: 'R-1',
              nativeCode: 'Quota.Full',
            },
          },
          { step: 'c', object: 'route c', outcome: 'skipped', because: 'peering b failed' },
        ],
      },
      plain,
    );
    expect(text).toBe(
      [
        'Failed: 1 done, 1 failed, 1 skipped in 1.5 s.',
        '',
        'error: No more peerings',
        '   at: peering b',
        '  fix: Ask for more.',
        '   id: R-1 (Quota.Full)',
        'skipped route c: peering b failed',
      ].join('\n'),
    );
  });
});

describe('status', () => {
  const NOW = Date.parse('2026-11-20T12:00:00Z');
  const STATUS: StackStatus = {
    version: 1,
    stack: 'shop',
    connections: [
      {
        connection: 'web-data',
        declared: 'web-data',
        kind: 'peering',
        networks: ['web', 'data'],
        provider: 'alibaba',
        health: 'broken',
        state: 'active',
        nativeState: 'Activated',
        createdAt: '2026-11-17T11:00:00.000Z',
        owner: 'ours',
        routes: [
          { side: 'initiator', network: 'web', table: 'vtb-1', destination: '10.1.0.0/16', state: 'active' },
          { side: 'acceptor', network: 'data', table: 'vtb-2', destination: '10.0.0.0/16', state: 'missing' },
        ],
        drift: [
          {
            kind: 'route-missing',
            connection: 'web-data',
            object: 'route 10.0.0.0/16 in vtb-2 (data)',
            detail: 'not in the table',
          },
        ],
      },
    ],
    problems: [{ severity: 'warning', kind: 'overlap', object: 'web', message: 'overlaps', remedy: 'Look.' }],
    undeclared: [],
  };

  it('is a row per connection with both sides and what is missing', () => {
    const lines = statusText(STATUS, plain, NOW)
      .split('\n')
      .map((line) => line.trimEnd().replaceAll(/ {2,}/g, '  '));
    expect(lines).toEqual([
      'Stack shop',
      'CONNECTION  NETWORKS  HEALTH  STATE  AGE  ROUTES',
      'web-data  web — data  broken  active (Activated)  3 d  web 1/1, data 0/1',
      'Missing or different:',
      '  web-data: route 10.0.0.0/16 in vtb-2 (data): not in the table',
      'warning: overlaps',
      '  at: web',
      '  fix: Look.',
    ]);
  });

  it('tells the place of a difference once, and what --force would allow once', () => {
    expect(differenceText({ object: 'route a', detail: 'route a is ours' })).toBe('route a is ours');
    expect(differenceText({ object: 'route a', detail: 'it is missing' })).toBe('route a: it is missing');
    const much = { severity: 'error', kind: 'too-much-deleted', object: 'shop', forceable: true, remedy: 'Force.' };
    const problems = ['4 of 6 routes', '2 of 3 peerings'].map((message) => ({ ...much, message }));
    const summary = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 };
    const parts = { version: 1, stack: 'shop', mode: 'apply', prune: 'sync', targets: [], steps: [], drift: [] };
    const text = planText({ ...parts, problems, summary, fingerprint: '' } as unknown as Plan, plain);
    expect(text.split('\n').at(-1)).toBe('--force would allow: shop (too-much-deleted)');
  });

  it.each([
    ['2026-11-20T12:00:05Z', '0 s'],
    ['2026-11-20T11:59:01Z', '59 s'],
    ['2026-11-20T11:00:01Z', '59 min'],
    ['2026-11-19T12:00:01Z', '23 h'],
    ['2026-11-19T12:00:00Z', '1 d'],
  ])('tells the age of what was made at %s as %s', (createdAt, age) => {
    const aged = { ...STATUS, connections: [{ ...STATUS.connections[0]!, createdAt }] };
    expect(statusText(aged, plain, NOW)).toContain(` ${age} `);
  });

  it('has colours on a terminal only, and none with NO_COLOR', () => {
    const terminal = { write: () => true, isTTY: true };
    // eslint-disable-next-line no-control-regex -- looking for escape sequences
    const colours = /\u001b\[/;
    expect(statusText(STATUS, newPaint({}, terminal), NOW)).toMatch(colours);
    expect(statusText(STATUS, newPaint({ NO_COLOR: '1' }, terminal), NOW)).not.toMatch(colours);
    expect(statusText(STATUS, newPaint({}, { write: () => true }), NOW)).not.toMatch(colours);
  });
});
