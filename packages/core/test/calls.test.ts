/** The call that a driver is handed: what it lets through, where requests wait, and whose names and routes are the same. */
import { describe, expect, it } from '@jest/globals';
import {
  createCall,
  definePlugin,
  isKnownAccount,
  isPrefix,
  parseCidr,
  prefixListId,
  PeerwayError,
  proxyFor,
  routeKey,
  sameRouteKey,
  unknownAccount,
  type RequestOutcome,
} from '@peerway/core';
import { ALICE, fake, peering, PEERING, route } from './fakeProvider.js';
import { caught, rejection } from './support.js';

const { signal } = new AbortController();
const write = { nativeOperation: 'Create', mutating: true };
const read = { nativeOperation: 'Get', mutating: false };
const answered: RequestOutcome = { httpStatus: 200, durationMs: 3 };

describe('a call', () => {
  it('tells its observer of each request, its waiting and its answer, in order', async () => {
    const seen: unknown[] = [];
    const admitted = (waitedMs: number) => ({
      enter: async () => ({ waitedMs, leave: (outcome: RequestOutcome) => void seen.push(['left', outcome]) }),
    });
    const observer = {
      requestSent: (...told: unknown[]) => void seen.push(['sent', ...told]),
      requestWaited: (...told: unknown[]) => void seen.push(['waited', ...told]),
      requestAnswered: (...told: unknown[]) => void seen.push(['answered', ...told]),
    };
    for (const waitedMs of [0, 1]) {
      const call = createCall('fake', { signal, readOnly: false, observer, admission: admitted(waitedMs) });
      expect(call.signal).toBe(signal);
      (await call.admit(write))(answered);
    }
    const sent = [
      ['sent', 'fake', write],
      ['left', answered],
      ['answered', 'fake', write, answered],
    ];
    expect(seen).toEqual([...sent, ['waited', 'fake', write, 1], ...sent]);
    const bare = createCall('fake', { signal, readOnly: false });
    (await bare.admit(write))(answered);
  });

  it('lets nothing through that changes something where only reading is allowed, and takes no place for it', async () => {
    let entered = 0;
    const admission = { enter: async () => (entered++, { waitedMs: 0, leave: () => undefined }) };
    const call = createCall('fake', { signal, readOnly: true, admission });
    const error = await rejection(call.admit(write));
    expect([error.code, error.details.provider, entered]).toEqual(['FailedPrecondition', 'fake', 0]);
    (await call.admit(read))(answered);
    expect(entered).toBe(1);
  });

  it('gives its place back when the observer breaks before anything was sent', async () => {
    const left: RequestOutcome[] = [];
    const admission = {
      enter: async () => ({ waitedMs: 0, leave: (outcome: RequestOutcome) => void left.push(outcome) }),
    };
    const observer = {
      requestSent: () => {
        throw new PeerwayError('Internal', 'a defect');
      },
    };
    const call = createCall('fake', { signal, readOnly: false, admission, observer });
    expect((await rejection(call.admit(read))).code).toBe('Internal');
    expect(left).toEqual([{ durationMs: 0 }]);
  });
});

describe('names and routes', () => {
  it('of an account that nobody names is made of eight digits, and can be sent to nobody', () => {
    const unknown = unknownAccount('0123abcd');
    expect([unknown, isKnownAccount(unknown), isKnownAccount(ALICE)]).toEqual(['unknown-0123abcd', false, true]);
    for (const bad of ['', '0123abc', '0123abcde', '0123ABCD', 'ghijklmn'])
      expect(caught(() => unknownAccount(bad))?.code).toBe('InvalidArgument');
  });

  it('lead to a prefix or to a list, and are the same by what they match', () => {
    const source = parseCidr('10.9.0.0/16');
    const list = prefixListId('pl-1');
    const a = '10.1.0.0/16';
    expect([isPrefix(list), isPrefix(parseCidr(a))]).toEqual([false, true]);
    const toList = route(a, { destination: list });
    expect(sameRouteKey(toList, route(a, { destination: list }))).toBe(true);
    expect(sameRouteKey(toList, route(a, { destination: prefixListId('pl-2') }))).toBe(false);
    expect([sameRouteKey(toList, route(a)), sameRouteKey(route(a), toList)]).toEqual([false, false]);
    expect([sameRouteKey(route(a, { source }), route(a)), sameRouteKey(route(a), route(a, { source }))]).toEqual([
      ...[false, false],
    ]);
    expect(sameRouteKey(route(a, { source }), route(a, { source: parseCidr('10.8.0.0/16') }))).toBe(false);
    expect([routeKey(route(a)), routeKey(route(a, { source }))]).toEqual([
      'rt-web 10.1.0.0/16 *',
      'rt-web 10.1.0.0/16 10.9.0.0/16',
    ]);
  });

  it('of settings that a peering shows otherwise come from the driver, where it compares them', () => {
    const drift = [{ name: 'payer' }];
    const seen: unknown[] = [];
    const script = { provider: fake({}).provider };
    expect(script.provider.peerings.settingsDrift(peering('active'))).toEqual([]);
    const peerings = { settingsDrift: (...args: unknown[]) => (seen.push(args), drift) } as never;
    const { provider } = fake({}, { driver: { peerings } });
    expect(provider.peerings.settingsDrift(peering('active'), { payer: 'a' })).toBe(drift);
    expect(provider.peerings.settingsDrift(peering('active'))).toBe(drift);
    expect(seen).toEqual([
      [peering('active'), { payer: 'a' }],
      [peering('active'), {}],
    ]);
    expect(peering('active').id).toBe(PEERING);
  });

  it('of a proxy hold for a port, several names and an address in brackets', () => {
    const through = (endpoint: string, env: Record<string, string>) =>
      proxyFor(endpoint, { HTTPS_PROXY: 'http://p:1', ...env })?.shown;
    expect(through('https://a.example:8443', { NO_PROXY: 'a.example:8443' })).toBeUndefined();
    expect(through('https://a.example:8443', { NO_PROXY: 'a.example' })).toBeUndefined();
    expect(through('https://a.example', { NO_PROXY: 'a.example:8443' })).toBe('http://p:1');
    expect(through('https://a.example', { NO_PROXY: ' b.example,  A.EXAMPLE ' })).toBeUndefined();
    expect(through('https://a.example', { no_proxy: '', NO_PROXY: 'a.example' })).toBeUndefined();
    expect(through('https://xa.example', { NO_PROXY: 'a.example' })).toBe('http://p:1');
    expect(through('https://[fd00::1]:8443', { NO_PROXY: '[fd00::1]:8443' })).toBeUndefined();
    expect(through('https://127.0.0.1.example', {})).toBe('http://p:1');
    expect(through('https://a.example', { HTTPS_PROXY: '', https_proxy: 'https://q:2' })).toBe('https://q:2');
    expect(through('https://a.example', { HTTPS_PROXY: ' HTTP://r:3 ' })).toBe('http://r:3');
  });

  it('of a plugin are its own', () => {
    const plugin = { id: 'x' } as never;
    expect(definePlugin(plugin)).toBe(plugin);
  });
});
