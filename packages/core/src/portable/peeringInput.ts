/** From what a user asks of a peering to what a driver may rely on: every check that needs no request, in one place. */
import type { MechanismCapabilities, PeeringFeature, Support } from '../driver/capabilities.js';
import type { ObjectSettings, PeeringChange, PeeringCreate, PeeringTarget, SettingsChange } from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import { accountId, networkId, regionId, type AccountOwner, type NetworkId, type RegionId } from '../model/ids.js';
import type { Tags } from '../model/peering.js';
import { bandwidthProblem, listOf, problemsOf, refuse, supportProblem, tagProblems, textProblem } from './gate.js';

/** A peering to be made. */
export interface PeeringRequest {
  /** A network of this provider's account and region. */
  readonly initiator: NetworkId;
  readonly acceptor: PeeringTarget;
  /** Default: the provider's first mechanism. */
  readonly mechanism?: string;
  readonly name?: string;
  readonly description?: string;
  /** Whole megabits per second, more than 0, within the mechanism's limits; required, optional or refused as its `bandwidth` says. */
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  /** Protected against deletion from the first moment; `false` is the same as leaving it out. */
  readonly deletionProtection?: boolean;
  /** The provider's own settings for this one peering, of its class `peeringOptions`. */
  readonly settings?: ObjectSettings;
  /** Default: a fresh one. Give your own to make the creation idempotent over restarts; 1 to 64 printable ASCII characters. */
  readonly clientToken?: string;
}

/** What to change of a peering; what is absent stays as it is. */
export interface PeeringUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  /** Tags to add or overwrite. */
  readonly setTags?: Tags;
  readonly removeTags?: readonly string[];
  readonly deletionProtection?: boolean;
  readonly dnsSync?: boolean;
  /** The provider's own settings to write, see `SettingDrift`. */
  readonly settings?: SettingsUpdate;
}

/** Which settings to write, and what is declared for the object; a name without a value goes back to the entry's options or the default. */
export interface SettingsUpdate {
  readonly names: readonly string[];
  readonly values: ObjectSettings;
}

/** What is known about the provider that a request goes to. */
interface RequestContext {
  readonly provider: string;
  readonly region: RegionId;
  /** When the user wrote it down, or a reading shows it. */
  readonly account: AccountOwner | undefined;
  readonly mechanism: MechanismCapabilities;
}

/**
 * From a request to what a driver may rely on.
 * @param token a fresh token
 * @throws PeerwayError `InvalidArgument`, `Unsupported`: the first of the request's problems
 */
export function checkedCreate(request: PeeringRequest, context: RequestContext, token: () => string): PeeringCreate {
  refuse(peeringProblems(request, context)[0]);
  const { account, region, network } = request.acceptor;
  return {
    mechanism: context.mechanism.name,
    initiator: networkId(request.initiator),
    acceptor: {
      ...(account === undefined ? {} : { account: accountId(account) }),
      region: regionId(region),
      network: networkId(network),
    },
    tags: request.tags ?? {},
    clientToken: request.clientToken ?? token(),
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.description === undefined ? {} : { description: request.description }),
    ...(request.bandwidthMbps === undefined ? {} : { bandwidthMbps: request.bandwidthMbps }),
    ...(request.deletionProtection === true ? { deletionProtection: true } : {}),
    ...(request.settings === undefined || Object.keys(request.settings).length === 0
      ? {}
      : { settings: request.settings }),
  };
}

/** Everything that is wrong with a request, as far as is known without asking the cloud; `place` of each is its field. */
export function peeringProblems(request: PeeringRequest, context: RequestContext): PeerwayError[] {
  const { provider, mechanism, region, account } = context;
  const { features, limits } = mechanism;
  const { acceptor, tags = {}, clientToken } = request;
  const foreign = acceptor.account !== undefined && account !== undefined && acceptor.account !== account;
  const sameRegion = acceptor.region === region;
  return [
    ...problemsOf(() => idProblems(request)),
    ...(sameRegion ? [] : listOf(supportProblem(features.crossRegion, provider, 'peering across regions', 'acceptor'))),
    ...(foreign ? listOf(supportProblem(features.crossAccount, provider, 'peering across accounts', 'acceptor')) : []),
    ...labelProblems(request, mechanism, provider),
    ...(Object.keys(tags).length === 0
      ? []
      : listOf(supportProblem(features.tags, provider, 'tags on a peering', 'tags'))),
    ...(features.tags.status === 'supported' ? tagProblems(tags, limits.tags) : []),
    ...(request.deletionProtection === true
      ? listOf(
          supportProblem(
            features.deletionProtection,
            provider,
            'deletion protection of a peering',
            'deletionProtection',
          ),
        )
      : []),
    ...settingProblems(request.settings, mechanism.settings, {
      provider,
      what: `a ${mechanism.name} peering`,
      sameRegion,
      foreign,
    }),
    ...listOf(missingBandwidth(request.bandwidthMbps, mechanism, provider)),
    ...offeredBandwidth(request.bandwidthMbps, features.bandwidth, sameRegion, mechanism, provider),
    ...(clientToken === undefined || /^[\x21-\x7e]{1,64}$/.test(clientToken)
      ? []
      : [
          new PeerwayError('InvalidArgument', 'clientToken does not fit', {
            place: 'clientToken',
            remedy: 'Use 1 to 64 printable ASCII characters.',
          }),
        ]),
  ];
}

/**
 * The single changes of an update, in the order in which they are made: what is taken back comes before the labels, what is set after
 * them. A caller who notes in the labels what it has set can so break off anywhere and still know what is left to take back.
 */
export function changesOf(update: PeeringUpdate): PeeringChange[] {
  const { name, description, bandwidthMbps, setTags = {}, removeTags = [] } = update;
  const { deletionProtection, dnsSync } = update;
  const changes: PeeringChange[] = [];
  const switches = (enabled: boolean): void => {
    if (deletionProtection === enabled) changes.push({ kind: 'deletionProtection', enabled });
    if (dnsSync === enabled) changes.push({ kind: 'dnsSync', enabled });
  };
  switches(false);
  changes.push(...settingsChanges(update.settings, 'taken-back'));
  if (name !== undefined || description !== undefined) {
    changes.push({
      kind: 'labels',
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    });
  }
  if (Object.keys(setTags).length > 0 || removeTags.length > 0)
    changes.push({ kind: 'tags', set: setTags, remove: removeTags });
  if (bandwidthMbps !== undefined) changes.push({ kind: 'bandwidth', bandwidthMbps });
  switches(true);
  changes.push(...settingsChanges(update.settings, 'set'));
  return changes;
}

/** The names that are declared for the object, or those that are not any more, as one change; none: no change. */
export function settingsChanges(update: SettingsUpdate | undefined, which: 'set' | 'taken-back'): SettingsChange[] {
  if (update === undefined) return [];
  const { names, values } = update;
  const wanted = names.filter((name) => Object.hasOwn(values, name) === (which === 'set'));
  return wanted.length === 0 ? [] : [{ kind: 'settings', names: wanted, values }];
}

/**
 * Everything that is wrong with an update, as far as is known without asking the cloud.
 * @param sameRegion whether both ends are in one region; undefined: not known
 */
export function updateProblems(
  update: PeeringUpdate,
  mechanism: MechanismCapabilities,
  provider: string,
  sameRegion?: boolean,
): PeerwayError[] {
  const { features, limits } = mechanism;
  const { bandwidthMbps, setTags = {}, removeTags = [], deletionProtection, dnsSync } = update;
  const wanted: readonly (readonly [boolean, PeeringFeature, string, string])[] = [
    [Object.keys(setTags).length + removeTags.length > 0, 'retag', 'changing the tags of a peering', 'tags'],
    [deletionProtection === true, 'deletionProtection', 'deletion protection of a peering', 'deletionProtection'],
    [dnsSync === true, 'dnsSync', 'DNS synchronisation of a peering', 'dnsSync'],
  ];
  return [
    ...labelProblems(update, mechanism, provider),
    ...wanted.flatMap(([asked, feature, what, place]) =>
      asked ? listOf(supportProblem(features[feature], provider, what, place)) : [],
    ),
    ...tagProblems(setTags, limits.tags),
    ...offeredBandwidth(bandwidthMbps, features.resize, sameRegion, mechanism, provider),
  ];
}

/** What of an object's settings the provider, or this place, does not take; the values are the business of the plugin's class. */
export function settingProblems(
  settings: ObjectSettings = {},
  offered: MechanismCapabilities['settings'],
  of: { readonly provider: string; readonly what: string; readonly sameRegion?: boolean; readonly foreign?: boolean },
): PeerwayError[] {
  return Object.keys(settings).flatMap((name) => {
    const place = `settings.${name}`;
    const support = offered !== undefined && Object.hasOwn(offered, name) ? offered[name] : undefined;
    const refusal = (why: string, remedy: string): PeerwayError[] => [
      new PeerwayError('Unsupported', `${name} is no option of ${of.what}${why}`, {
        provider: of.provider,
        place,
        remedy,
      }),
    ];
    if (support === undefined) {
      const names = Object.keys(offered ?? {});
      return refusal(
        '',
        names.length === 0 ? 'Remove it: there are none.' : `Remove it; there are ${names.join(', ')}.`,
      );
    }
    if (support.only === 'crossRegion' && of.sameRegion === true)
      return refusal(' inside one region', 'Remove it, or peer networks of two regions.');
    if (support.only === 'sameAccount' && of.foreign === true)
      return refusal(' across accounts', 'Remove it: only inside one account is it the initiator’s to choose.');
    return [];
  });
}

function idProblems({ initiator, acceptor }: PeeringRequest): PeerwayError[] {
  networkId(initiator);
  if (acceptor.account !== undefined) accountId(acceptor.account);
  regionId(acceptor.region);
  if (networkId(acceptor.network) !== initiator) return [];
  return [
    new PeerwayError('InvalidArgument', `${initiator} cannot be peered with itself`, {
      place: 'acceptor',
      remedy: 'Name two different networks.',
    }),
  ];
}

const labelProblems = (
  { name, description }: Pick<PeeringRequest, 'name' | 'description'>,
  { features, limits }: MechanismCapabilities,
  provider: string,
): PeerwayError[] => [
  ...(name === undefined ? [] : listOf(supportProblem(features.name, provider, 'naming a peering', 'name'))),
  ...(description === undefined
    ? []
    : listOf(supportProblem(features.description, provider, 'describing a peering', 'description'))),
  ...listOf(textProblem(name, limits.name, 'name')),
  ...listOf(textProblem(description, limits.description, 'description')),
];

function missingBandwidth(
  bandwidthMbps: number | undefined,
  mechanism: MechanismCapabilities,
  provider: string,
): PeerwayError | undefined {
  if (bandwidthMbps !== undefined || mechanism.bandwidth !== 'required') return undefined;
  return new PeerwayError('InvalidArgument', `A ${mechanism.name} peering needs bandwidthMbps`, {
    provider,
    place: 'bandwidthMbps',
    remedy: 'Add bandwidthMbps, in megabits per second.',
  });
}

/** What is wrong with a bandwidth that is given, at creation or later; `support` is of the verb that would set it. */
function offeredBandwidth(
  bandwidthMbps: number | undefined,
  support: Support,
  sameRegion: boolean | undefined,
  mechanism: MechanismCapabilities,
  provider: string,
): PeerwayError[] {
  if (bandwidthMbps === undefined) return [];
  const place = 'bandwidthMbps';
  const unsupported = supportProblem(support, provider, 'choosing the bandwidth of a peering', place);
  if (unsupported !== undefined) return [unsupported];
  if (mechanism.bandwidth === 'crossRegion' && sameRegion === true) {
    return [
      new PeerwayError('InvalidArgument', `A ${mechanism.name} peering inside one region takes no bandwidthMbps`, {
        provider,
        place,
        remedy: 'Leave bandwidthMbps out, or peer networks of two regions.',
      }),
    ];
  }
  return listOf(bandwidthProblem(bandwidthMbps, mechanism.limits.bandwidthMbps));
}
