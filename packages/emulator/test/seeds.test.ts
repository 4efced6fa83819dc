/** What is put into a world without a call of a cloud: it must be possible there, and it never replaces what is there. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ControlClient, DEFAULT_WORLD, Emulator, startControl } from '@peerway/emulator';
import type { ControlServer } from '@peerway/emulator';
import { a, b, caller, codeOf, network } from './alibabaWire.js';
import { a as baiduA, web as baiduWeb } from './baiduWire.js';

const REGION = 'cn-hangzhou';
const web = network('a', REGION, 'web');
const onAlibaba = { cloud: 'alibaba', account: a.id, region: REGION } as const;
const onBaidu = { cloud: 'baidu', account: baiduA.id, region: 'bj' } as const;
const cidrs = ['10.210.0.0/16'];
const line = { id: 'line-new', name: 'new', accessPoint: 'x' };
const [taken, baiduTaken] = [DEFAULT_WORLD.alibaba.ports[0]!.id, DEFAULT_WORLD.baidu.ports[0]!.id];

let emulator: Emulator;
let server: ControlServer;
let control: ControlClient;
beforeEach(async () => {
  emulator = await Emulator.start({ seed: 4 });
  server = await startControl(emulator);
  control = new ControlClient(server.endpoint);
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await server.close();
  await emulator.close();
});

describe('a seed', () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['a network in no region', () => control.addNetwork({ ...onAlibaba, region: 'bj', cidrs }), 'no region bj'],
    ['a network in no region', () => control.addNetwork({ ...onBaidu, region: REGION, cidrs }), `no region ${REGION}`],
    ['a line in no region', () => control.addPort({ ...line, ...onAlibaba, region: 'bj' }), 'no region bj'],
    ['a line in no region', () => control.addPort({ ...line, ...onBaidu, region: REGION }), `no region ${REGION}`],
    ['a taken VPC', () => control.addNetwork({ ...onAlibaba, cidrs, id: web.id }), `a VPC ${web.id} already`],
    ['a taken VPC', () => control.addNetwork({ ...onBaidu, cidrs, id: baiduWeb.id }), `a vpc ${baiduWeb.id} already`],
    [
      'a taken route table',
      () => control.addNetwork({ ...onAlibaba, cidrs, routeTable: web.routeTable }),
      `a route table ${web.routeTable} already`,
    ],
    [
      'a taken route table',
      () => control.addNetwork({ ...onBaidu, cidrs, routeTable: baiduWeb.routeTable }),
      `a route table ${baiduWeb.routeTable} already`,
    ],
    [
      'a taken router',
      () => control.addNetwork({ ...onAlibaba, cidrs, router: web.router }),
      `a router ${web.router} already`,
    ],
    ['a taken line', () => control.addPort({ ...line, ...onAlibaba, id: taken }), `a line ${taken} already`],
    ['a taken line', () => control.addPort({ ...line, ...onBaidu, id: baiduTaken }), `a line ${baiduTaken} already`],
    [
      'a taken resource group',
      () => control.addResourceGroup({ cloud: 'alibaba', account: b.id, id: 'rg-acfanetwork0000', name: 'mine' }),
      'a resource group rg-acfanetwork0000 already',
    ],
    [
      'a resource group on the other cloud',
      () => control.addResourceGroup({ cloud: 'baidu', account: baiduA.id, id: 'rg-1', name: 'mine' }),
      'baidu has no resource groups here',
    ],
  ])('is refused for %s, and changes nothing', async (_name, seeds, message) => {
    const before = emulator.snapshot().tables;
    await expect(seeds()).rejects.toMatchObject({ status: 400, message: expect.stringContaining(message) as unknown });
    expect(emulator.snapshot().tables).toEqual(before);
  });

  it('of a resource group is there for the account that has it, and for nobody else', async () => {
    await control.addResourceGroup({ cloud: 'alibaba', account: a.id, id: 'rg-new', name: 'new' });
    const [mine, theirs] = [caller(emulator, a), caller(emulator, b)];
    expect(await mine('ResourceManager', 'GetResourceGroup', { ResourceGroupId: 'rg-new' })).toMatchObject({
      ResourceGroup: { Id: 'rg-new', Name: 'new' },
    });
    const wanted = { RegionId: REGION, CidrBlock: '10.211.0.0/16', ResourceGroupId: 'rg-new' };
    expect(await mine('Vpc', 'CreateVpc', wanted)).toMatchObject({ ResourceGroupId: 'rg-new' });
    expect(await codeOf(theirs('Vpc', 'CreateVpc', wanted))).toBe('InvalidResourceGroupId');
  });
});
