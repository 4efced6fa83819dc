/** Names, descriptions and tags as people write them: kept character by character, and nothing added. */
import assert from 'node:assert/strict';
import type { Peering, PeeringId, Tags } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { only } from '../expectations.js';
import type { Letters } from '../harness.js';
import { A0, type CaseContext } from '../caseContext.js';
import { joined, toward } from './joined.js';
import { linkRequest } from './linkRequest.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

/** The peering by itself and in a listing. */
async function bothReadings(context: CaseContext, id: PeeringId): Promise<readonly Peering[]> {
  const read = await context.read(A0, id, 'initiator');
  const listed = only(await context.listed(A0, read.initiator.network), (one) => one.id === id, 'the peering');
  return [read, listed];
}

/** A text of letters beyond ASCII, as long as the limit allows, up to 40 characters. */
function textFor(
  context: CaseContext,
  where: keyof Letters,
  limit?: { readonly min: number; readonly max: number },
): string {
  const length = Math.min(limit?.max ?? 40, 40);
  return `n${context.draw.lettersOf(context.facts.harness.letters?.[where] ?? '', length - 1)}`;
}

const exactly = (
  name: string,
  usually: string,
  more: NonNullable<Case['needs']>,
  tags: (context: CaseContext) => Tags,
) =>
  ({
    name,
    usually,
    needs: [needs.peering('tags'), ...more],
    async run(context) {
      const [from, to] = await pair(context);
      const given = tags(context);
      const named = context.mechanism.features.name.status === 'supported' ? { name: context.uniqueName() } : {};
      const { id } = await context.connect(from, to, { tags: given, ...named });
      for (const reading of await bothReadings(context, id)) assert.deepEqual(reading.tags, given);
    },
  }) satisfies Case;

export const texts: Suite = {
  topic: 'texts',
  about:
    'names, descriptions and tags come back as they were given, in any alphabet, with nothing added and nothing lost',
  cases: [
    exactly(
      'A peering shows exactly the tags that it was given',
      'The name, or a mark of the driver’s own, is shown among the tags.',
      [],
      ({ draw }) => ({ 'peerway.stack': draw.plain(6), [draw.plain(5)]: draw.plain(9) }),
    ),
    exactly(
      'Two tags with one value are two tags',
      'The tags are kept by their value, or equal ones are merged.',
      [],
      ({ draw }) => {
        const value = draw.plain(7);
        return { first: value, second: value, third: draw.plain(7) };
      },
    ),
    exactly(
      'A peering without tags shows none',
      'The name, or a mark of the driver’s own, is shown among the tags.',
      [],
      () => ({}),
    ),
    {
      name: 'After a change of tags exactly the wanted ones are there',
      usually: 'The cloud’s call replaces all tags, or its removal takes a value for a key.',
      needs: [needs.peering('tags'), needs.peering('retag')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to, { tags: { keep: 'same', change: 'same', drop: 'same' } });
        const update = { setTags: { change: 'new', add: 'same' }, removeTags: ['drop'] };
        await (await context.provider(A0)).peerings.update(id, update, { mechanism: context.mechanism.name });
        for (const reading of await bothReadings(context, id)) {
          assert.deepEqual(reading.tags, { keep: 'same', change: 'new', add: 'same' });
        }
      },
    },
    {
      name: 'A description beyond ASCII comes back unchanged',
      usually: 'Content-Length or the signature counts characters where bytes are meant, or the text is cut by bytes.',
      needs: [needs.peering('description'), needs.letters('descriptions')],
      async run(context) {
        const [from, to] = await pair(context);
        const description = textFor(context, 'descriptions', context.mechanism.limits.description);
        const { id } = await context.connect(from, to, { description });
        for (const reading of await bothReadings(context, id)) assert.equal(reading.description, description);
      },
    },
    {
      name: 'A name beyond ASCII comes back unchanged, and can be changed to another one',
      usually: 'The text is escaped on the way, or cut by bytes.',
      needs: [needs.peering('name'), needs.letters('names')],
      async run(context) {
        const [from, to] = await pair(context);
        const [first, second] = [0, 1].map(() => textFor(context, 'names', context.mechanism.limits.name));
        const { id } = await context.connect(from, to, { name: first ?? '' });
        for (const reading of await bothReadings(context, id)) assert.equal(reading.name, first);
        await (
          await context.provider(A0)
        ).peerings.update(id, { name: second ?? '' }, { mechanism: context.mechanism.name });
        for (const reading of await bothReadings(context, id)) assert.equal(reading.name, second);
      },
    },
    {
      name: 'Descriptions of routes beyond ASCII come back unchanged, one by one and in a batch',
      usually: 'A batch is encoded in another way than a single route.',
      needs: [needs.route('explicit'), needs.route('description'), needs.letters('descriptions')],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        const limit = context.facts.capabilities.routes.limits.description;
        const wanted = Array.from({ length: 4 }, () => ({
          ...toward(both, context.unusedDestination()),
          description: textFor(context, 'descriptions', limit),
        }));
        const [single, ...batch] = wanted;
        if (single !== undefined) await routes.create(single);
        await routes.createMany(batch);
        const found = await context.routesOf(both.from);
        assert.deepEqual(
          wanted.map(({ destination }) => only(found, (one) => one.destination === destination, 'a route').description),
          wanted.map(({ description }) => description),
        );
      },
    },
    {
      name: 'A link’s name and description beyond ASCII come back unchanged',
      usually: 'The text is escaped on the way, or cut by bytes.',
      needs: [needs.link('link'), needs.link('description'), needs.offer('port'), needs.letters('descriptions')],
      async run(context) {
        const site = await context.network(A0);
        const description = textFor(context, 'descriptions');
        // some clouds take such letters in descriptions only
        const name =
          context.facts.harness.letters?.names === undefined ? context.uniqueName() : textFor(context, 'names');
        const { links } = await context.provider(A0);
        const { id } = await links.create(await linkRequest(context, site, { name, description }));
        const read = await links.get(id);
        assert.deepEqual([read.name, read.description], [name, description]);
        for await (const link of links.list({ network: site.id })) {
          assert.deepEqual([link.name, link.description], [name, description]);
        }
      },
    },
  ],
};
