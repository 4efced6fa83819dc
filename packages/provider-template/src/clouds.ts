/** The in-memory clouds of this process by name. A real provider has no such file: its endpoint is an address. */
import type { Clock } from '@peerway/core';
import { Cloud } from './cloud.js';

const clouds = new Map<string, Cloud>();

export function cloudNamed(name: string, clock: Clock): Cloud {
  const known = clouds.get(name);
  if (known !== undefined) return known;
  const cloud = new Cloud(clock);
  clouds.set(name, cloud);
  if (name === 'default') addDemoNetworks(cloud);
  return cloud;
}

/** Forgets a cloud; its drivers keep talking to it. */
export function dropCloud(name: string): void {
  clouds.delete(name);
}

/** Two accounts, two regions, three networks in each place; ids `net-00000001` and on, in this order. */
export const DEMO = {
  accounts: {
    a: { id: '9007199254740993001', key: 'demo-a', secret: 'demo-secret-a' },
    b: { id: '9007199254740993002', key: 'demo-b', secret: 'demo-secret-b' },
  },
  regions: ['north', 'south'],
} as const;

export function addDemoNetworks(cloud: Cloud): void {
  let n = 0;
  for (const { id, key, secret } of Object.values(DEMO.accounts)) {
    cloud.addLogin(key, secret, id);
    for (const region of DEMO.regions) {
      for (let i = 0; i < 3; i++) cloud.addNetwork(id, region, [`10.${++n}.0.0/16`], `${key}-${region}-${i}`);
    }
  }
}
