/** The file that says which tokens there are and what each may do. It holds hashes, so that nobody who reads it can use them. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsRFC3339, IsString, Matches } from 'class-validator';
import { PeerwayError, toPeerwayError, type Clock } from '@peerway/core';
import { readTextFile } from '@peerway/runtime';
import { parse } from 'yaml';
import { checked, type Whole } from '../input/checked.js';
import { Caller, VERBS, type Verb } from './scope.js';
import type { TokenEntry } from './token.js';

const MAX_BYTES = 1024 * 1024;
/** A changed file is noticed by the first request after so long. */
const LOOK_EVERY_MS = 1_000;

class ScopeEntry {
  @IsArray()
  @ArrayMinSize(1)
  @Matches(/^[a-z0-9*-]{1,63}$/, { each: true, message: 'each of stacks must be a name, or a pattern such as shop-*' })
  stacks!: string[];

  @IsArray()
  @ArrayMinSize(1)
  @IsIn(VERBS, { each: true })
  verbs!: Verb[];
}

class TokenLine {
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/, { message: 'name must be letters, digits and . _ @ -' })
  name!: string;

  @Matches(/^[0-9a-f]{64}$/, {
    message: 'sha256 must be the 64 hexadecimal digits that `peerway serve --new-token` prints, never the token itself',
  })
  sha256!: string;

  @IsOptional()
  @IsString()
  @IsRFC3339({ message: 'expiresAt must be an instant such as 2027-01-31T00:00:00Z' })
  expiresAt?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  scopes!: unknown[];
}

class TokenDocument {
  @IsIn([1])
  version!: 1;

  @IsArray()
  @ArrayMaxSize(10_000)
  tokens!: unknown[];
}

/** @param shown the file as the user names it. @throws PeerwayError `InvalidArgument` with the place of the first mistake; values are never quoted */
export function readTokens(text: string, shown: string): readonly TokenEntry[] {
  const { tokens } = checked(TokenDocument, yamlOf(text), {}, wholeAt(shown));
  const names = new Set<string>();
  const hashes = new Set<string>();
  return tokens.map((line, index) => {
    const place = `${shown}: tokens[${index}]`;
    const { name, sha256, expiresAt, scopes } = checked(TokenLine, line, {}, wholeAt(place));
    if (names.has(name) || hashes.has(sha256)) {
      throw new PeerwayError('InvalidArgument', 'The same name or hash stands here twice', {
        place,
        remedy: 'Give each token a name of its own, and each name a token of its own.',
      });
    }
    names.add(name);
    hashes.add(sha256);
    const read = scopes.map((scope, each) => checked(ScopeEntry, scope, {}, wholeAt(`${place}.scopes[${each}]`)));
    return {
      hash: Buffer.from(sha256, 'hex'),
      caller: new Caller(name, read),
      ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
    };
  });
}

const wholeAt = (place: string): Whole => ({
  place,
  remedy: 'Correct the file; the guide to the server shows one: docs/guides/server.md.',
});

function yamlOf(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, strict: true, logLevel: 'error' });
  } catch {
    return undefined; // its error quotes the line, and a token may stand in it
  }
}

/** The entries of the file as it is now. A file that has become wrong changes nothing, and is said to be wrong by `problem`. */
export class TokenFile {
  #entries: readonly TokenEntry[];
  #stamp: string;
  #lookedAt: number;
  #problem: PeerwayError | undefined;
  #looking: Promise<void> | undefined;

  private constructor(
    private readonly file: { readonly absolute: string; readonly shown: string },
    private readonly clock: Clock,
    read: { readonly entries: readonly TokenEntry[]; readonly stamp: string },
  ) {
    this.#entries = read.entries;
    this.#stamp = read.stamp;
    this.#lookedAt = clock.now();
  }

  /** @throws PeerwayError `NotFound`, `InvalidArgument` */
  static async open(shown: string, options: { readonly cwd: string; readonly clock: Clock }): Promise<TokenFile> {
    const file = { absolute: resolve(options.cwd, shown), shown };
    const stamp = await stampOf(file.absolute);
    return new TokenFile(file, options.clock, { entries: await entriesOf(file), stamp });
  }

  /** Why the file as it is now cannot be used; undefined while it can. */
  get problem(): PeerwayError | undefined {
    return this.#problem;
  }

  async entries(): Promise<readonly TokenEntry[]> {
    if (this.clock.now() - this.#lookedAt >= LOOK_EVERY_MS) {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
      await this.#looking;
    }
    return this.#entries;
  }

  async #look(): Promise<void> {
    this.#lookedAt = this.clock.now();
    try {
      const stamp = await stampOf(this.file.absolute);
      if (stamp === this.#stamp && this.#problem === undefined) return;
      this.#entries = await entriesOf(this.file);
      this.#stamp = stamp;
      this.#problem = undefined;
    } catch (thrown) {
      this.#problem = toPeerwayError(thrown);
    }
  }
}

const entriesOf = async ({ absolute, shown }: { absolute: string; shown: string }): Promise<readonly TokenEntry[]> =>
  readTokens(await readTextFile(absolute, { maxBytes: MAX_BYTES, shown, what: 'The file of tokens' }), shown);

/** Another one after every change; empty when there is no such file. */
async function stampOf(absolute: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(absolute).catch(() => ({ mtimeMs: 0, size: 0, ino: 0 }));
  return `${mtimeMs} ${size} ${ino}`;
}
