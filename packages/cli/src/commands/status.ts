/** `peerway status`: every connection and link as it stands now, on both sides. Only reads. */
import { EXIT } from '../exitCodes.js';
import { intervalOf } from './interval.js';
import { LiveArea } from '../output/liveArea.js';
import { statusText } from '../output/status.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, flags }) => {
  const intervalMs = intervalOf(flags);
  const peerway = await session.load();
  if (!flags.is('watch')) {
    const status = await peerway.status({ signal: session.signal });
    if (session.json) session.printJson(status);
    else session.print(statusText(status, session.paint, session.now()));
    return EXIT.done;
  }
  const area = await LiveArea.open(session);
  for await (const { at, status } of peerway.watch({ intervalMs, signal: session.watchSignal })) {
    if (session.json) session.print(JSON.stringify({ at: new Date(at).toISOString(), ...status }));
    else
      area.show(
        `${statusText(status, session.paint, at)}\n${session.paint.dim(`${new Date(at).toISOString()}, every ${intervalMs / 1000} s; Ctrl-C ends it`)}`,
      );
  }
  area.done();
  return EXIT.done;
};
