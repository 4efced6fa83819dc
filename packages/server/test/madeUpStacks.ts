/** Three stacks as a platform team has them: one in trouble, one well, one never looked at; and their runs. */
import type { Graph, GraphEdge } from '@peerway/runtime';
import type { Look, RunDetail, RunStep, StackEntry, StepCounts } from '@peerway/server';
import { MadeUpRuns } from './madeUpRuns.js';

/** What somebody who may name things in a cloud could try on whoever looks at them. */
export const HOSTILE = '<img src=x onerror="document.title=1"><script>alert(1)</script>\u202e\u0007';

function countsOf(steps: readonly RunStep[]): StepCounts {
  const counts = { queued: 0, running: 0, done: 0, failed: 0, skipped: 0, left: 0 };
  for (const { state } of steps) counts[state]++;
  return counts;
}
export const REASON = 'The CIDR 10.1.0.0/16 of the acceptor overlaps with a route of vpc-bp1web';

const edge = (name: string, networks: string[], health: GraphEdge['health'], faults: string[] = []): GraphEdge => ({
  name,
  kind: networks.length === 1 ? 'link' : 'peering',
  networks,
  health,
  ...(health === 'absent'
    ? {}
    : { state: 'active', nativeState: 'Activated', id: `pcc-${name}`, mechanism: 'vpc-peer' }),
  routes: { total: 2, active: health === 'connected' ? 2 : 0 },
  faults,
});

const network = (name: string, cloud: string, region: string, cidr: string): Graph['networks'][number] => ({
  name,
  id: `vpc-bp1${name}`,
  cloud,
  account: cloud === 'alibaba' ? '1210123456123456' : 'c0ffee00c0ffee00c0ffee00c0ffee00',
  region,
  cidrs: [cidr],
  found: true,
});

const GRAPH: Graph = {
  version: 1,
  stack: 'shop',
  networks: [
    network('web', 'alibaba', 'cn-hangzhou', '10.0.0.0/16'),
    network('data', 'alibaba', 'cn-beijing', '10.1.0.0/16'),
    network('jobs', 'alibaba', 'cn-hangzhou', '10.2.0.0/16'),
    network('ml', 'baidu', 'bj', '10.3.0.0/16'),
    network('logs', 'baidu', 'bj', '10.4.0.0/16'),
  ],
  edges: [
    edge('web-data', ['web', 'data'], 'broken', [`route 10.1.0.0/16 in vtb-1 (web): ${REASON}`, HOSTILE]),
    edge('web-jobs', ['web', 'jobs'], 'connected'),
    edge('ml-logs', ['ml', 'logs'], 'pending', ['peering pcc-ml-logs: the cloud is still making it']),
    edge('idc', ['web'], 'absent', ['link idc: it is not there']),
  ],
};

export function run(id: string, over: Partial<RunDetail> = {}): RunDetail {
  return {
    id,
    stack: id.split('.')[0] ?? '',
    mode: 'apply',
    state: 'ended',
    outcome: 'done',
    by: 'deploy-bot',
    submittedAt: Date.now() - 120_000,
    endedAt: Date.now() - 60_000,
    counts: countsOf(over.steps ?? []),
    steps: [],
    lastEvent: 0,
    ...over,
  };
}

export const step = (id: string, state: RunStep['state'], over: Partial<RunStep> = {}): RunStep => ({
  id,
  action: 'create',
  object: `${id} (vpc-bp1web → vpc-bp1data)`,
  connection: 'web-data',
  state,
  needs: [],
  ...over,
});

export const PLAN = {
  fingerprint: 'ab'.repeat(32),
  summary: { create: 3, update: 0, replace: 0, delete: 1, adopt: 0, accept: 0 },
  problems: [],
  drift: [],
  steps: 4,
};

export function madeUpStacks(): MadeUpRuns {
  const runs = new MadeUpRuns();
  const at = Date.now() - 5 * 60_000;
  const look: Look = {
    stack: 'shop',
    at,
    graph: GRAPH,
    summary: PLAN.summary,
    drift: [
      {
        kind: 'route-missing',
        connection: 'web-data',
        object: 'route 10.1.0.0/16 in vtb-1 (web)',
        detail: 'not there',
      },
      { kind: 'peering-missing', connection: 'idc', object: HOSTILE, detail: 'somebody named it so' },
    ],
  };
  runs.looks.set('shop', look);
  const [good, done] = ['billing.1', 'shop.1'];
  const failed = run('shop.2', {
    outcome: 'failed',
    plan: PLAN,
    steps: [
      step('peering web-jobs create', 'done', { durationMs: 4_200, connection: 'web-jobs' }),
      step('route 10.1.0.0/16', 'failed', {
        durationMs: 900,
        error: {
          code: 'InvalidArgument',
          message: REASON,
          remedy: 'Choose another prefix for one of the two networks, or write the routes of this connection by hand.',
          operation: 'routes.create',
          nativeCode: 'InvalidCIDRBlock.Duplicate',
          requestId: '4EC47282-1B74-4534-BD0E-403F3EE64CAF',
        },
      }),
      step('route 10.0.0.0/16', 'skipped', { because: 'route 10.1.0.0/16 failed' }),
    ],
  });
  for (const each of [failed, run(done), run(good)]) runs.details.set(each.id, each);
  const entry = (name: string, over: Partial<StackEntry> = {}): StackEntry => ({
    name,
    digest: '0'.repeat(64),
    file: `stacks/${name}.yaml`,
    ...over,
  });
  runs.entries = [
    entry('billing', {
      lastLook: { stack: 'billing', at, drift: 0, connections: { connected: 12, pending: 0, broken: 0, absent: 0 } },
      lastRun: run(good),
    }),
    entry('shop', {
      lastLook: { stack: 'shop', at, drift: 2, connections: { connected: 1, pending: 1, broken: 1, absent: 1 } },
      lastRun: failed,
    }),
    entry('team-a'),
  ];
  runs.plannedSchedules = [
    { stack: 'shop', action: 'look', everySeconds: 3_600, paused: false, nextAt: Date.now() + 600_000 },
  ];
  return runs;
}
