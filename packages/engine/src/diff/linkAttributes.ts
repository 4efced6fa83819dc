/** What of a link that stays differs from its declaration, and whether the cloud changes it in place. Pure. */
import {
  cidrFamily,
  probesAs,
  tagOf,
  textProblem,
  type HealthCheck,
  type Link,
  type LinkUpdate,
  type Support,
} from '@peerway/core';
import { declaredOfLink, isOurs, ourDrift, toName, type Authorship } from '../world/authorship.js';
import { linksOf } from '../world/linkEntries.js';
import { linkObject } from '../world/linkFacts.js';
import type { SeenLink, SeenNetwork } from '../world/observe.js';
import {
  ADOPTED_TAG,
  markerPlace,
  markerTags,
  markerText,
  readMarkerText,
  saidOf,
  saysSet,
  type Owner,
} from '../world/ownership.js';
import { tagChange } from '../world/tagList.js';
import type { DiffInput } from './planDraft.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { Problem } from '../plan/plan.js';
import type { LinkSpec } from '../declaration/stack.js';

interface Note {
  readonly kind: DriftKind;
  readonly detail: string;
}

/** One attribute that differs. */
interface Difference extends Note {
  /** For the step: what changes into what. */
  readonly reason: string;
  readonly support: Support;
  readonly update: LinkUpdate;
  /** Where the cloud cannot change it: made anew, or left with a warning, or an error that the declaration has to give way to. */
  readonly otherwise: 'replace' | 'warn' | 'error';
  /** Routes that point at the link wait for it. */
  readonly disturbs?: boolean;
}

export interface LinkChanges {
  readonly update: LinkUpdate;
  /** Empty: nothing to change. */
  readonly reasons: readonly string[];
  readonly notes: readonly Note[];
  readonly problems: readonly Omit<Problem, 'object'>[];
  readonly disturbs: boolean;
  /** Set: only a new link can have what is declared. */
  readonly misfit?: Note & { readonly reason: string };
}

const ALWAYS: Support = { status: 'supported', checkedOn: '' };

export function linkChanges(
  { stack, linksApart }: DiffInput,
  spec: LinkSpec,
  network: SeenNetwork,
  seen: SeenLink,
  owner: Owner,
): LinkChanges {
  const { link, provider } = seen;
  const { features } = provider.capabilities.links;
  const adopted = owner.kind !== 'none' && owner.marker.adopted;
  const { decides } = markerPlace(features);
  const able = (support: Support): boolean => support.status === 'supported';
  const author: Authorship = { adopted, says: saysSet(link, decides) };
  const settings = settingsOf(seen, spec, author);
  const health = healthDifference(seen, spec, author);
  const text = textOf(link, spec, author);
  const differing = new Set([
    ...(text === saidOf(link.description) ? [] : ['description']),
    ...health.map(() => 'healthCheck'),
    ...settings.differences.flatMap(({ update }) => update.settings?.names ?? []),
  ]);
  const names = toName(declaredOfLink(spec), adopted).filter((name) => author.says(name) || differing.has(name));
  // what nothing takes away is named until somebody does
  names.push(...settings.stuck, ...health.filter((one) => !able(one.support)).map(() => 'healthCheck'));
  const marks: Marks = { stack: stack.name, owner, decides, names };
  const differences = [
    ...nameDifference(link, spec, adopted, features.relabel),
    ...descriptionDifference(seen, spec, marks, text, linksApart(seen.provider)),
    ...tagDifference(seen, spec, marks),
    ...health,
    ...bandwidthDifference(link, spec, features.resize),
    ...addressDifference(link, spec, features.readdress),
    ...prefixDifference(link, network),
    ...settings.differences,
  ];
  const [mine, cannot] = [
    differences.filter((one) => able(one.support)),
    differences.filter((one) => !able(one.support)),
  ] as const;
  const misfit = cannot.find((one) => one.otherwise === 'replace');
  return {
    update: mergeUpdates(mine.map((one) => one.update)),
    reasons: mine.map((one) => one.reason),
    notes: differences.map(({ kind, detail }) => ({ kind, detail })),
    problems: [
      ...cannot.flatMap((one) => (one.otherwise === 'replace' ? [] : [cannotChange(one, one.otherwise)])),
      ...settings.problems,
    ],
    disturbs: mine.some((one) => one.disturbs === true),
    ...(misfit === undefined
      ? {}
      : {
          misfit: {
            kind: misfit.kind,
            detail: misfit.detail,
            reason: `${misfit.reason}, which ${provider.displayName} cannot change in place`,
          },
        }),
  };
}

function cannotChange({ detail, support, reason }: Difference, severity: 'warn' | 'error'): Omit<Problem, 'object'> {
  const why = support.status === 'supported' ? '' : `: ${support.reason}`;
  return {
    severity: severity === 'warn' ? 'warning' : 'error',
    kind: 'unsupported',
    message: `${detail}, and it cannot be changed${why}`,
    remedy:
      severity === 'warn'
        ? `Set it in the cloud’s console (${reason}), or declare what is there.`
        : 'Declare what is there, or remove the link and apply again.',
  };
}

const mergeUpdates = (updates: readonly LinkUpdate[]): LinkUpdate => {
  const merged = Object.assign({}, ...updates) as LinkUpdate;
  const settings = updates.flatMap((update) => update.settings ?? []);
  const [first] = settings;
  if (first === undefined) return merged;
  return { ...merged, settings: { names: settings.flatMap(({ names }) => names), values: first.values } };
};

/** What an adopted link was called, and whatever else was written on it, stays its maker's. */
function nameDifference(link: Link, spec: LinkSpec, adopted: boolean, support: Support): Difference[] {
  if (adopted || link.name === spec.name) return [];
  const reason = `name ${link.name || 'none'} → ${spec.name}`;
  const detail = `${linkObject(link)} is called ${JSON.stringify(link.name)}; it is ${spec.name} in the file`;
  return [{ kind: 'link-name-changed', detail, reason, support, update: { name: spec.name }, otherwise: 'warn' }];
}

/** Our marks on a link, as they are and as they shall be. */
interface Marks {
  readonly stack: string;
  readonly owner: Owner;
  readonly decides: ReturnType<typeof markerPlace>['decides'];
  /** What they are to name, see authorship.ts. */
  readonly names: readonly string[];
}

/** What the description is to say behind our mark; what its maker said stays, until the file says something. */
const textOf = ({ description: there }: Link, { description: declared }: LinkSpec, author: Authorship): string =>
  declared ?? (isOurs('description', author) ? '' : saidOf(there));

/** Mark and text. Where tags decide, the description of an adopted link bears no mark, unless it names us already. */
function descriptionDifference(
  { link, provider }: SeenLink,
  spec: LinkSpec,
  { stack, owner, decides, names }: Marks,
  text: string,
  also: boolean,
): Difference[] {
  const { features, limits } = provider.capabilities.links;
  const there = link.description;
  if (features.description.status !== 'supported' || owner.kind === 'none') return [];
  const byText = decides === 'description';
  const marker = readMarkerText(there);
  const { adopted } = owner.marker;
  const bare = !byText && adopted && marker?.stack !== stack;
  const more = {
    also: byText && (also || marker?.also === true),
    adopted: byText && adopted,
    set: byText ? names : [],
  };
  const whole = markerText(stack, spec.name, { ...more, text });
  // what its maker said gives way to the mark; what the file says is refused by the prechecks
  const fits = spec.description !== undefined || textProblem(whole, limits.description, '') === undefined;
  const marked = fits ? whole : markerText(stack, spec.name, more);
  // where nobody has said anything, nothing is to be said
  const quiet = bare && saidOf(there) === '' ? there : marked;
  const description = bare && text !== '' ? text : quiet;
  if (there === description) return [];
  const object = linkObject(link);
  const common = { support: features.relabel, update: { description }, otherwise: 'warn' } as const;
  if (saidOf(there) !== text && fits && (bare || marker?.stack === stack))
    return [
      {
        ...common,
        kind: 'description-changed',
        detail: `the description of ${object} says ${JSON.stringify(saidOf(there))}; ${JSON.stringify(text)} is declared`,
        reason: text === '' ? 'no description' : 'the description',
      },
    ];
  const was = marker?.stack === stack ? marker.connection : owner.marker.connection;
  const renamed = was !== spec.name;
  return [
    {
      ...common,
      kind: renamed ? 'link-renamed' : 'marker-lost',
      detail: renamed
        ? `${object} is marked ${was}; it is ${spec.name} now`
        : `the description of ${object} does not name us`,
      reason: 'the marker in its description',
    },
  ];
}

function tagDifference(
  { link, provider }: SeenLink,
  spec: LinkSpec,
  { stack, owner, decides, names }: Marks,
): Difference[] {
  const { features } = provider.capabilities.links;
  if (features.tags.status !== 'supported') return [];
  const able = features.retag.status === 'supported';
  const adopted = owner.kind !== 'none' && owner.marker.adopted ? { [ADOPTED_TAG]: 'yes' } : {};
  const declared = spec.tags ?? {};
  const { set, remove } = able
    ? tagChange(link.tags, declared, { ...markerTags(stack, spec.name), ...adopted }, decides === 'tags' ? names : [])
    : {
        set: Object.fromEntries(Object.entries(declared).filter(([key, value]) => tagOf(link.tags, key) !== value)),
        remove: [],
      };
  const keys = [...Object.keys(set), ...remove];
  if (keys.length === 0) return [];
  const lost = owner.kind === 'lost';
  const missing = Object.keys(declared).some((key) => tagOf(link.tags, key) === undefined);
  const update: LinkUpdate = {
    ...(Object.keys(set).length === 0 ? {} : { setTags: set }),
    ...(remove.length === 0 ? {} : { removeTags: remove }),
  };
  return [
    {
      kind: lost ? 'marker-lost' : remove.length > 0 ? 'tag-left' : missing ? 'tag-missing' : 'tag-changed',
      detail: lost
        ? `the marker tags of ${linkObject(link)} were removed; its description still names us`
        : `the tags ${keys.sort().join(', ')} of ${linkObject(link)} are not as declared`,
      reason: [
        ...(Object.keys(set).length === 0 ? [] : [`tags ${Object.keys(set).sort().join(', ')}`]),
        ...(remove.length === 0 ? [] : [`without the tags ${remove.join(', ')}`]),
      ].join('; '),
      support: features.retag,
      update,
      otherwise: 'warn',
    },
  ];
}

function bandwidthDifference(link: Link, { bandwidthMbps }: LinkSpec, support: Support): Difference[] {
  const there = link.bandwidthMbps;
  if (bandwidthMbps === undefined || there === undefined || there === bandwidthMbps) return [];
  const detail = `${linkObject(link)} has ${there} Mbit/s; ${bandwidthMbps} Mbit/s is declared`;
  const reason = `bandwidth ${there} → ${bandwidthMbps} Mbit/s`;
  const update = { bandwidthMbps };
  return [{ kind: 'bandwidth-changed', detail, reason, support, update, otherwise: 'error', disturbs: true }];
}

/** Addresses are compared without their prefix where the cloud does not show it. */
function addressDifference(link: Link, { cloudIp, customerIp }: LinkSpec, support: Support): Difference[] {
  const differs = (seen: string | undefined, wanted: string): boolean =>
    seen !== undefined && seen !== (seen.includes('/') ? wanted : bare(wanted));
  if (!differs(link.cloudIp, cloudIp) && !differs(link.customerIp, bare(customerIp))) return [];
  const [from, to] = [`${link.cloudIp ?? '?'} and ${link.customerIp ?? '?'}`, `${cloudIp} and ${customerIp}`];
  const detail = `${linkObject(link)} has the addresses ${from}; ${to} are declared`;
  const update = { addresses: { cloudIp, customerIp: bare(customerIp) } };
  const reason = `addresses ${from} → ${to}`;
  return [{ kind: 'link-addresses-changed', detail, reason, support, update, otherwise: 'replace', disturbs: true }];
}

const bare = (address: string): string => address.split('/')[0] ?? address;

/** The list of the network's prefixes that the line may reach, where the cloud keeps one. */
function prefixDifference(link: Link, { network }: SeenNetwork): Difference[] {
  if (link.localPrefixes === undefined || network === undefined) return [];
  const wanted = network.cidrs.filter((cidr) => cidrFamily(cidr) === 4).sort();
  const there = [...link.localPrefixes].sort();
  // an unbound one offers nothing yet; finishing it offers all
  if (link.next === 'continue' || wanted.join() === there.join()) return [];
  const detail = `${linkObject(link)} offers ${there.join(', ') || 'nothing'} to the line; the network has ${wanted.join(', ')}`;
  const reason = `offers ${wanted.join(', ')} to the line`;
  const update = { localPrefixes: wanted };
  return [{ kind: 'link-prefixes-changed', detail, reason, support: ALWAYS, update, otherwise: 'error' }];
}

/** How the line is probed. */
function healthDifference({ link, provider }: SeenLink, { healthCheck }: LinkSpec, author: Authorship): Difference[] {
  const { healthCheck: limits } = provider.capabilities.links;
  if (limits === undefined || link.state !== 'active') return []; // a step of making it sets it
  const { healthCheck: there } = link;
  const object = linkObject(link);
  if (healthCheck === undefined) {
    if (there === undefined || !isOurs('healthCheck', author)) return [];
    const detail = `${object} is probed, and no health check is declared any more`;
    const support: Support = limits.removable
      ? ALWAYS
      : {
          status: 'unsupported',
          reason: 'there is no operation that takes one away',
          source: limits.page,
          checkedOn: limits.checkedOn,
        };
    return [
      {
        kind: 'health-check-changed',
        detail,
        reason: 'no health check',
        support,
        update: { healthCheck: 'none' },
        otherwise: 'warn',
      },
    ];
  }
  if (probesAs(there, healthCheck)) return [];
  const detail = `${object} is probed by ${shown(there)}; ${shown(healthCheck)} is declared`;
  return [
    {
      kind: 'health-check-changed',
      detail,
      reason: 'the health check',
      support: ALWAYS,
      update: { healthCheck },
      otherwise: 'error',
    },
  ];
}

const shown = (check: HealthCheck | undefined): string => (check === undefined ? 'nothing' : JSON.stringify(check));

function settingsOf(
  seen: SeenLink,
  { settings: values = {} }: LinkSpec,
  author: Authorship,
): {
  readonly differences: Difference[];
  readonly problems: Omit<Problem, 'object'>[];
  /** Names of what nothing takes away. */
  readonly stuck: string[];
} {
  const { link } = seen;
  const stuck: string[] = [];
  const object = linkObject(link);
  const differences: Difference[] = [];
  const problems: Omit<Problem, 'object'>[] = [];
  for (const { name, seen: shown, wanted, change } of ourDrift(linksOf(seen).settingsDrift(link, values), author)) {
    const detail = `${name} of ${object} is ${shown}; ${wanted} is declared`;
    if (change === 'fixed') {
      if (wanted === 'none') stuck.push(name);
      const remedy = `Declare ${shown}, or remove the link and apply again.`;
      problems.push({
        severity: 'warning',
        kind: 'unsupported',
        message: `${detail}, and nothing can change it`,
        remedy,
      });
      continue;
    }
    differences.push({
      kind: 'setting-changed',
      detail,
      reason: `${name} ${shown} → ${wanted}`,
      support: change === 'in-place' ? ALWAYS : { status: 'unsupported', reason: '', source: '', checkedOn: '' },
      update: { settings: { names: [name], values } },
      otherwise: 'replace',
    });
  }
  return { differences, problems, stuck };
}
