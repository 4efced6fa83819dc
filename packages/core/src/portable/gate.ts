/** Refuses, before any request, what a provider cannot do or its limits forbid. */
import type { Support } from '../driver/capabilities.js';
import { PeerwayError } from '../errors/error.js';
import type { Tags } from '../model/peering.js';

/** @throws PeerwayError `Unsupported` naming the reason */
export function requireSupport(support: Support, provider: string, what: string): void {
  if (support.status === 'supported') return;
  const why =
    support.status === 'unsupported'
      ? `the cloud cannot: ${support.reason}; ${support.source}`
      : `not written yet: ${support.reason}`;
  throw new PeerwayError('Unsupported', `${provider} does not support ${what} (${why})`, {
    provider,
    remedy: 'See `peerway providers` for what each provider can do, and leave this out.',
  });
}

/** For a member that the capabilities promise and the driver has not. */
export function missingMember(provider: string, member: string): PeerwayError {
  return new PeerwayError('Internal', `The ${provider} driver claims ${member} and does not have it`, {
    provider,
    remedy: 'This is a defect of the provider package; the conformance kit shows it.',
  });
}

/** Characters as people count them, not UTF-16 units. */
const lengthOf = (text: string): number => [...text].length;

/** @throws PeerwayError `InvalidArgument` */
export function requireLength(
  text: string | undefined,
  limit: { readonly min: number; readonly max: number } | undefined,
  what: string,
): void {
  if (text === undefined || limit === undefined) return;
  const length = lengthOf(text);
  if (length < limit.min || length > limit.max) {
    throw new PeerwayError('InvalidArgument', `${what} is ${length} characters long`, {
      remedy: `Use ${limit.min} to ${limit.max} characters.`,
    });
  }
}

/** @throws PeerwayError `InvalidArgument` when it is no whole number above 0, or outside the limits */
export function requireBandwidth(
  mbps: number | undefined,
  limit: { readonly min: number; readonly max?: number; readonly allowed?: readonly number[] } | undefined,
): void {
  if (mbps === undefined) return;
  if (!Number.isInteger(mbps) || mbps <= 0) {
    throw new PeerwayError('InvalidArgument', `bandwidthMbps is ${mbps}`, {
      remedy: 'Give whole megabits per second, more than 0.',
    });
  }
  if (limit === undefined) return;
  if (limit.allowed !== undefined && !limit.allowed.includes(mbps)) {
    throw new PeerwayError('InvalidArgument', `bandwidthMbps ${mbps} is not offered`, {
      remedy: `Choose one of ${limit.allowed.join(', ')}.`,
    });
  }
  if (mbps < limit.min || (limit.max !== undefined && mbps > limit.max)) {
    throw new PeerwayError('InvalidArgument', `bandwidthMbps ${mbps} is outside the limits`, {
      remedy: limit.max === undefined ? `Give at least ${limit.min}.` : `Give ${limit.min} to ${limit.max}.`,
    });
  }
}

/** @throws PeerwayError `InvalidArgument` */
export function requireTags(
  tags: Tags,
  limit: { readonly max: number; readonly keyLength: number; readonly valueLength: number } | undefined,
): void {
  if (limit === undefined) return;
  const entries = Object.entries(tags);
  if (entries.length > limit.max) {
    throw new PeerwayError('InvalidArgument', `${entries.length} tags are too many`, {
      remedy: `Use at most ${limit.max}.`,
    });
  }
  for (const [key, value] of entries) {
    if (key === '' || lengthOf(key) > limit.keyLength || lengthOf(value) > limit.valueLength) {
      throw new PeerwayError('InvalidArgument', `The tag ${JSON.stringify(key)} does not fit`, {
        remedy: `Keys take 1 to ${limit.keyLength} characters, values up to ${limit.valueLength}.`,
      });
    }
  }
}
