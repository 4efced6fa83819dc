/** One declared link against what is there of it: made, finished, switched on, changed, replaced, or somebody else's. */
import { isInProgress, isLeaving, isTerminal, traitsOf, type Link } from '@peerway/core';
import type { DesiredRoute } from './desiredRoutes.js';
import { linkChanges, type LinkChanges } from './linkAttributes.js';
import { linkRoutes } from './linkRoutes.js';
import { removeLink, type LeavingHops } from './removeLink.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { entriesOf, entryNamesOf } from '../world/linkEntries.js';
import { linkObject, linkPlace, linkWork, ownerOfLink } from '../world/linkFacts.js';
import type { SeenLink, SeenNetwork } from '../world/observe.js';
import type { Owner } from '../world/ownership.js';
import type { LinkSpec } from '../declaration/stack.js';
import type { LinkWork, StepAction } from '../plan/plan.js';
import type { DriftKind } from '../plan/driftKinds.js';

interface LinkPlan {
  readonly routes: readonly DesiredRoute[];
  readonly leaving: readonly LeavingHops[];
}

/** Why a link cannot be kept. */
interface Misfit {
  readonly kind: DriftKind;
  readonly detail: string;
  readonly reason: string;
}

export class DeclaredLinkDiff {
  readonly #object: string;
  readonly #request: LinkWork;

  constructor(
    private readonly input: DiffInput,
    private readonly draft: PlanDraft,
    private readonly spec: LinkSpec,
    private readonly network: SeenNetwork,
  ) {
    this.#object = `link ${spec.name} (${spec.port} vlan ${spec.vlan} → ${network.id})`;
    this.#request = linkWork(spec, network, input.stack.name, input.linksApart(network.provider));
  }

  diff(seen: SeenLink | undefined): LinkPlan {
    const { draft, spec, network, input } = this;
    if (seen === undefined) {
      const detail = `${spec.network} has no line on ${spec.port} with VLAN ${spec.vlan}`;
      draft.note('link-missing', spec.name, this.#object, detail);
      const step = this.#create([], 'create', 'it is declared and does not exist');
      return { routes: linkRoutes(spec, network, { step, usable: true }), leaving: [] };
    }
    const owner = ownerOfLink(seen, input.stack.name);
    if (owner.kind === 'other' || owner.kind === 'none') {
      this.#refuse(seen.link, owner);
      return { routes: linkRoutes(spec, network, { seen: seen.link, usable: false }), leaving: [] };
    }
    const changes = linkChanges(this.input, spec, network, seen, owner);
    const misfit = this.#misfit(seen.link) ?? changes.misfit;
    if (misfit !== undefined) {
      draft.note(misfit.kind, spec.name, linkObject(seen.link), misfit.detail);
      const removal = removeLink(draft, seen, spec.name, 'replace', misfit.reason);
      const step = this.#create([removal.step], 'replace', misfit.reason);
      return { routes: linkRoutes(spec, network, { step, usable: true }), leaving: removal.leaving };
    }
    return this.#keep(seen, changes);
  }

  #keep(seen: SeenLink, { update, reasons, notes, problems, disturbs }: LinkChanges): LinkPlan {
    const { draft, spec, network } = this;
    const { link } = seen;
    const finishing = this.#finish(seen);
    for (const { kind, detail } of notes) draft.note(kind, spec.name, linkObject(link), detail);
    for (const { severity, kind, message, remedy } of problems)
      if (severity === 'error') draft.error(kind, spec.name, message, remedy);
      else draft.warn(kind, spec.name, message, remedy);
    const changing =
      reasons.length === 0
        ? undefined
        : draft.add(
            {
              id: `link ${spec.name} ${link.id} update`,
              action: 'update',
              object: this.#object,
              connection: spec.name,
              reason: reasons.join('; '),
              work: { verb: 'link.update', ...entryNamesOf(seen), link: link.id, update },
            },
            finishing === undefined ? [] : [finishing],
          );
    const usable = finishing !== undefined || link.state === 'active';
    // a route to a part that is being changed would be refused
    const step = disturbs ? (changing ?? finishing) : finishing;
    const hops = link.retiredHops ?? [];
    const leaving =
      finishing === undefined || hops.length === 0 ? [] : [{ hops, step: finishing, object: linkObject(link) }];
    return {
      routes: linkRoutes(spec, network, { seen: link, usable, ...(step === undefined ? {} : { step }) }),
      leaving,
    };
  }

  /** The step that makes it active, where one of ours can. */
  #finish(seen: SeenLink): string | undefined {
    const { draft, spec } = this;
    const { link, provider } = seen;
    const object = linkObject(link);
    const ours = link.next === 'continue';
    if (ours || isInProgress(link.state)) {
      const kind = link.reason === 'half-made' ? 'link-half-made' : ours ? 'link-step-missing' : 'link-provisioning';
      const what = ours ? 'a step is still to be taken' : 'the cloud is working on it';
      draft.note(kind, spec.name, object, `${object} is ${link.nativeState}; ${what}`);
      const reason = ours ? 'a step of its creation is still to be taken' : `it is ${link.state}`;
      return this.#step(
        seen,
        'settle',
        link.retiredHops === undefined ? reason : 'a part of it is gone, and is made anew',
      );
    }
    if (traitsOf(link.state).waitsFor !== 'owner') return undefined;
    if (link.reason === 'suspended' && provider.capabilities.links.features.suspend.status === 'supported') {
      draft.note('link-suspended', spec.name, object, `${object} is switched off: ${link.nativeState}`);
      return this.#step(seen, 'resume', 'it is switched off');
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

  #step(seen: SeenLink, how: 'settle' | 'resume', reason: string): string {
    const { draft, spec } = this;
    return draft.add({
      id: `link ${spec.name} ${seen.link.id} ${how}`,
      action: 'update',
      object: this.#object,
      connection: spec.name,
      reason,
      work: { verb: `link.${how}`, ...entryNamesOf(seen), link: seen.link.id, request: this.#request },
    });
  }

  #refuse(link: Link, owner: Extract<Owner, { kind: 'other' | 'none' }>): void {
    const { draft, spec } = this;
    const object = linkObject(link);
    const theirs = owner.kind === 'other';
    const whose = theirs ? `belongs to the stack ${owner.marker.stack}` : 'is not ours';
    const place = `${spec.port} VLAN ${spec.vlan}`;
    draft.note(
      theirs ? 'link-of-other-stack' : 'link-unmarked',
      spec.name,
      object,
      `${object} uses ${place} and ${whose}`,
    );
    draft.error(
      theirs ? 'other-stack' : 'foreign-link',
      spec.name,
      `${place} is used by ${object}, which ${whose}`,
      theirs
        ? `Release it there first (\`peerway release ${owner.marker.connection}\` with that stack's file), then \`peerway adopt ${spec.name}\`; or choose another VLAN.`
        : `Take it into this stack with \`peerway adopt ${spec.name}\`, choose another VLAN, or remove that link.`,
    );
  }

  #misfit(link: Link): Misfit | undefined {
    const { spec, network } = this;
    const object = linkObject(link);
    if (isTerminal(link.state))
      return {
        kind: 'link-terminal',
        detail: `${object} is ${link.state}; connecting again means a new one`,
        reason: `it is ${link.state}`,
      };
    if (isLeaving(link.state))
      return {
        kind: 'link-deleting',
        detail: `${object} is being removed; a new one follows`,
        reason: 'it is being removed',
      };
    if (link.network !== undefined && link.network !== network.id)
      return {
        kind: 'link-elsewhere',
        detail: `${object} is attached to ${link.network}; ${network.id} is declared`,
        reason: `it is attached to ${link.network}`,
      };
    if (link.port !== undefined && (link.port !== spec.port || link.vlan !== spec.vlan))
      return {
        kind: 'link-moved',
        detail: `${object} has ${linkPlace(link)}; ${spec.port} vlan ${spec.vlan} is declared`,
        reason: `it is on ${linkPlace(link)}, and a link keeps its port and VLAN`,
      };
    return undefined;
  }

  #create(needs: readonly string[], action: StepAction, reason: string): string {
    const { draft, spec, network } = this;
    return draft.add(
      {
        id: `link ${spec.name} create`,
        action,
        object: this.#object,
        connection: spec.name,
        reason,
        work: { verb: 'link.create', ...entryNamesOf(entriesOf(spec, network)), request: this.#request },
      },
      needs,
    );
  }
}
