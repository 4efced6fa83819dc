/** Reading a JSON body. Source: docs/facts/baidu.md 1.7, checked 2026-11. */
import type { WireRequest } from '../../machine/cloud.js';
import type { WireError } from '../../machine/wireError.js';
import { bceError } from '../errors.js';
import type { BaiduOperation } from '../describe/parameters.js';

interface Body {
  readonly members: Readonly<Record<string, unknown>>;
  /** What is wrong with it; to be said after authentication. */
  readonly problem: WireError | undefined;
}

const refused = (problem: WireError): Body => ({ members: {}, problem });

/** An operation without a body ignores whatever is sent; an empty one counts as `{}`, so that what is missing is named. */
export function readBody(request: WireRequest, operation: BaiduOperation): Body {
  if (operation.body === undefined || request.body.length === 0) return { members: {}, problem: undefined };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(request.body);
  } catch {
    return refused(bceError('InvalidHTTPRequest'));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(bceError('MalformedJSON'));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(bceError('InappropriateJSON'));
  return { members: value as Record<string, unknown>, problem: undefined };
}
