/** What every case about links begins with. */
import type { LinkRequest } from '@peerway/core';
import { present } from '../expectations.js';
import type { Place } from '../harness.js';
import type { CaseContext, Site } from '../caseContext.js';

let vlan = 100;

/**
 * A request on a VLAN that no other case uses, readied where it has to be.
 * @param at whose port; default: the network's own place
 */
export async function linkRequest(
  context: CaseContext,
  site: Site,
  more: Partial<LinkRequest> = {},
  at: Place = site.place,
): Promise<LinkRequest> {
  const { min, max } = context.facts.capabilities.links.limits.vlan ?? { min: 0, max: 4094 };
  vlan = vlan >= max ? Math.max(min, 1) : vlan + 1;
  const block = vlan % 200;
  const line = {
    port: present(context.world.port?.(at), 'the harness’s port'),
    vlan,
    cloudIp: `10.255.${block}.1/30`,
    customerIp: `10.255.${block}.2`,
  };
  const { accounts } = context.world;
  const user = at.account === site.place.account ? {} : { user: accounts[site.place.account] };
  await context.world.readyVlan?.(at, { ...line, ...user });
  return { ...line, network: site.id, name: context.uniqueName(), ...more };
}
