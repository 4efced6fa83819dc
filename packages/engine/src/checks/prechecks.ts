/**
 * What would fail, found before the first write: each problem names the object and the fix. Only for plans that build;
 * a destroy has nothing to check here.
 */
import {
  cidrFamily,
  cidrOverlaps,
  isKnownAccount,
  isPeerwayError,
  isPrefix,
  overlaps,
  type Cidr,
  type MechanismCapabilities,
  type Provider,
} from '@peerway/core';
import { liesOutside } from '../world/destinations.js';
import { desiredRoutes, type DesiredRoute } from '../diff/desiredRoutes.js';
import type { EdgePlan, PeeringDiff } from '../diff/peerings.js';
import { linkWork } from '../diff/links.js';
import type { DiffInput, PlanDraft } from '../diff/planDraft.js';
import type { SeenNetwork, SeenTable } from '../world/observe.js';
import { markerPlace, markerTags, markerText, readMarkerText } from '../world/ownership.js';

export function precheck(
  input: DiffInput,
  draft: PlanDraft,
  peerings: PeeringDiff,
  linkRoutes: readonly DesiredRoute[],
): void {
  checkNetworks(input, draft);
  for (const plan of peerings.edges) {
    checkMechanism(input, draft, plan);
    checkOverlap(draft, plan);
    checkListed(draft, plan);
    if (plan.initiator.network?.transit === true && plan.acceptor.network?.transit === true && plan.kept === undefined)
      draft.error(
        'relay-pair',
        plan.edge.connection,
        `${plan.edge.initiator} and ${plan.edge.acceptor} both relay traffic for others, and the cloud does not peer two relays`,
        'Switch relaying off on one of them.',
      );
  }
  checkTables(draft, [...desiredRoutes(peerings.edges), ...linkRoutes], input);
  for (const spec of input.stack.links) if (input.targeted(spec.name)) checkLink(input, draft, spec.name);
}

function checkNetworks(input: DiffInput, draft: PlanDraft): void {
  const users = new Map<string, string[]>();
  const use = (network: string, connection: string): void => {
    if (!input.targeted(connection)) return;
    const list = users.get(network);
    if (list === undefined) users.set(network, [connection]);
    else list.push(connection);
  };
  for (const edge of input.edges) {
    use(edge.initiator, edge.connection);
    use(edge.acceptor, edge.connection);
  }
  for (const link of input.stack.links) use(link.network, link.name);
  for (const [name, connections] of users) {
    const seen = input.world.networks.get(name);
    if (seen === undefined) continue;
    const where = `provider ${seen.provider.name}, region ${seen.provider.region}`;
    const first = connections[0] ?? name;
    if (seen.network === undefined) {
      draft.note('network-missing', first, `network ${name}`, `${name} (${seen.id}) does not exist in ${where}`);
      draft.error(
        'network-missing',
        name,
        `The network ${name} (${seen.id}) does not exist in ${where}`,
        'Check the id, the region and the account of the provider entry.',
      );
    } else if (seen.network.state !== 'active') {
      draft.note('network-not-active', first, `network ${name}`, `${name} (${seen.id}) is ${seen.network.nativeState}`);
      draft.error(
        'network-not-active',
        name,
        `The network ${name} (${seen.id}) is ${seen.network.nativeState}`,
        seen.network.state === 'deleting'
          ? 'Remove it from the declaration.'
          : 'Wait until the cloud has made it, then plan again.',
      );
    }
    for (const table of seen.missingTables) {
      draft.note('table-missing', first, `table ${table}`, `${name} has no route table ${table}`);
      draft.error(
        'table-missing',
        name,
        `The network ${name} (${seen.id}) has no route table ${table}`,
        'Correct routeTables of the network, or leave it out to use the main table.',
      );
    }
  }
}

function mechanismFor(provider: Provider, plan: EdgePlan): MechanismCapabilities | undefined {
  const name = plan.edge.spec.peering.mechanism ?? plan.kept?.peering.mechanism;
  const { mechanisms } = provider.capabilities;
  return name === undefined ? mechanisms[0] : mechanisms.find((mechanism) => mechanism.name === name);
}

function checkMechanism(input: DiffInput, draft: PlanDraft, plan: EdgePlan): void {
  const { edge, initiator, acceptor } = plan;
  const { provider } = initiator;
  const { connection, spec } = edge;
  const mechanism = mechanismFor(provider, plan);
  if (mechanism === undefined) {
    draft.error(
      'unknown-mechanism',
      connection,
      `${provider.displayName} has no mechanism ${spec.peering.mechanism ?? ''}`,
      `Choose one of ${provider.capabilities.mechanisms.map(({ name }) => name).join(', ')}.`,
    );
    return;
  }
  const { features, limits } = mechanism;
  const { network: a } = initiator;
  const { network: b } = acceptor;
  const lacks = (
    what: string,
    support: { readonly status: string; readonly reason?: string },
    remedy: string,
  ): void => {
    if (support.status === 'supported') return;
    draft.error(
      'unsupported',
      connection,
      `${provider.displayName} does not support ${what} with ${mechanism.name}: ${support.reason ?? ''}`,
      remedy,
    );
  };
  const crossRegion = a !== undefined && b !== undefined && a.region !== b.region;
  if (crossRegion)
    lacks('peering across regions', features.crossRegion, 'Peer networks of one region, or choose another mechanism.');
  if (a !== undefined && b !== undefined && a.account !== b.account)
    lacks(
      'peering across accounts',
      features.crossAccount,
      'Peer networks of one account, or choose another mechanism.',
    );
  if (
    plan.kept === undefined &&
    a !== undefined &&
    b !== undefined &&
    !isKnownAccount(b.account) &&
    a.account !== b.account
  )
    draft.error(
      'account-unknown',
      connection,
      `The account of ${edge.acceptor} (${acceptor.provider.name}) is not known, and ${edge.initiator} is asked for by another one`,
      `Set account: on the provider entries ${initiator.provider.name} and ${acceptor.provider.name}.`,
    );
  const userTags = Object.keys(spec.peering.tags ?? {});
  if (userTags.length > 0) lacks('tags', features.tags, 'Remove the tags of this connection.');
  if (markerPlace(features).decides === 'nothing')
    draft.error(
      'unsupported',
      connection,
      `${mechanism.name} keeps neither tags nor a description, so what we make could not be told from what others make`,
      'Choose another mechanism.',
    );
  for (const key of userTags)
    if (key.startsWith('peerway.'))
      draft.error('tags', connection, `The tag ${key} is ours to set`, 'Remove it, or choose another key.');
  if (features.tags.status === 'supported' && limits.tags !== undefined) {
    const tags = Object.entries({ ...spec.peering.tags, ...markerTags(input.stack.name, connection) });
    const { max, keyLength, valueLength } = limits.tags;
    if (tags.length > max)
      draft.error(
        'tags',
        connection,
        `${tags.length} tags are too many, two of them our marker`,
        `Use at most ${max - 2}.`,
      );
    for (const [key, value] of tags)
      if (key === '' || key.length > keyLength || value.length > valueLength)
        draft.error(
          'tags',
          connection,
          `The tag ${key}=${value} is too long`,
          `Keys take up to ${keyLength} characters, values up to ${valueLength}; the marker holds the stack and the connection name.`,
        );
  }
  const text = markerText(input.stack.name, connection);
  const descriptionLimit = features.description.status === 'supported' ? limits.descriptionLength : undefined;
  const routeLimit =
    provider.capabilities.routes.features.description.status === 'supported'
      ? provider.capabilities.routes.limits.descriptionLength
      : undefined;
  const longest = Math.min(
    descriptionLimit?.max ?? Infinity,
    spec.routes === 'none' ? Infinity : (routeLimit?.max ?? Infinity),
  );
  if (text.length > longest)
    draft.error(
      'bad-name',
      connection,
      `The marker ${JSON.stringify(text)} is longer than the ${longest} characters that a description takes`,
      'Use shorter names for the stack, the connection and its networks.',
    );
  if (plan.kept === undefined) checkBandwidth(draft, plan, mechanism, crossRegion);
}

function checkBandwidth(
  draft: PlanDraft,
  { edge }: EdgePlan,
  mechanism: MechanismCapabilities,
  crossRegion: boolean,
): void {
  const { connection, spec } = edge;
  const mbps = spec.peering.bandwidthMbps;
  const error = (message: string, remedy: string): void => draft.error('bandwidth', connection, message, remedy);
  if (mbps === undefined) {
    if (mechanism.bandwidth === 'required')
      error(`A ${mechanism.name} peering needs a bandwidth`, `Add bandwidthMbps to ${connection}.`);
    return;
  }
  if (mechanism.bandwidth === 'none')
    error(`A ${mechanism.name} peering takes no bandwidth`, `Remove bandwidthMbps from ${connection}.`);
  else if (mechanism.bandwidth === 'crossRegion' && !crossRegion)
    error(
      `A ${mechanism.name} peering inside one region takes no bandwidth`,
      `Remove bandwidthMbps from ${connection}: the cloud sets no limit there.`,
    );
  else if (!Number.isInteger(mbps) || mbps <= 0)
    error(`${mbps} is not a bandwidth`, 'Give whole megabits per second, more than 0.');
  else {
    const limit = mechanism.limits.bandwidthMbps;
    if (limit === undefined) return;
    if (limit.allowed !== undefined && !limit.allowed.includes(mbps))
      error(`${mbps} Mbit/s is not offered`, `Choose one of ${limit.allowed.join(', ')}.`);
    else if (mbps < limit.min || (limit.max !== undefined && mbps > limit.max))
      error(
        `${mbps} Mbit/s is outside the limits of ${mechanism.name}`,
        limit.max === undefined ? `Give at least ${limit.min}.` : `Give ${limit.min} to ${limit.max}.`,
      );
  }
}

function checkOverlap(draft: PlanDraft, { edge, initiator, acceptor }: EdgePlan): void {
  const a = initiator.network?.cidrs ?? [];
  const b = acceptor.network?.cidrs ?? [];
  for (const mine of a) {
    for (const theirs of b) {
      if (!cidrOverlaps(mine, theirs)) continue;
      const message = `${edge.initiator} (${mine}) and ${edge.acceptor} (${theirs}) overlap`;
      if (edge.spec.routes === 'auto')
        draft.error(
          'overlap',
          edge.connection,
          `${message}, so the addresses they share cannot be routed`,
          'Renumber one of them, or list the routes that do not overlap.',
        );
      else draft.warn('overlap', edge.connection, message, 'Only the prefixes that do not overlap can be reached.');
    }
  }
}

function checkListed(draft: PlanDraft, { edge, initiator, acceptor }: EdgePlan): void {
  const { routes } = edge.spec;
  if (routes === 'none') return;
  if (routes !== 'auto') {
    for (const prefix of routes) {
      if (initiator.network === undefined || acceptor.network === undefined) continue;
      if (liesOutside(edge, prefix, initiator, acceptor))
        draft.error(
          'route-prefix',
          edge.connection,
          `${prefix} lies in neither ${edge.initiator} nor ${edge.acceptor}`,
          'List prefixes of the two networks, or declare a hub that the prefix lies behind.',
        );
    }
  }
  for (const [mine, other] of [
    [initiator, acceptor],
    [acceptor, initiator],
  ] as const) {
    if (mine.provider.capabilities.routes.features.explicit.status !== 'supported') continue;
    if (mine.provider.capabilities.routes.features.ipv6.status === 'supported') continue;
    const sixes = (routes === 'auto' ? (other.network?.cidrs ?? []) : routes).filter((cidr) => cidrFamily(cidr) === 6);
    if (sixes.length > 0)
      draft.warn(
        'route-family',
        edge.connection,
        `${mine.name} gets no routes to ${sixes.join(', ')}: ${mine.provider.displayName} takes no IPv6 routes`,
        'Nothing to do, unless IPv6 must work.',
      );
  }
}

interface Claim {
  readonly connection: string;
  readonly destination: Cidr;
  readonly toward: string;
  /** Absent for a route of somebody else. */
  readonly wanted?: DesiredRoute;
  readonly hop?: string;
}

/** Every table that we write to: what it would hold must be free of contradictions and fit. */
function checkTables(draft: PlanDraft, desired: readonly DesiredRoute[], input: DiffInput): void {
  const tables = new Map<string, { claims: Claim[]; sample: DesiredRoute }>();
  for (const wanted of desired) {
    if (wanted.table.kind === 'edge') continue;
    const key = `${wanted.key} ${wanted.table.table}`;
    const claim = { connection: wanted.connection, destination: wanted.destination, toward: wanted.toward, wanted };
    const entry = tables.get(key);
    if (entry === undefined) tables.set(key, { claims: [claim], sample: wanted });
    else entry.claims.push(claim);
  }
  for (const { claims, sample } of tables.values()) {
    const seen = input.world.byKey.get(sample.key);
    const id = sample.table.kind === 'known' ? sample.table.table : undefined;
    const table = seen?.tables.find((one) => one.id === id);
    if (seen === undefined || table === undefined || id === undefined) continue;
    checkClaims(draft, input, seen, table, claims);
  }
}

function checkClaims(
  draft: PlanDraft,
  input: DiffInput,
  seen: SeenNetwork,
  table: SeenTable,
  claims: readonly Claim[],
): void {
  const place = `${table.id} (${seen.name})`;
  if (table.kind !== 'edge') {
    for (const { connection, destination } of claims) {
      const own = seen.network?.cidrs.find((cidr) => cidrOverlaps(cidr, destination));
      if (own === undefined) continue;
      // the pair's own overlap is reported by checkOverlap
      if (input.automatic.has(connection)) continue;
      draft.error(
        'route-overlap',
        connection,
        `The route ${destination} overlaps ${own} of ${seen.name}, whose table it would stand in`,
        `Remove ${destination} from the routes of ${connection}.`,
      );
    }
  }
  const foreign: Claim[] = table.routes
    .filter((route) => route.origin === 'custom' && readMarkerText(route.description)?.stack !== input.stack.name)
    .flatMap(({ destination, nextHop }) =>
      isPrefix(destination) ? [{ connection: '', destination, toward: nextHop.id, hop: nextHop.id }] : [],
    );
  for (const { a, b } of overlaps([...claims, ...foreign], (claim) => [claim.destination])) {
    const [outer, inner] = [a, b];
    if (outer.connection === inner.connection) continue;
    if (outer.destination === inner.destination) {
      if (outer.wanted === undefined || inner.wanted === undefined) continue; // the diff reports what is in place
      draft.error(
        'route-conflict',
        outer.connection,
        `${outer.connection} and ${inner.connection} both want ${outer.destination} in ${place}`,
        'Renumber one of the networks, or list different routes.',
      );
    } else if (inner.wanted === undefined && outer.wanted !== undefined) {
      draft.warn(
        'route-overlap',
        outer.connection,
        `A route ${inner.destination} in ${place} that is not ours takes a part of ${outer.destination} to ${inner.hop ?? ''}`,
        'Remove it if that part should be reached too.',
      );
    } else if (inner.wanted !== undefined && outer.wanted !== undefined) {
      const automatic = [outer, inner].every((claim) => input.automatic.has(claim.connection));
      const message = `${inner.destination} of ${inner.toward} lies inside ${outer.destination} of ${outer.toward} in ${place}; traffic for it goes to ${inner.toward}`;
      if (automatic)
        draft.error('route-overlap', outer.connection, message, 'Renumber one of the networks, or list the routes.');
      else draft.warn('route-overlap', outer.connection, message, 'Nothing to do if that is meant.');
    }
  }
}

function checkLink(input: DiffInput, draft: PlanDraft, name: string): void {
  const spec = input.stack.links.find((link) => link.name === name);
  const network = spec === undefined ? undefined : input.world.networks.get(spec.network);
  if (spec === undefined || network === undefined) return;
  if (spec.destinations.length === 0)
    draft.error('link', name, `${name} names nothing behind the line`, 'Add destinations.');
  try {
    network.provider.links.validated(linkWork(spec, network, input.stack.name));
  } catch (error) {
    if (!isPeerwayError(error)) throw error;
    draft.error(
      error.code === 'Unsupported' ? 'unsupported' : 'link',
      name,
      error.message,
      error.details.remedy ?? 'Correct the link.',
    );
  }
}
