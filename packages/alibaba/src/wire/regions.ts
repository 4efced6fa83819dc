/** Where the two products live (docs/facts/alibaba.md 2, vendor metadata M25 of December 2025, checked 2026-11). */

export type Product = 'Vpc' | 'VpcPeer';

export const API_VERSIONS: Record<Product, string> = { Vpc: '2016-04-28', VpcPeer: '2022-01-01' };

/** Regions that the metadata gives a Vpc host. A region missing here (a new one) still gets the same form of host name. */
export const REGIONS: readonly string[] = [
  ...['cn-qingdao', 'cn-beijing', 'cn-zhangjiakou', 'cn-huhehaote', 'cn-wulanchabu', 'cn-hangzhou', 'cn-shanghai'],
  ...[
    'cn-nanjing',
    'cn-fuzhou',
    'cn-shenzhen',
    'cn-heyuan',
    'cn-guangzhou',
    'cn-chengdu',
    'cn-wuhan-lr',
    'cn-zhengzhou-jva',
  ],
  ...['cn-hongkong', 'ap-northeast-1', 'ap-northeast-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'],
  ...[
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ap-south-1',
    'us-east-1',
    'us-west-1',
    'eu-west-1',
    'eu-central-1',
  ],
  ...['me-east-1', 'me-central-1', 'na-south-1'],
  ...['cn-beijing-finance-1', 'cn-shanghai-finance-1', 'cn-shenzhen-finance-1', 'cn-heyuan-acdr-1'],
];

/** `finance`: a cloud of its own. `mainland` and `outside`: on two sides of a border (docs/facts/alibaba.md 5.1, 11.3). */
export type Zone = 'mainland' | 'outside' | 'finance';

const zoneOf = (region: string): Zone =>
  region.includes('-finance-')
    ? 'finance'
    : region.startsWith('cn-') && region !== 'cn-hongkong'
      ? 'mainland'
      : 'outside';

export const ZONES: Readonly<Record<string, Zone>> = Object.fromEntries(
  REGIONS.map((region) => [region, zoneOf(region)]),
);

/**
 * VpcPeer has one central host for all regions; a regional one was a real defect of the Terraform provider (its PR #5472).
 * @param override one address for both products, e.g. an emulator's
 */
export function endpointOf(product: Product, region: string, override?: string): string {
  if (override !== undefined) return override;
  return product === 'VpcPeer' ? 'https://vpcpeer.aliyuncs.com' : `https://vpc.${region}.aliyuncs.com`;
}
