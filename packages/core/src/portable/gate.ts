/** Refuses, before any request, what a provider cannot do or its limits forbid. */
import type { BandwidthLimit, Support, TagLimits, TextLimit } from '../driver/capabilities.js';
import { PeerwayError, toPeerwayError } from '../errors/error.js';
import type { Tags } from '../model/peering.js';

/** @throws PeerwayError `Unsupported` naming the reason */
export const requireSupport = (support: Support, provider: string, what: string): void =>
  refuse(supportProblem(support, provider, what));

/** `Unsupported` naming the reason; undefined when it is supported. @param place the field that asks for it, where one does */
export function supportProblem(
  support: Support,
  provider: string,
  what: string,
  place?: string,
): PeerwayError | undefined {
  if (support.status === 'supported') return undefined;
  const why =
    support.status === 'unsupported'
      ? `the cloud cannot: ${support.reason}; ${support.source}`
      : `not written yet: ${support.reason}`;
  return new PeerwayError('Unsupported', `${provider} does not support ${what} (${why})`, {
    provider,
    ...(place === undefined ? {} : { place }),
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

/** Throws a problem, where there is one. */
export function refuse(problem: PeerwayError | undefined): void {
  if (problem !== undefined) throw problem;
}

/** The problems that `find` answers, or the one that it throws. */
export function problemsOf(find: () => PeerwayError[]): PeerwayError[] {
  try {
    return find();
  } catch (thrown) {
    return [toPeerwayError(thrown)];
  }
}

const invalid = (place: string, message: string, remedy: string): PeerwayError =>
  new PeerwayError('InvalidArgument', message, { place, remedy });

/** Characters as people and clouds count them, not UTF-16 units. */
const lengthOf = (text: string): number => (/[\ud800-\udfff]/.test(text) ? [...text].length : text.length);

/** True when a cloud with this limit takes the text. */
export const fitsText = (text: string, limit: TextLimit): boolean => textProblem(text, limit, '', '') === undefined;

/**
 * What is wrong with a text; undefined when nothing is, or there is no text or no limit.
 * @param place the field, e.g. `name`
 * @param what names the text in the message, e.g. `The tag key "k"`
 */
export function textProblem(
  text: string | undefined,
  limit: TextLimit | undefined,
  place: string,
  what: string = place,
): PeerwayError | undefined {
  if (text === undefined || limit === undefined) return undefined;
  const length = lengthOf(text);
  if (length < limit.min || length > limit.max)
    return invalid(
      place,
      `${what} is ${length} ${length === 1 ? 'character' : 'characters'} long, and the cloud takes ${limit.min} to ${limit.max}`,
      `Use ${limit.min} to ${limit.max} characters.`,
    );
  const { characters, first } = limit;
  if (characters !== undefined && !new RegExp(`^[${characters.class}]*$`, 'u').test(text))
    return invalid(place, `${what} has a character that the cloud does not take`, `Use only ${characters.words}.`);
  if (first !== undefined && !new RegExp(`^(?:[${first.class}]|$)`, 'u').test(text))
    return invalid(
      place,
      `${what} begins with a character that the cloud does not take there`,
      `Begin with ${first.words}.`,
    );
  const lower = text.toLowerCase();
  const start = limit.notAtStart?.find((word) => lower.startsWith(word));
  if (start !== undefined)
    return invalid(place, `${what} begins with ${start}, which the cloud keeps to itself`, 'Choose another beginning.');
  if (limit.except?.includes(text) === true)
    return invalid(place, `${what} is kept for something else`, 'Choose another word.');
  const inside = limit.nowhere?.find((word) => lower.includes(word));
  if (inside !== undefined) return invalid(place, `${what} holds ${inside}, which the cloud refuses`, 'Leave it out.');
  return undefined;
}

/** What is wrong with a bandwidth: no whole number above 0, or outside the limits. */
export function bandwidthProblem(
  mbps: number | undefined,
  limit: BandwidthLimit | undefined,
): PeerwayError | undefined {
  if (mbps === undefined) return undefined;
  const place = 'bandwidthMbps';
  if (!Number.isInteger(mbps) || mbps <= 0)
    return invalid(place, `bandwidthMbps is ${mbps}`, 'Give whole megabits per second, more than 0.');
  if (limit === undefined) return undefined;
  if (limit.allowed !== undefined && !limit.allowed.includes(mbps))
    return invalid(place, `bandwidthMbps ${mbps} is not offered`, `Choose one of ${limit.allowed.join(', ')}.`);
  if (mbps >= limit.min && (limit.max === undefined || mbps <= limit.max)) return undefined;
  const range = limit.max === undefined ? `at least ${limit.min}` : `${limit.min} to ${limit.max}`;
  return invalid(place, `bandwidthMbps ${mbps} is outside the limits`, `Give ${range}.`);
}

/** Everything that is wrong with tags. */
export function tagProblems(tags: Tags, limits: TagLimits | undefined): PeerwayError[] {
  if (limits === undefined) return [];
  const entries = Object.entries(tags);
  const tooMany =
    entries.length > limits.max
      ? [invalid('tags', `${entries.length} tags are too many`, `Use at most ${limits.max}.`)]
      : [];
  return [
    ...tooMany,
    ...entries.flatMap(([key, value]) => [
      ...listOf(textProblem(key, limits.key, 'tags', `The tag key ${JSON.stringify(key)}`)),
      ...listOf(textProblem(value, limits.value, 'tags', `The value of the tag ${JSON.stringify(key)}`)),
    ]),
  ];
}

/** A problem that may be none, as a list. */
export const listOf = (problem: PeerwayError | undefined): PeerwayError[] => (problem === undefined ? [] : [problem]);
