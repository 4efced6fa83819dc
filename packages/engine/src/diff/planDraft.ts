/** What the diff writes into: steps whose needs are still growing, problems and drift. Ends as the sorted parts of a plan. */
import type { NetworkId, Provider, RouteTableId } from '@peerway/core';
import type { DriftItem, DriftKind } from '../plan/driftKinds.js';
import type { Hiding } from '../world/hidden.js';
import type { World } from '../world/observe.js';
import {
  byText,
  type PlanMode,
  type PlanStep,
  type Problem,
  type ProblemKind,
  type PrunePolicy,
} from '../plan/plan.js';
import type { StackSpec } from '../declaration/stack.js';
import type { Edge } from '../declaration/topology.js';

export interface DiffInput {
  readonly stack: StackSpec;
  readonly world: World;
  /** All edges of the stack; those outside the targets are kept as they are. */
  readonly edges: readonly Edge[];
  readonly mode: PlanMode;
  readonly prune: PrunePolicy;
  /** Expanded names of the connections whose routes are `auto`. */
  readonly automatic: ReadonlySet<string>;
  /** What is there or declared. */
  readonly hiding: Hiding;
  /** What is declared alone. */
  readonly hidingLater: Hiding;
  /** Entries of which every link must say so, too. */
  readonly linksApart: Hiding;
  /** True when the plan may touch this connection. */
  readonly targeted: (connection: string) => boolean;
}

interface DraftStep extends Omit<PlanStep, 'needs'> {
  readonly needs: string[];
}

/** What a step is for: the connection that it serves, and the reason for people. */
export type Purpose = Pick<PlanStep, 'connection' | 'action' | 'reason'>;

export class PlanDraft {
  readonly steps = new Map<string, DraftStep>();
  readonly problems: Problem[] = [];
  readonly drift: DriftItem[] = [];

  add(step: Omit<PlanStep, 'needs'>, needs: Iterable<string> = []): string {
    this.steps.set(step.id, { ...step, needs: [...needs] });
    return step.id;
  }

  need(step: string, ...needs: readonly string[]): void {
    const list = this.steps.get(step)?.needs;
    if (list !== undefined) for (const need of needs) if (!list.includes(need)) list.push(need);
  }

  note(kind: DriftKind, connection: string, object: string, detail: string): void {
    this.drift.push({ kind, connection, object, detail });
  }

  error(kind: ProblemKind, object: string, message: string, remedy: string, forceable = false): void {
    this.problems.push({ severity: 'error', kind, object, message, remedy, ...(forceable ? { forceable } : {}) });
  }

  warn(kind: ProblemKind, object: string, message: string, remedy: string): void {
    this.problems.push({ severity: 'warning', kind, object, message, remedy });
  }

  /** Steps that the policy allows, without those that need one that it does not; sorted by id. */
  allowed(prune: PrunePolicy): PlanStep[] {
    let steps: PlanStep[] = [...this.steps.values()].filter((step) => ALLOWED[prune].has(step.action));
    for (let dropped = steps.length < this.steps.size; dropped;) {
      const ids = new Set(steps.map((step) => step.id));
      const kept = steps.filter((step) => step.needs.every((need) => ids.has(need)));
      dropped = kept.length < steps.length;
      steps = kept;
    }
    for (const step of this.steps.values()) if (step.needs.length > 1) step.needs.sort(byText);
    return steps.sort((a, b) => byText(a.id, b.id));
  }

  /** Problems and drift in the order of the plan. */
  sortFindings(): void {
    this.problems.sort((a, b) => byText(a.object, b.object) || byText(a.kind, b.kind) || byText(a.message, b.message));
    this.drift.sort(
      (a, b) => byText(a.connection, b.connection) || byText(a.object, b.object) || byText(a.kind, b.kind),
    );
  }
}

const ALLOWED: Record<PrunePolicy, ReadonlySet<PlanStep['action']>> = {
  sync: new Set(['create', 'update', 'replace', 'delete', 'adopt', 'accept']),
  'upsert-only': new Set(['create', 'update', 'replace', 'adopt', 'accept']),
  'create-only': new Set(['create', 'accept']),
};

/** Where a network's routes are: everything that a route step needs. */
interface RoutePlace {
  readonly name: string;
  readonly id: NetworkId;
  readonly provider: Provider;
  readonly table: RouteTableId;
}

export const routeObject = (place: Pick<RoutePlace, 'name' | 'table'>, destination: string): string =>
  `route ${destination} in ${place.table} (${place.name})`;
