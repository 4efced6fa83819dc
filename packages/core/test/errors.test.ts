/** The error class over two copies of the package, what survives of a foreign error, and redaction. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accountId,
  attachNative,
  DEFAULT_REMEDY,
  DEFAULT_RETRY,
  definePlugin,
  ERROR_CODES,
  isPeerwayError,
  linkId,
  nativeOf,
  NativeToken,
  networkId,
  PeerwayError,
  Redactor,
  toPeerwayError,
  retryAfterMs,
  wasNeverSent,
} from '@peerway/core';
import type * as core from '@peerway/core';
import { caught } from './support.js';

const CANARY = 'c4nary/s3cret+Value=?';
const SEED = 20261120;

describe('PeerwayError', () => {
  it('is recognised across two copies of the package, and rebuilt as ours', async () => {
    // with a query node loads a module, and by scripts/typescript what it imports, once more
    const copy = (await import(`${import.meta.resolve('@peerway/core')}?copy`)) as typeof core;
    expect(copy.PeerwayError).not.toBe(PeerwayError);
    const theirs = new copy.PeerwayError('Throttled', 'slow down', { nativeCode: 'Throttling' });
    expect(theirs instanceof PeerwayError).toBe(true);
    expect(isPeerwayError(theirs, 'Throttled')).toBe(true);
    expect(isPeerwayError(theirs, 'Conflict')).toBe(false);
    const ours = toPeerwayError(theirs, { provider: 'alibaba' });
    expect(Object.getPrototypeOf(ours)).toBe(PeerwayError.prototype);
    expect(ours.details).toEqual({ provider: 'alibaba', nativeCode: 'Throttling' });
  });

  it.each([undefined, null, 'x', {}, new Error('x'), { code: 'NotFound' }])('is not %p', (other) => {
    expect(isPeerwayError(other)).toBe(false);
  });

  it('is not every subclass of it', () => {
    class Special extends PeerwayError {}
    expect(new Special('Internal', 'x') instanceof Special).toBe(true);
    expect(new Special('Internal', 'x') instanceof PeerwayError).toBe(true);
    expect(new PeerwayError('Internal', 'x') instanceof Special).toBe(false);
  });

  it('says more with `with`, but never less: what is known first wins', () => {
    const inner = new PeerwayError('NotFound', 'no such peering', { resource: 'pcc-1' });
    const outer = inner.with({ resource: 'other', operation: 'peerings.get' });
    expect(outer.details).toEqual({ resource: 'pcc-1', operation: 'peerings.get' });
    expect(outer.stack).toBe(inner.stack);
    expect(inner.details).toEqual({ resource: 'pcc-1' });
  });

  it('has the stack of the error that it stands for, which may be none, until somebody writes another', () => {
    const bare = new PeerwayError('NotFound', 'no such peering');
    delete bare.stack;
    expect(bare.mapText((text) => `${text}!`).stack).toBeUndefined();
    const other = bare.with({ resource: 'pcc-1' });
    other.stack = 'somewhere else';
    expect(other.stack).toBe('somewhere else');
  });

  it("has advice for every code, and takes the details' own first", () => {
    expect(Object.keys(DEFAULT_RETRY)).toEqual([...ERROR_CODES]);
    expect(new PeerwayError('Conflict', 'x').retry).toBe('settle');
    expect(new PeerwayError('Conflict', 'x', { retry: 'never' }).retry).toBe('never');
  });

  it('has a remedy for every code, and as data never goes without one', () => {
    expect(Object.keys(DEFAULT_REMEDY)).toEqual([...ERROR_CODES]);
    for (const code of ERROR_CODES) {
      expect(new PeerwayError(code, 'x').toJSON().remedy).toMatch(/^[A-Z].+\.$/);
      expect(new PeerwayError(code, 'x', { remedy: 'Its own.' }).toJSON().remedy).toBe('Its own.');
    }
  });

  it('turns into JSON with its chain of causes and without stack', () => {
    const cause = new PeerwayError('Unavailable', 'cut', { httpStatus: 502 });
    const error = new PeerwayError('Internal', 'broken', { remedy: 'Report it.', cause });
    expect(error.cause).toBe(cause);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: 'Internal',
      message: 'broken',
      remedy: 'Report it.',
      cause: { code: 'Unavailable', message: 'cut', httpStatus: 502, remedy: DEFAULT_REMEDY.Unavailable },
    });
    expect(error.name).toBe('PeerwayError');
    expect(error.stack).toContain('errors.test');
  });
});

describe('foreign errors', () => {
  it('keep their class name and the positions of their stack, nothing else', () => {
    // what @alicloud/pop-core throws looks like this: the URL stands in three places
    const foreign = Object.assign(new TypeError(`GET https://x/?AccessKeySecret=${CANARY}`), {
      url: `https://x/?Signature=${CANARY}`,
      cause: new Error(CANARY),
    });
    const error = toPeerwayError(foreign, { operation: 'peerings.create' });
    expect(error.code).toBe('Internal');
    expect(error.message).toBe('An unexpected TypeError was thrown');
    expect(error.details.operation).toBe('peerings.create');
    expect(error.cause).toBeUndefined();
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(CANARY);
    expect(error.stack).toMatch(/at .*errors\.test/);
  });

  it('cannot smuggle text in a name or in lines that look like positions', () => {
    const lines = new Error(`first\n    at ${CANARY} (/x.js:1:2)`);
    expect(toPeerwayError(lines).stack).not.toContain(CANARY);
    expect(toPeerwayError(lines).stack).toMatch(/at .*errors\.test/);
    const trailing = Object.assign(new Error('x'), {
      stack: `Error: x\n    at f (/x.js:1:2) ${CANARY}\n    at g (/y.js:3:4)`,
    });
    expect(toPeerwayError(trailing).stack).toBe('PeerwayError: An unexpected Error was thrown\n    at g (/y.js:3:4)');
    const named = Object.assign(new Error('x'), { name: `Failed with ${CANARY}` });
    expect(toPeerwayError(named).message).toBe('An unexpected Error was thrown');
    const rewritten = new Error(`    at ${CANARY} (/x.js:1:2)`);
    expect(rewritten.stack).toContain(CANARY); // read once, so that it is written down
    rewritten.message = 'another';
    expect(toPeerwayError(rewritten).stack).toBe('PeerwayError: An unexpected Error was thrown');
  });

  it.each([
    ['a string', CANARY, 'An unexpected string was thrown'],
    ['undefined', undefined, 'An unexpected undefined was thrown'],
    ['null', null, 'An unexpected object was thrown'],
    ['an object', { secret: CANARY }, 'An unexpected object was thrown'],
    ['an object with a name alone', { name: 'Odd' }, 'An unexpected object was thrown'],
    ['an object with a message alone', { message: CANARY }, 'An unexpected object was thrown'],
    ['an object whose name is no text', { name: 7, message: 'x' }, 'An unexpected object was thrown'],
    ['an object whose message is no text', { name: 'Odd', message: 7 }, 'An unexpected object was thrown'],
    ['an error of another realm', { name: 'Odd', message: CANARY }, 'An unexpected Odd was thrown'],
  ])('may be %s', (_, thrown, message) => {
    expect(toPeerwayError(thrown).message).toBe(message);
  });

  it.each<[string | undefined, boolean]>([
    ['ECONNREFUSED', true],
    ['ENOTFOUND', true],
    ['EAI_AGAIN', true],
    ['EHOSTUNREACH', true],
    ['ENETUNREACH', true],
    ['EADDRNOTAVAIL', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true],
    ['CERT_HAS_EXPIRED', true],
    ['ECONNRESET', false],
    ['ETIMEDOUT', false],
    ['ECONNABORTED', false],
    [undefined, false],
  ])('of the transport: after %s it is certain that nothing was sent: %s', (code, certain) => {
    expect(wasNeverSent(code)).toBe(certain);
  });

  it.each<[string | undefined, number | undefined]>([
    ['37', 37_000],
    [' 1.5 ', 1_500],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Wed, 31 Dec 2025 23:59:59 GMT', undefined],
    ['0', undefined],
    ['-3', undefined],
    ['soon', undefined],
    ['2026-01-01T00:00:09Z', 9_000],
    ['', undefined],
    [undefined, undefined],
  ])('of the transport: Retry-After %p asks for %p ms', (header, wait) => {
    expect(retryAfterMs(header, Date.UTC(2026, 0, 1))).toBe(wait);
  });

  it('of an abort are Canceled', () => {
    const controller = new AbortController();
    controller.abort();
    expect(toPeerwayError(controller.signal.reason).code).toBe('Canceled');
  });
});

describe('Redactor', () => {
  const redactor = new Redactor();
  redactor.add(CANARY);

  it.each([
    ['plain', CANARY],
    ['in a query', `a=${encodeURIComponent(CANARY)}&b=2`],
    ['in a string to sign, encoded twice', `x%3D${encodeURIComponent(encodeURIComponent(CANARY))}%26y`],
    ['in JSON', JSON.stringify({ secret: CANARY })],
    ['twice', `${CANARY} and ${CANARY}`],
  ])('masks a secret %s', (_, text) => {
    const out = redactor.redact(text);
    expect(out).toContain('[secret]');
    expect(out).not.toContain('s3cret');
  });

  // no key name stands beside them that would give them away
  const ODD = `q"u\\o/te's (and*) blank!ß😀`;
  const rfc3986 = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  it.each([
    ['JSON', JSON.stringify([ODD])],
    ['JSON inside of JSON', JSON.stringify({ body: JSON.stringify([ODD]) })],
    ['JSON with escaped slashes', JSON.stringify([ODD]).replaceAll('/', '\\/')],
    [
      'JSON of ASCII only',
      JSON.stringify([ODD]).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    ['percent signs, as JavaScript writes them', encodeURIComponent(ODD)],
    ['percent signs, as both clouds write them', rfc3986(ODD)],
    ['percent signs twice, in a string to sign', rfc3986(rfc3986(ODD))],
    ['percent signs with small letters', lower(rfc3986(ODD))],
    ['a form, with + for a blank', new URLSearchParams({ x: ODD }).toString()],
  ])('masks a secret encoded as %s', (_, text) => {
    const one = new Redactor();
    one.add(ODD);
    const out = one.redact(`before ${text} after`);
    expect(out).toContain('[secret]');
    expect(out).not.toMatch(/blank|and\*|te's|te%27/);
  });

  it(`never lets a registered secret through, whatever stands around it (seed ${SEED})`, () => {
    const secret = fc
      .string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' })
      .filter((text) => text.trim() === text);
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const one = new Redactor();
          for (const each of secrets) one.add(each);
          for (const each of secrets) {
            if ('[secret]'.includes(each)) continue;
            // a mask can only be cut up by a secret that is a part of the mask itself
            expect(one.redact(`${before}${each}${after}`).replaceAll('[secret]', '')).not.toContain(each);
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('masks the longer of two secrets when one is a part of the other, in whatever order they came', () => {
    for (const secrets of [
      ['abcdef', 'abcdefghij'],
      ['abcdefghij', 'abcdef'],
    ]) {
      const one = new Redactor();
      for (const secret of secrets) one.add(secret);
      expect(one.redact('x abcdefghij y abcdef')).toBe('x [secret] y [secret]');
    }
  });

  it.each([
    ['?Signature=abc123&x=1', '?Signature=[secret]&x=1'],
    ['{"accessKeySecret":"abc123","region":"bj"}', '{"accessKeySecret":"[secret]","region":"bj"}'],
    ['secret_access_key: abc123', 'secret_access_key: [secret]'],
    ['x-acs-security-token: abc123', 'x-acs-security-token: [secret]'],
    ['x-bce-security-token: abc123', 'x-bce-security-token: [secret]'],
    [
      'AccessKeyId%3DLTAI%26SecurityToken%3Dabc123%26Version%3D1',
      'AccessKeyId%3DLTAI%26SecurityToken%3D[secret]%26Version%3D1',
    ],
    ['authorization: ACS3-HMAC-SHA256 Credential=AK,Signature=00ff', 'authorization: [secret]'],
    ['{"Authorization":"Bearer abc 123"}', '{"Authorization":"[secret]"}'],
    ["password='abc123'", "password='[secret]'"],
    ['SignatureMethod=HMAC-SHA1&SignatureNonce=1', 'SignatureMethod=HMAC-SHA1&SignatureNonce=1'],
    ['The signature did not match', 'The signature did not match'],
  ])('masks by name: %s', (text, masked) => {
    expect(new Redactor().redact(text)).toBe(masked);
  });

  it('ignores what is absent or too short to be a secret', () => {
    const one = new Redactor();
    one.add(undefined);
    one.add('');
    one.add('short');
    expect(one.redact('a short text')).toBe('a short text');
  });

  it('reaches every text of an error: details, stack and causes', () => {
    const cause = new PeerwayError('Unavailable', `cause ${CANARY}`, { place: CANARY });
    const error = new PeerwayError('Unknown', `message ${CANARY}`, {
      remedy: CANARY,
      resource: CANARY,
      httpStatus: 500,
      cause,
    });
    const clean = error.mapText((text) => redactor.redact(text));
    expect(`${clean.stack} ${clean.details.cause?.stack} ${JSON.stringify(clean)}`).not.toContain('s3cret');
    expect(clean.details.httpStatus).toBe(500);
    expect(clean.code).toBe('Unknown');
    expect(clean.details.cause?.code).toBe('Unavailable');
    expect(clean.cause).toBe(clean.details.cause);
  });
});

describe('ids, native records and plugins', () => {
  it.each(['', ' ', 'vpc-1 ', 'vpc\n1', 'vpc-\u0000', 'vpc-\u200b1', '\ufeffvpc-1', 5, undefined])(
    'refuses the id %j',
    (value) => {
      expect(caught(() => networkId(value as string))?.code).toBe('InvalidArgument');
    },
  );

  it.each(['vpc-bp1aaaa', '18446744073709551615', 'projects/p/global/networks/n', 'Gruppe-ü(1)'])(
    'takes the id %s',
    (value) => {
      expect(accountId(value)).toBe(value);
      expect(linkId(value)).toBe(value);
    },
  );

  it('keeps a vendor record beside an object, by token, and out of JSON', () => {
    const one = new NativeToken<{ raw: number }>('one');
    const sameName = new NativeToken<string>('one');
    const object = { id: 'pcc-1' };
    expect(attachNative(object, one, { raw: 1 })).toBe(object);
    attachNative(object, sameName, 'text');
    expect(nativeOf(object, one)).toEqual({ raw: 1 });
    expect(nativeOf(object, sameName)).toBe('text');
    expect(nativeOf({ ...object }, one)).toBeUndefined();
    expect(JSON.stringify(object)).toBe('{"id":"pcc-1"}');
  });

  it('definePlugin gives back the plugin itself', () => {
    class Options {
      readonly linkType: string = 'Gold';
    }
    const plugin = { apiVersion: 1, id: 'x', displayName: 'X', options: Options } as unknown as Parameters<
      typeof definePlugin<Options>
    >[0];
    expect(definePlugin<Options>(plugin)).toBe(plugin);
  });
});
