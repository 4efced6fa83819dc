/** Where each region answers. Source: docs/facts/baidu.md 2 (vendor's API metadata and Terraform list), checked 2026-11. */
import { PeerwayError, type RegionId } from '@peerway/core';
import { PROVIDER } from './errors.js';

/**
 * VPC, subnet, route, peerconn, etGateway and ET calls all go to the BCC host; a `vpc.*` host does not exist, although
 * the vendor's JavaScript SDK builds one.
 */
const HOST = (region: string): string => `https://bcc.${region}.baidubce.com`;

export const BAIDU_REGIONS: Readonly<Record<string, string>> = {
  bj: 'Beijing',
  gz: 'Guangzhou',
  su: 'Suzhou',
  bd: 'Baoding',
  fwh: 'Wuhan (finance)',
  hkg: 'Hong Kong',
  cd: 'Chengdu',
  fsh: 'Shanghai (finance)',
  sin: 'Singapore',
  yq: 'Yangquan',
  nj: 'Nanjing',
};

/**
 * Address of a region, without a trailing slash.
 * @param isNew the user says that the list is older than the region
 * @throws PeerwayError `InvalidArgument` for a region that is not in the list otherwise, and has no `endpoint` of its own
 */
export function endpointOf(region: RegionId, override: string | undefined, isNew = false): string {
  if (override !== undefined) return override;
  if (isNew || Object.hasOwn(BAIDU_REGIONS, region)) return HOST(region);
  throw new PeerwayError(
    'InvalidArgument',
    `Baidu AI Cloud has no region ${JSON.stringify(region)} that is known here`,
    {
      provider: PROVIDER,
      remedy: `Choose one of ${Object.keys(BAIDU_REGIONS).join(', ')}, or set newRegion: true for a newer one.`,
    },
  );
}
