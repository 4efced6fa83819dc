/**
 * What the commands that only read say of a world, whatever a history has made of it: status, what could be adopted, whether networks
 * reach each other, an import. Each answers, or refuses with an error of ours; what an import has written a plan has nothing to do with but mark.
 */
import { isPeerwayError } from '@peerway/core';
import { importWorld, type Engine, type StackSpec } from '../../src/index.js';
import { tellReach, tellStatus } from '../faultLines.js';
import { NETWORKS, type HistoryWorld } from './world.js';

/** @param tell hears what was said, a line each */
async function refusedOr(tell: HistoryWorld['tell'], read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!isPeerwayError(error)) throw error;
    tell(`    refused: ${error.code}: ${error.message}`);
  }
}

export async function tellStack(
  { tell }: HistoryWorld,
  engine: Engine,
  { name, networks }: Pick<StackSpec, 'name' | 'networks'>,
): Promise<void> {
  tell(`  ${name}: status`);
  await refusedOr(tell, async () => {
    for (const line of tellStatus(await engine.status())) tell(`    ${line}`);
  });
  tell(`  ${name}: what could be adopted`);
  await refusedOr(tell, async () => {
    for (const one of await engine.adoptable()) tell(`    ${Object.values(one).join(', ')}`);
  });
  const pairs = NETWORKS.flatMap((from, at) => NETWORKS.slice(at + 1).map((to) => [from, to] as const));
  for (const [from, to] of pairs.filter((ends) => ends.every((end) => networks.has(end))))
    await refusedOr(tell, async () => {
      tell(`  ${name}: ${from} to ${to}`);
      for (const line of tellReach(await engine.verify(from, to))) tell(`    ${line}`);
    });
}

/** Imports everything that both accounts show. @throws Error when a plan of what it wrote would do anything */
export async function tellImport(world: HistoryWorld): Promise<void> {
  const { tell } = world;
  tell('  import');
  await refusedOr(tell, async () => {
    const providers = [...new Set(await Promise.all(NETWORKS.map((name) => world.entry(name))))];
    const { stack, leftOut } = await importWorld({ stack: 'found', providers });
    tell(`    networks ${[...stack.networks.keys()].join(', ')}`);
    for (const { name, routes, peering, ...ends } of stack.connections)
      tell(`    connection ${name}: ${JSON.stringify({ ...ends, routes: said(routes), peering })}`);
    for (const { name, network, port, vlan, destinations } of stack.links)
      tell(`    link ${name}: ${network} ${port} ${vlan} ${said(destinations)}`);
    for (const { kind, object, why } of leftOut) tell(`    left out: ${kind} ${object}: ${why}`);
    const { steps } = await world.engine(stack).plan();
    if (steps[0] !== undefined)
      throw new Error(`a plan of what import wrote is not empty: ${steps[0].id}: ${steps[0].reason}`);
  });
}

const said = (value: unknown): string => JSON.stringify(value);
