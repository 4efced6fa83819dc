/**
 * Every verb in every state: what is sent, and what is said where nothing may be. All changes are denied meanwhile, so that one thing serves
 * for all. Part of the words and of the links suite.
 */
import assert from 'node:assert/strict';
import {
  PEERING_SIDES,
  type Call,
  type HealthCheck,
  type Link,
  type LinkChange,
  type LinkFeature,
  type LinkCreate,
  type Peering,
  type PeeringChange,
  type PeeringFeature,
  type ProviderDriver,
  type Support,
} from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { outcomeOf, type Outcome } from '../distortion.js';
import type { LoggedRequest, WordedThing, Words } from '../harness.js';
import { linkRequest } from './linkRequest.js';

type Verbs = Readonly<Record<string, (driver: ProviderDriver, call: Call) => Promise<unknown>>>;

/** What is done: the steps of its making and its end, the same upon what was read a moment before, or the changes in place. */
type Acts = 'steps' | 'steps upon a reading' | 'changes' | 'a few changes';

/** Of several that are one request with other members the first. */
const FEW: readonly string[] = ['name', 'bandwidth', 'tags', 'suspended', 'resumed', 'health check'];

interface Subject {
  readonly things: readonly WordedThing[];
  readonly kind: keyof Words;
  readonly verbs: (driver: ProviderDriver, call: Call) => Promise<Verbs>;
}

const isSupported = (support: Support | undefined): boolean => support?.status === 'supported';

const inShort = (requests: readonly LoggedRequest[]): string =>
  requests.length === 0
    ? 'nothing'
    : [...new Set(requests.map(({ operation, mutating }) => `${operation}${mutating ? '!' : ''}`))].join(', ');

type StateCode = NonNullable<CaseContext['facts']['harness']['stateCodes']>[number];

function said(outcome: Outcome): string {
  if ('value' in outcome) return 'done';
  const { code, retry, details } = outcome.error;
  return [code, retry, ...(details.outcome === undefined ? [] : [details.outcome])].join(' ');
}

/** Denied, so that nothing changes: what it tries to send is what there is to see. */
async function tryEach(context: CaseContext, { things, kind, verbs }: Subject, refusal?: StateCode): Promise<void> {
  const all: readonly (readonly [string, string])[] = Object.entries(context.facts.harness.words?.[kind] ?? {});
  // what is said of a refusal hangs on the state, and not on which of its words it has
  const words = all.filter(([, state], at) => refusal === undefined || all.findIndex((one) => one[1] === state) === at);
  const usable = present(words.find(([, state]) => state === 'active')?.[0], 'a word for active');
  const driver = await context.driver(A0);
  for (const thing of things) {
    const wordsOf = new Map<string, string[]>(); // what is done → at which words
    for (const [word] of words) {
      await context.world.forceWord?.(thing, word);
      for (const [verb, act] of Object.entries(await verbs(driver, context.call()))) {
        if (refusal !== undefined) await context.world.refuse?.({ ...refusal, on: 'write' });
        await context.world.inject?.({ kind: 'denied', on: 'write', times: Infinity });
        const { value: outcome, requests } = await context.traffic(() => outcomeOf(act(driver, context.call())));
        await context.world.clearFaults?.();
        const changes = requests.filter(({ mutating }) => mutating).length;
        if (refusal === undefined) assert.ok(changes < 2, `${verb}: It goes on after it was refused`);
        const what = `${verb}: ${inShort(requests)}, ${said(outcome)}`;
        wordsOf.set(what, [...(wordsOf.get(what) ?? []), word]);
      }
    }
    await context.world.forceWord?.(thing, usable);
    const which = 'part' in thing ? ` of part ${thing.part}` : '';
    const how = refusal === undefined ? '' : `, refused as ${refusal.nativeCode}`;
    for (const [what, at] of wordsOf)
      context.tell(`does ${what}, at ${at.length === words.length ? 'any word' : at.join(' or ')}${which}${how}`);
  }
}

const few = <T extends readonly [string, ...unknown[]]>(acts: Acts, changes: readonly T[]): readonly T[] =>
  acts === 'a few changes' ? changes.filter(([what]) => FEW.includes(what)) : changes;

const peeringChanges = (context: CaseContext): readonly (readonly [string, PeeringFeature, PeeringChange])[] => [
  ['name', 'name', { kind: 'labels', name: context.uniqueName() }],
  ['description', 'description', { kind: 'labels', description: context.description() }],
  ['bandwidth', 'resize', { kind: 'bandwidth', bandwidthMbps: context.bandwidths()[1] }],
  ['tags', 'retag', { kind: 'tags', set: { kit: 'one' }, remove: [] }],
  ['tags away', 'retag', { kind: 'tags', set: {}, remove: ['kit'] }],
  ['suspended', 'suspend', { kind: 'suspended', suspended: true }],
  ['resumed', 'suspend', { kind: 'suspended', suspended: false }],
  ['name resolution', 'dnsSync', { kind: 'dnsSync', enabled: true }],
  ['protection', 'deletionProtection', { kind: 'deletionProtection', enabled: true }],
];

async function peering(context: CaseContext, acts: Acts): Promise<Subject> {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  const { id } = await context.connect(from, to);
  const { features } = context.mechanism;
  const changes = peeringChanges(context).filter(([, feature]) => isSupported(features[feature]));
  const sides = acts === 'a few changes' ? PEERING_SIDES.slice(0, 1) : PEERING_SIDES;
  const changed = sides.flatMap((side) =>
    few(acts, changes).map(([what, , change]) => [
      `peerings.update ${what} as ${side}`,
      ({ peerings }: ProviderDriver, call: Call) => peerings.update(id, side, change, call),
    ]),
  );
  return {
    things: [{ kind: 'peering', id }],
    kind: 'peering',
    async verbs({ peerings }, call) {
      if (acts.endsWith('changes')) return Object.fromEntries(changed) as Verbs;
      const read = async (side: Peering['seenFrom']): Promise<Peering | undefined> =>
        acts === 'steps' ? undefined : peerings.get(id, side, call).catch(() => undefined);
      const [mine, theirs] = [await read('initiator'), await read('acceptor')];
      const before = (seen: Peering | undefined) => (seen === undefined ? {} : { seen, unrouted: true });
      const how = acts === 'steps' ? '' : ' as it was read';
      return {
        ...(isSupported(features.accept)
          ? { [`peerings.accept${how}`]: (driver, own) => driver.peerings.accept(id, own, theirs) }
          : {}),
        ...(isSupported(features.reject) && acts === 'steps'
          ? { 'peerings.reject': (driver, own) => driver.peerings.reject(id, own) }
          : {}),
        [`peerings.continue${how}`]: async (driver, own) => driver.peerings.continue?.(id, 'initiator', own, mine),
        [`peerings.delete by the initiator${how}`]: (driver, own) =>
          driver.peerings.delete(id, 'initiator', own, before(mine)),
        [`peerings.delete by the acceptor${how}`]: (driver, own) =>
          driver.peerings.delete(id, 'acceptor', own, before(theirs)),
      };
    },
  };
}

const linkChanges = (
  asked: LinkCreate,
  check: HealthCheck,
  bandwidthMbps: number,
): readonly (readonly [string, LinkFeature, LinkChange])[] => [
  ['name', 'relabel', { kind: 'labels', name: asked.name }],
  ['tags', 'retag', { kind: 'tags', set: { kit: 'one' }, remove: [] }],
  ['tags away', 'retag', { kind: 'tags', set: {}, remove: ['kit'] }],
  ['bandwidth', 'resize', { kind: 'bandwidth', bandwidthMbps }],
  ['addresses', 'readdress', { kind: 'addresses', cloudIp: asked.cloudIp, customerIp: asked.customerIp }],
  ['suspended', 'suspend', { kind: 'suspended', suspended: true }],
  ['resumed', 'suspend', { kind: 'suspended', suspended: false }],
  ['health check', 'link', { kind: 'healthCheck', check }],
  ['no health check', 'link', { kind: 'healthCheck' }],
];

async function link(context: CaseContext, kind: 'link' | 'linkPart', acts: Acts): Promise<Subject> {
  const site = await context.network(A0);
  const asked = { ...(await linkRequest(context, site)), tags: {}, clientToken: context.random.uuid() };
  const { id } = await (await context.provider(A0)).links.create(asked);
  const { features, healthCheck, limits } = context.facts.capabilities.links;
  const source = site.cidrs[0].replace(/(\d+)\/\d+$/, (_, first: string) => String(Number(first) + 9));
  const { min, allowed } = limits.bandwidthMbps ?? { min: 10, allowed: undefined };
  const check = { source, target: asked.customerIp };
  const changes = linkChanges(asked, check, allowed?.[0] ?? Math.max(min, 10)).filter(
    ([, feature, change]) =>
      isSupported(features[feature]) && (change.kind !== 'healthCheck' || healthCheck !== undefined),
  );
  const parts = Array.from({ length: context.facts.harness.linkParts ?? 1 }, (_, part) => part);
  return {
    things: kind === 'link' ? [{ kind, id }] : parts.map((part) => ({ kind, id, part })),
    kind,
    async verbs({ links }, call) {
      if (acts.endsWith('changes'))
        return Object.fromEntries(
          few(acts, changes).map(([what, , change]) => [
            `links.update ${what}`,
            async (driver: ProviderDriver, own: Call) => driver.links?.update(id, change, own),
          ]),
        );
      const seen: Link | undefined = acts === 'steps' ? undefined : await links?.get(id, call).catch(() => undefined);
      const how = acts === 'steps' ? '' : ' as it was read';
      return {
        [`links.continue${how}`]: async (driver, own) => driver.links?.continue(id, asked, own, seen),
        [`links.delete${how}`]: async (driver, own) =>
          driver.links?.delete(id, own, seen === undefined ? {} : { seen, unrouted: true }),
      };
    },
  };
}

const common = {
  usually:
    'A state that is met seldom is treated like another one: a change is sent that the cloud refuses, or none at all.',
  needs: [needs.offer('forceWord'), needs.fault('denied')],
} as const;

const ACTS: Readonly<Record<Acts, string>> = {
  steps: 'each step of its making and its end',
  'steps upon a reading': 'each step upon what was just read',
  changes: 'each change in place',
  'a few changes': 'a change in place',
};
const inStates = (
  what: string,
  wanted: NonNullable<Case['needs']>,
  subject: (context: CaseContext, acts: Acts) => Promise<Subject>,
) =>
  (['steps', 'steps upon a reading', 'changes'] as const).map((acts): Case => ({
    ...common,
    name: `In whatever state ${what} is, ${ACTS[acts]} sends one request that changes anything, or says why it does not`,
    needs: [...common.needs, ...wanted],
    run: async (context) => tryEach(context, await subject(context, acts)),
  }));

const onPort = [needs.link('link'), needs.offer('port')];

/** The same, where the cloud says that the state forbids it. */
const refusedInStates = (
  what: string,
  wanted: NonNullable<Case['needs']>,
  subject: (context: CaseContext, acts: Acts) => Promise<Subject>,
) =>
  (['steps', 'a few changes'] as const).map((acts): Case => ({
    ...common,
    name: `In whatever state ${what} is, ${ACTS[acts]} that the cloud refuses for the state says whether to wait or to give up`,
    usually: 'Every such refusal is taken for one that goes away by itself, or for none that does.',
    needs: [
      ...common.needs,
      ...wanted,
      needs.refusals,
      needs.that(({ harness }) => harness.stateCodes !== undefined, 'the harness names no codes of a wrong state'),
    ],
    async run(context) {
      const made = await subject(context, acts);
      for (const code of context.facts.harness.stateCodes ?? []) await tryEach(context, made, code);
    },
  }));

export const peeringInStates: readonly Case[] = [
  ...inStates('a peering', [needs.words('peering')], peering),
  ...refusedInStates('a peering', [needs.words('peering')], peering),
];

/** Every word of the link, or of one of its parts, beside every word of another part. */
const together: Case = {
  name: 'Whatever two parts of a line are at once, a listing shows the link as a reading does',
  usually: 'What they are together is made of the first that says something, or two states are met in no table.',
  needs: [...onPort, needs.offer('forceWord'), needs.words('link'), needs.words('linkPart')],
  async run(context) {
    const site = await context.network(A0);
    const { id } = await (await context.provider(A0)).links.create(await linkRequest(context, site));
    const parts = Array.from({ length: context.facts.harness.linkParts ?? 1 }, (_, part) => part);
    const things: readonly WordedThing[] = [
      { kind: 'link', id },
      ...parts.map((part) => ({ kind: 'linkPart', id, part }) as const),
    ];
    // too many to be told one by one
    const driver = await context.unheard(A0);
    const { links } = context.providerOver(A0, driver);
    const look = async (): Promise<Link> => {
      const listed: Link[] = [];
      for await (const one of links.list({ network: site.id })) listed.push(one);
      const seen = await links.get(id);
      assert.deepEqual(
        only(listed, (one) => one.id === id, 'the link'),
        seen,
      );
      return seen;
    };
    for (const [at, one] of things.entries())
      for (const other of things.slice(at + 1)) await eachPair(context, [one, other], look);
    await driver.close();
  },
};

const naming = (thing: WordedThing): string => (thing.kind === 'linkPart' ? `part ${thing.part}` : thing.kind);

/** What it stands at, and which parts of it count. */
const inBrief = ({ state, reason, next, nextTakesMs, nextHop, bandwidthMbps, retiredHops = [] }: Link): string =>
  [
    state,
    ...(reason === undefined ? [] : [reason]),
    ...(next === undefined ? [] : [`next ${next}`]),
    ...(nextTakesMs === undefined ? [] : ['which takes a while']),
    ...(nextHop === undefined ? ['no hop'] : []),
    ...(bandwidthMbps === undefined ? ['no bandwidth'] : []),
    ...(retiredHops.length === 0 ? [] : [`${retiredHops.length} retired`]),
  ].join(', ');

async function eachPair(
  context: CaseContext,
  [one, other]: readonly [WordedThing, WordedThing],
  look: () => Promise<Link>,
): Promise<void> {
  const wordsOf = ({ kind }: WordedThing) => Object.entries(context.facts.harness.words?.[kind] ?? {});
  const found = new Map<string, string[]>();
  for (const [word] of wordsOf(one))
    for (const [second] of wordsOf(other)) {
      await context.world.forceWord?.(other, second);
      await context.world.forceWord?.(one, word);
      const what = inBrief(await look());
      found.set(what, [...(found.get(what) ?? []), `${word} and ${second}`]);
    }
  for (const thing of [one, other])
    await context.world.forceWord?.(thing, wordsOf(thing).find(([, state]) => state === 'active')?.[0] ?? '');
  for (const [what, at] of found)
    context.tell(`shows a link as ${what}, where ${naming(one)} and ${naming(other)} are ${at.join(', ')}`);
}

export const linkInStates: readonly Case[] = [
  together,
  ...inStates('a link', [...onPort, needs.words('link')], (context, acts) => link(context, 'link', acts)),
  ...refusedInStates('a link', [...onPort, needs.words('link')], (context, acts) => link(context, 'link', acts)),
  ...inStates('a part of a line', [...onPort, needs.words('linkPart')], (context, acts) =>
    link(context, 'linkPart', acts),
  ),
];
