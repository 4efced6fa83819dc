/** `peerway destroy`: removes everything that carries the mark of this stack, and nothing else. */
import { confirmAndApply } from './confirmAndApply.js';
import type { Run } from '../command.js';
import { applyRemotely } from '../remote/applyRemotely.js';
import { isRemote } from '../remote/client.js';
import { planOptions } from './plan.js';

export const run: Run = async ({ session, flags }) => {
  if (isRemote(session)) return applyRemotely(session, 'destroy');
  const peerway = await session.load();
  const plan = await peerway.plan({ ...planOptions(session, flags), mode: 'destroy' });
  return confirmAndApply(session, peerway, plan, { yes: flags.is('yes'), force: flags.is('force') });
};
