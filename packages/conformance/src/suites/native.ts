/** The escape hatch: typed by a token, there for those who ask, invisible to everybody else. */
import assert from 'node:assert/strict';
import { nativeOf, NativeToken, type Peering } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';

async function reading(context: CaseContext): Promise<Peering> {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  const { id } = await context.connect(from, to);
  return context.read(A0, id, 'initiator');
}

/** Primitives, dates, arrays and bare objects all the way down. */
function requirePlain(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) {
    assert.ok(['string', 'number', 'boolean'].includes(typeof value), `${path} is a ${typeof value}`);
    return;
  }
  if (value instanceof Date) return;
  const kind = Object.prototype.toString.call(value);
  const parent: unknown = Object.getPrototypeOf(value);
  const bare = parent === null || Object.getPrototypeOf(parent) === null;
  assert.ok(kind === '[object Array]' || (kind === '[object Object]' && bare), `${path} is not plain data`);
  for (const [key, inner] of Object.entries(value)) requirePlain(inner, `${path}.${key}`);
}

const PEERING_KEYS = new Set(
  [
    'provider mechanism id seenFrom name description state reason nativeState next initiator acceptor bandwidthMbps',
    'createdAt expiresAt tags deletionProtection dnsSync acceptorDnsSync',
  ].flatMap((line) => line.split(' ')),
);

export const native: Suite = {
  topic: 'native',
  about: 'the vendor’s own client and records are reachable by token, and readings stay plain data',
  cases: [
    {
      name: 'A token of another provider gives nothing',
      usually: 'native compares tokens by name, or answers every token.',
      async run(context) {
        const provider = await context.provider(A0);
        const { client } = context.facts.harness.native ?? { client: new NativeToken('none') };
        assert.equal(provider.native(new NativeToken(client.name)), undefined);
      },
    },
    {
      name: 'The provider’s own token gives its client',
      usually: 'native does not know the token that the package exports.',
      needs: [needs.native],
      async run(context) {
        const client = (await context.provider(A0)).native(present(context.facts.harness.native, 'native').client);
        assert.ok(typeof client === 'object' || typeof client === 'function');
      },
    },
    {
      name: 'The record behind a peering is reachable from a reading and from a listing',
      usually: 'attachNative is called for one of the two only.',
      needs: [
        needs.native,
        needs.that(({ harness }) => harness.native?.peering !== undefined, 'no token for peerings'),
      ],
      async run(context) {
        const token = present(context.facts.harness.native?.peering, 'native.peering');
        const peering = await reading(context);
        present(nativeOf(peering, token), 'the record');
        const listed = only(await context.listed(A0, peering.initiator.network), (one) => one.id === peering.id, 'it');
        assert.equal(listed.id, peering.id);
      },
    },
    {
      name: 'A reading is plain data: it survives JSON and copying',
      usually: 'A class instance, a getter or the vendor’s record hangs on it.',
      async run(context) {
        requirePlain(await reading(context), 'reading');
      },
    },
    {
      name: 'A reading has no key that the model does not know, and none that is undefined',
      usually: 'The vendor’s record was spread into it; or a missing field was written as undefined.',
      async run(context) {
        for (const [key, value] of Object.entries(await reading(context))) {
          assert.ok(PEERING_KEYS.has(key), `${key} is not in the model`);
          assert.notEqual(value, undefined, `${key} is undefined: leave it out`);
        }
      },
    },
    {
      name: 'Moments are dates, numbers are numbers, texts are texts',
      usually: 'A value passes as the cloud wrote it: numbers as text, objects for big numbers, dates as text.',
      async run(context) {
        const peering = await reading(context);
        for (const text of [
          peering.id,
          peering.name,
          peering.description,
          peering.nativeState,
          peering.initiator.account,
        ]) {
          assert.equal(typeof text, 'string');
        }
        for (const moment of [peering.createdAt, peering.expiresAt]) {
          if (moment !== undefined) assert.ok(moment instanceof Date && !Number.isNaN(moment.getTime()));
        }
        const { bandwidthMbps } = peering;
        if (bandwidthMbps !== undefined && bandwidthMbps !== 'unlimited')
          assert.ok(Number.isFinite(bandwidthMbps) && bandwidthMbps > 0, `${bandwidthMbps} Mbit/s`);
        for (const value of Object.values(peering.tags)) assert.equal(typeof value, 'string');
      },
    },
    {
      name: 'No secret is in a reading',
      usually: 'The vendor’s record with its request hangs on it.',
      async run(context) {
        const text = JSON.stringify(await reading(context));
        for (const secret of context.world.secrets) assert.ok(!text.includes(secret));
      },
    },
  ],
};
