/** Reachability over a link: the line itself, the network's tables, and the border router's own table where it has one. */
import { cidrContains, isPrefix, routeTraits, type Cidr, type Link, type NextHop, type Route } from '@peerway/core';
import { findLink } from '../world/linkFacts.js';
import { lineCarries } from '../world/destinations.js';
import type { SeenNetwork, SeenTable, World } from '../world/observe.js';
import type { ReachHop } from './answer.js';
import type { ReachNotes } from './findings.js';
import { whyDown } from './whyDown.js';
import { lookUp } from './longestPrefix.js';
import type { LinkSpec, StackSpec } from '../declaration/stack.js';

/** A declared line, and the network that it is declared to end in. */
interface DeclaredLine {
  readonly spec: LinkSpec;
  readonly network: SeenNetwork;
}

export function reachOverLink(
  { stack, world }: { readonly stack: StackSpec; readonly world: World },
  { spec, network }: DeclaredLine,
  ends: { readonly from: string; readonly to: string },
  notes: ReachNotes,
): void {
  const beyond = [ends.from, ends.to].find((end) => end !== spec.name && end !== spec.network);
  if (beyond !== undefined)
    return notes.blocks(
      'not-transitive',
      `${beyond}, ${spec.name}`,
      `The line ${spec.name} ends in ${spec.network}, and a network does not forward for ${beyond}.`,
      `Bring a link to ${beyond} as well.`,
    );
  const seen = findLink(spec, network, world.links, stack.name);
  if (seen === undefined)
    return notes.blocks(
      'link-missing',
      spec.name,
      `No link uses ${spec.port} with VLAN ${spec.vlan}.`,
      'Run `peerway apply` to make it.',
    );
  new LineCheck(spec, network, seen.link, notes).run();
}

/** What a table must hold for the packets to get across: a route to the prefix with this next hop. */
interface Expected {
  readonly direction: ReachHop['direction'];
  readonly prefix: Cidr;
  readonly hop: NextHop | undefined;
  /** Whose table it is, for messages. */
  readonly holder: string;
}

class LineCheck {
  readonly #object: string;
  readonly #up: boolean;

  constructor(
    private readonly spec: LinkSpec,
    private readonly network: SeenNetwork,
    private readonly link: Link,
    private readonly notes: ReachNotes,
  ) {
    this.#object = `link ${link.id}`;
    const down = whyDown(link, this.#object);
    if (down !== undefined) notes.findings.push(down);
    this.#up = down === undefined;
  }

  run(): void {
    const { spec, network, link, notes } = this;
    if (link.network !== undefined && link.network !== network.id)
      notes.blocks(
        'link-elsewhere',
        this.#object,
        `${this.#object} is attached to ${link.network}, not to ${spec.network}.`,
        'Run `peerway apply` to make it anew, or correct the declaration.',
      );
    for (const table of network.tables)
      if (table.written || table.kind === 'edge')
        for (const expected of this.#expected(table)) this.#look(table, expected);
    if (link.edge === undefined && this.#up)
      notes.hops.push({
        direction: 'return',
        network: network.name,
        table: 'at the other end of the line',
        lookedUp: network.network?.cidrs[0] ?? '',
        ok: true,
      });
  }

  #expected(table: SeenTable): Expected[] {
    const { spec, network, link } = this;
    if (table.kind !== 'edge') {
      const holder = `${network.name} (${table.id})`;
      return spec.destinations.map((prefix) => ({ direction: 'forward', prefix, hop: link.nextHop, holder }));
    }
    const holder = `The border router of ${this.#object}`;
    return [
      ...spec.destinations.map((prefix): Expected => ({
        direction: 'forward',
        prefix,
        hop: link.edge?.towardCustomer,
        holder,
      })),
      ...(network.network?.cidrs ?? []).filter(lineCarries(spec)).map((prefix): Expected => ({
        direction: 'return',
        prefix,
        hop: link.edge?.towardNetwork,
        holder,
      })),
    ];
  }

  /** A line that takes what covers its own network is meant for what nothing narrower takes. */
  #meant(prefix: Cidr, destination: Route['destination']): boolean {
    const covers = (this.network.network?.cidrs ?? []).some((own) => cidrContains(prefix, own));
    return covers && isPrefix(destination) && destination !== prefix && cidrContains(prefix, destination);
  }

  #look(table: SeenTable, { direction, prefix, hop, holder }: Expected): void {
    const { network, notes } = this;
    for (const { prefix: part, route } of lookUp(prefix, table.routes)) {
      const right =
        route !== undefined &&
        ((route.nextHop.id === hop?.id && routeTraits(route.state).carries !== 'no') ||
          this.#meant(prefix, route.destination));
      notes.hop({ direction, network: network.name, table: table.id, lookedUp: prefix }, route, right && this.#up);
      if (right) continue;
      if (route === undefined)
        notes.blocks(
          'route-missing',
          `route ${part} in ${table.id}`,
          `${holder} has no route to ${part}.`,
          'Run `peerway apply` to write it.',
        );
      else if (route.nextHop.id === hop?.id) notes.blackhole(route, network.name);
      else
        notes.blocks(
          'route-elsewhere',
          `route ${route.destination} in ${table.id}`,
          `${holder} sends ${part} to ${route.nextHop.id}, not to ${this.#object}.`,
          `Remove the route ${route.destination}, then run \`peerway apply\`.`,
        );
    }
  }
}
