/** Serialises answers and errors, as JSON or XML (docs/facts/alibaba.md 1.7). */
import { randomUUID } from 'node:crypto';
import type { Exchange, WireResponse } from '../../machine/cloud.js';
import type { WireError } from '../../machine/wireError.js';
import type { AlibabaCall } from './request.js';

type Format = 'JSON' | 'XML';

const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  JSON: 'application/json;charset=utf-8',
  XML: 'text/xml;charset=utf-8',
};

/** Made anew in every process, so that no client can send it. */
const INTEGER_MARK = `integer-${randomUUID()}:`;
const INTEGERS = new RegExp(`"${INTEGER_MARK}(\\d+)"`, 'g');

/** An account id as the JSON integer that the cloud sends, exact beyond 2^53. */
export const exactInteger = (digits: string): string => (/^\d+$/.test(digits) ? INTEGER_MARK + digits : digits);

function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(INTEGER_MARK) ? text.replace(INTEGERS, '$1') : text;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function toXml(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((item) => toXml(name, item)).join('');
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([member, content]) => toXml(member, content));
    return `<${name}>${members.join('')}</${name}>`;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `<${name}>${escapeXml(text.startsWith(INTEGER_MARK) ? text.slice(INTEGER_MARK.length) : text)}</${name}>`;
}

function respond(status: number, format: Format, root: string, value: unknown, requestId: string): WireResponse {
  const body = format === 'JSON' ? toJson(value) : `<?xml version='1.0' encoding='UTF-8'?>${toXml(root, value)}`;
  return { status, headers: { 'content-type': CONTENT_TYPE[format], 'x-acs-request-id': requestId }, body };
}

function formatOf(exchange: Exchange<AlibabaCall>, fallback: Format): Format {
  const asked = exchange.parsed?.format;
  return asked === 'JSON' || asked === 'XML' ? asked : fallback;
}

export function answerOf(value: unknown, exchange: Exchange<AlibabaCall>, fallback: Format): WireResponse {
  const { requestId, parsed } = exchange;
  const members = typeof value === 'object' && value !== null ? value : {};
  const body = { RequestId: requestId, ...members };
  return respond(200, formatOf(exchange, fallback), `${parsed?.operation ?? ''}Response`, body, requestId);
}

export function errorOf(
  error: WireError,
  exchange: Exchange<AlibabaCall>,
  product: string,
  fallback: Format,
): WireResponse {
  const { requestId, request } = exchange;
  const body = {
    RequestId: requestId,
    HostId: request.headers['host'] ?? '',
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${error.code}&product=${product}&requestId=${requestId}`,
    ...error.extra,
  };
  return respond(error.status, formatOf(exchange, fallback), 'Error', body, requestId);
}
