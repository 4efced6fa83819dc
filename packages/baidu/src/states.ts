/**
 * The cloud's words for states, each mapped once. Source: docs/facts/baidu.md 4 (SDK and Terraform enums), checked 2026-11.
 */
import { PeerwayError, type DnsSyncState, type PeeringNext, type PeeringSide, type Standing } from '@peerway/core';
import { PROVIDER } from './wire/errors.js';

const PEERCONN_STATES: Readonly<Record<string, Standing<PeeringNext>>> = {
  creating: { state: 'provisioning' },
  starting: { state: 'provisioning' },
  consulting: { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
  // a refusal and seven days of silence both end here; the cloud does not tell which it was
  consult_failed: { state: 'rejected', reason: 'rejected-or-expired' },
  active: { state: 'active' },
  updating: { state: 'updating' },
  // overdue or switched off by the operator: the cloud does not tell which, so no reason is given
  stopping: { state: 'inactive' },
  down: { state: 'inactive' },
  expired: { state: 'expired', reason: 'term-ended' },
  error: { state: 'failed' },
  deleting: { state: 'deleting' },
  deleted: { state: 'deleted' },
};

/** What `wait` waits for is not documented; the vendor's Terraform provider treats it as busy. */
const DNS_STATES = {
  close: 'off',
  wait: 'turning-on',
  syncing: 'turning-on',
  open: 'on',
  closing: 'turning-off',
} as const satisfies Record<string, DnsSyncState>;

/** Only `running` stands in the documents; the others are the words that the same API has elsewhere [unverified]. */
const ET_GATEWAY_STATES: Readonly<Record<string, Standing<'continue'>>> = {
  running: { state: 'active' },
  building: { state: 'provisioning' },
  updating: { state: 'updating' },
  deleting: { state: 'deleting' },
  deleted: { state: 'deleted' },
};

const ROLES = { initiator: 'initiator', acceptor: 'acceptor' } as const satisfies Record<string, PeeringSide>;

export const roleOf = (word: string): PeeringSide => lookUp(ROLES, word, 'side of a peer connection');
export const peerConnState = (word: string): Standing<PeeringNext> => lookUp(PEERCONN_STATES, word, 'peer connection');
export const isKnownState = (word: string): boolean => Object.hasOwn(PEERCONN_STATES, word.toLowerCase());
export const dnsState = (word: string): DnsSyncState => lookUp(DNS_STATES, word, 'DNS synchronisation');
export const etGatewayState = (word: string): Standing<'continue'> =>
  lookUp(ET_GATEWAY_STATES, word, 'dedicated gateway');

/** Lower-cased first, as the vendor's Terraform provider does. @throws PeerwayError `Unknown` with the word */
function lookUp<T>(table: Readonly<Record<string, T>>, word: string, what: string): T {
  const key = word.toLowerCase();
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  if (found !== undefined) return found;
  throw new PeerwayError(
    'Unknown',
    `Baidu AI Cloud says of a ${what} a word that is not known: ${JSON.stringify(word)}`,
    {
      provider: PROVIDER,
      remedy: 'Update @peerway/baidu, or report the word.',
    },
  );
}
