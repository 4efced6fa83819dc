/** What the miniature cloud keeps of each thing, and how it refuses a request. */
import type {
  LineWord,
  PeeringWord,
  Role,
  RouteWord,
  WireAnswer,
  WireEnd,
  WireLine,
  WirePeering,
  WireRequest,
  WireRoute,
} from './wire.js';
import type { CloudFailure } from './cloudFaults.js';

export type Timed<W> = { status: W; then?: { readonly at: number; readonly status: W } };
type Stored<T, W> = { -readonly [K in keyof Omit<T, 'status'>]: T[K] } & Timed<W>;
export type StoredPeering = Omit<Stored<WirePeering, PeeringWord>, 'role' | 'labels' | 'interface'> & {
  labels: Record<Role, Record<string, string>>;
};
/** `spelled`: how the answers write the destination, where that is not as it was asked for. */
export type StoredRoute = Stored<WireRoute, RouteWord> & { removedAt?: number; spelled?: string };
export type StoredLine = Omit<Stored<WireLine, LineWord>, 'labels'> & { labels: Record<string, string> };

export interface Caller {
  readonly owner: string;
  readonly region: string;
}
export type Params = WireRequest['params'];

export type Action = (who: Caller, params: Params) => unknown;

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly failure: CloudFailure,
  ) {
    super(failure.code);
  }
}

export function refuse(status: number, code: string, message: string): never {
  throw new Refusal(status, { code, message });
}

export const failed = (status: number, error: CloudFailure, request: string): WireAnswer => ({
  status,
  body: JSON.stringify({ error, request }),
});

export const owns = (who: Caller, thing: { readonly owner: string; readonly region: string }): boolean =>
  who.owner === thing.owner && who.region === thing.region;

export const joins = (one: { readonly from: WireEnd; readonly to: WireEnd }, a: string, b: string): boolean =>
  (one.from.network === a && one.to.network === b) || (one.from.network === b && one.to.network === a);

export const alive = (word: PeeringWord | LineWord | undefined): { alive: boolean } | undefined =>
  word === undefined ? undefined : { alive: word !== 'gone' && word !== 'ending' };

export const role = (params: Params): Role => (params['role'] === 'to' ? 'to' : 'from');

export function text(params: Params, name: string): string {
  const value = params[name];
  if (typeof value !== 'string' || value === '') refuse(400, 'BadField', name);
  return value;
}

export function view(peering: StoredPeering, as: Role): WirePeering {
  const { then: _then, labels, ...rest } = peering;
  return { ...rest, role: as, labels: labels[as], interface: `if-${peering.id}-${as}` };
}

/** Does each item by itself; the answer holds null or a failure per item. */
export function each(params: Params, work: (item: Params) => void): { results: (CloudFailure | null)[] } {
  const results = (params['items'] as Params[]).map((item) => {
    try {
      work(item);
      return null;
    } catch (thrown) {
      if (thrown instanceof Refusal) return thrown.failure;
      throw thrown;
    }
  });
  return { results };
}

/** A text that may be left out; the default is empty. */
export function optional(params: Params, name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : '';
}
