/** What is asked of the cloud for a new peering: mechanism, ends, marker, name. */
import { isKnownAccount, type MechanismCapabilities } from '@peerway/core';
import type { SeenNetwork } from '../world/observe.js';
import { markerTags, markerText } from '../world/ownership.js';
import type { PeeringWork, StepWork } from '../plan/plan.js';
import type { Edge } from '../declaration/topology.js';

/** Undefined when a network or the mechanism is not there. */
export function creationOf(
  { spec, connection }: Edge,
  initiator: SeenNetwork,
  acceptor: SeenNetwork,
  stack: string,
): Extract<StepWork, { readonly verb: 'peering.create' }> | undefined {
  const { provider, network } = initiator;
  const { mechanisms } = provider.capabilities;
  const { mechanism: wanted } = spec.peering;
  const mechanism = wanted === undefined ? mechanisms[0] : mechanisms.find((one) => one.name === wanted);
  const target = acceptor.network;
  if (mechanism === undefined || target === undefined || network === undefined) return undefined;
  const { features } = mechanism;
  const name = labelFrom(connection, mechanism);
  const request: PeeringWork = {
    ...spec.peering,
    mechanism: mechanism.name,
    initiator: initiator.id,
    acceptor: {
      // an account that is not known cannot be asked: the prechecks say so
      ...(target.account !== network.account && isKnownAccount(target.account) ? { account: target.account } : {}),
      region: target.region,
      network: acceptor.id,
    },
    tags: features.tags.status === 'supported' ? { ...spec.peering.tags, ...markerTags(stack, connection) } : {},
    ...(name === undefined ? {} : { name }),
    ...(features.description.status === 'supported' ? { description: markerText(stack, connection) } : {}),
  };
  return {
    verb: 'peering.create',
    providers: { initiator: provider.name, acceptor: acceptor.provider.name },
    request,
  };
}

/** A display name where it surely fits; clouds differ in what they take, and nothing depends on it. */
function labelFrom(connection: string, mechanism: MechanismCapabilities): string | undefined {
  if (mechanism.features.name.status !== 'supported') return undefined;
  const name = connection.replaceAll('/', '-');
  const { min, max } = mechanism.limits.nameLength ?? { min: 1, max: 64 };
  const fits = name.length >= min && name.length <= max;
  return fits && /^[A-Za-z]/.test(name) && !name.startsWith('http') ? name : undefined;
}
