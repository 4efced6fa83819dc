/** `peerway worker`: does tasks of stacks that run on Temporal until Ctrl-C, then leaves what it is at to others. */
import { PeerwayError } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import type { Run } from '../command.js';
import type { Session } from '../session.js';
import { engineOf, loadServer, openSent } from '../serverPackage.js';

const MOST_TASKS = 1_000;

export const run: Run = async ({ session, flags }) => {
  const { io, signal } = session;
  const engine = engineOf(session);
  const tasks = tasksOf(flags.text('tasks'));
  const name = flags.text('name');
  const rates = flags.text('rates') ?? io.env['PEERWAY_RATES'];
  hidePassword(session, rates);
  const server = await loadServer(session);
  await server.runWorker({
    engine,
    open: openSent(session),
    env: io.env,
    signal,
    onReady: () => session.note(`Takes tasks from ${engine} until Ctrl-C.`),
    log: (line) => session.note(line),
    ...(tasks === undefined ? {} : { tasks }),
    ...(name === undefined ? {} : { name }),
    ...(rates === undefined || rates === '' ? {} : { rates }),
  });
  session.note('Stopped. What was under way goes on with another worker.');
  return EXIT.done;
};

function hidePassword({ redactor }: Session, url: string | undefined): void {
  if (url === undefined || !URL.canParse(url)) return;
  const { password } = new URL(url);
  redactor.add(password);
  redactor.add(decodeURIComponent(password));
}

function tasksOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const tasks = Number(text);
  if (Number.isInteger(tasks) && tasks >= 1 && tasks <= MOST_TASKS) return tasks;
  throw new PeerwayError('InvalidArgument', `--tasks is not a whole number from 1 to ${MOST_TASKS}`, {
    place: '--tasks',
    remedy: 'Leave it out, or give a number such as 50.',
  });
}
