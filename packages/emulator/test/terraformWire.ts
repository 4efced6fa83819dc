/** How the replays of the Terraform providers send, and where they find what they use: a signer of the tests' own. */
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { SignedRequest } from '../bench/_signers.mjs';

export type Body = Record<string, unknown>;
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Body;
  /** The error code; undefined for a success. */
  readonly code: unknown;
}

export async function send(endpoint: string, { method, path, headers, body }: SignedRequest): Promise<Answer> {
  const content = method === 'GET' || body.length === 0 ? {} : { body };
  const { host: _, ...rest } = headers;
  const response = await fetch(`${endpoint}${path}`, { method, headers: rest, ...content });
  const text = await response.text();
  const parsed = (text === '' ? {} : JSON.parse(text)) as Body;
  return {
    status: response.status,
    text,
    body: parsed,
    code: response.ok ? undefined : (parsed['Code'] ?? parsed['code']),
  };
}

/** A member deep inside an answer. */
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Body | undefined)?.[name], value);

export const nameOf = (cloud: 'alibaba' | 'baidu', account: 'a' | 'b', region: string, which: string) => {
  const found = DEFAULT_WORLD[cloud].networks.find(
    (one) => one.account === account && one.region === region && one.name.startsWith(`${which}-`),
  );
  if (found === undefined) throw new Error(`no ${which}`);
  return found;
};
