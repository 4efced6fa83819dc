/** Which rights a config file needs, per provider entry: who asks for peerings, who accepts, who writes routes, who has links. */
import {
  connectionSpec,
  pairsOf,
  type Config,
  type ConnectionEntry,
  type ProviderPlugin,
  type ReadyEntry,
} from '@peerway/runtime';

export interface Needs {
  /** Mechanism → the ends that the entry stands on. */
  readonly peerings: Map<string, Set<'initiate' | 'accept'>>;
  /** Mechanism → what the file says of its peerings besides, by name. */
  readonly attributes: Map<string, Set<string>>;
  readonly linkAttributes: Set<string>;
  routes: boolean;
  links: boolean;
}

export function needsOf(config: Config, entries: readonly ReadyEntry[]): ReadonlyMap<string, Needs> {
  const needs = new Map<string, Needs>(
    entries.map(({ name }) => [
      name,
      { peerings: new Map(), attributes: new Map(), linkAttributes: new Set(), routes: false, links: false },
    ]),
  );
  const plugins = new Map(entries.map(({ name, plugin }) => [name, plugin]));
  const ownerOf = (network: string): string => config.networks.get(network)?.provider ?? '';
  for (const connection of config.connections) {
    // a selection in a mesh may find several, which then join each other
    const alone = (connection.mesh ?? []).filter((member) => config.networks.get(member)?.select !== undefined);
    const pairs = [...pairsOf(connectionSpec(connection)), ...alone.map((member) => [member, member] as const)];
    for (const [initiator, acceptor] of pairs) {
      const [first, second] = [ownerOf(initiator), ownerOf(acceptor)];
      const offered = plugins.get(first)?.capabilities.mechanisms;
      const chosen = offered?.find(({ name }) => name === connection.mechanism) ?? offered?.[0];
      const mechanism = chosen?.name ?? '';
      const isPeer = (network: string): boolean => config.networks.get(network)?.peer !== undefined;
      const inside = first === second && !isPeer(initiator) && !isPeer(acceptor);
      const acceptsItself = inside && chosen?.autoAcceptSameAccount === true;
      for (const [owner, role, network] of [
        [first, 'initiate', initiator],
        [second, 'accept', acceptor],
      ] as const) {
        // somebody else's end is theirs to act for
        if (isPeer(network)) continue;
        const need = needs.get(owner);
        if (need === undefined) continue;
        const roles = need.peerings.get(mechanism) ?? new Set();
        if (role === 'initiate' || !acceptsItself) roles.add(role);
        need.peerings.set(mechanism, roles);
        const said = need.attributes.get(mechanism) ?? new Set();
        for (const name of attributesOf(connection, role)) said.add(name);
        need.attributes.set(mechanism, said);
        if (connection.routes !== 'none') need.routes = true;
      }
    }
  }
  for (const { network, port, healthCheck, options = {} } of config.links) {
    for (const owner of [ownerOf(network), ...(typeof port === 'string' ? [] : [port.provider])]) {
      const need = needs.get(owner);
      if (need === undefined) continue;
      need.links = true;
      for (const name of [...(healthCheck === undefined ? [] : ['healthCheck']), ...Object.keys(options)])
        need.linkAttributes.add(name);
      need.routes = true;
    }
  }
  return needs;
}

/** What a connection says besides its networks and routes; of all of it only name switches are each side's own. */
function attributesOf(
  { dnsSync, deletionProtection, options = {} }: ConnectionEntry,
  role: 'initiate' | 'accept',
): readonly string[] {
  return [
    ...(dnsSync === undefined ? [] : ['dnsSync']),
    ...(role === 'accept' || deletionProtection === undefined ? [] : ['deletionProtection']),
    ...(role === 'accept' ? [] : Object.keys(options)),
  ];
}

/** Sorted, each once; undefined when the provider declares no permissions. */
export function actionsFor(needs: Needs | undefined, { permissions }: ProviderPlugin): readonly string[] | undefined {
  if (permissions === undefined || needs === undefined) return undefined;
  const actions = new Set(permissions.read);
  for (const [mechanism, roles] of needs.peerings) {
    const rights = permissions.peerings[mechanism];
    for (const action of [...(rights?.read ?? []), ...[...roles].flatMap((role) => rights?.[role] ?? [])])
      actions.add(action);
    for (const name of needs.attributes.get(mechanism) ?? [])
      for (const action of rights?.attributes?.[name] ?? []) actions.add(action);
  }
  for (const name of needs.linkAttributes)
    for (const action of permissions.linkAttributes?.[name] ?? []) actions.add(action);
  if (needs.routes) for (const action of permissions.routes) actions.add(action);
  if (needs.links) for (const action of permissions.links) actions.add(action);
  return [...actions].sort();
}
