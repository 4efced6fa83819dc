/** Whose accounts a run asks: entries of the config file, or one account that the flags name. */
import { resolve } from 'node:path';
import {
  alibabaCloud,
  baiduCloud,
  type Cloud,
  type Login,
  type Logins,
  type Parties,
  type Party,
} from '@peerway/parity';
import { loadPlugin, PeerwayError, rawApi, type Peerway, type Provider } from '@peerway/runtime';
import { loadAccount, prepareAccount, type Account } from '../../oneAccount.js';
import type { Flags } from '../../flags.js';
import type { Session } from '../../session.js';

const CLOUDS: readonly Cloud[] = [alibabaCloud, baiduCloud];

export interface Looked {
  readonly cloud: Cloud;
  readonly parties: Parties;
}

/** @throws PeerwayError `InvalidArgument` for a cloud that nothing is known of */
export function cloudOf(id: string, place: string): Cloud {
  const cloud = CLOUDS.find((one) => one.id === id);
  if (cloud !== undefined) return cloud;
  throw new PeerwayError('InvalidArgument', `There are no probes for ${JSON.stringify(id)}`, {
    place,
    remedy: `There are some for ${CLOUDS.map(({ id: name }) => name).join(' and ')}.`,
  });
}

/** The account, and where they are named a second one (--partner) and a second region (--far). */
export async function lookedAt(session: Session, flags: Flags): Promise<Looked> {
  const named = required(flags, 'provider');
  const region = flags.text('region');
  const [partner, far] = [flags.text('partner'), flags.text('far')];
  if (region !== undefined) {
    if (partner !== undefined || far !== undefined)
      throw new PeerwayError('InvalidArgument', '--partner and --far name entries of a config file', {
        place: '--region',
        remedy: 'Write the accounts into a config file, and name its entries.',
      });
    const account = accountOf(flags, named, region);
    const peerway = await loadAccount(session, account, 'peerway parity');
    session.onEnd(() => peerway.close());
    return partiesOf({ a: peerway.provider('main') });
  }
  const peerway = await session.load();
  return partiesOf({
    a: entryOf(peerway, named, '--provider'),
    ...(partner === undefined ? {} : { b: entryOf(peerway, partner, '--partner') }),
    ...(far === undefined ? {} : { far: entryOf(peerway, far, '--far') }),
  });
}

const accountOf = (flags: Flags, use: string, region: string): Account => {
  const [profile, endpoint] = [flags.text('profile'), flags.text('endpoint')];
  return {
    stack: 'parity',
    use,
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
};

/** What the kit makes its drivers of, for the accounts that `lookedAt` has found. */
export async function loginsOf(session: Session, flags: Flags): Promise<Logins> {
  const named = required(flags, 'provider');
  const region = flags.text('region');
  const { entries } =
    region === undefined
      ? await session.prepare()
      : await prepareAccount(session, accountOf(flags, named, region), 'peerway parity');
  const loginOf = (name: string | undefined): Login | undefined => entries.find((entry) => entry.name === name);
  const a = loginOf(region === undefined ? named : 'main');
  if (a === undefined) throw new PeerwayError('NotFound', `There is no provider entry ${JSON.stringify(named)}`);
  const [b, far] = [loginOf(flags.text('partner')), loginOf(flags.text('far'))];
  return { a, ...(b === undefined ? {} : { b }), ...(far === undefined ? {} : { far }) };
}

function entryOf(peerway: Peerway, name: string, place: string): Provider {
  try {
    return peerway.provider(name);
  } catch {
    throw new PeerwayError('NotFound', `The config file has no provider entry ${JSON.stringify(name)}`, {
      place,
      remedy: 'Name an entry of providers:, or give --region as well to do without a config file.',
    });
  }
}

function partiesOf(providers: { readonly a: Provider; readonly b?: Provider; readonly far?: Provider }): Looked {
  const cloud = cloudOf(providers.a.id, '--provider');
  const { a, b, far } = providers;
  for (const [flag, provider] of [
    ['--partner', b],
    ['--far', far],
  ] as const) {
    if (provider !== undefined && provider.id !== cloud.id)
      throw new PeerwayError('InvalidArgument', `${provider.name} is of another cloud than ${a.name}`, { place: flag });
  }
  if (b !== undefined && (b.region !== a.region || (b.account !== undefined && b.account === a.account)))
    throw new PeerwayError('InvalidArgument', `${b.name} is not another account in ${a.region}`, {
      place: '--partner',
      remedy: 'Name an entry of another account in the same region.',
    });
  if (far !== undefined && far.region === a.region)
    throw new PeerwayError('InvalidArgument', `${far.name} is in ${a.region} as well`, {
      place: '--far',
      remedy: 'Name an entry of the same account in another region.',
    });
  return {
    cloud,
    parties: {
      a: partyOf(a),
      ...(b === undefined ? {} : { b: partyOf(b) }),
      ...(far === undefined ? {} : { far: partyOf(far) }),
    },
  };
}

function partyOf(provider: Provider): Party {
  const raw = provider.native(rawApi);
  if (raw === undefined)
    throw new PeerwayError('Unsupported', `${provider.displayName} cannot be asked in its own words by this package`, {
      remedy: 'Install the provider in the version of the command.',
    });
  return {
    raw,
    region: provider.region,
    ...(provider.account === undefined ? {} : { account: provider.account }),
  };
}

/** The least rights of a run, as a policy of the cloud. */
export async function rightsOf(session: Session, flags: Flags): Promise<object> {
  const cloud = cloudOf(required(flags, 'provider'), '--provider');
  const { roots = [], conditions = [], own = {} } = session.loadOptions();
  const configFile = resolve(session.io.cwd, session.configFile);
  const loaded = await loadPlugin(cloud.id, { configFile, roots, conditions, own });
  if ('problem' in loaded)
    throw new PeerwayError('NotFound', loaded.problem.message, { place: cloud.id, remedy: loaded.problem.remedy });
  return loaded.plugin.permissions?.document(cloud.rights) ?? { actions: cloud.rights };
}

function required(flags: Flags, name: string): string {
  const value = flags.text(name);
  if (value !== undefined) return value;
  throw new PeerwayError('InvalidArgument', `--${name} is missing`, {
    place: 'peerway parity',
    remedy: 'Name an entry of the config file, or a cloud (alibaba, baidu) together with --region.',
  });
}
