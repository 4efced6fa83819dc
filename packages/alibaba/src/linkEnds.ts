/**
 * The two ends of lines: the border router's, which is the port's owner's, and the network's. Mostly one account and region; a pair of
 * router interfaces may also join two (docs/facts/alibaba.md 3.1 and 11.2, checked 2026-11).
 */
import type { Call, FarEnd } from '@peerway/core';
import type { RouterInterface } from './wire/api/routerInterface.js';
import { RouterInterfaces } from './routerInterface/interfaces.js';
import type { Scope } from './scope.js';

export interface LinkEnd {
  readonly scope: Scope;
  readonly interfaces: RouterInterfaces;
  /** The call in which its requests are made, from the call of the verb. */
  readonly calls: (call: Call) => Call;
}

export class LinkEnds {
  private constructor(
    readonly port: LinkEnd,
    readonly network: LinkEnd,
  ) {}

  static inside(scope: Scope): LinkEnds {
    const end = { scope, interfaces: new RouterInterfaces(scope), calls: (call: Call) => call };
    return new LinkEnds(end, end);
  }

  /** The border router's end of these, and the network's end of others. */
  toward({ network }: LinkEnds, beside: (call: Call) => Call): LinkEnds {
    return new LinkEnds(this.port, { ...network, calls: beside });
  }

  get joined(): boolean {
    return this.port.interfaces !== this.network.interfaces;
  }

  get sameRegion(): boolean {
    return this.port.scope.region === this.network.scope.region;
  }

  /** Which end an interface stands on. */
  of({ RouterType }: RouterInterface): LinkEnd {
    return RouterType === 'VBR' ? this.port : this.network;
  }

  /** The interfaces of one border router and those that face it, on both ends. */
  async ofBorderRouter(vbr: string, call: Call): Promise<RouterInterface[]> {
    const near = this.port.interfaces.ofBorderRouter(vbr, call);
    if (!this.joined) return near;
    return (await Promise.all([near, this.#beyond([{ Key: 'OppositeRouterId', Value: [vbr] }], call)])).flat();
  }

  /** Every interface of a line, and others. */
  async all(call: Call): Promise<RouterInterface[]> {
    const near = this.port.interfaces.read([], call);
    if (!this.joined) return near;
    return (await Promise.all([near, this.#beyond([{ Key: 'OppositeRouterType', Value: ['VBR'] }], call)])).flat();
  }

  /** The network of the far end, where it is not where the border router is, as the reading of a link says it. */
  async networkAt(call: Call): Promise<FarEnd | undefined> {
    if (!this.joined) return undefined;
    const { scope, calls } = this.network;
    return { account: await scope.account.get(calls(call)), region: scope.region };
  }

  #beyond(filters: Parameters<RouterInterfaces['read']>[0], call: Call): Promise<RouterInterface[]> {
    return this.network.interfaces.read(filters, this.network.calls(call));
  }
}
