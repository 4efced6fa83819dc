/** A server on a free port of this machine, with a file of tokens of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@peerway/core';
import { hashOf, newToken, serve, type RunService, type Serving, type Verb } from '@peerway/server';

export interface Granted {
  readonly stacks: readonly string[];
  readonly verbs: readonly Verb[];
  readonly expiresAt?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `{}` when it is no JSON. */
  readonly json: Json;
}

/** An answer is looked at member by member. */
export interface Json {
  readonly [member: string]: Json | undefined;
}

export const word = (json: Json | undefined): string => json as unknown as string;
export const listed = (json: Json | undefined): readonly Json[] => Object.values(json ?? {}).map((each) => each ?? {});

export class Served {
  readonly log: string[] = [];
  /** Every text that was answered, for those who look for what may not be there. */
  readonly heard: string[] = [];

  private constructor(
    private readonly folder: string,
    private readonly serving: Serving,
    readonly tokens: Readonly<Record<string, string>>,
    log: string[],
  ) {
    this.log = log;
  }

  static async start(
    service: RunService,
    grants: Readonly<Record<string, Granted>>,
    over: { readonly clock?: Clock; readonly behindProxy?: boolean } = {},
  ): Promise<Served> {
    const folder = mkdtempSync(join(tmpdir(), 'peerway-serve-'));
    const tokens = Object.fromEntries(Object.keys(grants).map((name) => [name, newToken()]));
    writeFileSync(join(folder, 'tokens.yaml'), tokenFile(grants, tokens));
    const log: string[] = [];
    const serving = await serve({
      service,
      tokens: 'tokens.yaml',
      cwd: folder,
      host: '127.0.0.1',
      port: 0,
      behindProxy: over.behindProxy ?? false,
      clock: over.clock ?? systemClock,
      version: '0.0.0',
      log: (line) => log.push(line),
    });
    return new Served(folder, serving, tokens, log);
  }

  get url(): string {
    return this.serving.url;
  }

  /** @param who whose token; undefined: without one */
  async ask(
    who: string | undefined,
    path: string,
    { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answered> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(who === undefined ? {} : { authorization: `Bearer ${this.tokens[who] ?? who}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    this.heard.push(text, JSON.stringify([...response.headers]));
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, text, json: isJson ? (JSON.parse(text) as Json) : {} };
  }

  writeTokens(text: string): void {
    writeFileSync(join(this.folder, 'tokens.yaml'), text);
  }

  async close(): Promise<void> {
    await this.serving.close();
    rmSync(this.folder, { recursive: true });
  }
}

export const tokenFile = (
  grants: Readonly<Record<string, Granted>>,
  tokens: Readonly<Record<string, string>>,
): string =>
  JSON.stringify({
    version: 1,
    tokens: Object.entries(grants).map(([name, { stacks, verbs, expiresAt }]) => ({
      name,
      sha256: hashOf(tokens[name] ?? '').toString('hex'),
      scopes: [{ stacks, verbs }],
      ...(expiresAt === undefined ? {} : { expiresAt }),
    })),
  });
