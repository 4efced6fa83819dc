/** What the states of a life mean, and what two readings of one peering come to. */
import { describe, expect, it } from '@jest/globals';
import {
  isInProgress,
  isLeaving,
  isLive,
  isTerminal,
  isTransitional,
  LIFECYCLE_STATES,
  mergeSides,
  movesByItself,
  parseCidr,
  routeTraits,
  traitsOf,
  type LifecycleState,
  type Peering,
} from '@peerway/core';
import { DATA, peering, PEERING, WEB } from './fakeProvider.js';
import { caught } from './support.js';

describe('two readings of one peering', () => {
  const initiators = peering('active');
  const acceptors = peering('active', { seenFrom: 'acceptor' });

  it('contradict each other when they join other networks', () => {
    const { acceptor, initiator } = acceptors;
    for (const other of [
      { ...acceptors, acceptor: { ...acceptor, network: WEB } },
      { ...acceptors, initiator: { ...initiator, network: DATA } },
    ]) {
      const error = caught(() => mergeSides(initiators, other));
      expect([error?.code, error?.details.resource, error?.details.retry]).toEqual(['Unavailable', PEERING, 'never']);
      expect(error?.message).toContain(`${WEB} and ${DATA}`);
    }
  });

  it("keep the acceptor's labels and switch beside the initiator's", () => {
    const labels = { name: 'theirs', description: 'd', tags: { a: '1' } };
    const merged = mergeSides({ ...initiators, dnsSync: 'off' }, { ...acceptors, ...labels, dnsSync: 'on' });
    expect(merged).toMatchObject({ name: '', dnsSync: 'off', acceptorLabels: labels, acceptorDnsSync: 'on' });
    expect(mergeSides(initiators, { ...acceptors, ...labels })).not.toHaveProperty('acceptorDnsSync');
    // two of the same side are no two sides
    expect(mergeSides(initiators, { ...initiators, name: 'again' })).not.toHaveProperty('acceptorLabels');
    expect(mergeSides(initiators, { ...initiators, dnsSync: 'on' })).not.toHaveProperty('acceptorDnsSync');
  });

  it("describe an end by the initiator's reading, and by the other's where that says nothing", () => {
    const end = (of: string) => ({
      cidrs: [parseCidr(of === 'mine' ? '10.1.0.0/16' : '10.2.0.0/16')],
      nextHop: { kind: 'peering', id: of } as const,
      router: of,
    });
    const say = (one: Peering, of: string) => ({ ...one, initiator: { ...one.initiator, ...end(of) } });
    expect(mergeSides(say(initiators, 'mine'), say(acceptors, 'theirs')).initiator).toMatchObject(end('mine'));
    expect(mergeSides(initiators, say(acceptors, 'theirs')).initiator).toMatchObject(end('theirs'));
    expect(mergeSides(say(initiators, 'mine'), acceptors).initiator).toMatchObject(end('mine'));
  });

  it("take the acceptor's word where the next step is the acceptor's, or nobody else has one", () => {
    const step = (side: 'initiator' | 'acceptor') => ({ next: { side, verb: 'continue' } }) as const;
    const seen = (a: Peering, b: Partial<Peering>) => mergeSides(a, { ...acceptors, ...b } as Peering).nativeState;
    const theirs = { nativeState: 'theirs' };
    expect(seen(initiators, theirs)).toBe('native-active');
    expect(seen(peering('provisioning', step('initiator')), theirs)).toBe('native-provisioning');
    expect(seen(peering('provisioning', step('acceptor')), theirs)).toBe('theirs');
    expect(seen(peering('provisioning'), { ...theirs, state: 'provisioning', ...step('acceptor') })).toBe('theirs');
    expect(seen(peering('failed'), { ...theirs, state: 'provisioning', ...step('acceptor') })).toBe('native-failed');
  });
});

describe('states', () => {
  const inState = (is: (state: LifecycleState) => boolean) => LIFECYCLE_STATES.filter(is);
  it('mean the same to everybody who asks', () => {
    expect(inState(isTerminal)).toEqual(['rejected', 'expired', 'failed', 'deleted']);
    expect(inState(isTransitional)).toEqual(['provisioning', 'updating', 'deleting']);
    expect(inState(isLeaving)).toEqual(['deleting']);
    expect(inState(isLive)).toEqual(['provisioning', 'pending-acceptance', 'active', 'updating', 'inactive']);
    expect(inState(isInProgress)).toEqual(['provisioning', 'updating']);
    expect(inState((state) => movesByItself({ state }))).toEqual(inState(isTransitional));
    expect(inState((state) => movesByItself({ state, next: 'continue' }))).toEqual([]);
    expect(inState((state) => traitsOf(state).mayBecomeActive)).toEqual([
      ...['provisioning', 'pending-acceptance', 'active', 'updating'],
    ]);
    expect(inState((state) => traitsOf(state).waitsFor === 'owner')).toEqual([
      ...['inactive', 'rejected', 'expired', 'failed'],
    ]);
    expect(inState((state) => traitsOf(state).health === 'broken')).toEqual([
      ...['inactive', 'rejected', 'expired', 'failed', 'deleted'],
    ]);
    expect(inState((state) => traitsOf(state).health === 'connected')).toEqual(['active']);
    expect(inState((state) => traitsOf(state).health === 'pending')).toEqual([
      ...['provisioning', 'pending-acceptance', 'updating', 'deleting'],
    ]);
  });

  it('are ranked from what carries traffic to what is gone', () => {
    const ranked = [...LIFECYCLE_STATES].sort((a, b) => traitsOf(a).rank - traitsOf(b).rank);
    expect(ranked).toEqual([
      ...['active', 'updating', 'provisioning', 'pending-acceptance', 'inactive'],
      ...['deleting', 'rejected', 'expired', 'failed', 'deleted'],
    ]);
    expect(new Set(ranked.map((state) => traitsOf(state).rank)).size).toBe(ranked.length);
  });

  it('of routes tell whether traffic passes', () => {
    const states = ['provisioning', 'active', 'blackhole', 'filtered', 'deleting'] as const;
    expect(states.map((state) => Object.values(routeTraits(state)) as unknown[])).toEqual([
      [false, false, 'soon'],
      [true, false, 'yes'],
      [true, false, 'no'],
      [true, false, 'no'],
      [false, true, 'no'],
    ]);
  });
});
