/** The shape of every input of the control API. A call without an entry takes nothing. */
import { PROFILES } from '../machine/profiles.js';
import { STATE_SHAPE } from '../state/stateShape.js';
import type { ControlCallName } from './protocol.js';
import { count, either, flag, list, map, number, object, oneOf, scalar, share, text } from '../state/shape.js';
import type { Check } from '../state/shape.js';

const cloud = oneOf('alibaba', 'baidu');
/** Types only: the ranges are the profile's own business, and hold in-process too. */
const profile = object({ scale: number, jitter: number, staleReads: object({ probability: number, ms: number }) });
const profileName = oneOf(...Object.keys(PROFILES));

const REQUEST_FILTER = {
  cloud,
  operation: text,
  account: text,
  region: text,
  mutating: flag,
  status: count,
  code: text,
  fault: text,
  after: text,
};

const FAULT_TARGET = {
  cloud,
  operation: either(list(text), text),
  account: text,
  region: text,
  side: oneOf('initiator', 'acceptor'),
  mutating: flag,
  calls: either(count, list(count), object({ from: count }, { to: count })),
  probability: share,
};

/** What each kind of fault takes beside its target: required members, then optional ones. */
const FAULT_KINDS: Readonly<
  Record<string, readonly [Readonly<Record<string, Check>>, Readonly<Record<string, Check>>]>
> = {
  throttle: [{}, {}],
  error: [{}, { code: text, status: count, message: text, body: oneOf('native', 'html', 'empty'), after: flag }],
  truncate: [{}, {}],
  slow: [{ ms: count }, {}],
  reset: [{}, {}],
  'lost-answer': [{}, {}],
  duplicate: [{}, {}],
  stale: [{ ms: count }, {}],
};

const fault: Check = (value, place) => {
  const kind: unknown = (value as { readonly kind?: unknown } | null | undefined)?.kind;
  const complaint = oneOf(...Object.keys(FAULT_KINDS))(kind, `${place}.kind`);
  if (complaint !== undefined) return complaint;
  const [required, optional] = FAULT_KINDS[String(kind)] ?? [{}, {}];
  return object({ kind: text, ...required }, { ...FAULT_TARGET, ...optional })(value, place);
};

const policy = object({
  statements: list(object({ effect: oneOf('Allow', 'Deny'), actions: list(text) })),
});

export const INPUTS: Readonly<Partial<Record<ControlCallName, Check>>> = {
  listRequests: object({}, REQUEST_FILTER),
  assertCalls: object({
    filter: object({}, REQUEST_FILTER),
    count: object({}, { exactly: count, atLeast: count, atMost: count }),
  }),
  listTransitions: object({}, { table: text, id: text }),
  moveClock: (value, place) =>
    object({}, { advanceMs: count, to: number, step: flag })(value, place) ??
    (Object.keys(value as object).length === 1 ? undefined : `${place} must have exactly one of advanceMs, to, step`),
  setProfile: object({
    profile: (value, place) => (typeof value === 'object' ? profile : profileName)(value, place),
  }),
  addFault: fault,
  removeFault: object({ id: text }),
  setRules: map(scalar),
  addAccount: object({ cloud, id: text, name: text }),
  addKey: object(
    { cloud, id: text, secret: text, account: text },
    { disabled: flag, policy, session: object({ token: text, expiresAt: number, arn: text }) },
  ),
  addNetwork: object(
    { cloud, account: text, region: text, cidrs: list(text) },
    { name: text, id: text, routeTable: text, router: text },
  ),
  addPort: object({ cloud, account: text, region: text, id: text, name: text, accessPoint: text }),
  addResourceGroup: object({ cloud, account: text, id: text, name: text }),
  restoreState: STATE_SHAPE,
};

/** Members that a query carries as text and the protocol as something else. */
export const QUERY_TYPES: Readonly<Record<string, 'number' | 'boolean'>> = { status: 'number', mutating: 'boolean' };
