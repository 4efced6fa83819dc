/** One reading of a peering from those of its two sides, or from one of them where the other shows nothing. */
import { describe, expect, it } from '@jest/globals';
import { attachNative, mergeSides, nativeOf, NativeToken, parseCidr, withoutAcceptor } from '@peerway/core';
import { acceptNext, peering } from './fakeProvider.js';

describe('the merged reading', () => {
  it('lets the acceptor say whether the acceptor must still act, and each end be described by whoever sees it', () => {
    const initiators = peering('pending-acceptance', { ...acceptNext, reason: 'half-made' });
    const router = 'vrt-2';
    const cidrs = [parseCidr('10.2.0.0/16')];
    const acceptors = peering('active', { seenFrom: 'acceptor', acceptor: { ...initiators.acceptor, cidrs, router } });
    const merged = mergeSides(acceptors, initiators);
    expect(merged).toMatchObject({ state: 'active', nativeState: 'native-active', seenFrom: 'initiator' });
    expect(merged).toMatchObject({ acceptor: { cidrs, router } });
    expect([merged.next, merged.reason]).toEqual([undefined, undefined]);
    const locked = mergeSides(peering('inactive', { reason: 'billing' }), peering('active', { seenFrom: 'acceptor' }));
    expect([locked.state, locked.reason]).toEqual(['inactive', 'billing']);
  });

  it('believes each end of itself: the initiator may still name what was replaced at the other', () => {
    const named = peering('provisioning', { next: { side: 'initiator', verb: 'continue' } });
    const hop = (id: string) => ({ kind: 'peering' as const, id });
    const initiators = { ...named, acceptor: { ...named.acceptor, nextHop: hop('old'), router: 'vrt-old' } };
    const acceptors = {
      ...peering('provisioning', { seenFrom: 'acceptor' }),
      initiator: { ...named.initiator, nextHop: hop('mistaken') },
      acceptor: { ...named.acceptor, nextHop: hop('new'), router: 'vrt-new' },
    };
    const merged = mergeSides({ ...initiators, initiator: { ...named.initiator, nextHop: hop('own') } }, acceptors);
    expect([merged.initiator.nextHop?.id, merged.acceptor.nextHop?.id, merged.acceptor.router]).toEqual([
      ...['own', 'new', 'vrt-new'],
    ]);
    expect(merged.next).toEqual({ side: 'initiator', verb: 'continue' });
  });

  it('an initiator’s half whose partner is not there asks for another one, before the two are connected alone', () => {
    const next = { side: 'initiator', verb: 'continue' } as const;
    const named = peering('provisioning', { next });
    const acceptor = { ...named.acceptor, nextHop: { kind: 'peering' as const, id: 'gone' }, router: 'vrt-2' };
    const token = new NativeToken<string>('test.record');
    const alone = withoutAcceptor(attachNative({ ...named, acceptor }, token, 'record'));
    expect(alone).toMatchObject({ state: 'pending-acceptance', reason: 'half-made', ...acceptNext });
    expect([alone.acceptor.nextHop, alone.acceptor.router, alone.acceptor.network]).toEqual([
      ...[undefined, undefined, named.acceptor.network],
    ]);
    expect(nativeOf(alone, token)).toBe('record');
    // nor does one on its way out help
    const going = peering('deleting', { seenFrom: 'acceptor' });
    const renewed = mergeSides({ ...going, acceptor }, { ...named, acceptor });
    expect(renewed).toMatchObject({ state: 'pending-acceptance', ...acceptNext });
    expect(renewed.acceptor.nextHop).toBeUndefined();
    expect(mergeSides(peering('active'), going).state).toBe('active');
    expect(mergeSides(peering('pending-acceptance', acceptNext), going).state).toBe('deleting');
    const known = peering('pending-acceptance', { reason: 'half-made', ...acceptNext });
    expect(mergeSides(known, going)).toMatchObject({ state: 'pending-acceptance', reason: 'half-made' });
    for (const other of [
      peering('active'),
      peering('inactive', { reason: 'peer-missing' }),
      peering('provisioning'),
      peering('provisioning', { seenFrom: 'acceptor', next }),
      peering('pending-acceptance', acceptNext),
    ])
      expect(withoutAcceptor(other)).toBe(other);
  });
});
