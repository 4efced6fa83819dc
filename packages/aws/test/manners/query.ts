/** Requests and answers of EC2's query protocol, as the manners read and write them. */
import type { ProxiedAnswer, ProxiedRequest } from '@peerway/conformance';
import { print, type Element } from './xml.js';

/** Who asks, and where: by the credential scope of the signature. */
export interface Caller {
  readonly accessKeyId: string;
  /** Absent until the login has been looked at. */
  readonly account: string;
  readonly region: string;
  readonly service: string;
}

export const fieldsOf = ({ body }: ProxiedRequest): URLSearchParams => new URLSearchParams(body.toString());

/** Values of `Prefix.1…`, in order. */
export function listed(fields: URLSearchParams, prefix: string, suffix = ''): string[] {
  const found: string[] = [];
  for (let at = 1; ; at++) {
    const value = fields.get(`${prefix}.${at}${suffix}`);
    if (value === null) return found;
    found.push(value);
  }
}

/** Tags under `<prefix>Tag.1.Key`, `<prefix>Tag.1.Value`. */
export const tagsIn = (fields: URLSearchParams, prefix = ''): Record<string, string> =>
  Object.fromEntries(
    listed(fields, `${prefix}Tag`, '.Key').map((key, at) => [key, fields.get(`${prefix}Tag.${at + 1}.Value`) ?? '']),
  );

export const withFields = (request: ProxiedRequest, change: (fields: URLSearchParams) => void): ProxiedRequest => {
  const fields = fieldsOf(request);
  change(fields);
  return { ...request, body: Buffer.from(fields.toString()) };
};

/** Another request by the same caller: for one thing alone, by its id. */
export const asking = (request: ProxiedRequest, action: string, member: string, id: string): ProxiedRequest =>
  withFields(request, (fields) => {
    for (const name of [...fields.keys()]) if (name !== 'Version') fields.delete(name);
    fields.set('Action', action);
    fields.set(`${member}.1`, id);
  });

let numbers = 0;
const requestId = (): string => `proxy-${String(++numbers).padStart(8, '0')}`;

const XML = (): Readonly<Record<string, string>> => ({
  'content-type': 'text/xml;charset=UTF-8',
  'x-amzn-requestid': requestId(),
});

/** An error in the form of the service that was asked: STS wraps its own otherwise than EC2. */
export function refuse(request: ProxiedRequest, status: number, code: string, message: string): ProxiedAnswer {
  if (fieldsOf(request).get('Action') !== 'GetCallerIdentity') return refusal(status, code, message);
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${requestId()}</RequestId></ErrorResponse>`;
  return { status, headers: XML(), body };
}

/** An error in EC2's own form. */
export const refusal = (status: number, code: string, message: string): ProxiedAnswer => ({
  status,
  headers: XML(),
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>${requestId()}</RequestID></Response>`,
});

export const answerOf = (root: Element): ProxiedAnswer => ({ status: 200, headers: XML(), body: print(root) });

/** `<return>true</return>`: all that many changes answer. */
export const done = (action: string): ProxiedAnswer => ({
  status: 200,
  headers: XML(),
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${requestId()}</requestId><return>true</return></${action}Response>`,
});
