/** `peerway import`: looks at what is there and writes it as a commented config file. Changes nothing in a cloud. */
import { PeerwayError, printableData, type Imported, type Peerway } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { isThere, writeAsIs } from '../output/file.js';
import { count } from '../output/quantity.js';
import { loadAccount } from '../oneAccount.js';
import type { Flags } from '../flags.js';
import type { Run } from '../command.js';
import type { Session } from '../session.js';

const DEFAULT_FILE = 'imported.yaml';

export const run: Run = async ({ session, flags }) => {
  const file = flags.text('out') ?? DEFAULT_FILE;
  if (!(await mayWrite(session, flags, file))) {
    session.note('Nothing was written.');
    return session.signal.aborted ? EXIT.interrupted : EXIT.error;
  }
  const peerway = await lookedInto(session, flags);
  const { text, imported } = await peerway.import({ signal: session.signal });
  await writeAsIs(session, file, text, { internal: true });
  if (session.json) session.printJson(printableData({ file, ...summary(imported), leftOut: imported.leftOut }));
  else print(session, file, imported);
  return EXIT.done;
};

/** A file that is there holds somebody's work. @throws PeerwayError `AlreadyExists` when nobody can be asked, `InvalidArgument` for `-` */
async function mayWrite(session: Session, flags: Flags, file: string): Promise<boolean> {
  if (file === '-')
    throw new PeerwayError('InvalidArgument', 'The config is written to a file, not to standard output', {
      place: 'peerway import, --out',
      remedy: `Name a file, e.g. --out ${DEFAULT_FILE}; ./- is one too.`,
    });
  if (flags.is('yes') || !(await isThere(session, file))) return true;
  const { ask } = session.io;
  if (ask === undefined)
    throw new PeerwayError('AlreadyExists', `${file} exists already`, {
      place: file,
      remedy: 'Name another file with --out, or add --yes to overwrite it.',
    });
  const answer = (await ask(`${file} exists already. Overwrite it? [y/N] `))?.trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}

/** The entries of the config file, or the one account that the flags name. */
async function lookedInto(session: Session, flags: Flags): Promise<Peerway> {
  const [use, region] = [flags.text('provider'), flags.text('region')];
  const [profile, endpoint] = [flags.text('profile'), flags.text('endpoint')];
  if (use === undefined && region === undefined && profile === undefined && endpoint === undefined)
    return session.load({ networksLater: true });
  if (use === undefined || region === undefined)
    throw new PeerwayError('InvalidArgument', `${use === undefined ? '--provider' : '--region'} is missing`, {
      place: 'peerway import',
      remedy:
        'Name one account by --provider and --region, e.g. --provider alibaba --region cn-hangzhou; or none, and the entries of the config file are looked into.',
    });
  const account = {
    stack: 'imported',
    use,
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const peerway = await loadAccount(session, account, 'peerway import');
  session.onEnd(() => peerway.close());
  return peerway;
}

const summary = ({ stack, networks, connections, links }: Imported): Readonly<Record<string, string | number>> => ({
  stack: stack.name,
  networks: networks.size,
  connections: connections.length,
  links: links.length,
});

function print(session: Session, file: string, { stack, networks, connections, links, leftOut }: Imported): void {
  const found = [count(networks.size, 'network'), count(connections.length, 'connection'), count(links.length, 'link')];
  session.print(`${file} written: stack ${stack.name}, ${found.join(', ')}.`);
  const stacks = new Map<string, number>();
  for (const { stack: owner } of leftOut) if (owner !== undefined) stacks.set(owner, (stacks.get(owner) ?? 0) + 1);
  for (const [owner, owned] of stacks) session.print(`Left out: ${count(owned, 'object')} of the stack ${owner}.`);
  const others = leftOut.filter(({ stack: owner }) => owner === undefined).length;
  if (others > 0)
    session.print(`Left out: ${count(others, 'object')} that no file can say; the last lines of ${file} name each.`);
  const config = `-c ${file}`;
  session.print(
    connections.length + links.length === 0
      ? 'Nothing there is to be adopted.'
      : `Next: read it, then \`peerway adopt --all ${config}\`; after that \`peerway plan ${config}\` has nothing to do.`,
  );
}
