/** Lists the networks of the entries that selections are about, and checks what the listing says by asking for what has left. */
import { PeerwayError, type CallOptions, type Network, type NetworkId, type Provider } from '@peerway/core';
import { fits, selectNetworks, type Selected } from '../declaration/selections.js';
import type { StackSpec } from '../declaration/stack.js';
import { covers, expand, keyOf, type Topology } from '../declaration/topology.js';
import type { PlanStep } from '../plan/plan.js';
import { collect } from './collect.js';

/** A declaration in which every network has an id. */
export interface Declared {
  readonly stack: StackSpec;
  readonly topology: Topology;
  /** By the name of the selection; empty: there is none. */
  readonly selected: ReadonlyMap<string, Selected>;
  /** Every network of the entries that were listed, by the entry's name. */
  readonly listed: ReadonlyMap<string, readonly Network[]>;
}

/** @throws PeerwayError `Unsupported` where a cloud does not show what a selection is about; what the clouds refuse */
export async function lookForSelected(
  stack: StackSpec,
  readers: ReadonlyMap<string, Provider>,
  call: CallOptions,
): Promise<Declared> {
  const asked = new Map<string, Provider>();
  for (const [name, { provider, tags = {} }] of stack.selections ?? []) {
    const reader = readers.get(provider.name) ?? provider;
    if (Object.keys(tags).length > 0) requireTags(name, reader);
    asked.set(provider.name, reader);
  }
  const listed = new Map(
    await Promise.all(
      [...asked].map(async ([name, reader]) => [name, await collect(reader.networks.list(call))] as const),
    ),
  );
  const { stack: found, selected } = selectNetworks(stack, listed);
  requireFew(found);
  return { stack: found, topology: expand(found), selected, listed };
}

/** As many pairs as a file may name; a mesh of a selection is named by one word. */
const MOST_PAIRS = 100_000;

function requireFew({ connections }: StackSpec): void {
  let pairs = 0;
  for (const one of connections) {
    pairs += one.kind === 'mesh' ? (one.members.length * (one.members.length - 1)) / 2 : namesOf(one).length;
    if (pairs <= MOST_PAIRS) continue;
    throw new PeerwayError(
      'InvalidArgument',
      `${one.name}, with what it selects, makes more than ${MOST_PAIRS.toLocaleString('en')} pairs of networks`,
      { resource: one.name, remedy: 'Select fewer: by more tags, or by a narrower name.' },
    );
  }
}

function requireTags(selection: string, { displayName, id, capabilities: { networkTags } }: Provider): void {
  if (networkTags?.status === 'supported') return;
  throw new PeerwayError(
    'Unsupported',
    `${displayName} does not select networks by tags: ${networkTags?.reason ?? 'its provider does not say that it shows them'}`,
    {
      provider: id,
      resource: selection,
      remedy: 'Select them by name:, or declare each by its id.',
    },
  );
}

/**
 * What a plan removes because its network is no longer selected is asked for by its id: where the cloud shows it, as selected as ever, the
 * listing was not whole.
 * @throws PeerwayError `Unavailable`
 */
export async function requireLeft(
  steps: readonly PlanStep[],
  { stack, selected }: Declared,
  asked: StackSpec,
  readers: ReadonlyMap<string, Provider>,
  call: CallOptions,
): Promise<void> {
  const there = new Set([...stack.networks.values()].map(keyOf));
  for (const [name, { spec }] of selected) {
    const reader = readers.get(spec.provider.name) ?? spec.provider;
    const users = asked.connections.filter((one) => namesOf(one).includes(name));
    const left = steps.flatMap(({ connection, work }): readonly NetworkId[] =>
      work.verb === 'peering.delete' && users.some((user) => covers(user.name, connection)) ? work.networks : [],
    );
    const gone = left.filter((id) => !there.has(keyOf({ provider: reader, id })));
    if (gone.length === 0) continue;
    const still = (await reader.networks.getMany(gone, call)).find((network) => fits(spec, network));
    if (still === undefined) continue;
    throw new PeerwayError(
      'Unavailable',
      `Two answers contradict each other: the listing of ${reader.name} lacks ${still.id}, which is there and is what ${name} selects`,
      {
        provider: reader.id,
        resource: still.id,
        retry: 'never',
        remedy: 'Check endpoint: and any proxy on the way, and run again; if it happens again, report it to the cloud.',
      },
    );
  }
}

const namesOf = (connection: StackSpec['connections'][number]): readonly string[] =>
  connection.kind === 'hub' ? connection.spokes : connection.kind === 'mesh' ? connection.members : connection.between;
