/** `peerway policy`: the least rights that exactly this file needs, one policy per provider entry. Sends no request. */
import { EXIT } from '../../exitCodes.js';
import { needsOf, actionsFor } from './leastRights.js';
import type { Run } from '../../command.js';

export const run: Run = async ({ session }) => {
  const { config, entries } = await session.prepare();
  const needs = needsOf(config, entries);
  const policies = entries.map(({ name, plugin, context }) => {
    const actions = actionsFor(needs.get(name), plugin);
    return {
      provider: name,
      cloud: plugin.displayName,
      region: context.region,
      ...(context.account === undefined ? {} : { account: context.account }),
      ...(actions === undefined || plugin.permissions === undefined
        ? { unknown: `${plugin.displayName} does not say what rights it needs` }
        : { actions, policy: plugin.permissions.document(actions), note: plugin.permissions.note }),
    };
  });
  if (session.json) session.printJson({ version: 1, stack: config.stack, policies });
  else {
    for (const each of policies) {
      const where = [each.region, ...('account' in each ? [`account ${each.account}`] : [])].join(', ');
      session.print(session.paint.bold(`# ${each.provider}: ${each.cloud}, ${where}`));
      if ('note' in each && each.note !== undefined) session.print(session.paint.dim(`# ${each.note}`));
      session.print('policy' in each ? `${JSON.stringify(each.policy, null, 2)}\n` : `${each.unknown}\n`);
    }
  }
  return EXIT.done;
};
