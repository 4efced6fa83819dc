/** The two sides of a VPC peering, strangers, routes to it, and the defects that comparable emulators have. */
import { describe, expect, it } from '@jest/globals';
import { between, create, far, farForeign, get, pending, route, statusOf } from './alibabaPeerings.js';
import {
  a,
  asA,
  asB,
  at,
  b,
  caller,
  codeOf,
  data,
  emulator,
  emulatorPerFile,
  foreign,
  jobs,
  web,
} from './alibabaWire.js';
import type { Key } from './alibabaWire.js';

const thirdKey: Key = { accessKeyId: 'LTAIthird', accessKeySecret: 'third' };
const thirdAccount = '1999999999999999';

emulatorPerFile(11);

const asThird = (...call: Parameters<typeof asA>) => caller(emulator, thirdKey)(...call);
const addThird = () => {
  emulator.world.account({ cloud: 'alibaba', id: thirdAccount, name: 'third' });
  emulator.world.key({ cloud: 'alibaba', id: thirdKey.accessKeyId, secret: 'third', account: thirdAccount });
};

describe('two sides and strangers', () => {
  it('a third account sees nothing and may do nothing', async () => {
    addThird();
    const id = await pending();
    for (const action of ['Get', 'Accept', 'Reject', 'Modify', 'Delete']) {
      const name = action === 'Get' ? 'GetVpcPeerConnectionAttribute' : `${action}VpcPeerConnection`;
      expect(await codeOf(asThird('VpcPeer', name, { InstanceId: id }))).toBe('ResourceNotFound.InstanceId');
    }
    expect(await asThird('VpcPeer', 'ListVpcPeerConnections')).toMatchObject({ TotalCount: 0 });
    // naming somebody's VPC makes nobody its owner
    const theft = { ...between(web, foreign), AcceptingAliUid: thirdAccount };
    expect(await codeOf(create(theft))).toBe('ResourceNotFound.VpcId');
    expect(await codeOf(create(between(web, data), asThird))).toBe('ResourceNotFound.VpcId');
    expect(await statusOf(id)).toBe('Accepting');
  });

  it('names owner and region of both sides, whoever asks and whoever began', async () => {
    const { InstanceId } = await create(between(foreign, far), asB);
    emulator.clock.advance(10_000);
    for (const as of [asA, asB]) {
      expect(await get(InstanceId, as)).toMatchObject({
        OwnerId: b.id,
        AcceptingOwnerUid: a.id,
        RegionId: 'cn-hangzhou',
        AcceptingRegionId: 'cn-beijing',
      });
    }
    await asA('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId });
  });

  it('the requester cannot accept or reject for the accepter', async () => {
    const id = await pending();
    expect(await codeOf(asA('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: id }))).toBe(
      'ResourceNotFound.InstanceId',
    );
    emulator.rules.set({ 'alibaba.vpcPeer.acceptByInitiatorCode': 'IncorrectStatus.VpcPeer' });
    expect(await codeOf(asA('VpcPeer', 'RejectVpcPeerConnection', { InstanceId: id }))).toBe('IncorrectStatus.VpcPeer');
  });

  it('both accounts list it in their regions; paging and filters hold', async () => {
    emulator.rules.set({ 'alibaba.vpcPeer.createLocks': 'none' });
    const ids = [];
    for (const to of [data, jobs, far, foreign, farForeign])
      ids.push((await create({ ...between(web, to), Name: `to-${to.name}` }))['InstanceId']);
    const list = (params: object, as = asA) => as('VpcPeer', 'ListVpcPeerConnections', params);
    expect(await list({ RegionId: 'cn-hangzhou' })).toMatchObject({ TotalCount: 5, MaxResults: 20 });
    expect(await list({ RegionId: 'cn-beijing' })).toMatchObject({ TotalCount: 1 });
    expect(await list({ RegionId: 'cn-beijing' }, asB)).toMatchObject({ TotalCount: 1 });
    expect(await list({ RegionId: 'cn-hangzhou' }, asB)).toMatchObject({ TotalCount: 1 });
    emulator.rules.set({ 'alibaba.vpcPeer.listInAcceptorRegion': false });
    expect(await list({ RegionId: 'cn-beijing' }, asB)).toMatchObject({ TotalCount: 0 });
    expect(await list({ RegionId: 'cn-hangzhou' }, asB)).toMatchObject({ TotalCount: 1 });
    const seen: unknown[] = [];
    let NextToken: unknown = '';
    let rounds = 0;
    do {
      const page: Record<string, unknown> = await list({ RegionId: 'cn-hangzhou', MaxResults: 2, NextToken });
      seen.push(...(page['VpcPeerConnects'] as { InstanceId: string }[]).map(({ InstanceId }) => InstanceId));
      ({ NextToken } = page);
      rounds += 1;
    } while (NextToken !== undefined && NextToken !== '' && rounds < 9);
    expect(seen).toEqual(ids);
    expect(rounds).toBe(3);
    expect(await list({ VpcId: `${web.id},${jobs.id}` })).toMatchObject({
      TotalCount: 1,
      VpcPeerConnects: [{ InstanceId: ids[1] }],
    });
    expect(await list({ VpcId: [web.id, far.id] })).toMatchObject({
      TotalCount: 1,
      VpcPeerConnects: [{ InstanceId: ids[2] }],
    });
    expect(await list({ VpcId: jobs.id })).toMatchObject({ TotalCount: 1 });
    expect(await list({ Name: `to-${far.name}` })).toMatchObject({ TotalCount: 1 });
    expect(await list({ InstanceId: ids[0] })).toMatchObject({ TotalCount: 1 });
    expect(await codeOf(list({ VpcId: 'a,b,c' }))).toBe('InvalidParameter');
    expect(await codeOf(list({ MaxResults: 101 }))).toBe('InvalidParameter');
    expect(await codeOf(list({ NextToken: 'forged' }))).toBe('IllegalParam.NextToken');
  });

  it('tags and resource groups belong to the side that set them', async () => {
    for (const [account, id] of [
      [a.id, 'rg-a'],
      [b.id, 'rg-b'],
    ] as const)
      emulator.world.resourceGroup({ cloud: 'alibaba', account, id, name: 'net' });
    const id = await pending({ ...between(web, foreign), Tag: [{ Key: 'mine', Value: '1' }] });
    await asB('VpcPeer', 'AcceptVpcPeerConnection', {
      InstanceId: id,
      Tag: [{ Key: 'theirs', Value: '2' }],
      ResourceGroupId: 'rg-b',
    });
    expect(await get(id)).toMatchObject({ Tags: [{ Key: 'mine', Value: '1' }], ResourceGroupId: '' });
    expect(await get(id, asB)).toMatchObject({ Tags: [{ Key: 'theirs', Value: '2' }], ResourceGroupId: 'rg-b' });
    const target = { RegionId: 'cn-hangzhou', ResourceType: 'PeerConnection', ResourceId: [id] };
    await asA('VpcPeer', 'TagResources', { ...target, Tag: [{ Key: 'more', Value: 'x' }] });
    const listed = await asA('VpcPeer', 'ListTagResources', target);
    expect(listed).toMatchObject({
      TagResources: [
        { ResourceId: id, ResourceType: 'PeerConnection', TagKey: 'mine', TagValue: '1' },
        { ResourceId: id, TagKey: 'more', TagValue: 'x' },
      ],
    });
    expect(await asB('VpcPeer', 'ListTagResources', target)).toMatchObject({ TagResources: [{ TagKey: 'theirs' }] });
    expect(await asA('VpcPeer', 'ListVpcPeerConnections', { 'Tags.1.Key': 'more' })).toMatchObject({ TotalCount: 1 });
    expect(await asB('VpcPeer', 'ListVpcPeerConnections', { 'Tags.1.Key': 'more' })).toMatchObject({ TotalCount: 0 });
    await asA('VpcPeer', 'UnTagResources', { ...target, TagKey: ['mine'] });
    expect(await get(id)).toMatchObject({ Tags: [{ Key: 'more', Value: 'x' }] });
    await asA('VpcPeer', 'UnTagResources', { ...target, All: true });
    expect(await get(id)).toMatchObject({ Tags: [] });
    const fill = Array.from({ length: 20 }, (_, i) => ({ Key: `k${i}`, Value: '' }));
    await asA('VpcPeer', 'TagResources', { ...target, Tag: fill });
    expect(await codeOf(asA('VpcPeer', 'TagResources', { ...target, Tag: [{ Key: 'k20' }] }))).toBe(
      'NumberExceed.Tags',
    );
    expect(await codeOf(asA('VpcPeer', 'TagResources', { ...target, ResourceId: ['pcc-x'], Tag: fill }))).toBe(
      'InvalidInstanceIds.NotFound',
    );
    expect(await codeOf(asA('VpcPeer', 'UnTagResources', target))).toBe('BothEmpty.TagsAndResources');
    expect(await codeOf(asA('VpcPeer', 'ListTagResources', { ...target, ResourceType: 'Vpc' }))).toBe(
      'InvalidInstanceType.NotFound',
    );
    addThird();
    expect(await asThird('VpcPeer', 'ListTagResources', target)).toMatchObject({ TagResources: [] });
    const move = {
      RegionId: 'cn-hangzhou',
      ResourceId: id,
      ResourceType: 'PeerConnection',
      NewResourceGroupId: 'rg-a',
    };
    expect(await asA('VpcPeer', 'MoveResourceGroup', move)).toMatchObject({ Success: true });
    expect(await get(id)).toMatchObject({ ResourceGroupId: 'rg-a' });
    expect(await get(id, asB)).toMatchObject({ ResourceGroupId: 'rg-b' });
    expect(await codeOf(asA('VpcPeer', 'MoveResourceGroup', { ...move, NewResourceGroupId: 'rg-b' }))).toBe(
      'OperationFailed.NotExist.ResourceGroup',
    );
    expect(await codeOf(asA('VpcPeer', 'MoveResourceGroup', { ...move, ResourceId: 'pcc-x' }))).toBe(
      'ResourceNotFound.VpcPeer',
    );
  });

  it('delete racing accept, and both sides deleting at once, never bring it back', async () => {
    const id = await pending();
    const outcomes = await Promise.allSettled([
      asB('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: id }),
      asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    emulator.clock.advance(10_000);
    const both = await Promise.allSettled([
      asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id }),
      asB('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id }),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    emulator.clock.advance(10_000);
    expect(await codeOf(get(id))).toBe('ResourceNotFound.InstanceId');
    expect(await codeOf(get(id, asB))).toBe('ResourceNotFound.InstanceId');
  });
});

describe('routes to a peering', () => {
  it('need it to be up and to end in the table’s own VPC; block its deletion; go with Force', async () => {
    const { InstanceId } = await create(between(web, data));
    expect(await codeOf(route(web.routeTable, '10.1.0.0/16', InstanceId))).toBe('IncorrectStatus.VpcPeer');
    emulator.clock.advance(10_000);
    await route(web.routeTable, '10.1.0.0/16', InstanceId);
    await route(data.routeTable, '10.0.0.0/16', InstanceId);
    expect(await codeOf(route(jobs.routeTable, '10.0.0.0/16', InstanceId))).toBe('ResourceNotFound.VpcPeer');
    expect(await codeOf(route(foreign.routeTable, '10.0.0.0/16', InstanceId, asB))).toBe('ResourceNotFound.VpcPeer');
    emulator.clock.advance(10_000);
    const remove = (params: object = {}) => asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId, ...params });
    expect(await codeOf(remove())).toBe('OperationDenied.RouteEntryExist');
    expect(await codeOf(remove({ Force: true, DryRun: true }))).toBe('DryRunOperation');
    expect(await codeOf(asA('Vpc', 'DeleteVpc', { VpcId: web.id }))).toBe('OperationDenied.VpcPeerExists');
    await remove({ Force: true });
    emulator.clock.advance(10_000);
    for (const { routeTable } of [web, data]) {
      expect(
        await asA('Vpc', 'DescribeRouteEntryList', {
          RegionId: 'cn-hangzhou',
          RouteTableId: routeTable,
          RouteEntryType: 'Custom',
        }),
      ).toMatchObject({ TotalCount: 0 });
    }
  });

  it('whose routes block a deletion is a rule; none outlives its peering', async () => {
    const id = await pending();
    await asB('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: id });
    emulator.clock.advance(10_000);
    await route(foreign.routeTable, '10.0.0.0/16', id, asB);
    emulator.clock.advance(10_000);
    expect(await codeOf(asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id }))).toBe(
      'OperationDenied.RouteEntryExist',
    );
    emulator.rules.set({ 'alibaba.vpcPeer.routesBlockDelete': 'caller-side' });
    expect(await codeOf(asB('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id }))).toBe(
      'OperationDenied.RouteEntryExist',
    );
    await asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id });
    emulator.clock.advance(10_000);
    const left = await asB('Vpc', 'DescribeRouteEntryList', {
      RegionId: 'cn-hangzhou',
      RouteTableId: foreign.routeTable,
    });
    expect(left).toMatchObject({ TotalCount: 1 });
    expect(at(left, 'RouteEntrys.RouteEntry.0.Type')).toBe('System');
  });
});
