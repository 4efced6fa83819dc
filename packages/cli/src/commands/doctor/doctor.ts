/** `peerway doctor`: looks for what usually stands in the way, each finding with its remedy. Only reads; exits 1 on a finding. */
import { Peerway } from '@peerway/runtime';
import { Checkup, type Check } from './checks.js';
import { EXIT } from '../../exitCodes.js';
import type { Run } from '../../command.js';

export const run: Run = async ({ session }) => {
  const checkup = new Checkup(session);
  const checks: Check[] = [];
  const { paint } = session;
  for await (const check of checkup.run((file, options) => Peerway.load(file, options))) {
    checks.push(check);
    if (session.json) continue;
    const mark = { ok: paint.green('✓'), warning: paint.yellow('!'), error: paint.red('✗') }[check.verdict];
    session.print(`${mark} ${check.what}: ${check.found}`);
    if (check.place !== undefined) session.print(`     at: ${check.place}`);
    if (check.remedy !== undefined) session.print(`    fix: ${check.remedy}`);
    if (check.requestId !== undefined) session.print(`     id: ${check.requestId}`);
  }
  const errors = checks.filter(({ verdict }) => verdict === 'error').length;
  if (session.json) session.printJson({ version: 1, checks });
  else
    session.print(
      errors === 0 ? '\nNothing stands in the way.' : `\n${errors} of ${checks.length} checks found something to mend.`,
    );
  return errors === 0 ? EXIT.done : EXIT.error;
};
