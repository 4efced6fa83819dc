import { describe, expect, it } from '@jest/globals';
import { connectionTo, isPeerwayError, proxyFor, wrongIn, type Shape } from '@peerway/core';

describe('what an answer must hold', () => {
  const shape: Shape = {
    must: {
      Id: 'id',
      Peers: {
        list: {
          must: { Status: 'text' },
          may: { Prefix: 'prefix', Speed: { least: 1, most: 10, or: -1 }, Owner: 'integer' },
        },
      },
    },
    may: { Tags: { list: { must: { Key: 'name' } } }, On: 'flag', At: 'instant', Gateway: 'address' },
  };

  it.each<[string, unknown]>([
    ['the least', { Id: 'a-1', Peers: [] }],
    [
      'absent, null and empty are one',
      { Id: 'a-1', Peers: [{ Status: '', Prefix: null, Speed: '' }], On: null, At: '' },
    ],
    [
      'a bound, and what stands for no bound',
      { Id: 'a', Peers: [1, 10, '10', -1, '-1'].map((Speed) => ({ Status: 's', Speed })) },
    ],
    ['numbers as texts', { Id: 'a-1', Peers: [{ Status: 's', Speed: '10', Owner: '253460731706911258' }] }],
    [
      'host bits, addresses with and without a prefix',
      { Id: 'a', Peers: [{ Status: 's', Prefix: '10.0.0.1/8' }], Gateway: '10.0.0.1/30' },
    ],
    ['members that nobody asked for', { Id: 'a', Peers: [], Other: { deep: [null] } }],
  ])('takes %s', (_, value) => {
    expect(wrongIn(shape, value)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [undefined, 'it is missing'],
    [null, 'it is null and not an object'],
    [[], 'it is a list and not an object'],
    ['text', 'it is another text and not an object'],
    [{}, 'Id is missing'],
    [{ Id: '', Peers: [] }, 'Id is an empty text and not an id'],
    [{ Id: 'a\u200b', Peers: [] }, 'Id is another text and not an id'],
    [{ Id: 7, Peers: [] }, 'Id is a number and not an id'],
    [{ Id: 'a/../b', Peers: [] }, 'Id is another text and not an id'],
    [{ Id: 'a', Peers: [], Gateway: '10.0.0.1/99' }, 'Gateway is another text and not an address'],
    [
      { Id: 'a', Peers: [], Tags: [{ Key: ' ' }, { Key: '' }] },
      'Tags[1].Key is an empty text and not a text that says something',
    ],
    [{ Id: 'a' }, 'Peers is missing'],
    [{ Id: 'a', Peers: '' }, 'Peers is an empty text and not a list'],
    [{ Id: 'a', Peers: {} }, 'Peers is an object and not a list'],
    [{ Id: 'a', Peers: [{ Status: 'x' }, null] }, 'Peers[1] is null and not an object'],
    [{ Id: 'a', Peers: [{}] }, 'Peers[0].Status is missing'],
    [{ Id: 'a', Peers: [{ Status: 's', Prefix: '10.0.0.0/33' }] }, 'Peers[0].Prefix is another text and not a prefix'],
    [
      { Id: 'a', Peers: [{ Status: 's', Speed: 'fast' }] },
      'Peers[0].Speed is another text and not a whole number from 1 to 10',
    ],
    ...[0, 11, 1.5, -2, 1e300, true].map((Speed): [unknown, string] => [
      { Id: 'a', Peers: [{ Status: 's', Speed }] },
      `Peers[0].Speed is a ${typeof Speed} and not a whole number from 1 to 10`,
    ]),
    [{ Id: 'a', Peers: [{ Status: 's', Owner: 2 ** 60 }] }, 'Peers[0].Owner is a number and not a whole number'],
    [{ Id: 'a', Peers: [], On: 'true' }, 'On is another text and not true or false'],
    [{ Id: 'a', Peers: [], Tags: [], On: 7 }, 'On is a number and not true or false'],
    [{ Id: 'a', Peers: [], Gateway: '10.0.0' }, 'Gateway is another text and not an address'],
    [JSON.parse('{"__proto__":{"Id":"a","Peers":[]}}'), 'Id is missing'],
  ])('refuses %j', (value, wrong) => {
    expect(wrongIn(shape, value)).toBe(wrong);
  });

  it('is not what every object inherits', () => {
    expect(wrongIn({ must: Object.fromEntries([['toString', 'text' as const]]) }, {})).toBe('toString is missing');
  });
});

describe('the proxy before an address', () => {
  const CLOUD = 'https://vpc.cn-hangzhou.aliyuncs.com';
  const through = (env: Record<string, string>, endpoint = CLOUD) => proxyFor(endpoint, env)?.shown;

  it.each<[string, Record<string, string>, string | undefined]>([
    ['none is named', {}, undefined],
    ['an empty variable names none', { HTTPS_PROXY: '' }, undefined],
    ['upper case', { HTTPS_PROXY: 'http://proxy.example:3128' }, 'http://proxy.example:3128'],
    ['lower case wins', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'http://b:2'],
    ['http is assumed', { HTTPS_PROXY: 'proxy.example:3128' }, 'http://proxy.example:3128'],
    ['a password is not shown', { HTTPS_PROXY: 'http://user:pass@proxy.example:3128' }, 'http://proxy.example:3128'],
    [
      'an address that NO_PROXY names',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x, vpc.cn-hangzhou.aliyuncs.com' },
      undefined,
    ],
    ['a domain that it names', { HTTPS_PROXY: 'http://p:1', no_proxy: 'aliyuncs.com' }, undefined],
    ['with a leading dot', { HTTPS_PROXY: 'http://p:1', no_proxy: '.aliyuncs.com' }, undefined],
    ['with a star', { HTTPS_PROXY: 'http://p:1', no_proxy: '*.aliyuncs.com' }, undefined],
    ['all of them', { HTTPS_PROXY: 'http://p:1', no_proxy: '*' }, undefined],
    ['another port', { HTTPS_PROXY: 'http://p:1', no_proxy: 'aliyuncs.com:8443' }, 'http://p:1'],
    ['the same port', { HTTPS_PROXY: 'http://p:1', no_proxy: 'aliyuncs.com:443' }, undefined],
    ['what is no name and port', { HTTPS_PROXY: 'http://p:1', no_proxy: 'aliyuncs.com:https, :443, .' }, 'http://p:1'],
    ['only the end of another name', { HTTPS_PROXY: 'http://p:1', no_proxy: 'uncs.com' }, 'http://p:1'],
  ])('%s', (_, env, shown) => {
    expect(through(env)).toBe(shown);
  });

  it('is none for this machine and for plain http, which is this machine only', () => {
    const env = { HTTPS_PROXY: 'http://p:1' };
    for (const local of ['http://127.0.0.1:8080', 'https://127.0.0.1:8080', 'https://localhost', 'https://[::1]:1']) {
      expect(through(env, local)).toBeUndefined();
    }
  });

  it.each(['socks5://secret@p:1', 'http://', 'http://a b', '://'])('%s is refused without being shown', (value) => {
    let thrown: unknown;
    try {
      proxyFor(CLOUD, { HTTPS_PROXY: value });
    } catch (error) {
      thrown = error;
    }
    expect(isPeerwayError(thrown, 'InvalidArgument')).toBe(true);
    expect(String(thrown)).toContain('HTTPS_PROXY does not name a proxy');
    expect(JSON.stringify(thrown)).not.toContain('secret');
  });

  it('is reported without its password', () => {
    const proxy = proxyFor(CLOUD, { HTTPS_PROXY: 'http://user:pass@proxy.example:3128' });
    expect(connectionTo(CLOUD, proxy)).toEqual({
      endpoint: CLOUD,
      proxy: { address: 'http://proxy.example:3128', variable: 'HTTPS_PROXY' },
    });
    expect(connectionTo(CLOUD, undefined)).toEqual({ endpoint: CLOUD });
  });
});
