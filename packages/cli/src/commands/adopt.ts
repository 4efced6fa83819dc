/** `peerway adopt <connection>`: takes what somebody else made into this stack's care, by name. */
import { EXIT } from '../exitCodes.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, args: [connection = ''] }) => {
  const peerway = await session.load();
  await peerway.adopt(connection, { signal: session.signal });
  if (session.json) session.printJson({ adopted: connection, stack: peerway.stack });
  else
    session.print(
      `${connection} is now in the care of the stack ${peerway.stack}: plan, apply and destroy include it.`,
    );
  return EXIT.done;
};
