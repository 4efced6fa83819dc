/** Short ways to declare a stack on a fake cloud, for the engine's tests. */
import { networkId, parseCidr, portId, routeTableId, type Provider } from '@peerway/core';
import {
  Engine,
  type ApplyReport,
  type ConnectionSpec,
  type EngineEvent,
  type LinkSpec,
  type NetworkSpec,
  type PeerNetwork,
  type PeeringSpec,
  type Plan,
  type RouteSpec,
  type StackSpec,
} from '@peerway/engine';
import type { FakeCloud } from './fakeCloud.js';
import { inNewProcess } from './newProcess.js';

export interface Declaration {
  readonly stack?: string;
  /** name → network id; default: the name is the id. */
  readonly networks?: Readonly<Record<string, string>>;
  readonly connections?: readonly ConnectionSpec[];
  readonly links?: readonly LinkSpec[];
  /** Networks that are somebody else's: no entry speaks for them. */
  readonly peers?: Readonly<Record<string, PeerNetwork>>;
}

/** What a connection may say beside its networks. */
type More = PeeringSpec & { readonly routes?: RouteSpec };

export const pair = (
  name: string,
  a: string,
  b: string,
  { routes = 'auto', ...peering }: More = {},
): ConnectionSpec => ({ name, kind: 'pair', between: [a, b], routes, peering });
export const hub = (
  name: string,
  center: string,
  spokes: readonly string[],
  { routes = 'auto', ...peering }: More = {},
): ConnectionSpec => ({ name, kind: 'hub', hub: center, spokes, routes, peering });
export const mesh = (
  name: string,
  members: readonly string[],
  { routes = 'auto', ...peering }: More = {},
): ConnectionSpec => ({ name, kind: 'mesh', members, routes, peering });
export const line = (name: string, network: string, more: Partial<LinkSpec> = {}): LinkSpec => ({
  name,
  network,
  port: portId('pc-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  destinations: [parseCidr('192.168.0.0/16')],
  ...more,
});

/** One provider entry per account and region of the cloud's networks, shared by everything that is declared on the cloud. */
function providersOf(cloud: FakeCloud): (network: string) => Provider {
  const made = new Map<string, Provider>();
  return (network) => {
    const where = cloud.networks.get(network) ?? { account: 'acc-a', region: 'r1' };
    const key = `${where.account}.${where.region}`;
    let provider = made.get(key);
    if (provider === undefined) {
      provider = cloud.provider(key, where.account, where.region);
      made.set(key, provider);
    }
    return provider;
  };
}

export function stackOf(cloud: FakeCloud, declaration: Declaration): StackSpec {
  const providerOf = providersOf(cloud);
  const names = declaration.networks ?? Object.fromEntries([...cloud.networks.keys()].map((id) => [id, id]));
  const networkOf = (name: string, id: string): NetworkSpec => {
    const peer = declaration.peers?.[name];
    const provider = providerOf(peer === undefined ? id : '');
    return { provider, id: networkId(id), ...(peer === undefined ? {} : { peer }) };
  };
  return {
    name: declaration.stack ?? 'shop',
    networks: new Map(Object.entries(names).map(([name, id]) => [name, networkOf(name, id)])),
    connections: declaration.connections ?? [],
    links: declaration.links ?? [],
  };
}

export class Scene {
  readonly events: EngineEvent[] = [];

  constructor(
    readonly cloud: FakeCloud,
    public declaration: Declaration,
  ) {}

  /** A fresh engine, as a new process would have. */
  engine(): Engine {
    return new Engine({
      stack: stackOf(this.cloud, this.declaration),
      clock: inNewProcess(this.cloud.clock),
      onEvent: (event) => this.events.push(event),
    });
  }

  /** With declared route tables. */
  engineWith(tables: Readonly<Record<string, readonly string[]>>): Engine {
    const stack = stackOf(this.cloud, this.declaration);
    const networks = new Map(
      [...stack.networks].map(([name, network]) => [
        name,
        { ...network, ...(tables[name] === undefined ? {} : { routeTables: tables[name].map(routeTableId) }) },
      ]),
    );
    return new Engine({ stack: { ...stack, networks }, clock: inNewProcess(this.cloud.clock) });
  }

  plan(options: Parameters<Engine['plan']>[0] = {}): Promise<Plan> {
    return this.engine().plan(options);
  }

  async apply(options: Parameters<Engine['plan']>[0] & { readonly force?: boolean } = {}): Promise<ApplyReport> {
    const { force, ...rest } = options;
    const engine = this.engine();
    return engine.apply(await engine.plan(rest), { ...(force === undefined ? {} : { force }) });
  }

  destroy(): Promise<ApplyReport> {
    return this.apply({ mode: 'destroy' });
  }
}
