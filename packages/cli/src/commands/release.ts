/** `peerway release <connection>`: takes this stack's mark away and leaves the thing itself alone. */
import { EXIT } from '../exitCodes.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, args: [connection = ''] }) => {
  const peerway = await session.load();
  await peerway.release(connection, { signal: session.signal });
  if (session.json) session.printJson({ released: connection, stack: peerway.stack });
  else session.print(`${connection} no longer belongs to the stack ${peerway.stack}; it stays in the cloud as it is.`);
  return EXIT.done;
};
