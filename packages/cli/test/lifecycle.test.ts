/** A whole life through the command line, on both clouds with one topology: the promises that users build on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, type WorldAccount } from '@peerway/emulator';
import { demoConfig, demoEnv, DEMO_CLOUDS, type DemoCloud } from '../src/commands/demo/demoWorld.js';
import { answering, Sandbox, type Outcome } from './harness.js';

describe.each(['alibaba', 'baidu'] as const)('%s', (cloud: DemoCloud) => {
  let sandbox: Sandbox;
  let env: Record<string, string>;
  beforeAll(async () => {
    sandbox = await Sandbox.open();
    env = demoEnv(cloud, sandbox.emulator);
    sandbox.write('peerway.yaml', demoConfig(DEMO_CLOUDS[cloud]));
  });
  afterAll(() => sandbox.close());

  const peerway = (...argv: string[]): Promise<Outcome> => sandbox.run(argv, { env });
  const writes = (): number => sandbox.emulator.requests.filter((request) => request.mutating).length;

  it('plan says what would change, exits 2 and writes nothing', async () => {
    const { exit, out, err } = await peerway('plan');
    expect([exit, err]).toEqual([2, '']);
    expect(out).toMatch(/web-data/);
    expect(out).toMatch(/web-lab/);
    expect(writes()).toBe(0);
    const markdown = await peerway('plan', '--markdown');
    expect(markdown.out).toMatch(/^## Plan of stack `demo`/);
    const json = await peerway('plan', '--json', '--out', 'plan.json');
    expect(JSON.parse(json.out)).toEqual(JSON.parse(readFileSync(join(sandbox.folder, 'plan.json'), 'utf8')));
    expect(writes()).toBe(0);
  });

  it('apply asks first, and a no changes nothing', async () => {
    const none = await peerway('apply');
    expect([none.exit, none.err]).toEqual([1, expect.stringContaining('Add --yes')]);
    const { ask, asked } = answering('n');
    const no = await sandbox.run(['apply'], { env, ask });
    expect([no.exit, no.err, asked]).toEqual([1, 'Nothing was changed.\n', ['Carry this out? [y/N] ']]);
    const stopped = await sandbox.run(['apply', '--yes'], { env, signal: AbortSignal.abort() });
    expect(stopped.exit).toBe(130);
    expect(writes()).toBe(0);
  });

  it('Ctrl-C in the middle stops cleanly and says how to go on; the same command finishes', async () => {
    const interruption = new AbortController();
    let out = '';
    const { exit, err } = await sandbox.run(['apply', 'plan.json', '--yes'], {
      env,
      signal: interruption.signal,
      stdout: {
        write: (text) => {
          out += text;
          if (/✓ /.test(text)) interruption.abort();
        },
      },
    });
    expect(exit).toBe(130);
    expect(out).toMatch(/Stopped: \d+ done/);
    expect(err).toContain('Stopped cleanly. What is done stays done; run the same command again to go on.');
    const again = await peerway('apply', '--yes');
    expect([again.exit, again.err, again.out]).toEqual([0, '', expect.stringMatching(/Done: \d+ steps? in/)]);
    expect(again.out).toMatch(/Done: \d+ steps? in/);
  });

  it('a second apply makes no mutating request; plan and status make none ever', async () => {
    const before = writes();
    const plan = await peerway('plan');
    expect([plan.exit, plan.out]).toEqual([0, 'plan of stack demo: nothing to do\n']);
    expect((await peerway('apply', '--yes')).exit).toBe(0);
    expect((await peerway('status')).exit).toBe(0);
    expect(writes()).toBe(before);
    const stale = await peerway('apply', 'plan.json', '--yes');
    expect(stale.exit).toBe(1);
    expect(stale.err).toMatch(/^error: .*\n(.*\n)*\s+fix: /m);
    expect(writes()).toBe(before);
  });

  it('status shows both sides, verify both directions, drift nothing', async () => {
    const { out } = await peerway('status');
    expect(out).toMatch(/web-data +web — data +connected/);
    expect(out).toMatch(/web-lab +web — lab +connected/);
    const json = await peerway('status', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      stack: 'demo',
      connections: [{ health: 'connected' }, { health: 'connected' }],
    });
    expect((await peerway('verify', 'web', 'lab')).exit).toBe(0);
    expect((await peerway('verify', 'data', 'lab')).exit).toBe(1);
    expect((await peerway('verify', 'web', 'nobody')).err).toMatch(/error: /);
    expect(await peerway('drift')).toMatchObject({ exit: 0, out: 'Stack demo: the clouds are as declared.\n' });
  });

  it('graph draws it in every format', async () => {
    expect((await peerway('graph')).out).toMatch(/^<svg/);
    expect((await peerway('graph', '--format', 'mermaid')).out).toMatch(/web-lab/);
    const { exit, err } = await peerway('graph', '--out', 'shop.html');
    expect([exit, err]).toEqual([0, 'shop.html: 3 networks, 2 connections, 0 broken.\n']);
    expect(readFileSync(join(sandbox.folder, 'shop.html'), 'utf8')).toContain(DEFAULT_WORLD[cloud].accounts.b.id);
    expect((await peerway('graph', '--json')).out).toContain('"cidrs"');
    expect((await peerway('graph', '--out', 'no/folder/x.svg')).exit).toBe(1);
    expect((await peerway('graph', '--out', 'shop.png')).err).toContain('not drawn: .png');
    expect((await sandbox.run(['graph'], { env, signal: AbortSignal.abort() })).exit).toBe(130);
  });

  it('a watch ends with Ctrl-C, and events tells what changed', async () => {
    for (const argv of [['status', '--watch'], ['events'], ['events', '--json']]) {
      const interruption = new AbortController();
      let out = '';
      const { exit } = await sandbox.run(argv, {
        env,
        signal: interruption.signal,
        stdout: {
          write: (text) => {
            out += text;
            interruption.abort();
          },
        },
      });
      expect(exit).toBe(0);
      expect(out).toContain('web-data');
    }
    expect((await peerway('events', '--interval', 'often')).err).toContain(
      'error: --interval "often" is not a pause in seconds',
    );
  });

  it('release takes the mark away, adopt puts it back, and destroy removes only what is marked', async () => {
    const released = await peerway('release', 'web-data');
    expect([released.exit, released.err]).toEqual([0, '']);
    expect((await peerway('release', 'nobody')).exit).toBe(1);
    const adopted = await peerway('adopt', 'web-data');
    expect([adopted.exit, adopted.err]).toEqual([0, '']);
    const { exit, out, err } = await peerway('destroy', '--yes', '--force');
    expect([exit, err]).toEqual([0, '']);
    expect(out).toMatch(/Done: \d+ steps? in/);
    expect((await peerway('destroy', '--yes')).out).toContain('nothing to do');
    expect((await peerway('plan')).exit).toBe(2);
    expect(sandbox.emulator.crashes).toEqual([]);
  });
});

describe.each(['alibaba', 'baidu'] as const)('a dedicated line on %s', (cloud) => {
  it('is made with its routes, shown, and removed', async () => {
    const sandbox = await Sandbox.open();
    try {
      const { networks, ports, regions } = DEFAULT_WORLD[cloud];
      const network = networks.find(({ account, region }) => account === 'a' && region === regions[0])!;
      const port = ports.find(({ account, region }) => account === 'a' && region === regions[0])!;
      const file = (bandwidthMbps: number, destination: string): string => `version: 1
stack: line
providers:
  home: { use: ${cloud}, region: ${regions[0]}, credentials: { accessKeyId: "\${HOME_KEY}", accessKeySecret: "\${HOME_SECRET}" } }
networks:
  web: { provider: home, id: ${network.id} }
links:
  - { name: idc, network: web, port: ${port.id}, vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2, destinations: [${destination}], bandwidthMbps: ${bandwidthMbps} }
`;
      sandbox.write('peerway.yaml', file(200, '192.168.0.0/16'));
      const env = demoEnv(cloud, sandbox.emulator);
      const applied = await sandbox.run(['apply', '--yes'], { env });
      expect([applied.exit, applied.err, applied.out]).toEqual([0, '', expect.stringMatching(/Done: \d+ steps in/)]);
      expect((await sandbox.run(['plan'], { env })).out).toBe('plan of stack line: nothing to do\n');
      expect((await sandbox.run(['status'], { env })).out).toMatch(/^idc +web +connected +active/m);
      expect((await sandbox.run(['graph', '--format', 'mermaid'], { env })).out).toContain('[/"idc"/]');
      // a half that somebody switched off, another speed, the default route
      const state = sandbox.emulator.snapshot();
      const table = 'alibaba.routerInterfaces';
      const halves = (state.tables[table] ?? []).map((half) => ({ ...half, status: 'Inactive' }));
      sandbox.emulator.restore({ ...state, tables: { ...state.tables, [table]: halves } });
      sandbox.write('peerway.yaml', file(500, '0.0.0.0/0'));
      expect((await sandbox.run(['apply', '--yes'], { env })).out).toMatch(/Done: \d+ steps in/);
      expect((await sandbox.run(['plan'], { env })).out).toBe('plan of stack line: nothing to do\n');
      expect((await sandbox.run(['destroy', '--yes', '--force'], { env })).out).toMatch(/Done: \d+ steps in/);
      expect((await sandbox.run(['destroy', '--yes'], { env })).out).toContain('nothing to do');
    } finally {
      await sandbox.close();
    }
  });
});

describe('a key that the cloud refuses', () => {
  const CANARY = 'cAnArY-0123456789-sEcReT';
  it.each(['alibaba', 'baidu'] as const)('%s: the error has the request id and never the secret', async (cloud) => {
    const sandbox = await Sandbox.open();
    try {
      sandbox.write('peerway.yaml', demoConfig(DEMO_CLOUDS[cloud]));
      const env = { ...demoEnv(cloud, sandbox.emulator), HOME_SECRET: CANARY, PARTNER_SECRET: CANARY };
      for (const argv of [['plan'], ['apply', '--yes'], ['status'], ['destroy', '--yes'], ['graph'], ['doctor']]) {
        for (const more of [[], ['--json'], ['--verbose', '--log-level', 'debug']]) {
          const { exit, out, err } = await sandbox.run([...argv, ...more], { env });
          expect(exit).toBe(1);
          expect((out + err).toLowerCase()).not.toContain(CANARY.toLowerCase());
          if (more.length === 0) expect(out + err).toMatch(/\bid: \S+/);
        }
      }
    } finally {
      await sandbox.close();
    }
  });
});

describe('demo', () => {
  it('tells the whole path on both clouds, without a secret, and ends well', async () => {
    const sandbox = await Sandbox.open();
    try {
      const { exit, out, err } = await sandbox.peerway(['demo']);
      expect([exit, err]).toEqual([0, '']);
      for (const cloud of ['alibaba', 'baidu'] as const) {
        expect(out).toContain(`use: ${cloud}, region: `);
        for (const account of Object.values<WorldAccount>(DEFAULT_WORLD[cloud].accounts))
          expect(out).not.toContain(account.accessKeySecret);
      }
      expect(out.match(/^plan of stack demo: 6 to create$/gm)).toHaveLength(2);
      expect(out.match(/^plan of stack demo: nothing to do$/gm)).toHaveLength(2);
      expect(out.match(/^web-lab +web — lab +connected/gm)).toHaveLength(2);
      expect(out.match(/^Done: 6 steps in/gm)).toHaveLength(4);
    } finally {
      await sandbox.close();
    }
  });

  it('stops when interrupted', async () => {
    const sandbox = await Sandbox.open();
    try {
      expect((await sandbox.peerway(['demo'], { signal: AbortSignal.abort() })).exit).toBe(130);
    } finally {
      await sandbox.close();
    }
  });
});
