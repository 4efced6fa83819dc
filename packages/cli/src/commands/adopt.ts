/** `peerway adopt <connection>` or `--all`: takes what somebody else made into this stack's care, by name or after one question. */
import { PeerwayError, printableData, type Adoptable, type Peerway } from '@peerway/runtime';
import { EXIT, type ExitCode } from '../exitCodes.js';
import { count } from '../output/quantity.js';
import type { Flags } from '../flags.js';
import type { Run } from '../command.js';
import type { Session } from '../session.js';

export const run: Run = async ({ session, flags, args: [connection] }) => {
  if ((connection === undefined) !== flags.is('all'))
    throw new PeerwayError(
      'InvalidArgument',
      connection === undefined ? 'Nothing is named' : `${connection} and --all exclude each other`,
      {
        place: 'peerway adopt',
        remedy: 'Name one connection or link, or give --all for everything that plan calls not ours.',
      },
    );
  const peerway = await session.load();
  if (connection === undefined) return adoptAll(session, peerway, flags);
  await peerway.adopt(connection, { signal: session.signal });
  if (session.json) session.printJson({ adopted: connection, stack: peerway.stack });
  else
    session.print(
      `${connection} is now in the care of the stack ${peerway.stack}: plan, apply and destroy include it.`,
    );
  return EXIT.done;
};

async function adoptAll(session: Session, peerway: Peerway, flags: Flags): Promise<ExitCode> {
  const { signal } = session;
  const found = await peerway.adoptable({ signal });
  if (!session.json) session.print(listText(printableData(found), peerway.stack));
  if (found.length === 0) {
    if (session.json) session.printJson({ adopted: [], stack: peerway.stack });
    return EXIT.done;
  }
  if (!(await confirmed(session, found, flags))) {
    session.note('Nothing was changed.');
    return signal.aborted ? EXIT.interrupted : EXIT.error;
  }
  const adopted = await peerway.adoptAll({
    signal,
    onAdopted: ({ object, connection }) => {
      if (!session.json) session.print(`✓ ${connection}: ${object}`);
    },
  });
  if (session.json) session.printJson({ adopted: adopted.map((one) => one.connection), stack: peerway.stack });
  else
    session.print(
      `${count(adopted.length, 'object')} in the care of the stack ${peerway.stack} now: plan, apply and destroy include them.`,
    );
  return EXIT.done;
}

function listText(found: readonly Adoptable[], stack: string): string {
  if (found.length === 0)
    return `Nothing is to be adopted: what the stack ${stack} declares is its own, or not there, or another stack's.`;
  const lines = found.map(
    ({ connection, object, routes }) =>
      `  ${connection}: ${object}${routes === 0 ? '' : `, ${count(routes, 'route')}`}`,
  );
  return [`The mark of the stack ${stack} would be set on:`, ...lines].join('\n');
}

async function confirmed({ io: { ask } }: Session, found: readonly Adoptable[], flags: Flags): Promise<boolean> {
  if (flags.is('yes')) return true;
  const what = count(found.length, 'object');
  if (ask === undefined)
    throw new PeerwayError('FailedPrecondition', `There is no terminal to confirm ${what} on`, {
      remedy: 'Add --yes to go on without asking.',
    });
  const answer = (await ask(`Take ${what} over? From then on destroy removes them. [y/N] `))?.trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}
