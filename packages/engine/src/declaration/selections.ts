/**
 * Networks that a declaration names by what they are called and tagged. Pure: from what the clouds listed to a declaration in which every
 * network has an id. A network that is declared by itself keeps that name; any other is called by its id, so that nothing becomes of a
 * network's being renamed.
 */
import { tagOf, type Network } from '@peerway/core';
import type { ConnectionSpec, DnsSpec, NetworkSpec, RouteSpec, SelectionSpec, StackSpec } from './stack.js';
import { keyOf, networkKey } from './topology.js';

/** What a selection found, in order of the ids. */
export interface Selected {
  readonly spec: SelectionSpec;
  /** By the names that they have in the declaration. */
  readonly networks: ReadonlyMap<string, Network>;
}

export interface SelectedStack {
  /** Without selections. */
  readonly stack: StackSpec;
  /** By the name of the selection. */
  readonly selected: ReadonlyMap<string, Selected>;
}

/** @param listed every network of each entry that a selection is about, by the entry's name */
export function selectNetworks(stack: StackSpec, listed: ReadonlyMap<string, readonly Network[]>): SelectedStack {
  const { selections = new Map<string, SelectionSpec>(), ...rest } = stack;
  const networks = new Map<string, NetworkSpec>(stack.networks);
  const names = new Map([...stack.networks].map(([name, spec]) => [keyOf(spec), name]));
  const selected = new Map<string, Selected>();
  for (const [selection, spec] of selections) {
    const { provider } = spec;
    const found = new Map<string, Network>();
    const fitting = (listed.get(provider.name) ?? []).filter((network) => fits(spec, network));
    for (const network of [...fitting].sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const key = networkKey(provider.id, network.id);
      const name = names.get(key) ?? (networks.has(network.id) ? `${selection}-${network.id}` : network.id);
      names.set(key, name);
      if (!networks.has(name)) networks.set(name, { provider, id: network.id });
      found.set(name, network);
    }
    selected.set(selection, { spec, networks: found });
  }
  const connections = stack.connections.map((one) => withMembers(one, selected));
  return { stack: { ...rest, networks, connections }, selected };
}

/** Whether a network is there to stay, and tagged and called as the selection wants it. */
export function fits({ tags = {}, name }: SelectionSpec, network: Network): boolean {
  return (
    network.state === 'active' &&
    Object.entries(tags).every(([key, value]) => tagOf(network.tags ?? {}, key) === value) &&
    (name === undefined || matches(name, network.name))
  );
}

/** `*` stands for any characters, none too, `?` for one. Takes no longer than the two lengths multiplied, whatever they hold. */
function matches(pattern: string, text: string): boolean {
  const [wanted, there] = [[...pattern], [...text]];
  let at = 0;
  let star = -1;
  let from = 0;
  for (let here = 0; here < there.length;) {
    if (wanted[at] === '*') {
      star = at++;
      from = here;
    } else if (wanted[at] === '?' || (at < wanted.length && wanted[at] === there[here])) {
      at++;
      here++;
    } else if (star >= 0) {
      at = star + 1;
      here = ++from;
    } else return false;
  }
  return wanted.slice(at).every((one) => one === '*');
}

type Members = ReadonlyMap<string, Selected>;

const membersOf = (names: readonly string[], selected: Members): string[] => [
  ...new Set(names.flatMap((name) => [...(selected.get(name)?.networks.keys() ?? [name])])),
];

/** The connection with networks in place of selections; a hub that its own spokes' selection finds is no spoke of itself. */
function withMembers(spec: ConnectionSpec, selected: Members): ConnectionSpec {
  const base = {
    ...spec,
    routes: routesOf(spec.routes, selected),
    ...(spec.dnsSync === undefined ? {} : { dnsSync: dnsOf(spec.dnsSync, selected) }),
  };
  switch (base.kind) {
    case 'pair':
      return base;
    case 'hub':
      return { ...base, spokes: membersOf(base.spokes, selected).filter((name) => name !== base.hub) };
    case 'mesh':
      return { ...base, members: membersOf(base.members, selected) };
  }
}

/** What is said of a selection holds for each of its networks that nothing is said of by name. */
function routesOf(routes: RouteSpec, selected: Members): RouteSpec {
  if (typeof routes !== 'object' || !('sides' in routes)) return routes;
  const { sides } = routes;
  const expanded = Object.entries(sides).flatMap(([name, side]) =>
    [...(selected.get(name)?.networks.keys() ?? [])].map((member) => [member, side] as const),
  );
  const named = Object.entries(sides).filter(([name]) => !selected.has(name));
  return { sides: Object.fromEntries([...expanded, ...named]) };
}

const dnsOf = (dns: DnsSpec, selected: Members): DnsSpec => (typeof dns === 'string' ? dns : membersOf(dns, selected));
