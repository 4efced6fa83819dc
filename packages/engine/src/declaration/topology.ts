/** Expands pairs, hubs and meshes into edges, one peering each, and finds what is wrong with the declaration itself. */
import type { Problem, ProblemKind } from '../plan/plan.js';
import type { ConnectionSpec, NetworkSpec, PeeringSpec, StackSpec } from './stack.js';

/** What a name may be so that every cloud takes it in a tag and a description, and `/` stays free to join names. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export interface Edge {
  /** `web-data` for a pair, `core/ml/logs` for one spoke of a hub, `all/a/b` for one pair of a mesh. */
  readonly connection: string;
  /** The name the user wrote. */
  readonly declared: string;
  readonly spec: ConnectionSpec;
  /** The user's names of the two networks. A new peering is asked for by the first. */
  readonly initiator: string;
  readonly acceptor: string;
  /** The network behind which prefixes of neither end lie: the hub. */
  readonly hub?: string;
}

export interface Topology {
  readonly edges: readonly Edge[];
  readonly problems: readonly Problem[];
}

/** Identity of a network over all provider entries: the cloud and the id. */
export const networkKey = (plugin: string, id: string): string => `${plugin} ${id}`;

export const keyOf = (network: NetworkSpec): string => networkKey(network.provider.id, network.id);

/** The same for both orders of the two ends. */
export const pairKey = (a: string, b: string): string => (a < b ? `${a} | ${b}` : `${b} | ${a}`);

type Report = (kind: ProblemKind, object: string, message: string, remedy: string) => void;

export function expand(stack: StackSpec): Topology {
  const problems: Problem[] = [];
  const error: Report = (kind, object, message, remedy) => {
    problems.push({ severity: 'error', kind, object, message, remedy });
  };
  checkNames(stack, error);
  checkSides(stack, error);
  checkDns(stack, error);
  const edges: Edge[] = [];
  const pairs = new Map<string, string>();
  for (const spec of stack.connections) {
    for (const [initiator, acceptor] of pairsOf(spec)) {
      const connection = spec.kind === 'pair' ? spec.name : `${spec.name}/${initiator}/${acceptor}`;
      const ends = joinable(stack, connection, [initiator, acceptor], error);
      if (ends === undefined) continue;
      const pair = pairKey(keyOf(ends[0]), keyOf(ends[1]));
      const first = pairs.get(pair);
      if (first !== undefined) {
        error(
          'duplicate-pair',
          connection,
          `${connection} joins ${initiator} and ${acceptor}, which ${first} joins already`,
          'Remove one of the two: a pair of networks takes one peering.',
        );
        continue;
      }
      pairs.set(pair, connection);
      edges.push({
        connection,
        declared: spec.name,
        spec,
        initiator,
        acceptor,
        ...(spec.kind === 'hub' ? { hub: spec.hub } : {}),
      });
    }
  }
  return { edges, problems };
}

/** The two networks of a connection; undefined, and reported, when the two cannot be peered. */
function joinable(
  stack: StackSpec,
  connection: string,
  [initiator, acceptor]: readonly [string, string],
  error: Report,
): readonly [NetworkSpec, NetworkSpec] | undefined {
  const a = stack.networks.get(initiator);
  const b = stack.networks.get(acceptor);
  if (a === undefined || b === undefined) {
    const missing = a === undefined ? initiator : acceptor;
    error(
      'unknown-network',
      connection,
      `${connection} names the network ${missing}, which is not declared`,
      `Declare ${missing} under networks, or correct the name.`,
    );
    return undefined;
  }
  if (a.provider.id !== b.provider.id) {
    error(
      'two-clouds',
      connection,
      `${connection} joins networks of ${a.provider.displayName} and ${b.provider.displayName}`,
      'Peer networks of one cloud; between clouds use a link on each side.',
    );
    return undefined;
  }
  if (a.peer !== undefined && b.peer !== undefined) {
    error(
      'two-peers',
      connection,
      `${connection} joins ${initiator} and ${acceptor}, which are both networks of other accounts`,
      'Join each to a network that has a provider entry.',
    );
    return undefined;
  }
  if (keyOf(a) === keyOf(b)) {
    error('self-peering', connection, `${connection} joins ${a.id} with itself`, 'Name two different networks.');
    return undefined;
  }
  return [a, b];
}

/** Routes by side name networks that the connection joins. */
function checkSides(stack: StackSpec, error: Report): void {
  for (const spec of stack.connections) {
    if (typeof spec.routes !== 'object' || !('sides' in spec.routes)) continue;
    const joined = namedBy(spec);
    for (const name of Object.keys(spec.routes.sides))
      if (!joined.has(name))
        error(
          'unknown-network',
          spec.name,
          `The routes of ${spec.name} speak of the network ${name}, which it does not join`,
          choiceOf(joined, 'networks'),
        );
  }
}

/** So do those that open their names. */
function checkDns(stack: StackSpec, error: Report): void {
  for (const spec of stack.connections) {
    if (spec.dnsSync === undefined || typeof spec.dnsSync === 'string') continue;
    const joined = namedBy(spec);
    for (const name of spec.dnsSync)
      if (!joined.has(name))
        error(
          'unknown-network',
          spec.name,
          `dnsSync of ${spec.name} speaks of the network ${name}, which it does not join`,
          choiceOf(joined, 'networks'),
        );
  }
}

/** All that a connection names, also where a selection found nothing to join it with. */
const namedBy = (spec: ConnectionSpec): ReadonlySet<string> =>
  new Set(spec.kind === 'pair' ? spec.between : spec.kind === 'hub' ? [spec.hub, ...spec.spokes] : spec.members);

/** The pairs of networks that a connection joins, the one that asks first. */
export function* pairsOf(spec: ConnectionSpec): Generator<readonly [string, string]> {
  switch (spec.kind) {
    case 'pair':
      yield spec.between;
      break;
    case 'hub':
      for (const spoke of spec.spokes) yield [spec.hub, spoke];
      break;
    case 'mesh': {
      // by name, so that the order in the file does not change what the peerings are called
      const members = [...spec.members].sort();
      for (const [at, a] of members.entries()) for (const b of members.slice(at + 1)) yield [a, b];
      break;
    }
  }
}

function checkNames(stack: StackSpec, error: Report): void {
  const form = 'Use up to 63 letters, digits, `-`, `_` and `.`, beginning with a letter or digit.';
  if (!NAME.test(stack.name))
    error('bad-name', 'stack', `The stack name ${JSON.stringify(stack.name)} does not fit into a marker`, form);
  const seen = new Set<string>();
  for (const { name } of [...stack.connections, ...stack.links]) {
    if (!NAME.test(name)) error('bad-name', name, `The name ${JSON.stringify(name)} does not fit into a marker`, form);
    if (seen.has(name))
      error('duplicate-name', name, `Two connections or links are called ${name}`, 'Rename one of them.');
    seen.add(name);
  }
  const providers = new Map<string, NetworkSpec['provider']>();
  for (const [name, { provider }] of stack.networks) {
    if (!NAME.test(name))
      error('bad-name', name, `The network name ${JSON.stringify(name)} does not fit into a marker`, form);
    const known = providers.get(provider.name);
    if (known !== undefined && known !== provider)
      error(
        'same-provider-name',
        name,
        `Two different provider entries are called ${provider.name}`,
        'Give every provider entry its own name.',
      );
    providers.set(provider.name, provider);
  }
  for (const link of stack.links) {
    if (!stack.networks.has(link.network))
      error(
        'unknown-network',
        link.name,
        `${link.name} names the network ${link.network}, which is not declared`,
        `Declare ${link.network} under networks, or correct the name.`,
      );
  }
}

/** What to do about a name that nothing has. */
export const choiceOf = (names: Iterable<string>, what: string): string => {
  const known = [...new Set(names)];
  return known.length > 0 ? `Choose one of ${known.join(', ')}.` : `This stack declares no ${what}.`;
};

/** True when the target, a declared or an expanded name, covers the connection. */
export const covers = (target: string, connection: string): boolean =>
  connection === target || connection.startsWith(`${target}/`);

/** What a connection may declare of its peerings that every listing shows. */
const LISTED: ReadonlySet<string> = new Set<keyof PeeringSpec>(['bandwidthMbps', 'description']);

/** Pairs of networks (`pairKey`) of which the declaration asks nothing that only a peering read by itself shows. */
export function staysAsListed(stack: Pick<StackSpec, 'networks'>, { edges }: Topology): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const { spec, initiator, acceptor } of edges) {
    const [a, b] = [stack.networks.get(initiator), stack.networks.get(acceptor)];
    const listed =
      spec.dnsSync === undefined &&
      Object.entries(spec.peering).every(([key, value]) => value === undefined || LISTED.has(key));
    if (a !== undefined && b !== undefined && listed) pairs.add(pairKey(keyOf(a), keyOf(b)));
  }
  return pairs;
}
