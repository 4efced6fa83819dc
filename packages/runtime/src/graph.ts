/** The stack as nodes and edges with live states: data for pictures, drawn by whoever has a renderer. */
import type { NetworkId, Provider } from '@peerway/core';
import type { ConnectionStatus, Engine, Health, ReadOptions } from '@peerway/engine';

export interface GraphNetwork {
  /** The user's name. */
  readonly name: string;
  readonly id: string;
  /** Plugin id, e.g. `alibaba`. */
  readonly cloud: string;
  /** Empty when the network is missing and the config names no account. */
  readonly account: string;
  readonly region: string;
  /** Empty when the network is missing. */
  readonly cidrs: readonly string[];
  readonly found: boolean;
}

export interface GraphEdge {
  /** Expanded name, e.g. `core/ml/logs`. */
  readonly name: string;
  readonly kind: 'peering' | 'link';
  /** One network for a link. */
  readonly networks: readonly string[];
  readonly health: Health;
  readonly state?: string;
  readonly nativeState?: string;
  readonly id?: string;
  readonly mechanism?: string;
  readonly bandwidthMbps?: number | 'unlimited';
  readonly routes: { readonly total: number; readonly active: number };
  /** What is wrong, a sentence each. */
  readonly faults: readonly string[];
}

export interface Graph {
  readonly version: 1;
  readonly stack: string;
  readonly networks: readonly GraphNetwork[];
  readonly edges: readonly GraphEdge[];
}

export async function buildGraph(engine: Engine, options: ReadOptions): Promise<Graph> {
  const { stack } = await engine.declared(options);
  const byProvider = new Map<Provider, NetworkId[]>();
  for (const { provider, id, peer } of stack.networks.values()) {
    if (peer !== undefined) continue;
    byProvider.set(provider, [...(byProvider.get(provider) ?? []), id]);
  }
  const [status, ...read] = await Promise.all([
    engine.status(options),
    ...[...byProvider].map(async ([provider, ids]) => {
      const networks = await provider.readOnly().networks.getMany(ids, options);
      return networks.map((network) => [`${provider.name} ${network.id}`, network] as const);
    }),
  ]);
  const found = new Map(read.flat());
  return {
    version: 1,
    stack: stack.name,
    networks: [...stack.networks].map(([name, { provider, id, peer }]) => {
      const network = found.get(`${provider.name} ${id}`);
      return {
        name,
        id,
        cloud: provider.id,
        account: peer?.account ?? network?.account ?? provider.account ?? '',
        region: peer?.region ?? provider.region,
        cidrs: peer?.cidrs ?? network?.cidrs ?? [],
        // somebody else's is not looked for
        found: peer !== undefined || network !== undefined,
      };
    }),
    edges: status.connections.map(edgeOf),
  };
}

function edgeOf(connection: ConnectionStatus): GraphEdge {
  const { id, state, nativeState, mechanism, bandwidthMbps } = connection;
  return {
    name: connection.connection,
    kind: connection.kind,
    networks: connection.networks,
    health: connection.health,
    routes: {
      total: connection.routes.length,
      active: connection.routes.filter((route) => route.state === 'active').length,
    },
    faults: connection.drift.map((item) => `${item.object}: ${item.detail}`),
    ...(id === undefined ? {} : { id }),
    ...(state === undefined ? {} : { state }),
    ...(nativeState === undefined ? {} : { nativeState }),
    ...(mechanism === undefined ? {} : { mechanism }),
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
  };
}
