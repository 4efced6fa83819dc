/** Which of the peerings that are there a connection can say, and why the others cannot be said. */
import {
  isKnownAccount,
  isLive,
  isTerminal,
  nextStep,
  otherSide,
  PEERING_SIDES,
  traitsOf,
  type PeeringEnd,
} from '@peerway/core';
import { ownerOfPeering, mechanismOf, peeringObject, because, shownId } from '../world/peeringFacts.js';
import { listedMechanism } from '../world/hidden.js';
import type { SeenPeering, World } from '../world/seen.js';
import type { PeeringSpec } from '../declaration/stack.js';
import type { LeftOut } from './imported.js';
import { namesFor } from './names.js';
import type { SurveyOptions } from './survey.js';

/** A peering that a connection will say, but for its routes. */
export interface FoundPeering {
  readonly name: string;
  readonly seen: SeenPeering;
  /** Names of the two networks, the initiator's first. */
  readonly between: readonly [string, string];
  readonly peering: PeeringSpec;
}

/** `peering pcc-1 (vpc-a → vpc-b)` */
export const peeringTitle = (seen: SeenPeering): string =>
  `${peeringObject(seen)} (${seen.peering.initiator.network} → ${seen.peering.acceptor.network})`;

/** @param namesOfNetworks by key @param taken names in use; those given are added @param leftOut gets what cannot be said */
export function foundPeerings(
  world: World,
  { stack, namesOfNetworks, taken, shown = (words) => words }: FindOptions,
  leftOut: LeftOut[],
): FoundPeering[] {
  const found: Omit<FoundPeering, 'name'>[] = [];
  const dead: LeftOut[] = [];
  for (const [, list] of [...world.pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const live = list.filter(({ peering }) => isLive(peering.state));
    for (const seen of list) {
      const left = (why: string, other?: string): void => {
        const into = live.includes(seen) ? leftOut : dead;
        into.push({
          kind: 'peering',
          object: peeringTitle(seen),
          why,
          ...(other === undefined ? {} : { stack: other }),
        });
      };
      const owner = ownerOfPeering(seen, stack);
      const between = PEERING_SIDES.map((side) => namesOfNetworks.get(seen.keys[side]));
      const [a, b] = between;
      if (owner.kind === 'other') left(`it belongs to the stack ${owner.marker.stack}`, owner.marker.stack);
      else if (!live.includes(seen))
        left(
          `it is ${seen.peering.state}${because(seen.peering)}; ${isTerminal(seen.peering.state) ? 'connecting again means a new one' : 'it is going'}`,
        );
      else if (a === undefined || b === undefined) left(whyFar(seen, a === undefined ? 'initiator' : 'acceptor'));
      else if (live.length > 1)
        left(
          `the pair has ${live.length} peerings (${live.map((one) => shownId(one.peering.id)).join(', ')}), and a connection means one`,
        );
      else if (nextStep(seen.peering) !== undefined)
        left(`it is ${seen.peering.state}${because(seen.peering)}: a step of making it is still to be taken`);
      else if (traitsOf(seen.peering.state).waitsFor === 'cloud')
        left(`it is ${seen.peering.state}: import again when that is over`);
      else found.push({ seen, between: [a, b], peering: peeringSpec(seen) });
    }
  }
  leftOut.push(...dead);
  const names = namesFor(
    found.map(({ seen: { peering }, between }) => ({
      key: `${peering.provider} ${peering.mechanism} ${peering.id}`,
      called: peering.name === '' ? between.join('-') : shown(peering.name),
      id: shownId(peering.id),
    })),
    taken,
  );
  return found.map((one) => {
    const { provider, mechanism, id } = one.seen.peering;
    return { ...one, name: names.get(`${provider} ${mechanism} ${id}`) ?? id };
  });
}

export interface FindOptions extends Pick<SurveyOptions, 'stack' | 'shown'> {
  readonly namesOfNetworks: ReadonlyMap<string, string>;
  readonly taken: Set<string>;
}

function whyFar({ peering }: SeenPeering, side: 'initiator' | 'acceptor'): string {
  const { account, region, network }: PeeringEnd = peering[side];
  const own = peering[otherSide(side)].account;
  const shows = `no provider entry shows its ${side}, ${network} of the account ${account}, region ${region}`;
  if (!isKnownAccount(own))
    return `${shows}, and no entry says whose its keys are: if that account is yours, import from a config file that holds an entry for each region, with its account:; if it is not, the account: of your own entry is enough`;
  return own === account ? `${shows}: import from a config file that holds an entry for that region too` : shows;
}

/** What a connection says of it: the mechanism where that is not the provider's own choice, the bandwidth where there is one to choose. */
function peeringSpec(seen: SeenPeering): PeeringSpec {
  const { peering, providers } = seen;
  const mechanism = mechanismOf(seen);
  const provider = providers.initiator ?? providers.acceptor;
  const { bandwidthMbps: there } = peering;
  const chooses =
    mechanism !== undefined &&
    (mechanism.bandwidth === 'required' ||
      mechanism.bandwidth === 'optional' ||
      (mechanism.bandwidth === 'crossRegion' && peering.initiator.region !== peering.acceptor.region));
  return {
    ...(provider === undefined || peering.mechanism === listedMechanism(provider)
      ? {}
      : { mechanism: peering.mechanism }),
    ...(chooses && typeof there === 'number' && there > 0 ? { bandwidthMbps: there } : {}),
  };
}
