/** One thing read in two ways is one thing: by itself and in a listing, whole; and what cannot be read says whose it is. */
import assert from 'node:assert/strict';
import {
  isTerminal,
  type Link,
  type Network,
  type NetworkId,
  type Peering,
  type Route,
  type Support,
  type Unreadable,
} from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present } from '../expectations.js';
import { A0, A1, B0, type CaseContext, type Site } from '../caseContext.js';
import type { Place, WordedThing, Words } from '../harness.js';
import { joined, toward } from './joined.js';
import { linkRequest } from './linkRequest.js';

/** A peering with everything that the mechanism keeps. */
export const labelled = (context: CaseContext) => {
  const { name, description, tags } = context.mechanism.features;
  return {
    ...(name.status === 'supported' ? { name: context.uniqueName() } : {}),
    ...(description.status === 'supported' ? { description: context.description() } : {}),
    ...(tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit', [context.draw.plain(5)]: '1' } } : {}),
  };
};

const sameInBoth = (where: string, to: Place, wanted: NonNullable<Case['needs']>): Case => ({
  name: `A listing shows a peering ${where} as a reading does, whole: waiting, and active`,
  usually: 'list and get map their records differently, or one of them asks for less.',
  needs: [needs.peering('crossAccount'), ...wanted],
  async run(context) {
    const [from, far] = [await context.network(A0), await context.network(to)];
    const look = async (site: Site, id: Peering['id'], side: 'initiator' | 'acceptor'): Promise<void> => {
      const read = await context.read(site.place, id, side);
      assert.deepEqual(
        only(await context.listed(site.place, site.id), (one) => one.id === id, 'the peering'),
        read,
      );
    };
    const { id } = await context.ask(from, far, labelled(context));
    await look(from, id, 'initiator');
    await context.agree(id, A0, to);
    await look(from, id, 'initiator');
    await look(far, id, 'acceptor');
  },
});

export const wholePeerings: readonly Case[] = [
  sameInBoth('of two accounts', B0, [needs.peering('accept')]),
  {
    name: 'A listing shows a peering across regions as a reading does, from either region',
    usually: 'The side is told by the account alone, and one account has both ends.',
    needs: [needs.peering('crossRegion')],
    async run(context) {
      const [from, far] = [await context.network(A0), await context.network(A1)];
      const { id } = await context.connect(from, far, labelled(context));
      for (const [site, side] of [
        [from, 'initiator'],
        [far, 'acceptor'],
      ] as const) {
        const listed = only(await context.listed(site.place, site.id), (one) => one.id === id, 'the peering');
        assert.deepEqual(listed, await context.read(site.place, id, side));
      }
    },
  },
  {
    name: 'What a mechanism made between two networks is named by its id alone, whichever mechanisms there are',
    usually: 'A listing of all mechanisms stops after the first, or shows the second again on every page.',
    async run(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      const { id } = await context.connect(from, to);
      const ids = async (more: object) =>
        (await context.listed(A0, { network: from.id, ...more })).map((one) => one.id);
      assert.deepEqual([await ids({}), await ids({ mechanism: context.mechanism.name })], [[id], [id]]);
    },
  },
];

export const wholeNetworks: readonly Case[] = [
  {
    name: 'A listing shows a network as a reading does, whole',
    usually: 'list and get map their records differently.',
    async run(context) {
      const site = await context.network(A0);
      const { networks } = await context.provider(A0);
      const listed: Network[] = [];
      for await (const network of networks.list()) listed.push(network);
      assert.deepEqual(
        only(listed, ({ id }) => id === site.id, 'the network'),
        await networks.get(site.id),
      );
    },
  },
  {
    name: 'What a network says of its route tables is what the tables say, with one table and with two',
    usually: 'The first table of the answer is taken for the main one.',
    async run(context) {
      const site = await context.network(A0);
      const { networks, routes } = await context.provider(A0);
      const look = async (): Promise<void> => {
        const [{ mainRouteTable, routeTables }, tables] = [await networks.get(site.id), await routes.tables(site.id)];
        const main = only(tables, ({ kind }) => kind === 'main', 'the main table');
        assert.equal(tables[0], main);
        assert.equal(mainRouteTable ?? main.id, main.id);
        if (routeTables !== undefined) assert.deepEqual([...routeTables].sort(), tables.map(({ id }) => id).sort());
      };
      await look();
      if (!context.offers('addTable')) return;
      const second = await context.world.addTable?.(A0, site.id);
      await look();
      const tables = await routes.tables(site.id);
      assert.equal(only(tables, ({ id }) => id === second, 'the second table').kind, 'custom');
    },
  },
];

export const wholeLinks: readonly Case[] = [
  {
    name: 'A listing shows a link as a reading does, whole: just asked for, and active',
    usually: 'list and get map their records differently, or a listing pairs the parts of two links.',
    needs: [needs.link('link'), needs.offer('port')],
    async run(context) {
      const site = await context.network(A0);
      const { links } = await context.provider(A0);
      const { tags } = context.facts.capabilities.links.features;
      const asked = await linkRequest(context, site, {
        ...(tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit', cost: '7' } } : {}),
      });
      const look = async (id: Link['id']): Promise<Link> => {
        const listed: Link[] = [];
        for await (const link of links.list({ port: asked.port, probed: () => true })) listed.push(link);
        const read = await links.get(id);
        assert.deepEqual(
          only(listed, (link) => link.id === id, 'the link'),
          read,
        );
        return read;
      };
      const before = context.world.clock.now();
      const id = await links.request(asked);
      await look(id);
      await links.settle(id, asked);
      const { createdAt } = await look(id);
      if (createdAt === undefined) return;
      const [earliest, latest] = [before - 5_000, context.world.clock.now() + 5_000];
      assert.ok(createdAt.getTime() >= earliest && createdAt.getTime() <= latest, `It says ${createdAt.toISOString()}`);
    },
  },
  {
    name: 'Parts of a link that a listing of peerings comes upon bear the link’s marks, and are no peerings',
    usually: 'The halves of a line are shown as a peering, or without the marks by which they are found again.',
    needs: [needs.link('link'), needs.link('tags'), needs.offer('port')],
    async run(context) {
      const site = await context.network(A0);
      const provider = await context.provider(A0);
      const mark = context.draw.plain(9);
      await provider.links.create(await linkRequest(context, site, { tags: { 'peerway.stack': mark } }));
      const marks: (string | undefined)[] = [];
      const linkPart = ({ tags }: Pick<Link, 'tags'>): void => void marks.push(tags['peerway.stack']);
      for await (const one of provider.peerings.list({ network: site.id }, { linkPart }))
        // what other cases have left dead may stay listed
        if (!isTerminal(one.state)) assert.fail(`${one.id} is shown`);
      if (marks.length > 0) assert.ok(marks.includes(mark), 'The marks of the link are not among those of its parts');
    },
  },
  {
    name: 'Parts of a link bear its other tags once they were changed, as the link does',
    usually: 'A change of tags reaches the part that a reading shows, and leaves the rest as it was.',
    needs: [needs.link('link'), needs.link('tags'), needs.link('retag'), needs.offer('port')],
    async run(context) {
      const site = await context.network(A0);
      const { links, peerings } = await context.provider(A0);
      const mark = context.draw.plain(9);
      const { id } = await links.create(await linkRequest(context, site, { tags: { 'peerway.stack': mark, go: 'a' } }));
      await links.update(id, { removeTags: ['go'] });
      await links.update(id, { setTags: { come: 'b' } });
      const linkPart = ({ tags }: Pick<Link, 'tags'>): void => {
        if (tags['peerway.stack'] === mark) assert.deepEqual([tags['go'], tags['come']], [undefined, 'b']);
      };
      for await (const _ of peerings.list({ network: site.id }, { linkPart })) continue;
    },
  },
];

/** One kind of thing that a word makes unreadable: how it is marked, and how a listing shows it that asks for no more than it must. */
interface Whose {
  readonly kind: keyof Words;
  readonly needs: NonNullable<Case['needs']>;
  readonly make: (context: CaseContext) => Promise<{
    readonly thing: WordedThing;
    readonly networks: readonly NetworkId[];
    readonly list: (
      unreadable?: (item: Unreadable) => void,
    ) => AsyncIterable<Partial<Pick<Peering, 'tags' | 'description'>>>;
    /** Of several that the listing shows. */
    readonly fits?: (item: unknown) => boolean;
  }>;
}

/** A way to hand over what a listing cannot read; without it the listing ends there. */
const telling = (unreadable?: (item: Unreadable) => void) => (unreadable === undefined ? {} : { unreadable });

const marks = (features: Readonly<Record<'tags' | 'description', Support>>) => ({
  ...(features.tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit' } } : {}),
  ...(features.description.status === 'supported' ? { description: 'peerway stack=kit connection=x' } : {}),
});

const whole = (): boolean => false;

const WHOSE: readonly Whose[] = [
  {
    kind: 'network',
    needs: [],
    async make(context) {
      const { id } = await context.network(A0);
      const { networks } = await context.provider(A0);
      return {
        thing: { kind: 'network', id },
        networks: [id],
        list: (unreadable) => networks.list(telling(unreadable)),
        fits: (network) => (network as Network).id === id,
      };
    },
  },
  {
    kind: 'peering',
    needs: [],
    async make(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      const { id } = await context.connect(from, to, marks(context.mechanism.features));
      const { peerings } = await context.provider(A0);
      return {
        thing: { kind: 'peering', id },
        networks: [from.id, to.id],
        list: (unreadable) => peerings.list({ network: to.id, whole }, telling(unreadable)),
      };
    },
  },
  {
    kind: 'route',
    needs: [needs.route('explicit')],
    async make(context) {
      const both = await joined(context);
      const destination = context.unusedDestination();
      const { routes } = await context.provider(A0);
      const isKept = context.facts.capabilities.routes.features.description.status === 'supported';
      await routes.create({
        ...toward(both, destination),
        ...(isKept ? { description: 'peerway stack=kit connection=y' } : {}),
      });
      return {
        thing: { kind: 'route', network: both.from.id, destination },
        networks: [both.from.id],
        list: (unreadable) => routes.list(both.from.id, both.table, telling(unreadable)),
        fits: (route) => (route as Route).destination === destination,
      };
    },
  },
  {
    kind: 'link',
    needs: [needs.link('link'), needs.offer('port')],
    async make(context) {
      const site = await context.network(A0);
      const { links } = await context.provider(A0);
      const asked = await linkRequest(context, site, marks(context.facts.capabilities.links.features));
      const { id } = await links.create(asked);
      return {
        thing: { kind: 'link', id },
        networks: [site.id],
        list: (unreadable) => links.list({ network: site.id, whole }, telling(unreadable)),
      };
    },
  },
];

export const unreadableCases: readonly Case[] = WHOSE.map(({ kind, needs: wanted, make }) => ({
  name: `A ${kind} in a state that no table knows says in a listing whose it is, and stops nothing else`,
  usually: 'The item is left out, or without the networks, tags and description by which its owner is known.',
  needs: [...wanted, needs.offer('forceWord'), needs.words(kind)],
  async run(context) {
    const { thing, networks, list, fits = () => true } = await make(context);
    const shown = [];
    for await (const item of list()) if (fits(item)) shown.push(item);
    const { tags = {}, description } = present(shown[0], 'the item while it can be read');
    await context.world.forceWord?.(thing, 'hovering');
    const items: Unreadable[] = [];
    for await (const item of list((one) => void items.push(one))) assert.ok(!fits(item), 'It is read all the same');
    assert.ok(items.length > 0, 'Nothing is said of it');
    assert.deepEqual(new Set(items.flatMap((item) => item.networks)), new Set(networks));
    for (const item of items) assert.deepEqual([item.error.code, item.id === ''], ['Unknown', false]);
    // where both sides of a peering are shown, each has marks of its own
    const mark = tags['peerway.stack'];
    if (mark !== undefined) assert.ok(items.some((item) => item.tags['peerway.stack'] === mark));
    if (description !== undefined) assert.ok(items.some((item) => item.description === description));
    const words = Object.entries(context.facts.harness.words?.[kind] ?? {});
    await context.world.forceWord?.(
      thing,
      present(
        words.find(([, state]) => state === 'active'),
        'active',
      )[0],
    );
  },
}));
