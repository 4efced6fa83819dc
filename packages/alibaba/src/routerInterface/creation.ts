/** The first step of a router-interface pair: the initiator's half, made once for each request and once for each pair of networks. */
import { PeerwayError, type Call, type PeeringCreate, type PeeringId } from '@peerway/core';
import { tagPairs, tagsOf } from '../convert.js';
import type { Scope } from '../scope.js';
import { inGroup, peeringOptions } from '../settings.js';
import { RouterInterfaces } from './interfaces.js';
import { OPPOSITE_NETWORK_TAG, oppositeNetwork, phaseOf, TOKEN_TAG } from './pair.js';
import { formatPairId } from './pairId.js';
import { chosenSpec } from './spec.js';
import { PROVIDER } from '../wire/errors.js';

export class PairCreation {
  readonly #scope: Scope;
  readonly #interfaces: RouterInterfaces;
  /** Pairs of networks of which this driver is making the first half right now. */
  readonly #making = new Set<string>();

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#interfaces = new RouterInterfaces(scope);
  }

  /**
   * The service forbids a second pair only between routers that are connected, so halves that wait for their partner are looked for
   * here, and two creations of one pair at the same time are kept apart.
   */
  async create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    const key = [input.initiator, input.acceptor.network].sort().join(' ');
    if (this.#making.has(key)) {
      throw new PeerwayError('Conflict', `A pair between ${key} is being made`, { provider: PROVIDER, resource: key });
    }
    this.#making.add(key);
    try {
      return await this.#create(input, call);
    } finally {
      this.#making.delete(key);
    }
  }

  async #create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    const { region, account, routers, options } = this.#scope;
    const { acceptor } = input;
    const sameRegion = acceptor.region === region;
    const spec = chosenSpec(input.bandwidthMbps, sameRegion, options);
    await routers.prepare(sameRegion ? [input.initiator, acceptor.network] : [input.initiator], call);
    const own = await account.get(call);
    const near = sameRegion && (acceptor.account ?? own) === own;
    const router = await routers.of(input.initiator, call);
    const far = near
      ? {}
      : { far: { region, account: own, router, network: input.initiator, acceptor: acceptor.network } };
    const known = await this.#knownPair(router, input, call);
    if (known !== undefined) return formatPairId({ interface: known, ...far });
    const made = await this.#interfaces.create(
      {
        Role: 'InitiatingSide',
        RouterType: 'VRouter',
        RouterId: router,
        Spec: spec,
        OppositeRegionId: acceptor.region,
        OppositeRouterType: 'VRouter',
        OppositeInterfaceOwnerId: acceptor.account ?? own,
        ...(near ? { OppositeRouterId: await routers.of(acceptor.network, call) } : {}),
        ...inGroup(peeringOptions(options, input.settings)),
        ...(input.name === undefined ? {} : { Name: input.name }),
        ...(input.description === undefined ? {} : { Description: input.description }),
        Tags: tagPairs({ ...input.tags, [OPPOSITE_NETWORK_TAG]: acceptor.network, [TOKEN_TAG]: input.clientToken }),
        ClientToken: input.clientToken,
      },
      call,
    );
    return formatPairId({ interface: made, ...far });
  }

  /** The interface that this very request has made before. @throws PeerwayError `AlreadyExists` for anybody else's to that network */
  async #knownPair(router: string, input: PeeringCreate, call: Call): Promise<string | undefined> {
    const there = await this.#interfaces.read([{ Key: 'RouterId', Value: [router] }], call);
    const rival = there.find(
      (half) => oppositeNetwork(half, 'unseen') === input.acceptor.network && phaseOf(half) !== 'deleting',
    );
    if (rival === undefined) return undefined;
    if (tagsOf(rival.Tags?.Tags)[TOKEN_TAG] === input.clientToken) return rival.RouterInterfaceId;
    // a connected pair of near routers is refused by the service itself, in its own words
    if (phaseOf(rival) !== 'unconnected' && input.acceptor.region === this.#scope.region) return undefined;
    throw new PeerwayError(
      'AlreadyExists',
      `${rival.RouterInterfaceId} joins ${input.initiator} to ${input.acceptor.network} already`,
      {
        provider: PROVIDER,
        resource: rival.RouterInterfaceId,
        remedy: 'Finish, adopt or delete that pair.',
      },
    );
  }
}
