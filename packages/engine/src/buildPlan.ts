/** From the declaration and the observed world to a plan: a pure function, the same input gives the same bytes. */
import { createHash } from 'node:crypto';
import { desiredRoutes } from './diff/desiredRoutes.js';
import { diffLinks } from './diff/links.js';
import { diffPeerings } from './diff/peerings.js';
import { RouteDiff } from './diff/routes.js';
import { PlanDraft, type DiffInput } from './diff/planDraft.js';
import { announceToTheLast, markBeforeHiding, unmarkAfterHiding } from './diff/hiding.js';
import { isAutomatic } from './world/destinations.js';
import { hidingDeclared, hidingIn, linksApartIn } from './world/hidden.js';
import type { World } from './world/observe.js';
import { bearsMark, isMarkedLink, type Owner } from './world/ownership.js';
import { isFading, ownerOfPeering } from './world/peeringFacts.js';
import { ownerOfLink } from './world/linkFacts.js';
import { summarize, type Plan, type PlanMode, type PlanStep, type Problem, type PrunePolicy } from './plan/plan.js';
import { count } from './plan/quantity.js';
import { precheck } from './checks/prechecks.js';
import { checkQuotas } from './checks/quotas.js';
import type { StackSpec } from './declaration/stack.js';
import type { Selected } from './declaration/selections.js';
import { choiceOf, covers, type Topology } from './declaration/topology.js';

/** Deletions up to this share of what is ours need no force, and so does any one object. */
const DELETE_SHARE = 1 / 3;
/** A share says nothing about a handful. */
const DELETE_AT_LEAST = 4;

interface BuildInput {
  readonly stack: StackSpec;
  readonly topology: Topology;
  readonly world: World;
  /** What selections found, by their names. Default: there are none. */
  readonly selected?: ReadonlyMap<string, Selected>;
  readonly mode: PlanMode;
  readonly targets: readonly string[];
  readonly prune: PrunePolicy;
}

export function buildPlan({ stack, topology, world, mode, targets, prune, selected = new Map() }: BuildInput): Plan {
  const draft = new PlanDraft();
  const targeted = (connection: string): boolean =>
    targets.length === 0 || targets.some((target) => covers(target, connection));
  const automatic = new Set(
    topology.edges
      .filter((edge) => isAutomatic(edge, edge.initiator) && isAutomatic(edge, edge.acceptor))
      .map((edge) => edge.connection),
  );
  const input: DiffInput = {
    stack,
    world,
    edges: topology.edges,
    mode,
    prune,
    automatic,
    hiding: hidingIn(stack, topology.edges, world),
    hidingLater: hidingDeclared(stack, topology.edges, world),
    linksApart: linksApartIn(stack, world),
    targeted,
  };
  if (mode === 'apply') draft.problems.push(...topology.problems);
  if (mode === 'apply') noteEmptySelections(draft, selected);
  const links = diffLinks(input, draft);
  const peerings = diffPeerings(input, draft);
  const routes = new RouteDiff(input, draft, peerings, links.leaving);
  routes.diff([...desiredRoutes(peerings.edges), ...links.routes]);
  if (mode === 'apply') markBeforeHiding(input, draft, peerings.leaving);
  if (mode === 'apply') unmarkAfterHiding(input, draft, peerings.leaving);
  announceToTheLast(input, draft, peerings.leaving);
  if (mode === 'apply') precheck(input, draft, peerings, links.routes);
  const steps = draft.allowed(mode === 'destroy' ? 'sync' : prune);
  if (mode === 'apply') {
    checkQuotas(input, draft, steps);
    checkShare(draft, stack.name, steps, {
      peerings: countOurs(world, stack.name),
      routes: routes.countOurs(),
      links: world.links.filter(({ link }) => isMarkedLink(link, stack.name)).length,
    });
  } else checkAdopted(draft, { world, stack }, steps);
  noteUnknownTargets(draft, { stack, topology, targets }, steps);
  draft.sortFindings();
  const { problems, drift } = draft;
  const body = {
    version: 1 as const,
    stack: stack.name,
    mode,
    prune,
    targets: [...targets].sort(),
    steps,
    problems,
    drift,
    ...(selected.size === 0 ? {} : { selections: selectionsOf(selected) }),
  };
  return { ...body, fingerprint: fingerprintOf(body, input), summary: summarize(steps) };
}

const selectionsOf = (selected: ReadonlyMap<string, Selected>): NonNullable<Plan['selections']> =>
  Object.fromEntries(
    [...selected].map(([selection, { networks }]) => [
      selection,
      [...networks.values()].map(({ id, name }) => ({ id, name })),
    ]),
  );

function noteEmptySelections(draft: PlanDraft, selected: ReadonlyMap<string, Selected>): void {
  for (const [selection, { spec, networks }] of selected)
    if (networks.size === 0)
      draft.warn(
        'selection-empty',
        selection,
        `${selection} finds no network in ${spec.provider.name}, region ${spec.provider.region}`,
        'Nothing to do if that is meant; else check its tags and name, and the account and region of the entry.',
      );
}

function noteUnknownTargets(
  draft: PlanDraft,
  { stack, topology, targets }: Pick<BuildInput, 'stack' | 'topology' | 'targets'>,
  steps: readonly PlanStep[],
): void {
  const known = new Set([
    ...topology.edges.map((edge) => edge.connection),
    ...stack.links.map((link) => link.name),
    ...steps.map((step) => step.connection),
  ]);
  for (const target of targets)
    if (![...known].some((connection) => covers(target, connection)))
      draft.error(
        'unknown-target',
        target,
        `No connection or link is called ${target}`,
        choiceOf(
          [...stack.connections, ...stack.links].map(({ name }) => name),
          'connections or links',
        ),
      );
}

/** Everything that the plan came from is in its steps, problems and drift, but for the prefixes and states around them. */
function fingerprintOf(body: { readonly steps: readonly PlanStep[] }, { world, stack }: DiffInput): string {
  const hash = createHash('sha256');
  const { steps, ...rest } = body;
  hash.update(JSON.stringify(rest));
  // in pieces: one text of a large plan would be many megabytes
  for (let at = 0; at < steps.length; at += 500) hash.update(JSON.stringify(steps.slice(at, at + 500)));
  for (const name of [...stack.networks.keys()].sort()) {
    const seen = world.networks.get(name);
    hash.update(JSON.stringify([name, seen?.id, seen?.network?.cidrs, seen?.network?.state]));
  }
  return hash.digest('hex').slice(0, 32);
}

/** A slip in the file must not take the network down: more than a third of what is ours needs `force`, with the counts shown. */
function checkShare(
  draft: PlanDraft,
  stack: string,
  steps: readonly PlanStep[],
  ours: { readonly peerings: number; readonly routes: number; readonly links: number },
): void {
  const deletions = (verb: string): number =>
    steps.filter((step) => step.action === 'delete' && step.work.verb === verb).length;
  for (const [what, deleted, all] of [
    ['peerings', deletions('peering.delete'), ours.peerings],
    ['routes', deletions('route.delete'), ours.routes],
    ['links', deletions('link.delete'), ours.links],
  ] as const) {
    if (deleted < DELETE_AT_LEAST || deleted <= all * DELETE_SHARE) continue;
    draft.error(
      'too-much-deleted',
      stack,
      `The plan deletes ${deleted} of our ${all} ${what}, more than a third`,
      'If that is meant, apply with --force.',
      true,
    );
  }
}

/**
 * To destroy a stack is to remove what it made. What others made and it only took over goes with it, and nothing of ours could make
 * it again as it was: any of that needs `force`, with the counts shown.
 */
function checkAdopted(
  draft: PlanDraft,
  { world, stack }: Pick<BuildInput, 'world' | 'stack'>,
  steps: readonly PlanStep[],
): void {
  const isAdopted = (owner: Owner): boolean => owner.kind !== 'none' && owner.marker.adopted;
  const adopted = new Set<string>([
    ...[...world.pairs.values()]
      .flat()
      .flatMap((seen) => (isAdopted(ownerOfPeering(seen, stack.name)) ? seen.peering.id : [])),
    ...world.links.flatMap((seen) => (isAdopted(ownerOfLink(seen, stack.name)) ? seen.link.id : [])),
  ]);
  const going = { peering: 0, link: 0, route: 0 };
  const taken = { peering: 0, link: 0 };
  for (const { work } of steps) {
    if (work.verb === 'route.delete') going.route++;
    else if (work.verb === 'peering.delete' || work.verb === 'link.delete') {
      const kind = work.verb === 'peering.delete' ? 'peering' : 'link';
      going[kind]++;
      if (adopted.has(work.verb === 'peering.delete' ? work.peering : work.link)) taken[kind]++;
    }
  }
  if (taken.peering + taken.link === 0) return;
  const counted = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .flatMap(([what, number]) => (number > 0 ? count(number, what) : []))
      .join(', ');
  draft.error(
    'too-much-deleted',
    stack.name,
    `The plan deletes ${counted(going)}; of these ${counted(taken)} ${taken.peering + taken.link === 1 ? 'was' : 'were'} made by others and adopted`,
    'If that is meant, go on with --force; to keep one, take the mark off it first: `peerway release <name>`.',
    true,
  );
}

/** Errors that stop an apply, with and without force. */
export const blocking = (plan: Plan, force: boolean): Problem[] =>
  plan.problems.filter((problem) => problem.severity === 'error' && !(force && problem.forceable === true));

/** Peerings that bear the stack's mark, without those that nobody can delete. */
const countOurs = (world: World, stack: string): number =>
  [...world.pairs.values()].flat().filter((seen) => bearsMark(seen.peering, stack) && !isFading(seen)).length;
