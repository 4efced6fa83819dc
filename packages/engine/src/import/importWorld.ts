/**
 * From what is there to a declaration that says it. What it says is judged by the plan itself: a connection or link for which a plan
 * would do anything but mark is left out, with what the plan says of it.
 */
import { compareCidrs, cidrOverlaps, PEERING_SIDES, PeerwayError, type Cidr, type Provider } from '@peerway/core';
import { buildPlan } from '../buildPlan.js';
import type { LinkSpec, NetworkSpec, RouteSpec, SideRoutes, StackSpec } from '../declaration/stack.js';
import { expand } from '../declaration/topology.js';
import { byText, type Plan } from '../plan/plan.js';
import { destinationsOf } from '../world/destinations.js';
import type { SeenNetwork, World } from '../world/seen.js';
import { asAdopted } from './asAdopted.js';
import { expressedRoutes, type ExpressedRoutes } from './expressedRoutes.js';
import { foundLinks, linkTitle, type FoundLink } from './foundLinks.js';
import { foundPeerings, peeringTitle, type FoundPeering } from './foundPeerings.js';
import type { Imported, ImportedConnection, ImportedLink, LeftOut } from './imported.js';
import { survey, type Survey, type SurveyOptions } from './survey.js';

/**
 * Reads everything that the entries show and says it as a stack: networks, peerings of every mechanism, links, and the routes toward
 * them. With that stack a plan has nothing to do once its objects are adopted. Reads only.
 * @throws PeerwayError `FailedPrecondition` when the stack owns something already, or an entry cannot be trusted; what the clouds refuse
 */
export async function importWorld(options: SurveyOptions): Promise<Imported> {
  const imported = new Importer(await survey(options), options.shown).import();
  const given = new Map(options.providers.map((provider) => [provider.name, provider]));
  return {
    ...imported,
    stack: ableToWrite(imported.stack, given),
    links: imported.links.map((one) => ({ ...one, spec: withEntries(one.spec, given) })),
  };
}

type Entries = ReadonlyMap<string, Provider>;

/** The same stack with the caller's own provider entries in place of those that only read. */
const ableToWrite = (stack: StackSpec, given: Entries): StackSpec => ({
  ...stack,
  providers: [...given.values()],
  networks: new Map(
    [...stack.networks].map(([name, spec]) => [
      name,
      { ...spec, provider: given.get(spec.provider.name) ?? spec.provider },
    ]),
  ),
  links: stack.links.map((spec) => withEntries(spec, given)),
});

function withEntries({ portProvider, ...spec }: LinkSpec, given: Entries): LinkSpec {
  const entry = portProvider === undefined ? undefined : (given.get(portProvider.name) ?? portProvider);
  return { ...spec, ...(entry === undefined ? {} : { portProvider: entry }) };
}

class Importer {
  readonly #survey: Survey;
  readonly #world: World;
  readonly #leftOut: LeftOut[] = [];
  /** Connections whose routes are written out although they are what `auto` would be. */
  readonly #listed = new Set<string>();
  readonly #routes = new Map<string, ExpressedRoutes>();
  #peerings: FoundPeering[] = [];
  #links: FoundLink[] = [];

  constructor(
    surveyed: Survey,
    private readonly shown: SurveyOptions['shown'],
  ) {
    this.#survey = surveyed;
    this.#world = surveyed.world;
  }

  import(): Imported {
    const { stack, networks, unreadable } = this.#survey;
    const namesOfNetworks = new Map([...this.#world.networks].map(([name, { key }]) => [key, name]));
    const shown = this.shown === undefined ? {} : { shown: this.shown };
    const find = { stack: stack.name, namesOfNetworks, taken: new Set<string>(), ...shown };
    for (const { id, error } of unreadable)
      this.#leftOut.push({ kind: 'peering', object: id, why: `it cannot be read: ${error.message}` });
    this.#peerings = foundPeerings(this.#world, find, this.#leftOut).sort((a, b) => byText(a.name, b.name));
    this.#links = foundLinks(this.#world, find, this.#leftOut).sort((a, b) => byText(a.spec.name, b.spec.name));
    for (;;) {
      this.#expressRoutes();
      const { connections, links, spec } = this.#declaration();
      const faults = this.#faultsOf(spec, connections, links);
      if (faults.size === 0) {
        this.#leaveOutRoutes();
        this.#leftOut.sort((a, b) => order(a, b));
        return { stack: spec, networks, connections, links, leftOut: this.#leftOut };
      }
      for (const [name, why] of faults) this.#leaveOut(name, why);
    }
  }

  /** Of every network, toward what is still in the declaration. */
  #expressRoutes(): void {
    const hops = new Map<string, Set<string>>();
    const add = (key: string, id: string | undefined): void => {
      if (id !== undefined) hops.set(key, (hops.get(key) ?? new Set()).add(id));
    };
    for (const { seen } of this.#peerings)
      for (const side of PEERING_SIDES) add(seen.keys[side], seen.peering[side].nextHop?.id);
    for (const { seen, spec } of this.#links)
      add(this.#world.networks.get(spec.network)?.key ?? '', seen.link.nextHop?.id);
    this.#routes.clear();
    for (const network of this.#world.networks.values())
      this.#routes.set(network.key, expressedRoutes(network, hops.get(network.key) ?? new Set()));
  }

  #declaration(): {
    readonly spec: StackSpec;
    readonly connections: readonly ImportedConnection[];
    readonly links: readonly ImportedLink[];
  } {
    const connections = this.#peerings.map((found): ImportedConnection => {
      const { name, between, peering, seen } = found;
      return { peering: seen.peering, spec: { name, kind: 'pair', between, peering, routes: this.#routesOf(found) } };
    });
    const links = this.#links.map(({ seen, spec }): ImportedLink => {
      const toward = this.#routes.get(this.#world.networks.get(spec.network)?.key ?? '')?.toward;
      return { link: seen.link, spec: { ...spec, destinations: toward?.get(seen.link.nextHop?.id ?? '') ?? [] } };
    });
    const { stack } = this.#survey;
    const networks = new Map(
      [...stack.networks].map(([name, spec]): [string, NetworkSpec] => {
        const tables = this.#routes.get(this.#world.networks.get(name)?.key ?? '')?.tables;
        return [name, { ...spec, ...(tables === undefined ? {} : { routeTables: tables }) }];
      }),
    );
    return {
      connections,
      links,
      spec: {
        ...stack,
        networks,
        connections: connections.map(({ spec }) => spec),
        links: links.map(({ spec }) => spec),
      },
    };
  }

  /** `auto` where the tables hold exactly that, for both ends or by side; `none` where they hold nothing. */
  #routesOf({ name, between, peering, seen }: FoundPeering): RouteSpec {
    const ends = between.map((end) => this.#world.networks.get(end));
    const [a, b] = ends;
    if (a === undefined || b === undefined) return 'none';
    const spec = { name, kind: 'pair', between, peering, routes: 'auto' } as const;
    const edge = { connection: name, declared: name, spec, initiator: between[0], acceptor: between[1] };
    const side = (mine: SeenNetwork, other: SeenNetwork): SideRoutes | undefined => {
      if (mine.peer !== undefined) return undefined; // what stands there is its owner's
      const at = PEERING_SIDES.find((one) => seen.keys[one] === mine.key) ?? 'initiator';
      const there = this.#routes.get(mine.key)?.toward.get(seen.peering[at].nextHop?.id ?? '') ?? [];
      if (there.length === 0) return 'none';
      const auto = [...destinationsOf(edge, mine, other, seen.peering.mechanism)].sort(compareCidrs);
      return auto.join() === there.join() && !this.#listed.has(name) && !overlap(mine, other) ? 'auto' : there;
    };
    const [first, second] = [side(a, b), side(b, a)];
    const said = [
      [a.name, first],
      [b.name, second],
    ].filter((one): one is [string, SideRoutes] => one[1] !== undefined);
    const [one, ...others] = said.map(([, routes]) => routes);
    const alike = typeof one === 'string' && others.every((other) => other === one);
    return alike ? one : { sides: Object.fromEntries(said) };
  }

  /** What a plan would do or refuse when everything bears our marks: names of connections and links, each with the reason. */
  #faultsOf(
    stack: StackSpec,
    connections: readonly ImportedConnection[],
    links: readonly ImportedLink[],
  ): ReadonlyMap<string, string> {
    const topology = expand(stack);
    const world = asAdopted({
      stack,
      topology,
      world: this.#world,
      // what others asked for stays theirs, without a mark
      peerings: new Map(
        this.#peerings.flatMap(({ seen, name }) => (seen.peer === 'initiator' ? [] : [[seen, name] as const])),
      ),
      links: new Map(this.#links.map(({ seen, spec }) => [seen, spec.name])),
    });
    const plan = buildPlan({ stack, topology, world, mode: 'apply', targets: [], prune: 'sync' });
    const names = new Set([...connections, ...links].map(({ spec }) => spec.name));
    const faults = new Map<string, string>();
    const add = (name: string, why: string): boolean => {
      if (!names.has(name)) return false;
      faults.set(name, faults.get(name) ?? why);
      return true;
    };
    for (const { severity, object, message } of plan.problems) {
      if (severity !== 'error' || add(object, message)) continue;
      for (const user of usersOf(object, stack)) add(user, message);
    }
    for (const { connection, object, action, reason } of plan.steps)
      add(connection, `apply would ${action} the ${object}: ${reason}`);
    if (faults.size === 0) refuseOthers(plan);
    return faults;
  }

  /** First its routes are written out, which says more than `auto`; then it is left out. */
  #leaveOut(name: string, why: string): void {
    const found = this.#peerings.find((one) => one.name === name);
    if (found !== undefined && !this.#listed.has(name)) {
      this.#listed.add(name);
      return;
    }
    const link = this.#links.find(({ spec }) => spec.name === name);
    if (found !== undefined) this.#leftOut.push({ kind: 'peering', object: peeringTitle(found.seen), why });
    if (link !== undefined) this.#leftOut.push({ kind: 'link', object: linkTitle(link.seen), why });
    this.#peerings = this.#peerings.filter((one) => one.name !== name);
    this.#links = this.#links.filter(({ spec }) => spec.name !== name);
  }

  #leaveOutRoutes(): void {
    for (const { name, key } of this.#world.networks.values())
      for (const { route, why } of this.#routes.get(key)?.unsaid ?? [])
        this.#leftOut.push({
          kind: 'route',
          object: `route ${route.destination} in ${route.table} (${name})`,
          why,
        });
  }
}

const overlap = (a: SeenNetwork, b: SeenNetwork): boolean => {
  const cidrs = ({ network }: SeenNetwork): readonly Cidr[] => network?.cidrs ?? [];
  return cidrs(a).some((one) => cidrs(b).some((other) => cidrOverlaps(one, other)));
};

const usersOf = (network: string, { connections, links }: StackSpec): string[] => [
  ...connections.flatMap((one) => (one.kind === 'pair' && one.between.includes(network) ? one.name : [])),
  ...links.flatMap((one) => (one.network === network ? one.name : [])),
];

/** What is wrong and no connection's fault, e.g. keys of another account than the entry says. @throws PeerwayError */
function refuseOthers({ problems, steps }: Plan): void {
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined)
    throw new PeerwayError('FailedPrecondition', error.message, { resource: error.object, remedy: error.remedy });
  const [step] = steps;
  if (step !== undefined)
    throw new PeerwayError('Internal', `The import does not say ${step.object}, for which a plan has something to do`);
}

const KINDS: readonly LeftOut['kind'][] = ['peering', 'link', 'route'];

const order = (a: LeftOut, b: LeftOut): number =>
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byText(a.object, b.object);
