/** Types of `_signers.mjs`, for the tests. */
interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}
export function alibabaRequest(
  key: Key,
  version: string,
  action: string,
  params: Readonly<Record<string, unknown>>,
  options?: { readonly at?: number; readonly form?: boolean },
): SignedRequest;
export function baiduRequest(
  key: Key,
  host: string,
  method: string,
  path: string,
  options?: { readonly query?: Readonly<Record<string, string>>; readonly body?: unknown; readonly at?: number },
): SignedRequest;
export function bytesOf(request: SignedRequest, host: string): Buffer;
