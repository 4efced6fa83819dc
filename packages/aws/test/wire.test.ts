/** Answers that lie, refusals, keys and addresses: against a server that says what a test wants, so without moto. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  networkId,
  parseCidr,
  peeringId,
  PeerwayError,
  Redactor,
  regionId,
  routeTableId,
  type ErrorCode,
  type PeeringCreate,
} from '@peerway/core';
import { aws, AwsOptions } from '../src/index.js';
import { openTunnel } from '../../core/test/tunnel.js';
import { answer, failure, peering, peeringList, rig, SECRET, Stub, type Rig } from './stub.js';

let stub: Stub;
let made: Rig;
beforeAll(async () => {
  stub = await Stub.start();
  made = await rig(stub.endpoint);
});
afterAll(async () => {
  await made.provider.close();
  await stub.close();
});

const VPC = networkId('vpc-1');
const PCX = peeringId('pcx-1');
const TABLE = routeTableId('rtb-1');
const CALL = () => ({ signal: new AbortController().signal, admit: () => Promise.resolve(() => undefined) });

async function caught(work: Promise<unknown>): Promise<PeerwayError> {
  const error: unknown = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof PeerwayError) return error;
  throw error;
}

async function drained(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const out: unknown[] = [];
  for await (const item of items) out.push(item);
  return out;
}

const CREATE: PeeringCreate = {
  mechanism: 'vpc-peering',
  initiator: VPC,
  acceptor: { region: regionId('us-east-1'), network: networkId('vpc-2') },
  tags: { 'peerway.stack': 'shop' },
  clientToken: 't',
};
const ROUTE = { table: TABLE, network: VPC, destination: parseCidr('10.9.0.0/16') } as const;

describe.each<readonly [action: string, read: (made: Rig) => Promise<unknown>]>([
  ['DescribeVpcs', ({ driver }) => driver.networks.get([VPC], CALL())],
  ['DescribeVpcPeeringConnections', ({ driver }) => driver.peerings.list({}, undefined, CALL())],
  ['DescribeVpcPeeringConnections', ({ driver }) => driver.peerings.get(PCX, 'initiator', CALL())],
  ['DescribeRouteTables', ({ driver }) => driver.routes.tables(VPC, CALL())],
  ['DescribeRouteTables', ({ driver }) => driver.routes.list(VPC, TABLE, undefined, CALL())],
])('%s: an answer that does not hold what it must is an error, and never "nothing there"', (action, read) => {
  it.each<readonly [string, Parameters<Stub['says']>[0]]>([
    ['empty', { body: '' }],
    ['a page of a proxy', { body: '<html><body>hello</body></html>' }],
    ['cut off', { body: `<?xml version="1.0"?><${action}Response><requestId>r</requestId><vpcSet><item>` }],
    ['JSON', { body: '{"Vpcs":[]}' }],
    ['without its list', answer(action, '')],
    ['another operation’s', answer('DescribeImages', '<imagesSet/>')],
    [
      'a text where its list belongs',
      answer(
        action,
        '<vpcSet>0</vpcSet><routeTableSet>0</routeTableSet><vpcPeeringConnectionSet>0</vpcPeeringConnectionSet>',
      ),
    ],
  ])('%s', async (_, said) => {
    stub.says(said);
    const error = await caught(read(made));
    expect([error.code, error.details.nativeOperation, error.details.outcome]).toEqual([
      'Unavailable',
      action,
      undefined,
    ]);
    expect(error.details.remedy).toContain('proxy');
  });

  it('a list of items that lack their members', async () => {
    const list = { DescribeVpcs: 'vpcSet', DescribeRouteTables: 'routeTableSet' }[action] ?? 'vpcPeeringConnectionSet';
    stub.says(answer(action, `<${list}><item><state>available</state></item></${list}>`));
    const error = await caught(read(made));
    expect(error.code).toBe('Unavailable');
    expect(error.message).toMatch(/\[0\]\.\w+ is missing/);
  });
});

it('an answer without end is not read to it', async () => {
  stub.says({ body: ' '.repeat(65 * 1024 * 1024) });
  const error = await caught(made.driver.networks.get([VPC], CALL()));
  expect([error.code, error.message]).toEqual([
    'Unavailable',
    'DescribeVpcs: no usable answer (it is larger than 64 MB)',
  ]);
});

it('an acceptance of another peering is none', async () => {
  stub.says(
    answer('AcceptVpcPeeringConnection', `<vpcPeeringConnection>${peering({ id: 'pcx-2' })}</vpcPeeringConnection>`),
  );
  const error = await caught(made.driver.peerings.accept(PCX, CALL()));
  expect([error.code, error.message]).toEqual([
    'Unavailable',
    'Unexpected answer to AcceptVpcPeeringConnection: it is of another peering',
  ]);
});

describe('a change', () => {
  it.each<readonly [string, Parameters<Stub['says']>[0]]>([
    ['whose answer is empty', { body: '' }],
    ['whose answer says that nothing was done', answer('DeleteVpcPeeringConnection', '<return>false</return>')],
    [
      'whose answer nobody numbered',
      {
        body: '<DeleteVpcPeeringConnectionResponse><return>true</return></DeleteVpcPeeringConnectionResponse>',
        requestId: 'none',
      },
    ],
    ['that the cloud failed at', failure(500, 'InternalError')],
    ['that a proxy answered', { status: 502, body: '<html>bad gateway</html>' }],
  ])('%s is in doubt', async (_, said) => {
    stub.says(said);
    const error = await caught(made.driver.peerings.delete(PCX, 'initiator', CALL()));
    expect([error.code, error.details.outcome]).toEqual(['Unavailable', 'unknown']);
  });

  it.each(['hang', 'trickle'] as const)('that nobody answers in time is in doubt: %s', async (how) => {
    stub.says(how);
    const hasty = await rig(stub.endpoint, { options: Object.assign(new AwsOptions(), { requestTimeoutMs: 100 }) });
    const error = await caught(hasty.driver.peerings.delete(PCX, 'initiator', CALL()));
    expect([error.code, error.details.outcome]).toEqual(['Unavailable', 'unknown']);
    await hasty.provider.close();
  });
});

describe('a refusal', () => {
  it.each<readonly [string, number, ErrorCode]>([
    ['AuthFailure', 401, 'Unauthenticated'],
    ['RequestExpired', 400, 'Unauthenticated'],
    ['UnauthorizedOperation', 403, 'PermissionDenied'],
    ['OptInRequired', 401, 'PaymentRequired'],
    ['InvalidVpcPeeringConnectionID.NotFound', 400, 'NotFound'],
    ['InvalidVpcPeeringConnectionId.NotFound', 400, 'NotFound'], // moto's spelling
    ['InvalidVpcID.NotFound', 400, 'NotFound'],
    ['VpcPeeringConnectionAlreadyExists', 400, 'AlreadyExists'],
    ['OutstandingVpcPeeringConnectionLimitExceeded', 400, 'QuotaExceeded'],
    ['RequestLimitExceeded', 503, 'Throttled'],
    ['ServiceUnavailable', 503, 'Unavailable'],
    ['IncorrectState', 400, 'Conflict'],
    ['InvalidVpcPeeringConnectionId.Malformed', 400, 'InvalidArgument'],
    ['SomethingNew', 400, 'Unknown'],
    ['SomethingNew', 403, 'PermissionDenied'],
    ['SomethingNew', 500, 'Unavailable'],
  ])('%s (HTTP %i) is %s, with code, number and status', async (nativeCode, httpStatus, code) => {
    stub.says(failure(httpStatus, nativeCode));
    const { details, ...error } = await caught(made.driver.peerings.list({}, undefined, CALL()));
    expect([error.code, details.nativeCode, details.httpStatus, details.requestId]).toEqual([
      code,
      nativeCode,
      httpStatus,
      'req-1',
    ]);
  });

  it('that is a page of something on the way says nothing about an object', async () => {
    stub.says({ status: 404, body: '<html>not found</html>', requestId: 'none' });
    expect((await caught(made.driver.peerings.get(PCX, 'initiator', CALL()))).code).toBe('Unknown');
  });

  it('asks for the wait that the cloud named', async () => {
    stub.says({ ...failure(503, 'RequestLimitExceeded'), headers: { 'retry-after': '7' } });
    expect((await caught(made.driver.peerings.list({}, undefined, CALL()))).details.retryAfterMs).toBe(7_000);
  });

  it('quotes no secret', async () => {
    stub.says(failure(400, 'InvalidParameterValue', `you sent ${SECRET}`));
    const error = await caught(made.driver.networks.get([VPC], CALL()));
    expect(JSON.stringify(error) + String(error.stack)).not.toContain(SECRET);
  });
});

describe('a creation', () => {
  const created = (told: Parameters<typeof peering>[0]) =>
    answer('CreateVpcPeeringConnection', `<vpcPeeringConnection>${peering(told)}</vpcPeeringConnection>`);

  it('is answered by what was asked for', async () => {
    stub.says(created({ state: 'initiating-request', tags: { 'peerway.stack': 'shop', Name: 'web' } }));
    expect(await made.driver.peerings.create({ ...CREATE, name: 'web' }, CALL())).toBe('pcx-1');
    const [sent] = stub.asked;
    expect([sent?.get('VpcId'), sent?.get('PeerVpcId'), sent?.get('PeerRegion'), sent?.get('PeerOwnerId')]).toEqual([
      'vpc-1',
      'vpc-2',
      null,
      null,
    ]);
    expect(sent?.get('TagSpecification.1.Tag.1.Key')).toBe('Name');
  });

  it.each<readonly [string, Parameters<typeof peering>[0]]>([
    ['other tags', { tags: { 'peerway.stack': 'other' } }],
    ['no tags', {}],
    ['another name', { tags: { 'peerway.stack': 'shop', Name: 'theirs' } }],
  ])('is answered by somebody else’s, with %s: the two are joined already', async (_, told) => {
    stub.says(created(told));
    const error = await caught(made.driver.peerings.create({ ...CREATE, name: 'web' }, CALL()));
    expect([error.code, error.message]).toEqual(['AlreadyExists', 'vpc-1 and vpc-2 are joined already, by pcx-1']);
  });

  it('is answered by a peering of other networks: that is no answer', async () => {
    stub.says(created({ accepter: ['111111111111', 'us-east-1', 'vpc-9'], tags: { 'peerway.stack': 'shop' } }));
    expect((await caught(made.driver.peerings.create(CREATE, CALL()))).code).toBe('Unavailable');
  });
});

describe('a deletion that the cloud refuses by the state', () => {
  const refused = failure(400, 'InvalidStateTransition');
  const done = answer('RejectVpcPeeringConnection', '<return>true</return>');

  it.each<readonly [string, 'initiator' | 'acceptor', string, readonly string[]]>([
    ['rejected', 'initiator', 'gone', []],
    ['expired', 'acceptor', 'gone', []],
    ['failed', 'initiator', 'gone', []],
    ['deleting', 'initiator', 'started', []],
    ['deleted', 'initiator', 'NotFound', []],
    ['provisioning', 'initiator', 'FailedPrecondition', []],
    ['pending-acceptance', 'initiator', 'FailedPrecondition', []],
    ['pending-acceptance', 'acceptor', 'gone', ['RejectVpcPeeringConnection']],
  ])('%s, asked as %s: %s', async (state, side, outcome, more) => {
    stub.says(refused, peeringList({ state }), done);
    const ended: unknown = await made.driver.peerings
      .delete(PCX, side, CALL())
      .catch((error: unknown) => (error as PeerwayError).code);
    expect(ended).toBe(outcome);
    expect(stub.actions).toEqual(['DeleteVpcPeeringConnection', 'DescribeVpcPeeringConnections', ...more]);
  });
});

describe('sides', () => {
  const far = { accepter: ['222222222222', 'eu-west-1', 'vpc-2'] } as const;
  const beside = { accepter: ['222222222222', 'us-east-1', 'vpc-2'] } as const;
  const theirs = {
    ...beside,
    requester: ['222222222222', 'us-east-1', 'vpc-2'],
    accepter: ['111111111111', 'us-east-1', 'vpc-1'],
  } as const;
  const me = answer('GetCallerIdentity', '').body.replace(
    '<requestId>r</requestId>',
    '<GetCallerIdentityResult><Account>111111111111</Account></GetCallerIdentityResult>',
  );

  it('are told by the region, or by one owner of both, and STS is not asked', async () => {
    stub.says(peeringList({ ...far, id: 'pcx-1' }, { id: 'pcx-2' }));
    const { items } = await made.driver.peerings.list({}, undefined, CALL());
    expect(items.map(({ seenFrom }) => seenFrom)).toEqual(['initiator', 'initiator']);
    expect(stub.actions).toEqual(['DescribeVpcPeeringConnections']);
  });

  it('are told by the account where two own ends in one region, which STS is asked for once', async () => {
    stub.says(peeringList({ ...beside, id: 'pcx-1' }, { ...theirs, id: 'pcx-2' }), { body: me }, peeringList(theirs));
    const fresh = await rig(stub.endpoint);
    const { items } = await fresh.driver.peerings.list({}, undefined, CALL());
    expect(items.map(({ seenFrom }) => seenFrom)).toEqual(['initiator', 'acceptor']);
    const error = await caught(fresh.driver.peerings.get(PCX, 'initiator', CALL()));
    expect([error.code, error.message]).toEqual([
      'PermissionDenied',
      'This account and region do not own the initiator of pcx-1',
    ]);
    expect(stub.actions.filter((action) => action === 'GetCallerIdentity')).toHaveLength(1);
    await fresh.provider.close();
  });
});

describe('routes', () => {
  it.each(['system', 'propagated'] as const)('a %s one is not deleted, and nobody is asked', async (origin) => {
    stub.says({ body: '' });
    const route = { ...ROUTE, nextHop: { kind: 'other', id: 'local' }, origin } as const;
    expect((await caught(made.driver.routes.delete(route, CALL()))).code).toBe('PermissionDenied');
    expect(stub.asked).toEqual([]);
  });

  it.each([
    ['peering', 'igw-1'],
    ['other', 'pcx-1'],
    ['link', 'vgw-1'],
    ['other', 'what-1'],
  ] as const)('none is written to a %s that is %s', async (kind, id) => {
    stub.says({ body: '' });
    const wanted = { ...ROUTE, nextHop: { kind, id }, clientToken: 't' };
    expect((await caught(made.driver.routes.create(wanted, CALL()))).code).toBe('InvalidArgument');
    expect(stub.asked).toEqual([]);
  });

  it('are told by destination, target, state and origin, whatever they are', async () => {
    const route = (members: string, state = 'active', origin = 'CreateRoute') =>
      `<item>${members}<state>${state}</state><origin>${origin}</origin></item>`;
    const routes = [
      route(
        '<destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId>',
        'active',
        'CreateRouteTable',
      ),
      route(
        '<destinationCidrBlock>10.1.2.3/16</destinationCidrBlock><vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId>',
        'blackhole',
      ),
      route(
        '<destinationIpv6CidrBlock>2001:DB8::/32</destinationIpv6CidrBlock><coreNetworkArn>arn:aws:x/y</coreNetworkArn>',
        'filtered',
        'Advertisement',
      ),
      route('<destinationPrefixListId>pl-1</destinationPrefixListId>', 'blackhole'),
    ];
    stub.says(
      answer(
        'DescribeRouteTables',
        `<routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><associationSet/><routeSet>${routes.join('')}</routeSet></item></routeTableSet>`,
      ),
    );
    const { items } = await made.driver.routes.list(VPC, TABLE, undefined, CALL());
    expect(
      items.map(({ destination, nextHop, state, origin }) => [destination, nextHop.kind, nextHop.id, state, origin]),
    ).toEqual([
      ['10.0.0.0/16', 'other', 'local', 'active', 'system'],
      ['10.1.0.0/16', 'peering', 'pcx-1', 'blackhole', 'custom'],
      ['2001:db8::/32', 'other', 'arn:aws:x/y', 'filtered', 'propagated'],
      ['pl-1', 'other', 'none', 'blackhole', 'custom'],
    ]);
  });

  it('a listing of tables that hands out its token again is an error', async () => {
    stub.says(answer('DescribeRouteTables', '<routeTableSet/><nextToken>more</nextToken>'));
    expect((await caught(made.driver.routes.tables(VPC, CALL()))).message).toContain('hands out a token twice');
  });
});

describe('keys and addresses', () => {
  const context = (more: object) => rig('https://ec2.example.test', more);

  it.each<readonly [string, object, string]>([
    ['half of a pair', { credentials: { accessKeyId: 'AKIA' } }, 'The credentials of us are half given'],
    [
      'a line break',
      { credentials: { accessKeyId: 'AKIA', secretAccessKey: 'a\nb' } },
      'The secretAccessKey of us holds a space, line break or odd character',
    ],
    [
      'none, and an address on this machine',
      { credentials: {}, endpoint: 'http://127.0.0.1:1' },
      'The provider us answers on this machine and has no keys',
    ],
  ])('%s', async (_, more, message) => {
    const error = await caught(context(more));
    expect([error.code, error.message]).toEqual(['Unauthenticated', message]);
  });

  it('a profile that is not there is said so, without what the vendor’s chain says', async () => {
    const one = await rig(stub.endpoint, { profile: 'peerway-no-such-profile' });
    const error = await caught(one.provider.networks.get(VPC));
    expect(error.code).toBe('Unauthenticated');
    expect(error.message).toContain('in the profile "peerway-no-such-profile"');
    await one.provider.close();
  });

  it.each<readonly [string, string, string]>([
    ['eu-central-1', 'https://ec2.eu-central-1.amazonaws.com', 'https://sts.eu-central-1.amazonaws.com'],
    ['us-gov-west-1', 'https://ec2.us-gov-west-1.amazonaws.com', 'https://sts.us-gov-west-1.amazonaws.com'],
    ['cn-north-1', 'https://ec2.cn-north-1.amazonaws.com.cn', 'https://sts.cn-north-1.amazonaws.com.cn'],
  ])('%s answers at %s', async (region, ec2, sts) => {
    const driver = await aws.create({
      name: 'us',
      region: regionId(region),
      options: new AwsOptions(),
      credentials: { accessKeyId: 'AKIASTUB', secretAccessKey: SECRET },
      env: {},
      clock: made.clock,
      random: { next: () => 0, uuid: () => '' },
      redactor: new Redactor(),
    });
    expect(driver.connections?.map(({ endpoint }) => endpoint)).toEqual([ec2, sts]);
    await driver.close();
  });

  it.each(['frankfurt', 'us-iso-east-1', 'eu-central'])('%s is no region that is known', async (region) => {
    const error = await caught(rig('https://ec2.example.test', { region: regionId(region) }));
    expect(error.code).toBe('InvalidArgument');
    expect(error.details.remedy).toContain('stsEndpoint');
  });
});

describe('behind a proxy', () => {
  it('requests go through HTTPS_PROXY, with its user and password, and NO_PROXY is heeded', async () => {
    const tunnel = await openTunnel((_, response) => response.end());
    const redactor = new Redactor();
    const at = (env: Record<string, string>) =>
      aws.create({
        name: 'us',
        region: regionId('us-east-1'),
        options: new AwsOptions(),
        credentials: { accessKeyId: 'AKIASTUB', secretAccessKey: SECRET },
        env,
        clock: made.clock,
        random: { next: () => 0, uuid: () => '' },
        redactor,
      });
    const driver = await at({ HTTPS_PROXY: tunnel.proxy, NO_PROXY: 'sts.us-east-1.amazonaws.com' });
    // nobody vouches for the certificate at the end of the tunnel
    expect((await caught(driver.networks.get([VPC], CALL()))).code).toBe('Unavailable');
    expect(tunnel.connects).toEqual([
      { target: 'ec2.us-east-1.amazonaws.com:443', authorization: `Basic ${btoa('user:canary-proxy-password')}` },
    ]);
    const address = tunnel.proxy.replace('user:canary-proxy-password@', '');
    expect(driver.connections?.map(({ proxy }) => proxy)).toEqual([{ address, variable: 'HTTPS_PROXY' }, undefined]);
    expect(redactor.redact('canary-proxy-password')).toBe('[secret]');
    await driver.close();
    await tunnel.close();
  });
});

it('lists no state that nobody knows as one that is known', async () => {
  stub.says(peeringList({ id: 'pcx-1', state: 'dreaming' }, { id: 'pcx-2' }));
  const { items, unreadable } = await made.driver.peerings.list({}, undefined, CALL());
  expect([items.map(({ id }) => id), unreadable?.map(({ id, error }) => [id, error.code])]).toEqual([
    ['pcx-2'],
    [['pcx-1', 'Unknown']],
  ]);
  expect(await drained(made.provider.peerings.list({}, { unreadable: () => undefined }))).toHaveLength(1);
});
