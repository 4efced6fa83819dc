/** Ready-to-paste settings that point each vendor client at a running emulator. docs/emulator.md says which of them tests run. */
import { DEFAULT_WORLD } from './defaultWorld.js';
import type { WorldAccount } from './defaultWorld.js';
import type { Emulator } from './emulator.js';

/**
 * Every service that the resources of these clouds' networks call, by the name that the provider's `endpoints` block has for
 * it. A service that is left out is asked at the real cloud, signed, over plain http: seen with terraform-provider-alicloud
 * 1.289 (`alicloud_router_interface` reads regions from ecs) and terraform-provider-baiducloud 1.23.5.
 */
const ALICLOUD_ENDPOINTS = ['vpc', 'vpcpeer', 'ecs', 'sts', 'resourcemanager'] as const;
const BAIDUCLOUD_ENDPOINTS = ['vpc', 'et_gateway'] as const;

export interface ClientSettings {
  /** As one asks for it: 'typescript', 'terraform', ... */
  readonly client: string;
  readonly title: string;
  readonly text: string;
}

/** Where the emulator is, and whose keys the settings use: account a of the default world, in its first region. */
interface Place {
  readonly alibaba: WorldAccount & { readonly region: string };
  readonly baidu: WorldAccount & { readonly region: string };
  readonly url: string;
  /** `url` without its scheme. */
  readonly host: string;
  readonly bceUrl: string;
}

/** Settings for every client, with account a of the default world and its first region on each cloud. */
export function clientSettings(emulator: Pick<Emulator, 'alibaba' | 'baidu'>): readonly ClientSettings[] {
  const alibaba = { ...DEFAULT_WORLD.alibaba.accounts.a, region: DEFAULT_WORLD.alibaba.regions[0] };
  const baidu = { ...DEFAULT_WORLD.baidu.accounts.a, region: DEFAULT_WORLD.baidu.regions[0] };
  const url = emulator.alibaba.endpoint;
  const bceUrl = emulator.baidu.endpoint(baidu.region);
  const host = url.slice('http://'.length);
  const place: Place = { alibaba, baidu, url, host, bceUrl };
  return CLIENTS.map(({ client, title, lines }) => ({ client, title, text: lines(place).join('\n') }));
}

const CLIENTS: readonly (Omit<ClientSettings, 'text'> & { readonly lines: (place: Place) => readonly string[] })[] = [
  {
    client: 'typescript',
    title: 'TypeScript: @alicloud/pop-core, @alicloud/openapi-client, @baiducloud/sdk',
    lines: ({ alibaba, baidu, url, host, bceUrl }) => [
      `new RPCClient({ endpoint: '${url}', apiVersion: '2016-04-28',`,
      `  accessKeyId: '${alibaba.accessKeyId}', accessKeySecret: '${alibaba.accessKeySecret}' });`,
      `new OpenApi.Config({ endpoint: '${host}', protocol: 'HTTP', regionId: '${alibaba.region}',`,
      `  accessKeyId: '${alibaba.accessKeyId}', accessKeySecret: '${alibaba.accessKeySecret}' });`,
      `new BceBaseClient({ endpoint: '${bceUrl}',`,
      `  credentials: { ak: '${baidu.accessKeyId}', sk: '${baidu.accessKeySecret}' } }, 'vpc', true);`,
    ],
  },
  {
    client: 'python',
    title: 'Python: aliyun-python-sdk-core, alibabacloud-vpc20160428, bce-python-sdk',
    lines: ({ alibaba, baidu, host, bceUrl }) => [
      `AcsClient('${alibaba.accessKeyId}', '${alibaba.accessKeySecret}', '${alibaba.region}')`,
      `request.set_endpoint('${host}'); request.set_protocol_type('http')   # on each request`,
      `Config(access_key_id='${alibaba.accessKeyId}', access_key_secret='${alibaba.accessKeySecret}',`,
      `       region_id='${alibaba.region}', endpoint='${host}', protocol='http')`,
      `BceClientConfiguration(BceCredentials('${baidu.accessKeyId}', '${baidu.accessKeySecret}'), '${bceUrl}')`,
    ],
  },
  {
    client: 'go',
    title: 'Go: alibabacloud-go, bce-sdk-go',
    lines: ({ alibaba, baidu, host, bceUrl }) => [
      `&openapi.Config{Endpoint: tea.String("${host}"), Protocol: tea.String("http"), RegionId: tea.String("${alibaba.region}"),`,
      `  AccessKeyId: tea.String("${alibaba.accessKeyId}"), AccessKeySecret: tea.String("${alibaba.accessKeySecret}")}`,
      `vpc.NewClient("${baidu.accessKeyId}", "${baidu.accessKeySecret}", "${bceUrl}")`,
    ],
  },
  {
    client: 'terraform',
    title: 'Terraform and OpenTofu',
    lines: ({ alibaba, baidu, host, bceUrl }) => [
      'provider "alicloud" {',
      `  region     = "${alibaba.region}"`,
      `  access_key = "${alibaba.accessKeyId}"`,
      `  secret_key = "${alibaba.accessKeySecret}"`,
      '  protocol   = "HTTP"',
      // told, they need not be asked of services that are not here
      '  account_type = "Domestic"',
      `  account_id   = "${alibaba.id}"`,
      '  endpoints {',
      ...ALICLOUD_ENDPOINTS.map((product) => `    ${product.padEnd(15)} = "${host}"`),
      '  }',
      '}',
      'provider "baiducloud" {',
      `  region     = "${baidu.region}"`,
      `  access_key = "${baidu.accessKeyId}"`,
      `  secret_key = "${baidu.accessKeySecret}"`,
      '  endpoints {',
      ...BAIDUCLOUD_ENDPOINTS.map((product) => `    ${product.padEnd(10)} = "${bceUrl}"`),
      '  }',
      '}',
    ],
  },
  {
    client: 'aliyun',
    title: 'aliyun CLI',
    lines: ({ alibaba, host }) => [
      `aliyun configure set --profile emulator --mode AK --region ${alibaba.region} \\`,
      `  --access-key-id ${alibaba.accessKeyId} --access-key-secret ${alibaba.accessKeySecret}`,
      // without --insecure the command asks over https where its list of operations says so (aliyun-cli, openapi/rpc.go)
      `aliyun --profile emulator --insecure --endpoint ${host} vpc DescribeVpcs --RegionId ${alibaba.region}`,
    ],
  },
  {
    client: 'bce',
    title: 'bce CLI: ~/.bce/config.json',
    lines: ({ baidu, bceUrl }) => [
      JSON.stringify({
        current: 'emulator',
        profiles: [
          {
            name: 'emulator',
            mode: 'AK',
            access_key_id: baidu.accessKeyId,
            secret_access_key: baidu.accessKeySecret,
            region: baidu.region,
            endpoint: bceUrl,
          },
        ],
      }),
    ],
  },
];
