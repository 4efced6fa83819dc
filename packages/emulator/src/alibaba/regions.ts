/** The regions of Alibaba Cloud (docs/facts/alibaba.md 2, vendor metadata of December 2025). */

export const ALIBABA_REGIONS: readonly string[] = [
  'cn-qingdao',
  'cn-beijing',
  'cn-zhangjiakou',
  'cn-huhehaote',
  'cn-wulanchabu',
  'cn-hangzhou',
  'cn-shanghai',
  'cn-nanjing',
  'cn-fuzhou',
  'cn-shenzhen',
  'cn-heyuan',
  'cn-guangzhou',
  'cn-chengdu',
  'cn-wuhan-lr',
  'cn-zhengzhou-jva',
  'cn-hongkong',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ap-south-1',
  'us-east-1',
  'us-west-1',
  'eu-west-1',
  'eu-central-1',
  'me-east-1',
  'me-central-1',
  'na-south-1',
  'cn-beijing-finance-1',
  'cn-shanghai-finance-1',
  'cn-shenzhen-finance-1',
  'cn-heyuan-acdr-1',
];

/** Mark at the head of Vpc ids of a region. Three are known from vendor documents; the rest are ours. */
const KNOWN_MARKS: Readonly<Record<string, string>> = {
  'cn-hangzhou': 'bp1',
  'cn-beijing': '2ze',
  'cn-qingdao': 'm5e',
};

export const isRegion = (region: string): boolean => ALIBABA_REGIONS.includes(region);

export function regionMark(region: string): string {
  const known = KNOWN_MARKS[region];
  if (known !== undefined) return known;
  const index = ALIBABA_REGIONS.indexOf(region);
  return `r${(index + 36).toString(36).slice(-2).padStart(2, '0')}`;
}

/** Mainland China, for the cross-border rules. */
const isMainland = (region: string): boolean => region.startsWith('cn-') && region !== 'cn-hongkong';

export const crossesBorder = (one: string, other: string): boolean => isMainland(one) !== isMainland(other);

/** Public and finance cloud do not peer (docs/facts/alibaba.md 5.1). */
export const violatesCompliance = (one: string, other: string): boolean =>
  one.includes('-finance-') !== other.includes('-finance-');
