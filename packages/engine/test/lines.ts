/** A line of the default world on the emulator, declared on each cloud, and what the cloud's own rows say of it. */
import { networkId, portId, type Provider } from '@peerway/core';
import { DEFAULT_WORLD, type EmulatorOptions } from '@peerway/emulator';
import { Engine, type ApplyReport, type LinkSpec, type Plan } from '../src/index.js';
import { Emulated, type CloudName } from './emulated.js';
import { inNewProcess } from './newProcess.js';
import { line } from './scene.js';

/** Tables of the emulator that hold what a line is made of. */
const TABLES: Record<CloudName, Readonly<Record<string, string>>> = {
  alibaba: {
    routers: 'alibaba.borderRouters',
    interfaces: 'alibaba.routerInterfaces',
    routes: 'alibaba.routeEntries',
    tags: 'alibaba.tags',
  },
  baidu: { gateways: 'baidu.gateways', channels: 'baidu.channels', routes: 'baidu.routeRules' },
};

export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export class LineWorld {
  private constructor(
    readonly cloud: CloudName,
    readonly world: Emulated,
  ) {}

  /** @param more e.g. `start`: at which instant its time begins; default: now */
  static async start(
    cloud: CloudName,
    rules: Record<string, string | number | boolean> = {},
    more: EmulatorOptions = {},
  ): Promise<LineWorld> {
    return new LineWorld(cloud, await Emulated.start({ rules, ...more }));
  }

  get emulator(): Emulated['emulator'] {
    return this.world.emulator;
  }

  spec(more: Partial<LinkSpec> = {}): LinkSpec {
    const [region] = DEFAULT_WORLD[this.cloud].regions;
    const port = DEFAULT_WORLD[this.cloud].ports.find((one) => one.account === 'a' && one.region === region);
    if (port === undefined) throw new Error('no port');
    const addresses = this.cloud === 'baidu' ? this.channel(port.id) : {};
    return line('idc', 'web', { port: portId(port.id), ...addresses, ...more });
  }

  /** VLAN and addresses of the first channel that people made on the line. */
  channel(port: string, at = 0): Pick<LinkSpec, 'vlan' | 'cloudIp' | 'customerIp'> {
    const row = this.rows('channels').filter((one) => one['lineId'] === port)[at];
    if (row === undefined) throw new Error('no channel');
    const [cloudIp, customerIp] = [String(row['baiduAddress']), String(row['customerAddress'])];
    return { vlan: Number(row['vlanId']), cloudIp, customerIp: customerIp.split('/')[0] ?? '' };
  }

  async provider(): Promise<Provider> {
    return this.world.provider(this.cloud, 'a', DEFAULT_WORLD[this.cloud].regions[0]);
  }

  async engine(links: readonly LinkSpec[], provider?: Provider, name = 'shop'): Promise<Engine> {
    const near = provider ?? (await this.provider());
    const { web, data } = this.world.networks(this.cloud);
    const networks = new Map([
      ['web', { provider: near, id: networkId(web) }],
      ['data', { provider: near, id: networkId(data) }],
    ]);
    return new Engine({
      stack: { name, networks, connections: [], links },
      clock: inNewProcess(this.world.clock),
    });
  }

  async plan(links: readonly LinkSpec[], mode: 'apply' | 'destroy' = 'apply'): Promise<Plan> {
    return (await this.engine(links)).plan({ mode });
  }

  async apply(
    links: readonly LinkSpec[],
    mode: 'apply' | 'destroy' = 'apply',
    provider?: Provider,
  ): Promise<ApplyReport> {
    const engine = await this.engine(links, provider);
    return engine.apply(await engine.plan({ mode }), { force: true });
  }

  /** Operations that changed something since the last call. */
  #seen = 0;
  writes(): string[] {
    const all = this.emulator.requests.filter((request) => request.mutating);
    const fresh = all.slice(this.#seen).map((request) => request.operation);
    this.#seen = all.length;
    return fresh;
  }

  rows(kind: string): Row[] {
    return [...(this.emulator.snapshot().tables[TABLES[this.cloud][kind] ?? ''] ?? [])];
  }

  /** Everything that a link leaves in the cloud. */
  left(): string[] {
    const kinds = this.cloud === 'alibaba' ? ['routers', 'interfaces', 'routes'] : ['gateways', 'routes'];
    return kinds.flatMap((kind) =>
      this.rows(kind)
        .filter(isCustom)
        .map(({ id }) => id),
    );
  }
}

const isCustom = (row: Row): boolean => (row['type'] ?? 'Custom') === 'Custom' && row['nexthopType'] !== 'sys';
