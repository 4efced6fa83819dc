/** Compares the declared links with the links that are there: found by port and VLAN, or by our marker. */
import { isInProgress, isLeaving, isTerminal, traitsOf, type Link } from '@peerway/core';
import type { DesiredRoute } from './desiredRoutes.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { findLink, ownerOfLink } from '../world/linkFacts.js';
import type { SeenLink, SeenNetwork } from '../world/observe.js';
import { markerTags, markerText } from '../world/ownership.js';
import type { HopSource, LinkWork, StepAction, TableSource } from '../plan/plan.js';
import type { LinkSpec } from '../declaration/stack.js';

interface LinkDiff {
  readonly routes: readonly DesiredRoute[];
  readonly leaving: ReadonlyMap<SeenLink, string>;
}

export function linkWork(spec: LinkSpec, network: SeenNetwork, stack: string): LinkWork {
  const { features } = network.provider.capabilities.links;
  return {
    network: network.id,
    port: spec.port,
    vlan: spec.vlan,
    cloudIp: spec.cloudIp,
    customerIp: spec.customerIp,
    name: spec.name,
    tags: features.tags.status === 'supported' ? { ...spec.tags, ...markerTags(stack, spec.name) } : {},
    ...(features.description.status === 'supported' ? { description: markerText(stack, spec.name) } : {}),
    ...(spec.bandwidthMbps === undefined ? {} : { bandwidthMbps: spec.bandwidthMbps }),
  };
}

export function diffLinks(input: DiffInput, draft: PlanDraft): LinkDiff {
  const { stack, world, mode } = input;
  const leaving = new Map<SeenLink, string>();
  const kept = new Set<SeenLink>();
  const routes: DesiredRoute[] = [];
  if (mode === 'apply') {
    for (const spec of stack.links) {
      const network = world.networks.get(spec.network);
      if (network?.network === undefined) continue;
      if (network.provider.capabilities.links.features.link.status !== 'supported') continue; // noted by the prechecks
      const seen = findLink(spec, network, world.links, stack.name);
      if (!input.targeted(spec.name)) {
        if (seen !== undefined) kept.add(seen);
        continue;
      }
      routes.push(...new DeclaredLinkDiff(input, draft, { spec, network }, { kept, leaving }).diff(seen));
    }
  }
  for (const seen of world.links) {
    if (kept.has(seen) || leaving.has(seen)) continue;
    const owner = ownerOfLink(seen, stack.name);
    if (owner.kind !== 'ours' || !input.targeted(owner.marker.connection)) continue;
    const { connection } = owner.marker;
    if (mode === 'apply')
      draft.note(
        'link-undeclared',
        connection,
        `link ${seen.link.id}`,
        `link ${seen.link.id} is ours, and nothing declares it any more`,
      );
    leaving.set(
      seen,
      removeLink(
        draft,
        seen,
        connection,
        'delete',
        mode === 'destroy' ? 'the stack is being destroyed' : 'nothing declares it any more',
      ),
    );
  }
  return { routes, leaving };
}

function removeLink(
  draft: PlanDraft,
  { link, provider }: SeenLink,
  connection: string,
  action: StepAction,
  reason: string,
): string {
  return draft.add({
    id: `link ${connection} ${link.id} delete`,
    action,
    object: `link ${link.id} (${placeOf(link)})`,
    connection,
    reason,
    work: { verb: 'link.delete', provider: provider.name, link: link.id, leaving: isLeaving(link.state) },
  });
}

class DeclaredLinkDiff {
  private readonly spec: LinkSpec;
  private readonly network: SeenNetwork;
  readonly #object: string;

  constructor(
    private readonly input: DiffInput,
    private readonly draft: PlanDraft,
    declared: { readonly spec: LinkSpec; readonly network: SeenNetwork },
    private readonly fate: { readonly kept: Set<SeenLink>; readonly leaving: Map<SeenLink, string> },
  ) {
    const { spec, network } = declared;
    this.spec = spec;
    this.network = network;
    this.#object = `link ${spec.name} (${spec.port} vlan ${spec.vlan} → ${network.id})`;
  }

  diff(seen: SeenLink | undefined): DesiredRoute[] {
    const { draft, spec, input } = this;
    if (seen === undefined) {
      draft.note(
        'link-missing',
        spec.name,
        this.#object,
        `${spec.network} has no line on ${spec.port} with VLAN ${spec.vlan}`,
      );
      return this.#routes(undefined, this.#create([], 'create', 'it is declared and does not exist'), true);
    }
    this.fate.kept.add(seen);
    const { link } = seen;
    const object = `link ${link.id}`;
    const owner = ownerOfLink(seen, input.stack.name);
    if (owner.kind === 'other' || owner.kind === 'none') {
      this.#noteForeign(object, owner.kind === 'other' ? `belongs to the stack ${owner.marker.stack}` : undefined);
      return this.#routes(seen, undefined, false);
    }
    const reason = this.#mustReplace(link);
    if (reason !== undefined) {
      const removal = removeLink(draft, seen, spec.name, 'replace', reason);
      this.fate.kept.delete(seen);
      this.fate.leaving.set(seen, removal);
      return this.#routes(undefined, this.#create([removal], 'replace', reason), true);
    }
    if (link.next === 'continue' || isInProgress(link.state)) {
      const half = link.reason === 'half-made';
      draft.note(
        half ? 'link-half-made' : link.next === 'continue' ? 'link-step-missing' : 'link-provisioning',
        spec.name,
        object,
        `${object} is ${link.nativeState}; ${link.next === 'continue' ? 'a step is still to be taken' : 'the cloud is working on it'}`,
      );
      const step = draft.add({
        id: `link ${spec.name} ${link.id} settle`,
        action: 'update',
        object: this.#object,
        connection: spec.name,
        reason: link.next === 'continue' ? 'a step of its creation is still to be taken' : `it is ${link.state}`,
        work: {
          verb: 'link.settle',
          provider: seen.provider.name,
          link: link.id,
          request: linkWork(spec, this.network, input.stack.name),
        },
      });
      return this.#routes(seen, step, true);
    }
    if (traitsOf(link.state).waitsFor === 'owner')
      return this.#routes(seen, this.#resume(seen), link.reason === 'suspended');
    return this.#routes(seen, undefined, link.state === 'active');
  }

  /** @param stack whose it is, in words; undefined: nobody's */
  #noteForeign(object: string, stack: string | undefined): void {
    const { draft, spec } = this;
    const whose = stack ?? 'is not ours';
    draft.note(
      stack === undefined ? 'link-unmarked' : 'link-of-other-stack',
      spec.name,
      object,
      `${object} uses ${spec.port} VLAN ${spec.vlan} and ${whose}`,
    );
    draft.error(
      stack === undefined ? 'foreign-link' : 'other-stack',
      spec.name,
      `${spec.port} VLAN ${spec.vlan} is used by ${object}, which ${whose}`,
      'Choose another VLAN, or remove that link.',
    );
  }

  #mustReplace(link: Link): string | undefined {
    const { draft, spec, network } = this;
    const object = `link ${link.id}`;
    if (isTerminal(link.state)) {
      draft.note('link-terminal', spec.name, object, `${object} is ${link.state}; connecting again means a new one`);
      return `it is ${link.state}`;
    }
    if (isLeaving(link.state)) {
      draft.note('link-deleting', spec.name, object, `${object} is being removed; a new one follows`);
      return 'it is being removed';
    }
    if (link.network !== undefined && link.network !== network.id) {
      draft.note(
        'link-elsewhere',
        spec.name,
        object,
        `${object} is attached to ${link.network}; ${network.id} is declared`,
      );
      return `it is attached to ${link.network}`;
    }
    const moved =
      (link.port !== undefined && link.port !== spec.port) || (link.vlan !== undefined && link.vlan !== spec.vlan);
    const cloud = link.cloudIp !== undefined && bare(link.cloudIp) !== bare(spec.cloudIp);
    const customer = link.customerIp !== undefined && bare(link.customerIp) !== bare(spec.customerIp);
    if (moved || cloud || customer) {
      draft.note(
        'link-addresses-changed',
        spec.name,
        object,
        `${object} has ${placeOf(link)}, ${link.cloudIp ?? '?'} and ${link.customerIp ?? '?'}; the declaration differs`,
      );
      return 'its port, VLAN or addresses differ from the declaration';
    }
    return undefined;
  }

  #resume(seen: SeenLink): string | undefined {
    const { draft, spec } = this;
    const { link, provider } = seen;
    const object = `link ${link.id}`;
    if (link.reason === 'suspended' && provider.capabilities.links.features.suspend.status === 'supported') {
      draft.note('link-suspended', spec.name, object, `${object} is switched off`);
      return draft.add({
        id: `link ${spec.name} ${link.id} resume`,
        action: 'update',
        object: this.#object,
        connection: spec.name,
        reason: 'it is switched off',
        work: { verb: 'link.resume', provider: provider.name, link: link.id },
      });
    }
    draft.note('link-inactive', spec.name, object, `${object} is ${link.nativeState}`);
    draft.error(
      'not-ours-to-fix',
      spec.name,
      `${object} is inactive, and Peerway cannot change that`,
      'Look at the line in the cloud’s console, then run again.',
    );
    return undefined;
  }

  #create(needs: readonly string[], action: StepAction, reason: string): string {
    const { draft, spec, network, input } = this;
    return draft.add(
      {
        id: `link ${spec.name} create`,
        action,
        object: this.#object,
        connection: spec.name,
        reason,
        work: {
          verb: 'link.create',
          provider: network.provider.name,
          request: linkWork(spec, network, input.stack.name),
        },
      },
      needs,
    );
  }

  #routes(seen: SeenLink | undefined, step: string | undefined, usable: boolean): DesiredRoute[] {
    const { spec, network } = this;
    const hop = (toward: 'network' | 'customer' | 'line'): HopSource | undefined => {
      const edge = seen?.link.edge;
      const known =
        toward === 'line' ? seen?.link.nextHop : toward === 'network' ? edge?.towardNetwork : edge?.towardCustomer;
      if (known !== undefined) return { kind: 'known', nextHop: known };
      return step === undefined ? undefined : { kind: 'link', step, toward };
    };
    const out: DesiredRoute[] = [];
    const push = (
      table: TableSource,
      destination: LinkSpec['destinations'][number],
      toward: 'network' | 'customer' | 'line',
      primary: boolean,
    ): void => {
      out.push({
        connection: spec.name,
        name: network.name,
        key: network.key,
        network: network.id,
        provider: network.provider,
        table,
        destination,
        hop: hop(toward),
        usable,
        adopted: false,
        toward: toward === 'network' ? network.name : `the line ${spec.name}`,
        established: seen !== undefined,
        primary,
        ...(step === undefined ? {} : { after: step }),
      });
    };
    for (const [at, destination] of spec.destinations.entries())
      for (const table of network.tables)
        if (table.written) push({ kind: 'known', table: table.id }, destination, 'line', at === 0);
    if (network.provider.capabilities.links.features.edgeRoutes.status !== 'supported') return out;
    const known = seen?.link.edge?.table;
    if (known === undefined && step === undefined) return out;
    const table: TableSource =
      known === undefined ? { kind: 'edge', step: step ?? '' } : { kind: 'known', table: known };
    for (const [at, destination] of spec.destinations.entries()) push(table, destination, 'customer', at === 0);
    for (const [at, cidr] of (network.network?.cidrs ?? []).entries()) push(table, cidr, 'network', at === 0);
    return out;
  }
}

/** Where on which line a link is, for people. */
const placeOf = ({ port, vlan }: Link): string => `${port ?? 'no port'} VLAN ${vlan ?? '?'}`;

/** Addresses are compared without their prefix: clouds differ in whether they show it. */
const bare = (address: string): string => address.split('/')[0] ?? address;
