/** From what a user asks of a link to what a driver may rely on: every check that needs no request, in one place. */
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type { LinkChange, LinkCreate, ObjectSettings } from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import { canonicalCidr, cidrRange, parseAddress, type Cidr } from '../model/cidr.js';
import { networkId, portId, type NetworkId, type PortId } from '../model/ids.js';
import type { HealthCheck } from '../model/link.js';
import type { Tags } from '../model/peering.js';
import { healthCheckProblem } from './healthCheck.js';
import { settingProblems, settingsChanges, type SettingsUpdate } from './peeringInput.js';
import { bandwidthProblem, refuse, requireSupport, tagProblems, textProblem } from './gate.js';

/** A link to be made. */
export interface LinkRequest {
  /** A network of this provider's account and region, or of the other one's, see `Links.across`. */
  readonly network: NetworkId;
  readonly port: PortId;
  /** Whole number, 0 to 4094 or as the provider's limits say. */
  readonly vlan: number;
  /** Address of the cloud's end with its prefix, e.g. `10.255.0.1/30`. */
  readonly cloudIp: string;
  /** Another address of the same prefix, bare, e.g. `10.255.0.2`. */
  readonly customerIp: string;
  readonly name: string;
  readonly description?: string;
  /** Whole megabits per second, more than 0, within the provider's limits. */
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  readonly healthCheck?: HealthCheck;
  /** The provider's own settings for this one link, of its class `linkOptions`. */
  readonly settings?: ObjectSettings;
  /** Default: a fresh one. */
  readonly clientToken?: string;
}

/** What to change of a link; what is absent stays as it is. */
export interface LinkUpdate {
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  /** Both ends at once, in the form of `LinkRequest`. */
  readonly addresses?: { readonly cloudIp: string; readonly customerIp: string };
  /** Prefixes of the network that the line may reach; only where a reading shows `localPrefixes`. */
  readonly localPrefixes?: readonly Cidr[];
  /** Tags to add or overwrite. */
  readonly setTags?: Tags;
  readonly removeTags?: readonly string[];
  /** `none`: no probes any more. */
  readonly healthCheck?: HealthCheck | 'none';
  /** The provider's own settings to write, see `SettingDrift`. */
  readonly settings?: SettingsUpdate;
}

type LinkCapabilities = ProviderCapabilities['links'];

/** @throws PeerwayError `InvalidArgument`, `Unsupported` */
export function checkedLink(
  request: LinkRequest,
  { features, limits, healthCheck, settings }: LinkCapabilities,
  provider: string,
  token: () => string,
): LinkCreate {
  requireSupport(features.link, provider, 'dedicated lines');
  const { vlan } = request;
  const range = limits.vlan ?? { min: 0, max: 4094 };
  if (!Number.isInteger(vlan) || vlan < range.min || vlan > range.max) {
    throw new PeerwayError('InvalidArgument', `vlan ${vlan} is outside the limits`, {
      remedy: `Give ${range.min} to ${range.max}.`,
    });
  }
  requireOneLine(request.cloudIp, request.customerIp);
  if (request.description !== undefined) requireSupport(features.description, provider, 'describing a link');
  requireLabels(request, limits);
  const tags = request.tags ?? {};
  if (Object.keys(tags).length > 0) {
    requireSupport(features.tags, provider, 'tags on a link');
    refuse(tagProblems(tags, limits.tags)[0]);
  }
  if (request.bandwidthMbps !== undefined)
    requireSupport(features.bandwidth, provider, 'choosing the bandwidth of a link');
  refuse(bandwidthProblem(request.bandwidthMbps, limits.bandwidthMbps));
  refuse(healthCheckProblem(request.healthCheck, healthCheck, provider, request.customerIp));
  refuse(settingProblems(request.settings, settings, { provider, what: 'a link' })[0]);
  const clientToken = request.clientToken ?? token();
  return { ...request, network: networkId(request.network), port: portId(request.port), tags, clientToken };
}

/** The single changes of an update, in the order in which they are made. @throws PeerwayError `InvalidArgument`, `Unsupported` */
export function checkedLinkChanges(update: LinkUpdate, capabilities: LinkCapabilities, provider: string): LinkChange[] {
  const { features, limits } = capabilities;
  const { name, description, bandwidthMbps, addresses, localPrefixes, setTags = {}, removeTags = [] } = update;
  const changes: LinkChange[] = [...takenBack(update, capabilities, provider)];
  if (name !== undefined || description !== undefined) {
    requireSupport(features.relabel, provider, 'changing the name or description of a link');
    requireLabels(update, limits);
    changes.push({
      kind: 'labels',
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
    });
  }
  if (Object.keys(setTags).length > 0 || removeTags.length > 0) {
    requireSupport(features.retag, provider, 'changing the tags of a link');
    refuse(tagProblems(setTags, limits.tags)[0]);
    changes.push({ kind: 'tags', set: setTags, remove: removeTags });
  }
  if (bandwidthMbps !== undefined) {
    requireSupport(features.resize, provider, 'changing the bandwidth of a link');
    refuse(bandwidthProblem(bandwidthMbps, limits.bandwidthMbps));
    changes.push({ kind: 'bandwidth', bandwidthMbps });
  }
  if (addresses !== undefined) {
    requireSupport(features.readdress, provider, 'changing the addresses of a link');
    requireOneLine(addresses.cloudIp, addresses.customerIp);
    changes.push({ kind: 'addresses', ...addresses });
  }
  if (localPrefixes !== undefined)
    changes.push({ kind: 'localPrefixes', prefixes: localPrefixes.map((prefix) => canonicalCidr(prefix)) });
  if (update.healthCheck !== undefined && update.healthCheck !== 'none') {
    refuse(healthCheckProblem(update.healthCheck, capabilities.healthCheck, provider));
    changes.push({ kind: 'healthCheck', check: update.healthCheck });
  }
  changes.push(...settingsChanges(update.settings, 'set'));
  return changes;
}

/** What ends comes first, as of peerings. */
function takenBack(update: LinkUpdate, { healthCheck }: LinkCapabilities, provider: string): LinkChange[] {
  const ends: LinkChange[] = [];
  if (update.healthCheck === 'none') {
    if (healthCheck?.removable !== true)
      throw new PeerwayError('Unsupported', `${provider} does not take the health check of a link away`, {
        provider,
        place: 'healthCheck',
        remedy: 'Leave it, or make the link anew.',
      });
    ends.push({ kind: 'healthCheck' });
  }
  return [...ends, ...settingsChanges(update.settings, 'taken-back')];
}

function requireLabels(
  { name, description }: Pick<LinkUpdate, 'name' | 'description'>,
  limits: LinkCapabilities['limits'],
): void {
  refuse(textProblem(name, limits.name, 'name'));
  refuse(textProblem(description, limits.description, 'description'));
}

/** The two ends of a line are different addresses of one prefix. */
function requireOneLine(cloudIp: string, customerIp: string): void {
  const prefix = cidrRange(canonicalCidr(cloudIp)); // host bits are allowed: this is an address, with the length of its prefix
  const cloud = parseAddress(cloudIp.slice(0, cloudIp.indexOf('/')));
  const customer = parseAddress(customerIp);
  const inside = customer.family === prefix.family && customer.value >= prefix.first && customer.value <= prefix.last;
  if (inside && customer.value !== cloud.value) return;
  throw new PeerwayError('InvalidArgument', `customerIp ${customerIp} is no other address of ${cloudIp}`, {
    remedy: 'Give both ends of the line different addresses of one prefix, e.g. 10.255.0.1/30 and 10.255.0.2.',
  });
}
