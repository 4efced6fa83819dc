/** `peerway apply`: shows the plan, asks, carries it out, and says how it ended. */
import { resolve } from 'node:path';
import { MAX_PLAN_BYTES, PeerwayError, planOfFile, readTextFile, type Peerway, type Plan } from '@peerway/runtime';
import type { Flags } from '../flags.js';
import { confirmAndApply } from './confirmAndApply.js';
import { isRemote } from '../remote/client.js';
import { applyRemotely } from '../remote/applyRemotely.js';
import type { Run } from '../command.js';
import type { Session } from '../session.js';
import { planOptions } from './plan.js';

export const run: Run = async ({ session, flags, args: [file] }) => {
  if (isRemote(session)) {
    if (file === undefined) return applyRemotely(session, 'apply');
    throw new PeerwayError('InvalidArgument', 'A server makes its own plan', {
      place: file,
      remedy: 'Leave the file out: the plan of the server is shown and asked about before anything is changed.',
    });
  }
  const peerway = await session.load();
  const plan =
    file === undefined
      ? await peerway.plan(planOptions(session, flags))
      : await planFromFile(session, flags, peerway, file);
  return confirmAndApply(session, peerway, plan, { yes: flags.is('yes'), force: flags.is('force') });
};

/** What `peerway plan --out` wrote, made again: the file itself is only compared with it. */
async function planFromFile(session: Session, flags: Flags, peerway: Peerway, file: string): Promise<Plan> {
  if (flags.list('target').length > 0 || flags.text('prune') !== undefined) {
    throw new PeerwayError('InvalidArgument', 'A plan from a file has its targets and its policy in it', {
      place: file,
      remedy: 'Give --target and --prune to `peerway plan --out <file>` instead.',
    });
  }
  const { signal } = session;
  const text = await readTextFile(resolve(session.io.cwd, file), {
    maxBytes: MAX_PLAN_BYTES,
    shown: file,
    what: 'The plan',
    signal,
  });
  return planOfFile(peerway, text, file, { signal });
}
