/** A driver that has not asked anybody yet: its very first request keeps the rules, too. Part of the read-only suite. */
import assert from 'node:assert/strict';
import {
  PEERING_SIDES,
  type Call,
  type Link,
  type PeeringChange,
  type PeeringFeature,
  type ProviderDriver,
} from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, refused, unchanged } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';
import { joined, toward } from './joined.js';
import { linkRequest } from './linkRequest.js';
import { labelled } from './wholeReadings.js';

export interface First {
  readonly verb: string;
  readonly needs?: NonNullable<Case['needs']>;
  readonly prepare: (context: CaseContext) => Promise<(driver: ProviderDriver, call: Call) => Promise<unknown>>;
}

const connected = async (context: CaseContext) => {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  return { from, to, id: (await context.connect(from, to, labelled(context))).id };
};

/** A network of two joined ones, and where routes are written one that leads from it to the other. */
async function routed(context: CaseContext): Promise<Site> {
  if (context.facts.capabilities.routes.features.explicit.status !== 'supported')
    return (await connected(context)).from;
  const both = await joined(context);
  await (await context.provider(A0)).routes.create(toward(both, both.to.cidrs[0]));
  return both.from;
}

const linked = async (context: CaseContext): Promise<Link> => {
  const site = await context.network(A0);
  const { tags, description } = context.facts.capabilities.links.features;
  const labels = {
    ...(tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit' } } : {}),
    ...(description.status === 'supported' ? { description: 'made by the kit' } : {}),
  };
  return (await context.provider(A0)).links.create(await linkRequest(context, site, labels));
};

/** What a driver reads, in a world where there is something of each kind. */
export const READS: readonly First[] = [
  {
    verb: 'reads a network',
    async prepare(context) {
      const { id } = await context.network(A0);
      return (driver, call) => driver.networks.get([id], call);
    },
  },
  {
    verb: 'lists networks',
    async prepare(context) {
      await context.network(A0);
      return (driver, call) => driver.networks.list(undefined, call);
    },
  },
  ...PEERING_SIDES.map((side): First => ({
    verb: `reads a peering as the ${side}`,
    async prepare(context) {
      const { id } = await connected(context);
      return async ({ peerings }, call) => {
        const seen = await peerings.get(id, side, call);
        return [seen, peerings.settingsDrift?.(seen, {})];
      };
    },
  })),
  {
    verb: 'lists peerings',
    async prepare(context) {
      const { from } = await connected(context);
      return (driver, call) => driver.peerings.list({ network: from.id }, undefined, call);
    },
  },
  {
    verb: 'reads route tables and routes',
    async prepare(context) {
      const site = await routed(context);
      return async (driver, call) => {
        const tables = await driver.routes.tables(site.id, call);
        const routes = [];
        for (const { id } of tables) routes.push(await driver.routes.list(site.id, id, undefined, call));
        return { tables, routes };
      };
    },
  },
  {
    verb: 'reads a link',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      const { id } = await linked(context);
      return async ({ links }, call) => {
        const seen = await links?.get(id, call);
        return [seen, seen === undefined ? [] : links?.settingsDrift?.(seen, {})];
      };
    },
  },
  {
    verb: 'lists links',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      const { network } = await linked(context);
      return async (driver, call) => driver.links?.list(network === undefined ? {} : { network }, undefined, call);
    },
  },
];

/** Each of them a request of its own on some cloud. */
const CHANGES: readonly (readonly [string, PeeringFeature, PeeringChange])[] = [
  ['changes a name', 'name', { kind: 'labels', name: 'other' }],
  ['sets a tag', 'retag', { kind: 'tags', set: { kit: 'one' }, remove: [] }],
  ['takes a tag off', 'retag', { kind: 'tags', set: {}, remove: ['kit'] }],
  ['switches name resolution', 'dnsSync', { kind: 'dnsSync', enabled: true }],
];

const WRITES: readonly First[] = [
  {
    verb: 'asks for a peering',
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      return (driver, call) => driver.peerings.create(context.input(from, to, context.random.uuid()), call);
    },
  },
  {
    verb: 'ends a peering',
    async prepare(context) {
      const { id } = await connected(context);
      return (driver, call) => driver.peerings.delete(id, 'initiator', call);
    },
  },
  {
    verb: 'writes a route',
    needs: [needs.route('explicit')],
    async prepare(context) {
      const both = await joined(context);
      const wanted = { ...toward(both, context.unusedDestination()), clientToken: context.random.uuid() };
      return (driver, call) => driver.routes.create(wanted, call);
    },
  },
  {
    verb: 'removes a route',
    needs: [needs.route('explicit')],
    async prepare(context) {
      const both = await joined(context);
      const destination = context.unusedDestination();
      await (await context.provider(A0)).routes.create(toward(both, destination));
      const left = only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
      return (driver, call) => driver.routes.delete(left, call);
    },
  },
  ...CHANGES.map(([verb, feature, change]): First => ({
    verb,
    needs: [needs.peering(feature)],
    async prepare(context) {
      const { id } = await connected(context);
      return (driver, call) => driver.peerings.update(id, 'initiator', change, call);
    },
  })),
];

/** What a driver of its own sends, and announces, while it works. */
export async function cold<T>(
  context: CaseContext,
  work: (driver: ProviderDriver) => Promise<T>,
  open = () => context.login(A0, 'right'),
) {
  const driver = await open();
  const before = context.announced.length;
  try {
    const traffic = await context.traffic(() => work(driver));
    return { traffic, announced: context.announced.slice(before) };
  } finally {
    await driver.close();
  }
}

export const coldDriverCases: readonly Case[] = [
  ...READS.map(({ verb, needs: wanted = [], prepare }): Case => ({
    name: `Every request of a driver whose first act is that it ${verb} is announced`,
    usually: 'A driver asks who it is, or for a token, before the first real request, past call.admit.',
    needs: wanted,
    async run(context) {
      const act = await prepare(context);
      const { traffic, announced } = await cold(context, (driver) => act(driver, context.call()));
      assert.ok(traffic.requests.length > 0, 'Nobody was asked');
      assert.deepEqual(
        announced.map((one) => one.mutating),
        traffic.requests.map((one) => one.mutating),
        `announced: ${announced.map((one) => one.nativeOperation).join(', ')}; seen: ${traffic.requests.map((one) => one.operation).join(', ')}`,
      );
      unchanged(traffic);
    },
  })),
  ...WRITES.map(({ verb, needs: wanted = [], prepare }): Case => ({
    name: `A read-only driver whose first act is that it ${verb} refuses, and every request before is announced`,
    usually: 'The guard is asked for the change, and not for what the driver sends before it.',
    needs: wanted,
    async run(context) {
      const act = await prepare(context);
      const { traffic, announced } = await cold(context, (driver) =>
        refused(act(driver, context.call({ readOnly: true })), 'FailedPrecondition'),
      );
      unchanged(traffic);
      // the refused change is not announced: it never happens
      assert.equal(announced.length, traffic.requests.length);
    },
  })),
];
