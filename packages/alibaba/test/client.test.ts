/** The wire behaviour of the client, against a server that knows nothing of the cloud: what is sent, and what each kind of answer becomes. */
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  accountId,
  networkId,
  parseCidr,
  peeringId,
  PeerwayError,
  Redactor,
  regionId,
  routeTableId,
  systemClock,
  VirtualClock,
} from '@peerway/core';
import { alibabaRpc, REGIONS } from '@peerway/alibaba';
import { FakeCloud, providerAt, SECRET, START, TOKEN, type Reply, type Seen } from './fakeCloud.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function cloudWith(answer: (request: Seen, index: number) => Reply, more: Parameters<typeof providerAt>[1] = {}) {
  const cloud = await FakeCloud.start(answer);
  const made = await providerAt(cloud.endpoint, more);
  open.push(cloud, made.provider);
  return { cloud, ...made };
}

const rpcOf = (provider: Awaited<ReturnType<typeof providerAt>>['provider']) => {
  const rpc = provider.native(alibabaRpc);
  if (rpc === undefined) throw new Error('no rpc');
  return rpc;
};

const failing = async (work: Promise<unknown>): Promise<PeerwayError> => {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(PeerwayError);
    return error as PeerwayError;
  }
  throw new Error('it did not fail');
};

const ok = { RequestId: 'R-1' };
const vpc = (id: string) => ({
  VpcId: id,
  Status: 'Available',
  CidrBlock: '10.0.0.0/16',
  OwnerId: '@@253460731706911258@@',
  VRouterId: 'vrt-1',
});
/** JSON with integers that JavaScript cannot write. */
const exact = (body: object): string => JSON.stringify(body).replace(/"@@(\d+)@@"/g, '$1');

describe('what is sent', () => {
  it('is an upper-case POST to / with everything in the body, fresh options on every call, and our own time', async () => {
    const { cloud, provider } = await cloudWith(() => ({ body: { ...ok, Vpcs: { Vpc: [] } } }));
    for (let i = 0; i < 3; i++) await provider.networks.getMany([networkId('vpc-1')]);
    for (const request of cloud.seen) {
      expect([request.method, request.url]).toEqual(['POST', '/']);
      expect(request.parameters).toMatchObject({
        Action: 'DescribeVpcs',
        Version: '2016-04-28',
        RegionId: 'cn-hangzhou',
        VpcId: 'vpc-1',
        Timestamp: '2026-11-20T10:00:00Z',
        SecurityToken: TOKEN,
      });
    }
    expect(new Set(cloud.seen.map((request) => request.parameters['SignatureNonce'])).size).toBe(3);
  });

  it('keeps the ClientToken and changes the nonce over the retries of one creation', async () => {
    const { cloud, provider } = await cloudWith((_request, index) =>
      index < 3
        ? { status: 400, body: { RequestId: 'R', Code: 'Throttling.User', Message: 'slow down' } }
        : { body: { ...ok, InstanceId: 'pcc-1' } },
    );
    const id = await provider.peerings.request({
      initiator: networkId('vpc-1'),
      acceptor: {
        account: accountId('253460731706911258'),
        region: regionId('cn-beijing'),
        network: networkId('vpc-2'),
      },
      bandwidthMbps: 100,
      tags: { team: 'net ops', empty: '' },
    });
    expect(id).toBe('pcc-1');
    expect(cloud.actions).toEqual(Array(4).fill('CreateVpcPeerConnection'));
    const values = (name: string) => new Set(cloud.seen.map((request) => request.parameters[name]));
    expect(values('ClientToken').size).toBe(1);
    expect(values('SignatureNonce').size).toBe(4);
    expect(values('AcceptingAliUid')).toEqual(new Set(['253460731706911258']));
    expect(cloud.seen[0]?.parameters).toMatchObject({
      Version: '2022-01-01',
      Bandwidth: '100',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'net ops',
      'Tag.2.Key': 'empty',
      'Tag.2.Value': '',
    });
  });

  it('never holds the texts undefined, null or [object Object]', async () => {
    const { cloud, provider } = await cloudWith(() => ({
      body: { ...ok, RouterInterfaceSet: { RouterInterfaceType: [] } },
    }));
    const rpc = rpcOf(provider);
    await rpc.vpc('DescribeRouterInterfaces', {
      RegionId: 'cn-hangzhou',
      Filter: [{ Key: 'Status', Value: ['Active', 'Idle'] }],
      ...({ Name: undefined, Other: null, Tags: [{ Key: 'k', Value: undefined }] } as object),
    });
    expect(cloud.seen[0]?.body).not.toMatch(/undefined|null|object/);
    expect(cloud.seen[0]?.parameters).toMatchObject({
      'Filter.1.Key': 'Status',
      'Filter.1.Value.1': 'Active',
      'Filter.1.Value.2': 'Idle',
      'Tags.1.Key': 'k',
    });
    const nested = { RegionId: 'x', Nested: { a: 1 } } as unknown as { RegionId: string };
    expect((await failing(rpc.vpc('DescribeVpcs', nested))).code).toBe('InvalidArgument');
    expect(cloud.seen).toHaveLength(1);
  });

  it('goes to the documented hosts over https unless an endpoint is given', async () => {
    const { endpointOf } = await import('../src/wire/regions.js');
    for (const region of REGIONS) expect(endpointOf('Vpc', region)).toBe(`https://vpc.${region}.aliyuncs.com`);
    expect(endpointOf('VpcPeer', 'cn-hangzhou')).toBe('https://vpcpeer.aliyuncs.com');
    expect(endpointOf('VpcPeer', 'cn-hangzhou', 'http://127.0.0.1:1')).toBe('http://127.0.0.1:1');
    expect(REGIONS).toHaveLength(36);
  });

  it('does not go out in a read-only call', async () => {
    const { cloud, provider } = await cloudWith(() => ({ body: ok }), { readOnly: true });
    expect((await failing(provider.peerings.accept(peeringId('pcc-1')))).code).toBe('FailedPrecondition');
    expect(cloud.seen).toHaveLength(0);
  });
});

describe('what an answer becomes', () => {
  it('account ids beyond 2^53 stay exact texts', async () => {
    const { provider } = await cloudWith(() => ({ body: exact({ ...ok, Vpcs: { Vpc: [vpc('vpc-1')] } }) }));
    const network = await provider.networks.get(networkId('vpc-1'));
    expect(network.account).toBe('253460731706911258');
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  });

  it('a good answer may carry a Code', async () => {
    const { provider } = await cloudWith(() => ({
      body: { ...ok, Code: '200', Message: 'successful', Success: true, RouterInterfaceId: 'ri-1', Status: 'Idle' },
    }));
    const answer = await rpcOf(provider).vpc('DescribeRouterInterfaceAttribute', { RegionId: 'x', InstanceId: 'ri-1' });
    expect(answer.RouterInterfaceId).toBe('ri-1');
    expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
  });

  it('a status of 500 without a Code is an error, and of unknown outcome for a write', async () => {
    const { provider } = await cloudWith(() => ({ status: 500, body: { RequestId: 'R' } }));
    const rpc = rpcOf(provider);
    const write = await failing(rpc.vpcPeer('DeleteVpcPeerConnection', { InstanceId: 'pcc-1' }));
    expect([write.code, write.details.outcome, write.details.httpStatus]).toEqual(['Unavailable', 'unknown', 500]);
    expect(write.details).not.toHaveProperty('nativeCode');
    expect(write.message).toContain('HTTP 500');
    const read = await failing(rpc.vpcPeer('GetVpcPeerConnectionAttribute', { InstanceId: 'pcc-1' }));
    expect([read.code, read.details.outcome]).toEqual(['Unavailable', undefined]);
  });

  it.each([
    ['an HTML page', '<html>502</html>'],
    ['an empty body', ''],
    ['a JSON list', '[]'],
  ])('%s is Unavailable, of unknown outcome for a write', async (_name, body) => {
    const { provider } = await cloudWith(() => ({ status: 502, body }));
    const rpc = rpcOf(provider);
    const write = await failing(rpc.vpc('DeleteRouteEntry', { RouteEntryId: 'rte-1' }));
    expect([write.code, write.details.outcome]).toEqual(['Unavailable', 'unknown']);
    const read = await failing(rpc.vpc('DescribeVpcs', { RegionId: 'x' }));
    expect([read.code, read.details.outcome]).toEqual(['Unavailable', undefined]);
  });

  it('a cut connection leaves a write in doubt; a refused one does not', async () => {
    const { cloud, provider } = await cloudWith(() => ({ body: 'cut' }));
    const cut = await failing(rpcOf(provider).vpc('DeleteRouteEntry', { RouteEntryId: 'rte-1' }));
    expect([cut.code, cut.details.outcome]).toEqual(['Unavailable', 'unknown']);
    await cloud.close();
    const refused = await failing(rpcOf(provider).vpc('DeleteRouteEntry', { RouteEntryId: 'rte-1' }));
    expect([refused.code, refused.details.outcome]).toEqual(['Unavailable', undefined]);
  });

  it('no answer in time is Unavailable by our own limit', async () => {
    const { provider } = await cloudWith(() => ({ body: 'never' }), {
      options: { requestTimeoutMs: 120 },
      clock: systemClock,
    });
    const error = await failing(rpcOf(provider).vpc('DeleteRouteEntry', { RouteEntryId: 'rte-1' }));
    expect([error.code, error.details.outcome]).toEqual(['Unavailable', 'unknown']);
    expect(error.message).toContain('no answer in time');
  });

  it('an abort closes the connection and is Canceled', async () => {
    const controller = new AbortController();
    const { cloud, provider } = await cloudWith(() => {
      setImmediate(() => controller.abort());
      return { body: 'never' };
    });
    const error = await failing(provider.networks.get(networkId('vpc-1'), { signal: controller.signal }));
    expect(error.code).toBe('Canceled');
    await cloud.closed;
    expect(cloud.seen).toHaveLength(1);
    const write = new AbortController();
    setTimeout(() => write.abort(), 20);
    const doubtful = await failing(
      rpcOf(provider).vpc('DeleteRouteEntry', { RouteEntryId: 'rte-1' }, { signal: write.signal }),
    );
    expect([doubtful.code, doubtful.details.outcome]).toEqual(['Canceled', 'unknown']);
  });

  it('a refused timestamp is sent once more with the time of the server', async () => {
    const server = START + 3 * 3_600_000;
    const { cloud, provider } = await cloudWith((request) =>
      Math.abs(Date.parse(request.parameters['Timestamp'] ?? '') - server) < 900_000
        ? { body: { ...ok, Vpcs: { Vpc: [] } } }
        : {
            status: 400,
            body: {
              RequestId: 'R',
              Code: 'InvalidTimeStamp.Expired',
              Message: 'Specified time stamp or date value is expired.',
            },
            headers: { date: new Date(server).toUTCString() },
          },
    );
    await provider.networks.getMany([networkId('vpc-1')]);
    expect(cloud.seen.map((request) => request.parameters['Timestamp'])).toEqual([
      '2026-11-20T10:00:00Z',
      '2026-11-20T13:00:00Z',
    ]);
  });

  it.each([
    ['x-acs-retry-after', '7500', 7_500],
    ['Retry-After', '9', 9_000],
  ])('waits as long as %s asks', async (name, value, waited) => {
    const { cloud, provider, clock } = await cloudWith((_request, index) =>
      index === 0
        ? {
            status: 400,
            body: { RequestId: 'R', Code: 'Throttling.User', Message: 'slow down' },
            headers: { [name]: value },
          }
        : { body: { ...ok, Vpcs: { Vpc: [] } } },
    );
    await provider.networks.getMany([networkId('vpc-1')]);
    expect([cloud.seen.length, clock.now() - START]).toEqual([2, waited]);
  });

  it('a passing dry run is success whatever its status', async () => {
    const { cloud, provider } = await cloudWith(() => ({
      status: 400,
      body: {
        RequestId: 'R',
        Code: 'DryRunOperation',
        Message: 'Request validation has been passed with DryRun flag set.',
      },
    }));
    await provider.peerings.dryRun({
      initiator: networkId('vpc-1'),
      acceptor: { account: accountId('1'), region: regionId('cn-hangzhou'), network: networkId('vpc-2') },
    });
    expect(cloud.seen[0]?.parameters).toMatchObject({ DryRun: 'true' });
    expect(cloud.seen[0]?.parameters).not.toHaveProperty('ClientToken');
  });
});

describe('secrets', () => {
  it('survive in no error: not in message, details, stack or JSON', async () => {
    const quote = (request: Seen) =>
      `Specified signature is not matched with our calculation. server string to sign is:POST&%2F&${encodeURIComponent(request.body)} ` +
      `key ${SECRET} signature ${request.parameters['Signature'] ?? ''} token ${encodeURIComponent(encodeURIComponent(TOKEN))}`;
    const answers: ((request: Seen) => Reply)[] = [
      (request) => ({ status: 400, body: { RequestId: 'R', Code: 'SignatureDoesNotMatch', Message: quote(request) } }),
      (request) => ({ status: 400, body: { RequestId: 'R', Code: 'InvalidParameter', Message: quote(request) } }),
      (request) => ({
        status: 403,
        body: { RequestId: 'R', Code: 'Forbidden.RAM', Message: `see https://h/?${request.body}` },
      }),
      (request) => ({ status: 500, body: `<pre>${request.body}</pre>` }),
      () => ({ body: 'cut' }),
    ];
    for (const answer of answers) {
      const { cloud, provider } = await cloudWith(answer);
      const error = await failing(provider.peerings.reject(peeringId('pcc-1')));
      const shown = `${error.message} ${JSON.stringify(error)} ${error.stack ?? ''} ${String(error.cause)}`;
      const signature = cloud.seen[0]?.parameters['Signature'] ?? 'none';
      for (const secret of [
        SECRET,
        TOKEN,
        encodeURIComponent(TOKEN),
        signature,
        encodeURIComponent(signature),
        'canary',
        'testid',
      ]) {
        expect(shown).not.toContain(secret);
      }
    }
  });

  it('are known to the redactor from the start', async () => {
    const redactor = new Redactor();
    await cloudWith(() => ({ body: ok }), { redactor });
    expect(redactor.redact(`a ${SECRET} b ${TOKEN} c`)).toBe('a [secret] b [secret] c');
  });
});

describe('route batches', () => {
  const route = (third: number) => ({
    network: networkId('vpc-1'),
    table: routeTableId('vtb-1'),
    destination: parseCidr(`10.${third}.0.0/16`),
    nextHop: { kind: 'peering' as const, id: 'pcc-1' },
  });

  it('partial failures inside HTTP 200 are outcomes of their own items', async () => {
    const { cloud, provider } = await cloudWith(() => ({
      body: {
        ...ok,
        SuccessCount: 1,
        FailedCount: 2,
        RouteEntryIds: ['rte-1'],
        FailedRouteEntries: [
          { DstCidrBlock: '10.3.0.0/16', NextHop: 'pcc-1', FailedCode: 'QuotaExceeded', FailedMessage: 'too many' },
          {
            DstCidrBlock: '10.1.0.0/16',
            NextHop: 'pcc-1',
            FailedCode: 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE',
            FailedMessage: 'x',
          },
        ],
      },
    }));
    const outcomes = await provider.routes.createMany([route(1), route(2), route(3)], { wait: false });
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
      'AlreadyExists',
      'ok',
      'QuotaExceeded',
    ]);
    expect(cloud.seen[0]?.parameters).toMatchObject({
      Action: 'CreateRouteEntries',
      'RouteEntries.1.RouteTableId': 'vtb-1',
      'RouteEntries.1.DstCidrBlock': '10.1.0.0/16',
      'RouteEntries.3.NextHopType': 'VpcPeer',
      'RouteEntries.3.IpVersion': '4',
    });
  });

  it('are cut at 50, and a failure count without names fails every item', async () => {
    const { cloud, provider } = await cloudWith((_request, index) => ({
      body: index === 0 ? { ...ok, FailedCount: 0 } : { ...ok, FailedCount: 1, FailedRouteEntries: [] },
    }));
    const outcomes = await provider.routes.createMany(
      Array.from({ length: 52 }, (_, i) => route(i)),
      { wait: false },
    );
    expect(cloud.actions.slice(0, 2)).toEqual(['CreateRouteEntries', 'CreateRouteEntries']);
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(50);
    expect(outcomes.slice(50).map((outcome) => outcome.ok || outcome.error.code)).toEqual(['Unknown', 'Unknown']);
  });

  it('a failure that fits no item fails every item, also where it is not counted', async () => {
    const stray = { DstCidrBlock: '10.77.0.0/16', NextHop: 'pcc-1', FailedMessage: 'no code either' };
    const { provider } = await cloudWith(() => ({ body: { ...ok, FailedRouteEntries: [stray] } }));
    const outcomes = await provider.routes.createMany([route(1), route(2)], { wait: false });
    expect(outcomes.map((outcome) => outcome.ok || outcome.error.code)).toEqual(['Unknown', 'Unknown']);
  });

  it('a batch of one is the single call, with its idempotency token', async () => {
    const { cloud, provider } = await cloudWith(() => ({ body: { ...ok, RouteEntryId: 'rte-1' } }));
    await provider.routes.create(route(1), { wait: false });
    await provider.routes.delete({ ...route(1) }, { wait: false });
    expect(cloud.actions).toEqual(['CreateRouteEntry', 'DeleteRouteEntry']);
    expect(cloud.seen[0]?.parameters).toHaveProperty('ClientToken');
    expect(cloud.seen[1]?.parameters).toMatchObject({
      RouteTableId: 'vtb-1',
      DestinationCidrBlock: '10.1.0.0/16',
      NextHopId: 'pcc-1',
    });
  });

  it('only a busy entry is tried again', async () => {
    const busy = { DstCidrBlock: '10.2.0.0/16', NextHop: 'pcc-1', FailedCode: 'TaskConflict', FailedMessage: 'busy' };
    const { cloud, provider } = await cloudWith((_request, index) => ({
      body: index === 0 ? { ...ok, FailedCount: 1, FailedRouteEntries: [busy] } : { ...ok, RouteEntryId: 'rte-2' },
    }));
    const outcomes = await provider.routes.createMany([route(1), route(2)], { wait: false });
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(cloud.actions).toEqual(['CreateRouteEntries', 'CreateRouteEntry']);
  });
});

it('two clients with one seed never share a nonce', async () => {
  const nonces: string[] = [];
  const cloud = await FakeCloud.start((request) => {
    nonces.push(request.parameters['SignatureNonce'] ?? '');
    return { body: { ...ok, Vpcs: { Vpc: [] } } };
  });
  open.push(cloud);
  for (let i = 0; i < 2; i++) {
    const { provider } = await providerAt(cloud.endpoint, { clock: new VirtualClock({ start: START }) });
    open.push(provider);
    await provider.networks.getMany([networkId('vpc-1')]);
  }
  expect(new Set(nonces).size).toBe(2);
});
