/** Which rights a config file needs, per provider entry: who asks for peerings, who accepts, who writes routes, who has links. */
import { connectionSpec, pairsOf, type Config, type ProviderPlugin, type ReadyEntry } from '@peerway/runtime';

export interface Needs {
  /** Mechanism → the ends that the entry stands on. */
  readonly peerings: Map<string, Set<'initiate' | 'accept'>>;
  routes: boolean;
  links: boolean;
}

export function needsOf(config: Config, entries: readonly ReadyEntry[]): ReadonlyMap<string, Needs> {
  const needs = new Map<string, Needs>(
    entries.map(({ name }) => [name, { peerings: new Map(), routes: false, links: false }]),
  );
  const plugins = new Map(entries.map(({ name, plugin }) => [name, plugin]));
  const ownerOf = (network: string): string => config.networks.get(network)?.provider ?? '';
  for (const connection of config.connections) {
    for (const [initiator, acceptor] of pairsOf(connectionSpec(connection))) {
      const [first, second] = [ownerOf(initiator), ownerOf(acceptor)];
      const offered = plugins.get(first)?.capabilities.mechanisms;
      const chosen = offered?.find(({ name }) => name === connection.mechanism) ?? offered?.[0];
      const mechanism = chosen?.name ?? '';
      const acceptsItself = first === second && chosen?.autoAcceptSameAccount === true;
      for (const [owner, role] of [
        [first, 'initiate'],
        [second, 'accept'],
      ] as const) {
        const need = needs.get(owner);
        if (need === undefined) continue;
        const roles = need.peerings.get(mechanism) ?? new Set();
        if (role === 'initiate' || !acceptsItself) roles.add(role);
        need.peerings.set(mechanism, roles);
        if (connection.routes !== 'none') need.routes = true;
      }
    }
  }
  for (const { network, port } of config.links) {
    for (const owner of [ownerOf(network), ...(typeof port === 'string' ? [] : [port.provider])]) {
      const need = needs.get(owner);
      if (need === undefined) continue;
      need.links = true;
      need.routes = true;
    }
  }
  return needs;
}

/** Sorted, each once; undefined when the provider declares no permissions. */
export function actionsFor(needs: Needs | undefined, { permissions }: ProviderPlugin): readonly string[] | undefined {
  if (permissions === undefined || needs === undefined) return undefined;
  const actions = new Set(permissions.read);
  for (const [mechanism, roles] of needs.peerings) {
    const rights = permissions.peerings[mechanism];
    for (const action of [...(rights?.read ?? []), ...[...roles].flatMap((role) => rights?.[role] ?? [])])
      actions.add(action);
  }
  if (needs.routes) for (const action of permissions.routes) actions.add(action);
  if (needs.links) for (const action of permissions.links) actions.add(action);
  return [...actions].sort();
}
