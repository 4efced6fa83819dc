/** `peerway runs`: runs on a server, listed, shown, followed, approved and stopped. */
import { isPeerwayError, PeerwayError } from '@peerway/runtime';
import { EXIT, type ExitCode } from '../exitCodes.js';
import { runsText, runText } from '../output/remote.js';
import type { Run } from '../command.js';
import type { RemoteRun, RemoteRunDetail } from '../remote/answers.js';
import { RemoteClient } from '../remote/client.js';
import { followRun, runPath, tellHowToGoOn } from '../remote/followRun.js';
import type { Session } from '../session.js';
import { confirmed } from './confirmAndApply.js';

export const run: Run = async ({ session, flags, args: [id] }) => {
  const client = RemoteClient.of(session);
  if (id === undefined) return list(session, client);
  if (flags.is('cancel')) {
    await client.ask(`${runPath(id)}/cancellation`, { method: 'POST' });
    session.note('It is asked to stop; what the clouds have begun goes on.');
    return flags.is('follow') ? follow(session, client, id) : EXIT.done;
  }
  if (flags.is('approve') || flags.is('follow')) return follow(session, client, id);
  const answer = await client.ask<RemoteRunDetail>(runPath(id), { signal: session.signal });
  if (session.json) session.printJson(answer);
  else session.print(runText(answer, session.paint, session.now()));
  return EXIT.done;
};

async function list(session: Session, client: RemoteClient): Promise<ExitCode> {
  const { flags, signal } = session;
  if (flags.is('cancel') || flags.is('approve') || flags.is('follow')) {
    throw new PeerwayError('InvalidArgument', 'No run is named', {
      remedy: 'Name it: peerway runs <run> --follow; `peerway runs` lists them.',
    });
  }
  const stack = flags.text('stack');
  const query = stack === undefined ? '' : `?stack=${encodeURIComponent(stack)}`;
  const answer = await client.ask<{ readonly runs: readonly RemoteRun[] }>(`/v1/runs${query}`, {
    signal,
    lists: ['runs'],
  });
  if (session.json) session.printJson(answer);
  else session.print(runsText(answer.runs, session.paint, session.now()));
  return EXIT.done;
}

async function follow(session: Session, client: RemoteClient, id: string): Promise<ExitCode> {
  const { flags } = session;
  try {
    return await followRun({
      session,
      client,
      run: id,
      ...(flags.is('approve') ? { approve: (plan) => confirmed(session, plan, flags.is('yes')) } : {}),
    });
  } catch (thrown) {
    if (!session.signal.aborted || !isPeerwayError(thrown, 'Canceled')) throw thrown;
    tellHowToGoOn(session, client, id);
    return EXIT.interrupted;
  }
}
