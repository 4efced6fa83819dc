/** What of a link can be changed afterwards, and by which operation (docs/facts/alibaba.md 3.1, 3.3 and 3.4, checked 2026-11). */
import { PeerwayError, type Call, type HealthCheck, type LinkChange } from '@peerway/core';
import { maskOf, vbrState, type LinkParts } from './convertLink.js';
import { tagPairs } from './convert.js';
import type { LinkEnd, LinkEnds } from './linkEnds.js';
import type { AlibabaLinkOptions } from './options.js';
import { phaseOf } from './routerInterface/pair.js';
import { specOf } from './routerInterface/spec.js';
import type { VpcResourceType } from './wire/api/network.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import { PROVIDER } from './wire/errors.js';

export async function changeLink(ends: LinkEnds, parts: LinkParts, change: LinkChange, call: Call): Promise<void> {
  const { client, region } = ends.port.scope;
  const { vbr, edge } = parts;
  const router = { RegionId: region, VbrId: vbr.VbrId };
  switch (change.kind) {
    case 'labels': {
      const { name, description } = change;
      const labels = {
        ...(name === undefined ? {} : { Name: name }),
        ...(description === undefined ? {} : { Description: description }),
      };
      await client.vpc('ModifyVirtualBorderRouterAttribute', { ...router, ...labels }, call);
      return;
    }
    case 'addresses': {
      const addresses = gatewayAddresses(change);
      await client.vpc('ModifyVirtualBorderRouterAttribute', { ...router, ...addresses }, call);
      return;
    }
    case 'bandwidth': {
      const half = edge ?? missing(parts, 'its interface, whose specification is the bandwidth');
      const spec = specOf(change.bandwidthMbps);
      if (half.Spec === spec) return;
      const request = { RegionId: region, RouterInterfaceId: half.RouterInterfaceId, Spec: spec };
      await client.vpc('ModifyRouterInterfaceSpec', request, call);
      return;
    }
    case 'tags':
      return retag(ends, parts, change, call);
    case 'suspended':
      return setSuspended(ends, parts, change.suspended, call);
    case 'healthCheck':
      return setHealthCheck(ends, parts, change.check, call);
    case 'settings': {
      const { circuitCode } = change.values as AlibabaLinkOptions;
      if (circuitCode === undefined) return;
      await client.vpc('ModifyVirtualBorderRouterAttribute', { ...router, CircuitCode: circuitCode }, call);
      return;
    }
    case 'localPrefixes':
      throw new PeerwayError('Unsupported', 'A border router keeps no list of the network’s prefixes', {
        provider: PROVIDER,
        resource: vbr.VbrId,
      });
  }
}

/** The two ends of a line as the service takes them. @throws PeerwayError `InvalidArgument` for IPv6 and for a bare cloudIp */
export function gatewayAddresses({ cloudIp, customerIp }: { readonly cloudIp: string; readonly customerIp: string }): {
  readonly LocalGatewayIp: string;
  readonly PeerGatewayIp: string;
  readonly PeeringSubnetMask: string;
} {
  const [address = '', length] = cloudIp.split('/');
  if (length !== undefined && !address.includes(':') && !customerIp.includes(':'))
    return { LocalGatewayIp: address, PeerGatewayIp: customerIp, PeeringSubnetMask: maskOf(Number(length)) };
  throw new PeerwayError('InvalidArgument', `A border router needs IPv4 addresses with a prefix, not ${cloudIp}`, {
    provider: PROVIDER,
    remedy: 'Give cloudIp like 10.255.0.1/30 and customerIp like 10.255.0.2.',
  });
}

/** On the network's interface; the service's default is none. Rate and threshold are no part of a creation. */
async function setHealthCheck(
  ends: LinkEnds,
  parts: LinkParts,
  check: HealthCheck | undefined,
  call: Call,
): Promise<void> {
  const half = parts.network ?? missing(parts, 'the network’s interface, which checks its health');
  const { scope, calls } = ends.network;
  const { source, target = parts.vbr.PeerGatewayIp, intervalMs, failures } = check ?? {};
  const probes =
    source === undefined || target === undefined
      ? { DeleteHealthCheckIp: true }
      : {
          HealthCheckSourceIp: source,
          HealthCheckTargetIp: target,
          ...(intervalMs === undefined ? {} : { HcRate: intervalMs }),
          ...(failures === undefined ? {} : { HcThreshold: failures }),
        };
  const request = { RegionId: scope.region, RouterInterfaceId: half.RouterInterfaceId, ...probes };
  // left out, the service may take its own default while that can still be changed; given later, it refuses
  const type = phaseOf(half) === 'unconnected' ? { OppositeRouterType: 'VBR' as const } : {};
  await scope.client.vpc('ModifyRouterInterfaceAttribute', { ...request, ...type }, calls(call));
}

/** The halves first and the border router last: its tags are what a reading shows, so a change that broke off is seen and made again. */
async function retag(
  ends: LinkEnds,
  { vbr, edge, network }: LinkParts,
  change: Extract<LinkChange, { kind: 'tags' }>,
  call: Call,
): Promise<void> {
  const idsOf = (...halves: readonly (RouterInterface | undefined)[]): string[] =>
    halves.flatMap((half) => half?.RouterInterfaceId ?? []);
  const halves: readonly (readonly [LinkEnd, readonly string[]])[] = ends.joined
    ? [
        [ends.network, idsOf(network)],
        [ends.port, idsOf(edge)],
      ]
    : [[ends.port, idsOf(edge, network)]];
  const targets: readonly (readonly [LinkEnd, VpcResourceType, readonly string[]])[] = [
    ...halves.map(([end, ids]) => [end, 'ROUTERINTERFACE', ids] as const),
    [ends.port, 'VIRTUALBORDERROUTER', [vbr.VbrId]],
  ];
  for (const [{ scope, calls }, ResourceType, ResourceId] of targets) {
    if (ResourceId.length === 0) continue;
    const target = { RegionId: scope.region, ResourceType, ResourceId };
    // removed first: the two together may be more than an object takes
    if (change.remove.length > 0)
      await scope.client.vpc('UnTagResources', { ...target, TagKey: change.remove }, calls(call));
    const Tag = tagPairs(change.set);
    if (Tag.length > 0) await scope.client.vpc('TagResources', { ...target, Tag }, calls(call));
  }
}

/** Three switches: the border router, whose end stops all traffic, and each interface. On again: whatever is off, the border router first. */
async function setSuspended(
  ends: LinkEnds,
  { vbr, edge, network }: LinkParts,
  suspended: boolean,
  call: Call,
): Promise<void> {
  const { client, region } = ends.port.scope;
  const state = vbrState(vbr);
  if (state === (suspended ? 'active' : 'inactive')) {
    const request = { RegionId: region, VbrId: vbr.VbrId };
    await client.vpc(suspended ? 'TerminateVirtualBorderRouter' : 'RecoverVirtualBorderRouter', request, call);
    return;
  }
  if (state !== (suspended ? 'inactive' : 'active')) {
    const code = state === 'updating' ? 'Conflict' : 'FailedPrecondition';
    const about = { provider: PROVIDER, resource: vbr.VbrId };
    throw new PeerwayError(code, `The border router ${vbr.VbrId} is ${vbr.Status}`, about);
  }
  if (suspended) return;
  for (const half of [edge, network]) {
    if (half === undefined) continue;
    const { interfaces, calls } = ends.of(half);
    await interfaces.setActive(half, true, calls(call));
  }
}

function missing({ vbr }: LinkParts, what: string): never {
  throw new PeerwayError('FailedPrecondition', `The border router ${vbr.VbrId} lacks ${what}`, {
    provider: PROVIDER,
    resource: vbr.VbrId,
    remedy: 'Finish the link first: run apply again.',
  });
}
