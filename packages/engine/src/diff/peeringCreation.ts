/** What is asked of the cloud for a new peering: mechanism, ends, marker, name. */
import { fitsText, isKnownAccount, type MechanismCapabilities, type Provider } from '@peerway/core';
import type { SeenNetwork } from '../world/observe.js';
import { listedMechanism } from '../world/hidden.js';
import { ALSO_TAG, markerPlace, markerTags, markerText } from '../world/ownership.js';
import { tagList } from '../world/tagList.js';
import { declaredAttributes, toName } from '../world/authorship.js';
import type { EndProviders, PeeringWork, StepWork } from '../plan/plan.js';
import type { Edge } from '../declaration/topology.js';
import type { DiffInput } from './planDraft.js';

/** The mechanism of that edge's peering: as declared, else as it is, else the provider's first. Undefined: there is none of that name. */
export function mechanismFor(
  { spec }: Edge,
  provider: Provider,
  kept: string | undefined,
): MechanismCapabilities | undefined {
  const { mechanisms } = provider.capabilities;
  const wanted = spec.peering.mechanism ?? kept;
  return wanted === undefined ? mechanisms[0] : mechanisms.find(({ name }) => name === wanted);
}

/** What is to be asked of the cloud, whether or not it is right. @param kept the mechanism of the peering that is there */
export function requestFor(
  edge: Edge,
  initiator: SeenNetwork,
  acceptor: SeenNetwork,
  { stack: { name: stack }, hiding }: Pick<DiffInput, 'stack' | 'hiding'>,
  kept?: string,
): PeeringWork {
  const { spec, connection } = edge;
  const mechanism = mechanismFor(edge, initiator.provider, kept);
  const target = acceptor.network;
  const known = target !== undefined && isKnownAccount(target.account) ? target.account : undefined;
  const name = mechanism === undefined ? undefined : labelFrom(connection, mechanism);
  const also =
    mechanism?.name === listedMechanism(initiator.provider) &&
    [initiator, acceptor].some(({ provider }) => hiding(provider));
  const decides = mechanism === undefined ? 'nothing' : markerPlace(mechanism.features).decides;
  const byText = decides === 'description';
  const names = toName(declaredAttributes(spec.peering, spec.dnsSync), false);
  const { description: text = '' } = spec.peering;
  return {
    ...spec.peering,
    mechanism: mechanism?.name ?? spec.peering.mechanism ?? '',
    initiator: initiator.id,
    acceptor: {
      // an account that is not known cannot be asked: the prechecks say so
      ...(known === undefined || known === initiator.network?.account ? {} : { account: known }),
      region: target?.region ?? acceptor.provider.region,
      network: acceptor.id,
    },
    tags: {
      ...spec.peering.tags,
      ...(mechanism?.features.tags.status === 'supported' ? markerTags(stack, connection) : {}),
      ...(mechanism?.features.tags.status === 'supported' && also ? { [ALSO_TAG]: 'yes' } : {}),
      ...(mechanism?.features.retag.status === 'supported'
        ? tagList(Object.keys(spec.peering.tags ?? {}), decides === 'tags' ? names : [])
        : {}),
    },
    ...(name === undefined ? {} : { name }),
    ...(mechanism?.features.description.status === 'supported'
      ? { description: markerText(stack, connection, { also: also && byText, set: byText ? names : [], text }) }
      : {}),
  };
}

/** Undefined when a network or the mechanism is not there, and the prechecks say so. */
export function creationOf(
  edge: Edge,
  initiator: SeenNetwork,
  acceptor: SeenNetwork,
  input: Pick<DiffInput, 'stack' | 'hiding'>,
): Extract<StepWork, { readonly verb: 'peering.create' }> | undefined {
  const { provider, network } = initiator;
  if (network === undefined || acceptor.network === undefined) return undefined;
  if (mechanismFor(edge, provider, undefined) === undefined) return undefined;
  return {
    verb: 'peering.create',
    providers: endsOf(initiator, acceptor),
    request: requestFor(edge, initiator, acceptor, input),
  };
}

/** Who acts for the two ends; for somebody else's nobody does, and the entry of our own end is named. */
function endsOf(initiator: SeenNetwork, acceptor: SeenNetwork): EndProviders {
  const peer = initiator.peer !== undefined ? 'initiator' : acceptor.peer !== undefined ? 'acceptor' : undefined;
  const ours = peer === 'initiator' ? acceptor : initiator;
  const awaited = (initiator.peer ?? acceptor.peer)?.awaited;
  return {
    initiator: (peer === undefined ? initiator : ours).provider.name,
    acceptor: (peer === undefined ? acceptor : ours).provider.name,
    ...(peer === undefined ? {} : { peer: { side: peer, ...(awaited === undefined ? {} : { awaited }) } }),
  };
}

/** A display name where it surely fits; clouds differ in what they take, and nothing depends on it. */
export function labelFrom(connection: string, mechanism: MechanismCapabilities): string | undefined {
  if (mechanism.features.name.status !== 'supported') return undefined;
  const name = connection.replaceAll('/', '-');
  return fitsText(name, mechanism.limits.name ?? { min: 1, max: 64 }) ? name : undefined;
}
