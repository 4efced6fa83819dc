/** Networks that a file names otherwise than by an id of ours: what the commands say of selections and of peers. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { idOf, Sandbox } from './harness.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.open();
});
afterAll(() => sandbox.close());

const { a, b } = DEFAULT_WORLD.alibaba.accounts;
const WEB = idOf('a', 'cn-hangzhou', 'web');
const FAR = idOf('b', 'cn-beijing', 'web');

function declare(networks: string, connections: string): void {
  sandbox.write(
    'peerway.yaml',
    `version: 1
stack: shop
providers:
  ali: { use: alibaba, region: cn-hangzhou, account: "${a.id}" }
networks:
  web: { provider: ali, id: ${WEB} }
${networks}
connections:
${connections}
`,
  );
}

/** The actions of the printed policy that make or accept peerings. */
async function rights(): Promise<string[]> {
  const { out } = await sandbox.run(['policy']);
  return ['CreateVpcPeerConnection', 'AcceptVpcPeerConnection'].filter((action) => out.includes(`:${action}"`));
}

describe('a selection', () => {
  it('is found by plan, doctor and graph, and needs the rights of what it may find', async () => {
    declare('  all: { provider: ali, select: { name: "*-a-*" } }', '  - { name: core, mesh: [all] }');
    const plan = JSON.parse((await sandbox.run(['plan', '--json'])).out) as { selections: { all: { name: string }[] } };
    expect(plan.selections.all.map(({ name }) => name)).toEqual(
      ['data', 'jobs', 'web'].map((one) => `${one}-a-cn-hangzhou`),
    );
    expect((await sandbox.run(['plan'])).out).toMatch(/^ {2}all: 3 networks: vpc-bp1adata0+ \(data-a-cn-hangzhou\), /m);
    expect((await sandbox.run(['doctor'])).out).toContain('1 of 1 found, 3 listed for selections');
    expect((await sandbox.run(['graph', '--format', 'mermaid'])).out).toContain(idOf('a', 'cn-hangzhou', 'jobs'));
    expect(await rights()).toContain('CreateVpcPeerConnection');
  });

  it('is refused where one network is needed', async () => {
    declare('  all: { provider: ali, select: { name: "*" } }', '  - { name: core, between: [web, all] }');
    const { exit, err } = await sandbox.run(['validate']);
    expect([exit, err]).toEqual([1, expect.stringContaining('"all" is a selection, and one network is needed here')]);
  });
});

describe('a peer', () => {
  const peer = `  far: { provider: ali, peer: { account: "${b.id}", region: cn-beijing, id: ${FAR}, cidrs: [10.9.0.0/16] } }`;

  it('that we ask needs the right to ask, one that asks the right to agree', async () => {
    declare(peer, '  - { name: partner, between: [web, far] }');
    expect(await rights()).toEqual(['CreateVpcPeerConnection']);
    declare(peer, '  - { name: partner, between: [far, web] }');
    expect(await rights()).toEqual(['AcceptVpcPeerConnection']);
  });

  it('is looked for by nobody, and shown where it is', async () => {
    declare(peer, '  - { name: partner, between: [web, far] }');
    expect((await sandbox.run(['doctor'])).out).toContain('1 of 1 found');
    const graph = await sandbox.run(['graph', '--format', 'mermaid']);
    expect([graph.exit, graph.out]).toEqual([0, expect.stringContaining(b.id)]);
    const applied = await sandbox.run(['apply', '--yes']);
    expect([applied.exit, applied.out]).toEqual([0, expect.stringContaining('Done: 1 step in')]);
    expect((await sandbox.run(['status'])).out).toMatch(/partner +web — far +pending/);
    expect(await sandbox.run(['plan'])).toMatchObject({ exit: 0, out: expect.stringContaining('nothing to do') });
    expect(await sandbox.run(['destroy', '--yes'])).toMatchObject({ exit: 0 });
  });
});
