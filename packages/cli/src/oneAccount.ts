/** One account and region named by flags or answers instead of a config file: what `init` and `import` begin with. */
import { isConfigError, Peerway, PeerwayError, prepare, type LoadOptions, type Prepared } from '@peerway/runtime';
import type { Session } from './session.js';

export interface Account {
  readonly stack: string;
  readonly use: string;
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
}

/** The inside of its entry, as it stands in a file: `use: alibaba, region: bj`. */
export const entryText = ({ use, region, profile, endpoint }: Account): string =>
  [
    `use: ${plain(use)}`,
    `region: ${plain(region)}`,
    ...(profile === undefined ? [] : [`profile: ${plain(profile)}`]),
    ...(endpoint === undefined ? [] : [`endpoint: ${plain(endpoint)}`]),
  ].join(', ');

/** Quoted when YAML would read it as anything but itself. */
export const plain = (text: string): string => (/^[A-Za-z][\w./@-]*$/.test(text) ? text : JSON.stringify(text));

/**
 * The account as the entry `main`, for which the environment of such an entry counts already. Whoever loads it closes it.
 * @param command for errors, e.g. `peerway init`
 * @throws PeerwayError `InvalidArgument` when an answer itself is wrong (an unknown provider, a bad endpoint); what the provider refused
 */
export const loadAccount = (session: Session, account: Account, command: string): Promise<Peerway> =>
  read(session, account, { command, by: (file, options) => Peerway.load(file, options) });

/** The same without a driver, for who makes them. @throws as `loadAccount` */
export const prepareAccount = (session: Session, account: Account, command: string): Promise<Prepared> =>
  read(session, account, { command, by: prepare });

async function read<T>(
  session: Session,
  account: Account,
  { command, by }: { readonly command: string; readonly by: (file: string, options: LoadOptions) => Promise<T> },
): Promise<T> {
  try {
    return await by(session.configFile, { ...session.loadOptions(), text: skeleton(account), networksLater: true });
  } catch (error) {
    if (!isConfigError(error)) throw error;
    const [problem] = error.problems;
    throw new PeerwayError('InvalidArgument', problem?.message ?? error.message, {
      place: `${command}, ${problem?.path.split('.').at(-1) ?? 'answers'}`,
      remedy: problem?.remedy ?? 'Answer again.',
    });
  }
}

const skeleton = (account: Account): string => `version: 1
stack: ${JSON.stringify(account.stack)}
providers:
  main: { ${entryText(account)} }
`;
