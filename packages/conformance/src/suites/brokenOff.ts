/**
 * A run that dies in the middle: whoever comes next knows nothing but what the cloud shows, and finishes or removes what was begun.
 * Part of the idempotency and of the links suite.
 */
import assert from 'node:assert/strict';
import {
  isPeerwayError,
  mergeSides,
  nextStep,
  type LinkRequest,
  type Peering,
  type PeeringId,
  type Provider,
} from '@peerway/core';
import { needs, type Case } from '../case.js';
import { present } from '../expectations.js';
import { A0, B0, type CaseContext, type Site } from '../caseContext.js';
import type { Place } from '../harness.js';
import { linkRequest } from './linkRequest.js';

/** A pair with tags, where the mechanism keeps them, so that what is left can be told to be ours. */
const marked = (context: CaseContext) =>
  context.mechanism.features.tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit' } } : {};

interface Begun {
  readonly id: PeeringId;
  readonly from: Site;
  readonly to: Site;
  /** False when all was done before the given number of steps. */
  readonly isHalfMade: boolean;
}

/** Works with providers over drivers that have not asked anybody yet. */
async function cold<T>(
  context: CaseContext,
  places: readonly [Place, Place],
  work: (initiator: Provider, acceptor: Provider) => Promise<T>,
): Promise<T> {
  const drivers = [await context.login(places[0], 'right'), await context.login(places[1], 'right')] as const;
  try {
    return await work(context.providerOver(places[0], drivers[0]), context.providerOver(places[1], drivers[1]));
  } finally {
    for (const driver of drivers) await driver.close();
  }
}

const merged = async (initiator: Provider, acceptor: Provider, id: PeeringId): Promise<Peering | undefined> => {
  const mine = await initiator.peerings.find(id, { side: 'initiator' });
  const theirs = await acceptor.peerings.find(id, { side: 'acceptor' });
  return mine === undefined || theirs === undefined ? (mine ?? theirs) : mergeSides(mine, theirs);
};

/** Asks for a peering, takes so many of the further steps, and stops. Each write is heard, and its answer may be lost. */
async function begin(context: CaseContext, to: Place, steps: number, isLost: boolean): Promise<Begun> {
  const [near, far] = [await context.network(A0), await context.network(to)];
  const lose = async (): Promise<void> =>
    isLost ? context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 }) : undefined;
  return cold(context, [A0, to], async (initiator, acceptor) => {
    await lose();
    const id = await initiator.peerings.request(context.request(near, far, marked(context)));
    let left = steps;
    for (let looks = 0; looks < 60; looks++) {
      const seen = await merged(initiator, acceptor, id);
      if (seen?.state === 'active') return { id, from: near, to: far, isHalfMade: false };
      const next = seen === undefined ? undefined : nextStep(seen);
      if (seen !== undefined && next !== undefined) {
        if (left-- === 0) break;
        await lose();
        const { peerings } = next.side === 'initiator' ? initiator : acceptor;
        // whether it was heard tells the next reading
        await peerings.advance(seen, next.side).catch(() => undefined);
      }
      await context.world.clock.sleep(2_000);
    }
    await context.world.clearFaults?.();
    return { id, from: near, to: far, isHalfMade: true };
  });
}

/** More steps than any handshake has. */
const MOST_STEPS = 5;

async function eachStep(
  context: CaseContext,
  to: Place,
  isLost: boolean,
  then: (begun: Begun) => Promise<void>,
): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const begun = await begin(context, to, steps, isLost);
    await then(begun);
    if (!begun.isHalfMade) return;
  }
}

async function finish(context: CaseContext, to: Place, { id, from, to: far }: Begun): Promise<void> {
  await cold(context, [A0, to], async (initiator, acceptor) => {
    for (let looks = 0; looks < 60; looks++) {
      const seen = present(await merged(initiator, acceptor, id), id);
      if (seen.state === 'active') break;
      const next = nextStep(seen);
      if (next !== undefined)
        await (next.side === 'initiator' ? initiator : acceptor).peerings.advance(seen, next.side);
      await context.world.clock.sleep(2_000);
    }
    const done = await initiator.peerings.get(id);
    assert.deepEqual(
      [done.state, done.initiator.network, done.acceptor.network, done.tags],
      ['active', from.id, far.id, marked(context).tags ?? {}],
    );
  });
  assert.deepEqual(
    (await context.listed(A0, from.id)).map((one) => one.id),
    [id],
    'It was made twice',
  );
  await context.disconnect(id, A0, to);
  assert.deepEqual([await context.listed(A0, from.id), await context.listed(to, far.id)], [[], []]);
}

async function remove(context: CaseContext, to: Place, { id, from, to: far }: Begun): Promise<void> {
  await cold(context, [A0, to], async (initiator, acceptor) => {
    await initiator.peerings.delete(id, { side: 'initiator' });
    if (context.mechanism.deletableBy === 'each') await acceptor.peerings.delete(id, { side: 'acceptor' });
  });
  assert.deepEqual([await context.listed(A0, from.id), await context.listed(to, far.id)], [[], []]);
}

const PLACES: readonly { readonly where: string; readonly to: Place; readonly needs: NonNullable<Case['needs']> }[] = [
  { where: 'inside one account', to: A0, needs: [] },
  { where: 'of two accounts', to: B0, needs: [needs.peering('crossAccount'), needs.peering('accept')] },
];

export const brokenOffPeerings: readonly Case[] = PLACES.flatMap(({ where, to, needs: wanted }): readonly Case[] => [
  {
    name: `A peering ${where} that was left after any of its steps is finished by who knows nothing of it`,
    usually: 'What the next step needs is kept in the driver, and not read from the cloud.',
    needs: wanted,
    run: (context) => eachStep(context, to, false, (begun) => finish(context, to, begun)),
  },
  {
    name: `A peering ${where} whose every answer was lost is finished by who knows nothing of it, and is one`,
    usually: 'A step that was heard is taken again, and makes a second part.',
    needs: [...wanted, needs.fault('lostAnswer'), needs.offer('advance')],
    formsVary: true,
    run: (context) => eachStep(context, to, true, (begun) => finish(context, to, begun)),
  },
  {
    name: `A peering ${where} that was left after any of its steps is removed by who knows nothing of it, and leaves nothing`,
    usually: 'What is not connected yet is refused as not deletable, or one half is forgotten.',
    needs: wanted,
    run: (context) => eachStep(context, to, false, (begun) => remove(context, to, begun)),
  },
]);

interface BegunLink {
  readonly asked: LinkRequest;
  readonly site: Site;
  readonly isHalfMade: boolean;
}

async function beginLink(context: CaseContext, steps: number, isLost: boolean): Promise<BegunLink> {
  const site = await context.network(A0);
  const { features } = context.facts.capabilities.links;
  const asked = await linkRequest(context, site, {
    ...(features.tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit' } } : {}),
  });
  const lose = async (): Promise<void> =>
    isLost ? context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 }) : undefined;
  return cold(context, [A0, A0], async ({ links }) => {
    await lose();
    const id = await links.request(asked);
    let left = steps;
    for (let looks = 0; looks < 60; looks++) {
      const seen = await links.get(id);
      if (seen.state === 'active') return { asked, site, isHalfMade: false };
      if (seen.next === 'continue') {
        if (left-- === 0) break;
        await lose();
        await links.advance(seen, asked).catch(() => undefined);
      }
      await context.world.clock.sleep(2_000);
    }
    await context.world.clearFaults?.();
    return { asked, site, isHalfMade: true };
  });
}

async function eachLinkStep(
  context: CaseContext,
  isLost: boolean,
  then: (begun: BegunLink) => Promise<void>,
): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const begun = await beginLink(context, steps, isLost);
    await then(begun);
    if (!begun.isHalfMade) return;
  }
}

/** The one link on the port and VLAN that were asked for. */
async function found({ links }: Provider, { port, vlan }: LinkRequest) {
  const all = [];
  for await (const link of links.list({ port })) if (link.vlan === vlan) all.push(link);
  assert.equal(all.length, 1, 'There is not one link on the VLAN');
  return present(all[0], 'the link');
}

const finishLink = (context: CaseContext, { asked, site }: BegunLink): Promise<void> =>
  cold(context, [A0, A0], async (provider) => {
    const { id } = await found(provider, asked);
    const done = await provider.links.settle(id, asked);
    assert.deepEqual(
      [done.state, done.network, done.name, done.tags],
      ['active', site.id, asked.name, asked.tags ?? {}],
    );
    await provider.links.delete(id);
    for await (const left of provider.links.list({ network: site.id })) assert.fail(`${left.id} is left`);
  });

const removeLink = (context: CaseContext, { asked, site }: BegunLink): Promise<void> =>
  cold(context, [A0, A0], async (provider) => {
    const { id } = await found(provider, asked);
    await provider.links.delete(id);
    assert.equal(await provider.links.find(id), undefined);
    // the port and the network are free for another one
    const { id: again } = await provider.links.create({ ...asked, name: context.uniqueName() });
    await provider.links.delete(again);
    for await (const left of provider.links.list({ network: site.id })) assert.fail(`${left.id} is left`);
  });

/** More requests than any link takes that change anything. */
const MOST_WRITES = 12;

/** Asks for a link and goes on with it until the given number of changes was heard; nothing is heard after it. */
async function beginWrites(context: CaseContext, writes: number): Promise<BegunLink> {
  const site = await context.network(A0);
  const asked = await linkRequest(context, site);
  const isHalfMade = await cold(context, [A0, A0], async ({ links }) => {
    await context.world.inject?.({ kind: 'cut', on: 'write', times: Infinity, after: writes });
    try {
      const id = await links.request(asked);
      for (let looks = 0; looks < 60; looks++) {
        const seen = await links.get(id);
        if (seen.state === 'active') return false;
        if (seen.next === 'continue') await links.advance(seen, asked);
        await context.world.clock.sleep(2_000);
      }
    } catch (error) {
      if (!isPeerwayError(error, 'Unavailable')) throw error;
    }
    return true;
  });
  await context.world.clearFaults?.();
  return { asked, site, isHalfMade };
}

async function eachWrite(context: CaseContext, then: (begun: BegunLink) => Promise<void>): Promise<void> {
  for (let writes = 1; writes < MOST_WRITES; writes++) {
    const begun = await beginWrites(context, writes);
    const { links } = await context.provider(A0);
    const listed = await found(await context.provider(A0), begun.asked);
    assert.deepEqual(listed, await links.get(listed.id), 'A listing shows it otherwise than a reading');
    await then(begun);
    if (!begun.isHalfMade) return;
  }
}

const on = [needs.link('link'), needs.offer('port')];

export const brokenOffLinks: readonly Case[] = [
  {
    name: 'A link that was left after any of its steps is finished by who knows nothing of it',
    usually: 'What the next step needs is kept in the driver, and not read from the cloud.',
    needs: on,
    formsVary: true,
    run: (context) => eachLinkStep(context, false, (begun) => finishLink(context, begun)),
  },
  {
    name: 'A link that was left after any of its requests is in a listing what it is in a reading, and is finished by who knows nothing of it',
    usually: 'Of two requests of one step the second is never sent again, or the first is sent twice.',
    needs: [...on, needs.fault('cut')],
    formsVary: true,
    run: (context) => eachWrite(context, (begun) => finishLink(context, begun)),
  },
  {
    name: 'A link that was left after any of its requests is removed by who knows nothing of it, and its VLAN is free',
    usually: 'A half without the other half is nobody’s.',
    needs: [...on, needs.fault('cut')],
    formsVary: true,
    run: (context) => eachWrite(context, (begun) => removeLink(context, begun)),
  },
  {
    name: 'A link whose every answer was lost is finished by who knows nothing of it, and is one',
    usually: 'A step that was heard is taken again, and makes a second part.',
    needs: [...on, needs.fault('lostAnswer'), needs.offer('advance')],
    formsVary: true,
    run: (context) => eachLinkStep(context, true, (begun) => finishLink(context, begun)),
  },
  {
    name: 'A link that was left after any of its steps is removed by who knows nothing of it, and its VLAN is free',
    usually: 'What is not connected yet is refused as not deletable, or one half is forgotten.',
    needs: on,
    formsVary: true,
    run: (context) => eachLinkStep(context, false, (begun) => removeLink(context, begun)),
  },
];
