/** What `peerway init` learns from the account before there is a config file. */
import { isConfigError, Peerway, PeerwayError, toPeerwayError, type Network } from '@peerway/runtime';
import type { Session } from '../../session.js';

export interface Answers {
  readonly stack: string;
  readonly use: string;
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
}

/** Networks of the account, or why they could not be listed: the file is written either way. */
export type NetworkListing = { readonly networks: readonly Network[] } | { readonly error: PeerwayError };

/** More would not help anybody to choose. */
const MOST = 50;

/** @throws PeerwayError `InvalidArgument` when an answer itself is wrong (an unknown provider, a bad endpoint) */
export async function listNetworks(session: Session, answers: Answers): Promise<NetworkListing> {
  let peerway: Peerway;
  try {
    // JSON is YAML; an environment meant for the entry `main` applies already
    peerway = await Peerway.load(session.configFile, {
      ...session.loadOptions(),
      text: JSON.stringify(skeleton(answers)),
    });
  } catch (error) {
    if (!isConfigError(error)) return { error: toPeerwayError(error) };
    const [problem] = error.problems;
    throw new PeerwayError('InvalidArgument', problem?.message ?? error.message, {
      place: `peerway init, ${problem?.path.split('.').at(-1) ?? 'answers'}`,
      remedy: problem?.remedy ?? 'Answer again.',
    });
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

/** The network is a placeholder: a config without one is refused, and nothing asks for it. */
function skeleton({ stack, use, region, profile, endpoint }: Answers): object {
  return {
    version: 1,
    stack,
    providers: {
      main: {
        use,
        region,
        ...(profile === undefined ? {} : { profile }),
        ...(endpoint === undefined ? {} : { endpoint }),
      },
    },
    networks: { placeholder: { provider: 'main', id: 'none' } },
  };
}
