/**
 * Dedicated lines: a border router on a physical connection, joined to the network's router by a pair of router interfaces of which
 * the border router's is always the initiator (docs/facts/alibaba.md 11.2). Ports are given. The link id is the border router's (`vbr-…`).
 */
import {
  isLeaving,
  linkId,
  networkId,
  PeerwayError,
  readEach,
  type Call,
  type Cursor,
  type DeleteProgress,
  type Link,
  type LinkChange,
  type LinkCreate,
  type LinkDriver,
  type LinkId,
  type LinkQuery,
  type Page,
  type Unreadable,
} from '@peerway/core';
import type { FilterPair, TagPair } from './wire/api/common.js';
import type { VirtualBorderRouter } from './wire/api/borderRouter.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import { required, tagPairs, tagsOf } from './convert.js';
import { linkOf, maskOf, partsOf, vbrState, type LinkParts } from './convertLink.js';
import { nextPage, pageOf } from './wire/paging.js';
import { RouterInterfaces } from './routerInterface/interfaces.js';
import { phaseOf, pointsAt } from './routerInterface/pair.js';
import { readVpcs, routerOf } from './routerInterface/routers.js';
import { chosenSpec } from './routerInterface/spec.js';
import { resourceGroup, type Scope } from './scope.js';
import { PROVIDER } from './wire/errors.js';

export class AlibabaLinks implements LinkDriver {
  readonly #scope: Scope;
  readonly #interfaces: RouterInterfaces;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#interfaces = new RouterInterfaces(scope);
  }

  async create(input: LinkCreate, call: Call): Promise<LinkId> {
    const { client, region } = this.#scope;
    const [address = '', length] = input.cloudIp.split('/');
    if (length === undefined || address.includes(':') || input.customerIp.includes(':')) {
      throw new PeerwayError(
        'InvalidArgument',
        `A border router needs IPv4 addresses with a prefix, not ${input.cloudIp}`,
        {
          provider: PROVIDER,
          remedy: 'Give cloudIp like 10.255.0.1/30 and customerIp like 10.255.0.2.',
        },
      );
    }
    chosenSpec(input.bandwidthMbps, true, this.#scope.options); // refused now and not after the border router exists
    const answer = await client.vpc(
      'CreateVirtualBorderRouter',
      {
        RegionId: region,
        PhysicalConnectionId: input.port,
        VlanId: input.vlan,
        LocalGatewayIp: address,
        PeerGatewayIp: input.customerIp,
        PeeringSubnetMask: maskOf(Number(length)),
        Name: input.name,
        ...(input.description === undefined ? {} : { Description: input.description }),
        ...tagged(input),
        ...resourceGroup(this.#scope),
        ClientToken: input.clientToken,
      },
      call,
    );
    return linkId(answer.VbrId);
  }

  async continue(id: LinkId, input: LinkCreate, call: Call): Promise<void> {
    const parts = await this.#parts(id, call);
    const { vbr, edge, network } = parts;
    if (vbrState(vbr) !== 'active') return; // the cloud is still at it
    const account = await this.#scope.account.get(call);
    const router = network?.RouterId ?? routerOf(await readVpcs(this.#scope, [input.network], call), input.network);
    const edgeId = edge?.RouterInterfaceId ?? (await this.#makeEdge(vbr, input, { account, router }, call));
    if (network === undefined) {
      await this.#makeNetworkHalf(vbr, input, { account, router, edgeId }, call);
      return;
    }
    const edgePeer = { interface: network.RouterInterfaceId, router: network.RouterId };
    const networkPeer = { interface: edgeId, router: vbr.VbrId };
    if (phaseOf(network) === 'unconnected' && !pointsAt(network, networkPeer)) {
      await this.#interfaces.pointTo(network.RouterInterfaceId, { ...networkPeer, routerType: 'VBR', account }, call);
    }
    if (edge === undefined || phaseOf(edge) !== 'unconnected') return;
    if (!pointsAt(edge, edgePeer)) {
      await this.#interfaces.pointTo(edgeId, { ...edgePeer, routerType: 'VRouter', account }, call);
    } else if (pointsAt(network, networkPeer)) {
      await this.#interfaces.connect(edgeId, call);
    }
  }

  async get(id: LinkId, call: Call): Promise<Link> {
    const parts = await this.#parts(id, call);
    return linkOf(parts, await this.#scope.account.get(call), this.#scope.region);
  }

  async list(query: LinkQuery, cursor: Cursor, call: Call): Promise<Page<Link>> {
    const { client, region, account } = this.#scope;
    const filters: FilterPair[] =
      query.port === undefined ? [] : [{ Key: 'PhysicalConnectionId', Value: [query.port] }];
    const request = { RegionId: region, ...pageOf(cursor), ...(filters.length === 0 ? {} : { Filter: filters }) };
    const answer = await client.vpc('DescribeVirtualBorderRouters', request, call);
    const routers = answer.VirtualBorderRouterSet.VirtualBorderRouterType;
    const next = nextPage('DescribeVirtualBorderRouters', cursor, answer, routers.length);
    if (routers.length === 0) return { items: [] };
    const interfaces = await this.#interfaces.read([], call);
    const own = await account.get(call);
    const read = (vbr: VirtualBorderRouter): Link | undefined => {
      const link = linkOf(partsOf(vbr, interfaces), own, region);
      const fits = (query.network ?? link.network) === link.network && (query.port ?? link.port) === link.port;
      return fits ? link : undefined;
    };
    const about = (vbr: VirtualBorderRouter): Omit<Unreadable, 'error'> => {
      const { network, edge } = partsOf(vbr, interfaces);
      const attached = network?.VpcInstanceId ?? edge?.OppositeVpcInstanceId;
      return {
        id: vbr.VbrId,
        networks: attached === undefined || attached === '' ? [] : [networkId(attached)],
        description: vbr.Description ?? '',
        tags: tagsOf(vbr.Tags?.Tags),
      };
    };
    return { ...readEach(routers, read, about), ...next };
  }

  async update(id: LinkId, change: LinkChange, call: Call): Promise<void> {
    if (change.kind === 'suspended') return this.#setSuspended(id, change.suspended, call);
    throw new PeerwayError('Unsupported', `A link cannot be given other ${change.kind} yet`, { provider: PROVIDER });
  }

  async #setSuspended(id: LinkId, suspended: boolean, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const vbr = await this.#router(id, call);
    const state = vbrState(vbr);
    if (state === (suspended ? 'inactive' : 'active')) return;
    if (state !== (suspended ? 'active' : 'inactive')) {
      throw new PeerwayError(
        state === 'updating' ? 'Conflict' : 'FailedPrecondition',
        `The border router ${id} is ${vbr.Status}`,
        {
          provider: PROVIDER,
          resource: id,
        },
      );
    }
    const request = { RegionId: region, VbrId: id };
    await client.vpc(suspended ? 'TerminateVirtualBorderRouter' : 'RecoverVirtualBorderRouter', request, call);
  }

  async delete(id: LinkId, call: Call): Promise<DeleteProgress> {
    const { client, region } = this.#scope;
    const { vbr, edge, network } = await this.#parts(id, call);
    const state = vbrState(vbr);
    if (isLeaving(state)) return 'started';
    if (edge !== undefined) {
      await this.#interfaces.remove(edge, vbr.RouteTableId === undefined ? {} : { tables: [vbr.RouteTableId] }, call);
    }
    if (network !== undefined) {
      const vpc = network.VpcInstanceId;
      await this.#interfaces.remove(
        network,
        vpc === undefined || vpc === '' ? {} : { networks: [networkId(vpc)] },
        call,
      );
    }
    if (edge !== undefined || network !== undefined || state === 'updating') return 'continue';
    await client.vpc('DeleteVirtualBorderRouter', { RegionId: region, VbrId: id }, call);
    return 'started';
  }

  async #makeEdge(
    vbr: VirtualBorderRouter,
    input: LinkCreate,
    far: { account: string; router: string },
    call: Call,
  ): Promise<string> {
    return this.#interfaces.create(
      {
        Role: 'InitiatingSide',
        RouterType: 'VBR',
        RouterId: vbr.VbrId,
        AccessPointId: required(vbr.AccessPointId, `the access point of ${vbr.VbrId}`),
        Spec: chosenSpec(input.bandwidthMbps, true, this.#scope.options),
        OppositeRegionId: this.#scope.region,
        OppositeRouterType: 'VRouter',
        OppositeRouterId: far.router,
        OppositeInterfaceOwnerId: far.account,
        ...tagged(input),
        ClientToken: this.#interfaces.tokenFor(`${vbr.VbrId}-edge`),
      },
      call,
    );
  }

  async #makeNetworkHalf(
    vbr: VirtualBorderRouter,
    input: LinkCreate,
    near: { account: string; router: string; edgeId: string },
    call: Call,
  ): Promise<void> {
    const { healthCheckSourceIp: source, healthCheckTargetIp: target } = this.#scope.options;
    await this.#interfaces.create(
      {
        Role: 'AcceptingSide',
        RouterType: 'VRouter',
        RouterId: near.router,
        Spec: 'Negative',
        OppositeRegionId: this.#scope.region,
        OppositeRouterType: 'VBR',
        OppositeRouterId: vbr.VbrId,
        OppositeInterfaceId: near.edgeId,
        OppositeInterfaceOwnerId: near.account,
        OppositeAccessPointId: required(vbr.AccessPointId, `the access point of ${vbr.VbrId}`),
        ...(source === undefined || target === undefined
          ? {}
          : { HealthCheckSourceIp: source, HealthCheckTargetIp: target }),
        ...tagged(input),
        ClientToken: this.#interfaces.tokenFor(`${vbr.VbrId}-network`),
      },
      call,
    );
  }

  async #parts(id: LinkId, call: Call): Promise<LinkParts> {
    const vbr = await this.#router(id, call);
    const read = (Key: string): Promise<RouterInterface[]> => this.#interfaces.read([{ Key, Value: [id] }], call);
    return partsOf(vbr, [...(await read('RouterId')), ...(await read('OppositeRouterId'))]);
  }

  async #router(id: LinkId, call: Call): Promise<VirtualBorderRouter> {
    const { client, region } = this.#scope;
    const request = { RegionId: region, Filter: [{ Key: 'VbrId', Value: [id] }] };
    const answer = await client.vpc('DescribeVirtualBorderRouters', request, call);
    const found = answer.VirtualBorderRouterSet.VirtualBorderRouterType.find((vbr) => vbr.VbrId === id);
    if (found !== undefined) return found;
    throw new PeerwayError('NotFound', `The border router ${id} is not in this account and region`, {
      provider: PROVIDER,
      resource: id,
    });
  }
}

const tagged = ({ tags }: LinkCreate): { readonly Tags?: readonly TagPair[] } =>
  Object.keys(tags).length === 0 ? {} : { Tags: tagPairs(tags) };
