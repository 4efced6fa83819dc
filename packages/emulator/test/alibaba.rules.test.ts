/** The rule sheet: open questions in both positions. That every rule has a probe is held by rulesheet.test.ts. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { between, peer, peerWebData as create } from './alibabaPeerings.js';
import {
  a,
  at,
  caller,
  codeOf,
  data,
  emulator,
  emulatorPerTest,
  foreign,
  network,
  REGION,
  vpc,
  web,
} from './alibabaWire.js';

emulatorPerTest(9);

const portId = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION)?.id;

describe('open questions, both positions', () => {
  const rule = (name: string, value: string | number | boolean) => emulator.rules.set({ [name]: value });
  const twoRegions = {
    ...between(web, data),
    AcceptingRegionId: 'cn-beijing',
    AcceptingVpcId: network('a', 'cn-beijing', 'web').id,
  };

  it('codes of creation', async () => {
    rule('alibaba.vpcPeer.unknownVpcCode', 'ResourceNotFound.Vpc');
    rule('alibaba.vpcPeer.sameRegionBandwidthCode', 'InvalidParameter');
    rule('alibaba.vpcPeer.selfPeeringCode', 'OperationFailed.ViolativeVpcPeer');
    expect(await codeOf(create({ VpcId: 'vpc-x' }))).toBe('ResourceNotFound.Vpc');
    expect(await codeOf(create({ Bandwidth: 5 }))).toBe('InvalidParameter');
    expect(await codeOf(create({ AcceptingVpcId: web.id }))).toBe('OperationFailed.ViolativeVpcPeer');
    rule('alibaba.vpcPeer.bandwidthMbps', 10_240);
    rule('alibaba.vpcPeer.linkTypes', 'Gold,Platinum,Silver');
    const { InstanceId } = await create({ ...twoRegions, Bandwidth: 5_000, LinkType: 'Silver' });
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({
      Bandwidth: 5_000,
      LinkType: 'Silver',
    });
    rule('alibaba.vpcPeer.linkTypes', 'Gold');
    emulator.clock.advance(10_000);
    expect(await codeOf(peer('ModifyVpcPeerConnection', { InstanceId, LinkType: 'Platinum' }))).toBe(
      'OperationFailed.SpecificLinkTypeNotSupported',
    );
  });

  it('windows, deletion and service management of peerings', async () => {
    rule('alibaba.vpcPeer.acceptWindowMs', 60_000);
    rule('alibaba.vpcPeer.deleteFrom', 'activated');
    const { InstanceId } = await create(between(web, foreign));
    emulator.clock.advance(59_999);
    expect(await codeOf(peer('DeleteVpcPeerConnection', { InstanceId }))).toBe('IncorrectStatus.VpcPeer');
    emulator.clock.advance(1);
    expect(await peer('GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({ Status: 'Expired' });
    rule('alibaba.vpcPeer.deleteFrom', 'settled');
    rule('alibaba.vpcPeer.serviceManaged', true);
    for (const action of ['Modify', 'Delete'])
      expect(await codeOf(peer(`${action}VpcPeerConnection`, { InstanceId }))).toBe(
        'OperationDenied.ServiceManagedInstance',
      );
    rule('alibaba.vpcPeer.serviceManaged', false);
    await peer('DeleteVpcPeerConnection', { InstanceId });
  });

  it('the gateway: formats, windows, codes', async () => {
    const xml = () => caller(emulator, a)('Vpc', 'DescribeVpcs', { RegionId: REGION, Format: '' });
    await expect(xml()).rejects.toMatchObject({ name: 'SyntaxError' });
    rule('alibaba.defaultFormat', 'JSON');
    expect(await xml()).toMatchObject({ TotalCount: 3 });
    rule('alibaba.auth.unknownKeyStatus', '400');
    const nobody = caller(emulator, { accessKeyId: 'nobody', accessKeySecret: 'x' });
    await expect(nobody('Vpc', 'DescribeVpcs')).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
      entry: { response: { statusCode: 400 } },
    });
    rule('alibaba.auth.disabledKeyCode', 'Forbidden.AccessKeyDisabled');
    emulator.world.key({ cloud: 'alibaba', id: 'off', secret: 'x', account: a.id, disabled: true });
    const off = caller(emulator, { accessKeyId: 'off', accessKeySecret: 'x' });
    await expect(off('Vpc', 'DescribeVpcs')).rejects.toMatchObject({
      code: 'Forbidden.AccessKeyDisabled',
      entry: { response: { statusCode: 403 } },
    });
    rule('alibaba.unknownVersion.code', 'InvalidParameter');
    expect(await codeOf(vpc('DescribeVpcs', { Version: '1999-01-01' }))).toBe('InvalidParameter');
    rule('alibaba.auth.nonceRetentionMs', 1_000);
    await vpc('DescribeVpcs', { SignatureNonce: 'n' });
    expect(await codeOf(vpc('DescribeVpcs', { SignatureNonce: 'n' }))).toBe('SignatureNonceUsed');
    emulator.clock.advance(1_000);
    await vpc('DescribeVpcs', { SignatureNonce: 'n' });
    const Timestamp = `${new Date(Date.now() - 120_000).toISOString().slice(0, 19)}Z`;
    await vpc('DescribeVpcs', { Timestamp });
    rule('alibaba.auth.clockWindowMs', 60_000);
    expect(await codeOf(vpc('DescribeVpcs', { Timestamp }))).toBe('InvalidTimeStamp.Expired');
    rule('alibaba.clientToken.lifetimeMs', 5_000);
    await create({ ClientToken: 't' });
    emulator.clock.advance(5_000);
    expect(await codeOf(create({ ClientToken: 't' }))).toBe('ResourceAlreadyExist.VpcPeer');
  });

  it('router interfaces and border routers', async () => {
    const base = {
      Role: 'InitiatingSide',
      OppositeRegionId: REGION,
      Spec: 'Small.1',
      RouterType: 'VRouter',
      RouterId: web.router,
    };
    rule('alibaba.routerInterface.perRouter', 1);
    const { RouterInterfaceId } = await vpc('CreateRouterInterface', base);
    expect(await codeOf(vpc('CreateRouterInterface', base))).toBe('LimitationExceed.InterfaceNumberOnRouter');
    rule('alibaba.routerInterface.statusCode', 'IncorrectStatus');
    expect(await codeOf(vpc('ActivateRouterInterface', { RouterInterfaceId }))).toBe('IncorrectStatus');
    rule('alibaba.routerInterface.modifyTypeDefault', 'VBR');
    await vpc('ModifyRouterInterfaceAttribute', { RouterInterfaceId, OppositeRouterId: data.router });
    expect(
      at(await vpc('DescribeRouterInterfaces'), 'RouterInterfaceSet.RouterInterfaceType.0.OppositeRouterType'),
    ).toBe('VBR');
    const abroad = { ...base, RouterId: data.router, OppositeRegionId: 'us-east-1' };
    expect(await codeOf(vpc('CreateRouterInterface', abroad))).toBe('Forbidden.CrossBorder');
    rule('alibaba.routerInterface.crossBorderAllowed', true);
    await vpc('CreateRouterInterface', abroad);
    const line = {
      PhysicalConnectionId: portId,
      VlanId: 5,
      LocalGatewayIp: '10.255.0.1',
      PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252',
    };
    const { VbrId } = await vpc('CreateVirtualBorderRouter', line);
    const accepting = { ...base, Role: 'AcceptingSide', Spec: 'Negative', RouterType: 'VBR', RouterId: VbrId };
    expect(await codeOf(vpc('CreateRouterInterface', accepting))).toBe('InvalidRole.ValueNotSupported');
    rule('alibaba.routerInterface.vbrAcceptorCode', 'IllegalParam.VRouterType');
    expect(await codeOf(vpc('CreateRouterInterface', accepting))).toBe('IllegalParam.VRouterType');
    rule('alibaba.vbr.vlanKeptMs', 1_000);
    await vpc('TerminateVirtualBorderRouter', { VbrId });
    emulator.clock.advance(3_999);
    expect(await codeOf(vpc('CreateVirtualBorderRouter', line))).toBe('InvalidVlanId.Used');
    emulator.clock.advance(1);
    await vpc('CreateVirtualBorderRouter', line);
  });
});

describe('the rule sheet', () => {
  it('refuses names and positions that do not exist, and lists itself', () => {
    expect(() => emulator.rules.set({ 'alibaba.nothing': 1 })).toThrow(RangeError);
    expect(() => emulator.rules.set({ 'alibaba.vpcPeer.createLocks': 'all' })).toThrow(
      /both-ends \| requester \| none/,
    );
    expect(() => emulator.rules.set({ 'alibaba.vpcPeer.perVpc': true })).toThrow(RangeError);
    expect(emulator.rules.list().every(({ source, note }) => source !== '' && note !== '')).toBe(true);
  });
});
