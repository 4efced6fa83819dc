/** What a program that drives the Baidu side is told: endpoints, keys and the default world's networks and line. */
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { Emulator } from '@peerway/emulator';
import { a, b, network } from '../baiduWire.js';

const key = ({ accessKeyId, accessKeySecret }: typeof a | typeof b) => ({ Ak: accessKeyId, Sk: accessKeySecret });

/** A key of account a that is temporary, and one whose secret is wrong. */
const SESSION = { id: 'ALTAKtemporary', secret: 'temporary', token: 'tok/+==' };

export function worldOf(emulator: Emulator): unknown {
  emulator.world.key({
    cloud: 'baidu',
    id: SESSION.id,
    secret: SESSION.secret,
    account: a.id,
    session: { token: SESSION.token, expiresAt: emulator.clock.now() + 3_600_000, arn: 'any' },
  });
  return {
    Region: 'bj',
    Endpoints: { bj: emulator.baidu.endpoint('bj'), gz: emulator.baidu.endpoint('gz') },
    Accounts: {
      a: key(a),
      b: key(b),
      wrong: { ...key(a), Sk: 'not-the-secret' },
      temporary: { Ak: SESSION.id, Sk: SESSION.secret, Token: SESSION.token },
      madeUp: { ...key(a), Token: 'made-up' },
    },
  };
}

export const LINE = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj')?.id;
export const [web, data, jobs] = [network('a', 'bj', 'web'), network('a', 'bj', 'data'), network('a', 'bj', 'jobs')];
export const far = network('a', 'gz', 'web');
export const foreign = network('b', 'bj', 'web');
export { a, b };
