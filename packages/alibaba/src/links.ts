/**
 * Dedicated lines: a border router on a physical connection, joined to the network's router by a pair of router interfaces of which
 * the border router's is always the initiator (docs/facts/alibaba.md 11.2). Ports are given. The link id is the border router's (`vbr-…`).
 */
import {
  freshly,
  isLeaving,
  linkId,
  nativeOf,
  networkId,
  PeerwayError,
  readEach,
  type BeforeDelete,
  type Call,
  type Cursor,
  type DeleteProgress,
  type Link,
  type LinkChange,
  type LinkCreate,
  type LinkDriver,
  type LinkId,
  type LinkQuery,
  type ObjectSettings,
  type Page,
  type SettingDrift,
  type Unreadable,
} from '@peerway/core';
import type { TagPair } from './wire/api/common.js';
import type { VirtualBorderRouter } from './wire/api/borderRouter.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import { required, tagPairs, tagsOf } from './convert.js';
import { linkOf, LINK_PARTS, partsOf, vbrState, type LinkParts } from './convertLink.js';
import { changeLink, gatewayAddresses } from './linkChanges.js';
import { alibabaBorderRouter } from './native.js';
import type { LinkEnds } from './linkEnds.js';
import { nextPage, pageOf } from './wire/paging.js';
import { OPPOSITE_NETWORK_TAG, phaseOf, pointsAt } from './routerInterface/pair.js';
import { chosenSpec } from './routerInterface/spec.js';
import type { Scope } from './scope.js';
import { borderRouterDrift, inGroup, linkOptions } from './settings.js';
import { PROVIDER } from './wire/errors.js';

export class AlibabaLinks implements LinkDriver {
  readonly #ends: LinkEnds;

  constructor(ends: LinkEnds) {
    this.#ends = ends;
  }

  /** The border router's side of the one, the network's side of the other. */
  across(other: LinkDriver, beside: (call: Call) => Call): LinkDriver {
    if (!(other instanceof AlibabaLinks)) throw new TypeError('a line joins two entries of one provider');
    return new AlibabaLinks(this.#ends.toward(other.#ends, beside));
  }

  /** Account and region of the border routers. */
  get #scope(): Scope {
    return this.#ends.port.scope;
  }

  async create(input: LinkCreate, call: Call): Promise<LinkId> {
    const { client, region } = this.#scope;
    const addresses = gatewayAddresses(input);
    const options = linkOptions(this.#scope.options, input.settings);
    chosenSpec(input.bandwidthMbps, this.#ends.sameRegion, this.#scope.options); // refused now and not after the border router exists
    const answer = await client.vpc(
      'CreateVirtualBorderRouter',
      {
        RegionId: region,
        PhysicalConnectionId: input.port,
        VlanId: input.vlan,
        ...addresses,
        Name: input.name,
        ...(input.description === undefined ? {} : { Description: input.description }),
        ...tagged(input),
        ...inGroup(options),
        ...(options.circuitCode === undefined ? {} : { CircuitCode: options.circuitCode }),
        ClientToken: input.clientToken,
      },
      call,
    );
    return linkId(answer.VbrId);
  }

  async continue(id: LinkId, input: LinkCreate, call: Call, seen?: Link): Promise<void> {
    await freshly(
      this.#partsSeen(seen),
      () => this.#parts(id, call),
      (parts) => this.#continue(parts, input, call),
    );
  }

  async #continue(parts: LinkParts, input: LinkCreate, call: Call): Promise<void> {
    const { vbr, edge, network } = parts;
    if (vbrState(vbr) !== 'active') return; // the cloud is still at it
    if (parts.retired.length > 0) {
      await this.#remove(parts, parts.retired, call);
      return;
    }
    const far = this.#ends.network;
    const [owner, account] = [await this.#scope.account.get(call), await far.scope.account.get(far.calls(call))];
    const router = network?.RouterId ?? (await far.scope.routers.of(input.network, far.calls(call)));
    const edgeId =
      edge?.RouterInterfaceId ?? (await this.#makeEdge(vbr, input, { account, router, half: network }, call));
    if (network === undefined) {
      await this.#makeNetworkHalf(vbr, input, { account: owner, router, edgeId }, far.calls(call));
      return;
    }
    const edgePeer = { interface: network.RouterInterfaceId, router: network.RouterId };
    const networkPeer = { interface: edgeId, router: vbr.VbrId };
    if (phaseOf(network) === 'unconnected' && !pointsAt(network, networkPeer)) {
      const peer = { ...networkPeer, routerType: 'VBR', account: owner } as const;
      await far.interfaces.pointTo(network.RouterInterfaceId, peer, far.calls(call));
    }
    if (edge === undefined || phaseOf(edge) !== 'unconnected') return;
    const { interfaces } = this.#ends.port;
    if (!pointsAt(edge, edgePeer))
      await interfaces.pointTo(edgeId, { ...edgePeer, routerType: 'VRouter', account }, call);
    else if (pointsAt(network, networkPeer)) await interfaces.connect(edgeId, call);
  }

  async get(id: LinkId, call: Call): Promise<Link> {
    const parts = await this.#parts(id, call);
    const { account, region } = this.#scope;
    return linkOf(parts, await account.get(call), region, await this.#ends.networkAt(call));
  }

  async list(query: LinkQuery, cursor: Cursor, call: Call): Promise<Page<Link>> {
    const { client, region, account } = this.#scope;
    const ofPort = query.port === undefined ? {} : { Filter: [{ Key: 'PhysicalConnectionId', Value: [query.port] }] };
    const request = { RegionId: region, ...pageOf(cursor), ...ofPort };
    const answer = await client.vpc('DescribeVirtualBorderRouters', request, call);
    const routers = answer.VirtualBorderRouterSet.VirtualBorderRouterType;
    const next = nextPage('DescribeVirtualBorderRouters', cursor, answer, routers.length);
    if (routers.length === 0) return { items: [] };
    const interfaces = await this.#ends.all(call);
    const [own, far] = [await account.get(call), await this.#ends.networkAt(call)];
    const read = (vbr: VirtualBorderRouter): Link | undefined => {
      const link = linkOf(partsOf(vbr, interfaces), own, region, far);
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
    await changeLink(this.#ends, await this.#parts(id, call), change, call);
  }

  settingsDrift(seen: Link, settings: ObjectSettings): readonly SettingDrift[] {
    const vbr = nativeOf(seen, alibabaBorderRouter);
    return vbr === undefined ? [] : borderRouterDrift(vbr, linkOptions(this.#scope.options, settings));
  }

  async check(input: LinkCreate, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const request = { RegionId: region, Filter: [{ Key: 'PhysicalConnectionId', Value: [input.port] }] };
    const answer = await client.vpc('DescribePhysicalConnections', request, call);
    const ports = answer.PhysicalConnectionSet?.PhysicalConnectionType ?? [];
    const port = ports.find((candidate) => candidate.PhysicalConnectionId === input.port);
    if (port?.Status === 'Enabled') return;
    throw port === undefined
      ? new PeerwayError('NotFound', `The port ${input.port} is not in this account and region`, {
          provider: PROVIDER,
          resource: input.port,
          remedy: 'Check the id, and the account and region of the provider entry.',
        })
      : new PeerwayError('FailedPrecondition', `The port ${input.port} is ${port.Status}`, {
          provider: PROVIDER,
          resource: input.port,
          remedy: 'Have the line brought into service first.',
        });
  }

  async delete(id: LinkId, call: Call, { seen, unrouted = false }: BeforeDelete<Link> = {}): Promise<DeleteProgress> {
    return freshly(
      this.#partsSeen(seen),
      () => this.#parts(id, call),
      (parts) => this.#delete(parts, unrouted, call),
    );
  }

  async #delete(parts: LinkParts, unrouted: boolean, call: Call): Promise<DeleteProgress> {
    const { client, region } = this.#scope;
    const state = vbrState(parts.vbr);
    if (isLeaving(state)) return 'started';
    // the network's first: what is left while the border router stands is found by it
    const halves = [parts.network, parts.edge, ...parts.retired].filter((half) => half !== undefined);
    await this.#remove(parts, halves, call, unrouted);
    if (halves.length > 0 || state === 'updating') return 'continue';
    await client.vpc('DeleteVirtualBorderRouter', { RegionId: region, VbrId: parts.vbr.VbrId }, call);
    return 'started';
  }

  /** One step for each half; no route may point at one that still carries traffic. */
  async #remove({ vbr }: LinkParts, halves: readonly RouterInterface[], call: Call, unrouted = false): Promise<void> {
    for (const half of halves) {
      const vpc = half.VpcInstanceId;
      const tables = half.RouterId === vbr.VbrId && vbr.RouteTableId !== undefined ? [vbr.RouteTableId] : [];
      const networks = vpc === undefined || vpc === '' ? [] : [networkId(vpc)];
      const { interfaces, calls } = this.#ends.of(half);
      await interfaces.remove(half, { tables, networks }, calls(call), unrouted);
    }
  }

  async #makeEdge(
    vbr: VirtualBorderRouter,
    input: LinkCreate,
    far: { account: string; router: string; half: RouterInterface | undefined },
    call: Call,
  ): Promise<string> {
    return this.#ends.port.interfaces.createHalf(
      `edge beside ${far.half?.RouterInterfaceId ?? 'nothing'}`,
      {
        Role: 'InitiatingSide',
        RouterType: 'VBR',
        RouterId: vbr.VbrId,
        AccessPointId: required(vbr.AccessPointId, `the access point of ${vbr.VbrId}`),
        Spec: chosenSpec(input.bandwidthMbps, this.#ends.sameRegion, this.#scope.options),
        OppositeRegionId: this.#ends.network.scope.region,
        OppositeRouterType: 'VRouter',
        OppositeRouterId: far.router,
        OppositeInterfaceOwnerId: far.account,
        // the service shows it only once the pair knows itself
        Tags: tagPairs({ ...input.tags, [OPPOSITE_NETWORK_TAG]: input.network }),
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
    const { interfaces } = this.#ends.network;
    const { source, target = input.customerIp } = input.healthCheck ?? {};
    await interfaces.createHalf(
      'network',
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
        ...(source === undefined ? {} : { HealthCheckSourceIp: source, HealthCheckTargetIp: target }),
        ...tagged(input),
      },
      call,
    );
  }

  /** What a reading showed, where that was of the same ends. */
  #partsSeen(seen: Link | undefined): LinkParts | undefined {
    const known = seen && nativeOf(seen, LINK_PARTS);
    return known?.joined === this.#ends.joined ? known.parts : undefined;
  }

  async #parts(id: LinkId, call: Call): Promise<LinkParts> {
    return partsOf(await this.#router(id, call), await this.#ends.ofBorderRouter(id, call));
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
