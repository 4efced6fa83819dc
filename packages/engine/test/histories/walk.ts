/**
 * One history: a file that is edited, a world in which people work by hand, and commands that are broken off. At its end the
 * promise of docs/design.md is called in: plan names what stands in the way and its remedies, followed to the letter, clear
 * it; one apply reaches the file; the next plan is empty; a destroy leaves nothing of ours; nothing of others was touched.
 */
import { isPeerwayError } from '@peerway/core';
import type { Engine, Plan, Problem } from '../../src/index.js';
import { edit, EMPTY_FILE, stackOf, type Edit, type FileModel } from './file.js';
import { changeByHand, type ManualChange } from './manualChanges.js';
import { differences, picture, standing } from './judge.js';
import type { Row } from './manualAccess.js';
import { peeringFaults } from './judgePeerings.js';
import { NETWORKS, OWNED_TABLES, type Cut, type HistoryWorld, type NetworkName } from './world.js';

export type Step =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'hand'; readonly hand: ManualChange }
  | { readonly kind: 'apply' | 'destroy'; readonly cut?: Cut }
  | { readonly kind: 'adopt' | 'release'; readonly at: number; readonly cut?: Cut }
  | { readonly kind: 'time'; readonly ms: number };

/** How often each kind of step did something, over all histories of a run. */
export type Histogram = Map<string, number>;

export class History {
  #file: FileModel;
  /** `table id` of what somebody else made, or of ours that lost its last mark. */
  readonly #foreign = new Set<string>();
  readonly #disowned = new Set<string>();
  readonly #started: ReadonlySet<string>;

  constructor(
    private readonly world: HistoryWorld,
    private readonly histogram: Histogram,
    declared: readonly NetworkName[],
  ) {
    this.#file = { ...EMPTY_FILE, networks: declared };
    this.#started = standing(world);
    for (const key of this.#started) this.#foreign.add(key);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'edit': {
        const next = edit(this.#file, step.edit);
        if (next !== this.#file) this.#count(`edit ${step.edit.kind}`);
        this.#file = next;
        return;
      }
      case 'hand': {
        const before = standing(this.world);
        const { done, disowned = [] } = await changeByHand(this.world, step.hand);
        if (done) this.#count(`hand ${step.hand.kind}`);
        for (const key of standing(this.world)) if (!before.has(key)) this.#foreign.add(key);
        for (const key of disowned) if (!this.#foreign.has(key)) this.#disowned.add(key);
        return;
      }
      case 'time':
        this.#count('time');
        return this.world.pass(step.ms);
      case 'apply':
      case 'destroy': {
        const cut = await this.#guarded(step.kind, step.cut, (engine) =>
          this.#apply(engine, step.kind === 'apply' ? 'apply' : 'destroy'),
        );
        this.#count(`${step.kind}${cut ? ', broken off' : ''}`);
        return;
      }
      case 'adopt':
      case 'release': {
        const names = [
          ...this.#file.connections.map((one) => one.name),
          ...(this.#file.link === undefined ? [] : [this.#file.link.name]),
        ];
        const name = names[step.at % Math.max(1, names.length)];
        if (name === undefined) return;
        await this.#handOver(step.kind, name, step.cut);
      }
    }
  }

  /** The promise. @throws Error that says what did not hold */
  async end(): Promise<void> {
    await this.#converge();
    await this.#leave();
  }

  async #converge(): Promise<void> {
    const { engine, plan } = await this.#cleared('apply');
    let outcome: string | undefined;
    await this.#guarded('final apply', undefined, async () => {
      const report = await engine.apply(plan, { force: true });
      const failed = report.steps.find((one) => one.outcome === 'failed');
      outcome =
        report.outcome === 'done' ? undefined : `${failed?.step ?? '?'}: ${failed?.error?.message ?? report.outcome}`;
    });
    if (outcome !== undefined) throw new Error(`apply failed although plan saw nothing in the way: ${outcome}`);
    await this.world.pass(60_000);
    const after = await this.#engine();
    const [left] = (await after.plan()).steps;
    if (left !== undefined) throw new Error(`the plan after apply is not empty: ${left.id}: ${left.reason}`);
    const [fault] = peeringFaults(this.world, this.#file);
    if (fault !== undefined) throw new Error(`the cloud's own rows after apply: ${fault}`);
    const down = (await after.status()).connections.find((one) => one.health !== 'connected');
    if (down !== undefined) throw new Error(`status says ${JSON.stringify(down)} after apply`);
  }

  async #leave(): Promise<void> {
    const { engine, plan } = await this.#cleared('destroy');
    await this.#guarded('final destroy', undefined, async () => {
      await engine.apply(plan, { force: true });
    });
    await this.world.pass(60_000);
    const beyond = await this.#beyond();
    const left = [...standing(this.world)].filter(
      (key) => !this.#foreign.has(key) && !this.#disowned.has(key) && !beyond.has(key),
    );
    const [first] = left;
    if (first !== undefined) {
      const text = picture(this.world, new Set([first])).get(first);
      throw new Error(`destroy left ${left.length} of ours: ${first} ${text ?? ''}`);
    }
  }

  /** What a destroy cannot know to be ours: in an account that no entry names, or undeclared with nothing but a description. */
  async #beyond(): Promise<Set<string>> {
    const names = this.#file.entriesStay === true ? NETWORKS : this.#file.networks;
    const hands = await Promise.all(names.map((name) => this.world.hand(name)));
    const tables = this.world.tables();
    const seen = (row: Row): boolean => hands.some(({ account }) => account === row['account']);
    // tags are kept in the account that wrote them
    const marked = new Set(
      (tables['alibaba.tags'] ?? [])
        .filter((row) => seen(row) && (row['tags'] as Record<string, string>)['peerway.stack'] !== undefined)
        .map((row) => row['resource']),
    );
    const out = new Set<string>();
    const inReach = (row: Row): boolean =>
      hands.some(({ account, region }) => account === row['account'] && region === row['region']);
    for (const table of OWNED_TABLES[this.world.cloud])
      for (const row of tables[table] ?? []) {
        const ends = row['initiator'] === undefined ? [row] : ([row['initiator'], row['acceptor']] as readonly Row[]);
        if (!ends.some(inReach)) out.add(`${table} ${row.id}`);
      }
    for (const table of ['alibaba.routerInterfaces', 'alibaba.vpcPeers'])
      for (const row of tables[table] ?? []) if (!marked.has(row.id)) out.add(`${table} ${row.id}`);
    // each side shows its own description only, and the mark is the initiator's
    for (const row of tables['baidu.peerconns'] ?? [])
      if (!seen(row['initiator'] as Row)) out.add(`baidu.peerconns ${row.id}`);
    return out;
  }

  /** Plans, and follows what plan says stands in the way, until nothing does. */
  async #cleared(mode: 'apply' | 'destroy'): Promise<{ readonly engine: Engine; readonly plan: Plan }> {
    for (let round = 0; ; round++) {
      const engine = await this.#engine();
      const plan = await engine.plan({ mode });
      const problem = plan.problems.find(
        (one) => one.severity === 'error' && (one.forceable !== true || one.kind === 'end-out-of-reach'),
      );
      if (problem === undefined) return { engine, plan };
      if (round >= 12) throw new Error(`12 remedies later ${mode} still says: ${problem.message} (${problem.remedy})`);
      await this.#follow(problem);
      this.#count('remedy followed');
    }
  }

  /** Runs one command; what is not ours must look afterwards as it did before. @returns true when it was broken off */
  async #guarded(what: string, cut: Cut | undefined, work: (engine: Engine) => Promise<void>): Promise<boolean> {
    const before = picture(this.world, this.#foreign);
    const engine = await this.#engine();
    const done = await this.world.process(async () => {
      await work(engine);
      return true;
    }, cut);
    const touched = differences(before, picture(this.world, this.#foreign));
    if (touched[0] !== undefined) throw new Error(`${what} touched what is not ours: ${touched[0]}`);
    return done === undefined;
  }

  async #apply(engine: Engine, mode: 'apply' | 'destroy'): Promise<void> {
    try {
      await engine.apply(await engine.plan({ mode }), { force: true });
    } catch (error) {
      if (!isPeerwayError(error)) throw error;
    }
  }

  async #handOver(kind: 'adopt' | 'release', name: string, cut?: Cut): Promise<void> {
    const before = picture(this.world, standing(this.world));
    const engine = await this.#engine();
    const done = await this.world.process(async () => {
      try {
        await engine[kind](name);
        return true;
      } catch (error) {
        if (!isPeerwayError(error)) throw error;
        return false;
      }
    }, cut);
    const after = picture(this.world, standing(this.world));
    for (const [key, text] of after) {
      if (before.get(key) === text) continue;
      if (kind === 'adopt') {
        this.#foreign.delete(key);
        this.#disowned.delete(key);
      } else if (!this.#bearsMark(text)) this.#foreign.add(key);
    }
    if (kind === 'adopt') this.#adoptRest();
    this.#count(`${kind}${done === undefined ? ', broken off' : done ? '' : ', refused'}`);
  }

  /** Whether a row still says that it is ours; Baidu's tags cannot be taken off, so there the description alone counts. */
  #bearsMark(text: string): boolean {
    return text.includes('peerway stack=') || (this.world.cloud === 'alibaba' && text.includes('peerway.stack'));
  }

  /** The other half of an adopted pair, and the routes over what was adopted, come along with it. */
  #adoptRest(): void {
    const rows = this.world.tables();
    const ours = (key: string): boolean => !this.#foreign.has(key);
    const interfaces = rows['alibaba.routerInterfaces'] ?? [];
    const opposite = (row: Row): string => (row['opposite'] as { readonly interface: string }).interface;
    for (const row of interfaces) {
      const partner = interfaces.find((other) => other.id === opposite(row) || opposite(other) === row.id);
      if (partner !== undefined && ours(`alibaba.routerInterfaces ${partner.id}`))
        this.#foreign.delete(`alibaba.routerInterfaces ${row.id}`);
    }
    const hopsOfOurs = new Set(
      ['alibaba.vpcPeers', 'alibaba.routerInterfaces'].flatMap((table) =>
        (rows[table] ?? []).filter(({ id }) => ours(`${table} ${id}`)).map(({ id }) => id),
      ),
    );
    for (const row of rows['alibaba.routeEntries'] ?? []) {
      const hops = (row['nextHops'] as readonly { readonly id: string }[]).map((hop) => hop.id);
      if (hops.some((id) => hopsOfOurs.has(id))) this.#foreign.delete(`alibaba.routeEntries ${row.id}`);
    }
    const ends = (rows['baidu.peerconns'] ?? [])
      .filter((row) => ours(`baidu.peerconns ${row.id}`))
      .flatMap((row) => [row['initiator'], row['acceptor']] as { readonly ifId: string }[]);
    for (const row of rows['baidu.routeRules'] ?? [])
      if (ends.some(({ ifId }) => ifId === row['nexthopId'])) this.#foreign.delete(`baidu.routeRules ${row.id}`);
  }

  async #follow(problem: Problem): Promise<void> {
    const adopt = /`peerway adopt (\S+?)`/.exec(problem.remedy)?.[1];
    if (adopt !== undefined) return this.#handOver('adopt', adopt);
    const route = /route (\S+) in (\S+)/.exec(problem.message) ?? /route (\S+) in (\S+)/.exec(problem.object);
    if (/Remove (that route|route)/.test(problem.remedy) && route !== null)
      return this.#removeRoute(route[1] ?? '', route[2] ?? '');
    if (/The (value of the )?tag/.test(problem.message)) return this.#dropTags(problem.object);
    const connection = this.#file.connections.findIndex((one) => one.name === problem.object);
    if (/List prefixes|list of routes without|Remove \S+ from the routes of/.test(problem.remedy) && connection >= 0)
      return this.take({ kind: 'edit', edit: { kind: 'routes', at: connection, routes: 'auto' } });
    if (/Add a provider entry|Put a provider entry .* back into the file/.test(problem.remedy)) {
      const missing = (['n0', 'n1', 'n2', 'far'] as const).find((name) => !this.#file.networks.includes(name));
      if (missing !== undefined) return this.take({ kind: 'edit', edit: { kind: 'return', network: missing } });
    }
    throw new Error(`plan says what nobody here can follow: ${problem.message} (${problem.remedy})`);
  }

  /** The file without the tags of one connection or link, as the remedy for a tag that the cloud does not take. */
  #dropTags(name: string): void {
    const { link, ...rest } = this.#file;
    this.#file = {
      ...rest,
      connections: rest.connections.map((one) => (one.name === name ? { ...one, tags: {} } : one)),
      ...(link === undefined ? {} : { link: link.name === name ? { ...link, tags: {} } : link }),
    };
  }

  async #removeRoute(destination: string, table: string): Promise<void> {
    const [rows, tableKey, destinationKey] =
      this.world.cloud === 'alibaba'
        ? (['alibaba.routeEntries', 'table', 'destination'] as const)
        : (['baidu.routeRules', 'routeTableId', 'destinationAddress'] as const);
    const all = (this.world.tables()[rows] ?? []).filter((row) => row['type'] !== 'System');
    const at = all.findIndex((row) => row[tableKey] === table && row[destinationKey] === destination);
    if (at < 0) throw new Error(`plan speaks of a route ${destination} in ${table}, and there is none`);
    await changeByHand(this.world, { kind: 'deleteRoute', at });
    await this.world.pass(10_000);
  }

  /** Every command is a process of its own. */
  async #engine(): Promise<Engine> {
    await this.world.forget();
    return this.world.engine(await stackOf(this.#file, this.world));
  }

  #count(what: string): void {
    this.histogram.set(what, (this.histogram.get(what) ?? 0) + 1);
  }
}
