/** What a change by hand works with: the rows of the cloud, one choice, and the account that owns the chosen row. */
import type { Provider } from '@peerway/core';
import { alibabaRpc, type AlibabaRpc } from '@peerway/alibaba';
import { NETWORKS, type HistoryWorld, type NetworkName, type Tables } from './world.js';

export type Row = Tables[string][number];

export interface ManualChangeResult {
  /** False: there was nothing to change, or the cloud refused. */
  readonly done: boolean;
  /** `table id` of objects that had our mark and have none that counts any more. */
  readonly disowned?: readonly string[];
}

export const NOTHING: ManualChangeResult = { done: false };
export const DONE: ManualChangeResult = { done: true };

/** Networks that somebody else peers: some of them a file may declare. */
export const FOREIGN_PAIRS: readonly (readonly [NetworkName, NetworkName])[] = [
  ['n1', 'n2'],
  ['n0', 'n1'],
  ['n0', 'far'],
];

/** Neither the cloud's own nor one to a prefix list. */
export const isCustomRoute = (row: Row): boolean =>
  row['type'] !== 'System' && !String(row['destination']).startsWith('pl-');

export class ManualAccess {
  readonly #tables: Tables;

  constructor(
    readonly world: HistoryWorld,
    private readonly at: number,
  ) {
    this.#tables = world.tables();
  }

  rows(table: string): readonly Row[] {
    return (this.#tables[table] ?? []).filter((row) => !/^deleted?/i.test(String(row['status'])));
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.at % items.length];
  }

  /** A custom route of one of our four networks or of a border router. */
  route(): Row | undefined {
    const table = this.world.cloud === 'alibaba' ? 'alibaba.routeEntries' : 'baidu.routeRules';
    return this.pick(this.rows(table).filter(isCustomRoute));
  }

  async of(row: Row): Promise<Provider> {
    for (const name of NETWORKS) {
      const provider = await this.world.hand(name);
      if (provider.account === row['account'] && provider.region === row['region']) return provider;
    }
    throw new Error(`nobody owns ${row.id}`);
  }

  async rpc(row: Row): Promise<AlibabaRpc> {
    const rpc = (await this.of(row)).native(alibabaRpc);
    if (rpc === undefined) throw new Error('no native client');
    return rpc;
  }

  provider(name: NetworkName): Promise<Provider> {
    return this.world.hand(name);
  }
}

export type Work = (access: ManualAccess) => Promise<ManualChangeResult>;

export const endOf = (row: Row, side: 'initiator' | 'acceptor'): Row => row[side] as Row;
