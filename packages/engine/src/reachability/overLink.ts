/** Reachability over a link: the line itself, the network's tables, and the border router's own table where it has one. */
import { routeTraits, type Cidr } from '@peerway/core';
import { findLink } from '../world/linkFacts.js';
import type { SeenNetwork, SeenTable, World } from '../world/observe.js';
import type { ReachHop } from './answer.js';
import type { ReachNotes } from './findings.js';
import { whyDown } from './whyDown.js';
import { lookUp } from './longestPrefix.js';
import type { StackSpec } from '../declaration/stack.js';

type Direction = ReachHop['direction'];

export function reachOverLink(
  stack: StackSpec,
  world: World,
  notes: ReachNotes,
  ends: { readonly from: string; readonly to: string },
  name: string,
  network: SeenNetwork | undefined,
): void {
  const spec = stack.links.find((link) => link.name === name);
  if (spec === undefined || network === undefined) return;
  for (const end of [ends.from, ends.to]) {
    if (end === name || end === spec.network) continue;
    notes.blocks(
      'not-transitive',
      `${end}, ${name}`,
      `The line ${name} ends in ${spec.network}, and a network does not forward for ${end}.`,
      `Bring a link to ${end} as well.`,
    );
    return;
  }
  const seen = findLink(spec, network, world.links, stack.name);
  if (seen === undefined) {
    notes.blocks(
      'link-missing',
      name,
      `No link uses ${spec.port} with VLAN ${spec.vlan}.`,
      'Run `peerway apply` to make it.',
    );
    return;
  }
  const { link } = seen;
  const object = `link ${link.id}`;
  const down = whyDown(link, object);
  if (down !== undefined) notes.findings.push(down);
  if (link.network !== undefined && link.network !== network.id)
    notes.blocks(
      'link-elsewhere',
      object,
      `${object} is attached to ${link.network}, not to ${spec.network}.`,
      'Run `peerway apply` to make it anew, or correct the declaration.',
    );
  const wants = (table: SeenTable, prefix: Cidr, hop: string | undefined, direction: Direction, what: string): void => {
    for (const piece of lookUp(prefix, table.routes)) {
      const right =
        piece.route !== undefined && piece.route.nextHop.id === hop && routeTraits(piece.route.state).carries !== 'no';
      notes.hop(direction, network.name, table.id, prefix, piece, right && down === undefined);
      if (right) continue;
      if (piece.route === undefined)
        notes.blocks(
          'route-missing',
          `route ${piece.prefix} in ${table.id}`,
          `${what} has no route to ${piece.prefix}.`,
          'Run `peerway apply` to write it.',
        );
      else if (piece.route.nextHop.id === hop) notes.blackhole(piece.route, network.name);
      else
        notes.blocks(
          'route-elsewhere',
          `route ${piece.route.destination} in ${table.id}`,
          `${what} sends ${piece.prefix} to ${piece.route.nextHop.id}, not to ${object}.`,
          `Remove the route ${piece.route.destination}, then run \`peerway apply\`.`,
        );
    }
  };
  for (const table of network.tables) {
    for (const prefix of spec.destinations) {
      if (table.kind === 'edge')
        wants(table, prefix, link.edge?.towardCustomer?.id, 'forward', `The border router of ${object}`);
      else wants(table, prefix, link.nextHop?.id, 'forward', `${network.name} (${table.id})`);
    }
    if (table.kind === 'edge')
      for (const prefix of network.network?.cidrs ?? [])
        wants(table, prefix, link.edge?.towardNetwork?.id, 'return', `The border router of ${object}`);
  }
  if (link.edge === undefined && down === undefined)
    notes.hops.push({
      direction: 'return',
      network: network.name,
      table: 'at the other end of the line',
      lookedUp: network.network?.cidrs[0] ?? '',
      ok: true,
    });
}
