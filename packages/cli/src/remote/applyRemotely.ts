/** `peerway apply --remote` and `destroy --remote`: the run is the server's, with its credentials; here it is shown and approved. */
import { randomUUID } from 'node:crypto';
import { isPeerwayError, PeerwayError, type PlanMode } from '@peerway/runtime';
import { confirmed } from '../commands/confirmAndApply.js';
import { EXIT, type ExitCode } from '../exitCodes.js';
import type { Session } from '../session.js';
import type { RemoteRun } from './answers.js';
import { RemoteClient } from './client.js';
import { followRun, tellHowToGoOn } from './followRun.js';
import { meantStack } from './whichStack.js';

export async function applyRemotely(session: Session, mode: PlanMode): Promise<ExitCode> {
  const { flags } = session;
  const client = RemoteClient.of(session);
  const yes = flags.is('yes');
  if (!yes && session.io.ask === undefined) {
    throw new PeerwayError('FailedPrecondition', 'There is no terminal to confirm a plan on', {
      remedy: 'Add --yes to go on without asking.',
    });
  }
  const targets = flags.list('target');
  const prune = flags.text('prune');
  const { id: run } = await client.ask<RemoteRun>('/v1/runs', {
    method: 'POST',
    // a run that was ordered is known again by its key; and not cut off by Ctrl-C, or nobody would know whether it was ordered
    repeat: true,
    headers: { 'idempotency-key': randomUUID() },
    body: {
      ...(await meantStack(session)),
      mode,
      askFirst: !yes,
      ...(targets.length > 0 ? { targets } : {}),
      ...(prune === undefined ? {} : { prune }),
      ...(flags.is('force') ? { force: true } : {}),
    },
  });
  if (!session.json) session.note(`Run ${run} at ${client.url}.`);
  try {
    return await followRun({
      session,
      client,
      run,
      ...(yes ? {} : { approve: (plan) => confirmed(session, plan, false) }),
    });
  } catch (thrown) {
    if (!session.signal.aborted || !isPeerwayError(thrown, 'Canceled')) throw thrown;
    tellHowToGoOn(session, client, run);
    return EXIT.interrupted;
  }
}
