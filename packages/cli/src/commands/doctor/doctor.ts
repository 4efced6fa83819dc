/** `peerway doctor`: looks for what usually goes wrong, each finding with its remedy. Only reads; exits 1 on an error. */
import { printableLine } from '@peerway/runtime';
import { runChecks, type Check } from './checks.js';
import { EXIT } from '../../exitCodes.js';
import type { Run } from '../../command.js';
import { detailLines, findingOf } from '../../terminal/errorText.js';

export const run: Run = async ({ session }) => {
  const checks: Check[] = [];
  const { paint } = session;
  const mark = { ok: paint.green('✓'), warning: paint.yellow('!'), error: paint.red('✗') };
  for await (const check of runChecks(session)) {
    checks.push(check);
    if (session.json) continue;
    session.print([`${mark[check.verdict]} ${check.what}: ${printableLine(check.found)}`, ...below(check)].join('\n'));
  }
  const errors = checks.filter(({ verdict }) => verdict === 'error').length;
  if (session.json) session.printJson({ version: 1, checks });
  else session.print(errors === 0 ? '\nNo problems found.' : `\n${errors} of ${checks.length} checks found a problem.`);
  return errors === 0 ? EXIT.done : EXIT.error;

  function below({ error, place, remedy }: Check): string[] {
    if (error !== undefined) return detailLines(findingOf(error), paint);
    return detailLines(
      { ...(place === undefined ? {} : { at: place }), ...(remedy === undefined ? {} : { remedy }) },
      paint,
    );
  }
};
