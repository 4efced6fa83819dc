/**
 * Every error code the Baidu side can answer with, in the cloud's own form.
 *
 * Source: docs/facts/baidu.md 1.7 (common codes and VPC table of doc page VPC/s/sjwvyuhe7), 6.1 and 6.3 (codes met by vendor
 * clients), checked 2026-11. A status of a client-seen code is our convention: no source states one.
 */

import { WireError } from '../machine/wireError.js';

/** How a test or a user can provoke the code: by what it sends, by a rule switch, or by a planted fault. */
type Provocation = 'request' | 'rule' | 'fault';

interface BceErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly by: Provocation;
  /** `doc`: a vendor page lists code and status; `client`: only a vendor client names the code. */
  readonly source: 'doc' | 'client';
}

const entry = (
  status: number,
  by: Provocation,
  message: string,
  source: BceErrorEntry['source'] = 'doc',
): BceErrorEntry => ({ status, by, message, source });

export const BCE_ERRORS = {
  // common to all products
  AccessDenied: entry(403, 'request', 'Access denied.'),
  QualifyNotPass: entry(403, 'rule', 'The User has not pass qualify.'),
  OptInRequired: entry(403, 'rule', 'A subscription for the service is required.'),
  InappropriateJSON: entry(
    400,
    'request',
    'The JSON you provided was well-formed and valid, but not appropriate for this operation.',
  ),
  InternalError: entry(500, 'fault', 'We encountered an internal error. Please try again.'),
  InvalidAccessKeyId: entry(403, 'request', 'The Access Key ID you provided does not exist in our records.'),
  InvalidHTTPAuthHeader: entry(
    400,
    'request',
    'The HTTP authorization header is invalid. Consult the service documentation for details.',
  ),
  InvalidHTTPRequest: entry(400, 'request', 'There was an error in the body of your HTTP request.'),
  InvalidURI: entry(400, 'request', 'Could not parse the specified URI.'),
  InvalidVersion: entry(404, 'request', 'The API version specified was invalid.'),
  MalformedJSON: entry(400, 'request', 'The JSON you provided was not well-formed.'),
  PreconditionFailed: entry(412, 'fault', 'The specified If-Match header does not match the ETag header.'),
  RequestExpired: entry(400, 'request', 'Request has expired.'),
  IdempotentParameterMismatch: entry(
    403,
    'request',
    'The request uses the same client token as a previous, but non-identical request.',
  ),
  SignatureDoesNotMatch: entry(
    400,
    'request',
    'The request signature we calculated does not match the signature you provided. Check your Secret Access Key and signing method. Consult the service documentation for details.',
  ),
  // the VPC table
  BadRequest: entry(400, 'request', 'Bad request parameters or illegal request.'),
  NoSuchObject: entry(404, 'request', 'The specified object is not found or resource do not exist.'),
  ServiceInternalError: entry(500, 'fault', 'Service internal error occurred.'),
  LimitExceeded: entry(413, 'request', 'The limit has been exceeded.'),
  OperationDenied: entry(409, 'request', 'The operation is not available.'),
  CidrConflict: entry(409, 'request', 'The subnet cidr conflicts with other subnets.'),
  ResourceNeedRelease: entry(409, 'request', 'There are resources in the vpc that need to be released first.'),
  // met in vendor clients only
  RouteRuleRepeated: entry(409, 'request', 'The route rule already exists.', 'client'),
  RouteRuleExceedQuota: entry(413, 'rule', 'The number of route rules exceeds the quota.', 'client'),
  QuotaLimitExceeded: entry(413, 'rule', 'The quota has been exceeded.', 'client'),
  ExceedLimitException: entry(413, 'fault', 'The limit has been exceeded.', 'client'),
  RateLimit: entry(429, 'fault', 'The request rate exceeds the limit. Please try again later.', 'client'),
  RequestTimeTooSkewed: entry(
    403,
    'rule',
    "The difference between the request time and the server's time is too large.",
    'client',
  ),
  NotAllowDeleteVpc: entry(409, 'rule', 'The vpc is not allowed to be deleted.', 'client'),
  NotAllowOperateSubnet: entry(409, 'rule', 'The subnet is not allowed to be operated.', 'client'),
  SUBNET_INUSE: entry(409, 'rule', 'The subnet is in use.', 'client'),
  // what Terraform's provider takes for "not found" beside NoSuchObject
  ResourceNotFound: entry(404, 'fault', 'The resource does not exist.', 'client'),
  ResourceNotfound: entry(404, 'fault', 'The resource does not exist.', 'client'),
  ResourceNotFoundException: entry(404, 'fault', 'The resource does not exist.', 'client'),
  ResourceNotExist: entry(404, 'fault', 'The resource does not exist.', 'client'),
  InstanceNotFound: entry(404, 'fault', 'The resource does not exist.', 'client'),
  InstanceNotExist: entry(404, 'fault', 'The resource does not exist.', 'client'),
} as const satisfies Record<string, BceErrorEntry>;

export type BceErrorCode = keyof typeof BCE_ERRORS;

/** A refusal in the cloud's own words. `detail` replaces the table's message where the cloud would say what was wrong. */
export function bceError(code: BceErrorCode, detail?: string): WireError {
  const { status, message } = BCE_ERRORS[code];
  return new WireError(code, status, detail ?? message);
}
