/** The verifier of bce-auth-v1 against the vendor's vectors V1 to V11 (docs/facts/baidu.md 1.6) and the client quirks of 1.5. */
import { createHmac } from 'node:crypto';
import { describe, it, expect } from '@jest/globals';
import {
  authStringPrefix,
  canonicalRequests,
  isSignedWith,
  parseAuthorization,
  parseQuery,
  securityToken,
  uriEncode,
} from '../src/baidu/auth/bceAuthV1.js';
import type { ReceivedRequest } from '../src/baidu/auth/bceAuthV1.js';

const AK = '0123456789abcdef0123456789abcdef';
const SK = 'fedcba9876543210fedcba9876543210';
const PREFIX = `bce-auth-v1/${AK}/2026-01-01T00:00:00Z/1800`;
const DATE = { 'x-bce-date': '2026-01-01T00:00:00Z' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

interface Vector {
  readonly name: string;
  readonly request: ReceivedRequest;
  readonly authorization: string;
  readonly secret?: string;
  /** The canonical request where the source prints it. */
  readonly canonical?: string;
}

const request = (method: string, target: string, headers: Record<string, string>): ReceivedRequest => {
  const [path = '', query = ''] = target.split('?');
  return { method, path, query, headers };
};

const V5_SIGNATURE = '3b012b68289e6e7138c94e934179b02101e01dd9b91f4227db1a3025f01e46ff';
const v5 = (query: string): ReceivedRequest =>
  request('PUT', `/v1/peerconn/peerconn-9td54fmx143e?${query}`, {
    ...JSON_TYPE,
    ...DATE,
    host: 'bcc.gz.baidubce.com',
    'content-length': '0',
  });
const V7_SIGNATURE = 'f90e321e1bdfe32cfe81f3c306ae240c235a8f291cb44ba06383e0eed61831dc';
const local = { host: 'localhost:8080', ...DATE };

const VECTORS: readonly Vector[] = [
  {
    name: 'V1: documentation example, no list of signed headers',
    secret: 'b'.repeat(32),
    request: request('PUT', '/v1/test/myfolder/readme.txt?partNumber=9&uploadId=a44cc9bab11cbd156984767aad637851', {
      host: 'bj.bcebos.com',
      date: 'Mon, 27 Apr 2015 16:23:49 +0800',
      'content-type': 'text/plain',
      'content-length': '8',
      'content-md5': 'NFzcPqhviddjRNnSOGo4rw==',
      'x-bce-date': '2015-04-27T08:23:49Z',
    }),
    authorization: `bce-auth-v1/${'a'.repeat(32)}/2015-04-27T08:23:49Z/1800//d74a04362e6a848f5b39b15421cb449427f419c95a480fd6b8cf9fc783e2999e`,
    canonical:
      'PUT\n/v1/test/myfolder/readme.txt\npartNumber=9&uploadId=a44cc9bab11cbd156984767aad637851\n' +
      'content-length:8\ncontent-md5:NFzcPqhviddjRNnSOGo4rw%3D%3D\ncontent-type:text%2Fplain\nhost:bj.bcebos.com\n' +
      'x-bce-date:2015-04-27T08%3A23%3A49Z',
  },
  {
    name: 'V2: SDK unit test, byte order of encoded pairs',
    secret: 'my_sk',
    request: request('PUT', '/v1/bucket/object1?A&b=&C=d', {
      host: 'bce.baidu.com',
      abc: '123',
      'x-bce-meta-key1': 'ABC',
    }),
    authorization:
      'bce-auth-v1/my_ak/2014-06-13T05:57:36Z/1800/host;x-bce-meta-key1/80c9672aca2ea9af4bb40b9a8ff458d72df94e97d550840727f3a929af271d25',
    canonical: 'PUT\n/v1/bucket/object1\nA=&C=d&b=\nhost:bce.baidu.com\nx-bce-meta-key1:ABC',
  },
  {
    name: 'V3: SDK unit test, no host, empty query',
    secret: 'my_sk',
    request: request('DELETE', '/v1/test-bucket1361199862', {
      ...JSON_TYPE,
      'content-length': '0',
      'user-agent': 'This is the user-agent',
    }),
    authorization:
      'bce-auth-v1/my_ak/2014-06-13T05:57:36Z/1800/content-length;content-type/c9386b15d585960ae5e6972f73ed92a9a682dc81025480ba5b41206d3e489822',
    canonical:
      'DELETE\n/v1/test-bucket1361199862\n\ncontent-length:0\ncontent-type:application%2Fjson%3B%20charset%3Dutf-8',
  },
  {
    name: 'V4: peerconn create',
    request: request('POST', '/v1/peerconn?clientToken=be31b98c-5e41-4838-9830-9be700de5a20', {
      ...JSON_TYPE,
      ...DATE,
      host: 'bcc.bj.baidubce.com',
      'content-length': '142',
    }),
    authorization: `${PREFIX}/content-length;content-type;host;x-bce-date/84eae0f329131d9685b1290728d87231281d6063439ab8c78549a0456fe4c595`,
    canonical:
      'POST\n/v1/peerconn\nclientToken=be31b98c-5e41-4838-9830-9be700de5a20\ncontent-length:142\n' +
      'content-type:application%2Fjson%3B%20charset%3Dutf-8\nhost:bcc.bj.baidubce.com\nx-bce-date:2026-01-01T00%3A00%3A00Z',
  },
  {
    name: 'V4 as @baiducloud/sdk sends it: lower-case escapes of unreserved characters in the query',
    request: request('POST', '/v1/peerconn?clientToken=be31b98c%2d5e41%2d4838%2d9830%2d9be700de5a20', {
      ...JSON_TYPE,
      ...DATE,
      host: 'bcc.bj.baidubce.com',
      'content-length': '142',
    }),
    authorization: `${PREFIX}/content-length;content-type;host;x-bce-date/84eae0f329131d9685b1290728d87231281d6063439ab8c78549a0456fe4c595`,
  },
  {
    name: 'V5: accept, flag with =',
    request: v5('accept=&clientToken=t-1'),
    authorization: `${PREFIX}/content-length;content-type;host;x-bce-date/${V5_SIGNATURE}`,
    canonical:
      'PUT\n/v1/peerconn/peerconn-9td54fmx143e\naccept=&clientToken=t-1\ncontent-length:0\n' +
      'content-type:application%2Fjson%3B%20charset%3Dutf-8\nhost:bcc.gz.baidubce.com\nx-bce-date:2026-01-01T00%3A00%3A00Z',
  },
  {
    name: 'V5: accept, bare flag (Go, Java), other order on the wire',
    request: v5('clientToken=t-1&accept'),
    authorization: `${PREFIX}/content-length;content-type;host;x-bce-date/${V5_SIGNATURE}`,
  },
  {
    name: 'V5: empty list of signed headers (Python, Java)',
    request: v5('accept&clientToken=t-1'),
    authorization: `${PREFIX}//${V5_SIGNATURE}`,
  },
  {
    name: 'V5: list unsorted and in mixed case',
    request: v5('accept&clientToken=t-1'),
    authorization: `${PREFIX}/X-Bce-Date;Host;content-type;Content-Length/${V5_SIGNATURE}`,
  },
  {
    name: 'V5: list without the x-bce headers that were signed all the same (Python signers with a list)',
    request: v5('accept&clientToken=t-1'),
    authorization: `${PREFIX}/host;content-length;content-type/${V5_SIGNATURE}`,
  },
  {
    name: 'V6: session token in a header',
    request: request('GET', '/v1/peerconn?maxKeys=2&vpcId=vpc-a1b2c3d4e5f6', {
      ...JSON_TYPE,
      ...local,
      'x-bce-security-token': 'tok/+==',
    }),
    authorization: `${PREFIX}/content-type;host;x-bce-date;x-bce-security-token/584f19570bc6e7324359d940ab03d841715539aa5ea3c9e2cb6f3f654ed28cfc`,
    canonical:
      'GET\n/v1/peerconn\nmaxKeys=2&vpcId=vpc-a1b2c3d4e5f6\ncontent-type:application%2Fjson%3B%20charset%3Dutf-8\n' +
      'host:localhost%3A8080\nx-bce-date:2026-01-01T00%3A00%3A00Z\nx-bce-security-token:tok%2F%2B%3D%3D',
  },
  {
    name: 'V7: hostile value, canonical escapes on the wire',
    request: request('GET', '/v1/peerconn?marker=a%20b%2Fc~d%21%28%E4%B8%AD%29%2A&vpcId=vpc-1', local),
    authorization: `${PREFIX}/host;x-bce-date/${V7_SIGNATURE}`,
    canonical:
      'GET\n/v1/peerconn\nmarker=a%20b%2Fc~d%21%28%E4%B8%AD%29%2A&vpcId=vpc-1\nhost:localhost%3A8080\n' +
      'x-bce-date:2026-01-01T00%3A00%3A00Z',
  },
  {
    name: 'V7: hostile value as the JS SDK really sends it',
    request: request('GET', '/v1/peerconn?marker=a%20b%2Fc%7ed%21%28%E4%B8%AD%29%2a&vpcId=vpc%2d1', local),
    authorization: `${PREFIX}/host;x-bce-date/${V7_SIGNATURE}`,
  },
  {
    name: 'V8: minimal pair, blank line of the empty query',
    request: request('DELETE', '/v1/peerconn/peerconn-9td54fmx143e', { host: 'bcc.bj.baidubce.com', ...DATE }),
    authorization: `${PREFIX}/host;x-bce-date/282ad103c0b4a91ce5ae94f5e2419bfcba4723b79afcd21a3745108cba59a89f`,
    canonical:
      'DELETE\n/v1/peerconn/peerconn-9td54fmx143e\n\nhost:bcc.bj.baidubce.com\nx-bce-date:2026-01-01T00%3A00%3A00Z',
  },
  {
    name: 'V9: host with port verbatim',
    request: request('GET', '/v1/peerconn/peerconn-9td54fmx143e?role=initiator', { host: '127.0.0.1:18080', ...DATE }),
    authorization: `${PREFIX}/host;x-bce-date/01d6c1acb6fa65236c27e9d5ea23559aafad146983fd9293f5095533f9d71289`,
  },
  {
    name: 'V10: Python list, content-length 0 on GET',
    request: request('GET', '/v1/peerconn?maxKeys=1000&vpcId=vpc-a1b2c3d4e5f6', {
      ...DATE,
      accept: '*/*',
      host: 'bcc.bj.baidubce.com',
      'content-length': '0',
      'content-type': 'application/json;charset=utf-8',
    }),
    authorization: `${PREFIX}//41cedbf1488d9d11c9ce8c7e19839cf02d72734e6ff4971c65fef1681e5f2d44`,
    canonical:
      'GET\n/v1/peerconn\nmaxKeys=1000&vpcId=vpc-a1b2c3d4e5f6\ncontent-length:0\n' +
      'content-type:application%2Fjson%3Bcharset%3Dutf-8\nhost:bcc.bj.baidubce.com\nx-bce-date:2026-01-01T00%3A00%3A00Z',
  },
  {
    name: 'V11: route rule create',
    request: request('POST', '/v1/route/rule?clientToken=rr-1', {
      ...JSON_TYPE,
      ...DATE,
      host: 'bcc.bj.baidubce.com',
      'content-length': '156',
    }),
    authorization: `${PREFIX}/content-length;content-type;host;x-bce-date/047cf254c8e1d50d3a1aadecc5427303067d76c72470a57ed9e449a45fe7e164`,
  },
];

const verify = (received: ReceivedRequest, header: string, secret: string): boolean => {
  const parsed = parseAuthorization(header);
  return parsed !== undefined && isSignedWith(received, parsed, authStringPrefix(header), secret);
};

describe('bce-auth-v1 vectors', () => {
  it.each(VECTORS)('$name', ({ request: received, authorization, secret = SK, canonical }) => {
    if (canonical !== undefined) {
      const listed = parseAuthorization(authorization)?.signedHeaders ?? [];
      expect(canonicalRequests(received, listed)[0]).toBe(canonical);
    }
    expect(verify(received, authorization, secret)).toBe(true);
    expect(verify(received, authorization, `${secret}x`)).toBe(false);
    expect(verify({ ...received, path: `${received.path}x` }, authorization, secret)).toBe(false);
  });

  it('refuses a changed signed header and ignores an unsigned one', () => {
    const vector = VECTORS.at(-1)!;
    const withHeader = (headers: Record<string, string>): ReceivedRequest => ({
      ...vector.request,
      headers: { ...vector.request.headers, ...headers },
    });
    expect(verify(withHeader({ 'content-length': '157' }), vector.authorization, SK)).toBe(false);
    expect(verify(withHeader({ host: 'bcc.gz.baidubce.com' }), vector.authorization, SK)).toBe(false);
    // the Go SDK adds its own x-bce-request-id after signing
    expect(verify(withHeader({ 'x-bce-request-id': 'abc' }), vector.authorization, SK)).toBe(true);
  });

  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const V8_CANONICAL =
    'DELETE\n/v1/peerconn/peerconn-9td54fmx143e\n\nhost:bcc.bj.baidubce.com\nx-bce-date:2026-01-01T00%3A00%3A00Z';
  it.each([
    ['keyed with raw bytes', '059c938370fb', true, V8_CANONICAL],
    ['trailing newline', 'df2fc71c86fb', false, `${V8_CANONICAL}\n`],
    ['missing blank line', '8170a6e25ba4', false, V8_CANONICAL.replace('\n\n', '\n')],
    ['colons of the date left as they are', 'b45e695a5e04', false, V8_CANONICAL.replaceAll('%3A', ':')],
  ])('refuses the wrong signature of a known bug: %s', (_name, start, rawKey, canonical) => {
    const key = hmac(SK, PREFIX);
    const wrong = hmac(rawKey ? key : key.toString('hex'), canonical).toString('hex');
    expect(wrong.slice(0, 12)).toBe(start);
    const received = request('DELETE', '/v1/peerconn/peerconn-9td54fmx143e', { host: 'bcc.bj.baidubce.com', ...DATE });
    expect(verify(received, `${PREFIX}/host;x-bce-date/${wrong}`, SK)).toBe(false);
  });
});

describe('pieces', () => {
  it('encodes as the SDK unit tests say', () => {
    expect(uriEncode("!'()*this is an example for 测试")).toBe(
      '%21%27%28%29%2Athis%20is%20an%20example%20for%20%E6%B5%8B%E8%AF%95',
    );
    expect(uriEncode('\ud800')).toBe('%EF%BF%BD');
  });

  it('decodes queries: either hex case, plus stays plus, duplicates stay, broken escapes stay', () => {
    expect(parseQuery('a=%2d%2D&a=b+c&flag&x=%zz&')).toEqual([
      ['a', '--'],
      ['a', 'b+c'],
      ['flag', ''],
      ['x', '%zz'],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['another version', `bce-auth-v2/${AK}/2026-01-01T00:00:00Z/1800//${'0'.repeat(64)}`],
    ['a bearer key', 'Bearer abc'],
    ['too few fields', `${PREFIX}/${'0'.repeat(64)}`],
    ['no access key', `bce-auth-v1//2026-01-01T00:00:00Z/1800//${'0'.repeat(64)}`],
    ['a date of another form', `bce-auth-v1/${AK}/20260101T000000Z/1800//${'0'.repeat(64)}`],
    ['an impossible date', `bce-auth-v1/${AK}/2026-13-41T00:00:00Z/1800//${'0'.repeat(64)}`],
    ['an expiration that is no number', `bce-auth-v1/${AK}/2026-01-01T00:00:00Z/soon//${'0'.repeat(64)}`],
    ['a signature of the wrong length', `${PREFIX}//abc`],
  ])('does not parse %s', (_name, header) => {
    expect(parseAuthorization(header)).toBeUndefined();
  });

  it('finds the session token in the header or in the query', () => {
    expect(securityToken(request('GET', '/v1/vpc', { 'x-bce-security-token': 'h' }))).toBe('h');
    expect(securityToken(request('GET', '/v1/vpc?x-bce-security-token=q%2F', {}))).toBe('q/');
    expect(securityToken(request('GET', '/v1/vpc?x=1', {}))).toBeUndefined();
  });
});
