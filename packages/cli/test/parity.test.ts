/** `peerway parity` from the outside: what it says before, what it writes, and what it leaves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, type Emulator } from '@peerway/emulator';
import { answering, Sandbox } from './harness.js';

const boxes: Sandbox[] = [];
async function sandbox(): Promise<Sandbox> {
  const box = await Sandbox.open();
  boxes.push(box);
  const { a, b } = DEFAULT_WORLD.alibaba.accounts;
  box.write(
    'peerway.yaml',
    `version: 1
stack: none
providers:
  ali: { use: alibaba, region: cn-hangzhou, account: "${a.id}", endpoint: "${box.emulator.alibaba.endpoint}" }
  partner: { use: alibaba, region: cn-hangzhou, account: "${b.id}", endpoint: "${box.emulator.alibaba.endpoint}", credentials: { accessKeyId: ${b.accessKeyId}, accessKeySecret: "\${PARTNER_SECRET}" } }
  bd: { use: baidu, region: bj, endpoint: "${box.emulator.baidu.endpoint('bj')}" }
networks:
  none: { provider: ali, id: vpc-none }
`,
  );
  return box;
}
afterEach(async () => {
  for (const box of boxes.splice(0)) {
    expect(box.emulator.crashes).toEqual([]);
    await box.close();
  }
});

const vpcs = (emulator: Emulator) => (emulator.snapshot().tables['alibaba.vpcs'] ?? []).length;
const evidence = (box: Sandbox): string => readFileSync(join(box.folder, 'parity.json'), 'utf8');
const FEW = ['--rule', 'alibaba.vpcPeer.selfPeeringCode', 'alibaba.vpcPeer.deleteFrom'];

describe('peerway parity', () => {
  it('says what it will do, asks, does it, removes it, and reports each rule', async () => {
    const box = await sandbox();
    box.emulator.rules.set({ 'alibaba.vpcPeer.selfPeeringCode': 'OperationFailed.ViolativeVpcPeer' });
    const before = vpcs(box.emulator);
    const { ask, asked } = answering('y');
    const { exit, out, err } = await box.run(['parity', '--provider', 'ali', '--partner', 'partner', ...FEW], { ask });
    expect([exit, asked]).toEqual([0, ['Make this run? [y/N] ']]);
    expect(err).toContain('Nothing in it is known to cost money.');
    expect(err).toMatch(/6 rules in 2 probes, about \d+ minutes/);
    expect(out).toMatch(
      /DIFFERS +alibaba\.vpcPeer\.selfPeeringCode +InvalidParameter +OperationFailed\.ViolativeVpcPeer/,
    );
    expect(out).toMatch(/agrees +alibaba\.vpcPeer\.deleteFrom +settled +settled/);
    expect(out).toMatch(/open +alibaba\.vpcPeer\.perVpc +30 +thirty networks/);
    expect(vpcs(box.emulator)).toBe(before);
    expect(evidence(box)).not.toContain(DEFAULT_WORLD.alibaba.accounts.a.id);
    // the same again from the recording, without a request
    const requests = box.emulator.requests.length;
    const replay = await box.run(['parity', '--replay', 'parity.json']);
    expect([replay.exit, replay.err]).toEqual([
      0,
      'Today’s probes read the recording as it was read when it was made.\n',
    ]);
    expect(replay.out.split('\n').filter((line) => line.startsWith('DIFFERS'))).toHaveLength(1);
    expect(box.emulator.requests.length).toBe(requests);
  });

  it('reads from the file of Baidu AI Cloud what it read when it was made', async () => {
    const box = await sandbox();
    await box.run(['parity', '--provider', 'bd', '--yes', '--topic', 'requests']);
    expect(await box.run(['parity', '--replay', 'parity.json'])).toMatchObject({ exit: 0 });
  });

  it('--clean says where it has not looked', async () => {
    const box = await sandbox();
    await box.run(['parity', '--provider', 'ali', '--partner', 'partner', '--yes', '--topic', 'requests']);
    const { exit, out, err } = await box.run(['parity', '--provider', 'ali', '--clean']);
    expect([exit, out]).toEqual([1, expect.not.stringContaining('Nothing of')]);
    expect(err).toContain('--partner');
  });

  it('changes nothing when it is told no, or nobody is there to ask', async () => {
    const box = await sandbox();
    const { ask } = answering('n');
    expect(await box.run(['parity', '--provider', 'ali'], { ask })).toMatchObject({ exit: 0 });
    expect(await box.run(['parity', '--provider', 'ali'])).toMatchObject({ exit: 1 });
    expect(box.emulator.requests.filter(({ mutating }) => mutating)).toEqual([]);
  });

  it('makes nothing between regions and no bandwidth unless asked, and says so for each rule', async () => {
    const box = await sandbox();
    const { out } = await box.run(['parity', '--provider', 'bd', '--yes', '--topic', 'lines', 'requests', '--json']);
    const { findings } = JSON.parse(out) as { findings: { rule: string; because?: string }[] };
    const because = (rule: string) => findings.find((one) => one.rule === rule)?.because;
    expect(because('baidu.etGateway.intermediateStatus')).toContain('--bandwidth');
    expect(because('baidu.clientToken.scope')).toContain('the topic networks was not chosen');
    expect(box.emulator.requests.map(({ operation }) => operation)).not.toContain('CreateDedicatedGateway');
  });

  it('keeps the evidence that is there, goes on with it, and cleans up after it alone', async () => {
    const box = await sandbox();
    box.write('parity.json', '{}');
    expect((await box.run(['parity', '--provider', 'ali', '--yes'])).err).toContain('parity.json exists already');
    expect((await box.run(['parity', '--provider', 'ali', '--yes', '--resume'])).err).toContain('is no evidence file');
    const first = await box.run(['parity', '--provider', 'ali', '--yes', '-o', 'one.json', '--topic', 'requests']);
    expect(first.exit).toBe(0);
    const resumed = await box.run([
      'parity',
      '--provider',
      'ali',
      '--yes',
      '-o',
      'one.json',
      '--resume',
      '--topic',
      'requests',
      'networks',
    ]);
    expect(resumed.exit).toBe(0);
    expect(resumed.out).toMatch(/agrees +alibaba\.routeTable\.associationCode/);
    expect(resumed.out).toMatch(/agrees +alibaba\.unknownAction\.code/);
    // the times of its networks are a profile of the emulator
    expect(await box.run(['emulator', '--rules', '--profile', 'one'])).toMatchObject({ exit: 0, err: '' });
    expect((await box.run(['emulator', '--rules', '--profile', 'none'])).err).toContain('none.json');
    const clean = await box.run(['parity', '--provider', 'ali', '--clean', '-o', 'one.json']);
    expect(clean.out).toMatch(/^Nothing of p[0-9a-f]{8} is left in [a-z0-9, -]+\.\n$/);
    expect((await box.run(['parity', '--provider', 'ali', '--clean', '-o', 'two.json'])).err).toContain('--run');
  });

  it('--kit says what it will do, tries a topic, removes it, and ends with 1 when a case failed', async () => {
    const box = await sandbox();
    box.emulator.rules.set({ 'alibaba.vpcPeer.endedBlocksPair': true });
    const before = vpcs(box.emulator);
    const kit = ['parity', '--kit', '--provider', 'ali', '--partner', 'partner', '--topic'];
    const { ask, asked } = answering('y');
    const env = { ...box.env, PARTNER_SECRET: DEFAULT_WORLD.alibaba.accounts.b.accessKeySecret };
    const good = await box.run([...kit, 'sides'], { ask, env });
    expect([good.exit, asked]).toEqual([0, ['Make this run? [y/N] ']]);
    expect(good.err).toMatch(/\d+ cases of the kit, up to \d+ minutes/);
    expect(good.err).toContain('Nothing in it is known to cost money.');
    expect(good.out).toMatch(/^sides: \d+ passed, 0 failed, \d+ skipped$/m);
    expect(vpcs(box.emulator)).toBe(before);
    expect(evidence(box)).not.toContain(DEFAULT_WORLD.alibaba.accounts.a.id);
    box.emulator.rules.set({ 'alibaba.vpcPeer.endedBlocksPair': false });
    const bad = await box.run([...kit, 'acceptance', '--yes', '--json', '-o', 'bad.json'], { env });
    const { kit: told } = JSON.parse(bad.out) as { kit: { outcome: string; failure?: string }[] };
    expect([bad.exit, told.filter(({ outcome }) => outcome === 'failed')]).toEqual([
      1,
      [expect.objectContaining({ failure: expect.stringContaining('Expected AlreadyExists') })],
    ]);
    const clean = await box.run(['parity', '--provider', 'ali', '--partner', 'partner', '--clean', '-o', 'bad.json'], {
      env,
    });
    expect(clean.out).toMatch(/^Nothing of p[0-9a-f]{8} is left in [a-z0-9, -]+\.\n$/);
  });

  it.each([
    [['--provider', 'nimbus', '--region', 'us-east-1'], 'nimbus'],
    [['--provider', 'nobody'], 'no provider entry "nobody"'],
    [['--provider', 'ali', '--partner', 'bd'], 'another cloud'],
    [['--provider', 'ali', '--partner', 'ali'], 'is not another account'],
    [['--provider', 'ali', '--far', 'partner'], 'as well'],
    [['--provider', 'ali', '--minutes', 'ten'], 'no number of minutes'],
    [['--provider', 'ali', '--topic', 'lifecycle'], 'no topic "lifecycle"'],
    [['--provider', 'ali', '--kit', '--topic', 'requests'], 'no topic "requests"'],
    [['--provider', 'ali', '--kit', '--rule', 'x'], 'asks about no rule'],
    [[], '--provider is missing'],
  ])('%j is told what is wrong in one message', async (argv, said) => {
    const box = await sandbox();
    const { exit, err } = await box.run(['parity', '--yes', ...argv]);
    expect([exit, err]).toEqual([1, expect.stringContaining(said)]);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it.each(['alibaba', 'baidu'])('--policy prints the rights of %s as its own policy', async (cloud) => {
    const box = await sandbox();
    const { exit, out } = await box.run(['parity', '--policy', '--provider', cloud]);
    expect([exit, out]).toEqual([
      0,
      expect.stringMatching(cloud === 'alibaba' ? /"Effect": "Allow"/ : /"effect": "Allow"/),
    ]);
    expect([...out.matchAll(/"vpc:\w+"/g)].length).toBeGreaterThan(15);
    expect(box.emulator.requests).toEqual([]);
  });
});
