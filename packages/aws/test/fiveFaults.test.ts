/**
 * Five faults of an outside author's driver that the kit once let through, each planted into this one: the kit must see every one.
 * On moto, because two of them are seen only by a server that nobody here wrote.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { runConformance, type CaseReport, type Harness, type Topic } from '@peerway/conformance';
import type { Network, ProviderDriver } from '@peerway/core';
import { awsEc2 } from '../src/index.js';
import { harness } from './harness.js';
import { motoMissing } from './moto.js';
import { endMoto } from './world.js';

interface Fault {
  readonly name: string;
  readonly topic: Topic;
  /** Cases of the topic that are tried: the others take a minute. */
  readonly cases: RegExp;
  readonly seenBy: string;
  readonly plant: (good: ProviderDriver) => ProviderDriver;
}

/** The members of a class that the spread of an object would lose. */
const withParts = (good: ProviderDriver, parts: Partial<ProviderDriver>): ProviderDriver => ({
  networks: good.networks,
  peerings: good.peerings,
  routes: good.routes,
  ownAccount: (call) => good.ownAccount?.(call) ?? Promise.reject(new Error('it does not say')),
  native: (token) => good.native(token),
  close: () => good.close(),
  ...parts,
});

const networksOf = (good: ProviderDriver, change: (network: Network) => Network): ProviderDriver['networks'] => ({
  get: async (...how) => (await good.networks.get(...how)).map(change),
  async list(...how) {
    const page = await good.networks.list(...how);
    return { ...page, items: page.items.map(change) };
  },
});

const FAULTS: readonly Fault[] = [
  {
    name: 'sends an IPv6 destination in the IPv4 field',
    topic: 'routes',
    cases: /IPv6/,
    seenBy: 'An IPv6 route is written, listed as it was written, and removed',
    plant(good) {
      good.native(awsEc2)?.middlewareStack.add(
        (next) => (args) => {
          const input = args.input as { DestinationIpv6CidrBlock?: string; DestinationCidrBlock?: string };
          if (input.DestinationIpv6CidrBlock === undefined) return next(args);
          const { DestinationIpv6CidrBlock, ...rest } = input;
          return next({
            ...args,
            input: { ...rest, DestinationCidrBlock: DestinationIpv6CidrBlock } as typeof args.input,
          });
        },
        { step: 'initialize' },
      );
      return good;
    },
  },
  {
    name: 'tells of the main table only',
    topic: 'routes',
    cases: /table/,
    seenBy: 'A table of its own making is shown beside the main one, which stays the first',
    plant: (good) =>
      withParts(good, {
        routes: {
          tables: async (...how) => (await good.routes.tables(...how)).slice(0, 1),
          list: (...how) => good.routes.list(...how),
          create: (...how) => good.routes.create(...how),
          delete: (...how) => good.routes.delete(...how),
        },
      }),
  },
  {
    name: 'drops secondary and IPv6 prefixes',
    topic: 'lifecycle',
    cases: /prefix/,
    seenBy: 'A network shows every prefix, the first one first, in a reading and in a listing',
    plant: (good) =>
      withParts(good, { networks: networksOf(good, (one) => ({ ...one, cidrs: one.cidrs.slice(0, 1) })) }),
  },
  {
    name: 'shows the name among the tags',
    topic: 'texts',
    cases: /tags/,
    seenBy: 'A peering shows exactly the tags that it was given',
    plant(good) {
      const shown: ProviderDriver['peerings']['get'] = async (...how) => {
        const peering = await good.peerings.get(...how);
        return { ...peering, tags: { ...peering.tags, ...(peering.name === '' ? {} : { Name: peering.name }) } };
      };
      const peerings = Object.create(good.peerings, { get: { value: shown } }) as ProviderDriver['peerings'];
      for (const member of ['create', 'list', 'accept', 'reject', 'update', 'delete', 'dryRun'] as const)
        Object.defineProperty(peerings, member, { value: good.peerings[member]?.bind(good.peerings) });
      return withParts(good, { peerings });
    },
  },
  {
    name: 'asks something before its first request, and tells nobody',
    topic: 'readOnly',
    cases: /first act/,
    seenBy: 'Every request of a driver whose first act is that it reads a network is announced',
    plant(good) {
      let asked = false;
      const first = async (): Promise<void> => {
        if (!asked) await good.native(awsEc2)?.send(new DescribeVpcsCommand({}));
        asked = true;
      };
      return withParts(good, {
        networks: {
          get: async (...how) => (await first(), good.networks.get(...how)),
          list: async (...how) => (await first(), good.networks.list(...how)),
        },
      });
    },
  },
];

/** Runs those cases of the topic until one fails. */
async function firstFailure({ topic, cases, plant }: Fault): Promise<CaseReport | undefined> {
  const planted: Harness = {
    ...harness,
    async open(plugin) {
      const world = await harness.open(plugin);
      return { ...world, driver: async (...how) => plant(await world.driver(...how)) };
    },
  };
  const bodies: { readonly name: string; readonly run: () => void | Promise<void> }[] = [];
  const ends: (() => void | Promise<void>)[] = [];
  let failure: CaseReport | undefined;
  runConformance(
    {
      describe: (_, body) => body(),
      it: Object.assign((name: string, run: () => void | Promise<void>) => bodies.push({ name, run }), {
        skip: () => undefined,
      }),
      after: (body) => ends.push(body),
    },
    planted,
    {
      topics: [topic],
      print: () => undefined,
      onCase: (report) => {
        if (report.outcome === 'failed') failure ??= report;
      },
    },
  );
  for (const { name, run } of bodies) {
    if (failure === undefined && cases.test(name)) await Promise.resolve(run()).catch(() => undefined);
  }
  for (const end of ends) await end();
  return failure;
}

(motoMissing === undefined ? describe : describe.skip)('the kit on moto sees a driver that', () => {
  afterAll(endMoto);

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))('%s', async (_, fault) => {
    const good = await firstFailure({ ...fault, plant: (driver) => driver });
    expect(good).toBeUndefined();
    expect((await firstFailure(fault))?.case).toBe(fault.seenBy);
  });
});
