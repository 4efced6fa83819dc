/** Outside witness: the vendor's Python SDK drives the Baidu side, endpoint changed and nothing else. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it, expect } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { BAIDU_DECLINED } from '../src/baidu/declined.js';
import { a, b, network } from './baiduWire.js';

const PYTHON = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const DRIVER = fileURLToPath(new URL('./python/baidu_witness.py', import.meta.url));
const available = existsSync(PYTHON);
if (!available) {
  process.stderr.write('skipped: bce-python-sdk drives the emulator: no .venv, run scripts/python-venv.sh first\n');
}

/** Every function of the SDK's clients for these products, and the operation that it calls. */
const OPERATION_OF: Readonly<Record<string, string | readonly string[]>> = {
  'PeerConnClient.create_peerconn': 'CreatePeerConn',
  'PeerConnClient.list_peerconns': 'ListPeerConn',
  'PeerConnClient.get_peerconn': 'GetPeerConn',
  'PeerConnClient.update_peerconn': 'UpdatePeerConn',
  'PeerConnClient.handle_peerconn': ['AcceptPeerConn', 'RejectPeerConn'],
  'PeerConnClient.delete_peerconn': 'ReleasePeerConn',
  'PeerConnClient.resize_peerconn': 'UpdatePeerConnBandwidth',
  'PeerConnClient.purchase_reserved_peerconn': 'RenewPeerConn',
  'PeerConnClient.refund_peerconn': 'RefundPeerConn',
  'PeerConnClient.open_peerconn_dns_sync': 'OpenPeerConnSyncDns',
  'PeerConnClient.close_peerconn_dns_sync': 'ClosePeerConnSyncDns',
  'PeerConnClient.update_peerconn_delete_protect': 'UpdatePeerConnDeleteProtect',
  'VpcClient.create_vpc': 'CreateVpc',
  'VpcClient.list_vpcs': 'QueryVpcList',
  'VpcClient.get_vpc': 'QuerySpecifiedVpc',
  'VpcClient.update_vpc': 'UpdateVpc',
  'VpcClient.delete_vpc': 'DeleteVpc',
  'VpcClient.open_relay': 'OpenVpcRelay',
  'VpcClient.shutdown_relay': 'CloseVpcRelay',
  'VpcClient.get_private_ip_address_info': 'QueryVpcIntranetIp',
  'VpcClient.get_resource_ip': 'GetVpcResourceIpInfo',
  'RouteClient.create_route': 'CreateRoutingRules',
  'RouteClient.get_route': 'QueryRoutingTable',
  'RouteClient.get_route_rule': 'QueryRoutingRules',
  'RouteClient.update_route': 'UpdateRoutingRules',
  'RouteClient.switch_route': 'ActiveStandbySwitchover',
  'RouteClient.delete_route': 'DeleteRoutingRules',
  'SubnetClient.create_subnet': 'CreateSubnet',
  'SubnetClient.list_subnets': 'QuerySubnetList',
  'SubnetClient.get_subnet': 'QuerySpecifiedSubnet',
  'SubnetClient.update_subnet': 'UpdateSubnet',
  'SubnetClient.delete_subnet': 'DeleteSubnet',
  'SubnetClient.create_subnet_ipreserve': 'CreateIpReserve',
  'SubnetClient.list_subnet_ipreserve': 'ListIpReserve',
  'SubnetClient.delete_subnet_ipreserve': 'DeleteIpReserve',
  'EtGatewayClient.create_et_gateway': 'CreateDedicatedGateway',
  'EtGatewayClient.update_et_gateway': 'UpdateDedicatedGateway',
  'EtGatewayClient.delete_et_gateway': 'ReleaseDedicatedGateway',
  'EtGatewayClient.bind_et': 'BindPhysicalDedicatedLine',
  'EtGatewayClient.unbind_et': 'UnbindPhysicalDedicatedLine',
  'EtGatewayClient.list_et_gateway': 'QueryTheListOfDedicatedLineGateways',
  'EtGatewayClient.get_et_gateway': 'QueryTheDetailsOfTheDedicatedGateway',
  'EtGatewayClient.create_health_check': 'CreateDedicatedGatewayHealthCheck',
  'EtClient.create_et_dcphy': 'ApplyDedicatedLine',
  'EtClient.update_et_dcphy': 'UpdateDedicatedLine',
  'EtClient.list_et_dcphy': 'QueryDedicatedLines',
  'EtClient.list_et_dcphy_detail': 'QueryDedicatedLineDetail',
  'EtClient.create_et_channel': 'CreateDedicatedChannel',
  'EtClient.get_et_channel': 'QueryDedicatedChannel',
  'EtClient.recommit_et_channel': 'ResubmitDedicatedChannel',
  'EtClient.update_et_channel': 'UpdateDedicatedChannel',
  'EtClient.delete_et_channel': 'DeleteDedicatedChannel',
  'EtClient.enable_et_channel_ipv6': 'EnableDedicatedChannelIpv6',
  'EtClient.disable_et_channel_ipv6': 'DisableDedicatedChannelIpv6',
  'EtClient.create_et_channel_route_rule': 'CreateDedicatedChannelRouteRule',
  'EtClient.list_et_channel_route_rules': 'ListDedicatedChannelRouteRules',
  'EtClient.update_et_channel_route_rule': 'UpdateDedicatedChannelRouteRule',
  'EtClient.delete_et_channel_route_rule': 'DeleteDedicatedChannelRouteRule',
  'EtClient.associate_et_channel': 'AssociateDedicatedChannel',
  'EtClient.disassociate_et_channel': 'DisassociateDedicatedChannel',
  'EtClient.create_et_channel_bfd': 'CreateDedicatedChannelBfd',
  'EtClient.delete_et_channel_bfd': 'DeleteDedicatedChannelBfd',
  'EtClient.update_et_channel_bfd': 'UpdateDedicatedChannelBfd',
  'EtClient.add_et_channel_users': 'AddDedicatedChannelUsers',
  'EtClient.remove_et_channel_users': 'RemoveDedicatedChannelUsers',
  'EtClient.add_et_channel_routes': 'AddDedicatedChannelRoutes',
  'EtClient.remove_et_channel_routes': 'RemoveDedicatedChannelRoutes',
};

interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly status?: number;
  readonly code?: string;
}

(available ? describe : describe.skip)('bce-python-sdk', () => {
  let emulator: Emulator;
  const steps = new Map<string, Step>();
  const of = (step: string): Omit<Step, 'step'> | undefined => {
    const found = steps.get(step);
    if (found === undefined) return undefined;
    const { step: _, ...rest } = found;
    return rest;
  };
  const answer = (step: string) => of(step)?.answer;

  beforeAll(async () => {
    emulator = await Emulator.start({ seed: 8, profile: 'instant' });
    const keys = ({ id, accessKeyId, accessKeySecret }: typeof a | typeof b) => ({
      id,
      ak: accessKeyId,
      sk: accessKeySecret,
    });
    const line = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj');
    const world = {
      bj: emulator.baidu.endpoint('bj'),
      gz: emulator.baidu.endpoint('gz'),
      a: keys(a),
      b: keys(b),
      vpcs: {
        web: network('a', 'bj', 'web').id,
        data: network('a', 'bj', 'data').id,
        far: network('a', 'gz', 'web').id,
        foreign: network('b', 'bj', 'web').id,
      },
      line: line?.id,
    };
    const { stdout } = await promisify(execFile)(PYTHON, ['-W', 'ignore', DRIVER, JSON.stringify(world)]);
    for (const text of stdout.trim().split('\n')) {
      const step = JSON.parse(text) as Step;
      steps.set(step.step, step);
    }
  }, 60_000);
  afterAll(async () => {
    expect(emulator.crashes).toEqual([]);
    await emulator.close();
  });

  const refused = (status: number, code: string) => ({ ok: false, status, code });
  const DENIED = refused(409, 'OperationDenied');
  const done = { ok: true, answer: {} };

  it('creates, lists, gets, updates and resizes', () => {
    const id = answer('create')?.['peer_conn_id'];
    expect(id).toMatch(/^peerconn-/);
    expect(answer('create again with the token')?.['peer_conn_id']).toBe(id);
    expect(of('create a second link')).toEqual(DENIED);
    expect(answer('list')).toMatchObject({
      marker: id,
      is_truncated: false,
      max_keys: 1,
      peer_conns: [{ role: 'initiator' }],
    });
    expect(answer('get without role')).toMatchObject({ peer_conn_id: id, status: 'active' });
    expect(answer('get initiator')).toMatchObject({
      status: 'active',
      role: 'initiator',
      bandwidth_in_mbps: 10,
      description: 'by python',
      local_if_name: 'left',
      payment_timing: 'Postpaid',
      dns_status: 'close',
      delete_protect: false,
      tags: [{ tag_key: 'team', tag_value: 'net' }],
    });
    expect(answer('get acceptor')).toMatchObject({ role: 'acceptor', local_if_name: 'right' });
    expect(of('update')).toEqual(done);
    expect(answer('get updated')).toMatchObject({ description: 'changed', local_if_name: 'renamed' });
    expect(of('resize')).toEqual(done);
    expect(answer('get resized')).toMatchObject({ bandwidth_in_mbps: 20, status: 'active' });
  });

  it('is refused what Postpaid and same-account links cannot do', () => {
    for (const step of ['renew postpaid', 'refund postpaid', 'accept same account']) expect(of(step)).toEqual(DENIED);
  });

  it('opens and closes DNS, switches protection, releases; a missing link has no fields', () => {
    expect([of('open dns'), of('close dns'), of('protect'), of('unprotect'), of('release')]).toEqual(
      Array(5).fill(done),
    );
    expect(answer('get dns open')).toMatchObject({ dns_status: 'open' });
    expect(answer('get dns closed')).toMatchObject({ dns_status: 'close' });
    expect(of('release protected')).toEqual(DENIED);
    expect(of('get released')).toEqual(done);
  });

  it.each([
    ['accept', 'active'],
    ['reject', 'consult_failed'],
  ])('%ss across accounts, from the acceptor only; only the initiator releases', (action, status) => {
    expect(answer(`get request to ${action}`)).toMatchObject({
      status: 'consulting',
      role: 'acceptor',
      peer_account_id: a.id,
    });
    expect(answer(`get initiator before ${action}`)).toMatchObject({ status: 'consulting', peer_account_id: b.id });
    expect(of(`own ${action}`)).toEqual(DENIED);
    expect(of(action)).toEqual(done);
    expect(answer(`get after ${action}`)).toMatchObject({ status });
    expect(of(`acceptor's release after ${action}`)).toEqual(DENIED);
    expect(of(`release after ${action}`)).toEqual(done);
  });

  it('buys, renews, cannot shrink or release, and refunds Prepaid across regions', () => {
    expect(answer('get prepaid')).toMatchObject({ payment_timing: 'Prepaid', local_region: 'bj', peer_region: 'gz' });
    expect(answer('get prepaid in its region')).toMatchObject({ role: 'acceptor', local_region: 'gz' });
    expect(of('renew prepaid')).toEqual(done);
    expect([of('shrink prepaid'), of('release prepaid')]).toEqual([DENIED, DENIED]);
    expect(of('refund prepaid')).toEqual(done);
  });

  it('manages VPCs and subnets', () => {
    expect(answer('create vpc')?.['vpc_id']).toMatch(/^vpc-/);
    expect(answer('list vpcs')).toMatchObject({ is_truncated: true, max_keys: 2 });
    expect(answer('get vpc')).toMatchObject({
      vpc: { name: 'renamed', relay: true, secondary_cidr: ['172.20.0.0/16'] },
    });
    expect(answer('list subnets')).toMatchObject({ subnets: [{ name: 's1', zone_name: 'cn-bj-a' }] });
    expect(answer('get subnet')).toMatchObject({ subnet: { cidr: '192.168.1.0/24' } });
    expect(of('delete vpc in use')).toEqual(refused(409, 'ResourceNeedRelease'));
    for (const step of ['update vpc', 'open relay', 'shutdown relay', 'update subnet', 'delete subnet', 'delete vpc']) {
      expect([step, of(step)]).toEqual([step, done]);
    }
    expect(of('get deleted vpc')).toEqual(refused(404, 'NoSuchObject'));
  });

  it('writes routes', () => {
    expect(of('route to the link itself')).toEqual(refused(400, 'BadRequest'));
    expect(answer('create route')?.['route_rule_id']).toMatch(/^rr-/);
    expect(of('create route twice')).toEqual(refused(409, 'RouteRuleRepeated'));
    expect(answer('list routes')).toMatchObject({
      route_rules: [{ destination_address: '172.17.0.0/16', nexthop_type: 'peerConn' }],
    });
    expect(of('switch a single path')).toEqual(DENIED);
    expect([of('update route'), of('delete route')]).toEqual([done, done]);
  });

  it('binds gateways to lines', () => {
    expect(answer('get line')).toMatchObject({ status: 'established' });
    expect(answer('get gateway')).toMatchObject({
      status: 'running',
      local_cidrs: ['10.0.0.0/8'],
      health_check_interval: 3,
    });
    expect(answer('list gateways')).toMatchObject({ et_gateways: [{ name: 'gw2', speed: 200 }] });
    for (const step of ['bind', 'health check', 'update gateway', 'unbind', 'release gateway']) {
      expect([step, of(step)]).toEqual([step, done]);
    }
    expect(of('get released gateway')).toEqual(refused(404, 'NoSuchObject'));
  });

  it('has no function in scope that is neither served nor declined with a reason', () => {
    const served = new Set(emulator.operations('baidu').map(({ description }) => description.name));
    const clients = (answer('methods') ?? {}) as Readonly<Record<string, readonly string[]>>;
    const named = Object.entries(clients).flatMap(([client, methods]) =>
      methods.map((method) => `${client}.${method}`),
    );
    expect(named.filter((name) => OPERATION_OF[name] === undefined)).toEqual([]);
    expect(Object.keys(OPERATION_OF).filter((name) => !named.includes(name))).toEqual([]);
    const known = Object.values(OPERATION_OF).flat();
    expect(known.filter((name) => !served.has(name) && !(name in BAIDU_DECLINED))).toEqual([]);
    expect(known.filter((name) => served.has(name) && name in BAIDU_DECLINED)).toEqual([]);
    // what no function of this SDK reaches
    const unreached = [...served, ...Object.keys(BAIDU_DECLINED)].filter((name) => !known.includes(name));
    expect(unreached.sort()).toEqual(['DeleteDedicatedLine', 'DescribeRegions']);
  });

  it('drives exactly the operations that the ledger says it drives', () => {
    const claimed = emulator
      .operations('baidu')
      .filter(({ description }) => description.evidence.clients.includes('bce-python-sdk'));
    const driven = new Set(emulator.requests.map(({ operation }) => operation));
    expect([...driven].sort()).toEqual(claimed.map(({ description }) => description.name).sort());
  });

  it('is refused with the wrong secret and with an unknown key', () => {
    expect(of('wrong secret')).toEqual(refused(400, 'SignatureDoesNotMatch'));
    expect(of('unknown key')).toEqual(refused(403, 'InvalidAccessKeyId'));
  });
});
