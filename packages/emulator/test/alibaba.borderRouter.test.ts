/** Border routers and the dedicated lines that end in them; members of answers are compared in alibaba.documents.test.ts. */
import { describe, expect, it } from '@jest/globals';
import { connect, fill, interfaceOf, port, route, show } from './alibabaInterfaces.js';
import { a, asA, asB, at, b, codeOf, data, emulator, emulatorPerFile, foreign, REGION, vpc } from './alibabaWire.js';

emulatorPerFile(3);

describe('a line to a border router (docs/facts/alibaba.md 11.2)', () => {
  const newVbr = async (more: object = {}, as = asA) => {
    const params = {
      PhysicalConnectionId: port.id,
      VlanId: 30,
      LocalGatewayIp: '10.255.0.1',
      PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252',
      ...more,
    };
    return String((await vpc('CreateVirtualBorderRouter', params, as))['VbrId']);
  };
  const vbrOf = async (id: string, as = asA, more: object = {}) => {
    const answer = await vpc('DescribeVirtualBorderRouters', { Filter: [{ Key: 'VbrId', Value: [id] }], ...more }, as);
    return at(answer, 'VirtualBorderRouterSet.VirtualBorderRouterType.0') as Record<string, unknown> | undefined;
  };
  const line = async () => {
    const vbr = await newVbr();
    const toVpc = { RouterType: 'VBR', AccessPointId: port.accessPoint };
    const initiator = await interfaceOf({ router: vbr, region: REGION }, data, 'InitiatingSide', toVpc);
    const toVbr = { OppositeRouterType: 'VBR', OppositeAccessPointId: port.accessPoint };
    const acceptor = await interfaceOf(data, { router: vbr, region: REGION }, 'AcceptingSide', toVbr);
    await fill(initiator, acceptor, data.router, { OppositeRouterType: 'VRouter' });
    await fill(acceptor, initiator, vbr, { OppositeRouterType: 'VBR' });
    return { vbr, initiator, acceptor };
  };

  it('goes up and comes down in 18 steps, with refusals on the way', async () => {
    const { vbr, initiator, acceptor } = await line();
    const tables = await vpc('DescribeRouteTables', { RouterId: vbr, RouterType: 'VBR' });
    const table = String(at(tables, 'RouteTables.RouteTable.0.RouteTableId'));
    expect(await codeOf(route(table, '10.1.0.0/16', initiator))).toBe('OperationDenied.VbrIdle');
    await connect(initiator);
    emulator.clock.advance(5_000);
    await route(table, '10.1.0.0/16', initiator);
    expect(await codeOf(route(table, '192.168.0.0/16', String((await vbrOf(vbr))!['VlanInterfaceId'])))).toBe(
      'TaskConflict',
    );
    await route(data.routeTable, '192.168.0.0/16', acceptor);
    emulator.clock.advance(1_000);
    await route(table, '192.168.0.0/16', String((await vbrOf(vbr))!['VlanInterfaceId']));
    emulator.clock.advance(1_000);
    expect(await codeOf(vpc('DeleteVirtualBorderRouter', { VbrId: vbr }))).toBe(
      'InvalidOperation.RouterInterfaceNotDeleted',
    );
    const list = [
      { NextHopId: initiator, NextHopType: 'RouterInterface' },
      { NextHopId: 'ri-2', NextHopType: 'RouterInterface' },
    ];
    expect(
      await codeOf(
        vpc('CreateRouteEntry', { RouteTableId: table, DestinationCidrBlock: '10.7.0.0/16', NextHopList: list }),
      ),
    ).toBe('InvalidRouterType');
    for (const [from, destination, hop] of [
      [data.routeTable, '192.168.0.0/16', acceptor],
      [table, '10.1.0.0/16', initiator],
    ] as const) {
      await vpc('DeleteRouteEntry', { RouteTableId: from, DestinationCidrBlock: destination, NextHopId: hop });
    }
    for (const id of [initiator, acceptor]) await vpc('DeactivateRouterInterface', { RouterInterfaceId: id });
    emulator.clock.advance(3_000);
    for (const id of [initiator, acceptor]) await vpc('DeleteRouterInterface', { RouterInterfaceId: id });
    emulator.clock.advance(2_000);
    await vpc('DeleteVirtualBorderRouter', { VbrId: vbr });
    expect((await vbrOf(vbr))!['Status']).toBe('deleting');
    emulator.clock.advance(2_000);
    expect(await vbrOf(vbr)).toBeUndefined();
    expect(await codeOf(vpc('DescribeRouteTables', { RouterId: vbr, RouterType: 'VBR' }))).toBe(
      'InvalidVRouterId.NotFound',
    );
  });

  it('FastLinkMode makes and connects the accepting side by itself', async () => {
    const vbr = await newVbr();
    const fast = { RouterType: 'VBR', AccessPointId: port.accessPoint, FastLinkMode: true };
    const from = { router: vbr, region: REGION };
    expect(await codeOf(interfaceOf(from, data, 'InitiatingSide', fast))).toBe('ForbiddenAction');
    expect(await codeOf(interfaceOf(from, data, 'InitiatingSide', { ...fast, OppositeRouterId: foreign.router }))).toBe(
      'InvalidRouterId.NotFound',
    );
    const id = await interfaceOf(from, data, 'InitiatingSide', { ...fast, OppositeRouterId: data.router });
    emulator.clock.advance(5_000);
    expect(await show(id)).toMatchObject({
      Status: 'Active',
      OppositeInterfaceStatus: 'Active',
      OppositeVpcInstanceId: data.id,
    });
    expect(await vpc('DescribeRouterInterfaces', {})).toMatchObject({ TotalCount: 2 });
  });

  it('refuses bad lines, VLANs and addresses', async () => {
    const refused = (more: object, as = asA) => codeOf(newVbr(more, as));
    expect(await refused({ PhysicalConnectionId: 'pc-x' })).toBe('InvalidPhysicalConnectionId.NotFound');
    expect(await refused({}, asB)).toBe('InvalidPhysicalConnectionId.NotFound');
    expect(await refused({ VlanId: 3000 })).toBe('InvalidVlanId.Malformed');
    expect(await refused({ LocalGatewayIp: '10.255.0.300' })).toBe('InvalidLocalGatewayIp.Malformed');
    expect(await refused({ PeerGatewayIp: 'x' })).toBe('IllegalParam.IpAddress');
    expect(await refused({ PeerGatewayIp: '10.255.0.9' })).toBe('InvalidIp.NotSameSubnet');
    expect(await refused({ PeeringSubnetMask: '255.255.0.0' })).toBe('InvalidPeeringSubnetMask.Malformed');
    expect(await refused({ PeeringSubnetMask: '' })).toBe('MissingParameter');
    expect(await refused({ Bandwidth: 51 })).toBe('IllegalParam.Bandwidth');
    expect(await refused({ VbrOwnerId: '1' })).toBe('InvalidVbrOwnerId.NotFound');
    emulator.rules.set({ 'alibaba.physicalConnection.enabled': false });
    expect(await refused({})).toBe('InvalidPhysicalConnectionId.NotEnabled');
    emulator.rules.set({ 'alibaba.physicalConnection.enabled': true, 'alibaba.vbr.perPort': 1 });
    await newVbr({ PeerGatewayIp: '10.255.0.1' });
    expect(await refused({})).toBe('InvalidVlanId.Used');
    expect(await refused({ VlanId: 0 })).toBe('OperationFailed.PconnExistVlan0Vbr');
    expect(await refused({ VlanId: 31 })).toBe('QuotaExceeded.vbrPerpConn');
  });

  it('terminates, recovers, keeps its VLAN for a week, and belongs to line owner and VBR owner alike', async () => {
    const vbr = await newVbr();
    const act = (action: string, as = asA) => vpc(`${action}VirtualBorderRouter`, { VbrId: vbr }, as);
    expect(await codeOf(act('Recover'))).toBe('InvalidOperation.OperationNotAllowedInState');
    await act('Terminate');
    expect(await codeOf(act('Delete'))).toBe('InvalidOperation.OperationNotAllowedInState');
    emulator.clock.advance(3_000);
    expect((await vbrOf(vbr))!['Status']).toBe('terminated');
    expect(
      await codeOf(
        interfaceOf({ router: vbr, region: REGION }, data, 'InitiatingSide', {
          RouterType: 'VBR',
          AccessPointId: port.accessPoint,
        }),
      ),
    ).toBe('INVAID_VBR_STATUS');
    expect(await codeOf(newVbr())).toBe('InvalidVlanId.Used');
    await act('Recover');
    emulator.clock.advance(3_000);
    expect((await vbrOf(vbr))!['Status']).toBe('active');
    await act('Terminate');
    emulator.clock.advance(7 * 24 * 3_600_000 + 3_000);
    await newVbr();
    expect(await codeOf(act('Recover'))).toBe('OperationFailed.VlanIdAlreadyInUse');
    expect(await codeOf(act('Terminate', asB))).toBe('InvalidVbrId.NotFound');
    const given = await newVbr({
      VlanId: 77,
      VbrOwnerId: b.id,
      LocalGatewayIp: '',
      PeerGatewayIp: '',
      PeeringSubnetMask: '',
    });
    expect((await vbrOf(given, asB))!['Status']).toBe('unconfirmed');
    expect(await vbrOf(given)).toBeUndefined();
    expect((await vbrOf(given, asA, { IncludeCrossAccountVbr: true }))!['PhysicalConnectionOwnerUid']).toBe(a.id);
    expect(await codeOf(vpc('TerminateVirtualBorderRouter', { VbrId: given }, asB))).toBe(
      'Forbidden.OperationTerminateNotAllowedByUser',
    );
    expect(await codeOf(vpc('RecoverVirtualBorderRouter', { VbrId: given }, asB))).toBe(
      'Forbidden.OperationRecoverNotAllowedByUser',
    );
    expect(await codeOf(vpc('ModifyVirtualBorderRouterAttribute', { VbrId: given, VlanId: 78 }, asB))).toBe(
      'Forbidden.VlanIdNotAllowedByCaller',
    );
    expect(await codeOf(vpc('ModifyVirtualBorderRouterAttribute', { VbrId: given, Name: 'mine' }))).toBe(
      'Forbidden.NameNotAllowedByCaller',
    );
    await vpc('ModifyVirtualBorderRouterAttribute', { VbrId: given, VlanId: 79, MinTxInterval: 300 });
    await vpc('DeleteVirtualBorderRouter', { VbrId: given });
    emulator.clock.advance(2_000);
    const ports = await vpc('DescribePhysicalConnections', { Filter: [{ Key: 'Status', Value: ['Enabled'] }] });
    expect(ports).toMatchObject({ TotalCount: 2 });
    expect(at(ports, 'PhysicalConnectionSet.PhysicalConnectionType.0')).toMatchObject({
      PhysicalConnectionId: port.id,
      AccessPointId: port.accessPoint,
    });
    expect(await codeOf(vpc('DescribePhysicalConnections', { Filter: [{ Key: 'Colour', Value: ['x'] }] }))).toBe(
      'InvalidFilterKey.ValueNotSupported',
    );
  });
});
