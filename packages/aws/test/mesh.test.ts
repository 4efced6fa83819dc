/** A mesh of six over two accounts and two regions, IPv4 and IPv6: applied, planned again, healed, broken off, and taken down. */
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DeleteVpcPeeringConnectionCommand,
  ModifyVpcPeeringConnectionOptionsCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionSpec } from '@peerway/engine';
import { motoMissing } from './moto.js';
import { NAMES, Stacks } from './stacks.js';
import { endMoto } from './world.js';

const MESH: readonly ConnectionSpec[] = [
  { name: 'all', kind: 'mesh', members: [...NAMES], routes: 'auto', peering: {} },
];
const SMALL: readonly ConnectionSpec[] = [
  { name: 'near', kind: 'pair', between: ['n0', 'n1'], routes: 'auto', peering: {} },
  { name: 'far', kind: 'pair', between: ['n0', 'n4'], routes: 'auto', peering: {} },
];

/** Which stack is killed, and at every how many requests; `bench/crashMatrix.mjs` takes the mesh. */
const STRIDE = Number(process.env['PEERWAY_CRASH_STRIDE'] ?? 9);
const CRASHED = process.env['PEERWAY_CRASH_STRIDE'] === undefined ? SMALL : MESH;

/** After 48 hours nobody sees a peering that is over. */
const FADED_MS = 49 * 3_600_000;

(motoMissing === undefined ? describe : describe.skip)('a stack on AWS', () => {
  let stacks: Stacks;
  beforeEach(async () => {
    stacks = await Stacks.open();
  });
  afterEach(() => stacks.close());
  afterAll(endMoto);

  const settled = async (connections: readonly ConnectionSpec[], mode: 'apply' | 'destroy' = 'apply') => {
    const { steps, problems } = await stacks.plan(connections, mode);
    expect([steps, problems.filter(({ severity }) => severity === 'error')]).toEqual([[], []]);
  };
  const clean = async () => {
    expect(await stacks.living()).toEqual([]);
    expect(Object.values(await stacks.routes()).flat()).toEqual([]);
  };

  it('a mesh of six: applied, the second plan empty, destroyed clean', async () => {
    expect((await stacks.run(MESH))?.outcome).toBe('done');
    const calls = stacks.requests;
    const peerings = await stacks.living();
    expect(peerings.map(({ Status }) => Status?.Code)).toEqual(Array<string>(15).fill('active'));
    const routes = await stacks.routes();
    for (const name of NAMES) expect(routes[name].map(({ State }) => State)).toEqual(Array<string>(10).fill('active'));
    await settled(MESH);
    expect((await stacks.run(MESH, 'destroy'))?.outcome).toBe('done');
    await settled(MESH, 'destroy');
    await clean();
    console.log(`mesh of 6 with IPv6: plan and apply ${calls} calls, plan and destroy ${stacks.requests}`);
  });

  it('the tag Name is the connection’s, also when a person has changed it or taken it off', async () => {
    const near = SMALL.slice(0, 1);
    expect((await stacks.run(near))?.outcome).toBe('done');
    const tagged = async () => {
      const [peering] = await stacks.living();
      return { id: peering?.VpcPeeringConnectionId ?? '', tags: peering?.Tags ?? [] };
    };
    const { id } = await tagged();
    for (const command of [
      new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value: 'by-hand' }] }),
      new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'Name' }] }),
    ]) {
      await stacks.vendor('n0').send(command as CreateTagsCommand);
      const { drift, steps } = await stacks.plan(near);
      expect(drift.map(({ kind }) => kind)).toEqual(['peering-name-changed']);
      expect(steps.map(({ action }) => action)).toEqual(['update']);
      expect((await stacks.run(near))?.outcome).toBe('done');
      await settled(near);
      expect((await tagged()).tags).toContainEqual({ Key: 'Name', Value: 'near' });
    }
  });

  it('names are opened as the file says, changed in it and by hand, and closed again', async () => {
    const [near, far] = SMALL;
    if (near === undefined || far === undefined) throw new Error('no connections');
    const say = (one: ConnectionSpec, dnsSync?: ConnectionSpec['dnsSync']) =>
      dnsSync === undefined ? [one] : [{ ...one, dnsSync }];
    const open = async (): Promise<boolean[]> => {
      const [peering] = await stacks.living();
      return [peering?.RequesterVpcInfo, peering?.AccepterVpcInfo].map(
        (side) => side?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc === true,
      );
    };
    const brought = async (connections: readonly ConnectionSpec[]): Promise<boolean[]> => {
      expect((await stacks.run(connections))?.outcome).toBe('done');
      await settled(connections);
      return open();
    };
    for (const one of [near, far]) {
      const other = one === near ? 'n1' : 'n4';
      expect(await brought(say(one, 'both'))).toEqual([true, true]);
      expect(await brought(say(one, [other]))).toEqual([false, true]);
      const [peering] = await stacks.living();
      const closed = { AllowDnsResolutionFromRemoteVpc: false };
      await stacks.vendor(other).send(
        new ModifyVpcPeeringConnectionOptionsCommand({
          VpcPeeringConnectionId: peering?.VpcPeeringConnectionId,
          AccepterPeeringConnectionOptions: closed,
        }),
      );
      expect((await stacks.plan(say(one, [other]))).drift.map(({ kind }) => kind)).toEqual(['dns-changed']);
      expect(await brought(say(one, [other]))).toEqual([false, true]);
      expect(await brought(say(one))).toEqual([false, false]);
      expect((await stacks.run(say(one), 'destroy'))?.outcome).toBe('done');
    }
  });

  it('what somebody ended in the console is healed, and taken down clean', async () => {
    expect((await stacks.run(SMALL))?.outcome).toBe('done');
    const end = async () => {
      for (const { VpcPeeringConnectionId } of await stacks.living())
        await stacks.vendor('n0').send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
      stacks.session.clock.advance(10_000);
    };
    await end();
    const { drift } = await stacks.plan(SMALL);
    const stale = Array<string>(8).fill('route-stale');
    expect(drift.map(({ kind }) => kind).sort()).toEqual(['peering-deleted', 'peering-deleted', ...stale]);
    expect((await stacks.run(SMALL))?.outcome).toBe('done');
    await settled(SMALL);
    await end();
    expect((await stacks.run(SMALL, 'destroy'))?.outcome).toBe('done');
    await clean();
  });

  it(
    'a run that is killed is repaired by a plain second one, wherever it was',
    async () => {
      await stacks.run(CRASHED);
      const total = stacks.requests;
      const peerings = (await stacks.living()).length;
      await stacks.run(CRASHED, 'destroy');
      expect(total).toBeGreaterThan(20);
      let points = 0;
      for (let at = 3; at <= total; at += STRIDE) {
        for (const phase of ['before', 'done'] as const) {
          points += 2;
          expect(await stacks.run(CRASHED, 'apply', { at, phase })).toBeUndefined();
          expect((await stacks.run(CRASHED))?.outcome).toBe('done');
          await settled(CRASHED);
          expect(await stacks.living()).toHaveLength(peerings);
          await stacks.run(CRASHED, 'destroy', { at, phase }); // which is shorter, and may be over before
          expect((await stacks.run(CRASHED, 'destroy'))?.outcome).toBe('done');
          await clean();
          stacks.session.clock.advance(FADED_MS); // or all that ever was is listed at every point
        }
      }
      console.log(`crash matrix on AWS: ${points} points of runs of ${total} calls, all repaired`);
    },
    24 * 3_600_000,
  );
});
