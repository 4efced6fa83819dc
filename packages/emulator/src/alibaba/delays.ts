/**
 * How long the emulated Alibaba Cloud takes, in the 'documented' profile. No source gives durations: the values are
 * chosen of the size that clients' waiters expect (docs/facts/alibaba.md 4.5), so that every in-between state can be seen.
 */
import type { Delay } from '../machine/lifecycle.js';

export const alibabaDelays = {
  'vpc.create': 1_000,
  'vswitch.create': 1_000,
  'vswitch.changeTable': 1_000,
  'vpcPeer.create': 4_000,
  'vpcPeer.accept': 2_000,
  'vpcPeer.reject': 0,
  'vpcPeer.modify': 2_000,
  'vpcPeer.delete': 2_000,
  /** How long `Deleted` stays visible after the deletion. */
  'vpcPeer.tombstone': 500,
  'routeEntry.create': 1_000,
  'routeEntry.delete': 1_000,
  'routerInterface.connect': 5_000,
  'routerInterface.activate': 3_000,
  'routerInterface.deactivate': 3_000,
  'routerInterface.spec': 3_000,
  'routerInterface.delete': 2_000,
  'vbr.confirm': 0,
  'vbr.terminate': 3_000,
  'vbr.recover': 3_000,
  'vbr.delete': 2_000,
} as const satisfies Readonly<Record<string, Delay>>;
