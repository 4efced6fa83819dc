/** What `peerway init` learns from the account before there is a config file. */
import { isPeerwayError, toPeerwayError, type Network, type Peerway, type PeerwayError } from '@peerway/runtime';
import { loadAccount, type Account } from '../../oneAccount.js';
import type { Session } from '../../session.js';

/** Networks of the account, or why they could not be listed: the file is written either way. */
export type NetworkListing = { readonly networks: readonly Network[] } | { readonly error: PeerwayError };

/** More would not help anybody to choose. */
const MOST = 50;

/** @throws PeerwayError `InvalidArgument` when an answer itself is wrong (an unknown provider, a bad endpoint) */
export async function listNetworks(session: Session, account: Account): Promise<NetworkListing> {
  let peerway: Peerway;
  try {
    peerway = await loadAccount(session, account, 'peerway init');
  } catch (error) {
    if (isPeerwayError(error, 'InvalidArgument')) throw error;
    return { error: toPeerwayError(error) };
  }
  try {
    const networks: Network[] = [];
    for await (const network of peerway.provider('main').readOnly().networks.list({ signal: session.signal })) {
      networks.push(network);
      if (networks.length === MOST) break;
    }
    return { networks };
  } catch (error) {
    if (session.signal.aborted) throw error;
    return { error: toPeerwayError(error) };
  } finally {
    await peerway.close();
  }
}
