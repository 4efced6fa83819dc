/** `peerway completion <shell>`: a completion script made from the same table as the command line itself. */
import { PeerwayError } from '@peerway/runtime';
import { bashCompletion, fishCompletion, zshCompletion } from './scripts.js';
import { EXIT } from '../../exitCodes.js';
import type { Run } from '../../command.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export const run: Run = async ({ session, table, args: [shell = ''] }) => {
  if (!Object.hasOwn(SHELLS, shell)) {
    throw new PeerwayError('InvalidArgument', `There is no completion for ${JSON.stringify(shell)}`, {
      place: 'peerway completion',
      remedy: `Choose one of ${Object.keys(SHELLS).join(', ')}.`,
    });
  }
  session.printAsIs(SHELLS[shell as keyof typeof SHELLS](table));
  return EXIT.done;
};
