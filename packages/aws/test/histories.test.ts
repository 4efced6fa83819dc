/**
 * Random histories on moto: declarations change, people change things in the console, processes are killed, time passes; after all of it
 * one apply reaches the declaration, or the plan says what stands in the way, and a destroy leaves nothing of ours. The seed is printed
 * with a failure and shrinks. `node packages/aws/bench/histories.mjs 300` runs many more.
 */
import {
  AcceptVpcPeeringConnectionCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateTagsCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteRouteCommand,
  DeleteTagsCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeRouteTablesCommand,
  DescribeVpcPeeringConnectionsCommand,
  ModifyVpcPeeringConnectionOptionsCommand,
  RejectVpcPeeringConnectionCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConnectionSpec } from '@peerway/engine';
import { motoMissing } from './moto.js';
import { NAMES, Stacks, type Cut, type Name } from './stacks.js';
import { endMoto } from './world.js';

const RUNS = Number(process.env['PEERWAY_HISTORIES'] ?? 3);
const SEED = Number(process.env['PEERWAY_SEED'] ?? 20_261_126);

const HOUR_MS = 3_600_000;

type Step =
  | { readonly kind: 'declare'; readonly pairs: readonly (readonly [Name, Name])[] }
  | { readonly kind: 'apply'; readonly cut?: Cut }
  | { readonly kind: 'destroy'; readonly cut?: Cut }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: keyof typeof BY_HAND; readonly at: number };

/** What people do in the console. `at` chooses among what is there; nothing happens when there is nothing. */
const BY_HAND = {
  async endPeering(stacks: Stacks, at: number) {
    const peering = pick(await stacks.living(), at);
    if (peering === undefined) return;
    const VpcPeeringConnectionId = peering.VpcPeeringConnectionId ?? '';
    await hands(stacks, peering.RequesterVpcInfo?.VpcId)
      .send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }))
      .catch(unlessState);
  },
  /** The acceptor's account ends it, so that the initiator's tombstone, with the marks, stays the longer. */
  async endPeeringFromThere(stacks: Stacks, at: number) {
    const peering = pick(await stacks.living(), at);
    if (peering === undefined) return;
    const VpcPeeringConnectionId = peering.VpcPeeringConnectionId ?? '';
    await hands(stacks, peering.AccepterVpcInfo?.VpcId)
      .send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }))
      .catch(unlessState);
  },
  async rejectPeering(stacks: Stacks, at: number) {
    const peering = pick(await stacks.living(), at);
    if (peering === undefined) return;
    const VpcPeeringConnectionId = peering.VpcPeeringConnectionId ?? '';
    await hands(stacks, peering.AccepterVpcInfo?.VpcId)
      .send(new RejectVpcPeeringConnectionCommand({ VpcPeeringConnectionId }))
      .catch(unlessState);
  },
  async takeMarksOff(stacks: Stacks, at: number) {
    const peering = pick(await stacks.living(), at);
    if (peering === undefined) return;
    await hands(stacks, peering.RequesterVpcInfo?.VpcId).send(
      new DeleteTagsCommand({
        Resources: [peering.VpcPeeringConnectionId ?? ''],
        Tags: [{ Key: 'peerway.connection' }],
      }),
    );
  },
  async renamePeering(stacks: Stacks, at: number) {
    const peering = pick(await stacks.living(), at);
    if (peering === undefined) return;
    await hands(stacks, peering.RequesterVpcInfo?.VpcId).send(
      new CreateTagsCommand({
        Resources: [peering.VpcPeeringConnectionId ?? ''],
        Tags: [{ Key: 'Name', Value: 'by-hand' }],
      }),
    );
  },
  async openNames(stacks: Stacks, at: number) {
    const peering = pick(await stacks.living(), at);
    if (peering === undefined) return;
    await hands(stacks, peering.RequesterVpcInfo?.VpcId)
      .send(
        new ModifyVpcPeeringConnectionOptionsCommand({
          VpcPeeringConnectionId: peering.VpcPeeringConnectionId ?? '',
          RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: true },
        }),
      )
      .catch(unlessState);
  },
  async removeRoute(stacks: Stacks, at: number) {
    const name = pick(NAMES, at);
    const route = name && pick((await stacks.routes())[name], at);
    if (name === undefined || route === undefined) return;
    await stacks.vendor(name).send(
      new DeleteRouteCommand({
        RouteTableId: await tableOf(stacks, name),
        DestinationCidrBlock: route.DestinationCidrBlock,
        DestinationIpv6CidrBlock: route.DestinationIpv6CidrBlock,
      }),
    );
  },
  /** Toward something that Peerway does not make, on a destination that may be declared. */
  async writeRoute(stacks: Stacks, at: number) {
    const name = pick(NAMES, at) ?? 'n0';
    const client = stacks.vendor(name);
    const { InternetGateway } = await client.send(new CreateInternetGatewayCommand({}));
    await client
      .send(
        new CreateRouteCommand({
          RouteTableId: await tableOf(stacks, name),
          DestinationCidrBlock: `10.${(at + 1) % NAMES.length}.0.0/16`,
          GatewayId: InternetGateway?.InternetGatewayId,
        }),
      )
      .catch(unlessState);
  },
  /** As somebody else would: without any mark. */
  async peer(stacks: Stacks, at: number) {
    const [from, to] = [pick(NAMES, at) ?? 'n0', pick(NAMES, at + 1) ?? 'n1'];
    const { account, region } = stacks.placeOf(to);
    const { VpcPeeringConnection } = await stacks.vendor(from).send(
      new CreateVpcPeeringConnectionCommand({
        VpcId: stacks.ids[from],
        PeerVpcId: stacks.ids[to],
        PeerOwnerId: account,
        PeerRegion: region,
      }),
    );
    stacks.session.clock.advance(5_000);
    const id = VpcPeeringConnection?.VpcPeeringConnectionId ?? '';
    await stacks
      .vendor(to)
      .send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }))
      .catch(unlessState);
  },
};

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];

/** What EC2 refuses a person refuses nobody's history: the state was another, or it is there already. */
function unlessState(error: unknown): void {
  const { name } = error as Error;
  if (
    ![
      'InvalidStateTransition',
      'OperationNotPermitted',
      'RouteAlreadyExists',
      'VpcPeeringConnectionAlreadyExists',
      'InvalidVpcPeeringConnectionID.NotFound',
    ].includes(name)
  )
    throw error;
}

const hands = (stacks: Stacks, vpc: string | undefined) =>
  stacks.vendor(NAMES.find((name) => stacks.ids[name] === vpc) ?? 'n0');

async function tableOf(stacks: Stacks, name: Name): Promise<string> {
  const { RouteTables = [] } = await stacks
    .vendor(name)
    .send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [stacks.ids[name]] }] }));
  return RouteTables[0]?.RouteTableId ?? '';
}

const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.integer({ min: 1, max: 40 }),
  phase: fc.constantFrom('before', 'done'),
});
const pairs = fc.uniqueArray(
  fc
    .uniqueArray(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 2 })
    .map(([a, b]) => [a ?? 'n0', b ?? 'n1'] as const),
  { minLength: 0, maxLength: 3, selector: (pair) => [...pair].sort().join() },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: pairs.map((one): Step => ({ kind: 'declare', pairs: one })) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('apply' as const), cut }, { requiredKeys: ['kind'] }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('destroy' as const), cut }, { requiredKeys: ['kind'] }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1_000, 3 * HOUR_MS, 200 * HOUR_MS).map((ms): Step => ({ kind: 'time', ms })),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(...(Object.keys(BY_HAND) as (keyof typeof BY_HAND)[])),
      at: fc.nat(30),
    }),
  },
);
const history = fc.record({ first: pairs, steps: fc.array(step, { minLength: 1, maxLength: 6 }) });

const connectionsOf = (declared: readonly (readonly [Name, Name])[]): ConnectionSpec[] =>
  declared.map(([a, b]) => {
    const between = [a, b] as const;
    return { name: [a, b].sort().join('-'), kind: 'pair', between, routes: 'auto', peering: {} };
  });

/** @returns how it ended: by an apply, or by a plan that named what stands in the way */
async function live({ first, steps }: { first: readonly (readonly [Name, Name])[]; steps: readonly Step[] }) {
  const stacks = await Stacks.open();
  try {
    let connections = connectionsOf(first);
    await stacks.run(connections);
    for (const one of steps) {
      if (one.kind === 'declare') connections = connectionsOf(one.pairs);
      else if (one.kind === 'time') stacks.session.clock.advance(one.ms);
      else if (one.kind === 'apply' || one.kind === 'destroy') await attempt(stacks, connections, one.kind, one.cut);
      else await BY_HAND[one.kind](stacks, one.at);
    }
    stacks.session.clock.advance(10_000);
    const outcome = await converge(stacks, connections);
    await destroyed(stacks, connections);
    return outcome;
  } finally {
    await stacks.close();
  }
}

/** A plan that may not be applied is no failure on the way. */
async function attempt(
  stacks: Stacks,
  connections: readonly ConnectionSpec[],
  mode: 'apply' | 'destroy',
  killed?: Cut,
): Promise<void> {
  await stacks.run(connections, mode, killed).catch((error: unknown) => {
    if (!/problem|refuse|error/i.test(String(error))) throw error;
  });
}

async function converge(stacks: Stacks, connections: readonly ConnectionSpec[]): Promise<'applied' | 'named'> {
  const plan = await stacks.plan(connections);
  const named = plan.problems.filter(({ severity, forceable }) => severity === 'error' && forceable !== true);
  if (named.length > 0) {
    expect(named.map(({ kind }) => kind).filter((kind) => !EXPECTED.has(kind))).toEqual([]);
    return 'named';
  }
  const report = await stacks.run(connections);
  expect(report?.steps.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect((await stacks.plan(connections)).steps).toEqual([]);
  const living = await stacks.living();
  for (const { between } of connections as readonly { between: readonly [Name, Name] }[]) {
    const [a, b] = between.map((name) => stacks.ids[name]);
    const joins = living.filter(
      ({ RequesterVpcInfo, AccepterVpcInfo, Status }) =>
        Status?.Code === 'active' &&
        [RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId].sort().join() === [a, b].sort().join(),
    );
    expect(joins).toHaveLength(1);
    // each side has tags of its own, and Peerway's are the requester's
    for (const { VpcPeeringConnectionId = '', RequesterVpcInfo } of joins) {
      const seen = await hands(stacks, RequesterVpcInfo?.VpcId).send(
        new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [VpcPeeringConnectionId] }),
      );
      const tags = (seen.VpcPeeringConnections ?? []).flatMap(({ Tags = [] }) => Tags);
      expect(tags).toContainEqual({ Key: 'Name', Value: [...between].sort().join('-') });
    }
  }
  return 'applied';
}

/** What is somebody else's, and in the way. */
const EXPECTED: ReadonlySet<string> = new Set(['foreign-peering', 'foreign-route']);

/** After a destroy nothing bears our mark, and no route leads to a peering that is gone, but what somebody else wrote. */
async function destroyed(stacks: Stacks, connections: readonly ConnectionSpec[]): Promise<void> {
  const plan = await stacks.plan(connections, 'destroy');
  if (plan.problems.some(({ severity, forceable }) => severity === 'error' && forceable !== true)) return;
  const report = await stacks.run(connections, 'destroy');
  expect(report?.steps.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  expect((await stacks.plan(connections, 'destroy')).steps).toEqual([]);
  const ours = (await stacks.living()).filter(({ Tags = [] }) => Tags.some(({ Key }) => Key === 'peerway.stack'));
  expect(ours).toEqual([]);
}

(motoMissing === undefined ? describe : describe.skip)('random histories on AWS', () => {
  afterAll(endMoto);

  it(
    `${RUNS} histories converge or are named, and are taken down`,
    async () => {
      const outcomes = { applied: 0, named: 0 };
      const done = await fc.check(
        fc.asyncProperty(history, async (drawn) => {
          outcomes[await live(drawn)]++;
          const done = outcomes.applied + outcomes.named;
          if (RUNS > 20 && done % 10 === 0) process.stderr.write(`${done} histories converged or were named\n`);
        }),
        { seed: SEED, numRuns: RUNS, endOnFailure: RUNS > 20 },
      );
      console.log(`histories on AWS, seed ${SEED}: ${outcomes.applied} applied, ${outcomes.named} named`);
      if (done.failed) throw new Error(fc.defaultReportMessage(done));
    },
    24 * HOUR_MS,
  );
});
