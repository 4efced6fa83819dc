/** Routes and dedicated lines on the emulator, and the faults that clouds and networks have. */
import { describe, expect, it } from '@jest/globals';
import { networkId, parseCidr, portId, VirtualClock, type KnownHops, type Provider } from '@peerway/core';
import { baiduEt, baiduEtGateway, baiduRoute, baiduVpc } from '../src/index.js';
import { codeOf, collect } from './asking.js';
import { across, BJ, first, GZ, sessions, within } from './world.js';

const open = sessions();

describe('routes', () => {
  it('both sides point at their own interface; sources lie in a subnet, or anywhere in a relay', async () => {
    const s = await open();
    const { provider, peering } = await within(s);
    const [left] = await collect(provider.peerings.list());
    const network = peering.initiator.network;
    const [table] = await provider.routes.tables(network);
    const { cidrs } = await provider.networks.get(network);
    const subnet = cidrs[0]!.replace('.0.0/16', '.1.0/24');
    const vpc = provider.native(baiduVpc)!;
    await vpc.createSubnet({ name: 'web', zoneName: 'cn-bj-a', cidr: subnet, vpcId: network });
    const request = {
      network,
      table: table!.id,
      destination: parseCidr('172.20.0.0/16'),
      nextHop: left!.initiator.nextHop!,
    };
    await provider.routes.create({ ...request, description: 'peerway stack=shop' });
    await provider.routes.create({ ...request, source: parseCidr(subnet) });
    expect(await codeOf(provider.routes.create({ ...request, source: parseCidr('10.250.0.0/24') }))).toBe(
      'InvalidArgument',
    );
    await vpc.openVpcRelay(network);
    await provider.routes.create({ ...request, source: parseCidr('10.250.0.0/24') });
    expect(await codeOf(provider.routes.create(request))).toBe('AlreadyExists');
    expect(await codeOf(provider.routes.create({ ...request, destination: parseCidr(subnet) }))).toBe(
      'InvalidArgument',
    );
    const theirs = { ...request, destination: parseCidr('172.21.0.0/16'), nextHop: left!.acceptor.nextHop! };
    expect(await codeOf(provider.routes.create(theirs))).toBe('InvalidArgument');

    const written = await collect(provider.routes.list(network, table!.id));
    expect(written.map(({ source, state, origin, description }) => [source, state, origin, description])).toEqual([
      [undefined, 'active', 'custom', 'peerway stack=shop'],
      [subnet, 'active', 'custom', ''],
      ['10.250.0.0/24', 'active', 'custom', ''],
    ]);
    await provider.native(baiduRoute)!.updateRoutingRule(written[0]!.id!, { description: 'changed' });
    await provider.peerings.delete(peering.id);
    const dead = (await provider.routes.tables(network))[0]!.routes!;
    expect(dead.map(({ state, description }) => [state, description])).toEqual([
      ['blackhole', 'changed'],
      ['blackhole', ''],
      ['blackhole', ''],
    ]);
    await provider.routes.deleteMany(dead);
    expect(await collect(provider.routes.list(network, table!.id))).toEqual([]);
  });

  it("the cloud's own rule, where it is shown, is not ours", async () => {
    const s = await open({ rules: { 'baidu.route.showsSystemRules': true } });
    const provider = await s.provider('a', 'bj');
    const network = first(s, 'a', 'bj');
    const [table] = await provider.routes.tables(network);
    const [system] = table!.routes!;
    expect(system).toMatchObject({ origin: 'system', state: 'active', nextHop: { kind: 'other' } });
    expect(await codeOf(provider.routes.delete(system!))).toBe('PermissionDenied');
  });
});

describe('dedicated lines', () => {
  const line = { port: portId('dcphy-bjaport10000'), vlan: 30, cloudIp: '10.255.0.1/30', customerIp: '10.255.0.2' };

  it('a link is made, routed, found, resized, checked and removed', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const network = first(s, 'a', 'bj');
    const request = {
      ...line,
      network,
      name: 'idc',
      description: 'to the office',
      bandwidthMbps: 200,
      tags: { 'peerway.stack': 'shop' },
    };
    const link = await provider.links.create(request);
    expect(link).toMatchObject({
      state: 'active',
      nativeState: 'running',
      network,
      port: line.port,
      vlan: 30,
      cloudIp: '10.255.0.1/30',
      customerIp: '10.255.0.2',
      bandwidthMbps: 200,
      tags: { 'peerway.stack': 'shop' },
      nextHop: { kind: 'link', id: link.id },
    });
    expect(await codeOf(provider.links.request(request))).toBe('AlreadyExists');
    expect(await codeOf(provider.links.request({ ...request, vlan: 99 }))).toBe('NotFound');
    expect(await codeOf(provider.links.request({ ...request, vlan: 31 }))).toBe('InvalidArgument'); // that VLAN has other addresses

    const [table] = await provider.routes.tables(network);
    const destination = parseCidr('192.168.0.0/16');
    await provider.routes.create({ network, table: table!.id, destination, nextHop: link.nextHop! });
    expect((await provider.routes.tables(network))[0]!.routes).toMatchObject([
      { destination, state: 'active', nextHop: { kind: 'link' } },
    ]);

    const api = provider.native(baiduEtGateway)!;
    await api.updateEtGateway(link.id, { speed: 300 });
    await api.createHealthCheck(link.id, { healthCheckInterval: 3, healthThreshold: 2, unhealthThreshold: 2 });
    expect(await api.getEtGateway(link.id)).toMatchObject({ speed: 300, healthCheckInterval: 3 });
    expect((await provider.native(baiduEt)!.getEt(line.port)).status).toBe('established');

    for (const query of [{}, { network }, { port: line.port }, { network, port: line.port }]) {
      expect((await collect(provider.links.list(query))).map(({ id, vlan }) => [id, vlan])).toEqual([[link.id, 30]]);
    }
    expect(await collect(provider.links.list({ port: portId('dcphy-bjaport20000') }))).toEqual([]);

    for (const route of (await provider.routes.tables(network))[0]!.routes!) await provider.routes.delete(route);
    await provider.links.delete(link.id);
    expect(await provider.links.find(link.id)).toBeUndefined();
    await provider.links.delete(link.id); // gone already
    expect((await provider.links.create(request)).state).toBe('active'); // the channel is free again
  });

  it('a health check that the cloud does not let another replace is named, with what is left to do', async () => {
    const s = await open({ rules: { 'baidu.etGateway.secondHealthCheck': 'refuse' } });
    const { links } = await s.provider('a', 'bj');
    const healthCheck = { source: '10.0.0.9', failures: 2 };
    const link = await links.create({ ...line, network: first(s, 'a', 'bj'), name: 'idc', healthCheck });
    expect(link.healthCheck).toEqual({ ...healthCheck, target: '10.255.0.2', intervalMs: 3_000 });
    const refused = links.update(link.id, { healthCheck: { failures: 3 } });
    await expect(refused).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: expect.stringContaining('takes no other in its place'),
      details: { remedy: expect.stringContaining('make it anew') },
    });
  });

  it('a gateway that somebody left unbound is bound by the next step', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const network = first(s, 'a', 'bj');
    const made = await provider
      .native(baiduEtGateway)!
      .createEtGateway({ name: 'idc', vpcId: network, speed: 100 }, { clientToken: 'half' });
    s.clock.advance(120_000);
    const half = (await collect(provider.links.list({ network })))[0]!;
    expect(half).toMatchObject({ id: made.etGatewayId, state: 'provisioning', reason: 'half-made', next: 'continue' });
    const link = await provider.links.settle(half.id, { ...line, network, name: 'idc' });
    expect(link).toMatchObject({ state: 'active', port: line.port, vlan: 30 });
  });
});

describe('faults', () => {
  const STRUCK = { cloud: 'baidu', operation: 'CreatePeerConn', calls: 1 } as const;
  const links = async (provider: Provider): Promise<number> => (await collect(provider.peerings.list())).length;

  it.each([
    ['500 with JSON', { kind: 'error', status: 500, body: 'native' }],
    ['500 with JSON, after it took effect', { kind: 'error', status: 500, body: 'native', after: true }],
    ['500 with HTML', { kind: 'error', status: 500, body: 'html', after: true }],
    ['500 with nothing', { kind: 'error', status: 500, body: 'empty', after: true }],
    ['502 with HTML', { kind: 'error', status: 502, body: 'html' }],
    ['truncated JSON', { kind: 'truncate' }],
    ['a lost answer', { kind: 'lost-answer' }],
    ['a reset connection', { kind: 'reset' }],
    ['a request delivered twice', { kind: 'duplicate' }],
    ['throttling', { kind: 'throttle' }],
  ] as const)('%s on create, with the token: one link', async (_, effect) => {
    const s = await open();
    s.emulator.faults.add({ ...STRUCK, ...effect });
    const { provider, peering } = await within(s);
    expect(peering.state).toBe('active');
    expect(await links(provider)).toBe(1);
    const tokens = s.emulator.requests
      .filter(({ operation }) => operation === 'CreatePeerConn')
      .map(({ params }) => params['clientToken']);
    expect(new Set(tokens).size).toBe(1);
  });

  it('a lost answer, and the next try only after the token is forgotten: the link is found by its pair', async () => {
    const s = await open();
    const [initiator, network] = s.networks('a', 'bj');
    const request = { initiator: initiator!, acceptor: { region: BJ, network: network! }, clientToken: 'old' };
    // the machine sleeps for a day between the two tries
    const provider = (await s.provider('a', 'bj')).observedBy({ callRetried: () => s.clock.advance(25 * 3_600_000) });
    s.emulator.faults.add({ ...STRUCK, kind: 'lost-answer' });
    const id = await provider.peerings.request(request);
    const tries = s.emulator.requests.filter(({ operation }) => operation === 'CreatePeerConn');
    expect(tries.map(({ code }) => code ?? '')).toEqual(['', 'OperationDenied']);
    expect((await provider.peerings.settle(id, 'initiator')).state).toBe('active');
    expect(await links(provider)).toBe(1);
    // asked for anew, it is there already
    expect(await codeOf(provider.peerings.request(request))).toBe('AlreadyExists');
  });

  it('a token is good for 24 hours from its last use, and for one request only', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const [one, two, three] = s.networks('a', 'bj');
    const request = { initiator: one!, acceptor: { region: BJ, network: two! }, clientToken: 'mine' };
    const id = await provider.peerings.request(request);
    for (const hours of [20, 20, 20]) {
      s.clock.advance(hours * 3_600_000);
      expect(await provider.peerings.request(request)).toBe(id);
    }
    const other = { ...request, acceptor: { region: BJ, network: three! } };
    await expect(provider.peerings.request(other)).rejects.toMatchObject({
      code: 'InvalidArgument',
      details: { nativeCode: 'IdempotentParameterMismatch' },
    });
    s.clock.advance(25 * 3_600_000);
    expect(await codeOf(provider.peerings.request(other))).toBe('ok');
  });

  it.each([
    [20, ['RequestExpired', '', '']],
    [-20, ['', '']], // a signature is good for thirty minutes
    [-40, ['RequestExpired', '', '']],
  ])('a clock that is %i minutes off: at most one refusal, then the time of the server', async (minutes, codes) => {
    // far from the machine's own time, which the emulator would take as well
    const s = await open({ start: Date.UTC(2027, 0, 1) });
    const clock = new VirtualClock({ start: s.emulator.clock.now() + minutes * 60_000 });
    const provider = await s.provider('a', 'bj', { clock });
    expect(await collect(provider.networks.list())).toHaveLength(3);
    expect(await collect(provider.networks.list())).toHaveLength(3);
    expect(s.emulator.requests.map(({ code }) => code ?? '')).toEqual(codes);
  });

  it('both sides of one account releasing at once: both succeed, and it is gone', async () => {
    const s = await open();
    const [bj, gz] = [await s.provider('a', 'bj'), await s.provider('a', 'gz')];
    const { id } = await bj.peerings.create({
      initiator: first(s, 'a', 'bj'),
      acceptor: { region: GZ, network: first(s, 'a', 'gz') },
    });
    await Promise.all([bj.peerings.delete(id), gz.peerings.delete(id, { side: 'acceptor' })]);
    expect([await bj.peerings.find(id), await gz.peerings.find(id, { side: 'acceptor' })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('across accounts the initiator wins, the acceptor reads why it may not', async () => {
    const s = await open();
    const { from, to, id } = await across(s);
    await to.peerings.accept(id);
    const [ours, theirs] = await Promise.all([
      codeOf(from.peerings.delete(id)),
      codeOf(to.peerings.delete(id, { side: 'acceptor' })),
    ]);
    expect(ours).toBe('ok');
    expect(['ok', 'PermissionDenied']).toContain(theirs);
    expect(await to.peerings.find(id, { side: 'acceptor' })).toBeUndefined();
  });

  it.each(['lost-answer', 'truncate', 'duplicate'] as const)(
    '%s on every kind of write: each has its effect once',
    async (kind) => {
      const s = await open();
      const { from, to, id } = await across(s);
      const strike = (operation: string): void =>
        void s.emulator.faults.add({ cloud: 'baidu', operation, calls: 1, kind });
      strike('AcceptPeerConn');
      await to.peerings.accept(id);
      strike('UpdatePeerConnBandwidth');
      await from.peerings.update(id, { bandwidthMbps: 40 });
      strike('OpenPeerConnSyncDns');
      await from.peerings.update(id, { dnsSync: true });
      const peering = await from.peerings.get(id);
      expect(peering).toMatchObject({ state: 'active', bandwidthMbps: 40, dnsSync: 'on' });
      strike('CreateRoutingRules');
      const network = peering.initiator.network;
      const [table] = await from.routes.tables(network);
      await from.routes.create({
        network,
        table: table!.id,
        destination: parseCidr('172.20.0.0/16'),
        nextHop: peering.initiator.nextHop!,
      });
      const routes = await collect(from.routes.list(network, table!.id));
      expect(routes).toHaveLength(1);
      strike('DeleteRoutingRules');
      await from.routes.delete(routes[0]!);
      strike('ReleasePeerConn');
      await from.peerings.delete(id);
      expect(await from.peerings.find(id)).toBeUndefined();
    },
  );

  it('stale reads: a creation not yet to be seen is waited for', async () => {
    const s = await open();
    s.emulator.faults.add({ cloud: 'baidu', operation: 'GetPeerConn', kind: 'stale', ms: 5_000 });
    expect((await within(s)).peering.state).toBe('active');
  });

  it('next hops that the caller knows are not asked about, dead ones included', async () => {
    const s = await open();
    const { provider, peering } = await within(s);
    const { network, nextHop } = peering.initiator;
    const [table] = await provider.routes.tables(network);
    await provider.routes.create({
      network,
      table: table!.id,
      destination: parseCidr('172.20.0.0/16'),
      nextHop: nextHop!,
    });
    const states = async (hops?: KnownHops) => {
      const before = s.emulator.requests.length;
      const routes = await collect(provider.routes.list(network, table!.id, hops === undefined ? {} : { hops }));
      const asked = s.emulator.requests.slice(before).map(({ operation }) => operation);
      return [routes.map(({ state }) => state), asked.length];
    };
    expect(await states()).toEqual([['active'], 2]);
    const known = (live: boolean): KnownHops => new Map([[nextHop!.id, { kind: 'peering', live }]]);
    expect(await states(known(true))).toEqual([['active'], 1]);
    expect(await states(known(false))).toEqual([['blackhole'], 1]);
    expect(await states('irrelevant')).toEqual([['active'], 1]);
  });

  it('a missing network is NotFound on either side', async () => {
    const s = await open();
    const provider = await s.provider('a', 'bj');
    const known = first(s, 'a', 'bj');
    const missing = networkId('vpc-000000000000');
    for (const [initiator, network] of [
      [known, missing],
      [missing, known],
    ] as const) {
      expect(await codeOf(provider.peerings.request({ initiator, acceptor: { region: BJ, network } }))).toBe(
        'NotFound',
      );
    }
  });
});
