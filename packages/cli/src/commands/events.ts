/** `peerway events`: watches the stack and prints every change of health, state, id or routes as it is seen. Only reads. */
import { printableData } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { intervalOf } from './interval.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, flags }) => {
  const intervalMs = intervalOf(flags);
  const peerway = await session.load();
  if (!session.json) session.note(`Watching the stack ${peerway.stack}; Ctrl-C ends it.`);
  for await (const { at, changes } of peerway.watch({ intervalMs, signal: session.watchSignal })) {
    const time = new Date(at).toISOString();
    for (const change of session.json ? changes : printableData(changes)) {
      if (session.json) session.print(JSON.stringify({ at: time, ...change }));
      else {
        const before = change.before === undefined || change.before === '' ? '' : `${change.before} → `;
        session.print(
          `${session.paint.dim(time)} ${change.connection} ${change.what}: ${before}${change.after === '' ? 'gone' : change.after}`,
        );
      }
    }
  }
  return EXIT.done;
};
