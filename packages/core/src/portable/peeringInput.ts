/** From what a user asks of a peering to what a driver may rely on: every check that needs no request, in one place. */
import type { MechanismCapabilities } from '../driver/capabilities.js';
import type { PeeringChange, PeeringCreate, PeeringTarget } from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import { accountId, networkId, regionId, type AccountId, type NetworkId, type RegionId } from '../model/ids.js';
import type { Tags } from '../model/peering.js';
import { requireBandwidth, requireLength, requireSupport, requireTags } from './gate.js';

/** A peering to be made. */
export interface PeeringRequest {
  /** A network of this provider's account and region. */
  readonly initiator: NetworkId;
  readonly acceptor: PeeringTarget;
  /** Default: the provider's first mechanism. */
  readonly mechanism?: string;
  readonly name?: string;
  readonly description?: string;
  /** Whole megabits per second, more than 0, within the mechanism's limits; required, optional or refused as its `bandwidth` says. */
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  /** Default: a fresh one. Give your own to make the creation idempotent over restarts; 1 to 64 printable ASCII characters. */
  readonly clientToken?: string;
}

/** What to change of a peering; what is absent stays as it is. */
export interface PeeringUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  /** Tags to add or overwrite. */
  readonly setTags?: Tags;
  readonly removeTags?: readonly string[];
  readonly deletionProtection?: boolean;
  readonly dnsSync?: boolean;
  /** Names of the provider's own settings to write, see `SettingDrift`. */
  readonly settings?: readonly string[];
}

/** What is known about the provider that a request goes to. */
interface RequestContext {
  readonly provider: string;
  readonly region: RegionId;
  /** When the user wrote it down. */
  readonly account: AccountId | undefined;
  readonly mechanism: MechanismCapabilities;
  /** A fresh token. */
  readonly token: () => string;
}

/** @throws PeerwayError `InvalidArgument`, `Unsupported` */
export function checkedCreate(request: PeeringRequest, context: RequestContext): PeeringCreate {
  const { provider, mechanism } = context;
  const { features, limits } = mechanism;
  const initiator = networkId(request.initiator);
  const acceptor: PeeringTarget = {
    ...(request.acceptor.account === undefined ? {} : { account: accountId(request.acceptor.account) }),
    region: regionId(request.acceptor.region),
    network: networkId(request.acceptor.network),
  };
  if (acceptor.network === initiator) {
    throw new PeerwayError('InvalidArgument', `${initiator} cannot be peered with itself`, {
      remedy: 'Name two different networks.',
    });
  }
  if (acceptor.region !== context.region) requireSupport(features.crossRegion, provider, 'peering across regions');
  if (acceptor.account !== undefined && context.account !== undefined && acceptor.account !== context.account)
    requireSupport(features.crossAccount, provider, 'peering across accounts');
  requireLabels(request, mechanism, provider);
  const tags = request.tags ?? {};
  if (Object.keys(tags).length > 0) requireSupport(features.tags, provider, 'tags on a peering');
  requireTags(tags, limits.tags);
  requireBandwidthRule(request.bandwidthMbps, acceptor.region === context.region, context);
  const clientToken = request.clientToken ?? context.token();
  if (!/^[\x21-\x7e]{1,64}$/.test(clientToken)) {
    throw new PeerwayError('InvalidArgument', 'clientToken does not fit', {
      remedy: 'Use 1 to 64 printable ASCII characters.',
    });
  }
  return {
    mechanism: mechanism.name,
    initiator,
    acceptor,
    tags,
    clientToken,
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.description === undefined ? {} : { description: request.description }),
    ...(request.bandwidthMbps === undefined ? {} : { bandwidthMbps: request.bandwidthMbps }),
  };
}

/** The single changes of an update, in the order in which they are made. @throws PeerwayError `InvalidArgument`, `Unsupported` */
export function checkedChanges(
  update: PeeringUpdate,
  mechanism: MechanismCapabilities,
  provider: string,
): PeeringChange[] {
  const { features, limits } = mechanism;
  const { name, description, bandwidthMbps, setTags = {}, removeTags = [] } = update;
  const { deletionProtection, dnsSync, settings = [] } = update;
  const changes: PeeringChange[] = [];
  if (name !== undefined || description !== undefined) {
    requireLabels(update, mechanism, provider);
    changes.push({
      kind: 'labels',
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    });
  }
  if (Object.keys(setTags).length > 0 || removeTags.length > 0) {
    requireSupport(features.retag, provider, 'changing the tags of a peering');
    requireTags(setTags, limits.tags);
    changes.push({ kind: 'tags', set: setTags, remove: removeTags });
  }
  if (bandwidthMbps !== undefined) {
    requireSupport(features.resize, provider, 'changing the bandwidth of a peering');
    requireBandwidth(bandwidthMbps, limits.bandwidthMbps);
    changes.push({ kind: 'bandwidth', bandwidthMbps });
  }
  if (deletionProtection !== undefined) {
    requireSupport(features.deletionProtection, provider, 'deletion protection of a peering');
    changes.push({ kind: 'deletionProtection', enabled: deletionProtection });
  }
  if (dnsSync !== undefined) {
    requireSupport(features.dnsSync, provider, 'DNS synchronisation of a peering');
    changes.push({ kind: 'dnsSync', enabled: dnsSync });
  }
  if (settings.length > 0) changes.push({ kind: 'settings', names: settings });
  return changes;
}

function requireLabels(
  labels: Pick<PeeringRequest, 'name' | 'description'>,
  { features, limits }: MechanismCapabilities,
  provider: string,
): void {
  if (labels.name !== undefined) requireSupport(features.name, provider, 'naming a peering');
  if (labels.description !== undefined) requireSupport(features.description, provider, 'describing a peering');
  requireLength(labels.name, limits.nameLength, 'name');
  requireLength(labels.description, limits.descriptionLength, 'description');
}

function requireBandwidthRule(
  bandwidthMbps: number | undefined,
  sameRegion: boolean,
  { provider, mechanism }: RequestContext,
): void {
  if (bandwidthMbps === undefined) {
    if (mechanism.bandwidth !== 'required') return;
    throw new PeerwayError('InvalidArgument', `A ${mechanism.name} peering needs bandwidthMbps`, {
      provider,
      remedy: 'Add bandwidthMbps, in megabits per second.',
    });
  }
  requireSupport(mechanism.features.bandwidth, provider, 'choosing the bandwidth of a peering');
  if (mechanism.bandwidth === 'crossRegion' && sameRegion) {
    throw new PeerwayError('InvalidArgument', `A ${mechanism.name} peering inside one region takes no bandwidthMbps`, {
      provider,
      remedy: 'Leave bandwidthMbps out, or peer networks of two regions.',
    });
  }
  requireBandwidth(bandwidthMbps, mechanism.limits.bandwidthMbps);
}
