/** `peerway policy` is enough and not more: a whole life passes with exactly these rights, and every one of them was needed. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, type WorldNetwork } from '@peerway/emulator';
import { demoConfig, demoEnv, DEMO_CLOUDS, type DemoCloud } from '../src/demoWorld.js';
import { Lab } from './harness.js';

interface Shown {
  readonly policies: readonly {
    readonly provider: 'home' | 'partner';
    readonly actions: readonly string[];
    readonly policy: object;
  }[];
}

/**
 * One life that meets every right of the file: made, resized, looked at, let go, taken back, removed. Routes come and go alone
 * and several at once, because clouds have different operations for that. A step may change the file first.
 */
const LIFE: readonly (readonly [argv: readonly string[], mbps?: number, routes?: number])[] = [
  [['apply', '--yes'], 100, 2],
  [['status']],
  [['doctor']],
  [['apply', '--yes'], 200, 3],
  [['apply', '--yes', '--force'], 200, 2],
  [['release', 'web-data']],
  [['adopt', 'web-data']],
  [['destroy', '--yes', '--force']],
];

/** From now on the keys may do what `peerway policy` says for the file that is there, and nothing else. */
async function grant(
  lab: Lab,
  cloud: DemoCloud,
  env: Record<string, string>,
  without?: string,
): Promise<Map<string, readonly string[]>> {
  const { policies } = JSON.parse((await lab.run(['policy', '--json'], { env })).out) as Shown;
  const granted = new Map<string, readonly string[]>();
  for (const { provider, actions } of policies) {
    const {
      id: account,
      accessKeyId: id,
      accessKeySecret: secret,
    } = DEFAULT_WORLD[cloud].accounts[provider === 'home' ? 'a' : 'b'];
    const allowed = actions.filter((action) => action !== without);
    granted.set(account, allowed);
    lab.emulator.world.key({
      cloud,
      account,
      id,
      secret,
      policy: { statements: [{ effect: 'Allow', actions: allowed }] },
    });
  }
  return granted;
}

async function live(
  cloud: DemoCloud,
  without?: string,
): Promise<{ failed: string[]; lab: Lab; granted: Map<string, readonly string[]> }> {
  const lab = await Lab.open();
  const config = demoConfig(DEMO_CLOUDS[cloud]);
  lab.write('peerway.yaml', config);
  const env = demoEnv(cloud, lab.emulator);
  const networks: readonly WorldNetwork[] = DEFAULT_WORLD[cloud].networks;
  const granted = await grant(lab, cloud, env, without);
  // parts of web and of lab: each end gets the routes to the other's
  const blockOf = (id: string): string =>
    networks.find((each) => config.includes(each.id) && each.name.startsWith(id))!.cidrs[0].replace('.0.0/16', '');
  const blocks = [blockOf('web-a-'), blockOf('jobs-b-')];
  const failed: string[] = [];
  for (const [argv, mbps, routes] of LIFE) {
    if (mbps !== undefined) {
      const extra = Array.from({ length: routes ?? 0 }, (_, i) => [
        `${blocks[0]}.${i}.0/24`,
        `${blocks[1]}.${i}.0/24`,
      ]).flat();
      lab.write(
        'peerway.yaml',
        config.replace('bandwidthMbps: 100', `bandwidthMbps: ${mbps}, routes: [${extra.join(', ')}]`),
      );
    }
    const { exit, out, err } = await lab.run(argv, { env });
    if (exit !== 0) failed.push(`${argv[0]!}: ${err}${out}`);
  }
  return { failed, lab, granted };
}

describe.each(['alibaba', 'baidu'] as const)('%s', (cloud) => {
  it('the whole lifecycle passes with it, and uses every right it names', async () => {
    const { failed, lab, granted } = await live(cloud);
    try {
      expect(failed).toEqual([]);
      const permissionOf = new Map(
        lab.emulator.operations(cloud).map(({ description }) => [description.name, description.permission]),
      );
      for (const [account, actions] of granted) {
        const used = lab.emulator.requests
          .filter((request) => request.account === account)
          .map(({ operation }) => permissionOf.get(operation)!);
        expect([...new Set(used)].sort()).toEqual([...actions].sort());
      }
    } finally {
      await lab.close();
    }
  });

  it.each(
    {
      alibaba: ['vpc:UnTagResources'],
      baidu: ['vpc:AcceptPeerConn'],
    }[cloud],
  )('breaks without %s, and the error says so', async (action) => {
    const { failed, lab } = await live(cloud, action);
    await lab.close();
    expect(failed.join('\n')).toMatch(
      /PermissionDenied|not (authorized|permitted|allowed)|denied|Forbidden|AccessDenied/i,
    );
  });
});

const line = (cloud: DemoCloud): string => {
  const { networks, ports } = DEFAULT_WORLD[cloud];
  const port = ports.find(({ account, region }) => account === 'a' && region === networks[0]!.region)!;
  return `links: [{ name: idc, network: web, port: ${port.id}, vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2, destinations: [192.168.0.0/16], bandwidthMbps: 200 }]`;
};

describe('rights of other shapes of a file are enough too', () => {
  const cases: Record<string, [cloud: DemoCloud, more: string]> = {
    'router interfaces within and across accounts': [
      'alibaba',
      `connections:
  - { name: web-data, between: [web, data], mechanism: router-interface }
  - { name: web-lab, between: [web, lab], mechanism: router-interface }`,
    ],
    'a mesh': ['baidu', 'connections: [{ name: all, mesh: [web, data, lab] }]'],
    'a line on Alibaba Cloud': ['alibaba', line('alibaba')],
    'a line on Baidu AI Cloud': ['baidu', line('baidu')],
  };
  it.each(Object.entries(cases))('%s', async (_name, [cloud, more]) => {
    const lab = await Lab.open();
    try {
      lab.write('peerway.yaml', demoConfig(DEMO_CLOUDS[cloud]).replace(/connections:[\s\S]*/, more));
      const env = demoEnv(cloud, lab.emulator);
      await grant(lab, cloud, env);
      for (const argv of [['apply', '--yes'], ['status'], ['destroy', '--yes', '--force']]) {
        const { exit, out, err } = await lab.run(argv, { env });
        expect([exit, exit === 0 ? '' : out + err]).toEqual([0, '']);
      }
    } finally {
      await lab.close();
    }
  });
});

describe('policy', () => {
  it('prints a document per provider entry that can be pasted, and no more than each end needs', async () => {
    const lab = await Lab.open();
    try {
      lab.config();
      const { exit, out } = await lab.run(['policy']);
      expect(exit).toBe(0);
      expect(out).toContain('# ali: Alibaba Cloud, cn-hangzhou, account 1210123456123456');
      const { policies } = JSON.parse((await lab.run(['policy', '--json'])).out) as {
        policies: { provider: string; actions: string[]; policy: unknown }[];
      };
      expect(policies[0]!.policy).toEqual({
        Version: '1',
        Statement: [{ Effect: 'Allow', Action: policies[0]!.actions, Resource: ['*'] }],
      });
      expect(policies[0]!.actions).toContain('vpc:CreateVpcPeerConnection');
      expect(policies[1]!.actions).not.toContain('vpc:CreateVpcPeerConnection');
      expect(policies[1]!.actions).toContain('vpc:AcceptVpcPeerConnection');
      expect(lab.emulator.requests).toHaveLength(0);
      lab.write('peerway.yaml', 'version: 1\n');
      expect((await lab.run(['policy'])).exit).toBe(1);
    } finally {
      await lab.close();
    }
  });
});
