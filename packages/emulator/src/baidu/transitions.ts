/**
 * Lifecycles of the Baidu side as tables, and which operation each state allows.
 * Source: docs/facts/baidu.md 4 (state names of bce-sdk-go, waits of the Terraform provider), checked 2026-11.
 */
import type { Transition } from '../machine/lifecycle.js';

export const PEERCONN_STATUSES = [
  'creating',
  'consulting',
  'consult_failed',
  'active',
  'down',
  'starting',
  'stopping',
  'deleting',
  'deleted',
  'expired',
  'error',
  'updating',
] as const;
export type PeerconnStatus = (typeof PEERCONN_STATUSES)[number];

export type PeerconnEvent =
  | 'provision'
  | 'provisionAtOnce'
  | 'offer'
  | 'accept'
  | 'acceptAtOnce'
  | 'start'
  | 'reject'
  | 'timeout'
  | 'update'
  | 'release'
  | 'bury'
  | 'vanish'
  | 'expire'
  | 'renew'
  | 'stop'
  | 'recover'
  | 'fail';

/** Milliseconds of emulator time. Shapes, not measurements: clients must see every state that the cloud can show. */
export const PEERCONN_DELAYS = {
  now: 0,
  provision: 2_000,
  start: 1_000,
  update: 1_000,
  release: 3_000,
  tombstone: 60_000,
  renew: 500,
} as const;

type PeerconnTransition = Transition<PeerconnStatus, PeerconnEvent>;

const releases = (from: PeerconnStatus): PeerconnTransition => ({
  from,
  event: 'release',
  via: 'deleting',
  delay: 'release',
  to: 'deleted',
});

export const PEERCONN_TRANSITIONS: readonly PeerconnTransition[] = [
  { from: 'creating', event: 'provision', delay: 'provision', to: 'starting' },
  { from: 'creating', event: 'provisionAtOnce', delay: 'provision', to: 'active' },
  { from: 'creating', event: 'offer', delay: 'provision', to: 'consulting' },
  { from: 'starting', event: 'start', delay: 'start', to: 'active' },
  { from: 'consulting', event: 'accept', via: 'starting', delay: 'start', to: 'active' },
  { from: 'consulting', event: 'acceptAtOnce', delay: 'start', to: 'active' },
  { from: 'consulting', event: 'reject', delay: 'now', to: 'consult_failed' },
  { from: 'consulting', event: 'timeout', delay: 'now', to: 'consult_failed' },
  { from: 'consulting', event: 'update', via: 'updating', delay: 'update', to: 'consulting' },
  { from: 'active', event: 'update', via: 'updating', delay: 'update', to: 'active' },
  { from: 'active', event: 'expire', delay: 'now', to: 'expired' },
  { from: 'expired', event: 'renew', delay: 'renew', to: 'active' },
  { from: 'active', event: 'stop', via: 'stopping', delay: 'start', to: 'down' },
  { from: 'down', event: 'recover', via: 'starting', delay: 'start', to: 'active' },
  ...(['creating', 'consulting', 'active', 'starting', 'updating'] as const).map((from): PeerconnTransition => ({
    from,
    event: 'fail',
    via: 'error',
    delay: 'now',
    to: 'error',
  })),
  ...(['consulting', 'consult_failed', 'active', 'expired', 'down', 'error'] as const).map(releases),
  { from: 'deleted', event: 'bury', delay: 'tombstone', to: 'gone' },
  { from: 'deleted', event: 'vanish', delay: 'now', to: 'gone' },
];

/** What a client can ask of a link; the table says in which states, `parties.ts` says which side. */
export type PeerconnVerb = 'answer' | 'update' | 'resize' | 'dns' | 'release' | 'renew' | 'refund' | 'protect';

const verbs = (...allowed: PeerconnVerb[]): ReadonlySet<PeerconnVerb> => new Set(allowed);

/** Source: docs/facts/baidu.md 4.2, second table; renewal and refund from 3.1.3. `resize` while consulting is a rule switch. */
export const PEERCONN_ALLOWS: Readonly<Record<PeerconnStatus, ReadonlySet<PeerconnVerb>>> = {
  creating: verbs('protect'),
  starting: verbs('protect'),
  stopping: verbs('protect'),
  updating: verbs('protect'),
  consulting: verbs('answer', 'update', 'release', 'protect'),
  consult_failed: verbs('release', 'protect'),
  active: verbs('update', 'resize', 'dns', 'release', 'renew', 'refund', 'protect'),
  expired: verbs('release', 'renew', 'protect'),
  down: verbs('release', 'protect'),
  error: verbs('release', 'protect'),
  deleting: verbs(),
  deleted: verbs(),
};

export type DnsStatus = 'close' | 'wait' | 'syncing' | 'open' | 'closing';
export type DnsEvent = 'open' | 'sync' | 'settle' | 'close';

export const DNS_DELAYS = { now: 0, wait: 1_000, sync: 2_000, close: 1_000 } as const;

/** Source: docs/facts/baidu.md 4.4. `close` is asked and refused while the side waits, synchronises or closes. */
export const DNS_TRANSITIONS: readonly Transition<DnsStatus, DnsEvent>[] = [
  { from: 'close', event: 'open', via: 'wait', delay: 'wait', to: 'syncing' },
  { from: 'close', event: 'sync', via: 'syncing', delay: 'sync', to: 'open' },
  { from: 'syncing', event: 'settle', delay: 'sync', to: 'open' },
  { from: 'open', event: 'close', via: 'closing', delay: 'close', to: 'close' },
];

/** Source: docs/facts/baidu.md 3.5: only `running` is documented; `updating` stands for whatever comes before it. */
export type GatewayStatus = 'updating' | 'running' | 'deleting';
export type GatewayEvent = 'create' | 'change' | 'release';
export const GATEWAY_DELAYS = { change: 2_000, release: 1_000 } as const;
export const GATEWAY_TRANSITIONS: readonly Transition<GatewayStatus, GatewayEvent>[] = [
  { from: 'updating', event: 'create', delay: 'change', to: 'running' },
  { from: 'running', event: 'change', via: 'updating', delay: 'change', to: 'running' },
  ...(['updating', 'running'] as const).map((from): Transition<GatewayStatus, GatewayEvent> => ({
    from,
    event: 'release',
    via: 'deleting',
    delay: 'release',
    to: 'gone',
  })),
];

/** Source: docs/facts/baidu.md 3.6. */
export type LineStatus =
  'ack-wait' | 'accept' | 'reject' | 'building' | 'pay-wait' | 'established' | 'stopped' | 'deleted';
export type ChannelStatus = 'ack-wait' | 'accept' | 'closed' | 'pay-wait' | 'reject' | 'building' | 'established';
