/**
 * Worlds and files that did not converge once (docs/design.md 3, day two), each from the first apply to the empty plan, through the real command.
 * `PEERWAY_PROCESSES=1` runs the same as processes of the built program, at the machine's pace.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { seededRandom, VirtualClock } from '@peerway/runtime';
import { Workspace, type Outcome } from './harness.js';

const PROCESSES = process.env['PEERWAY_PROCESSES'] === '1';
const MAIN = fileURLToPath(new URL('../bundle/main.js', import.meta.url));
const { accounts, resourceGroups } = DEFAULT_WORLD.alibaba;
const [WEB, DATA] = ['vpc-bp1aweb00000000000000', 'vpc-bp1adata0000000000000'];
const [WEB_TABLE, CUSTOM] = ['vtb-bp1aweb00000000000000', 'vtb-bp1acustom00000000000'];
const GROUP = resourceGroups.find(({ account, name }) => account === 'a' && name === 'network')?.id ?? '';

type Row = { readonly id: string } & Readonly<Record<string, unknown>>;

class World extends Workspace {
  readonly clock: VirtualClock;
  /** Two runs never use the same tokens, as on a real machine. */
  readonly #random = seededRandom(1);

  private constructor(readonly emulator: Emulator) {
    super();
    this.clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
  }

  static async open(): Promise<World> {
    const more = PROCESSES ? ({ clock: 'real', profile: 'instant' } as const) : {};
    return new World(await Emulator.start({ seed: 1, ...more }));
  }

  async close(): Promise<void> {
    this.remove();
    await this.emulator.close();
  }

  /** The networks of account a, and what the case adds. */
  file(stack: string, { providers = '', ali = '', networks = '', web = '' }: Parts, rest: string): void {
    this.write(
      'peerway.yaml',
      `version: 1
stack: ${stack}
providers:
  ali: { use: alibaba, region: cn-hangzhou, endpoint: "\${ALI}"${ali} }
${providers}networks:
  web: { provider: ali, id: ${WEB}${web} }
  data: { provider: ali, id: ${DATA} }
${networks}${rest}
`,
    );
  }

  async run(...argv: readonly string[]): Promise<Outcome> {
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: accounts.a.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accounts.a.accessKeySecret,
      ALI: this.emulator.alibaba.endpoint,
      B_ID: accounts.b.accessKeyId,
      B_SECRET: accounts.b.accessKeySecret,
    };
    if (!PROCESSES) return this.peerway(argv, { env, clock: this.clock, random: this.#random });
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [MAIN, ...argv], { cwd: this.folder, env }, (_error, out, err) => {
        resolve({ exit: child.exitCode ?? -1, out, err });
      });
    });
  }

  /** The operations that changed something while `work` ran. */
  async changes(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.emulator.requests.length;
    await work();
    return this.emulator.requests.slice(before).flatMap((one) => (one.mutating ? [one.operation] : []));
  }

  rows(table: string): readonly Row[] {
    return this.emulator.snapshot().tables[`alibaba.${table}`] ?? [];
  }

  /** What a person did in the console: rows of a table, changed. */
  edit(table: string, change: (rows: readonly Row[]) => readonly Row[]): void {
    const state = this.emulator.snapshot();
    this.emulator.restore({ ...state, tables: { ...state.tables, [`alibaba.${table}`]: change(this.rows(table)) } });
  }

  async apply(): Promise<void> {
    const { exit, out, err } = await this.run('apply', '--yes', '--force');
    expect({ exit, err, out }).toEqual({ exit: 0, err: '', out: expect.stringMatching(/Done|nothing to do/) });
  }

  /** A second plan is empty, and a destroy leaves no peering, no line and no route. */
  async end(): Promise<void> {
    expect(await this.run('plan')).toMatchObject({ exit: 0, out: expect.stringContaining('nothing to do') });
    expect(await this.run('destroy', '--yes', '--force')).toMatchObject({ exit: 0, err: '' });
    const left = ['vpcPeers', 'routerInterfaces', 'borderRouters', 'routeEntries'].flatMap((table) => this.rows(table));
    expect(
      left.filter((row) => row['type'] !== 'System' && row['description'] !== 'by hand' && row['status'] !== 'Deleted'),
    ).toEqual([]);
  }
}

interface Parts {
  readonly providers?: string;
  readonly ali?: string;
  readonly networks?: string;
  readonly web?: string;
}

const LINE = `{ name: idc, network: web, port: pc-bp1aport1000000000000, vlan: 100, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2`;

describe('what did not converge once', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.close());

  it.each(['VBR', 'VRouter'])('21: the %s half of a line was switched off', async (routerType) => {
    world.file('lk', {}, `links:\n  - ${LINE}, destinations: [192.168.0.0/16] }`);
    await world.apply();
    world.edit('routerInterfaces', (rows) =>
      rows.map((row) => (row['routerType'] === routerType ? { ...row, status: 'Inactive' } : row)),
    );
    expect(await world.changes(() => world.apply())).toEqual(['ActivateRouterInterface']);
    await world.end();
  });

  it('22: the accepting half of a router-interface pair was switched off', async () => {
    world.file('ri', {}, 'connections: [{ name: ri, between: [web, data], mechanism: router-interface }]');
    await world.apply();
    world.edit('routerInterfaces', (rows) =>
      rows.map((row) => (row['role'] === 'AcceptingSide' ? { ...row, status: 'Inactive' } : row)),
    );
    expect((await world.run('plan')).out).toContain('switched off');
    expect(await world.changes(() => world.apply())).toEqual(['ActivateRouterInterface']);
    await world.end();
  });

  it.each(['apply', 'destroy'])('24: a route table is no longer named, then %s', async (then) => {
    const connections = 'connections: [{ name: wd, between: [web, data] }]';
    world.edit('routeTables', (rows) => [
      ...rows,
      ...rows
        .filter(({ id }) => id === WEB_TABLE)
        .map((row) => ({ ...row, id: CUSTOM, type: 'Custom', name: 'custom' })),
    ]);
    world.file('px', { web: `, routeTables: [${CUSTOM}, ${WEB_TABLE}]` }, connections);
    await world.apply();
    world.file('px', {}, connections);
    if (then === 'destroy') {
      expect(await world.run('destroy', '--yes', '--force')).toMatchObject({ exit: 0, err: '' });
    } else {
      expect(await world.run('plan')).toMatchObject({ exit: 2, out: expect.stringContaining(CUSTOM) });
      expect(await world.changes(() => world.apply())).toEqual(['DeleteRouteEntry']);
    }
    expect(world.rows('routeEntries').filter((row) => row['table'] === CUSTOM && row['type'] === 'Custom')).toEqual([]);
    if (then === 'apply') await world.end();
  });

  it('25: one network has an IPv6 prefix, the other none', async () => {
    world.edit('vpcs', (rows) =>
      rows.map((row) => (row.id === DATA ? { ...row, ipv6Cidr: '2408:4001:0:100::/56' } : row)),
    );
    world.file('v6', {}, 'connections: [{ name: wd, between: [web, data] }]');
    await world.apply();
    expect(await world.run('verify', 'web', 'data')).toMatchObject({ exit: 0, err: '' });
    await world.end();
  });

  it('26: listed prefixes that cover both networks', async () => {
    world.file('ls', {}, 'connections: [{ name: wd, between: [web, data], routes: [0.0.0.0/0, 10.0.0.0/8] }]');
    await world.apply();
    const written = world.rows('routeEntries').filter((row) => row['type'] === 'Custom');
    expect(written.map((row) => row['destination']).sort()).toEqual([
      '0.0.0.0/0',
      '0.0.0.0/0',
      '10.0.0.0/8',
      '10.0.0.0/8',
    ]);
    await world.end();
  });

  it('28: the default route, and a supernet of the network, to a line', async () => {
    world.file('df', {}, `links:\n  - ${LINE}, destinations: [0.0.0.0/0, 10.0.0.0/8] }`);
    await world.apply();
    await world.end();
  });

  it('a line on a port that another account’s entry owns', async () => {
    const alib = `  alib: { use: alibaba, region: cn-beijing, endpoint: "\${ALI}", credentials: { accessKeyId: "\${B_ID}", accessKeySecret: "\${B_SECRET}" } }\n`;
    const line = LINE.replace(
      'port: pc-bp1aport1000000000000',
      'port: { provider: alib, id: pc-2zebport1000000000000 }',
    );
    world.file('ax', { providers: alib }, `links:\n  - ${line}, destinations: [192.168.0.0/16] }`);
    await world.apply();
    expect((await world.run('status')).out).toMatch(/^idc +web +connected +active/m);
    expect(world.rows('routerInterfaces').map((row) => row['account'])).toEqual([accounts.b.id, accounts.a.id]);
    expect((await world.run('graph', '--format', 'mermaid')).out).toContain('[/"idc"/]');
    expect((await world.run('verify', 'web', 'idc')).out).toMatch(/^web reaches idc/);
    const { out } = await world.run('policy', '--json');
    expect(out.match(/vpc:CreateRouterInterface"/g)).toHaveLength(4); // both entries have an end of it; named in a list and in a document
    await world.end();
  });

  it('29: the key belongs to another account than the file says', async () => {
    world.file('ac', { ali: `, account: "${accounts.b.id}"` }, 'connections: [{ name: wd, between: [web, data] }]');
    for (const command of ['doctor', 'plan']) {
      const { exit, out, err } = await world.run(command);
      expect(exit).toBe(1);
      expect(out + err).toContain(accounts.a.id);
      expect(out + err).toContain(accounts.b.id);
    }
    expect(await world.changes(() => world.run('apply', '--yes'))).toEqual([]);
  });

  it('31: the other account left the file', async () => {
    const alib = `  alib: { use: alibaba, region: cn-hangzhou, endpoint: "\${ALI}", credentials: { accessKeyId: "\${B_ID}", accessKeySecret: "\${B_SECRET}" } }\n`;
    const pweb = '  pweb: { provider: alib, id: vpc-bp1bweb00000000000000 }\n';
    const whole = (): void =>
      world.file('fu', { providers: alib, networks: pweb }, 'connections: [{ name: x, between: [web, pweb] }]');
    whole();
    await world.apply();
    world.file('fu', {}, '');
    const refused = await world.run('destroy', '--yes');
    expect(refused.exit).toBe(1);
    expect(refused.out + refused.err).toContain(accounts.b.id);
    expect(await world.changes(() => world.run('destroy', '--yes'))).toEqual([]);
    // the remedy that it prints: the entry is all that is needed
    world.file('fu', { providers: alib }, '');
    expect(await world.run('destroy', '--yes')).toMatchObject({ exit: 0, err: '' });
    whole();
    await world.apply();
    await world.end();
  });

  it('33: options that were added later', async () => {
    const file = (options: string): void =>
      world.file(
        'op',
        {
          ali: options,
          providers: `  alj: { use: alibaba, region: cn-beijing, endpoint: "\${ALI}" }\n`,
          networks: '  far: { provider: alj, id: vpc-2zeaweb00000000000000 }\n',
        },
        'connections: [{ name: x, between: [web, far] }]',
      );
    file('');
    await world.apply();
    file(`, options: { linkType: Platinum, resourceGroupId: ${GROUP} }`);
    expect(await world.run('plan')).toMatchObject({ exit: 2, out: expect.stringContaining('linkType') });
    expect((await world.changes(() => world.apply())).sort()).toEqual(['ModifyVpcPeerConnection', 'MoveResourceGroup']);
    await world.end();
  });

  it('33: the health check of a line, added later and taken away again', async () => {
    const file = (check: string): void =>
      world.file('hc', {}, `links:\n  - ${LINE}, destinations: [192.168.0.0/16]${check} }`);
    file('');
    await world.apply();
    for (const check of [', healthCheck: { source: 10.0.0.9, target: 10.255.0.2 }', '']) {
      file(check);
      expect(await world.run('plan')).toMatchObject({ exit: 2, out: expect.stringContaining('health check') });
      expect(await world.changes(() => world.apply())).toContain('ModifyRouterInterfaceAttribute');
    }
    await world.end();
  });

  it('35: a prefix list stands in a table', async () => {
    world.edit('routeEntries', (rows) => [
      ...rows,
      ...rows.slice(0, 1).map((row) => ({
        ...row,
        account: accounts.a.id,
        table: WEB_TABLE,
        scope: WEB,
        id: 'rte-bp1prefixlist00000000',
        destination: 'pl-0xi1234567890abcdef',
        type: 'Custom',
        status: 'Available',
        ipVersion: 'ipv4',
        nextHops: [{ type: 'NatGateway', id: 'ngw-1' }],
        description: 'by hand',
      })),
    ]);
    world.file('pl', {}, 'connections: [{ name: wd, between: [web, data] }]');
    expect(await world.run('plan')).toMatchObject({ exit: 2, err: '' });
    await world.apply();
    expect(await world.run('status')).toMatchObject({ exit: 0, err: '' });
    const verified = await world.run('verify', 'web', 'data');
    expect(verified).toMatchObject({ exit: 0, err: '' });
    expect(verified.out).toContain('cannot see into the prefix list');
    await world.end();
    expect(world.rows('routeEntries').filter(({ id }) => id === 'rte-bp1prefixlist00000000')).toHaveLength(1);
  });
});
