/** The settings that we print keep every request of their client on loopback. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runInThisContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { clientSettings, DEFAULT_WORLD, Emulator } from '@peerway/emulator';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 3, clock: 'real' });
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(emulator.crashes).toEqual([]);
});
afterAll(() => emulator.close());

const textOf = (client: string): string => {
  const found = clientSettings(emulator).find((one) => one.client === client);
  if (found === undefined) throw new Error(`no settings for ${client}`);
  return found.text;
};

/** What each Terraform resource calls, by the name in the provider's `endpoints` block; seen by running them (November 2026). */
const TERRAFORM_CALLS: Readonly<Record<string, readonly string[]>> = {
  alicloud_vpc: ['vpc'],
  alicloud_vswitch: ['vpc'],
  alicloud_route_table: ['vpc'],
  alicloud_route_table_attachment: ['vpc'],
  alicloud_route_entry: ['vpc'],
  alicloud_vpc_peer_connection: ['vpcpeer'],
  alicloud_vpc_peer_connection_accepter: ['vpcpeer'],
  alicloud_router_interface: ['vpc', 'ecs'],
  alicloud_router_interface_connection: ['vpc'],
  alicloud_express_connect_virtual_border_router: ['vpc'],
  alicloud_resource_manager_resource_groups: ['resourcemanager'],
  alicloud_caller_identity: ['sts'],
  baiducloud_vpc: ['vpc'],
  baiducloud_subnet: ['vpc'],
  baiducloud_peer_conn: ['vpc'],
  baiducloud_peer_conn_acceptor: ['vpc'],
  baiducloud_route_rule: ['vpc'],
  baiducloud_et_gateway: ['et_gateway'],
  baiducloud_et_gateway_association: ['et_gateway'],
};

/** The endpoints of one provider block, by service. */
function endpointsOf(provider: 'alicloud' | 'baiducloud'): ReadonlyMap<string, string> {
  const block = new RegExp(`provider "${provider}" \\{[\\s\\S]*?endpoints \\{([\\s\\S]*?)\\}`).exec(
    textOf('terraform'),
  );
  const lines = [...(block?.[1] ?? '').matchAll(/(\w+)\s*=\s*"([^"]+)"/g)];
  return new Map(lines.map(([, service, address]) => [service ?? '', address ?? '']));
}

describe('settings', () => {
  it('name no address but loopback', () => {
    for (const { client, text } of clientSettings(emulator)) {
      const hosts = [...text.matchAll(/(?:https?:\/\/)?([\w.-]+):\d{2,5}\b/g)].map(([, host]) => host);
      expect([client, new Set(hosts)]).toEqual([client, new Set(['127.0.0.1'])]);
      expect(text).not.toMatch(/aliyuncs|baidubce|bcebos/);
    }
    // else it would ask over https (aliyun-cli, openapi/rpc.go)
    expect(textOf('aliyun')).toContain('--insecure');
  });

  it('of Terraform have an endpoint for every service that a resource calls, and answer what the provider would ask elsewhere', () => {
    for (const [resource, services] of Object.entries(TERRAFORM_CALLS)) {
      const endpoints = endpointsOf(resource.startsWith('alicloud_') ? 'alicloud' : 'baiducloud');
      for (const service of services)
        expect([resource, service, endpoints.get(service) ?? 'the real cloud']).toEqual([
          resource,
          service,
          expect.stringMatching(/^(http:\/\/)?127\.0\.0\.1:\d+$/),
        ]);
    }
    // else the provider asks business and sts for them while it is configured
    expect(textOf('terraform')).toContain('account_type = "Domestic"');
    expect(textOf('terraform')).toContain(`account_id   = "${DEFAULT_WORLD.alibaba.accounts.a.id}"`);
  });

  it('of TypeScript, run as they are printed, open connections to loopback alone', async () => {
    const require = createRequire(import.meta.url);
    const { RPCClient } = require('@alicloud/pop-core') as { RPCClient: unknown };
    const OpenApi = require('@alicloud/openapi-client') as {
      Config: unknown;
      default: new (config: unknown) => OpenApiClient;
    };
    const { BceBaseClient } = require('@baiducloud/sdk') as { BceBaseClient: unknown };
    const hosts = new Set<string>();
    const connect = Socket.prototype.connect;
    jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...options: unknown[]) {
      const [first] = options.flat() as { readonly host?: string }[];
      hosts.add(first?.host ?? 'unknown');
      return Reflect.apply(connect, this, options) as Socket;
    });
    const printed = textOf('typescript').replaceAll(/;\s*(?=new |$)/g, ',');
    const run = runInThisContext(`(RPCClient, OpenApi, BceBaseClient) => [${printed}]`) as (
      ...names: unknown[]
    ) => readonly [PopCore, unknown, BceClient];
    const [pop, config, bce] = run(RPCClient, OpenApi, BceBaseClient);
    const RegionId = DEFAULT_WORLD.alibaba.regions[0];
    expect(await pop.request('DescribeVpcs', { RegionId }, { method: 'POST' })).toMatchObject({ PageNumber: 1 });
    const openApi = new OpenApi.default(config);
    const answer = await openApi.callApi(
      {
        action: 'DescribeVpcs', version: '2016-04-28', protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC',
        reqBodyType: 'json', bodyType: 'json',
      },
      { query: { RegionId } },
      {},
    ); // prettier-ignore
    expect(answer).toMatchObject({ body: { PageNumber: 1 } });
    expect(await bce.sendRequest('GET', '/v1/vpc', { params: {} })).toMatchObject({ body: { maxKeys: 1_000 } });
    expect([...hosts]).toEqual(['127.0.0.1']);
  });
});

const PYTHON = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const DRIVER = fileURLToPath(new URL('python/settings_witness.py', import.meta.url));
const installed = existsSync(PYTHON);
if (!installed) process.stderr.write('skipped: settings of Python: no .venv, run scripts/python-venv.sh first\n');

(installed ? describe : describe.skip)('settings of Python', () => {
  it('run as they are printed, ask for no host but loopback', async () => {
    const { stdout } = await promisify(execFile)(PYTHON, ['-W', 'ignore', DRIVER, textOf('python')]);
    expect(JSON.parse(stdout)).toEqual({ hosts: ['127.0.0.1'], answers: [1, 1, 1_000] });
  }, 30_000);
});

interface PopCore {
  request(action: string, params: object, options: object): Promise<unknown>;
}
interface OpenApiClient {
  callApi(params: object, request: object, runtime: object): Promise<unknown>;
}
interface BceClient {
  sendRequest(method: string, path: string, options: object): Promise<unknown>;
}
