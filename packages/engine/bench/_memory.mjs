/** Plans against a cloud that answers from memory, so that nothing but our own work is measured. */
import {
  accountId,
  networkId,
  parseCidr,
  Provider,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
  VirtualClock,
} from '@peerway/core';
import { performance } from 'node:perf_hooks';
import { alibaba } from '@peerway/alibaba';
import { Engine } from '@peerway/engine';

/** A driver that answers from memory and knows 10,001 networks; peerings and routes as many as asked for. */
function memory(spokes, joined) {
  const cidr = (at) => parseCidr(`${11 + Math.floor(at / 65_536)}.${Math.floor(at / 256) % 256}.${at % 256}.0/24`);
  const network = (at) => ({
    provider: 'alibaba',
    id: networkId(`vpc-${at}`),
    account: accountId('1'),
    region: regionId('r1'),
    name: `n${at}`,
    cidrs: [cidr(at)],
    state: 'active',
    nativeState: 'Available',
    mainRouteTable: routeTableId(`vtb-${at}`),
    routeTables: [routeTableId(`vtb-${at}`)],
  });
  const name = (at) => `core/n0/n${at}`;
  const marker = (at) => `peerway stack=bench connection=${name(at)}`;
  const route = (table, destination, hop, text) => ({
    table: routeTableId(`vtb-${table}`),
    network: networkId(`vpc-${table}`),
    destination,
    nextHop: { kind: 'peering', id: hop },
    state: 'active',
    nativeState: 'Available',
    origin: 'custom',
    description: text,
  });
  const end = (at, hop) => ({
    account: accountId('1'),
    region: regionId('r1'),
    network: networkId(`vpc-${at}`),
    nextHop: { kind: 'peering', id: hop },
  });
  const peerings = joined
    ? Array.from({ length: spokes }, (_, i) => i + 1).map((at) => ({
        provider: 'alibaba',
        mechanism: 'vpc-peer',
        id: `pcc-${at}`,
        seenFrom: 'initiator',
        name: '',
        description: marker(at),
        state: 'active',
        nativeState: 'Activated',
        initiator: end(0, `pcc-${at}`),
        acceptor: end(at, `pcc-${at}`),
        tags: { 'peerway.stack': 'bench', 'peerway.connection': name(at) },
      }))
    : [];
  const hubRoutes = joined ? peerings.map((_, i) => route(0, cidr(i + 1), `pcc-${i + 1}`, marker(i + 1))) : [];
  return {
    networks: { get: async (ids) => ids.map((id) => network(Number(id.slice(4)))), list: async () => ({ items: [] }) },
    peerings: { list: async (query) => ({ items: query.mechanism === 'router-interface' ? [] : peerings }) },
    routes: {
      list: async (id) => {
        const at = Number(id.slice(4));
        return { items: !joined ? [] : at === 0 ? hubRoutes : [route(at, cidr(0), `pcc-${at}`, marker(at))] };
      },
    },
    links: { list: async () => ({ items: [] }) },
    native: () => undefined,
    close: async () => undefined,
  };
}

/** The least of the clock and the processor time of a plan, in milliseconds, and its steps; `joined`: everything is there already. */
export async function planTime(spokes, joined) {
  const clock = new VirtualClock({ start: 0 });
  const environment = { clock, random: seededRandom(1), redactor: new Redactor() };
  const provider = new Provider(alibaba, memory(spokes, joined), { name: 'ali', region: regionId('r1') }, environment);
  const networks = new Map(
    Array.from({ length: spokes + 1 }, (_, at) => [`n${at}`, { provider, id: networkId(`vpc-${at}`) }]),
  );
  const connections = [
    { name: 'core', kind: 'hub', hub: 'n0', spokes: [...networks.keys()].slice(1), routes: 'auto', peering: {} },
  ];
  const engine = new Engine({
    stack: { name: 'bench', networks, connections, links: [] },
    clock,
  });
  await engine.plan();
  let ms = Infinity;
  let steps = 0;
  for (let run = 0; run < 3; run++) {
    const before = performance.now();
    const cpu = process.cpuUsage();
    steps = (await engine.plan()).steps.length;
    const { user, system } = process.cpuUsage(cpu);
    // on a busy machine the clock on the wall tells about the others
    ms = Math.min(ms, performance.now() - before, (user + system) / 1_000);
  }
  return { ms, steps };
}
