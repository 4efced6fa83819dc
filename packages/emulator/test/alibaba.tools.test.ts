/** What the vendor's own tools do with the cloud, and its acceptance tests expect; each was refused or different once. */
import { describe, expect, it } from '@jest/globals';
import { idlePair, interfaceOf, port, route, show } from './alibabaInterfaces.js';
import { between, create, get } from './alibabaPeerings.js';
import { asA, at, codeOf, data, emulator, emulatorPerFile, REGION, vpc, web } from './alibabaWire.js';

emulatorPerFile(16);

describe('texts that the caller chooses', () => {
  it('begin with a letter or a Chinese character, and hold to their alphabet', async () => {
    const refused = (params: object) => codeOf(create({ ...between(web, data), ...params }));
    expect(await refused({ Description: '1abc' })).toBe('InvalidDescription.Malformed');
    expect(await refused({ Description: 'https://a' })).toBe('InvalidDescription.Malformed');
    expect(await refused({ Name: 'a.b' })).toBe('InvalidName.Malformed');
    expect(await refused({ Name: '1ab' })).toBe('InvalidName.Malformed');
    expect(await refused({ Tag: [{ Key: 'k', Value: 'acs:x' }] })).toBe('InvalidTagValue');
    const { InstanceId } = await create({ ...between(web, data), Name: '网络_a-1', Description: '说 1.' });
    expect(await get(InstanceId)).toMatchObject({ Name: '网络_a-1', Description: '说 1.' });
    emulator.clock.advance(10_000);
    // a change has the newer rule
    await asA('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId, Name: '1.b', Description: '1abc' });
    expect(await get(InstanceId)).toMatchObject({ Name: '1.b', Description: '1abc' });
  });

  it('of newer operations may begin with anything but a URL', async () => {
    const { RouteTableId } = await vpc('CreateRouteTable', { VpcId: web.id, RouteTableName: '1', Description: '1' });
    expect(RouteTableId).toMatch(/^vtb-/);
    expect(await codeOf(vpc('CreateVpc', { VpcName: 'http://a' }))).toBe('InvalidVpcName.Malformed');
  });
});

const borderRouter = async (): Promise<string> => {
  const line = {
    PhysicalConnectionId: port.id,
    VlanId: 30,
    LocalGatewayIp: '10.255.0.1',
    PeerGatewayIp: '10.255.0.2',
    PeeringSubnetMask: '255.255.255.252',
  };
  return String((await vpc('CreateVirtualBorderRouter', line))['VbrId']);
};

describe('router interfaces and border routers', () => {
  it('lets a border router go while its interfaces are going', async () => {
    const vbr = await borderRouter();
    const made = { RouterType: 'VBR', AccessPointId: port.accessPoint };
    const RouterInterfaceId = await interfaceOf({ router: vbr, region: REGION }, data, 'InitiatingSide', made);
    expect(await codeOf(vpc('DeleteVirtualBorderRouter', { VbrId: vbr }))).toBe(
      'InvalidOperation.RouterInterfaceNotDeleted',
    );
    await vpc('DeleteRouterInterface', { RouterInterfaceId });
    emulator.clock.advance(10);
    emulator.rules.set({ 'alibaba.routerInterface.deletingBlocks': true });
    expect(await codeOf(vpc('DeleteVirtualBorderRouter', { VbrId: vbr }))).toBe(
      'InvalidOperation.RouterInterfaceNotDeleted',
    );
    emulator.rules.reset();
    await vpc('DeleteVirtualBorderRouter', { VbrId: vbr });
  });

  it('changes the specification of an interface that was never connected, and it stays Idle', async () => {
    const { initiator } = await idlePair();
    expect(await vpc('ModifyRouterInterfaceSpec', { RouterInterfaceId: initiator, Spec: 'Large.1' })).toMatchObject({
      Spec: 'Large.1',
    });
    expect(await show(initiator)).toMatchObject({ Status: 'Idle', Spec: 'Large.1', Bandwidth: 1_000 });
  });

  it('has a code of its own for the same entry twice in the table of a border router', async () => {
    const VbrId = await borderRouter();
    const found = await vpc('DescribeVirtualBorderRouters', { Filter: [{ Key: 'VbrId', Value: [VbrId] }] });
    const item = at(found, 'VirtualBorderRouterSet.VirtualBorderRouterType.0') as Record<string, unknown>;
    const twice = () => route(String(item['RouteTableId']), '192.168.0.0/16', String(item['VlanInterfaceId']));
    await twice();
    emulator.clock.advance(1_000);
    expect(await codeOf(twice())).toBe('Duplicated.VpcNextHop');
    emulator.rules.set({ 'alibaba.routeEntry.duplicateCodeOfBorderRouter': 'InvalidCIDRBlock.Duplicate' });
    expect(await codeOf(twice())).toBe('InvalidCIDRBlock.Duplicate');
  });
});
