/** The plan: what would change and why, as pure, sorted, serialisable data. Nothing here reads or writes a cloud. */
import type {
  Cidr,
  LinkId,
  LinkRequest,
  LinkUpdate,
  NetworkId,
  NextHop,
  PeeringId,
  PeeringRequest,
  PeeringSide,
  PeeringUpdate,
  RouteRef,
  RouteTableId,
} from '@peerway/core';
import type { DriftItem } from './driftKinds.js';

export type PlanMode = 'apply' | 'destroy';

/**
 * What a plan may touch. `sync`: make the cloud equal to the declaration. `upsert-only`: never delete what is no longer
 * declared. `create-only`: only make what is missing.
 */
export type PrunePolicy = 'sync' | 'upsert-only' | 'create-only';

/** `replace`: removed and made again, because the cloud cannot change it in place. `adopt`: taken into the stack's care. */
export type StepAction = 'create' | 'update' | 'replace' | 'delete' | 'adopt' | 'accept';

/** Names of provider entries that act for the two ends; the same one twice when one account and region owns both. */
export interface EndProviders {
  readonly initiator: string;
  readonly acceptor: string;
  /** The end that is somebody else's: the entry named for it is the other end's. Absent: both are ours. */
  readonly peer?: PeerEnd;
}

export interface PeerEnd {
  readonly side: PeeringSide;
  /** Wait until its account has taken its step. Absent: that is left to a later apply. */
  readonly awaited?: true;
}

/** The entry where a link is kept, and that of its other end where that is another one. */
export interface LinkEntryNames {
  readonly provider: string;
  readonly other?: string;
}

/** Where to find the next hop of a route: known already, or what the named step will have made. */
export type HopSource =
  | { readonly kind: 'known'; readonly nextHop: NextHop }
  | { readonly kind: 'peering'; readonly step: string; readonly side: PeeringSide }
  | { readonly kind: 'link'; readonly step: string; readonly toward: 'network' | 'customer' | 'line' };

/** A route table that exists, or the border router's own table of a link that the named step will have made. */
export type TableSource =
  { readonly kind: 'known'; readonly table: RouteTableId } | { readonly kind: 'edge'; readonly step: string };

/** One piece of work, complete enough for another process to do it. Providers are named by their entry. */
export type StepWork =
  | {
      readonly verb: 'peering.create';
      readonly providers: EndProviders;
      readonly request: PeeringWork;
    }
  /** Takes the steps that are still missing (accept, continue), switches on what is off, and waits until the peering is active. */
  | {
      readonly verb: 'peering.settle';
      readonly providers: EndProviders;
      readonly mechanism: string;
      readonly peering: PeeringId;
      readonly networks: readonly [NetworkId, NetworkId];
    }
  | {
      readonly verb: 'peering.update';
      readonly provider: string;
      readonly side: PeeringSide;
      readonly mechanism: string;
      /** Known, or what the named step will have made. */
      readonly peering: PeeringId | { readonly step: string };
      readonly update: PeeringUpdate;
    }
  | {
      readonly verb: 'peering.delete';
      /** Each acts for its side, in this order; one entry unless every side removes its own half. */
      readonly by: readonly { readonly provider: string; readonly side: PeeringSide }[];
      readonly mechanism: string;
      readonly peering: PeeringId;
      readonly networks: readonly [NetworkId, NetworkId];
      /** True when the cloud is removing it already: only wait. */
      readonly leaving: boolean;
      /** An end is somebody's that no entry speaks for: what stands there may keep the cloud from ending it at all. */
      readonly outOfReach?: true;
    }
  | {
      readonly verb: 'route.create';
      readonly provider: string;
      readonly network: NetworkId;
      readonly table: TableSource;
      readonly destination: Cidr;
      readonly nextHop: HopSource;
      readonly description?: string;
    }
  /** Writes our mark anew; the route itself stays as it is. */
  | {
      readonly verb: 'route.describe';
      readonly provider: string;
      readonly network: NetworkId;
      readonly route: RouteRef;
      readonly description: string;
    }
  | { readonly verb: 'route.delete'; readonly provider: string; readonly network: NetworkId; readonly route: RouteRef }
  | ({ readonly verb: 'link.create'; readonly request: LinkWork } & LinkEntryNames)
  | ({ readonly verb: 'link.settle'; readonly link: LinkId; readonly request: LinkWork } & LinkEntryNames)
  /** Switches it on again, then as `link.settle`. */
  | ({ readonly verb: 'link.resume'; readonly link: LinkId; readonly request: LinkWork } & LinkEntryNames)
  | ({ readonly verb: 'link.update'; readonly link: LinkId; readonly update: LinkUpdate } & LinkEntryNames)
  | ({ readonly verb: 'link.delete'; readonly link: LinkId; readonly leaving: boolean } & LinkEntryNames);

type Known<T, K extends keyof T> = Omit<T, 'clientToken'> & Required<Pick<T, K>>;

/** Names of the provider entries that act in a step. */
export function entriesOf(work: StepWork): readonly string[] {
  if ('providers' in work) return [work.providers.initiator, work.providers.acceptor];
  if ('by' in work) return work.by.map(({ provider }) => provider);
  return 'other' in work ? [work.provider, work.other] : [work.provider];
}

/** The request that makes a peering, as the provider gets it; its token is chosen when it is sent. */
export type PeeringWork = Known<PeeringRequest, 'mechanism' | 'tags'>;

/** The request that makes a link, likewise. */
export type LinkWork = Known<LinkRequest, 'tags'>;

export type StepVerb = StepWork['verb'];

export interface PlanStep {
  /** Unique and stable, e.g. `peering web-data create`. */
  readonly id: string;
  readonly action: StepAction;
  /** For people, e.g. `peering web-data (vpc-a → vpc-b)`. */
  readonly object: string;
  /** The expanded connection or link: `web-data`, `core/ml/logs`. */
  readonly connection: string;
  /** Why, one sentence. */
  readonly reason: string;
  /** Steps that must have ended well before this one starts. */
  readonly needs: readonly string[];
  readonly work: StepWork;
}

export type ProblemKind =
  | 'unknown-network'
  | 'network-missing'
  | 'network-not-active'
  | 'same-provider-name'
  | 'duplicate-name'
  | 'bad-name'
  | 'self-peering'
  | 'duplicate-pair'
  | 'two-clouds'
  | 'regions'
  | 'two-peers'
  | 'unknown-mechanism'
  | 'unsupported'
  | 'bandwidth'
  | 'tags'
  | 'overlap'
  | 'route-overlap'
  | 'route-conflict'
  | 'route-prefix'
  | 'route-family'
  | 'table-missing'
  | 'quota-peerings'
  | 'quota-routes'
  | 'foreign-peering'
  | 'foreign-route'
  | 'foreign-link'
  | 'other-stack'
  | 'deletion-protected'
  | 'wrong-side'
  | 'end-out-of-reach'
  | 'half-marked'
  | 'not-asked-yet'
  | 'not-ours-to-fix'
  | 'relay-pair'
  | 'account-unknown'
  | 'account-mistaken'
  | 'link'
  | 'too-much-deleted'
  | 'unknown-target'
  | 'selection-empty'
  | 'cloud-refuses';

/** Something found before the first write. An error stops the apply; `forceable` ones give way to `force`. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly kind: ProblemKind;
  /** What it is about: a connection, a network, a route. */
  readonly object: string;
  readonly message: string;
  readonly remedy: string;
  readonly forceable?: boolean;
}

/** Objects, not steps: a replaced object counts once, under `replace`. */
export type PlanSummary = Readonly<Record<StepAction, number>>;

export interface Plan {
  readonly version: 1;
  readonly stack: string;
  readonly mode: PlanMode;
  readonly prune: PrunePolicy;
  /** Empty: everything. */
  readonly targets: readonly string[];
  /** Changes when the declaration or anything in the world that this plan depends on changes. */
  readonly fingerprint: string;
  /** Sorted by id. Empty: nothing to do. */
  readonly steps: readonly PlanStep[];
  readonly problems: readonly Problem[];
  readonly drift: readonly DriftItem[];
  readonly summary: PlanSummary;
  /** What the selections of the declaration found, by their names, in order of the ids. Absent: it has none. */
  readonly selections?: Readonly<Record<string, readonly SelectedNetwork[]>>;
}

export interface SelectedNetwork {
  readonly id: NetworkId;
  /** What the cloud calls it; empty: nothing. */
  readonly name: string;
}

/** Code-unit order: the same on every machine, whatever its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function summarize(steps: readonly PlanStep[]): PlanSummary {
  const summary: Record<StepAction, number> = { create: 0, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 };
  for (const step of steps) {
    const removal = step.work.verb.endsWith('.delete');
    if (step.action === 'replace' && removal) continue; // its creation counts
    summary[step.action]++;
  }
  return summary;
}
