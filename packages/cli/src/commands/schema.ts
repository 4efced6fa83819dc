/** `peerway schema`: the JSON Schema of the config file, for completion and early errors in editors. */
import { configSchema } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { deliver } from '../output/file.js';
import type { Run } from '../command.js';

/** The first line of a config file that tells editors about the schema beside it. */
export const MODELINE = '# yaml-language-server: $schema=./peerway.schema.json';

export const run: Run = async ({ session, flags }) => {
  const out = flags.text('out');
  await deliver(session, `${JSON.stringify(configSchema(), null, 2)}\n`, out, { internal: false });
  if (out !== undefined) session.note(`First line for the config file beside it: ${MODELINE}`);
  return EXIT.done;
};
