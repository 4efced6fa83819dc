/** Regions of Baidu AI Cloud's network products. Source: docs/facts/baidu.md 2 (vendor request schema, Terraform provider), checked 2026-11. */

export const BAIDU_REGIONS: ReadonlySet<string> = new Set([
  'bj',
  'gz',
  'su',
  'bd',
  'fwh',
  'hkg',
  'cd',
  'fsh',
  'sin',
  'yq',
  'nj',
]);

/** Regions with a listener of their own; any other one is reached through the Host header `bcc.{region}.baidubce.com`. */
export const BAIDU_LISTENERS = ['bj', 'gz'] as const;

const REGIONAL_HOST = /^bcc\.([a-z]+)\.baidubce\.com(?::\d+)?$/;

/** The region that a request is for: the one its Host names, else that of the listener that received it. */
export function regionOf(host: string, listener: string): string {
  const named = REGIONAL_HOST.exec(host)?.[1];
  return named !== undefined && BAIDU_REGIONS.has(named) ? named : listener;
}
