/** Listings longer than one page, and filters. The classic defect: everything works until the 51st object. */
import assert from 'node:assert/strict';
import type { Link, LinkId, NetworkId, Page, PeeringQuery } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present, refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { joined, toward } from './joined.js';
import { linkRequest } from './linkRequest.js';

/** Follows cursors by hand, as core does. */
async function pages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<Page<T>[]> {
  const seen: Page<T>[] = [];
  const cursors = new Set<string>();
  for (let cursor: string | undefined; ;) {
    const page = await read(cursor);
    seen.push(page);
    if (page.next === undefined) return seen;
    assert.ok(!cursors.has(page.next), 'The same cursor came twice: the listing would never end');
    cursors.add(page.next);
    cursor = page.next;
  }
}

const many = [needs.offer('addNetwork'), needs.overflow('networks')];

interface Hub {
  readonly id: NetworkId;
  readonly spokes: readonly NetworkId[];
  /** Another network with peerings of its own, made in turn with the hub's. */
  readonly other: { readonly id: NetworkId; readonly spokes: readonly NetworkId[] };
}
const hubs = new WeakMap<CaseContext, Promise<Hub>>();

/** A network with more peerings than a page takes; one in a world, because it takes many requests to make. */
const hub = (context: CaseContext): Promise<Hub> => {
  const known = hubs.get(context) ?? makeHub(context);
  hubs.set(context, known);
  return known;
};

async function makeHub(context: CaseContext): Promise<Hub> {
  const [center, other] = [await context.network(A0), await context.network(A0)];
  const spokes: NetworkId[] = [];
  const others: NetworkId[] = [];
  const pairs: [NetworkId, NetworkId][] = [];
  const count = present(context.facts.harness.overflow?.peerings, 'overflow.peerings');
  for (let i = 0; i < count; i++) {
    const spoke = await context.network(A0);
    spokes.push(spoke.id);
    pairs.push([center.id, spoke.id]);
    if (i % 8 !== 7 && i !== count - 1) continue;
    const stranger = await context.network(A0);
    others.push(stranger.id);
    pairs.push([other.id, stranger.id]);
  }
  await context.world.plantForeignPeerings?.(A0, pairs);
  return { id: center.id, spokes, other: { id: other.id, spokes: others } };
}
const manyPeerings = [needs.offer('addNetwork'), needs.offer('plantForeignPeerings'), needs.overflow('peerings')];

const query = (context: CaseContext, wanted: PeeringQuery) => context.listed(A0, wanted);

export const paging: Suite = {
  topic: 'paging',
  about: 'listings that do not fit one page, filters, and empty answers',
  cases: [
    {
      name: 'A listing of nothing is empty, and ends',
      usually: 'An empty page has a cursor, or an empty answer has no list at all.',
      async run(context) {
        const site = await context.network(A0);
        const driver = await context.driver(A0);
        const read = await pages((cursor) => driver.peerings.list({ network: site.id }, cursor, context.call()));
        const items = read.flatMap((page) => page.items);
        // some clouds list what is deleted for a while; core leaves it out, a driver must not
        assert.deepEqual(
          items.filter(({ id, state }) => state !== 'deleted' && !context.isLeftover(id)),
          [],
        );
      },
    },
    {
      name: 'More networks than one page are all listed, each once',
      usually: 'Only the first page is read, or the last element of a page is read again with the next one.',
      needs: many,
      async run(context) {
        const made = new Set<NetworkId>();
        const count = present(context.facts.harness.overflow?.networks, 'overflow.networks');
        for (let i = 0; i < count; i++) made.add((await context.network(A0)).id);
        const seen: NetworkId[] = [];
        for await (const network of (await context.provider(A0)).networks.list()) seen.push(network.id);
        assert.equal(new Set(seen).size, seen.length, 'A network was listed twice');
        for (const id of made) assert.ok(seen.includes(id), `${id} is missing`);
      },
    },
    {
      name: 'A driver reads one page of networks per call, and says where the next begins',
      usually: 'The driver loops over pages by itself: core does, and retries a page by itself.',
      needs: many,
      async run(context) {
        const count = present(context.facts.harness.overflow?.networks, 'overflow.networks');
        for (let i = 0; i < count; i++) await context.network(A0);
        const driver = await context.driver(A0);
        const { value, requests } = await context.traffic(() => driver.networks.list(undefined, context.call()));
        assert.equal(requests.length, 1);
        assert.notEqual(value.next, undefined, 'The page is not the last one');
        const rest = await pages((cursor) => driver.networks.list(cursor, context.call()));
        assert.equal(rest.at(-1)?.next, undefined);
      },
    },
    {
      name: 'More peerings than one page are all listed, each once',
      usually: 'Only the first page is read, or the cursor is not sent back as it came.',
      needs: manyPeerings,
      async run(context) {
        const { id, spokes } = await hub(context);
        const seen = await context.listed(A0, id);
        assert.equal(new Set(seen.map((peering) => peering.id)).size, seen.length, 'A peering was listed twice');
        assert.deepEqual(new Set(seen.map((peering) => peering.acceptor.network)), new Set(spokes));
        // where a listing shows both sides of a peering, a page may end between the two
        const hops = seen.map(({ initiator, acceptor }) => [initiator, acceptor].map(({ nextHop }) => nextHop?.kind));
        assert.equal(new Set(hops.map(String)).size, 1, 'Some peerings show less of their ends than others');
      },
    },
    {
      name: 'The last peering of a long listing is found by its pair',
      usually: 'The filter looks at the first page only: the pair seems free and is asked for again.',
      needs: manyPeerings,
      async run(context) {
        const { id, spokes } = await hub(context);
        const last = present(spokes.at(-1), 'the last spoke');
        const [found] = await query(context, { between: [id, last] });
        assert.equal(found?.acceptor.network, last);
      },
    },
    {
      name: 'Peerings of others, even at the end of a page, neither end a listing nor slip into it',
      usually: 'A page that has nothing to show, or whose last item does not fit, is taken for the last one.',
      needs: manyPeerings,
      async run(context) {
        const { id, spokes, other } = await hub(context);
        const seen = await query(context, { network: other.id });
        assert.deepEqual(seen.map((peering) => peering.acceptor.network).sort(), [...other.spokes].sort());
        const all = (await query(context, {})).map((peering) => peering.acceptor.network);
        for (const spoke of [...spokes, ...other.spokes]) assert.ok(all.includes(spoke), `${spoke} is missing`);
        assert.deepEqual(await query(context, { between: [id, present(other.spokes[0], 'a spoke')] }), []);
      },
    },
    {
      name: 'A page of peerings follows the one before',
      usually: 'Pages overlap, leave a gap, or start again at the beginning.',
      needs: manyPeerings,
      async run(context) {
        const { id, spokes } = await hub(context);
        const driver = await context.driver(A0);
        const read = await pages((cursor) => driver.peerings.list({ network: id }, cursor, context.call()));
        assert.ok(read.length > 1, 'One page was enough: overflow.peerings is too small');
        const readings = read.flatMap((page) => page.items.map((one) => `${one.id} ${one.seenFrom}`));
        assert.equal(new Set(readings).size, readings.length);
        assert.ok(new Set(read.flatMap((page) => page.items.map((one) => one.id))).size >= spokes.length);
      },
    },
    {
      name: 'Two networks whose peering stands beyond the first page cannot be joined again',
      usually: 'What the cloud’s refusal means is looked up on the first page only.',
      needs: [...manyPeerings, needs.duplicate('refused')],
      async run(context) {
        const { id, spokes } = await hub(context);
        const last = present(spokes.at(-1), 'the last spoke');
        const [from, to] = [id, last].map((network) => ({
          id: network,
          place: A0,
          cidrs: [context.unusedCidr()] as const,
        }));
        await refused(context.ask(present(from, 'the hub'), present(to, 'the spoke')), 'AlreadyExists');
      },
    },
    {
      name: 'A route toward a peering beyond the first page is active',
      usually: 'Which next hops are alive is read from the first page only: the route would be removed as dead.',
      needs: [...manyPeerings, needs.route('explicit')],
      async run(context) {
        const { id, spokes } = await hub(context);
        const [found] = await query(context, { between: [id, present(spokes.at(-1), 'the last spoke')] });
        const peering = await context.read(A0, present(found, 'the last peering').id, 'initiator');
        const nextHop = present(peering.initiator.nextHop, 'initiator.nextHop');
        const { routes } = await context.provider(A0);
        const table = present((await routes.tables(id))[0], 'the main table').id;
        const destination = context.unusedDestination();
        await routes.create({ network: id, table, destination, nextHop });
        for await (const route of routes.list(id, table))
          if (route.destination === destination)
            return assert.deepEqual([route.state, route.nextHop], ['active', nextHop]);
        assert.fail('It is not listed');
      },
    },
    {
      name: 'More routes than one page are all listed, each once',
      usually: 'Only the first page is read: the rest is written again on every run.',
      needs: [needs.route('explicit'), needs.overflow('routes')],
      async run(context) {
        const both = await joined(context);
        const { from } = both;
        const count = present(context.facts.harness.overflow?.routes, 'overflow.routes');
        const destinations = Array.from({ length: count }, () => context.unusedDestination());
        await (
          await context.provider(A0)
        ).routes.createMany(destinations.map((destination) => toward(both, destination)));
        const found = (await context.routesOf(from)).map((route) => route.destination);
        assert.equal(new Set(found).size, found.length, 'A route was listed twice');
        for (const destination of destinations) assert.ok(found.includes(destination), `${destination} is missing`);
        const driver = await context.driver(A0);
        const read = await pages((cursor) => driver.routes.list(from.id, both.table, cursor, context.call()));
        assert.ok(read.length > 1, 'One page was enough: overflow.routes is too small');
      },
    },
    {
      name: 'More links than one page are all listed, each once, by network, by port and without a filter, and one of them is read whole',
      usually: 'Only the first page is read: a line beyond it is made a second time.',
      needs: [needs.link('link'), needs.offer('port'), needs.overflow('links'), needs.offer('addNetwork')],
      async run(context) {
        const count = present(context.facts.harness.overflow?.links, 'overflow.links');
        const { links } = await context.provider(A0);
        const made: { readonly id: LinkId; readonly network: NetworkId }[] = [];
        const port = present(context.world.port?.(A0), 'the harness’s port');
        for (let i = 0; i < count; i++) {
          const site = await context.network(A0);
          const asked = await linkRequest(context, site);
          // a link belongs to a network for certain once it is complete
          const id = i < count - 1 ? await links.request(asked) : (await links.create(asked)).id;
          made.push({ id, network: site.id });
        }
        const last = present(made.at(-1), 'the last link');
        for (const wanted of [{}, { port }]) {
          const seen: Link[] = [];
          for await (const link of links.list(wanted)) seen.push(link);
          const ids = seen.map(({ id }) => id);
          assert.equal(new Set(ids).size, ids.length, 'A link was listed twice');
          for (const { id } of made) assert.ok(ids.includes(id), `${id} is missing`);
          // one among so many is found by its id, with all of its parts
          assert.deepEqual(
            await links.get(last.id),
            seen.find(({ id }) => id === last.id),
          );
        }
        const found: LinkId[] = [];
        for await (const link of links.list({ network: last.network })) found.push(link.id);
        assert.deepEqual(found, [last.id]);
        const driver = present((await context.driver(A0)).links, 'links');
        const read = await pages((cursor) => driver.list({}, cursor, context.call()));
        assert.ok(read.length > 1, 'One page was enough: overflow.links is too small');
      },
    },
    {
      name: 'Filtering by network shows its peerings in either role, and no others',
      usually: 'The filter is ignored, or matches the initiator only.',
      async run(context) {
        const [one, two, three] = [await context.network(A0), await context.network(A0), await context.network(A0)];
        const first = await context.connect(one, two);
        const second = await context.connect(three, one);
        const ids = async (network: NetworkId) =>
          new Set((await query(context, { network })).map((peering) => peering.id));
        assert.deepEqual(await ids(one.id), new Set([first.id, second.id]));
        assert.deepEqual(await ids(two.id), new Set([first.id]));
        assert.deepEqual(await ids(three.id), new Set([second.id]));
      },
    },
    {
      name: 'Filtering by pair needs both networks, in either order',
      usually: 'Either network is enough for a match: a hub’s first peering is taken for every other.',
      async run(context) {
        const [one, two, three] = [await context.network(A0), await context.network(A0), await context.network(A0)];
        const first = await context.connect(one, two);
        await context.connect(one, three);
        for (const between of [
          [one.id, two.id],
          [two.id, one.id],
        ] as const) {
          assert.deepEqual(
            (await query(context, { between })).map((peering) => peering.id),
            [first.id],
          );
        }
        assert.deepEqual(await query(context, { between: [two.id, three.id] }), []);
      },
    },
    {
      name: 'Filtering by mechanism shows those of this mechanism',
      usually: 'The filter is ignored, or compared with the cloud’s word.',
      async run(context) {
        const [one, two] = [await context.network(A0), await context.network(A0)];
        const { id } = await context.connect(one, two);
        const found = await query(context, { network: one.id, mechanism: context.mechanism.name });
        only(found, (peering) => peering.id === id, 'the peering');
        for (const { name } of context.facts.capabilities.mechanisms) {
          if (name === context.mechanism.name) continue;
          assert.deepEqual(await query(context, { network: one.id, mechanism: name }), []);
        }
      },
    },
    {
      name: 'A listing without a filter shows at least what the filtered ones show',
      usually: 'Listing everything asks for one network, one state or one role only.',
      async run(context) {
        const [one, two, three] = [await context.network(A0), await context.network(A0), await context.network(A0)];
        const made = [await context.connect(one, two), await context.connect(two, three)];
        const seen = new Set((await query(context, {})).map((peering) => peering.id));
        for (const { id } of made) assert.ok(seen.has(id), `${id} is missing`);
      },
    },
    {
      name: 'More networks than one reading takes are read in several',
      usually: 'networksPerRead is larger than what the cloud takes: the rest is cut off.',
      needs: [
        needs.offer('addNetwork'),
        needs.that(({ capabilities }) => capabilities.networksPerRead <= 60, 'networksPerRead is too large to try'),
      ],
      async run(context) {
        const ids: NetworkId[] = [];
        for (let i = 0; i < context.facts.capabilities.networksPerRead + 1; i++)
          ids.push((await context.network(A0)).id);
        const found = await (await context.provider(A0)).networks.getMany(ids);
        assert.deepEqual(
          found.map((network) => network.id),
          ids,
        );
      },
    },
  ],
};
