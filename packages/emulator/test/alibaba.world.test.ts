/**
 * The Alibaba side as a whole: profiles, snapshots, the call sequences of the vendor's Terraform provider, and many
 * clients at once.
 */
import { describe, expect, it } from '@jest/globals';
import { countByOperation, Emulator, mutations } from '@peerway/emulator';
import { between, peer, peerWebData as create, total } from './alibabaPeerings.js';
import {
  a,
  asA,
  asB,
  at,
  caller,
  codeOf,
  data,
  emulator,
  emulatorPerTest,
  foreign,
  jobs,
  network,
  REGION,
  vpc,
  web,
} from './alibabaWire.js';

emulatorPerTest(9);

describe('profiles', () => {
  it('instant: done by the next request, windows excepted; slow: ten times', async () => {
    emulator.setProfile('instant');
    const { InstanceId } = await create();
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({ Status: 'Activated' });
    const waiting = await peer('CreateVpcPeerConnection', between(web, foreign));
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId: waiting['InstanceId'] })).toMatchObject({
      Status: 'Accepting',
    });
    emulator.setProfile({ scale: 10, jitter: 0, staleReads: { probability: 0, ms: 0 } });
    const slow = await peer('CreateVpcPeerConnection', between(data, jobs));
    emulator.clock.advance(39_999);
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId: slow['InstanceId'] })).toMatchObject({
      Status: 'Creating',
    });
    emulator.clock.advance(1);
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId: slow['InstanceId'] })).toMatchObject({
      Status: 'Activated',
    });
  });

  it('chaotic: one cannot always read one’s own write, and settles in the end', async () => {
    emulator.setProfile('chaotic');
    await create();
    const seen = new Set<unknown>();
    for (let index = 0; index < 40; index += 1) seen.add(await total());
    expect([...seen].sort()).toEqual([0, 1]);
    emulator.clock.advance(60_000);
    for (let index = 0; index < 40; index += 1) {
      expect(at(await peer('ListVpcPeerConnections'), 'VpcPeerConnects.0.Status')).toBe('Activated');
    }
  });

  it('a clock that follows the machine can still be jumped', async () => {
    const real = await Emulator.start({ clock: 'real' });
    const call = caller(real, a);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', between(web, foreign));
    real.clock.advance(8 * 24 * 3_600_000);
    expect(await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({ Status: 'Expired' });
    expect(real.clock.now()).toBeGreaterThan(Date.now() + 7 * 24 * 3_600_000);
    await real.close();
  });
});

describe('snapshot and request log', () => {
  it('holds everything under way as JSON and goes on in another emulator; reset forgets', async () => {
    const { InstanceId } = await create({ ClientToken: 't', Tag: [{ Key: 'k', Value: 'v' }] });
    const text = JSON.stringify(emulator.snapshot());
    expect(emulator.requests.length).toBeGreaterThan(0);
    const other = await Emulator.start({ seed: 1, world: 'empty' });
    try {
      other.restore(JSON.parse(text) as ReturnType<Emulator['snapshot']>);
      const call = caller(other, a);
      const get = () => call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId });
      expect(await get()).toMatchObject({ Status: 'Creating', Tags: [{ Key: 'k' }] });
      expect(
        await call('VpcPeer', 'CreateVpcPeerConnection', {
          ...between(web, data),
          ClientToken: 't',
          Tag: [{ Key: 'k', Value: 'v' }],
        }),
      ).toMatchObject({ InstanceId });
      other.clock.advance(4_000);
      expect(await get()).toMatchObject({ Status: 'Activated' });
      expect(() => other.restore({ ...other.snapshot(), version: 2 as never })).toThrow(RangeError);
      other.reset();
      expect(await codeOf(get())).toBe('InvalidAccessKeyId.NotFound');
    } finally {
      await other.close();
    }
  });

  it('records who asked what, and nothing secret', async () => {
    await create();
    await codeOf(create());
    await total();
    expect(emulator.requests[0]).toMatchObject({
      cloud: 'alibaba',
      operation: 'CreateVpcPeerConnection',
      account: a.id,
      region: REGION,
      mutating: true,
      status: 200,
      params: { VpcId: web.id, AcceptingVpcId: data.id },
    });
    expect(emulator.requests[1]).toMatchObject({ status: 400, code: 'ResourceAlreadyExist.VpcPeer' });
    expect(countByOperation(emulator.requests)).toEqual({ CreateVpcPeerConnection: 2, ListVpcPeerConnections: 1 });
    expect(mutations(emulator.requests)).toHaveLength(2);
    expect(JSON.stringify(emulator.requests)).not.toMatch(/Signature|SecurityToken|emulator-secret/);
  });

  it('unknown actions, versions and crashes answer in the cloud’s form; a crash is recorded', async () => {
    expect(await codeOf(vpc('MakeCoffee'))).toBe('InvalidAction.NotFound');
    emulator.rules.set({ 'alibaba.unknownAction.code': 'InvalidParameter' });
    expect(await codeOf(vpc('MakeCoffee'))).toBe('InvalidParameter');
    expect(await codeOf(vpc('DescribeVpcs', { Version: '1999-01-01' }))).toBe('InvalidVersion');
    const broken = await Emulator.start({});
    Object.assign(
      broken.operations('alibaba').find(({ description }) => description.name === 'DescribeVRouters')!,
      {
        run: () => {
          throw new Error('planted');
        },
      },
    );
    await expect(caller(broken, a)('Vpc', 'DescribeVRouters', { RegionId: REGION })).rejects.toMatchObject({
      code: 'InternalError',
    });
    expect(broken.crashes).toMatchObject([
      { operation: 'DescribeVRouters', request: { params: { RegionId: REGION } } },
    ]);
    await broken.close();
  });
});

describe('call sequences of the Terraform provider (docs/facts/alibaba.md 6)', () => {
  it('vpc_peer_connection with its accepter and a route on each side', async () => {
    await asA('Sts', 'GetCallerIdentity');
    await asA('Vpc', 'DescribeRegions');
    const token = { ClientToken: `TF-CreateVpcPeerConnection-1700000000-${'a'.repeat(20)}` };
    const { InstanceId } = await peer('CreateVpcPeerConnection', { ...between(web, foreign), ...token, DryRun: false });
    const get = (as = asA) => peer('GetVpcPeerConnectionAttribute', { InstanceId }, as);
    const wait = async (target: string[], as = asA) => {
      for (let round = 0; round < 60; round += 1) {
        emulator.clock.advance(5_000);
        const { Status } = await get(as);
        if (target.includes(String(Status))) return Status;
      }
      throw new Error(`never ${target.join()}`);
    };
    expect(await wait(['Activated', 'Accepting'])).toBe('Accepting');
    await peer('AcceptVpcPeerConnection', { InstanceId, ClientToken: 'TF-accept' }, asB);
    expect(await wait(['Activated'], asB)).toBe('Activated');
    expect(await codeOf(peer('AcceptVpcPeerConnection', { InstanceId }, asB))).toBe('IncorrectStatus.VpcPeer');
    await peer('TagResources', {
      RegionId: REGION,
      ResourceType: 'PeerConnection',
      'ResourceId.1': InstanceId,
      'Tag.1.Key': 'For',
      'Tag.1.Value': 'TF',
    });
    await peer('ListTagResources', { RegionId: REGION, ResourceType: 'PeerConnection', 'ResourceId.1': InstanceId });
    const hop = {
      RouteTableId: web.routeTable,
      DestinationCidrBlock: foreign.cidrs[0],
      NextHopType: 'VpcPeer',
      NextHopId: InstanceId,
    };
    const entries = () => vpc('DescribeRouteTables', { RouteTableId: web.routeTable, PageNumber: 1, PageSize: 50 });
    expect(at(await entries(), 'RouteTables.RouteTable.0.RouteEntrys.RouteEntry.0.Status')).toBe('Available');
    await vpc('CreateRouteEntry', { ...hop, ClientToken: 'TF-route' });
    emulator.clock.advance(5_000);
    expect(at(await entries(), 'RouteTables.RouteTable.0.RouteEntrys.RouteEntry.1')).toMatchObject({
      InstanceId,
      NextHopType: 'VpcPeer',
      Status: 'Available',
    });
    expect(await codeOf(peer('DeleteVpcPeerConnection', { InstanceId, ClientToken: 'd1' }))).toBe(
      'OperationDenied.RouteEntryExist',
    );
    await vpc('DeleteRouteEntry', {
      RouteTableId: hop.RouteTableId,
      DestinationCidrBlock: hop.DestinationCidrBlock,
      NextHopId: InstanceId,
    });
    emulator.clock.advance(7_000);
    await peer('DeleteVpcPeerConnection', { InstanceId, ClientToken: 'd2' });
    emulator.clock.advance(5_000);
    expect(await codeOf(get())).toBe('ResourceNotFound.InstanceId');
  });
});

/** A small generator of its own, so that a failing run can be repeated by its seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * sides);
  };
}

describe('many clients at once', () => {
  it('never break an invariant: pairs unique, both views equal, no route to a dead next hop', async () => {
    const seed = 20_261_120;
    const roll = dice(seed);
    const ends = [web, data, jobs, foreign, network('b', REGION, 'data')];
    const pick = <T>(items: readonly T[]): T | undefined => items[roll(items.length)];
    const rows = async (as: typeof asA) =>
      (await peer('ListVpcPeerConnections', { MaxResults: 100 }, as))['VpcPeerConnects'] as {
        InstanceId: string;
        Status: string;
        Vpc: { VpcId: string };
        AcceptingVpc: { VpcId: string };
      }[];
    const one = async (as: typeof asA, own: 'a' | 'b'): Promise<void> => {
      const InstanceId = pick(await rows(as))?.InstanceId ?? 'pcc-x';
      const mine = pick(ends.filter(({ account }) => account === own))!;
      switch (roll(7)) {
        case 0:
        case 1:
          await peer('CreateVpcPeerConnection', between(mine, pick(ends)!), as);
          return;
        case 2:
          await peer(roll(3) === 0 ? 'RejectVpcPeerConnection' : 'AcceptVpcPeerConnection', { InstanceId }, as);
          return;
        case 3:
          await peer('DeleteVpcPeerConnection', { InstanceId, Force: roll(2) === 0 }, as);
          return;
        case 4:
        case 5:
          await vpc(
            'CreateRouteEntry',
            {
              RouteTableId: mine.routeTable,
              DestinationCidrBlock: `172.${16 + roll(16)}.0.0/16`,
              NextHopType: 'VpcPeer',
              NextHopId: InstanceId,
            },
            as,
          );
          return;
        default:
          emulator.clock.advance(roll(4_000));
      }
    };
    for (let round = 0; round < 120; round += 1) {
      await Promise.allSettled([one(asA, 'a'), one(asB, 'b'), one(asA, 'a')]);
    }
    const all = [...new Map([...(await rows(asA)), ...(await rows(asB))].map((row) => [row.InstanceId, row])).values()];
    const live = all.filter(({ Status }) => !['Rejected', 'Expired', 'Deleted'].includes(Status));
    const pairs = live.map((row) => [row.Vpc.VpcId, row.AcceptingVpc.VpcId].sort().join());
    expect([seed, live.length > 0, new Set(pairs).size]).toEqual([seed, true, pairs.length]);
    const ids = new Set(live.map(({ InstanceId }) => InstanceId));
    let routes = 0;
    for (const { account, routeTable } of ends) {
      const listed = await vpc(
        'DescribeRouteEntryList',
        { RouteTableId: routeTable, RouteEntryType: 'Custom', MaxResult: 100 },
        account === 'a' ? asA : asB,
      );
      for (const entry of at(listed, 'RouteEntrys.RouteEntry') as unknown[]) {
        expect([seed, ids.has(String(at(entry, 'NextHops.NextHop.0.NextHopId')))]).toEqual([seed, true]);
        routes += 1;
      }
    }
    expect([seed, routes > 0]).toEqual([seed, true]);
  });
});
