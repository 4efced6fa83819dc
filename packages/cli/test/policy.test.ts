/** `peerway policy` is enough and not more: a whole life passes with exactly these rights, and breaks without any one of them. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, type EmulatorState, type WorldNetwork } from '@peerway/emulator';
import { demoConfig, demoEnv, DEMO_CLOUDS, type DemoCloud } from '../src/commands/demo/demoWorld.js';
import { Sandbox } from './harness.js';

interface Shown {
  readonly policies: readonly {
    readonly provider: 'home' | 'partner';
    readonly actions: readonly string[];
    readonly policy: object;
  }[];
}

/** One right taken from the key of one provider entry. */
interface Missing {
  readonly provider: 'home' | 'partner';
  readonly action: string;
}

interface Shape {
  readonly cloud: DemoCloud;
  /** Instead of the demo's connections, with the words that change during the life. */
  readonly more: (mbps: number, routes: number) => string;
  /** A step may change the file first. */
  /** Rights of repairs that such a life has no occasion for. */
  readonly repairs: readonly string[];
  readonly life: readonly (readonly [argv: readonly string[], mbps?: number, routes?: number])[];
}

/**
 * One life that meets every right of the file: made, planned again, resized, looked at, let go, taken back, removed. Routes come
 * and go alone and several at once, because clouds have different operations for that.
 */
const life = (...names: readonly string[]): Shape['life'] => [
  [['apply', '--yes'], 100, 2],
  [['plan']],
  [['status']],
  [['doctor']],
  [['apply', '--yes'], 200, 3],
  [['apply', '--yes', '--force'], 200, 2],
  ...names.map((name) => [['release', name]] as const),
  ...names.map((name) => [['adopt', name]] as const),
  [['destroy', '--yes', '--force']],
];

/** Parts of web and of lab: each end gets the routes to the other's. */
const parts = (cloud: DemoCloud, many: number): string => {
  const config = demoConfig(DEMO_CLOUDS[cloud]);
  const networks: readonly WorldNetwork[] = DEFAULT_WORLD[cloud].networks;
  const blockOf = (name: string): string =>
    networks.find((each) => config.includes(each.id) && each.name.startsWith(name))!.cidrs[0].replace('.0.0/16', '');
  const blocks = [blockOf('web-a-'), blockOf('jobs-b-')];
  return Array.from({ length: many }, (_, i) => blocks.map((block) => `${block}.${i}.0/24`).join(', ')).join(', ');
};

const demo = (cloud: DemoCloud, mechanism = '', repairs: readonly string[] = []): Shape => ({
  cloud,
  repairs,
  more: (mbps, routes) => `connections:
  - { name: web-data, between: [web, data]${mechanism} }
  - { name: web-lab, between: [web, lab]${mechanism}, bandwidthMbps: ${mbps}, routes: [${parts(cloud, routes)}] }`,
  life: life('web-data', 'web-lab'), // each end has marks of its own to take off
});

const line = (cloud: DemoCloud, repairs: readonly string[]): Shape => {
  const { networks, ports } = DEFAULT_WORLD[cloud];
  const port = ports.find(({ account, region }) => account === 'a' && region === networks[0]!.region)!;
  const destinations = (many: number): string => Array.from({ length: many }, (_, i) => `192.168.${i}.0/24`).join(', ');
  return {
    cloud,
    repairs,
    more: (mbps, routes) =>
      `links: [{ name: idc, network: web, port: ${port.id}, vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2, destinations: [${destinations(routes)}], bandwidthMbps: ${mbps}${cloud === 'alibaba' ? (routes !== 3 ? ', tags: { team: net }' : '') : `, healthCheck: { failures: ${mbps === 200 ? 3 : 4} }`} }]`,
    life: [
      [['apply', '--yes'], 200, 1],
      [['plan']],
      [['status']],
      [['doctor']],
      [['apply', '--yes'], 500, 3],
      [['apply', '--yes', '--force'], 500, 2],
      [['destroy', '--yes', '--force']],
    ],
  };
};

/** A table comes with its routes; on Baidu they are read by themselves only after a write of routes whose answer is in doubt. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'peerings on Alibaba Cloud': demo('alibaba', '', [
    'vpc:MoveResourceGroup',
    'vpc:GetVpcPeerConnectionAttribute', // read where a listing has not told what a refusal means
  ]),
  'peerings on Baidu AI Cloud': demo('baidu', '', ['vpc:QueryRoutingRules']),
  'what a peering may say on Baidu AI Cloud': {
    cloud: 'baidu',
    repairs: ['vpc:QueryRoutingRules', 'vpc:UpdatePeerConnBandwidth'],
    more: (mbps, routes) => `connections:
  - { name: web-data, between: [web, data], deletionProtection: ${mbps === 100} }
  - { name: web-lab, between: [web, lab], dnsSync: ${mbps === 100 ? 'both' : 'none'}, routes: [${parts('baidu', routes)}] }`,
    life: [[['apply', '--yes'], 100, 2], [['apply', '--yes', '--force'], 200, 2], ...life('web-lab').slice(6)],
  },
  'router interfaces': demo('alibaba', ', mechanism: router-interface', [
    'vpc:ActivateRouterInterface', // switches on what an owner has switched off
  ]),
  'a line on Alibaba Cloud': line('alibaba', [
    'vpc:RecoverVirtualBorderRouter', // switches on what an owner has switched off
    'vpc:ActivateRouterInterface', // the same, for one of the two interfaces
    'vpc:ModifyVirtualBorderRouterAttribute', // a new name or address
    // a route of a line is two, one in each table; alone goes only one that somebody has removed
    'vpc:CreateRouteEntry',
    'vpc:DeleteRouteEntry',
    'vpc:ModifyRouteEntry', // writes a new name onto the routes
  ]),
  'a line on Baidu AI Cloud': line('baidu', [
    'vpc:QueryRoutingRules',
    'vpc:UpdateRoutingRules', // writes a new name onto the routes
    'vpc:BindPhysicalDedicatedLine', // finishes a line of which a killed run had made only the gateway
  ]),
};

/** From now on the keys may do what `peerway policy` says for the file that is there, and nothing else. */
async function grant(
  sandbox: Sandbox,
  cloud: DemoCloud,
  env: Record<string, string>,
  missing?: Missing,
): Promise<Shown['policies']> {
  const { policies } = JSON.parse((await sandbox.run(['policy', '--json'], { env })).out) as Shown;
  for (const { provider, actions } of policies) {
    const {
      id: account,
      accessKeyId: id,
      accessKeySecret: secret,
    } = DEFAULT_WORLD[cloud].accounts[provider === 'home' ? 'a' : 'b'];
    const allowed = actions.filter((action) => provider !== missing?.provider || action !== missing.action);
    sandbox.emulator.world.key({
      cloud,
      account,
      id,
      secret,
      policy: { statements: [{ effect: 'Allow', actions: allowed }] },
    });
  }
  return policies;
}

/** A life before one of its commands. */
interface Moment {
  readonly step: number;
  readonly state: EmulatorState;
  /** Requests sent so far. */
  readonly requests: number;
}

interface Lived {
  readonly failed: string;
  readonly sandbox: Sandbox;
  readonly policies: Shown['policies'];
  readonly moments: readonly Moment[];
}

/** Lives until the first command fails; from a moment on, when one is given. */
async function live(
  { cloud, more, life: steps }: Shape,
  { missing, from }: { readonly missing?: Missing; readonly from?: Moment } = {},
): Promise<Lived> {
  const sandbox = await Sandbox.open(from?.state);
  const demoFile = demoConfig(DEMO_CLOUDS[cloud]).replace(/connections:[\s\S]*/, '');
  // a line stands in one account
  const head = more(100, 2).startsWith('links') ? demoFile.replaceAll(/\n +(partner|lab|data):.*/g, '') : demoFile;
  const write = (mbps: number, routes: number): string => sandbox.write('peerway.yaml', `${head}${more(mbps, routes)}`);
  write(100, 2);
  const env = demoEnv(cloud, sandbox.emulator);
  const policies = await grant(sandbox, cloud, env, missing);
  const moments: Moment[] = [];
  for (const [step, [argv, mbps, routes]] of steps.entries()) {
    if (mbps !== undefined && routes !== undefined) write(mbps, routes);
    if (step < (from?.step ?? 0)) continue;
    moments.push({ step, state: sandbox.emulator.snapshot(), requests: sandbox.emulator.requests.length });
    const { exit, out, err } = await sandbox.run(argv, { env });
    if (exit !== 0) return { failed: `${argv[0]!}: ${err}${out}`, sandbox, policies, moments };
  }
  return { failed: '', sandbox, policies, moments };
}

/** The last moment before each right of each account was used, by `account permission`: until then nothing tells that it is missing. */
function beforeFirstUse({ sandbox: { emulator }, moments }: Lived, cloud: DemoCloud): ReadonlyMap<string, Moment> {
  const permissionOf = new Map(
    emulator.operations(cloud).map(({ description: { name, permission } }) => [name, permission]),
  );
  const found = new Map<string, Moment>();
  for (const [at, { account, operation }] of emulator.requests.entries()) {
    const right = `${account ?? ''} ${permissionOf.get(operation) ?? ''}`;
    const before = moments.findLast(({ requests }) => requests <= at);
    if (before !== undefined && !found.has(right)) found.set(right, before);
  }
  return found;
}

describe.each(Object.entries(SHAPES))('%s', (_name, shape) => {
  it('the whole life passes with it, uses every right it names, and breaks without any one of them', async () => {
    const whole = await live(shape);
    expect(whole.failed).toBe('');
    const moments = beforeFirstUse(whole, shape.cloud);
    await whole.sandbox.close();
    const rights = whole.policies.flatMap(({ provider, actions }) =>
      actions.map((action) => {
        const account = DEFAULT_WORLD[shape.cloud].accounts[provider === 'home' ? 'a' : 'b'].id;
        return { provider, action, from: moments.get(`${account} ${action}`) };
      }),
    );
    const idle = rights.filter(({ from }) => from === undefined).map(({ action }) => action);
    expect([...new Set(idle)].sort()).toEqual([...shape.repairs].sort());
    const unharmed: string[] = [];
    for (const { provider, action, from } of rights) {
      if (from === undefined || shape.repairs.includes(action)) continue;
      const broken = await live(shape, { missing: { provider, action }, from });
      await broken.sandbox.close();
      if (!REFUSED.test(broken.failed)) unharmed.push(`${provider} ${action}: ${broken.failed}`);
    }
    expect(unharmed).toEqual([]);
  });
});

/** What the error of a missing right says. */
const REFUSED = /PermissionDenied|not (authorized|permitted|allowed)|denied|Forbidden|AccessDenied/i;

describe('rights of a mesh', () => {
  it('are enough', async () => {
    const { failed, sandbox } = await live({
      ...demo('baidu'),
      more: () => 'connections: [{ name: all, mesh: [web, data, lab] }]',
      life: [[['apply', '--yes']], [['status']], [['destroy', '--yes', '--force']]],
    });
    await sandbox.close();
    expect(failed).toBe('');
  });
});

describe('policy', () => {
  it('prints a document per provider entry that can be pasted, and no more than each end needs', async () => {
    const sandbox = await Sandbox.open();
    try {
      sandbox.config();
      const { exit, out } = await sandbox.run(['policy']);
      expect(out).toContain('the user who assumes it needs sts:AssumeRole on it'); // where a profile names a role
      expect(exit).toBe(0);
      expect(out).toContain('# ali: Alibaba Cloud, cn-hangzhou, account 1210123456123456');
      const { policies } = JSON.parse((await sandbox.run(['policy', '--json'])).out) as {
        policies: { provider: string; actions: string[]; policy: unknown }[];
      };
      expect(policies[0]!.policy).toEqual({
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: policies[0]!.actions, Resource: ['*'] }],
      });
      expect(policies[0]!.actions).toContain('vpc:CreateVpcPeerConnection');
      expect(policies[1]!.actions).not.toContain('vpc:CreateVpcPeerConnection');
      expect(policies[1]!.actions).toContain('vpc:AcceptVpcPeerConnection');
      expect(sandbox.emulator.requests).toHaveLength(0);
      sandbox.write('peerway.yaml', 'version: 1\n');
      expect((await sandbox.run(['policy'])).exit).toBe(1);
    } finally {
      await sandbox.close();
    }
  });
});
