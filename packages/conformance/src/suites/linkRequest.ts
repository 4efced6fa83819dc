/** What every case about links begins with. */
import type { LinkRequest } from '@peerway/core';
import { present } from '../expectations.js';
import type { Place } from '../harness.js';
import type { CaseContext, Site } from '../caseContext.js';

/** Smaller ones are left to cases that choose theirs. */
const FIRST = 100;
let vlan = FIRST;

/**
 * A request on a VLAN that no other case uses, readied where it has to be.
 * @param at whose port; default: the network's own place
 * @param chosen this VLAN, below 100, and no other
 */
export async function linkRequest(
  context: CaseContext,
  site: Site,
  more: Partial<LinkRequest> = {},
  at: Place = site.place,
  chosen?: number,
): Promise<LinkRequest> {
  const { min, max } = context.facts.capabilities.links.limits.vlan ?? { min: 0, max: 4094 };
  // every other one: a VLAN that is told one too high is nobody's
  if (chosen === undefined) vlan = vlan + 1 >= max ? Math.max(min, FIRST) : vlan + 2;
  const own = chosen ?? vlan;
  const block = Math.floor(own / 2) % 200;
  const line = {
    port: present(context.world.port?.(at), 'the harness’s port'),
    vlan: own,
    cloudIp: `10.255.${block}.1/30`,
    customerIp: `10.255.${block}.2`,
  };
  const { accounts } = context.world;
  const user = at.account === site.place.account ? {} : { user: accounts[site.place.account] };
  await context.world.readyVlan?.(at, { ...line, ...user });
  return { ...line, network: site.id, name: context.uniqueName(), ...more };
}
