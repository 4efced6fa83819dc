/** What VLAN and addresses of a border router must be like. */
import type { Call } from '../../machine/cloud.js';
import { contains, parseRange, parseV4 } from '../../machine/cidr.js';
import { refusal } from '../errors.js';
import type { Code } from '../errors.js';
import type { BorderRouterRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';

/** A VLAN is one border router's on a line; a terminated one keeps it for a week; VLAN 0 tolerates no other. */
export function requireFreeVlan(state: AlibabaState, port: string, vlan: number, now: number, self?: string): void {
  const kept = state.services.rules.value(rule.vlanKeptMs);
  const others = state.borderRouters.filter(
    (vbr) =>
      vbr.port === port && vbr.id !== self && !(vbr.status === 'terminated' && now - (vbr.terminatedAt ?? now) >= kept),
  );
  if (others.some((vbr) => vbr.vlan === vlan)) throw refusal('InvalidVlanId.Used');
  if (others.length > 0 && (vlan === 0 || others.some((vbr) => vbr.vlan === 0)))
    throw refusal('OperationFailed.PconnExistVlan0Vbr');
}

type Addresses = Pick<BorderRouterRecord, 'localGatewayIp' | 'peerGatewayIp' | 'peeringSubnetMask'>;
type Ipv6Addresses = Pick<BorderRouterRecord, 'localIpv6GatewayIp' | 'peerIpv6GatewayIp' | 'peeringIpv6SubnetMask'>;

/** The texts of three parameters that only make sense together; undefined when none is given. */
function threeTexts(call: Call, names: readonly [string, string, string]) {
  const [local, peer, subnet] = names.map((name) => call.input.optionalText(name) ?? '') as [string, string, string];
  const given = [local, peer, subnet].filter((text) => text !== '');
  if (given.length === 0) return undefined;
  if (given.length < 3) throw refusal('MissingParameter');
  return { local, peer, subnet };
}

/** All three, in one subnet of /24 to /30; undefined when none is given. Equal addresses pass: the printed run in docs/facts/alibaba.md 11.2 has them equal. */
export function addressesOf(call: Call): Addresses | undefined {
  const given = threeTexts(call, ['LocalGatewayIp', 'PeerGatewayIp', 'PeeringSubnetMask']);
  if (given === undefined) return undefined;
  const local = parseV4(given.local);
  const peer = parseV4(given.peer);
  if (local === undefined) throw refusal('InvalidLocalGatewayIp.Malformed');
  if (peer === undefined) throw refusal('IllegalParam.IpAddress');
  const length = maskLength(given.subnet);
  if (length === undefined || length < 24 || length > 30) throw refusal('InvalidPeeringSubnetMask.Malformed');
  const shift = BigInt(32 - length);
  if (local >> shift !== peer >> shift) throw refusal('InvalidIp.NotSameSubnet');
  return { localGatewayIp: given.local, peerGatewayIp: given.peer, peeringSubnetMask: given.subnet };
}

/** All three, in one subnet; undefined when none is given. */
export function ipv6AddressesOf(call: Call): Ipv6Addresses | undefined {
  const given = threeTexts(call, ['LocalIpv6GatewayIp', 'PeerIpv6GatewayIp', 'PeeringIpv6SubnetMask']);
  if (given === undefined) return undefined;
  const subnet = parseRange(given.subnet);
  if (subnet?.version !== 6) throw refusal('IllegalParam.CidrBlock');
  for (const address of [given.local, given.peer]) {
    const single = address.includes('/') ? undefined : parseRange(`${address}/128`);
    if (single?.version !== 6) throw refusal('IllegalParam.IpAddress');
    if (!contains(subnet, single)) throw refusal('InvalidIp.NotSameSubnet');
  }
  return { localIpv6GatewayIp: given.local, peerIpv6GatewayIp: given.peer, peeringIpv6SubnetMask: given.subnet };
}

/** Members that one of the two accounts alone may set: the border router's owner, and the line's. */
const OF_THE_OWNER = {
  LocalGatewayIp: 'Forbidden.LocalGatewayIpNotAllowedByCaller',
  PeerGatewayIp: 'Forbidden.PeerGatewayIpNotAllowedByCaller',
  PeeringSubnetMask: 'Forbidden.PeeringSubnetMaskNotAllowedByCaller',
  Name: 'Forbidden.NameNotAllowedByCaller',
  Description: 'Forbidden.DescriptionNotAllowedByCaller',
} as const satisfies Readonly<Record<string, Code>>;
const OF_THE_LINE = {
  VlanId: 'Forbidden.VlanIdNotAllowedByCaller',
  CircuitCode: 'Forbidden.CircuitCodeNotAllowedByCaller',
} as const satisfies Readonly<Record<string, Code>>;

/** Who may set what (docs/facts/alibaba.md 3.3; who owns which member: the comments of @alicloud/vpc20160428 7.3.2). */
export function requireRights(call: Call, owner: string, lineOwner: string): void {
  const refuseGiven = (codes: Readonly<Record<string, Code>>): void => {
    for (const [name, code] of Object.entries(codes)) {
      const value = call.input.value(name);
      if (value !== undefined && value !== '') throw refusal(code);
    }
  };
  if (call.caller.account !== owner) refuseGiven(OF_THE_OWNER);
  if (call.caller.account !== lineOwner) refuseGiven(OF_THE_LINE);
}

/** 255.255.255.252 → 30; undefined when the bits are not contiguous. */
function maskLength(mask: string): number | undefined {
  const value = parseV4(mask);
  if (value === undefined) return undefined;
  const bits = value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}
