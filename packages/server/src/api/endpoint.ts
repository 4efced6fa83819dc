/** What an endpoint is: enough to serve it and to describe it, so that the two cannot differ. */
import { PeerwayError } from '@peerway/core';
import type { Caller, Verb } from '../access/scope.js';
import type { Class } from '../input/checked.js';
import { stackOfRun } from '../runs/answers.js';
import type { RunEvent, RunService } from '../runs/service.js';
import type { AnswerName } from './answers.js';
import type { Drawing } from './drawing.js';

/** A request that was let in. */
export interface Asked {
  readonly caller: Caller;
  /** By the name in the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Header names in lower case; one text each. */
  readonly header: (name: string) => string | undefined;
  /** Aborts when whoever asked has gone. */
  readonly gone: AbortController;
}

export type Answer =
  | {
      readonly status: number;
      /** Sent as JSON; absent for nothing. */
      readonly body?: object;
      readonly location?: string;
    }
  | { readonly svg: string }
  | { readonly events: AsyncIterable<RunEvent> };

/** What endpoints work with. */
export interface Backing {
  readonly service: RunService;
  readonly drawing: Drawing;
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As OpenAPI writes it, e.g. `/v1/runs/{run}`. */
  readonly path: string;
  /** Unique, for generated clients. */
  readonly id: string;
  readonly about: string;
  readonly detail?: string;
  /** What the token must be allowed for the stack. */
  readonly verbs: readonly [Verb, ...Verb[]];
  readonly query?: Class<object>;
  readonly headers?: readonly { readonly name: string; readonly about: string }[];
  /** Members `without` come from the path or a header. */
  readonly body?: { readonly type: Class<object>; readonly without: readonly string[] };
  /** What it answers when all is well, by status. */
  readonly answers: Readonly<Record<number, AnswerName>>;
  /** Refusals beyond those that every endpoint knows (400, 401, 404, 429, 503). */
  readonly refuses?: Readonly<Record<number, string>>;
  answer(asked: Asked, backing: Backing): Promise<Answer>;
}

const NO_STACK = 'There is no such stack, or the token does not show it';
const NO_RUN = 'There is no such run, or the token does not show it';
const REMEDY = 'Check the name, and the scopes of the token.';

/** A stack that the caller may not know of is answered as one that there is not. @throws PeerwayError `NotFound`, `PermissionDenied` */
export function requireScope(caller: Caller, verb: Verb, stack: string, message = NO_STACK): void {
  if (!caller.knows(stack)) throw new PeerwayError('NotFound', message, { remedy: REMEDY });
  if (caller.may(verb, stack)) return;
  throw new PeerwayError('PermissionDenied', `The token does not have the verb "${verb}" for this stack`, {
    remedy: `Use a token with it, or add "${verb}" to a scope of this one in the file of tokens.`,
  });
}

/** The stack of a run, which is the first part of its id. @throws PeerwayError as `requireScope` */
export function requireRunScope(caller: Caller, verb: Verb, run: string): void {
  requireScope(caller, verb, stackOfRun(run) ?? '', NO_RUN);
}

/** The service's own words for "not there" could tell it from "not shown". */
export const orHidden = async <T>(work: Promise<T>, what: 'stack' | 'run'): Promise<T> =>
  work.catch((thrown: unknown) => {
    if (thrown instanceof PeerwayError && thrown.code === 'NotFound')
      throw new PeerwayError('NotFound', what === 'stack' ? NO_STACK : NO_RUN, { remedy: REMEDY });
    throw thrown;
  });
