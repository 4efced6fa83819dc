/** What VLAN and addresses of a border router must be like. */
import type { Call } from '../../machine/cloud.js';
import { parseV4 } from '../../machine/cidr.js';
import { refusal } from '../errors.js';
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

/** All three, in one subnet of /24 to /30. Equal addresses pass: the vendor's program has them equal (docs/facts/alibaba.md 11.2). */
export function addressesOf(call: Call, required: boolean): Addresses {
  const { input } = call;
  const localGatewayIp = input.optionalText('LocalGatewayIp') ?? '';
  const peerGatewayIp = input.optionalText('PeerGatewayIp') ?? '';
  const peeringSubnetMask = input.optionalText('PeeringSubnetMask') ?? '';
  const given = [localGatewayIp, peerGatewayIp, peeringSubnetMask].filter((text) => text !== '');
  if (given.length === 0 && !required) return { localGatewayIp, peerGatewayIp, peeringSubnetMask };
  if (given.length < 3) throw refusal('MissingParameter');
  const local = parseV4(localGatewayIp);
  const peer = parseV4(peerGatewayIp);
  if (local === undefined) throw refusal('InvalidLocalGatewayIp.Malformed');
  if (peer === undefined) throw refusal('IllegalParam.IpAddress');
  const length = maskLength(peeringSubnetMask);
  if (length === undefined || length < 24 || length > 30) throw refusal('InvalidPeeringSubnetMask.Malformed');
  const shift = BigInt(32 - length);
  if (local >> shift !== peer >> shift) throw refusal('InvalidIp.NotSameSubnet');
  return { localGatewayIp, peerGatewayIp, peeringSubnetMask };
}

/** 255.255.255.252 → 30; undefined when the bits are not contiguous. */
function maskLength(mask: string): number | undefined {
  const value = parseV4(mask);
  if (value === undefined) return undefined;
  const bits = value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}
