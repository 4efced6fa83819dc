/** `peerway verify A B`: can a packet go there and back, and if not, why and what to do. Only reads; exits 1 when it cannot. */
import { EXIT } from '../exitCodes.js';
import { reachabilityText } from '../output/verify.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session, args: [from = '', to = ''] }) => {
  const peerway = await session.load();
  const answer = await peerway.verify(from, to, { signal: session.signal });
  if (session.json) session.printJson(answer);
  else session.print(reachabilityText(answer, session.paint));
  return answer.reachable ? EXIT.done : EXIT.error;
};
