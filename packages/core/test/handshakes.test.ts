/** Making and ending peerings over a scripted driver: lost answers, handshakes and deletions of several steps. */
import { describe, expect, it } from '@jest/globals';
import { networkId, type Peering } from '@peerway/core';
import {
  CAPABILITIES,
  DATA,
  HOME,
  PEERING,
  START,
  WEB,
  acceptNext,
  fake,
  page,
  peering,
  request,
  sameAccount,
  without,
} from './fakeProvider.js';
import { fail, lost, rejection } from './support.js';

describe('request', () => {
  it('gives the driver one complete input, with one token over all tries', async () => {
    const { provider, inputs, retried } = fake({ 'peerings.create': [fail('Throttled'), lost, PEERING] });
    expect(await provider.peerings.request({ ...request, name: 'shop' })).toBe(PEERING);
    const all = inputs('peerings.create');
    expect(all).toHaveLength(3);
    expect(new Set(all.map(({ clientToken }) => clientToken)).size).toBe(1);
    expect(all[0]).toMatchObject({
      mechanism: 'wire',
      initiator: WEB,
      acceptor: { region: HOME, network: DATA },
      tags: {},
    });
    expect(retried).toEqual(['Throttled Throttled', 'Unavailable Unavailable']);
  });

  it('reads back after a lost answer where there are no tokens, and does not ask twice', async () => {
    const made = peering('provisioning', { name: 'shop' });
    const { provider, counts } = fake({ 'peerings.create': [lost], 'peerings.list': [page(), page(made)] });
    // not visible in the first listing: clouds answer reads from copies
    expect(await provider.peerings.request({ ...request, mechanism: 'string', name: 'shop' })).toBe(PEERING);
    expect(counts()).toEqual({ 'peerings.create': 1, 'peerings.list': 2 });
  });

  it('asks again after a lost answer, without a token, where a duplicate is answered with what is there', async () => {
    const [mechanism] = without('clientToken').mechanisms;
    const capabilities = { ...CAPABILITIES, mechanisms: [{ ...mechanism, duplicate: 'returns-existing' }] } as const;
    const { provider, counts } = fake({ 'peerings.create': [lost, PEERING] }, { capabilities });
    expect(await provider.peerings.request(request)).toBe(PEERING);
    expect(counts()).toEqual({ 'peerings.create': 2 });
  });

  it('takes AlreadyExists after a lost answer for its own peering', async () => {
    const { provider } = fake({
      'peerings.create': [lost, fail('AlreadyExists')],
      'peerings.list': [page(peering('pending-acceptance'))],
    });
    expect(await provider.peerings.request(request)).toBe(PEERING);
  });

  it.each<[string, Partial<Peering>]>([
    ['of another name', { name: 'theirs' }],
    [
      'asked for by the other end',
      { name: 'shop', initiator: peering('active').acceptor, acceptor: peering('active').initiator },
    ],
    ['with somebody else', { name: 'shop', acceptor: { ...peering('active').acceptor, network: networkId('vpc-x') } }],
    ['with the marker of another stack', { name: 'shop', tags: { stack: 'theirs' } }],
    ['that is dead', { name: 'shop', state: 'rejected' }],
    ['that is going', { name: 'shop', state: 'deleting' }],
  ])('does not take for its own a peering %s', async (_, more) => {
    const { provider } = fake({
      'peerings.create': [lost, fail('AlreadyExists')],
      'peerings.list': [page(peering('active', more))],
    });
    const error = await rejection(provider.peerings.request({ ...request, name: 'shop', tags: { stack: 'ours' } }));
    expect(error.code).toBe('AlreadyExists');
  });

  it('reports AlreadyExists at once when no answer was lost', async () => {
    const { provider, members } = fake({ 'peerings.create': [fail('AlreadyExists')] });
    expect((await rejection(provider.peerings.request(request))).code).toBe('AlreadyExists');
    expect(members()).toEqual(['peerings.create']);
  });

  it('keeps the doubt when nothing can be read back', async () => {
    for (const list of [page(), fail('Unauthenticated')]) {
      const { provider } = fake({ 'peerings.create': [lost], 'peerings.list': [list] });
      const error = await rejection(provider.peerings.request({ ...request, mechanism: 'string' }));
      expect([error.code, error.details.outcome]).toEqual(['Unavailable', 'unknown']);
      expect(error.details).toMatchObject({
        provider: 'fake',
        operation: 'peerings.create',
        resource: `${WEB} → ${DATA}`,
      });
    }
  });

  it('is Canceled, in doubt, when the signal aborts a request on its way', async () => {
    const controller = new AbortController();
    const { provider, members } = fake({
      'peerings.create': [
        () => {
          controller.abort();
          return lost;
        },
      ],
    });
    const error = await rejection(provider.peerings.request(request, { signal: controller.signal }));
    expect([error.code, error.details.outcome]).toEqual(['Canceled', 'unknown']);
    expect((await rejection(provider.peerings.request(request, { signal: controller.signal }))).code).toBe('Canceled');
    expect(members()).toHaveLength(1);
  });

  it('is Canceled, in doubt, when the signal aborts while a lost answer is read back', async () => {
    const controller = new AbortController();
    const { provider, members } = fake({
      'peerings.create': [lost],
      'peerings.list': [
        () => {
          controller.abort();
          return page();
        },
      ],
    });
    const { signal } = controller;
    const error = await rejection(provider.peerings.request({ ...request, mechanism: 'string' }, { signal }));
    expect([error.code, error.details.outcome]).toEqual(['Canceled', 'unknown']);
    expect(members()).toEqual(['peerings.create', 'peerings.list']);
  });
});

describe('create and settle', () => {
  it('takes every step of a handshake of several, on both sides of one account', async () => {
    const step = (side: 'initiator' | 'acceptor', verb: 'accept' | 'continue') =>
      peering('provisioning', { ...sameAccount, next: { side, verb } });
    const { provider, members, asked } = fake({
      'peerings.create': [PEERING],
      'peerings.get': [
        fail('NotFound'), // not visible yet
        step('acceptor', 'accept'),
        step('initiator', 'continue'),
        step('acceptor', 'continue'),
        peering('provisioning', sameAccount),
        peering('active', sameAccount),
      ],
      'peerings.accept': [undefined],
      'peerings.continue': [undefined],
    });
    const made = await provider.peerings.create(request);
    expect(made.state).toBe('active');
    expect(members()).toEqual([
      'peerings.create',
      'peerings.get',
      'peerings.get',
      'peerings.accept',
      'peerings.get',
      'peerings.continue',
      'peerings.get',
      'peerings.continue',
      'peerings.get',
      'peerings.get',
    ]);
    const continues = asked.filter(({ member }) => member === 'peerings.continue');
    expect(continues.map(({ args }) => args[1])).toEqual(['initiator', 'acceptor']);
  });

  it('stops across accounts when the other side must act', async () => {
    const pending = peering('pending-acceptance', acceptNext);
    const { provider, counts } = fake({ 'peerings.create': [PEERING], 'peerings.get': [pending] });
    expect((await provider.peerings.create(request)).state).toBe('pending-acceptance');
    expect(counts()).toEqual({ 'peerings.create': 1, 'peerings.get': 1 });
  });

  it('waits for the other side when told to', async () => {
    const pending = peering('pending-acceptance', acceptNext);
    const progress: string[] = [];
    const { provider, counts } = fake({
      'peerings.create': [PEERING],
      'peerings.get': [pending, pending, pending, peering('active')],
    });
    const onProgress = ({ state }: { state: string }): number => progress.push(state);
    expect((await provider.peerings.create(request, { until: 'active', onProgress })).state).toBe('active');
    expect(counts()['peerings.accept']).toBeUndefined();
    expect(progress).toEqual(Array(3).fill('native-pending-acceptance'));
  });

  it.each(['rejected', 'expired', 'failed', 'deleting', 'inactive'] as const)('fails when it is %s', async (state) => {
    const { provider } = fake({
      'peerings.create': [PEERING],
      'peerings.get': [peering(state, { reason: 'billing' })],
    });
    const error = await rejection(provider.peerings.create(request));
    expect(error.code).toBe('FailedPrecondition');
    expect(error.message).toBe(`The peering pcc-1 is ${state} (billing) and will not become active`);
    expect(error.details).toMatchObject({ provider: 'fake', resource: 'pcc-1' });
  });

  it('gives a new peering half a minute to show, and an old one nothing', async () => {
    const gone = { 'peerings.create': [PEERING], 'peerings.get': [fail('NotFound')] };
    const fresh = fake(gone);
    expect((await rejection(fresh.provider.peerings.create(request))).code).toBe('NotFound');
    expect(fresh.clock.now() - START).toBeGreaterThanOrEqual(30_000);
    expect(fresh.clock.now() - START).toBeLessThan(40_000);
    const old = fake(gone);
    expect((await rejection(old.provider.peerings.settle(PEERING, 'initiator'))).code).toBe('NotFound');
    expect(old.members()).toHaveLength(1);
  });

  it('counts the states when time runs out', async () => {
    const { provider } = fake({ 'peerings.create': [PEERING], 'peerings.get': [peering('provisioning')] });
    const error = await rejection(provider.peerings.create(request, { timeoutMs: 2_000 }));
    expect(error.message).toMatch(/^Gave up after 2000 ms waiting for peering pcc-1 .* seen: native-provisioning ×4$/);
    expect(error.details).toMatchObject({ provider: 'fake', resource: 'pcc-1' });
  });

  it('believes a refused step only when the refusal lasts: readings lag', async () => {
    const pending = peering('pending-acceptance', acceptNext);
    const script = {
      'peerings.accept': [undefined, fail('FailedPrecondition')],
      'peerings.get': [pending, pending, peering('active')],
    };
    const stale = fake(script);
    await stale.provider.peerings.accept(PEERING);
    expect(stale.counts()['peerings.get']).toBe(3);
    const stuck = fake({ ...script, 'peerings.get': [pending] });
    expect((await rejection(stuck.provider.peerings.accept(PEERING))).code).toBe('FailedPrecondition');
    expect(stuck.clock.now() - START).toBeLessThan(16_000);
    const denied = fake({
      ...script,
      'peerings.accept': [undefined, fail('PermissionDenied')],
      'peerings.get': [pending],
    });
    expect((await rejection(denied.provider.peerings.accept(PEERING))).code).toBe('PermissionDenied');
    expect(denied.counts()['peerings.accept']).toBe(2);
  });

  it('counts a refusal from the last step that was taken', async () => {
    const pending = peering('pending-acceptance', acceptNext);
    const answers: unknown[] = Array.from({ length: 12 }, (_, i) =>
      i % 3 === 2 ? undefined : fail('FailedPrecondition'),
    );
    const { provider, clock } = fake({
      'peerings.accept': [undefined, ...answers],
      'peerings.get': [...Array<Peering>(12).fill(pending), peering('active')],
    });
    await provider.peerings.accept(PEERING);
    expect(clock.now() - START).toBeGreaterThan(20_000);
  });

  it('accepts without waiting when told so, and does nothing that is not ours', async () => {
    const { provider, members } = fake({ 'peerings.accept': [undefined] });
    await provider.peerings.accept(PEERING, { wait: false });
    expect(await provider.peerings.advance(peering('pending-acceptance', acceptNext), 'initiator')).toBe(false);
    expect(await provider.peerings.advance(peering('active'), 'initiator')).toBe(false);
    expect(members()).toEqual(['peerings.accept']);
  });
});

describe('delete', () => {
  it('is done when it is gone: at once, already, or after a while', async () => {
    await fake({ 'peerings.delete': ['gone'] }).provider.peerings.delete(PEERING);
    const already = { 'peerings.delete': [fail('NotFound')], 'peerings.get': [peering('active'), fail('NotFound')] };
    const { provider: late, counts: looks } = fake(already);
    await late.peerings.delete(PEERING);
    expect(looks()).toEqual({ 'peerings.delete': 1, 'peerings.get': 2 });
    const { provider, counts } = fake({
      'peerings.delete': ['started'],
      'peerings.get': [peering('deleting'), peering('deleting'), peering('deleted')],
    });
    await provider.peerings.delete(PEERING, { side: 'acceptor' });
    expect(counts()).toEqual({ 'peerings.delete': 1, 'peerings.get': 3 });
  });

  it('takes the next step when the cloud has finished the one before, or waits for us', async () => {
    const { provider, members } = fake({
      'peerings.delete': ['continue', 'continue', 'started'],
      'peerings.get': [
        peering('updating'),
        peering('inactive'),
        peering('provisioning', { next: { side: 'initiator', verb: 'continue' } }),
        peering('deleting'),
        fail('NotFound'),
      ],
    });
    await provider.peerings.delete(PEERING);
    expect(members().map((member) => member.slice('peerings.'.length))).toEqual([
      ...['delete', 'get', 'get', 'delete', 'get', 'delete', 'get', 'get'],
    ]);
  });

  it('is repeated after a lost answer, and passes on a refusal', async () => {
    const { provider, counts } = fake({
      'peerings.delete': [lost, fail('NotFound')],
      'peerings.get': [fail('NotFound')],
    });
    await provider.peerings.delete(PEERING);
    expect(counts()).toEqual({ 'peerings.delete': 2, 'peerings.get': 1 });
    const denied = fake({ 'peerings.delete': [fail('PermissionDenied')] });
    expect((await rejection(denied.provider.peerings.delete(PEERING))).code).toBe('PermissionDenied');
  });

  it('keeps all steps together within one timeout, and finds a driver that goes in circles', async () => {
    const slow = fake({
      'peerings.delete': ['continue'],
      'peerings.get': [peering('updating'), peering('updating'), peering('inactive')].flatMap((one) => [
        one,
        peering('updating'),
      ]),
    });
    expect((await rejection(slow.provider.peerings.delete(PEERING, { timeoutMs: 5_000 }))).code).toBe(
      'DeadlineExceeded',
    );
    expect(slow.clock.now() - START).toBe(5_000);
    const circles = fake({ 'peerings.delete': ['continue'], 'peerings.get': [peering('active')] });
    expect((await rejection(circles.provider.peerings.delete(PEERING))).code).toBe('Internal');
    expect(circles.counts()['peerings.delete']).toBe(20);
  });
});
