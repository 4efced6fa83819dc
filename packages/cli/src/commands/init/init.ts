/** `peerway init`: a few questions, a look at the account's networks, and a commented config file. Never asks for a secret. */
import { PeerwayError, printableLine } from '@peerway/runtime';
import { EXIT } from '../../exitCodes.js';
import { requireAbsent, writeText } from '../../output/file.js';
import type { Account } from '../../oneAccount.js';
import { listNetworks } from './listNetworks.js';
import { starterConfig } from './starterConfig.js';
import type { Flags } from '../../flags.js';
import type { Run } from '../../command.js';
import type { Session } from '../../session.js';

export const run: Run = async ({ session, flags }) => {
  const answers = await questions(session, flags);
  const listing = await listNetworks(session, answers);
  const file = session.configFile;
  await requireAbsent(session, file);
  await writeText(session, file, starterConfig(answers, listing), { internal: false });
  const { configSchema } = await import('@peerway/runtime');
  await writeText(session, 'peerway.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`, {
    internal: false,
  });
  if (session.json) session.printJson({ file, networks: 'networks' in listing ? listing.networks.length : 0 });
  else {
    session.print(`${file} and peerway.schema.json written.`);
    if ('error' in listing) {
      session.print(`The networks could not be listed: ${printableLine(listing.error.message)}`);
      if (listing.error.details.remedy !== undefined)
        session.print(`  fix: ${printableLine(listing.error.details.remedy)}`);
      session.print('Fill in the ids by hand, or correct that and run `peerway init` again after removing the file.');
    } else session.print(`${listing.networks.length} networks found in ${answers.region}.`);
    session.print('Next: name the connections you want in it, then `peerway plan`.');
  }
  return EXIT.done;
};

async function questions(session: Session, flags: Flags): Promise<Account> {
  const stack = flags.text('name') ?? 'main';
  const common = (): Pick<Account, 'stack' | 'profile' | 'endpoint'> => {
    const [profile, endpoint] = [flags.text('profile'), flags.text('endpoint')];
    return { stack, ...(profile === undefined ? {} : { profile }), ...(endpoint === undefined ? {} : { endpoint }) };
  };
  const { ask } = session.io;
  const [use, region] = [flags.text('provider'), flags.text('region')];
  if (use !== undefined && region !== undefined) return { ...common(), use, region };
  if (flags.is('yes') || ask === undefined) {
    throw new PeerwayError('InvalidArgument', `${use === undefined ? '--provider' : '--region'} is missing`, {
      place: 'peerway init',
      remedy: 'Without questions, name both: peerway init --yes --provider alibaba --region cn-hangzhou.',
    });
  }
  const answer = async (question: string, fallback: string): Promise<string> => {
    const text = await ask(`${question} [${fallback}] `);
    if (text === undefined) throw new PeerwayError('Canceled', 'No answer came; nothing was written');
    return text.trim() === '' ? fallback : text.trim();
  };
  const provider = use ?? (await answer('Which cloud? alibaba, baidu, or a package', 'alibaba'));
  const where = region ?? (await answer('Which region?', provider === 'baidu' ? 'bj' : 'cn-hangzhou'));
  const named = flags.text('name') ?? (await answer('What shall the stack be called?', 'main'));
  const source =
    flags.text('profile') ??
    (await answer(
      "Where are the keys? env for the environment, or a profile's name (keys themselves never go here)",
      'env',
    ));
  return { ...common(), stack: named, use: provider, region: where, ...(source === 'env' ? {} : { profile: source }) };
}
