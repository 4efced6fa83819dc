/**
 * What would fail, found before the first write: each problem names the object and the fix. Only for plans that build;
 * a destroy has nothing to check here.
 */
import {
  cidrFamily,
  cidrOverlaps,
  isKnownAccount,
  cidrRange,
  isPrefix,
  overlaps,
  textProblem,
  type Cidr,
  type MechanismCapabilities,
} from '@peerway/core';
import type { Edge } from '../declaration/topology.js';
import { isAutomatic, refusedOf } from '../world/destinations.js';
import { desiredRoutes, type DesiredRoute } from '../diff/desiredRoutes.js';
import type { EdgePlan, PeeringDiff } from '../diff/peerings.js';
import { dnsWanted } from '../diff/attributes.js';
import { updateStepId } from '../diff/labels.js';
import { mechanismFor, requestFor } from '../diff/peeringCreation.js';
import { checkLink } from './links.js';
import type { DiffInput, PlanDraft } from '../diff/planDraft.js';
import type { ProblemKind } from '../plan/plan.js';
import type { SeenNetwork, SeenTable } from '../world/observe.js';
import { markerPlace, markerText, readMarkerText } from '../world/ownership.js';

export function precheck(
  input: DiffInput,
  draft: PlanDraft,
  peerings: PeeringDiff,
  linkRoutes: readonly DesiredRoute[],
): void {
  checkAccounts(input, draft);
  checkNetworks(input, draft);
  for (const plan of peerings.edges) {
    checkPeer(draft, plan);
    checkRequest(input, draft, plan);
    checkMarker(input, draft, plan);
    checkRegions(draft, plan);
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
  for (const spec of input.stack.links) if (input.targeted(spec.name)) checkLink(input, draft, spec);
}

function checkAccounts({ world }: DiffInput, draft: PlanDraft): void {
  for (const [name, account] of world.mistakenAccounts) {
    const written = world.providers.get(name)?.account ?? '';
    draft.error(
      'account-mistaken',
      name,
      `The keys of ${name} belong to the account ${account}; account: says ${written}`,
      'Correct account:, or use keys of that account.',
    );
  }
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

/** What the plan calls a problem of a request, by the field that it is about; others are called `unsupported`. */
const KINDS: Readonly<Record<string, ProblemKind>> = {
  mechanism: 'unknown-mechanism',
  bandwidthMbps: 'bandwidth',
  tags: 'tags',
  name: 'bad-name',
  description: 'bad-name',
};

/** Our own switch is ours, over a peering that bears our marks; the other is its owner's. */
function checkPeerNames(
  edge: Edge,
  mechanism: MechanismCapabilities | undefined,
  [ours, theirs]: readonly [ours: string, theirs: string],
  refuse: (message: string, remedy: string) => void,
): void {
  const leave = `Remove dnsSync from ${edge.connection}.`;
  if (edge.initiator === theirs)
    return refuse(`Names over what ${theirs} asks for are not switched: nothing there would bear our mark`, leave);
  if (mechanism === undefined || mechanism.dnsSwitch === 'none')
    return refuse(`The names of ${theirs} are its owner’s to open`, leave);
  if (dnsWanted(edge, mechanism, [theirs, ours]) !== true) return;
  const [what, mine] =
    mechanism.dnsSwitch === 'opens-own'
      ? [`The names of ${theirs} are its owner’s to open`, ours]
      : [`Whether the names of ${ours} resolve in ${theirs} is its owner’s to say`, theirs];
  refuse(what, `Write dnsSync: [${mine}], which is yours to switch, or remove it from ${edge.connection}.`);
}

/** What cannot be done with a network of somebody else's. */
function checkPeer(draft: PlanDraft, { edge, initiator, acceptor, kept }: EdgePlan): void {
  const { connection, spec } = edge;
  const [ours, theirs] = initiator.peer === undefined ? [initiator, acceptor] : [acceptor, initiator];
  if (theirs.peer === undefined) return;
  const mechanism = mechanismFor(edge, ours.provider, kept?.peering.mechanism);
  const refuse = (message: string, remedy: string): void => draft.error('unsupported', connection, message, remedy);
  if (mechanism?.handshake === 'mirrored')
    refuse(
      `${mechanism.name} needs steps of both sides, and ${theirs.name} is the account ${theirs.peer.account}’s`,
      'Choose another mechanism, or add a provider entry for that account.',
    );
  if (spec.dnsSync !== undefined) checkPeerNames(edge, mechanism, [ours.name, theirs.name], refuse);
  const { description } = ours.provider.capabilities.routes.features;
  if (theirs === initiator && spec.routes !== 'none' && description.status !== 'supported')
    refuse(
      `${ours.provider.displayName} keeps no mark on routes, so ours over a peering of somebody else’s could not be told from others`,
      `Ask for it from here (between: [${ours.name}, ${theirs.name}]), or write routes: none.`,
    );
  const known = (theirs.network?.cidrs.length ?? 0) > 0;
  if (!known && isAutomatic(edge, ours.name) && (theirs.peer.awaited === true || kept?.peering.state === 'active'))
    draft.error(
      'route-prefix',
      connection,
      `The prefixes of ${theirs.name} are not known, and the routes to it are to be made of them`,
      `Write them: peer: { …, cidrs: [...] }, or list the routes of ${connection}.`,
    );
}

/** What would be asked of the cloud for this connection, or changed on what is there: core judges it, as it will when it is sent. */
function checkRequest(input: DiffInput, draft: PlanDraft, plan: EdgePlan): void {
  const { edge, initiator, acceptor, kept } = plan;
  if (initiator.peer !== undefined) return; // nothing is asked for
  const { connection } = edge;
  const { peerings } = initiator.provider;
  const request = requestFor(edge, initiator, acceptor, input, kept?.peering.mechanism);
  const standing = peerings.problems(request, initiator.network?.account);
  // what stands is not created again: only a bandwidth that is about to be set is judged
  const wanted = kept === undefined ? standing : standing.filter(({ details }) => details.place !== 'bandwidthMbps');
  const update = kept === undefined ? undefined : draft.steps.get(updateStepId(connection, kept.peering.id))?.work;
  const sameRegion = request.acceptor.region === initiator.provider.region;
  const planned =
    update?.verb === 'peering.update'
      ? peerings.updateProblems(update.update, { mechanism: update.mechanism, sameRegion })
      : [];
  const { dnsSync = [] } = edge.spec;
  // of a mechanism that there is not, nothing more can be said
  const isKnown = initiator.provider.capabilities.mechanisms.some(({ name }) => name === request.mechanism);
  const asksForNames = isKnown && dnsSync !== 'none' && dnsSync.length > 0;
  const named = asksForNames ? peerings.updateProblems({ dnsSync: true }, { mechanism: request.mechanism }) : [];
  const noted = new Set<string>();
  for (const { code, message, details } of [...wanted, ...planned, ...named]) {
    if (noted.has(message)) continue;
    noted.add(message);
    const kind = (code === 'InvalidArgument' || details.place === 'bandwidthMbps') && KINDS[details.place ?? ''];
    const shorter = details.place === 'description' ? SHORTER : undefined;
    draft.error(kind || 'unsupported', connection, message, shorter ?? details.remedy ?? 'Correct the connection.');
  }
}

const SHORTER =
  'Use a shorter description, or shorter names for the stack, the connection and its networks: the description holds our marker, too.';

/** What only the engine knows of a request: whose accounts, and the marker that tells ours from others'. */
function checkMarker(input: DiffInput, draft: PlanDraft, plan: EdgePlan): void {
  const { edge, initiator, acceptor } = plan;
  const { connection, spec } = edge;
  const { network: a } = initiator;
  const { network: b } = acceptor;
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
  for (const key of Object.keys(spec.peering.tags ?? {}))
    if (key.startsWith('peerway.'))
      draft.error('tags', connection, `The tag ${key} is ours to set`, 'Remove it, or choose another key.');
  const mechanism = mechanismFor(edge, initiator.provider, plan.kept?.peering.mechanism);
  if (mechanism !== undefined && markerPlace(mechanism.features).decides === 'nothing')
    draft.error(
      'unsupported',
      connection,
      `${mechanism.name} keeps neither tags nor a description, so what we make could not be told from what others make`,
      'Choose another mechanism.',
    );
  const { features, limits } = initiator.provider.capabilities.routes;
  if (spec.routes === 'none' || features.description.status !== 'supported') return;
  const text = markerText(input.stack.name, connection);
  const problem = textProblem(text, limits.description, 'description', `The marker ${JSON.stringify(text)} of a route`);
  if (problem !== undefined) draft.error('bad-name', connection, problem.message, SHORTER);
}

/** Regions that the cloud does not join, or only when people have readied something: said once, before the peering is made. */
function checkRegions(draft: PlanDraft, { edge, initiator, acceptor, kept }: EdgePlan): void {
  const { regions } = initiator.provider.capabilities;
  if (regions === undefined || kept !== undefined) return;
  const places = [initiator, acceptor].map(({ provider, network }) => network?.region ?? provider.region);
  const zones = places.map((region) => regions.zones[region] ?? '');
  const rule = regions.between.find((one) => [...one.zones].sort().join() === [...zones].sort().join());
  if (rule === undefined) return;
  const message = `${edge.initiator} (${String(places[0])}) and ${edge.acceptor} (${String(places[1])}) are ${rule.because}`;
  if (rule.verdict === 'refused') draft.error('regions', edge.connection, message, rule.remedy);
  else draft.warn('regions', edge.connection, message, rule.remedy);
}

function checkOverlap(draft: PlanDraft, { edge, initiator, acceptor }: EdgePlan): void {
  const a = initiator.network?.cidrs ?? [];
  const b = acceptor.network?.cidrs ?? [];
  for (const mine of a) {
    for (const theirs of b) {
      if (!cidrOverlaps(mine, theirs)) continue;
      const message = `${edge.initiator} (${mine}) and ${edge.acceptor} (${theirs}) overlap`;
      if (isAutomatic(edge, initiator.name) || isAutomatic(edge, acceptor.name))
        draft.error(
          'overlap',
          edge.connection,
          `${message}, so the addresses they share cannot be routed`,
          `Renumber one of them, or say what each shall reach: routes: { ${edge.initiator}: [...], ${edge.acceptor}: [...] }.`,
        );
      else draft.warn('overlap', edge.connection, message, 'Only the prefixes that do not overlap can be reached.');
    }
  }
}

/** What the declaration names and no route can lead to is an error; what `auto` leaves out is only said. */
function checkListed(draft: PlanDraft, { edge, initiator, acceptor }: EdgePlan): void {
  if (initiator.network === undefined || acceptor.network === undefined) return;
  for (const { prefix, why, remedy } of refusedOf(edge, initiator, acceptor))
    draft.error('route-prefix', edge.connection, `No route can be written to ${prefix}: ${why}`, remedy);
  for (const [mine, other] of [
    [initiator, acceptor],
    [acceptor, initiator],
  ] as const) {
    const { explicit, ipv6 } = mine.provider.capabilities.routes.features;
    if (explicit.status !== 'supported' || ipv6.status === 'supported' || !isAutomatic(edge, mine.name)) continue;
    const sixes = (other.network?.cidrs ?? []).filter((cidr) => cidrFamily(cidr) === 6);
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

const isEverything = (cidr: Cidr): boolean => cidrRange(cidr).prefixLength === 0;

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
      const { overlap } = seen.provider.capabilities.routes.features;
      if (overlap.status === 'supported' || isEverything(destination)) continue;
      draft.error(
        'route-overlap',
        connection,
        `The route ${destination} overlaps ${own} of ${seen.name}, whose table it would stand in, and ${seen.provider.displayName} refuses that: ${overlap.reason}`,
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
    // a default route is meant for what nothing else takes
    if (
      outer.connection === inner.connection ||
      (isEverything(outer.destination) && outer.destination !== inner.destination)
    )
      continue;
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
