/**
 * The signer against evidence from outside: the vendor's page (V1), its SDK's unit tests (V2, V3), answers of its two
 * SDKs (V4 to V11), and its JavaScript signer as an oracle for random requests.
 */
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@peerway/core';
import { bceDate, sign, type SignableRequest } from '../src/wire/signer.js';

const AK = '0123456789abcdef0123456789abcdef';
const SK = 'fedcba9876543210fedcba9876543210';
const AT = Date.parse('2026-01-01T00:00:00Z');
const JSON_UTF8 = 'application/json; charset=utf-8';
const DATE = { 'x-bce-date': '2026-01-01T00:00:00Z' };
const BJ = { host: 'bcc.bj.baidubce.com' };
const V4_BODY =
  '{"bandwidthInMbps":10,"localVpcId":"vpc-a1b2c3d4e5f6","peerVpcId":"vpc-f6e5d4c3b2a1","peerRegion":"gz","billing":{"paymentTiming":"Postpaid"}}';
const V11_BODY =
  '{"routeTableId":"rt-5v6qvug6jm4i","sourceAddress":"0.0.0.0/0","destinationAddress":"172.17.0.0/16","nexthopType":"peerConn","nexthopId":"qpif-ken2yc9j8x56"}';

interface Vector {
  readonly name: string;
  readonly keys?: readonly [string, string];
  readonly at?: number;
  readonly request: SignableRequest;
  readonly canonical: readonly string[];
  /** Signed headers as they stand in the header. */
  readonly signed: string;
  readonly signature: string;
}

const VECTORS: readonly Vector[] = [
  {
    name: "V1, the vendor's page",
    keys: ['a'.repeat(32), 'b'.repeat(32)],
    at: Date.parse('2015-04-27T08:23:49Z'),
    request: {
      method: 'PUT',
      path: '/v1/test/myfolder/readme.txt',
      query: [
        ['partNumber', '9'],
        ['uploadId', 'a44cc9bab11cbd156984767aad637851'],
      ],
      headers: {
        Host: 'bj.bcebos.com',
        'Content-Type': 'text/plain',
        'Content-Length': '8',
        'Content-Md5': 'NFzcPqhviddjRNnSOGo4rw==',
        'x-bce-date': '2015-04-27T08:23:49Z',
      },
    },
    canonical: [
      'PUT',
      '/v1/test/myfolder/readme.txt',
      'partNumber=9&uploadId=a44cc9bab11cbd156984767aad637851',
      'content-length:8',
      'content-md5:NFzcPqhviddjRNnSOGo4rw%3D%3D',
      'content-type:text%2Fplain',
      'host:bj.bcebos.com',
      'x-bce-date:2015-04-27T08%3A23%3A49Z',
    ],
    signed: 'content-length;content-md5;content-type;host;x-bce-date',
    signature: 'd74a04362e6a848f5b39b15421cb449427f419c95a480fd6b8cf9fc783e2999e',
  },
  {
    name: 'V2, values absent and empty, upper case before lower',
    keys: ['my_ak', 'my_sk'],
    at: 1_402_639_056_000,
    request: {
      method: 'PUT',
      path: '/v1/bucket/object1',
      query: [
        ['A', ''],
        ['b', ''],
        ['C', 'd'],
      ],
      headers: { Host: 'bce.baidu.com', 'x-bce-meta-key1': 'ABC' },
    },
    canonical: ['PUT', '/v1/bucket/object1', 'A=&C=d&b=', 'host:bce.baidu.com', 'x-bce-meta-key1:ABC'],
    signed: 'host;x-bce-meta-key1',
    signature: '80c9672aca2ea9af4bb40b9a8ff458d72df94e97d550840727f3a929af271d25',
  },
  {
    name: 'V3, no host',
    keys: ['my_ak', 'my_sk'],
    at: 1_402_639_056_000,
    request: {
      method: 'DELETE',
      path: '/v1/test-bucket1361199862',
      query: [],
      headers: { 'Content-Type': JSON_UTF8, 'Content-Length': '0' },
    },
    canonical: [
      'DELETE',
      '/v1/test-bucket1361199862',
      '',
      'content-length:0',
      'content-type:application%2Fjson%3B%20charset%3Dutf-8',
    ],
    signed: 'content-length;content-type',
    signature: 'c9386b15d585960ae5e6972f73ed92a9a682dc81025480ba5b41206d3e489822',
  },
  {
    name: 'V4, create',
    request: {
      method: 'POST',
      path: '/v1/peerconn',
      query: [['clientToken', 'be31b98c-5e41-4838-9830-9be700de5a20']],
      headers: { ...BJ, ...DATE, 'content-type': JSON_UTF8, 'content-length': String(Buffer.byteLength(V4_BODY)) },
    },
    canonical: [
      'POST',
      '/v1/peerconn',
      'clientToken=be31b98c-5e41-4838-9830-9be700de5a20',
      'content-length:142',
      'content-type:application%2Fjson%3B%20charset%3Dutf-8',
      'host:bcc.bj.baidubce.com',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'content-length;content-type;host;x-bce-date',
    signature: '84eae0f329131d9685b1290728d87231281d6063439ab8c78549a0456fe4c595',
  },
  {
    name: 'V5, flag without a value',
    request: {
      method: 'PUT',
      path: '/v1/peerconn/peerconn-9td54fmx143e',
      query: [
        ['accept', ''],
        ['clientToken', 't-1'],
      ],
      headers: { host: 'bcc.gz.baidubce.com', ...DATE, 'content-type': JSON_UTF8, 'content-length': '0' },
    },
    canonical: [
      'PUT',
      '/v1/peerconn/peerconn-9td54fmx143e',
      'accept=&clientToken=t-1',
      'content-length:0',
      'content-type:application%2Fjson%3B%20charset%3Dutf-8',
      'host:bcc.gz.baidubce.com',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'content-length;content-type;host;x-bce-date',
    signature: '3b012b68289e6e7138c94e934179b02101e01dd9b91f4227db1a3025f01e46ff',
  },
  {
    name: 'V6, session token and a port',
    request: {
      method: 'GET',
      path: '/v1/peerconn',
      query: [
        ['vpcId', 'vpc-a1b2c3d4e5f6'],
        ['maxKeys', '2'],
      ],
      headers: { host: 'localhost:8080', ...DATE, 'content-type': JSON_UTF8, 'x-bce-security-token': 'tok/+==' },
    },
    canonical: [
      'GET',
      '/v1/peerconn',
      'maxKeys=2&vpcId=vpc-a1b2c3d4e5f6',
      'content-type:application%2Fjson%3B%20charset%3Dutf-8',
      'host:localhost%3A8080',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
      'x-bce-security-token:tok%2F%2B%3D%3D',
    ],
    signed: 'content-type;host;x-bce-date;x-bce-security-token',
    signature: '584f19570bc6e7324359d940ab03d841715539aa5ea3c9e2cb6f3f654ed28cfc',
  },
  {
    name: 'V7, hostile value',
    request: {
      method: 'GET',
      path: '/v1/peerconn',
      query: [
        ['vpcId', 'vpc-1'],
        ['marker', 'a b/c~d!(中)*'],
      ],
      headers: { host: 'localhost:8080', ...DATE },
    },
    canonical: [
      'GET',
      '/v1/peerconn',
      'marker=a%20b%2Fc~d%21%28%E4%B8%AD%29%2A&vpcId=vpc-1',
      'host:localhost%3A8080',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'host;x-bce-date',
    signature: 'f90e321e1bdfe32cfe81f3c306ae240c235a8f291cb44ba06383e0eed61831dc',
  },
  {
    name: 'V8, no query leaves an empty line',
    request: {
      method: 'DELETE',
      path: '/v1/peerconn/peerconn-9td54fmx143e',
      query: [],
      headers: { ...BJ, ...DATE },
    },
    canonical: [
      'DELETE',
      '/v1/peerconn/peerconn-9td54fmx143e',
      '',
      'host:bcc.bj.baidubce.com',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'host;x-bce-date',
    signature: '282ad103c0b4a91ce5ae94f5e2419bfcba4723b79afcd21a3745108cba59a89f',
  },
  {
    name: 'V9, one side of a link',
    request: {
      method: 'GET',
      path: '/v1/peerconn/peerconn-9td54fmx143e',
      query: [['role', 'initiator']],
      headers: { host: '127.0.0.1:18080', ...DATE },
    },
    canonical: [
      'GET',
      '/v1/peerconn/peerconn-9td54fmx143e',
      'role=initiator',
      'host:127.0.0.1%3A18080',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'host;x-bce-date',
    signature: '01d6c1acb6fa65236c27e9d5ea23559aafad146983fd9293f5095533f9d71289',
  },
  {
    name: 'V10, the Python form of a read',
    request: {
      method: 'GET',
      path: '/v1/peerconn',
      query: [
        ['maxKeys', '1000'],
        ['vpcId', 'vpc-a1b2c3d4e5f6'],
      ],
      headers: { ...BJ, ...DATE, 'content-length': '0', 'content-type': 'application/json;charset=utf-8' },
    },
    canonical: [
      'GET',
      '/v1/peerconn',
      'maxKeys=1000&vpcId=vpc-a1b2c3d4e5f6',
      'content-length:0',
      'content-type:application%2Fjson%3Bcharset%3Dutf-8',
      'host:bcc.bj.baidubce.com',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'content-length;content-type;host;x-bce-date',
    signature: '41cedbf1488d9d11c9ce8c7e19839cf02d72734e6ff4971c65fef1681e5f2d44',
  },
  {
    name: 'V11, route rule',
    request: {
      method: 'POST',
      path: '/v1/route/rule',
      query: [['clientToken', 'rr-1']],
      headers: { ...BJ, ...DATE, 'content-type': JSON_UTF8, 'content-length': String(Buffer.byteLength(V11_BODY)) },
    },
    canonical: [
      'POST',
      '/v1/route/rule',
      'clientToken=rr-1',
      'content-length:156',
      'content-type:application%2Fjson%3B%20charset%3Dutf-8',
      'host:bcc.bj.baidubce.com',
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
    ],
    signed: 'content-length;content-type;host;x-bce-date',
    signature: '047cf254c8e1d50d3a1aadecc5427303067d76c72470a57ed9e449a45fe7e164',
  },
];

describe('bce-auth-v1', () => {
  it.each(VECTORS)(
    '$name',
    ({ keys: [accessKeyId, accessKeySecret] = [AK, SK], at = AT, request, canonical, signed, signature }) => {
      const made = sign({ accessKeyId, accessKeySecret }, request, at);
      expect(made.canonicalRequest.split('\n')).toEqual(canonical);
      expect(made.authorization).toBe(`bce-auth-v1/${accessKeyId}/${bceDate(at)}/1800/${signed}/${signature}`);
    },
  );

  it('leaves out empty headers, a parameter named authorization, and trims', () => {
    const bare: SignableRequest = {
      method: 'GET',
      path: '/v1/vpc',
      query: [
        ['A', 'A'],
        ['B', ''],
        ['C', ''],
      ],
      headers: { host: 'localhost' },
    };
    const dressed: SignableRequest = {
      ...bare,
      query: [...bare.query, ['Authorization', 'x']],
      headers: { Host: ' localhost ', C: '', Authorization: 'old' },
    };
    const keys = { accessKeyId: AK, accessKeySecret: SK };
    expect(sign(keys, bare, AT).canonicalRequest).toContain('\nA=A&B=&C=\n');
    expect(sign(keys, dressed, AT)).toEqual(sign(keys, bare, AT));
  });

  it('encodes a path byte for byte and keeps its slashes', () => {
    const path = "/v1/!'()*测试/a~b";
    const made = sign({ accessKeyId: AK, accessKeySecret: SK }, { method: 'GET', path, query: [], headers: BJ }, AT);
    expect(made.canonicalRequest.split('\n')[1]).toBe('/v1/%21%27%28%29%2A%E6%B5%8B%E8%AF%95/a~b');
  });

  it("agrees with the vendor's own signer on 300 random requests", () => {
    const seed = 20_261_120;
    const random = seededRandom(seed);
    const { Auth } = createRequire(import.meta.url)('@baiducloud/sdk') as { Auth: VendorAuth };
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
    const word = (): string =>
      Array.from({ length: 1 + Math.floor(random.next() * 12) }, () => pick([..."aZ09-._~!'()* /?:@&=+$,中é"])).join(
        '',
      );
    for (let round = 0; round < 300; round++) {
      // the vendor's signer encodes neither keys of the query nor the path, so these stay plain here
      const params = Object.fromEntries(
        Array.from({ length: Math.floor(random.next() * 5) }, (_, at) => [`k${at}`, word()]),
      );
      const seconds = 1_500_000_000 + Math.floor(random.next() * 500_000_000);
      const headers: Record<string, string> = {
        host: pick(['bcc.bj.baidubce.com', '127.0.0.1:18080']),
        'x-bce-date': bceDate(seconds * 1000),
        ...(random.next() < 0.5 ? { 'x-bce-security-token': `${word()}t` } : {}),
        ...(random.next() < 0.5 ? { 'content-type': JSON_UTF8, 'content-length': String(round) } : {}),
      };
      const method = pick(['GET', 'POST', 'PUT', 'DELETE']);
      const theirs = new Auth(AK, SK).generateAuthorization(method, '/v1/peerconn', params, headers, seconds, 1800);
      const ours = sign(
        { accessKeyId: AK, accessKeySecret: SK },
        { method, path: '/v1/peerconn', query: Object.entries(params), headers },
        seconds * 1000,
      );
      expect({ seed, round, authorization: ours.authorization }).toEqual({ seed, round, authorization: theirs });
    }
  });
});

type VendorAuth = new (
  ak: string,
  sk: string,
) => {
  generateAuthorization(
    method: string,
    path: string,
    params: object,
    headers: object,
    unixSeconds: number,
    expirationSeconds: number,
  ): string;
};
