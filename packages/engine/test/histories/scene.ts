/** Named tests of the second day over the world of the histories: one file after the other is applied to one emulated cloud. */
import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { alibabaRpc, type AlibabaRpc } from '@peerway/alibaba';
import type { ApplyReport, Engine, Plan, RouteSpec } from '../../src/index.js';
import type { CloudName } from '../emulated.js';
import { EMPTY_FILE, stackOf, type FileConnection, type FileModel } from './file.js';
import { mutations } from '@peerway/emulator';
import { changeByHand, type ManualChangeKind } from './manualChanges.js';
import { HistoryWorld, type Cut, type NetworkName, type Scenario, type Tables } from './world.js';

const PLAIN: Omit<Scenario, 'cloud'> = { dualStack: [], tables: false, prefixList: false, second: 0 };

export type Row = Tables[string][number];

/** One cloud, started once; every test begins with the same four networks and nothing else. */
export function suite(cloud: CloudName, body: (scene: Scene) => void): void {
  describe(cloud, () => {
    const scene = new Scene(cloud);
    beforeAll(() => scene.start());
    beforeEach(() => scene.open());
    afterAll(() => scene.close());
    body(scene);
  });
}

export class Scene {
  world!: HistoryWorld;

  constructor(readonly cloud: CloudName) {}

  async start(): Promise<void> {
    this.world = await HistoryWorld.start(this.cloud);
  }

  open(more: Partial<Scenario> = {}): Promise<void> {
    return this.world.open({ cloud: this.cloud, ...PLAIN, ...more });
  }

  close(): Promise<void> {
    return this.world.close();
  }

  async engine(file: FileModel): Promise<Engine> {
    return this.world.engine(await stackOf(file, this.world));
  }

  async plan(file: FileModel, mode: 'apply' | 'destroy' = 'apply'): Promise<Plan> {
    return (await this.engine(file)).plan({ mode });
  }

  /** Every step must be done. */
  async apply(file: FileModel, mode: 'apply' | 'destroy' = 'apply'): Promise<ApplyReport> {
    const engine = await this.engine(file);
    const report = await engine.apply(await engine.plan({ mode }), { force: true });
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    return report;
  }

  /** Applies, and the next plan is empty. */
  async converge(file: FileModel): Promise<ApplyReport> {
    const report = await this.apply(file);
    await this.world.pass(60_000);
    const { steps, problems } = await this.plan(file);
    expect([steps.map(({ id, reason }) => `${id}: ${reason}`), problems]).toEqual([[], []]);
    return report;
  }

  async hand(kind: ManualChangeKind, at = 0): Promise<void> {
    expect(await changeByHand(this.world, { kind, at })).toMatchObject({ done: true });
    await this.world.pass(60_000);
  }

  /** Operations that change something, of all requests since the call before. */
  async changes<T>(work: () => Promise<T>): Promise<string[]> {
    const before = this.world.emulator.requests.length;
    await work();
    return mutations(this.world.emulator.requests.slice(before)).map(({ operation }) => operation);
  }

  /** Runs it as a process that dies. */
  async broken(work: () => Promise<unknown>, cut: Cut): Promise<void> {
    expect(await this.world.process(work, cut)).toBeUndefined();
  }

  async rpc(name: NetworkName): Promise<AlibabaRpc> {
    const rpc = (await this.world.hand(name)).native(alibabaRpc);
    if (rpc === undefined) throw new Error('no native client');
    return rpc;
  }

  /** Rows that are not tombstones. */
  rows(table: string): readonly Row[] {
    return (this.world.tables()[table] ?? []).filter((row) => !/^deleted?$/i.test(String(row['status'])));
  }

  /** Tags of one object, as its cloud keeps them. */
  tags(id: string): Record<string, string> {
    const rows = this.world.tables()[`${this.cloud}.tags`] ?? [];
    const tags = rows.find((row) => row['resource'] === id)?.['tags'];
    return Object.fromEntries(Object.entries((tags ?? {}) as Record<string, string>));
  }
}

/** Of the one router-interface pair; the initiator's first. */
export const halves = (scene: Scene): readonly Row[] =>
  [...scene.rows('alibaba.routerInterfaces')].sort((a, b) => (String(a['role']) < String(b['role']) ? 1 : -1));

/** A file with one connection. */
export const pair = (
  name: string,
  a: FileConnection['between'][0],
  b: FileConnection['between'][0],
  more: Partial<Pick<FileConnection, 'mechanism' | 'tags' | 'bandwidthMbps' | 'says'>> & {
    readonly routes?: RouteSpec;
  } = {},
): FileModel => ({
  ...EMPTY_FILE,
  connections: [{ name, between: [a, b], routes: 'auto', tags: {}, ...more }],
});

export const mark = (name: string): string => `peerway stack=hist connection=${name}`;

export const errors = (plan: Plan): string[] =>
  plan.problems.filter((one) => one.severity === 'error').map((one) => one.message);
