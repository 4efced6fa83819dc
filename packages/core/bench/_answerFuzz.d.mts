import type { IncomingMessage } from 'node:http';
import type { Call, ProviderDriver } from '@peerway/core';

export interface Scene {
  readonly name: string;
  /** Honest answers by the vendor's operation. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Operations that may change something. */
  readonly writes: readonly string[];
  /** Ids that are asked for. */
  readonly about?: readonly string[];
  readonly run: (driver: ProviderDriver, call: Call) => Promise<unknown>;
}

export interface FuzzResult {
  readonly seed: number;
  /** Lies of the enumeration. */
  readonly enumerated: number;
  /** Lies at random. */
  readonly inputs: number;
  readonly findings: readonly string[];
  readonly milliseconds: number;
  readonly peakMegabytes: number;
}

export interface Fuzz {
  readonly provider: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly operationOf: (request: IncomingMessage, body: string) => string;
  /** Default JSON. */
  readonly print?: (operation: string, body: unknown) => string;
  readonly wholes?: readonly string[];
  readonly mayLack?: readonly string[];
  readonly openDriver: (endpoint: string) => Promise<ProviderDriver>;
  readonly scenes: readonly Scene[];
}

export function dice(seed: number): (sides: number) => number;
export function fuzzAnswers(
  fuzz: Fuzz & { readonly seed: number; readonly inputs: number; readonly seconds?: number },
): Promise<FuzzResult>;
