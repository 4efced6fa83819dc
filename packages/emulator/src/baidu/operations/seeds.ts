/** What is put into the Baidu side without an API call: VPCs, and the lines and channels that only people can order. */
import { demandFree } from '../../machine/table.js';
import type { NetworkSeed, PortSeed, SeededNetwork } from '../../machine/world.js';
import { newId } from '../context.js';
import type { BaiduContext } from '../context.js';
import { parseRange } from '../ranges.js';
import { BAIDU_REGIONS } from '../regions.js';
import { addVpc } from './vpc.js';

/**
 * The channels of every seeded line, with static routes and addresses of the usual /30: VLANs 30 and 31 are established,
 * VLAN 4009 still waits to be paid for. A channel's id is made of its line's id and the VLAN.
 */
const SEEDED_CHANNELS = [
  {
    status: 'established',
    vlanId: 30,
    baiduAddress: '10.255.0.1/30',
    customerAddress: '10.255.0.2/30',
    networks: ['192.168.0.0/16'],
  },
  {
    status: 'established',
    vlanId: 31,
    baiduAddress: '10.255.0.5/30',
    customerAddress: '10.255.0.6/30',
    networks: ['172.30.0.0/16'],
  },
  {
    status: 'pay-wait',
    vlanId: 4009,
    baiduAddress: '10.255.0.9/30',
    customerAddress: '10.255.0.10/30',
    networks: ['172.31.0.0/16'],
  },
] as const;

const seededChannelId = (lineId: string, vlanId: number): string => {
  const line = lineId
    .replace(/^dcphy-/, '')
    .slice(0, 8)
    .padEnd(8, '0');
  return `dedicatedconn-${line}${String(vlanId).padStart(4, '0')}`;
};

function demandRegion(region: string): void {
  if (!BAIDU_REGIONS.has(region)) throw new RangeError(`there is no region ${region}`);
}

/** Throws a RangeError for what the cloud could not hold, and for an id that is taken. */
export function seedNetwork(context: BaiduContext, seed: NetworkSeed): SeededNetwork {
  demandRegion(seed.region);
  const { vpcs, routeTables } = context.tables;
  demandFree(vpcs, seed.id, 'vpc');
  demandFree(routeTables, seed.routeTable, 'route table');
  const versions = seed.cidrs.map((cidr) => {
    const parsed = parseRange(cidr);
    if (parsed === undefined || parsed.hadHostBits) throw new RangeError(`not an IP range: ${cidr}`);
    return { cidr, version: parsed.range.version };
  });
  const [primary, ...secondary] = versions.filter(({ version }) => version === 4).map(({ cidr }) => cidr);
  if (primary === undefined) throw new RangeError('a vpc needs an IPv4 range');
  const vpc = addVpc(
    context,
    {
      id: seed.id ?? newId(context, 'vpc'),
      account: seed.account,
      region: seed.region,
      createdAt: context.services.clock.now(),
      name: seed.name ?? 'seeded',
      cidr: primary,
      secondaryCidrs: secondary,
      ipv6Cidr: versions.find(({ version }) => version === 6)?.cidr ?? '',
      description: '',
      isDefault: false,
      relay: false,
      tags: [],
    },
    seed.routeTable,
  );
  return { id: vpc.id, routeTable: vpc.routeTableId };
}

/** Throws a RangeError for a region that the cloud does not have, and for an id that is taken. */
export function seedPort(context: BaiduContext, seed: PortSeed): void {
  demandRegion(seed.region);
  demandFree(context.tables.lines, seed.id, 'line');
  const { id, account, region } = seed;
  const owned = { account, region, createdAt: context.services.clock.now() };
  context.tables.lines.put({
    ...owned,
    id,
    status: 'established',
    name: seed.name,
    description: '',
    isp: 'ISP_CTC',
    intfType: '10G',
    apType: 'SINGLE',
    apAddr: seed.accessPoint,
    userName: 'emulator',
    userPhone: '18600000000',
    userEmail: 'emulator@example.com',
    userIdc: 'emulator',
  });
  for (const channel of SEEDED_CHANNELS) {
    context.tables.channels.put({
      ...owned,
      ...channel,
      id: seededChannelId(id, channel.vlanId),
      lineId: id,
      name: `vlan-${String(channel.vlanId)}`,
      description: '',
      routeType: 'static-route',
      bgpAsn: '',
      authorizedUsers: [],
    });
  }
}
