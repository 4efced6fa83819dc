/** What is wrong with a line before anything is sent, whose port it may be, and what a dry run of the cloud's adds to a plan. */
import { describe, expect, it } from '@jest/globals';
import { networkId, parseCidr, PeerwayError, type Provider } from '@peerway/core';
import { Engine, type LinkSpec, type Plan } from '@peerway/engine';
import { FakeCloud, type FakeOptions } from './fakeCloud.js';
import { hub, line, pair, Scene } from './scene.js';

function world(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  for (const [at, name] of ['web', 'data', 'jobs'].entries()) cloud.network(name, [`10.${at}.0.0/16`]);
  return cloud;
}
const told = ({ problems }: Plan): string[] =>
  problems.map(
    ({ severity, kind, object, message, remedy }) => `${severity} ${kind} ${object}: ${message} | ${remedy}`,
  );

describe('a line', () => {
  const problems = async (spec: Partial<LinkSpec>, network = 'web'): Promise<string[]> =>
    told(await new Scene(world(), { links: [line('idc', network, spec)] }).plan());

  it('leads somewhere, over addresses of that family, with tags of its own', async () => {
    expect(await problems({})).toEqual([]);
    expect(await problems({ destinations: [] })).toEqual([
      'error link idc: idc names nothing behind the line | Add destinations.',
    ]);
    expect(await problems({ destinations: ['192.168.0.0/16', 'fd00::/48'].map(parseCidr) })).toEqual([
      'error route-prefix idc: No route can be written to fd00::/48: the line has addresses of the other family (10.255.0.1/30) | Remove it from the destinations of idc.',
    ]);
    expect(await problems({ tags: { 'peerway.stack': 'x', mypeerway: 'x' } })).toEqual([
      'error tags idc: The tag peerway.stack is ours to set | Remove it, or choose another key.',
    ]);
  });

  it('fits what the cloud takes, and is called unsupported where it takes no such thing', async () => {
    expect(await problems({ vlan: 4_001 })).toEqual([
      'error link idc: vlan 4001 is outside the limits | Give 1 to 4000.',
    ]);
    expect((await problems({ healthCheck: {} }))[0]).toMatch(/^error unsupported idc: fake probes no link/);
    expect((await problems({ customerIp: '10.255.9.9' }))[0]).toMatch(/^error link idc: customerIp 10.255.9.9/);
  });

  it('has a port of its own cloud, account and region, where the cloud brings no other to a network', async () => {
    const cloud = world();
    const other = new FakeCloud({ id: 'other', clock: cloud.clock });
    const plan = async (portProvider: Provider): Promise<string[]> => {
      const provider = cloud.provider('mine');
      const stack = {
        name: 'shop',
        networks: new Map([['web', { provider, id: networkId('web') }]]),
        connections: [],
        links: [line('idc', 'web', { portProvider })],
      };
      return told(await new Engine({ stack, clock: cloud.clock }).plan());
    };
    expect(await plan(other.provider('theirs'))).toEqual([
      'error link idc: pc-1 is a port of Fake other, and the network is in Fake fake | Bring each cloud a line of its own.',
    ]);
    expect(await plan(cloud.provider('away', 'acc-a', 'r2'))).toEqual([
      'error unsupported idc: Fake fake brings no port of another region to a network: the fake has none | Use a port of the network’s own region.',
    ]);
    expect(await plan(cloud.provider('theirs', 'acc-b'))).toEqual([
      'error unsupported idc: Fake fake brings no port of another account to a network: the fake has none | Use a port of the network’s own account.',
    ]);
    expect(await plan(cloud.provider('mine'))).toEqual([]);
  });
});

describe('a dry run', () => {
  it('adds what the cloud would refuse, in order, each under its connection', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [hub('h', 'web', ['jobs', 'data'])] });
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.dryRun')
        throw new PeerwayError('QuotaExceeded', 'no more', { remedy: 'Ask for more.' });
    };
    expect(told(await scene.plan())).toEqual([]);
    expect(told(await scene.plan({ dryRun: true }))).toEqual(
      ['h/web/data', 'h/web/jobs'].map(
        (name) => `error cloud-refuses ${name}: Fake fake would refuse: no more | Ask for more.`,
      ),
    );
    expect(cloud.requests.filter(({ operation }) => operation === 'peerings.dryRun')).toHaveLength(2);
    expect(cloud.mutations()).toEqual([]);
  });

  it('asks nothing of a plan that makes none', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('c', 'web', 'data')] });
    await scene.apply();
    const before = cloud.requests.length;
    expect(told(await scene.plan({ dryRun: true }))).toEqual([]);
    expect(cloud.requests.slice(before).map(({ operation }) => operation)).not.toContain('peerings.dryRun');
  });
});
