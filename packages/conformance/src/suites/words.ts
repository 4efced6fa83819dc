/** Every state word of the cloud, and how it spells prefixes: what is read must not depend on what is usual. */
import assert from 'node:assert/strict';
import { isPeerwayError, type Cidr } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { only, present, refused } from '../expectations.js';
import type { WordedThing, Words } from '../harness.js';
import { A0, type CaseContext } from '../caseContext.js';
import { joined, toward } from './joined.js';
import { linkRequest } from './linkRequest.js';
import { distortedReadings } from './distortions.js';
import { peeringInStates } from './verbsInStates.js';
import { unreadableCases } from './wholeReadings.js';

const UNKNOWN = 'hovering';

/** How one kind of thing is made and looked at: by itself where a cloud can, and in a listing. */
interface Kind {
  readonly needs: NonNullable<Case['needs']>;
  make(
    context: CaseContext,
  ): Promise<{ readonly things: readonly [WordedThing, ...WordedThing[]]; readonly looks: readonly Look[] }>;
}
/** One way of reading it; undefined when it is not shown. */
type Look = () => Promise<Shown | undefined>;
interface Shown {
  readonly state: string;
  readonly nativeState: string;
}

const listedOf = async <T extends Shown>(
  items: AsyncIterable<T>,
  fits: (item: T) => boolean,
): Promise<T | undefined> => {
  const found: T[] = [];
  for await (const item of items) if (fits(item)) found.push(item);
  assert.ok(found.length <= 1, 'It was listed twice');
  return found[0];
};

const unlessMissing = async (reading: Promise<Shown>): Promise<Shown | undefined> =>
  reading.catch((error: unknown) => {
    if (isPeerwayError(error, 'NotFound')) return undefined;
    throw error;
  });

const KINDS: Record<keyof Words, Kind> = {
  network: {
    needs: [],
    async make(context) {
      const { id } = await context.network(A0);
      const { networks } = await context.provider(A0);
      const looks: Look[] = [() => networks.get(id), () => listedOf(networks.list(), (one) => one.id === id)];
      return { things: [{ kind: 'network', id }], looks };
    },
  },
  peering: {
    needs: [],
    async make(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      const { id } = await context.connect(from, to);
      const { peerings } = await context.provider(A0);
      const looks: Look[] = [
        () => unlessMissing(peerings.get(id, { side: 'initiator' })),
        () => unlessMissing(peerings.get(id, { side: 'acceptor' })),
        () => listedOf(peerings.list({ network: from.id }), (one) => one.id === id),
        () => listedOf(peerings.list({ between: [from.id, to.id] }), (one) => one.id === id),
      ];
      return { things: [{ kind: 'peering', id }], looks };
    },
  },
  route: {
    needs: [needs.route('explicit')],
    async make(context) {
      const both = await joined(context);
      const destination = context.unusedDestination();
      const { routes } = await context.provider(A0);
      await routes.create(toward(both, destination));
      const look = () => listedOf(routes.list(both.from.id, both.table), (one) => one.destination === destination);
      return { things: [{ kind: 'route', network: both.from.id, destination }], looks: [look] };
    },
  },
  link: {
    needs: [needs.link('link'), needs.offer('port')],
    async make(context) {
      const { id, looks } = await linked(context);
      return { things: [{ kind: 'link', id }], looks };
    },
  },
  linkPart: {
    needs: [needs.link('link'), needs.offer('port')],
    async make(context) {
      const { id, looks } = await linked(context);
      const part = (at: number): WordedThing => ({ kind: 'linkPart', id, part: at });
      const others = Array.from({ length: (context.facts.harness.linkParts ?? 1) - 1 }, (_, at) => part(at + 1));
      return { things: [part(0), ...others], looks };
    },
  },
};

async function linked(context: CaseContext) {
  const site = await context.network(A0);
  const { links } = await context.provider(A0);
  const { id } = await links.create(await linkRequest(context, site));
  const looks: Look[] = [
    () => unlessMissing(links.get(id)),
    () => listedOf(links.list({ network: site.id }), (one) => one.id === id),
  ];
  return { id, looks };
}

const known = (kind: keyof Words): Case => ({
  name: `Every word of the cloud for the state of a ${kind} is read as what it means, and is shown beside it`,
  usually: 'The state table maps a word to something else, or a word is missing in it.',
  needs: [...KINDS[kind].needs, needs.offer('forceWord'), needs.words(kind)],
  async run(context) {
    const words = Object.entries(context.facts.harness.words?.[kind] ?? {}) as [string, string][];
    const usable = present(
      words.find(([, state]) => state === 'active'),
      'a word for active',
    )[0];
    const { things, looks } = await KINDS[kind].make(context);
    for (const thing of things) {
      for (const [word, state] of words) {
        await context.world.forceWord?.(thing, word);
        for (const look of looks) {
          const seen = await look();
          assert.equal(seen?.state, state === 'deleted' ? undefined : state, `The cloud says ${word}`);
          // where several parts have a word each, all of them are shown
          if (seen !== undefined) assert.ok(seen.nativeState.split(' ').includes(word), `${word}: ${seen.nativeState}`);
        }
      }
      await context.world.forceWord?.(thing, usable);
    }
  },
});

const unknown = (kind: keyof Words): Case => ({
  name: `A word for the state of a ${kind} that no table knows is reported as Unknown, and never guessed`,
  usually: 'A default branch maps every other word to something. Say Unknown, with the word in the message.',
  needs: [...KINDS[kind].needs, needs.offer('forceWord'), needs.words(kind)],
  async run(context) {
    const words = Object.entries(context.facts.harness.words?.[kind] ?? {}) as [string, string][];
    const { things, looks } = await KINDS[kind].make(context);
    const [thing] = things;
    await context.world.forceWord?.(thing, UNKNOWN);
    for (const look of looks) {
      const error = await refused(look(), 'Unknown');
      assert.ok(error.message.includes(UNKNOWN), `The word is not in the message: ${error.message}`);
    }
    const usable = words.find(([, state]) => state === 'active');
    await context.world.forceWord?.(thing, present(usable, 'a word for active')[0]);
  },
});

const KINDS_OF_WORDS = Object.keys(KINDS) as (keyof Words)[];

/** Host bits set and upper case: what a prefix may look like in an answer. */
function otherSpelling(cidr: Cidr): string {
  const [address = '', length] = cidr.split('/');
  if (cidr.includes(':')) return `${address.replace(/::$/, '::AB')}/${length}`.toUpperCase();
  return `${address.replace(/\d+$/, (last) => String(Number(last) + 1))}/${length}`;
}

export const words: Suite = {
  topic: 'words',
  about:
    'every state word of the cloud is read as what it means; one that nobody knows is an error; prefixes are canonical',
  cases: [
    // many readings, so that there should be little to list
    ...distortedReadings,
    ...peeringInStates,
    ...KINDS_OF_WORDS.map(known),
    ...KINDS_OF_WORDS.map(unknown),
    ...unreadableCases,
    {
      name: 'The prefixes of a network are canonical however the cloud spells them',
      usually: 'The text of the cloud is passed on: pass it through canonicalCidr.',
      needs: [needs.offer('addNetwork'), needs.offer('respell')],
      async run(context) {
        const cidrs = [
          context.unusedCidr(),
          ...(context.offers('secondaryPrefixes') ? [context.unusedCidr()] : []),
          ...(context.offers('ipv6Networks') ? [context.unusedCidr6()] : []),
        ] as const;
        const { id } = await context.network(A0, cidrs);
        await context.world.respell?.({ kind: 'network', id, prefixes: cidrs.map(otherSpelling) });
        assert.deepEqual((await (await context.provider(A0)).networks.get(id)).cidrs, cidrs);
      },
    },
    ...(['IPv4', 'IPv6'] as const).map((family): Case => ({
      name: `The destination of an ${family} route is canonical however the cloud spells it, and the route can be removed`,
      usually: 'The text of the cloud is passed on, and compared with a canonical one.',
      needs: [
        needs.route('explicit'),
        needs.offer('respell'),
        ...(family === 'IPv6' ? [needs.route('ipv6'), needs.peering('ipv6')] : []),
      ],
      async run(context) {
        const both = await joined(context, family);
        const destination = family === 'IPv6' ? context.unusedCidr6() : context.unusedDestination();
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, destination));
        const spelled = { kind: 'route', network: both.from.id, destination, as: otherSpelling(destination) } as const;
        await context.world.respell?.(spelled);
        const seen = only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
        assert.deepEqual([seen.nextHop, seen.state], [both.hop, 'active']);
      },
    })),
  ],
};
