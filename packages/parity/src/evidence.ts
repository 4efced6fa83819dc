/** The evidence file: what was asked and answered, masked; what was read from it; how long things took. A contributor hands it in. */
import { PeerwayError, type RawRequest } from '@peerway/core';
import type { Seen } from './probe.js';
import type { RuleValue } from './sheet.js';
import type { PartyKey } from './wire/parties.js';

export interface Exchange {
  /** RFC 3339, when it was sent. */
  readonly at: string;
  readonly tookMs: number;
  readonly party: PartyKey;
  /** As the probe asked: masked, and before anything was signed. */
  readonly asked: RawRequest;
  /** Absent: no answer came. */
  readonly status?: number;
  readonly requestId?: string;
  /** As the probe got it. Absent: an empty one. */
  readonly answer?: unknown;
}

/** What one probe did. */
export interface ProbeRecord {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: Readonly<Record<string, Seen>>;
}

/** One stretch of a run, up to its end or to where it was broken off: its networks, and the probes in them. */
export interface Sitting {
  readonly startedAt: string;
  readonly networks: readonly Exchange[];
  readonly probes: readonly ProbeRecord[];
}

/** How one case of the conformance kit went. Why one failed is told to whoever runs it alone: the message may name anything. */
export interface KitRecord {
  readonly topic: string;
  readonly case: string;
  /** `diverged`: failed as this cloud is known to. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'diverged';
  /** Why it was skipped, or diverges. */
  readonly because?: string;
}

export interface Evidence {
  readonly version: 1;
  /** `alibaba`, `baidu`. */
  readonly provider: string;
  /** Marks everything that the run made; also its name. */
  readonly run: string;
  /** The day it was begun, `2026-12-03`. */
  readonly date: string;
  readonly regions: Readonly<Partial<Record<PartyKey, string>>>;
  /** What stands for the ids of accounts that the run was told. */
  readonly accounts: Readonly<Partial<Record<PartyKey, string>>>;
  readonly sittings: readonly Sitting[];
  /** What each rule's default was when it was asked. */
  readonly defaults: Readonly<Record<string, RuleValue>>;
  /** Milliseconds of each change that was watched, by the emulator's names of its delays. */
  readonly times: Readonly<Record<string, readonly number[]>>;
  /** Absent: the kit was not run. */
  readonly kit?: readonly KitRecord[];
}

/** As a file: stable, so that two of them can be compared line by line. */
export const evidenceText = (evidence: Evidence): string => `${JSON.stringify(evidence, null, 1)}\n`;

/** @throws PeerwayError `InvalidArgument` for what is no evidence file of this version */
export function readEvidence(text: string, place: string): Evidence {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const file = parsed as Partial<Evidence> | null | undefined;
  const whole =
    typeof file === 'object' &&
    file !== null &&
    file.version === 1 &&
    typeof file.provider === 'string' &&
    typeof file.run === 'string' &&
    /^p[0-9a-f]{8}$/.test(file.run) &&
    typeof file.date === 'string' &&
    typeof file.regions === 'object' &&
    typeof file.accounts === 'object' &&
    typeof file.defaults === 'object' &&
    typeof file.times === 'object' &&
    Array.isArray(file.sittings) &&
    file.sittings.every(isSitting) &&
    (file.kit === undefined || (Array.isArray(file.kit) && file.kit.every(isKitRecord)));
  if (whole) return file as Evidence;
  throw new PeerwayError('InvalidArgument', `${place} is no evidence file of peerway parity`, {
    place,
    remedy: 'Give a file that a run has written.',
  });
}

const isSitting = (sitting: unknown): boolean => {
  const { startedAt, networks, probes } = (sitting ?? {}) as Partial<Sitting>;
  const isRecord = (record: Partial<ProbeRecord> | null): boolean =>
    typeof record?.name === 'string' && Array.isArray(record.exchanges) && typeof record.readings === 'object';
  return typeof startedAt === 'string' && Array.isArray(networks) && Array.isArray(probes) && probes.every(isRecord);
};

const isKitRecord = (record: unknown): boolean => {
  const { topic, case: name, outcome } = (record ?? {}) as Partial<KitRecord>;
  return (
    typeof topic === 'string' && typeof name === 'string' && /^(passed|failed|skipped|diverged)$/.test(String(outcome))
  );
};

/** Every reading of a file, the last one of a rule where a run was resumed. */
export function readingsOf(evidence: Evidence): ReadonlyMap<string, { readonly seen: Seen; readonly id: string }> {
  const found = new Map<string, { seen: Seen; id: string }>();
  for (const { probes } of evidence.sittings) {
    for (const { name, readings } of probes) {
      for (const [rule, seen] of Object.entries(readings)) found.set(rule, { seen, id: `${evidence.run}/${name}` });
    }
  }
  return found;
}
