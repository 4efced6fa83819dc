/** The two ends of one peering, seen and changed from either. */
import assert from 'node:assert/strict';
import { isPeerwayError, isTerminal, peeringId, type Cidr, type DnsSyncState, type PeeringSide } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { only, present, refused } from '../expectations.js';
import { A0, A1, B0, type CaseContext } from '../caseContext.js';

const home = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

/** Each end of a peering, seen from either side, shows all prefixes of its network or none. */
async function showsEnds(context: CaseContext, prefixes: () => readonly [Cidr, ...Cidr[]]): Promise<void> {
  const [from, to] = [await context.network(A0, prefixes()), await context.network(A0, prefixes())];
  const { id } = await context.connect(from, to);
  for (const side of ['initiator', 'acceptor'] as const) {
    const { initiator, acceptor } = await context.read(A0, id, side);
    for (const [end, { cidrs }] of [
      [initiator, from],
      [acceptor, to],
    ] as const)
      if (end.cidrs !== undefined) assert.deepEqual([...end.cidrs].sort(), [...cidrs].sort());
  }
}

const across = [needs.peering('crossAccount')];

export const sides: Suite = {
  topic: 'sides',
  about: 'one peering has two ends; who looks from which must never change who is who',
  cases: [
    {
      name: 'One account that owns both ends can read from either',
      usually: 'The driver ignores `side` and always reads as the initiator.',
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        const [mine, other] = [await context.read(A0, id, 'initiator'), await context.read(A0, id, 'acceptor')];
        assert.deepEqual([mine.seenFrom, other.seenFrom], ['initiator', 'acceptor']);
        assert.deepEqual([mine.id, other.id], [id, id]);
        for (const reading of [mine, other]) {
          assert.deepEqual([reading.initiator.network, reading.acceptor.network], [from.id, to.id]);
          assert.equal(reading.state, 'active');
        }
      },
    },
    {
      name: 'Each side shows what a route of its own network points at',
      usually:
        'The next hop of the viewer’s end is missing, or it is the peering’s id where the cloud wants an interface.',
      needs: [needs.route('explicit')],
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        assert.equal(
          present((await context.read(A0, id, 'initiator')).initiator.nextHop, 'initiator.nextHop').kind,
          'peering',
        );
        assert.equal(
          present((await context.read(A0, id, 'acceptor')).acceptor.nextHop, 'acceptor.nextHop').kind,
          'peering',
        );
      },
    },
    {
      name: 'What is seen of the other end’s next hop is what that end sees itself',
      usually: 'The viewer’s own interface is shown for both ends.',
      needs: [needs.route('explicit')],
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        const [mine, other] = [await context.read(A0, id, 'initiator'), await context.read(A0, id, 'acceptor')];
        if (mine.acceptor.nextHop !== undefined) assert.deepEqual(mine.acceptor.nextHop, other.acceptor.nextHop);
        if (other.initiator.nextHop !== undefined) assert.deepEqual(other.initiator.nextHop, mine.initiator.nextHop);
      },
    },
    {
      name: 'A listing shows a peering inside one account once, with both next hops',
      usually: 'list returns only the initiator’s readings, or two different ids for one peering.',
      needs: [needs.route('explicit')],
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        const listed = only(await context.listed(A0, to.id), (one) => one.id === id, 'the peering');
        assert.deepEqual(listed.initiator.nextHop, (await context.read(A0, id, 'initiator')).initiator.nextHop);
        assert.deepEqual(listed.acceptor.nextHop, (await context.read(A0, id, 'acceptor')).acceptor.nextHop);
      },
    },
    {
      name: 'The prefixes of an end, where shown, are those of its network',
      usually: 'The prefixes of the two ends are swapped, or not canonical.',
      async run(context) {
        const [from, to] = await home(context);
        const { initiator, acceptor } = await context.connect(from, to);
        if (initiator.cidrs !== undefined) assert.deepEqual(initiator.cidrs, from.cidrs);
        if (acceptor.cidrs !== undefined) assert.deepEqual(acceptor.cidrs, to.cidrs);
      },
    },
    {
      name: 'An end that shows prefixes shows every one of its network',
      usually: 'Only the field of the primary prefix is read: the routes toward the others are taken for nobody’s.',
      needs: [needs.offer('addNetwork'), needs.offer('secondaryPrefixes')],
      run: (context) => showsEnds(context, () => [context.unusedCidr(), context.unusedCidr(), context.unusedCidr()]),
    },
    {
      name: 'An end that shows prefixes shows those of IPv6 as well',
      usually: 'The cloud keeps them in another field.',
      needs: [needs.peering('ipv6'), needs.offer('addNetwork'), needs.offer('ipv6Networks')],
      run: (context) => showsEnds(context, () => [context.unusedCidr(), context.unusedCidr6()]),
    },
    {
      name: 'The initiator’s deletion ends it for both',
      usually: 'Only the own half is removed although the cloud has one shared object.',
      needs: [...across, needs.handshake('shared')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        await (await context.provider(A0)).peerings.delete(id, { side: 'initiator' });
        assert.equal(await (await context.provider(B0)).peerings.find(id, { side: 'acceptor' }), undefined);
        assert.deepEqual(await context.listed(B0, to.id), []);
      },
    },
    ...([A0, A1] as const).map((place): Case => ({
      name: `A deletion ${place === A0 ? 'inside one region' : 'across two regions'} that the driver calls over is over`,
      usually: '`delete` says gone when the cloud has only taken the request: say started, so that core waits.',
      needs: place === A0 ? [] : [needs.peering('crossRegion')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(place)];
        const { id } = await context.connect(from, to);
        const { peerings } = await context.driver(A0);
        if ((await peerings.delete(id, 'initiator', context.call())) !== 'gone') return;
        const left = await peerings.get(id, 'initiator', context.call()).catch((error: unknown) => {
          if (isPeerwayError(error, 'NotFound')) return undefined;
          throw error;
        });
        assert.ok(left === undefined || isTerminal(left.state), `It is ${left?.state ?? ''} still`);
      },
    })),
    {
      name: 'The acceptor’s deletion ends it for both, where either may end it',
      usually: 'deletableBy is wrong, or delete ignores `side`.',
      needs: [...across, needs.deletableBy('either')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        await (await context.provider(B0)).peerings.delete(id, { side: 'acceptor' });
        assert.equal(await (await context.provider(A0)).peerings.find(id), undefined);
      },
    },
    {
      name: 'The acceptor cannot end it alone, where only the initiator may',
      usually: 'The refusal is swallowed and deletion reported as done: nothing was deleted.',
      needs: [...across, needs.deletableBy('initiator')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        await refused(
          (await context.provider(B0)).peerings.delete(id, { side: 'acceptor' }),
          'PermissionDenied',
          'FailedPrecondition',
        );
        assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
      },
    },
    {
      name: 'The half that the acceptor makes bears the marks of the initiator’s, and only those',
      usually: 'A half that outlives the other bears no mark, and no run finds it again.',
      needs: [...across, needs.handshake('mirrored')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { description, tags } = context.facts.mechanism.features;
        const [text, mark] = ['peerway stack=kit connection=x', { 'peerway.stack': 'kit' }];
        const { id } = await context.connect(from, to, {
          ...(description.status === 'supported' ? { description: text } : {}),
          ...(tags.status === 'supported' ? { tags: { ...mark, cost: '7' } } : {}),
        });
        const half = await context.read(B0, id, 'acceptor');
        if (description.status === 'supported') assert.equal(half.description, text);
        if (tags.status === 'supported') assert.deepEqual(half.tags, mark);
      },
    },
    {
      name: 'Each side removes its own half and the other half stays, inactive, where each must',
      usually: 'delete reaches over to the other account, or a lone half is still called active.',
      needs: [...across, needs.deletableBy('each')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        await (await context.provider(A0)).peerings.delete(id, { side: 'initiator' });
        const left = await context.read(B0, id, 'acceptor');
        assert.deepEqual([left.state, left.reason], ['inactive', 'peer-missing']);
        await (await context.provider(B0)).peerings.delete(id, { side: 'acceptor' });
        assert.equal(await (await context.provider(B0)).peerings.find(id, { side: 'acceptor' }), undefined);
      },
    },
    {
      name: 'Inside one account, too, each half is removed by itself, where each must',
      usually: 'The acceptor’s half is left behind, and nobody will look for it.',
      needs: [needs.deletableBy('each')],
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        await (await context.provider(A0)).peerings.delete(id, { side: 'initiator' });
        assert.equal((await context.read(A0, id, 'acceptor')).reason, 'peer-missing');
        await (await context.provider(A0)).peerings.delete(id, { side: 'acceptor' });
        assert.deepEqual(await context.listed(A0, to.id), []);
      },
    },
    {
      name: 'Both sides may delete, one after the other',
      usually: 'The second deletion fails with something other than NotFound.',
      needs: [
        ...across,
        needs.that(({ mechanism }) => mechanism.deletableBy !== 'initiator', 'only the initiator deletes'),
      ],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        await (await context.provider(A0)).peerings.delete(id, { side: 'initiator' });
        await (await context.provider(B0)).peerings.delete(id, { side: 'acceptor' });
        assert.deepEqual([await context.listed(A0, from.id), await context.listed(B0, to.id)], [[], []]);
      },
    },
    {
      name: 'The initiator’s tags are not the acceptor’s',
      usually: 'Tags of the shared object are shown to both sides; each side must see its own.',
      needs: [...across, needs.peering('tags')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to, { tags: { secretPlan: 'yes' } });
        assert.equal((await context.read(B0, id, 'acceptor')).tags['secretPlan'], undefined);
      },
    },
    {
      name: 'Tags that the acceptor sets stay on its side',
      usually: 'update ignores `side`.',
      needs: [...across, needs.peering('retag')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        const how = { side: 'acceptor', mechanism: context.mechanism.name } as const;
        await (await context.provider(B0)).peerings.update(id, { setTags: { mine: 'b' } }, how);
        assert.equal((await context.read(B0, id, 'acceptor')).tags['mine'], 'b');
        assert.equal((await context.read(A0, id, 'initiator')).tags['mine'], undefined);
      },
    },
    {
      name: 'A description changed from the acceptor’s end is shown there, or the change is refused',
      usually: 'The change goes to the initiator’s record, whoever asks.',
      needs: [...across, needs.peering('description')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to, { description: 'of the initiator' });
        const before = (await context.read(B0, id, 'acceptor')).description;
        const description = context.description();
        const how = { side: 'acceptor', mechanism: context.mechanism.name } as const;
        const taken = await (await context.provider(B0)).peerings.update(id, { description }, how).then(
          () => true,
          (error: unknown) => {
            assert.ok(isPeerwayError(error, 'PermissionDenied') || isPeerwayError(error, 'FailedPrecondition'));
            return false;
          },
        );
        assert.equal((await context.read(B0, id, 'acceptor')).description, taken ? description : before);
        const theirs = (await context.read(A0, id, 'initiator')).description;
        assert.ok(theirs === 'of the initiator' || (taken && theirs === description), `It has become ${theirs}`);
      },
    },
    {
      name: 'Name resolution is switched at the end that is named, and the other end keeps its own',
      usually: 'The switch is turned at the initiator, whoever asks.',
      needs: [...across, needs.peering('dnsSync')],
      async run(context) {
        for (const place of [A0, B0]) {
          const [from, to] = [await context.network(A0), await context.network(place)];
          const { id } = await context.connect(from, to);
          const how = { side: 'acceptor', mechanism: context.mechanism.name } as const;
          await (await context.provider(place)).peerings.update(id, { dnsSync: true }, how);
          assert.equal((await context.read(place, id, 'acceptor')).dnsSync, 'on');
          assert.equal((await context.read(A0, id, 'initiator')).dnsSync, 'off');
        }
      },
    },
    {
      name: 'Both ends’ switches of name resolution are told apart in every reading that shows them',
      usually: 'The switch that is shown is the other end’s, or the initiator’s is shown as the acceptor’s.',
      needs: [...across, needs.peering('dnsSync')],
      async run(context) {
        for (const place of [A0, B0]) {
          const [from, to] = [await context.network(A0), await context.network(place)];
          const { id } = await context.connect(from, to);
          const turn = async (side: PeeringSide, dnsSync: boolean): Promise<void> => {
            const { peerings } = await context.provider(side === 'initiator' ? A0 : place);
            await peerings.update(id, { dnsSync }, { side, mechanism: context.mechanism.name });
          };
          const shows = async (initiator: DnsSyncState, acceptor: DnsSyncState): Promise<void> => {
            const theirs = await context.read(place, id, 'acceptor');
            assert.deepEqual([theirs.dnsSync, theirs.acceptorDnsSync], [acceptor, undefined]);
            for (const seen of [await context.read(A0, id, 'initiator'), ...(await context.listed(A0, from.id))])
              assert.deepEqual([seen.dnsSync, seen.acceptorDnsSync ?? acceptor], [initiator, acceptor]);
          };
          await turn('initiator', true);
          await shows('on', 'off');
          await turn('acceptor', true);
          await shows('on', 'on');
          await turn('initiator', false);
          await shows('off', 'on');
        }
      },
    },
    {
      name: 'A stranger neither reads nor lists a peering of others',
      usually: 'The driver answers from a cache that all accounts share.',
      needs: across,
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.provider(B0);
        await refused(peerings.get(id), 'NotFound', 'PermissionDenied');
        await refused(peerings.get(id, { side: 'acceptor' }), 'NotFound', 'PermissionDenied');
        for await (const seen of peerings.list()) assert.notEqual(seen.id, id);
      },
    },
    {
      name: 'A stranger cannot end a peering of others',
      usually: 'A refusal for lack of rights is taken for "already gone".',
      needs: across,
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        for (const side of ['initiator', 'acceptor'] as const) {
          const driver = await context.driver(B0);
          await refused(driver.peerings.delete(id, side, context.call()), 'NotFound', 'PermissionDenied');
        }
        assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
      },
    },
    {
      name: 'A peering is not seen from a region that it does not touch',
      usually: 'The region is taken from the id or forgotten in the request.',
      async run(context) {
        const [from, to] = await home(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.provider(A1);
        for await (const seen of peerings.list()) assert.notEqual(seen.id, id);
        assert.equal(await peerings.find(id).catch(() => undefined), undefined);
      },
    },
    {
      name: 'A reading from an end that the account does not own is refused',
      usually: 'The driver falls back to the other side, and then shows the wrong next hop.',
      needs: [...across, needs.handshake('shared')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.connect(from, to);
        const reading = await (
          await context.driver(A0)
        ).peerings
          .get(peeringId(id), 'acceptor', context.call())
          .catch((error: unknown) => error);
        if (reading instanceof Error) return;
        assert.equal(
          (reading as { seenFrom: string }).seenFrom,
          'initiator',
          'It pretends to have looked from the other end',
        );
      },
    },
  ],
};
