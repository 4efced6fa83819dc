/** `peerway stacks`: what a server knows of its stacks. Only reads what was seen; sends no request to a cloud. */
import { EXIT } from '../exitCodes.js';
import { stacksText, stackText } from '../output/remote.js';
import type { Run } from '../command.js';
import type { RemoteStackDetail, RemoteStackList } from '../remote/answers.js';
import { RemoteClient } from '../remote/client.js';

export const run: Run = async ({ session, args: [stack = session.flags.text('stack')] }) => {
  const client = RemoteClient.of(session);
  const { signal, paint } = session;
  if (stack === undefined) {
    const answer = await client.ask<RemoteStackList>('/v1/stacks', { signal, lists: ['stacks', 'problems'] });
    if (session.json) session.printJson(answer);
    else session.print(stacksText(answer, paint, session.now()));
  } else {
    const answer = await client.ask<RemoteStackDetail>(`/v1/stacks/${encodeURIComponent(stack)}`, { signal });
    if (session.json) session.printJson(answer);
    else session.print(stackText(answer, paint, session.now()));
  }
  return EXIT.done;
};
