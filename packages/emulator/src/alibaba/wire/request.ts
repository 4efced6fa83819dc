/** Reads an RPC request: product, action and structured parameters, wherever in the request they were placed. */
import type { ParsedCall, WireRequest } from '../../machine/cloud.js';
import { decodePairs } from './percentEncoding.js';
import { refusal } from '../errors.js';

export interface AlibabaCall extends ParsedCall {
  readonly version: string;
  /** 'JSON' or 'XML' in upper case; '' when the request does not say. */
  readonly format: string;
  /** All parameters of query and form, flat, as signed. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parameters of the protocol, not of the operation (docs/facts/alibaba.md 1.3). */
const PROTOCOL = new Set([
  'Action',
  'Version',
  'Format',
  'AccessKeyId',
  'Signature',
  'SignatureMethod',
  'SignatureVersion',
  'SignatureNonce',
  // the Python SDK sends it empty
  'SignatureType',
  'Timestamp',
  'SecurityToken',
  'BearerToken',
]);

/** More than any client sends; a guard against hostile requests. */
const MOST_PARAMETERS = 2_000;
const DEEPEST = 5;

export function parseRequest(request: WireRequest): AlibabaCall {
  if (request.method !== 'GET' && request.method !== 'POST') throw refusal('UnsupportedHTTPMethod');
  const type = request.headers['content-type'] ?? '';
  const form = request.body.length > 0 && !type.startsWith('application/json') ? request.body.toString('utf8') : '';
  const pairs = [...decodePairs(request.query), ...decodePairs(form)];
  if (pairs.length > MOST_PARAMETERS) throw refusal('InvalidParameter', 'the number of parameters');
  const parameters = new Map(pairs);
  const viaHeaders = request.headers['x-acs-action'] !== undefined && !parameters.has('Action');
  const operation = (viaHeaders ? request.headers['x-acs-action'] : parameters.get('Action')) ?? '';
  const version = (viaHeaders ? request.headers['x-acs-version'] : parameters.get('Version')) ?? '';
  const accept = viaHeaders ? 'JSON' : '';
  return {
    operation,
    version,
    format: parameters.get('Format')?.toUpperCase() ?? accept,
    region: parameters.get('RegionId') === '' ? undefined : parameters.get('RegionId'),
    parameters,
    input: structure([...parameters].filter(([name]) => !PROTOCOL.has(name))),
  };
}

type Node = Map<string, Node | string>;

/** Turns `Tag.1.Key=a` into `{ Tag: [{ Key: 'a' }] }`. Indices only order the items; gaps close. */
function structure(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, unknown>> {
  const root: Node = new Map();
  for (const [name, value] of pairs) {
    const path = name.split('.');
    const wellFormed = path.length <= DEEPEST && path.every((part) => part !== '');
    if (!wellFormed || !place(root, path, value)) root.set(name, value);
  }
  return plain(root) as Readonly<Record<string, unknown>>;
}

/** False when the path collides with a value that is already there. */
function place(root: Node, path: readonly string[], value: string): boolean {
  let node = root;
  for (const part of path.slice(0, -1)) {
    const next = node.get(part) ?? new Map<string, Node | string>();
    if (typeof next === 'string') return false;
    node.set(part, next);
    node = next;
  }
  const last = path[path.length - 1] ?? '';
  if (node.get(last) instanceof Map) return false;
  node.set(last, value);
  return true;
}

function plain(node: Node | string): unknown {
  if (typeof node === 'string') return node;
  const keys = [...node.keys()];
  if (keys.length > 0 && keys.every((key) => /^\d{1,4}$/.test(key))) {
    return keys.sort((a, b) => Number(a) - Number(b)).map((key) => plain(node.get(key) ?? ''));
  }
  return Object.fromEntries(keys.map((key) => [key, plain(node.get(key) ?? '')]));
}
