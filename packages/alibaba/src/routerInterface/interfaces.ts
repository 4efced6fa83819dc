/** The requests about single router interfaces, for pairs of networks and for links alike. */
import { createHash } from 'node:crypto';
import { PeerwayError, type Call } from '@peerway/core';
import type { FilterPair } from '../wire/api/common.js';
import type { CreateRouterInterfaceRequest, RouterInterface, RouterType } from '../wire/api/routerInterface.js';
import { everyPage, nextPage, pageOf } from '../wire/paging.js';
import { explainBlockingRoutes, requireNoRoutes, type RoutePlaces } from '../blockingRoutes.js';
import type { Scope } from '../scope.js';
import { inGroup } from '../settings.js';
import { phaseOf } from './pair.js';
import { PROVIDER } from '../wire/errors.js';

/** Longer than a new interface stays out of a listing, short beside the time in which somebody removes one and it is made anew. */
const TOKEN_MS = 30_000;

/** Without a resource group of its own it goes into the one of the entry's options. */
type HalfRequest = Omit<CreateRouterInterfaceRequest, 'RegionId'>;

/** What ended, for one interface and one step of taking it down. */
type RemovalStep = 'deactivated' | 'deleting' | 'waiting';

export class RouterInterfaces {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Every interface that fits. Read whole: a pair must be seen with both its halves. */
  async read(filters: readonly FilterPair[], call: Call): Promise<RouterInterface[]> {
    const { client, region } = this.#scope;
    return everyPage('DescribeRouterInterfaces', async (page) => {
      const request = { RegionId: region, ...page, ...(filters.length === 0 ? {} : { Filter: filters }) };
      const answer = await client.vpc('DescribeRouterInterfaces', request, call);
      return { answer, items: answer.RouterInterfaceSet.RouterInterfaceType };
    });
  }

  /** The interfaces of one border router and those that face it: in one request where the account has few, else by filters. */
  async ofBorderRouter(vbr: string, call: Call): Promise<RouterInterface[]> {
    const { client, region } = this.#scope;
    const operation = 'DescribeRouterInterfaces';
    const answer = await client.vpc(operation, { RegionId: region, ...pageOf(undefined) }, call);
    const first = answer.RouterInterfaceSet.RouterInterfaceType;
    if (nextPage(operation, undefined, answer, first.length).next === undefined) return [...first];
    const by = (Key: string): Promise<RouterInterface[]> => this.read([{ Key, Value: [vbr] }], call);
    return [...(await by('RouterId')), ...(await by('OppositeRouterId'))];
  }

  async byId(id: string, call: Call): Promise<RouterInterface | undefined> {
    const found = await this.read([{ Key: 'RouterInterfaceId', Value: [id] }], call);
    return found.find((item) => item.RouterInterfaceId === id); // a filter that the service ignored once returned everything
  }

  /** The interfaces that name this one as their peer. */
  async pointingAt(id: string, call: Call): Promise<RouterInterface[]> {
    const found = await this.read([{ Key: 'OppositeInterfaceId', Value: [id] }], call);
    return found.filter((item) => item.OppositeInterfaceId === id);
  }

  /**
   * Makes one half of something that exists already, named by `part`: once over every repetition, and over a restart, for half a minute.
   * A token that is answered with a half that is gone by now is followed by another one; so is the token of a half that was asked for
   * otherwise, which the service refuses to take again (`IdempotentParameterMismatch`).
   */
  createHalf(part: string, request: Omit<HalfRequest, 'ClientToken'>, call: Call): Promise<string> {
    const window = Math.floor(this.#scope.clock.now() / TOKEN_MS);
    const text = JSON.stringify([part, request, window]);
    return this.create({ ...request, ClientToken: createHash('sha256').update(text).digest('hex') }, call);
  }

  async create(request: HalfRequest, call: Call): Promise<string> {
    const { client, region } = this.#scope;
    const answer = await client.vpc(
      'CreateRouterInterface',
      { RegionId: region, ...inGroup(this.#scope.options), ...request },
      call,
    );
    return answer.RouterInterfaceId;
  }

  /** Tells an idle interface who its peer is: all four members, because the service's defaults differ from those of its creation. */
  async pointTo(
    id: string,
    peer: {
      readonly interface: string;
      readonly router: string;
      readonly routerType: RouterType;
      readonly account: string;
    },
    call: Call,
  ): Promise<void> {
    const { client, region } = this.#scope;
    const request = {
      RegionId: region,
      RouterInterfaceId: id,
      OppositeInterfaceId: peer.interface,
      OppositeRouterId: peer.router,
      OppositeRouterType: peer.routerType,
      OppositeInterfaceOwnerId: peer.account,
    };
    await settling(() => client.vpc('ModifyRouterInterfaceAttribute', request, call));
  }

  async connect(id: string, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    await settling(() => client.vpc('ConnectRouterInterface', { RegionId: region, RouterInterfaceId: id }, call));
  }

  async setActive(half: RouterInterface, active: boolean, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const phase = phaseOf(half);
    if (phase === (active ? 'up' : 'down')) return;
    if (phase !== (active ? 'down' : 'up')) {
      const moving = phase === 'changing' || phase === 'connecting';
      throw new PeerwayError(
        moving ? 'Conflict' : 'FailedPrecondition',
        `${half.RouterInterfaceId} is ${half.Status}`,
        {
          provider: PROVIDER,
          resource: half.RouterInterfaceId,
        },
      );
    }
    const request = { RegionId: region, RouterInterfaceId: half.RouterInterfaceId };
    await settling(() => client.vpc(active ? 'ActivateRouterInterface' : 'DeactivateRouterInterface', request, call));
  }

  /**
   * One step towards its end: an active interface is deactivated first, an idle or inactive one deleted.
   * @param places where routes may point at it
   * @param unrouted somebody has just looked, and none does
   */
  async remove(half: RouterInterface, places: RoutePlaces, call: Call, unrouted = false): Promise<RemovalStep> {
    const { client, region } = this.#scope;
    const id = half.RouterInterfaceId;
    switch (phaseOf(half)) {
      case 'up':
        // refused before the traffic stops, not after
        if (!unrouted) await requireNoRoutes(this.#scope, places, { id, type: 'RouterInterface' }, call);
        await this.setActive(half, false, call);
        return 'deactivated';
      case 'changing':
      case 'connecting':
        return 'waiting';
      case 'deleting':
        return 'deleting';
      case 'down':
      case 'unconnected':
        break;
    }
    try {
      await settling(() => client.vpc('DeleteRouterInterface', { RegionId: region, RouterInterfaceId: id }, call));
      return 'deleting';
    } catch (thrown) {
      if (!(thrown instanceof PeerwayError)) throw thrown;
      throw await explainBlockingRoutes(thrown, this.#scope, places, { id, type: 'RouterInterface' }, call);
    }
  }
}

/** Codes that say "not in this state". Each verb here read the state a moment ago, so the reading was stale: read again, soon. */
const WRONG_STATE = new Set([
  'IncorrectRIStatus',
  'IncorrectStatus',
  'InvalidInstance.StatusError',
  'IncorrectStatus.RouterInterface',
]);

async function settling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof PeerwayError) || !WRONG_STATE.has(thrown.details.nativeCode ?? '')) throw thrown;
    throw new PeerwayError('Conflict', thrown.message, { ...thrown.details, retry: 'settle' });
  }
}
