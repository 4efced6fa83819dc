/** VpcPeer over the wire: lifecycle, rules and limits of creation. */
import { describe, expect, it } from '@jest/globals';
import { active, between, create, far, get, pending, statusOf } from './alibabaPeerings.js';
import { a, asA, asB, b, codeOf, data, emulator, emulatorPerFile, foreign, jobs, network, web } from './alibabaWire.js';

const WEEK = 7 * 24 * 3_600_000;

emulatorPerFile(11);

describe('lifecycle', () => {
  it('same account: Creating, then Activated by itself; every field of the answer', async () => {
    emulator.world.resourceGroup({ cloud: 'alibaba', account: a.id, id: 'rg-acfmxazb4ph6aiy', name: 'net' });
    const { InstanceId } = await create({
      ...between(web, data),
      Name: 'web-data',
      Description: 'both here',
      ResourceGroupId: 'rg-acfmxazb4ph6aiy',
      'Tag.1.Key': 'peerway.stack',
      'Tag.1.Value': 'shop',
    });
    expect(await statusOf(InstanceId)).toBe('Creating');
    emulator.clock.advance(3_999);
    expect(await statusOf(InstanceId)).toBe('Creating');
    emulator.clock.advance(1);
    expect(await get(InstanceId)).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      InstanceId,
      Name: 'web-data',
      Description: 'both here',
      ResourceGroupId: 'rg-acfmxazb4ph6aiy',
      GmtCreate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      GmtModified: expect.any(String),
      GmtExpired: null,
      OwnerId: a.id,
      AcceptingOwnerUid: a.id,
      RegionId: 'cn-hangzhou',
      AcceptingRegionId: 'cn-hangzhou',
      Bandwidth: -1,
      Status: 'Activated',
      BizStatus: 'Normal',
      Vpc: { VpcId: web.id, Ipv4Cidrs: web.cidrs, Ipv6Cidrs: [] },
      AcceptingVpc: { VpcId: data.id, Ipv4Cidrs: data.cidrs, Ipv6Cidrs: [] },
      Tags: [{ Key: 'peerway.stack', Value: 'shop' }],
    });
    expect(emulator.transitions.map(({ from, to }) => `${from}>${to}`)).toEqual(['Creating>Activated']);
  });

  it('other account: Accepting for seven days, then accepted, rejected or Expired; the big account id survives', async () => {
    const accepted = await pending();
    expect(await get(accepted)).toMatchObject({ Status: 'Accepting', AcceptingOwnerUid: b.id });
    expect(new Date(String((await get(accepted))['GmtExpired'])).getTime() - emulator.clock.now()).toBeGreaterThan(
      WEEK - 20_000,
    );
    await asB('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: accepted });
    expect(await statusOf(accepted, asB)).toBe('Updating');
    emulator.clock.advance(2_000);
    expect(await statusOf(accepted)).toBe('Activated');
    expect(await codeOf(asB('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: accepted }))).toBe(
      'IncorrectStatus.VpcPeer',
    );
    emulator.clock.advance(WEEK);
    expect(await statusOf(accepted)).toBe('Activated');

    const rejected = await pending(between(data, foreign));
    await asB('VpcPeer', 'RejectVpcPeerConnection', { InstanceId: rejected });
    expect(await statusOf(rejected)).toBe('Rejected');
    const expired = await pending(between(jobs, foreign));
    emulator.clock.advance(WEEK - 10_001);
    expect(await statusOf(expired)).toBe('Accepting');
    emulator.clock.advance(1);
    expect(await statusOf(expired)).toBe('Expired');
    expect(await codeOf(asB('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: expired }))).toBe(
      'IncorrectStatus.VpcPeer',
    );
    // both are over: the pair is free again, and the records can be deleted by either account
    await create(between(jobs, foreign));
    await asB('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: expired });
    await asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: rejected });
  });

  it('deletion: Deleting, Deleted for a moment, then not found; the pair is free at once after', async () => {
    const id = await active();
    await asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id });
    expect(await statusOf(id)).toBe('Deleting');
    expect(await codeOf(create(between(web, data)))).toBe('ResourceAlreadyExist.VpcPeer');
    expect(await codeOf(asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: id }))).toBe('IncorrectStatus.VpcPeer');
    emulator.clock.advance(2_000);
    expect(await statusOf(id)).toBe('Deleted');
    await create(between(web, data));
    emulator.clock.advance(500);
    const gone = get(id);
    await expect(gone).rejects.toMatchObject({
      code: 'ResourceNotFound.InstanceId',
      entry: { response: { statusCode: 400 } },
    });
  });

  it('modify: name, description, bandwidth and link type of a cross-region peering', async () => {
    const id = await active({ ...between(web, far), Bandwidth: 100 });
    expect(await get(id)).toMatchObject({ Bandwidth: 100, LinkType: 'Gold' });
    const modify = (params: object, as = asA) =>
      as('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId: id, ...params });
    await modify({ Name: 'n', Bandwidth: 200, LinkType: 'Platinum' });
    expect(await get(id)).toMatchObject({ Status: 'Updating', Name: 'n', Bandwidth: 200, LinkType: 'Platinum' });
    expect(await codeOf(modify({ Name: 'other' }))).toBe('IncorrectStatus.VpcPeer');
    emulator.clock.advance(2_000);
    expect(await codeOf(modify({ Bandwidth: 5_000 }))).toBe('QuotaExceeded.Bandwidth');
    expect(await codeOf(modify({ Bandwidth: 0 }))).toBe('InvalidParameter');
    expect(await codeOf(modify({ LinkType: 'Silver' }))).toBe('OperationFailed.SpecificLinkTypeNotSupported');
    expect(await codeOf(modify({ Description: 'https://x' }))).toBe('InvalidDescription.Malformed');
    expect(await codeOf(modify({ DryRun: true, Name: 'dry' }))).toBe('DryRunOperation');
    expect(await get(id)).toMatchObject({ Name: 'n', Bandwidth: 200 });
    const near = await active(between(web, data));
    expect(await codeOf(asA('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId: near, Bandwidth: 5 }))).toBe(
      'OperationFailed.BandwidthCannotBeChangedInSameRegion',
    );
    expect(await codeOf(asA('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId: near, LinkType: 'Gold' }))).toBe(
      'OperationFailed.InterRegionLinkTypeNotSupported',
    );
  });
});

describe('creation', () => {
  const refused = (params: object, as = asA) => codeOf(create(params, as));

  it('refuses what a request can get wrong, and stores nothing', async () => {
    const good = between(web, data);
    const { RegionId: _region, ...noRegion } = good;
    expect(await refused(noRegion)).toBe('MissingRegionId');
    expect(await refused({ ...good, AcceptingAliUid: '' })).toBe('MissingAcceptingAliUid');
    expect(await refused({ ...good, AcceptingAliUid: 'x' })).toBe('InvalidParameter');
    expect(await refused({ ...good, VpcId: 'vpc-nothing' })).toBe('ResourceNotFound.VpcId');
    expect(await refused({ ...good, AcceptingVpcId: foreign.id })).toBe('ResourceNotFound.VpcId');
    expect(await refused({ ...between(web, foreign), AcceptingRegionId: 'cn-beijing' })).toBe('ResourceNotFound.VpcId');
    expect(await refused({ ...good, VpcId: foreign.id, AcceptingVpcId: web.id })).toBe('ResourceNotFound.VpcId');
    expect(await refused({ ...good, AcceptingVpcId: web.id })).toBe('InvalidParameter');
    expect(await refused({ ...good, RegionId: 'cn-nowhere' })).toBe('UnsupportedRegion');
    expect(await refused({ ...good, AcceptingRegionId: 'cn-shanghai-finance-1' })).toBe(
      'OperationFailed.ViolativeVpcPeer',
    );
    expect(await refused({ ...good, AcceptingRegionId: 'us-east-1' })).toBe('OperationFailed.CrossBorderCdtNotOpened');
    expect(await refused({ ...good, Bandwidth: 10 })).toBe('OperationFailed.BandwidthCannotBeChangedInSameRegion');
    expect(await refused({ ...good, LinkType: 'Gold' })).toBe('OperationFailed.InterRegionLinkTypeNotSupported');
    expect(await refused({ ...between(web, far), Bandwidth: 0 })).toBe('InvalidParameter');
    expect(await refused({ ...between(web, far), Bandwidth: 1025 })).toBe('QuotaExceeded.Bandwidth');
    expect(await refused({ ...between(web, far), LinkType: 'Silver' })).toBe(
      'OperationFailed.SpecificLinkTypeNotSupported',
    );
    expect(await refused({ ...good, ResourceGroupId: 'none' })).toBe('OperationFailed.NotExist.ResourceGroup');
    expect(await refused({ ...good, Name: '1x' })).toBe('InvalidName.Malformed');
    expect(await refused({ ...good, Name: 'x' })).toBe('InvalidName.Malformed');
    expect(await refused({ ...good, Description: 'x'.repeat(257) })).toBe('InvalidDescription.Malformed');
    expect(await refused({ ...good, ClientToken: 'x'.repeat(65) })).toBe('InvalidParameter');
    expect(await refused({ ...good, Tag: [{ Key: 'acs:x', Value: '' }] })).toBe('InvalidTagKey');
    expect(await refused({ ...good, Tag: [{ Key: 'x' }, { Key: 'x' }] })).toBe('Forbidden.TagKey.Duplicated');
    expect(await refused({ ...good, Tag: Array.from({ length: 21 }, (_, i) => ({ Key: `k${i}` })) })).toBe(
      'NumberExceed.Tags',
    );
    expect(await refused({ ...good, Banana: 1 })).toBe('InvalidParameter');
    expect(await refused({ ...good, DryRun: true })).toBe('DryRunOperation');
    expect(await asA('VpcPeer', 'ListVpcPeerConnections')).toMatchObject({ TotalCount: 0 });
    emulator.rules.set({ 'alibaba.unknownParameters': 'loose' });
    await create({ ...good, Banana: 1 });
    expect(emulator.requests.at(-1)?.ignored).toEqual(['Banana']);
  });

  it.each([
    ['alibaba.vpcPeer.regionsSupported', false, 'UnsupportedRegion'],
    ['alibaba.cdt.opened', false, 'OperationFailed.CdtNotOpened'],
    ['alibaba.cdt.acceptorOpened', false, 'OperationFailed.AcceptUserCdtNotOpened'],
    ['alibaba.vpcPeer.requesterBusinessNormal', false, 'IncorrectBusinessStatus.VpcPeer'],
    ['alibaba.vpcPeer.acceptorBusinessNormal', false, 'IncorrectBusinessStatus.AcceptUserVpcPeer'],
    ['alibaba.vpcPeer.peerAccountBusinessNormal', false, 'IncorrectBusinessStatus.AcceptVpcPeer'],
    ['alibaba.vpc.cloudBoxInRequester', true, 'OperationDenied.CloudBoxExistsInVpc'],
    ['alibaba.vpc.cloudBoxInAccepter', true, 'OperationDenied.CloudBoxExistsInAcceptingVpc'],
    ['alibaba.vpc.shared', true, 'OperationDenied.OperateShareResource'],
    ['alibaba.vpcPeer.linkTypeInRegion', false, 'OperationFailed.RegionIdNotSupportLinkType'],
    ['alibaba.vpcPeer.perVpc', 0, 'QuotaExceeded.VpcPeerCountPerVpc'],
    ['alibaba.vpcPeer.crossRegionPerVpc', 0, 'QuotaExceeded.CrossRegionVpcPeerCountPerVpc'],
    ['alibaba.vpcPeer.perAccountAndRegion', 0, 'QuotaExceeded.VpcPeerCountPerUserPerRegion'],
  ] as const)('rule %s = %s refuses with %s', async (name, value, code) => {
    emulator.rules.set({ [name]: value });
    expect(await refused({ ...between(web, far), LinkType: 'Gold' })).toBe(code);
    emulator.rules.reset();
    await create({ ...between(web, far), LinkType: 'Gold' });
  });

  it('cross-border rules, and the quota inside a region with its usage in the message', async () => {
    const abroad = emulator.world.network({
      cloud: 'alibaba',
      account: a.id,
      region: 'us-east-1',
      cidrs: ['10.99.0.0/16'],
    });
    const params = { ...between(web, far), AcceptingRegionId: 'us-east-1', AcceptingVpcId: abroad.id };
    emulator.rules.set({ 'alibaba.cdt.crossBorderOpened': true, 'alibaba.cdt.acceptorCrossBorderOpened': false });
    expect(await refused(params)).toBe('OperationFailed.AcceptUserCrossBorderCdtNotOpened');
    emulator.rules.set({ 'alibaba.cdt.acceptorCrossBorderOpened': true });
    await create(params);
    emulator.clock.advance(10_000);
    emulator.rules.set({ 'alibaba.vpcPeer.intraRegionPerVpc': 1 });
    await active();
    await expect(create(between(web, jobs))).rejects.toMatchObject({
      code: 'QuotaExceeded.IntraRegionVpcPeerCountPerVpc',
      data: { Message: 'The quota of IntraRegionVpcPeerCountPerVpc is exceeded, usage 1/1.' },
    });
  });

  it('one peering per pair, swapped or not, whoever asks', async () => {
    const id = await pending();
    expect(await refused(between(web, foreign))).toBe('ResourceAlreadyExist.VpcPeer');
    expect(await refused(between(foreign, web), asB)).toBe('ResourceAlreadyExist.VpcPeer');
    await asB('VpcPeer', 'RejectVpcPeerConnection', { InstanceId: id });
    emulator.rules.set({ 'alibaba.vpcPeer.endedBlocksPair': true });
    expect(await refused(between(web, foreign))).toBe('ResourceAlreadyExist.VpcPeer');
  });

  it('no concurrent create in one VPC, at either end', async () => {
    await create(between(web, data));
    expect(await refused(between(web, jobs))).toBe('IncorrectStatus.Vpc');
    expect(await refused(between(jobs, data))).toBe('IncorrectStatus.AcceptingVpc');
    emulator.rules.set({ 'alibaba.vpcPeer.concurrentCreateCode': 'OperationConflict' });
    await expect(create(between(web, jobs))).rejects.toMatchObject({
      code: 'OperationConflict',
      entry: { response: { statusCode: 409 } },
    });
    emulator.rules.set({ 'alibaba.vpcPeer.createLocks': 'requester' });
    await create(between(jobs, data));
    emulator.clock.advance(4_000);
    await create(between(web, jobs));
  });

  it('a client token makes one peering however often it comes, and refuses other parameters', async () => {
    const params = { ...between(web, data), ClientToken: 'tok-1' };
    const first = await create(params);
    const again = await create(params);
    expect(again['InstanceId']).toBe(first['InstanceId']);
    expect(again['RequestId']).not.toBe(first['RequestId']);
    expect(await refused({ ...params, Name: 'other' })).toBe('IdempotentParameterMismatch');
    expect(await refused({ ...between(web, data), ClientToken: 'tok-2' })).toBe('ResourceAlreadyExist.VpcPeer');
    expect(await asA('VpcPeer', 'ListVpcPeerConnections')).toMatchObject({ TotalCount: 1 });
    // tokens belong to an account: b's same token is another one
    await create({ ...between(foreign, network('b', 'cn-hangzhou', 'data')), ClientToken: 'tok-1' }, asB);
  });
});
