/** Listings longer than one page, and filters. The classic defect: everything works until the 51st object. */
import assert from 'node:assert/strict';
import type { NetworkId, Page, PeeringQuery } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present } from '../expectations.js';
import { A0, type Lab } from '../lab.js';
import { joined, toward } from './joined.js';

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

async function hub(lab: Lab): Promise<{ readonly id: NetworkId; readonly spokes: readonly NetworkId[] }> {
  const center = await lab.network(A0);
  const spokes = await Promise.all(
    Array.from({ length: present(lab.facts.harness.overflow?.peerings, 'overflow.peerings') }, () => lab.network(A0)),
  );
  for (const spoke of spokes) {
    if (lab.world.plantForeignPeering === undefined) await lab.connect(center, spoke);
    else await lab.world.plantForeignPeering(A0, [center.id, spoke.id]);
  }
  return { id: center.id, spokes: spokes.map((spoke) => spoke.id) };
}
const manyPeerings = [needs.offer('addNetwork'), needs.overflow('peerings')];

const query = async (lab: Lab, wanted: PeeringQuery) => {
  const found = [];
  for await (const peering of (await lab.provider(A0)).peerings.list(wanted)) found.push(peering);
  return found;
};

export const paging: Suite = {
  topic: 'paging',
  about: 'listings that do not fit one page, filters, and empty answers',
  cases: [
    {
      name: 'A listing of nothing is empty, and ends',
      usually: 'An empty page has a cursor, or an empty answer has no list at all.',
      async run(lab) {
        const site = await lab.network(A0);
        const driver = await lab.driver(A0);
        const read = await pages((cursor) => driver.peerings.list({ network: site.id }, cursor, lab.call()));
        assert.deepEqual(
          read.flatMap((page) => page.items),
          [],
        );
      },
    },
    {
      name: 'More networks than one page are all listed, each once',
      usually: 'Only the first page is read, or the last element of a page is read again with the next one.',
      needs: many,
      async run(lab) {
        const made = new Set<NetworkId>();
        const count = present(lab.facts.harness.overflow?.networks, 'overflow.networks');
        for (let i = 0; i < count; i++) made.add((await lab.network(A0)).id);
        const seen: NetworkId[] = [];
        for await (const network of (await lab.provider(A0)).networks.list()) seen.push(network.id);
        assert.equal(new Set(seen).size, seen.length, 'A network was listed twice');
        for (const id of made) assert.ok(seen.includes(id), `${id} is missing`);
      },
    },
    {
      name: 'A driver reads one page of networks per call, and says where the next begins',
      usually: 'The driver loops over pages by itself: core does, and retries a page by itself.',
      needs: many,
      async run(lab) {
        const count = present(lab.facts.harness.overflow?.networks, 'overflow.networks');
        for (let i = 0; i < count; i++) await lab.network(A0);
        const driver = await lab.driver(A0);
        const { value, requests } = await lab.traffic(() => driver.networks.list(undefined, lab.call()));
        assert.equal(requests.length, 1);
        assert.notEqual(value.next, undefined, 'The page is not the last one');
        const rest = await pages((cursor) => driver.networks.list(cursor, lab.call()));
        assert.equal(rest.at(-1)?.next, undefined);
      },
    },
    {
      name: 'More peerings than one page are all listed, each once',
      usually: 'Only the first page is read, or the cursor is not sent back as it came.',
      needs: manyPeerings,
      async run(lab) {
        const { id, spokes } = await hub(lab);
        const seen = await lab.listed(A0, id);
        assert.equal(new Set(seen.map((peering) => peering.id)).size, seen.length, 'A peering was listed twice');
        assert.deepEqual(new Set(seen.map((peering) => peering.acceptor.network)), new Set(spokes));
      },
    },
    {
      name: 'The last peering of a long listing is found by its pair',
      usually: 'The filter looks at the first page only: the pair seems free and is asked for again.',
      needs: manyPeerings,
      async run(lab) {
        const { id, spokes } = await hub(lab);
        const last = present(spokes.at(-1), 'the last spoke');
        const [found] = await query(lab, { between: [id, last] });
        assert.equal(found?.acceptor.network, last);
      },
    },
    {
      name: 'A page of peerings follows the one before',
      usually: 'Pages overlap, leave a gap, or start again at the beginning.',
      needs: manyPeerings,
      async run(lab) {
        const { id, spokes } = await hub(lab);
        const driver = await lab.driver(A0);
        const read = await pages((cursor) => driver.peerings.list({ network: id }, cursor, lab.call()));
        assert.ok(read.length > 1, 'One page was enough: overflow.peerings is too small');
        const readings = read.flatMap((page) => page.items.map((one) => `${one.id} ${one.seenFrom}`));
        assert.equal(new Set(readings).size, readings.length);
        assert.ok(new Set(read.flatMap((page) => page.items.map((one) => one.id))).size >= spokes.length);
      },
    },
    {
      name: 'More routes than one page are all listed, each once',
      usually: 'Only the first page is read: the rest is written again on every run.',
      needs: [needs.route('explicit'), needs.overflow('routes')],
      async run(lab) {
        const both = await joined(lab);
        const { from } = both;
        const count = present(lab.facts.harness.overflow?.routes, 'overflow.routes');
        const destinations = Array.from({ length: count }, () => lab.unusedDestination());
        await (await lab.provider(A0)).routes.createMany(destinations.map((destination) => toward(both, destination)));
        const found = (await lab.routesOf(from)).map((route) => route.destination);
        assert.equal(new Set(found).size, found.length, 'A route was listed twice');
        for (const destination of destinations) assert.ok(found.includes(destination), `${destination} is missing`);
        const driver = await lab.driver(A0);
        const read = await pages((cursor) => driver.routes.list(from.id, both.table, cursor, lab.call()));
        assert.ok(read.length > 1, 'One page was enough: overflow.routes is too small');
      },
    },
    {
      name: 'Filtering by network shows its peerings in either role, and no others',
      usually: 'The filter is ignored, or matches the initiator only.',
      async run(lab) {
        const [one, two, three] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
        const first = await lab.connect(one, two);
        const second = await lab.connect(three, one);
        const ids = async (network: NetworkId) => new Set((await query(lab, { network })).map((peering) => peering.id));
        assert.deepEqual(await ids(one.id), new Set([first.id, second.id]));
        assert.deepEqual(await ids(two.id), new Set([first.id]));
        assert.deepEqual(await ids(three.id), new Set([second.id]));
      },
    },
    {
      name: 'Filtering by pair needs both networks, in either order',
      usually: 'Either network is enough for a match: a hub’s first peering is taken for every other.',
      async run(lab) {
        const [one, two, three] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
        const first = await lab.connect(one, two);
        await lab.connect(one, three);
        for (const between of [
          [one.id, two.id],
          [two.id, one.id],
        ] as const) {
          assert.deepEqual(
            (await query(lab, { between })).map((peering) => peering.id),
            [first.id],
          );
        }
        assert.deepEqual(await query(lab, { between: [two.id, three.id] }), []);
      },
    },
    {
      name: 'Filtering by mechanism shows those of this mechanism',
      usually: 'The filter is ignored, or compared with the cloud’s word.',
      async run(lab) {
        const [one, two] = [await lab.network(A0), await lab.network(A0)];
        const { id } = await lab.connect(one, two);
        const found = await query(lab, { network: one.id, mechanism: lab.mechanism.name });
        only(found, (peering) => peering.id === id, 'the peering');
        for (const { name } of lab.facts.capabilities.mechanisms) {
          if (name === lab.mechanism.name) continue;
          assert.deepEqual(await query(lab, { network: one.id, mechanism: name }), []);
        }
      },
    },
    {
      name: 'A listing without a filter shows at least what the filtered ones show',
      usually: 'Listing everything asks for one network, one state or one role only.',
      async run(lab) {
        const [one, two, three] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
        const made = [await lab.connect(one, two), await lab.connect(two, three)];
        const seen = new Set((await query(lab, {})).map((peering) => peering.id));
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
      async run(lab) {
        const ids: NetworkId[] = [];
        for (let i = 0; i < lab.facts.capabilities.networksPerRead + 1; i++) ids.push((await lab.network(A0)).id);
        const found = await (await lab.provider(A0)).networks.getMany(ids);
        assert.deepEqual(
          found.map((network) => network.id),
          ids,
        );
      },
    },
  ],
};
