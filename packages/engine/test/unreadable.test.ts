/** A stranger's object in a state that nobody knows must not stop a stack that has nothing to do with it. */
import { expect, it } from '@jest/globals';
import { networkId, PeerwayError, type Unreadable } from '@peerway/core';
import { requireReadable, requireReadableAmong, requireReadableIfMarked } from '../src/world/unreadable.js';

const item = (more: Partial<Unreadable>): Unreadable => ({
  id: 'p-9',
  networks: [],
  description: '',
  tags: {},
  error: new PeerwayError('Unknown', 'it is "Frozen"'),
  ...more,
});
const ids = (...names: string[]) => names.map((name) => networkId(name));
const networks = new Map(['a', 'b'].map((name) => [name, { id: networkId(`vpc-${name}`) }])) as never;

it.each<[string, Partial<Unreadable>, boolean]>([
  ['between strangers', { networks: ids('vpc-x', 'vpc-y') }, false],
  ['between a declared network and a stranger', { networks: ids('vpc-a', 'vpc-x') }, false],
  ['in a declared network, a route of somebody else', { networks: ids('vpc-a') }, false],
  ['of another stack', { tags: { 'peerway.stack': 'other' } }, false],
  ['between two declared networks', { networks: ids('vpc-a', 'vpc-b') }, true],
  ['with our tag', { tags: { 'peerway.stack': 'shop' } }, true],
  ['with our mark in its description', { description: 'peerway stack=shop connection=web' }, true],
])('%s', (_, more, concerns) => {
  const look = () => requireReadable({ name: 'shop', networks })(item(more));
  if (concerns) expect(look).toThrow('"Frozen"');
  else expect(look).not.toThrow();
});

it('while waiting, what is waited for is required, and nothing else', () => {
  const require = requireReadableAmong([ids('vpc-a', 'vpc-b'), ids('vpc-c', 'vpc-d')]);
  expect(() => require(item({ networks: ids('vpc-b', 'vpc-c') }))).not.toThrow();
  expect(() => require(item({ networks: ids('vpc-d', 'vpc-c') }))).toThrow('"Frozen"');
  expect(() => requireReadableIfMarked(item({}))).not.toThrow();
  expect(() => requireReadableIfMarked(item({ tags: { 'peerway.stack': 'any' } }))).toThrow('"Frozen"');
});
