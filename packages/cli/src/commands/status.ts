/** `peerway status`: every connection and link as it stands now, on both sides. Only reads. */
import { EXIT } from '../exitCodes.js';
import { statusText } from '../output/status.js';
import type { Run } from '../program.js';

export const run: Run = async ({ session }) => {
  const peerway = await session.load();
  const status = await peerway.status({ signal: session.signal });
  if (session.json) session.printJson(status);
  else session.print(statusText(status, session.paint));
  return EXIT.done;
};
