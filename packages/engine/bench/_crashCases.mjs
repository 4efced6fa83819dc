/** What the crash matrix declares: two connections of each mechanism (one crosses account and region), a line of each cloud, and what changes of them. */
import { parseCidr, portId } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';

const cidrs = (...list) => list.map(parseCidr);

/** @param more what every peering says @param tags whether tags of an existing one can be changed */
function connections({ more = {}, tags }) {
  const tagged = (list) => (tags ? { tags: list } : {});
  return {
    old: [
      {
        name: 'near',
        kind: 'pair',
        between: ['n0', 'n1'],
        routes: 'auto',
        peering: { ...more, ...tagged({ team: 'net', cost: '7' }) },
      },
      { name: 'east', kind: 'pair', between: ['n0', 'far'], routes: 'auto', peering: { ...more, bandwidthMbps: 10 } },
    ],
    // tags and routes of the one; name and bandwidth of the other
    new: [
      {
        name: 'near',
        kind: 'pair',
        between: ['n0', 'n1'],
        routes: { sides: { n0: cidrs('10.8.0.0/16', '11.1.0.0/16') } },
        peering: { ...more, ...tagged({ team: 'core', place: 'hz' }) },
      },
      { name: 'west', kind: 'pair', between: ['n0', 'far'], routes: 'auto', peering: { ...more, bandwidthMbps: 20 } },
    ],
  };
}

function links(cloud) {
  const { ports, regions } = DEFAULT_WORLD[cloud];
  const port = portId(ports.find(({ account, region }) => account === 'a' && region === regions[0]).id);
  const place = { network: 'n0', port, vlan: 30 };
  const old = { ...place, cloudIp: '10.255.0.1/30', customerIp: '10.255.0.2', bandwidthMbps: 10 };
  const changed = { ...old, bandwidthMbps: 20 };
  // Baidu's addresses are the channel's, and its tags change in a service of their own
  const more =
    cloud === 'alibaba' ? { cloudIp: '10.255.0.5/30', customerIp: '10.255.0.6', tags: { team: 'core' } } : {};
  return {
    old: [
      {
        ...old,
        name: 'idc',
        destinations: cidrs('192.168.0.0/16'),
        ...(cloud === 'alibaba' ? { tags: { team: 'net', cost: '7' } } : {}),
      },
    ],
    new: [{ ...changed, name: 'office', destinations: cidrs('192.168.0.0/17', '172.16.0.0/12'), ...more }],
  };
}

const peerings = (title, cloud, options) => ({ title, cloud, connections: connections(options) });

export const CASES = [
  peerings('alibaba vpc-peer', 'alibaba', { tags: true }),
  peerings('alibaba router-interface', 'alibaba', { tags: true, more: { mechanism: 'router-interface' } }),
  { title: 'alibaba link', cloud: 'alibaba', links: links('alibaba') },
  peerings('baidu peerconn', 'baidu', { tags: false, more: { bandwidthMbps: 10 } }),
  { title: 'baidu link', cloud: 'baidu', links: links('baidu') },
];

/** What another stack holds beside ours, in the same networks and on the same port. */
export function foreign({ cloud, links: ours }) {
  const mbps = cloud === 'baidu' ? { bandwidthMbps: 10 } : {};
  const connection = (name, between, peering) => ({ name, kind: 'pair', between, routes: 'auto', peering });
  const port = ours?.old[0].port;
  return {
    connections: [
      connection('theirs', ['n0', 'n2'], mbps),
      ...(cloud === 'alibaba' ? [connection('pair', ['n1', 'n2'], { mechanism: 'router-interface' })] : []),
    ],
    links:
      port === undefined || cloud === 'baidu'
        ? []
        : [
            {
              ...ours.old[0],
              name: 'line',
              vlan: 31,
              cloudIp: '10.255.9.1/30',
              customerIp: '10.255.9.2',
              destinations: cidrs('192.169.0.0/16'),
            },
          ],
  };
}
