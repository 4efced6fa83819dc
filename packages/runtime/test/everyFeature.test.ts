/**
 * One file with every key that a connection and a link know, for both clouds: what differs is the provider lines, the ids and `options:`. What
 * one of the clouds has not, plan names; without it the file is applied, and its second plan is empty.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { configSchema, Peerway, seededRandom, VirtualClock, type LoadOptions, type Plan } from '@peerway/runtime';

type Cloud = 'alibaba' | 'baidu';

/** What belongs to one cloud: its entries, the ids of what is there, and the options that it alone has. */
interface Own {
  readonly providers: string;
  readonly ids: Readonly<Record<'web' | 'data' | 'far' | 'port', string>>;
  readonly connectionOptions: string;
  readonly linkOptions: string;
}

/** The estate, word for word the same. */
const estate = ({ providers, ids, connectionOptions, linkOptions }: Own): string => `version: 1
stack: every
providers:
${providers}
networks:
  web:  { provider: home, id: ${ids.web} }
  data: { provider: home, id: ${ids.data} }
  far:  { provider: away, id: ${ids.far} }
connections:
  - name: web-data
    between: [web, data]
    description: Shop to data
    deletionProtection: true
    dnsSync: both
    tags: { team: net }
    routes: { web: auto, data: auto }
    options: ${connectionOptions}
  - name: core
    hub: web
    spokes: [far]
    bandwidthMbps: 20
    description: To the far side
    dnsSync: [far]
  - name: all
    mesh: [data, far]
    bandwidthMbps: 10
links:
  - name: idc
    network: web
    port: ${ids.port}
    vlan: 30
    cloudIp: 10.255.0.1/30
    customerIp: 10.255.0.2
    destinations: [192.168.0.0/16]
    bandwidthMbps: 100
    description: To the office
    tags: { team: net }
    healthCheck: { source: 10.0.0.9, target: 10.255.0.2, intervalMs: 3000, failures: 4 }
    options: ${linkOptions}
`;

/** A mechanism is a word of one cloud: it has no place in a file that moves. */
const LEFT_OUT = ['mechanism'];

const GROUP = 'rg-acfm2nol1234567';
let emulator: Emulator;
let options: LoadOptions;
let own: Record<Cloud, Own>;

beforeAll(async () => {
  emulator = await Emulator.start({ seed: 1 });
  const { alibaba, baidu } = DEFAULT_WORLD;
  emulator.world.resourceGroup({ cloud: 'alibaba', account: alibaba.accounts.a.id, id: GROUP, name: 'net' });
  options = {
    clock: new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) }),
    random: seededRandom(1),
    roots: [import.meta.url],
    conditions: ['@peerway/source'],
    env: {
      KEY_A: alibaba.accounts.a.accessKeySecret,
      KEY_B: alibaba.accounts.b.accessKeySecret,
      BKEY_A: baidu.accounts.a.accessKeySecret,
      BKEY_B: baidu.accounts.b.accessKeySecret,
    },
  };
  own = { alibaba: ownOf('alibaba'), baidu: ownOf('baidu') };
});
afterAll(() => emulator.close());

function ownOf(cloud: Cloud): Own {
  const { networks, ports, regions, accounts } = DEFAULT_WORLD[cloud];
  const [near, away] = regions;
  const mine = networks.filter(({ account, region }) => account === 'a' && region === near);
  const theirs = networks.filter(({ account, region }) => account === 'b' && region === away);
  const port = ports.find(({ account, region }) => account === 'a' && region === near);
  const line = (name: string, who: 'a' | 'b', region: string): string => {
    const endpoint = cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint(region);
    const key = `${cloud === 'alibaba' ? '' : 'B'}KEY_${who.toUpperCase()}`;
    const credentials = `{ accessKeyId: ${accounts[who].accessKeyId}, accessKeySecret: "\${${key}}" }`;
    return `  ${name}: { use: ${cloud}, region: ${region}, account: "${accounts[who].id}", endpoint: "${endpoint}", credentials: ${credentials} }`;
  };
  return {
    providers: [line('home', 'a', near), line('away', 'b', away)].join('\n'),
    ids: { web: mine[0]?.id ?? '', data: mine[1]?.id ?? '', far: theirs[0]?.id ?? '', port: port?.id ?? '' },
    connectionOptions: cloud === 'alibaba' ? `{ resourceGroupId: ${GROUP} }` : '{ localInterfaceName: to-data }',
    linkOptions: cloud === 'alibaba' ? '{ circuitCode: cc-1 }' : '{ resourceGroupId: rg-1 }',
  };
}

async function planOf(text: string): Promise<Plan> {
  const peerway = await Peerway.load('made.yaml', { ...options, text });
  try {
    return await peerway.plan();
  } finally {
    await peerway.close();
  }
}

async function apply(text: string): Promise<void> {
  const peerway = await Peerway.load('made.yaml', { ...options, text });
  try {
    const report = await peerway.apply(await peerway.plan());
    expect(report.steps.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  } finally {
    await peerway.close();
  }
}

/** Without the lines that say one of these keys. */
const without = (text: string, ...keys: readonly string[]): string =>
  text
    .split('\n')
    .filter((line) => !keys.some((key) => line.trim().startsWith(`${key}:`)))
    .join('\n');

describe('a file of every feature', () => {
  it('says every key that there is', () => {
    const { $defs } = configSchema() as { $defs: Record<string, { properties: object }> };
    const [connections = '', links = ''] = estate(own.alibaba).split('connections:')[1]?.split('links:') ?? [];
    for (const [entry, text] of [
      ['ConnectionEntry', connections],
      ['LinkEntry', links],
    ] as const)
      for (const key of Object.keys($defs[entry]?.properties ?? {}))
        if (!LEFT_OUT.includes(key)) expect(text).toMatch(new RegExp(`^ +(- )?${key}:`, 'm'));
  });

  it('is applied on Baidu AI Cloud as it stands', async () => {
    const text = estate(own.baidu);
    expect((await planOf(text)).problems).toEqual([]);
    await apply(text);
    const again = await planOf(text);
    expect([again.steps, again.problems]).toEqual([[], []]);
  });

  it('is applied on Alibaba Cloud without what plan names by the capability that is missing', async () => {
    const text = estate(own.alibaba);
    const { problems } = await planOf(text);
    expect(problems.map(({ object, kind, severity }) => [object, kind, severity])).toEqual([
      ['core/web/far', 'unsupported', 'error'],
      ['web-data', 'unsupported', 'error'],
      ['web-data', 'unsupported', 'error'],
    ]);
    const said = problems.map(({ message }) => message).join('\n');
    expect(said).toMatch(/deletion protection of a peering/);
    expect(said).toMatch(/DNS synchronisation of a peering/);
    const fitting = without(text, 'deletionProtection', 'dnsSync');
    await apply(fitting);
    const again = await planOf(fitting);
    expect([again.steps, again.problems]).toEqual([[], []]);
  });
});
