/** A subnet as answers show it. */
import { isoSeconds, storedRange } from '../context.js';
import type { SubnetRecord } from '../records.js';

/** Addresses that the cloud keeps in every subnet: network, gateway, broadcast. */
const RESERVED = 3;

export function showSubnet(subnet: SubnetRecord): Readonly<Record<string, unknown>> {
  const { first, last } = storedRange(subnet.cidr);
  const availableIp = Math.max(Number(last - first) + 1 - RESERVED, 0);
  return {
    subnetId: subnet.id,
    name: subnet.name,
    zoneName: subnet.zoneName,
    cidr: subnet.cidr,
    ipv6Cidr: subnet.ipv6Cidr,
    vpcId: subnet.vpcId,
    subnetType: subnet.subnetType,
    description: subnet.description,
    createdTime: isoSeconds(subnet.createdAt),
    availableIp,
    availableUnreservedIp: availableIp,
    tags: subnet.tags,
  };
}
