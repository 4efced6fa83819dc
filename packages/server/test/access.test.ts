/** Tokens: what a file may say, what happens when it changes, and how often one may guess. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@peerway/core';
import { newToken, VERBS } from '@peerway/server';
import { AuthFailures, placeOfAddress } from '../src/access/failures.js';
import { Caller } from '../src/access/scope.js';
import { callerOf } from '../src/access/token.js';
import { readTokens } from '../src/access/tokenFile.js';
import { MadeUpRuns } from './madeUpRuns.js';
import { Served, tokenFile, type Granted } from './served.js';

/** Stands still until it is moved. */
class Hands implements Clock {
  at = Date.parse('2026-11-27T00:00:00Z');
  now(): number {
    return this.at;
  }
  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('canceled'))));
  }
  during<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

let served: Served | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

const ALL: Granted = { stacks: ['*'], verbs: VERBS };

describe('a scope', () => {
  it.each([
    ['shop', 'shop', true],
    ['shop', 'shop-2', false],
    ['shop-*', 'shop-2', true],
    ['shop-*', 'my-shop-2', false],
    ['*-eu-*', 'shop-eu-1', true],
    ['*', 'anything', true],
    ['**********************************a', 'b'.repeat(60), false],
  ])('of %s and the stack %s: %s', (pattern, stack, fits) => {
    const caller = new Caller('x', [{ stacks: [pattern], verbs: ['read'] }]);
    expect([caller.knows(stack), caller.may('read', stack), caller.may('apply', stack)]).toEqual([fits, fits, false]);
  });

  it('gives its verbs for its own stacks alone', () => {
    const caller = new Caller('x', [
      { stacks: ['a'], verbs: ['read'] },
      { stacks: ['b'], verbs: ['apply'] },
    ]);
    expect([caller.may('apply', 'a'), caller.may('read', 'b'), caller.verbsFor('b')]).toEqual([
      false,
      false,
      ['apply'],
    ]);
  });
});

describe('the file of tokens', () => {
  const token = newToken();
  const good = tokenFile({ bot: ALL }, { bot: token });

  it('gives a caller to its token and to no other, until it expires', () => {
    const entries = readTokens(good, 'tokens.yaml');
    expect(callerOf(token, entries, 0)?.name).toBe('bot');
    expect(callerOf(newToken(), entries, 0)).toBeUndefined();
    expect(callerOf('', entries, 0)).toBeUndefined();
    const expiring = readTokens(tokenFile({ bot: { ...ALL, expiresAt: '2026-01-01T00:00:00Z' } }, { bot: token }), 'f');
    const at = Date.parse('2026-01-01T00:00:00Z');
    expect([callerOf(token, expiring, at - 1)?.name, callerOf(token, expiring, at)]).toEqual(['bot', undefined]);
  });

  it.each([
    ['a token instead of its hash', good.replace(/"sha256":"[0-9a-f]+"/, `"sha256":"${token}"`), 'tokens[0]', 'sha256'],
    ['a verb that there is not', good.replace('"read"', '"write"'), 'scopes[0]', 'verbs'],
    ['a pattern that is none', good.replace('"*"', '"a b"'), 'scopes[0]', 'stacks'],
    ['a member that is not known', good.replace('"scopes"', '"scope"'), 'tokens[0]', 'scope'],
    ['no YAML', `{${token}: [`, 'tokens.yaml', 'no mapping'],
    ['a token where a name belongs', `{${token}: 1}`, 'tokens.yaml', 'a member that is not shown'],
    ['another version', good.replace('"version":1', '"version":2'), 'tokens.yaml', 'version'],
    [
      'a name twice',
      good.replace('"tokens":[', `"tokens":[${good.slice(good.indexOf('[') + 1, -2)},`),
      'tokens[1]',
      'twice',
    ],
  ])('with %s is refused with the place, and nothing is quoted', (_what, text, place, says) => {
    const refused = (): unknown => readTokens(text, 'tokens.yaml');
    expect(refused).toThrow(
      expect.objectContaining({ code: 'InvalidArgument', message: expect.stringContaining(says) }),
    );
    try {
      refused();
    } catch (error) {
      const shown = JSON.stringify(error);
      expect(shown).toContain(place);
      expect(shown).not.toContain(token);
    }
  });

  it('is as the guide shows one', () => {
    const guide = readFileSync(new URL('../../../docs/guides/server.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yml\n([\s\S]*?)```/.exec(guide) ?? [];
    expect(readTokens(example, 'tokens.yaml').map(({ caller }) => caller.name)).toEqual(['alice', 'pipeline']);
  });

  it('is read again when it changes; one that has become wrong changes nothing and is told', async () => {
    const clock = new Hands();
    served = await Served.start(new MadeUpRuns(), { one: ALL, two: ALL }, { clock });
    const status = async (who: string): Promise<number> => (await served!.ask(who, '/v1/stacks')).status;
    expect([await status('one'), await status('two')]).toEqual([200, 200]);
    served.writeTokens(tokenFile({ two: ALL }, served.tokens));
    clock.at += 1_000;
    expect([await status('one'), await status('two')]).toEqual([401, 200]);
    served.writeTokens('version: [');
    clock.at += 1_000;
    expect([await status('one'), await status('two')]).toEqual([401, 200]);
    expect(await served.ask(undefined, '/readyz')).toMatchObject({ status: 503, json: { ready: false } });
    served.writeTokens(tokenFile({ one: ALL }, served.tokens));
    clock.at += 1_000;
    expect([await status('one'), await status('two')]).toEqual([200, 401]);
    expect((await served.ask(undefined, '/readyz')).status).toBe(200);
  });
});

describe('wrong tokens', () => {
  it('are looked at ten times, then one each six seconds; a token that was good goes on working', async () => {
    const clock = new Hands();
    served = await Served.start(new MadeUpRuns(), { good: ALL, late: ALL }, { clock });
    const guess = async (who = newToken()): Promise<number> => (await served!.ask(who, '/v1/stacks')).status;
    expect(await guess('good')).toBe(200);
    const first = await Promise.all(Array.from({ length: 10 }, () => guess()));
    expect(first).toEqual(Array.from({ length: 10 }, () => 401));
    const refused = await served.ask(newToken(), '/v1/stacks');
    expect(refused).toMatchObject({ status: 429, json: { code: 'Throttled' } });
    expect(Number(refused.headers.get('retry-after'))).toBe(6);
    expect([await guess('late'), await guess('good')]).toEqual([429, 200]); // not looked at: a right guess would look the same
    clock.at += 6_000;
    expect([await guess(), await guess()]).toEqual([401, 429]);
    clock.at += 60_000;
    expect(await guess('late')).toBe(200);
    expect((await served.ask(undefined, '/metrics')).text).toMatch(/^peerway_auth_failures_total 14$/m);
  });

  it('are counted by address: behind a proxy by the one that it names last, else by the socket', async () => {
    const clock = new Hands();
    const from = (address: string) => ({ headers: { 'x-forwarded-for': `8.8.8.8, ${address}` } });
    for (const behindProxy of [true, false]) {
      served = await Served.start(new MadeUpRuns(), { good: ALL }, { clock, behindProxy });
      for (let n = 0; n < 11; n++) await served.ask(newToken(), '/v1/stacks', from('192.0.2.1'));
      const other = await served.ask(newToken(), '/v1/stacks', from('192.0.2.2'));
      expect(other.status).toBe(behindProxy ? 401 : 429);
      await served.close();
    }
    served = undefined;
  });

  it('of an address are forgotten for the oldest when there are very many', () => {
    const failures = new AuthFailures(() => 0);
    for (let n = 0; n < 10; n++) failures.add('first');
    expect(failures.waitMs('first')).toBeGreaterThan(0);
    for (let n = 0; n < 10_000; n++) failures.add(`place-${n}`);
    expect(failures.waitMs('first')).toBe(0);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', ':0:0:0'],
  ])('of %s count for %s', (address, place) => expect(placeOfAddress(address)).toBe(place));
});
