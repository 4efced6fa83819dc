/**
 * What the manners know of each peering, and where it is in its life by their clock. Source: the lifecycle and who sees it how long,
 * docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html, checked 2026-11.
 */

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Entry {
  readonly id: string;
  readonly requester: Place & { readonly vpc: string };
  readonly accepter: Place & { readonly vpc: string };
  readonly createdAt: number;
  acceptedAt?: number;
  ended?: { readonly how: 'deleted' | 'rejected'; readonly at: number; readonly by: Place };
  /** A word that a test makes the cloud say. */
  forced?: string;
  /** By place: each account and region has its own. */
  readonly tags: Map<string, Record<string, string>>;
}

/** In milliseconds. */
export interface Pace {
  /** After a creation nobody finds it. */
  readonly lag: number;
  /** Then it is being asked for. */
  readonly create: number;
  /** Between an acceptance and active; across regions between deleting and deleted. */
  readonly step: number;
}

const HOUR = 3_600_000;
const EXPIRES_AFTER = 168 * HOUR;

export const placeKey = ({ account, region }: Place): string => `${account} ${region}`;
export const samePlace = (a: Place, b: Place): boolean => a.account === b.account && a.region === b.region;

export class Ledger {
  readonly #entries = new Map<string, Entry>();

  constructor(
    readonly now: () => number,
    readonly pace: Pace,
  ) {}

  add(entry: Omit<Entry, 'createdAt' | 'tags'>): Entry {
    const made: Entry = { ...entry, createdAt: this.now(), tags: new Map() };
    this.#entries.set(entry.id, made);
    return made;
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  all(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** The peering as the place sees it; undefined when it is not, not yet or no longer shown there. */
  shown(id: string, to: Place): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || ![entry.requester, entry.accepter].some((end) => samePlace(end, to))) return undefined;
    if (this.now() < entry.createdAt + this.pace.lag) return undefined;
    const { ended } = entry;
    const hours = this.#hoursShown(entry, to);
    const since = ended?.at ?? entry.createdAt + EXPIRES_AFTER;
    return hours !== undefined && this.now() > since + hours * HOUR ? undefined : entry;
  }

  /** Everything that the place sees, the oldest first. */
  shownTo(place: Place): readonly Entry[] {
    return this.all().filter(({ id }) => this.shown(id, place) !== undefined);
  }

  stateOf(entry: Entry): string {
    const now = this.now();
    const { ended, acceptedAt, createdAt, requester, accepter, forced } = entry;
    if (forced !== undefined) return forced;
    if (ended?.how === 'rejected') return 'rejected';
    if (ended !== undefined)
      return requester.region !== accepter.region && now < ended.at + this.pace.step ? 'deleting' : 'deleted';
    if (acceptedAt !== undefined) return now < acceptedAt + this.pace.step ? 'provisioning' : 'active';
    if (now >= createdAt + EXPIRES_AFTER) return 'expired';
    return now < createdAt + this.pace.create ? 'initiating-request' : 'pending-acceptance';
  }

  expiresAt({ createdAt }: Entry): number {
    return createdAt + EXPIRES_AFTER;
  }

  /** How long after its end a place still sees it; undefined: it has not ended. */
  #hoursShown(entry: Entry, to: Place): number | undefined {
    switch (this.stateOf(entry)) {
      case 'deleted':
        return entry.ended !== undefined && samePlace(entry.ended.by, to) ? 2 : 48;
      case 'rejected':
        return samePlace(entry.requester, to) ? 48 : 2;
      case 'expired':
        return 48;
      case 'failed':
        return 2;
      default:
        return undefined;
    }
  }
}
