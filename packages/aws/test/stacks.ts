/** A mesh over two accounts and two regions, declared, applied by processes that may be killed, and judged by the server's own answers. */
import {
  DescribeRouteTablesCommand,
  DescribeVpcPeeringConnectionsCommand,
  type Route,
  type VpcPeeringConnection,
} from '@aws-sdk/client-ec2';
import {
  accountId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  type NetworkId,
  type RequestObserver,
} from '@peerway/core';
import { Engine, type ApplyReport, type ConnectionSpec, type Plan, type StackSpec } from '@peerway/engine';
import { aws } from '../src/index.js';
import { ACCOUNTS, session, type Session, type Where, type Who } from './world.js';

export const NAMES = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5'] as const;
export type Name = (typeof NAMES)[number];

const PLACES: Readonly<Record<Name, readonly [Who, Where]>> = {
  n0: ['a', 'us-east-1'],
  n1: ['a', 'us-east-1'],
  n2: ['a', 'eu-west-1'],
  n3: ['b', 'us-east-1'],
  n4: ['b', 'eu-west-1'],
  n5: ['b', 'eu-west-1'],
};

/** Where a process is killed: at its nth request, before it leaves or after its answer. */
export interface Cut {
  readonly at: number;
  readonly phase: 'before' | 'done';
}

/** A network's main table, without the routes of the VPC itself. */
type Routes = Readonly<Record<Name, readonly Route[]>>;

export class Stacks {
  readonly #life: { count: number; cut: Cut | undefined; dead: boolean } = { count: 0, cut: undefined, dead: false };
  readonly #providers = new Map<string, Provider>();
  #seed = 0;

  private constructor(
    readonly session: Session,
    readonly ids: Readonly<Record<Name, NetworkId>>,
  ) {}

  static async open(): Promise<Stacks> {
    const opened = await session();
    const ids: Partial<Record<Name, NetworkId>> = {};
    for (const [at, name] of NAMES.entries())
      ids[name] = await opened.addNetwork(...PLACES[name], [`10.${at}.0.0/16`, `2001:db8:${at}::/56`]);
    return new Stacks(opened, ids as Record<Name, NetworkId>);
  }

  vendor(name: Name) {
    return this.session.vendor(...PLACES[name]);
  }

  placeOf(name: Name) {
    const [who, region] = PLACES[name];
    return { account: ACCOUNTS[who].id, region };
  }

  /** A fresh engine, as a new process would have. */
  async engine(connections: readonly ConnectionSpec[]): Promise<Engine> {
    const networks: [string, { provider: Provider; id: NetworkId }][] = [];
    for (const name of NAMES) networks.push([name, { provider: await this.#provider(name), id: this.ids[name] }]);
    const stack: StackSpec = { name: 'mesh', networks: new Map(networks), connections, links: [] };
    return new Engine({ stack, clock: this.session.clock });
  }

  async plan(connections: readonly ConnectionSpec[], mode: 'apply' | 'destroy' = 'apply'): Promise<Plan> {
    return (await this.engine(connections)).plan({ mode });
  }

  /** Plans and applies as one process. @returns undefined when it was killed */
  async run(
    connections: readonly ConnectionSpec[],
    mode: 'apply' | 'destroy' = 'apply',
    cut?: Cut,
  ): Promise<ApplyReport | undefined> {
    Object.assign(this.#life, { count: 0, cut, dead: false });
    try {
      const engine = await this.engine(connections);
      const report = await engine.apply(await engine.plan({ mode }), { force: true });
      return this.#life.dead ? undefined : report;
    } catch (error) {
      if (this.#life.dead) return undefined;
      throw error;
    } finally {
      Object.assign(this.#life, { cut: undefined, dead: false });
    }
  }

  /** How many requests the last process sent. */
  get requests(): number {
    return this.#life.count;
  }

  /** Every peering that is neither gone nor dead, by the server's own word. */
  async living(): Promise<readonly VpcPeeringConnection[]> {
    const found = new Map<string, VpcPeeringConnection>();
    for (const name of NAMES) {
      const client = this.vendor(name);
      const { VpcPeeringConnections = [] } = await client.send(new DescribeVpcPeeringConnectionsCommand({}));
      for (const one of VpcPeeringConnections)
        if (LIVING.has(one.Status?.Code ?? '')) found.set(one.VpcPeeringConnectionId ?? '', one);
    }
    return [...found.values()];
  }

  async routes(): Promise<Routes> {
    const found: Partial<Record<Name, readonly Route[]>> = {};
    for (const name of NAMES) {
      const { RouteTables = [] } = await this.vendor(name).send(
        new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [this.ids[name]] }] }),
      );
      found[name] = RouteTables.flatMap(({ Routes = [] }) => Routes).filter(({ Origin }) => Origin === 'CreateRoute');
    }
    return found as Routes;
  }

  async close(): Promise<void> {
    for (const provider of this.#providers.values()) await provider.close();
    await this.session.close();
  }

  async #provider(name: Name): Promise<Provider> {
    const [who, where] = PLACES[name];
    const key = `${who}-${where}`;
    const known = this.#providers.get(key);
    if (known !== undefined) return known;
    const { clock } = this.session;
    const context = { clock, random: seededRandom(++this.#seed), redactor: new Redactor() };
    const driver = await this.session.driver(who, where, context);
    const settings = { name: key, region: regionId(where), account: accountId(ACCOUNTS[who].id) };
    const provider = new Provider(aws, driver, settings, { ...context, observer: this.#mortal() });
    this.#providers.set(key, provider);
    return provider;
  }

  #mortal(): RequestObserver {
    const life = this.#life;
    const die = (): never => {
      life.dead = true;
      throw new Error('killed');
    };
    return {
      requestSent: () => {
        if (life.dead) die();
        life.count++;
        if (life.cut?.phase === 'before' && life.count >= life.cut.at) die();
      },
      requestAnswered: () => {
        if (life.dead || (life.cut?.phase === 'done' && life.count >= life.cut.at)) die();
      },
    };
  }
}

const LIVING: ReadonlySet<string> = new Set(['initiating-request', 'pending-acceptance', 'provisioning', 'active']);
