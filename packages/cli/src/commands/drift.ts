/** `peerway drift`: how the clouds differ from the file, each difference by its name. Only reads; exits 2 when there is any. */
import { DRIFT_KINDS, printableData } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import { differenceText } from '../output/status.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session }) => {
  const peerway = await session.load();
  const plan = await peerway.plan({ signal: session.signal });
  const { drift, stack } = plan;
  if (session.json) session.printJson({ version: 1, stack, drift });
  else if (drift.length === 0) session.print(`Stack ${stack}: the clouds are as declared.`);
  else {
    const { paint } = session;
    for (const item of printableData(drift)) {
      session.print(`${paint.yellow(item.kind)} ${paint.bold(item.connection)}: ${differenceText(item)}`);
      session.print(`  ${paint.dim(DRIFT_KINDS[item.kind])}`);
    }
    session.print(
      `\n${drift.length} ${drift.length === 1 ? 'difference' : 'differences'}. \`peerway plan\` shows what apply would do about ${drift.length === 1 ? 'it' : 'them'}.`,
    );
  }
  return drift.length === 0 ? EXIT.done : EXIT.pending;
};
