/**
 * One history: files that are edited, a world in which people work by hand, and commands that are broken off. At its end the
 * promise of docs/design.md is called in for each file: plan names what stands in the way and its remedies, followed to the letter, clear
 * it; one apply reaches the file; the next plan is empty; a destroy leaves nothing of the stack; nothing of others was touched.
 */
import { isPeerwayError, type Provider } from '@peerway/core';
import type { Engine, Plan } from '../../src/index.js';
import { edit, EMPTY_FILE, stackOf, STACKS, type Edit, type FileModel, type StackName } from './file.js';
import { changeByHand, type ManualChange } from './manualChanges.js';
import { differences, picture, sameButForTime, standing } from './judge.js';
import { linkFaults } from './judgeLinks.js';
import { isCustomRoute, ManualAccess, type Row } from './manualAccess.js';
import { alibabaTags, disownedByMistake, peeringFaults } from './judgePeerings.js';
import { marksLeft, routeFaults } from './judgeRoutes.js';
import { Owners, partnersOf } from './owners.js';
import { tellImport, tellStack } from './readings.js';
import { remedyOf } from './remedies.js';
import { NETWORKS, OWNED_TABLES, type Cut, type HistoryWorld, type NetworkName } from './world.js';

export type Step =
  | { readonly kind: 'edit'; readonly edit: Edit; readonly of: StackName }
  | { readonly kind: 'hand'; readonly hand: ManualChange }
  | { readonly kind: 'apply' | 'destroy'; readonly cut?: Cut; readonly of: StackName }
  | { readonly kind: 'adopt' | 'release'; readonly at: number; readonly cut?: Cut; readonly of: StackName }
  | { readonly kind: 'time'; readonly ms: number };

/** How often each kind of step did something, over all histories of a run. */
export type Histogram = Map<string, number>;

export class History {
  readonly #stacks: readonly StackName[];
  readonly #files: Record<StackName, FileModel>;
  readonly #owners: Owners;

  /** @param declared networks that the file of each stack names at first; a stack without any has no file */
  constructor(
    private readonly world: HistoryWorld,
    private readonly histogram: Histogram,
    declared: Partial<Record<StackName, readonly NetworkName[]>>,
  ) {
    const fileOf = (stack: StackName): FileModel => ({ ...EMPTY_FILE, stack, networks: declared[stack] ?? [] });
    this.#files = { hist: fileOf('hist'), other: fileOf('other') };
    this.#stacks = STACKS.filter((stack) => declared[stack] !== undefined);
    this.#owners = new Owners(world);
  }

  async take(step: Step): Promise<void> {
    // where there is one stack alone, everything is its
    const stack = 'of' in step && this.#stacks.includes(step.of) ? step.of : 'hist';
    this.world.tell(`${stack}: ${JSON.stringify(step)}`);
    switch (step.kind) {
      case 'edit':
        return this.#edit(stack, step.edit);
      case 'hand': {
        const { done, disowned = [] } = await changeByHand(this.world, step.hand);
        await this.world.pass(1); // nobody types within the instant in which a run begins: its name, and so its tokens, are of that instant
        if (done) this.#count(`hand ${step.hand.kind}`);
        this.#owners.note('nobody');
        return this.#owners.disown(disowned);
      }
      case 'time':
        this.#count('time');
        return this.world.pass(step.ms);
      case 'apply':
      case 'destroy': {
        const { kind, cut } = step;
        const broken = await this.#guarded(stack, kind, cut, (engine) => this.#apply(engine, stack, kind));
        return this.#count(`${kind}${broken ? ', broken off' : ''}`, stack);
      }
      case 'adopt':
      case 'release': {
        const { connections, link } = this.#files[stack];
        const named = [...connections, ...(link === undefined ? [] : [link])];
        const name = named[step.at % Math.max(1, named.length)]?.name;
        return name === undefined ? undefined : this.#handOver(stack, step.kind, name, step.cut);
      }
    }
  }

  /** The commands that only read. @throws Error that says what did not hold */
  async read(): Promise<void> {
    for (const stack of this.#stacks) {
      await this.world.forget();
      const spec = await stackOf(this.#files[stack], this.world);
      await tellStack(this.world, this.world.engine(spec), spec);
    }
    await this.world.forget();
    await tellImport(this.world);
  }

  /** The promise. @throws Error that says what did not hold */
  async end(): Promise<void> {
    for (const stack of this.#stacks) await this.#converge(stack);
    // a stack that loses what another has adopted takes its own routes away with it: that one puts its own in their place
    if (this.#owners.changedHands) for (const stack of this.#stacks) await this.#converge(stack);
    if (this.#stacks.length > 1)
      for (const stack of this.#stacks) await this.#requireEmpty(stack, 'the other stack ran');
    for (const stack of this.#stacks) await this.#leave(stack);
  }

  #edit(stack: StackName, change: Edit): void {
    const next = edit(this.#files[stack], change);
    const across = change.kind === 'link' && change.link?.across === true ? ' across accounts' : '';
    if (next !== this.#files[stack]) this.#count(`edit ${change.kind}${across}`, stack);
    this.#files[stack] = next;
  }

  async #converge(stack: StackName): Promise<void> {
    const { engine, plan } = await this.#cleared(stack, 'apply');
    let outcome: string | undefined;
    await this.#guarded(stack, 'final apply', undefined, async () => {
      const report = await engine.apply(plan, { force: true });
      const failed = report.steps.find((one) => one.outcome === 'failed');
      outcome =
        report.outcome === 'done' ? undefined : `${failed?.step ?? '?'}: ${failed?.error?.message ?? report.outcome}`;
    });
    if (outcome !== undefined) throw new Error(`apply failed although plan saw nothing in the way: ${outcome}`);
    await this.world.pass(60_000);
    const after = await this.#requireEmpty(stack, 'apply');
    const file = this.#files[stack];
    const [fault] = [
      ...peeringFaults(this.world, file, this.#owners.handedOver),
      ...linkFaults(this.world, file, this.#owners.handedOver),
      ...routeFaults(this.world, file),
    ];
    if (fault !== undefined) throw new Error(`the cloud's own rows after apply: ${fault}`);
    const down = (await after.status()).connections.find((one) => one.health !== 'connected');
    if (down !== undefined) throw new Error(`status says ${JSON.stringify(down)} after apply`);
  }

  async #requireEmpty(stack: StackName, after: string): Promise<Engine> {
    const engine = await this.#engine(stack);
    const [left] = (await this.#plan(engine, stack, 'apply')).steps;
    if (left !== undefined) throw new Error(`the plan after ${after} is not empty: ${left.id}: ${left.reason}`);
    return engine;
  }

  async #leave(stack: StackName): Promise<void> {
    const { engine, plan } = await this.#cleared(stack, 'destroy');
    let outcome = '';
    await this.#guarded(stack, 'final destroy', undefined, async () => {
      const { steps } = await engine.apply(plan, { force: true });
      const failed = steps.find((one) => one.outcome === 'failed');
      if (failed !== undefined) outcome = `, as ${failed.step} failed: ${failed.error?.message ?? '?'}`;
    });
    await this.world.pass(60_000);
    const [there, beyond] = [standing(this.world), await this.#beyond(stack)];
    const left = [...this.#owners.foundBy(stack)].filter((key) => there.has(key) && !beyond.has(key));
    const [first] = left;
    if (first !== undefined) {
      const text = picture(this.world, new Set([first])).get(first);
      throw new Error(`destroy left ${left.length} of ours${outcome}: ${first} ${text ?? ''}`);
    }
  }

  /** What a destroy cannot know to be ours: where no entry looks, or undeclared with nothing but a description. */
  async #beyond(stack: StackName): Promise<Set<string>> {
    const file = this.#files[stack];
    const names = file.entriesStay === true ? NETWORKS : file.networks;
    const hands: Provider[] = await Promise.all(names.map((name) => this.world.hand(name)));
    if (file.entriesStay === true || file.link?.across === true) hands.push(await this.world.portEntry());
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
    for (const { id } of tables['alibaba.routerInterfaces'] ?? [])
      if (!marked.has(id)) out.add(`alibaba.routerInterfaces ${id}`);
    // the other side shows the description, and no tags
    for (const row of tables['alibaba.vpcPeers'] ?? []) {
      const initiator = row['initiator'] as Row;
      const tags = alibabaTags(tables, row.id, initiator['account']);
      const named = String(row['description']).startsWith('peerway stack=');
      if (tags['peerway.stack'] === undefined || (!inReach(initiator) && !named)) out.add(`alibaba.vpcPeers ${row.id}`);
    }
    // a line is marked where its border router is
    for (const { id } of tables['alibaba.borderRouters'] ?? []) {
      const key = `alibaba.borderRouters ${id}`;
      if (!marked.has(id)) for (const part of [key, ...partnersOf(this.world, key)]) out.add(part);
    }
    // each side shows its own description only, and the mark is the initiator's
    for (const row of tables['baidu.peerconns'] ?? [])
      if (!inReach(row['initiator'] as Row)) out.add(`baidu.peerconns ${row.id}`);
    return out;
  }

  /** Plans, and follows what plan says stands in the way, until nothing does. */
  async #cleared(
    stack: StackName,
    mode: 'apply' | 'destroy',
  ): Promise<{ readonly engine: Engine; readonly plan: Plan }> {
    const heard = new Set<string>();
    for (let round = 0; ; round++) {
      const engine = await this.#engine(stack);
      const plan = await this.#plan(engine, stack, mode);
      const problem = plan.problems.find(
        (one) => one.severity === 'error' && (one.forceable !== true || one.kind === 'end-out-of-reach'),
      );
      if (problem === undefined) return { engine, plan };
      const mistake =
        problem.kind === 'foreign-peering'
          ? disownedByMistake(this.world, this.#files[stack], problem.object)
          : undefined;
      if (mistake !== undefined) throw new Error(mistake);
      const said = `${problem.message} (${problem.remedy})`;
      if (round >= 12) throw new Error(`12 remedies later ${mode} still says: ${said}`);
      const remedy = remedyOf(problem, this.#files[stack], heard.has(said));
      heard.add(said);
      if (remedy === undefined) throw new Error(`plan says what nobody here can follow: ${said}`);
      if (remedy.kind === 'edit') this.#edit(stack, remedy.edit);
      else if (remedy.kind === 'wait') await this.world.pass(60_000);
      else if (remedy.kind === 'adopt') await this.#handOver(stack, 'adopt', remedy.name);
      else if (remedy.kind === 'removePeering') await this.#removePeering(remedy.id);
      else await this.#removeRoute(remedy.destination, remedy.table);
      this.#count('remedy followed', stack);
    }
  }

  /** Runs one command; what is not the stack's must look afterwards as it did before. @returns true when it was broken off */
  async #guarded(
    stack: StackName,
    what: string,
    cut: Cut | undefined,
    work: (engine: Engine) => Promise<void>,
  ): Promise<boolean> {
    const before = picture(this.world, this.#owners.foreignTo(stack));
    const engine = await this.#engine(stack);
    const done = await this.world.process(async () => {
      await work(engine);
      return true;
    }, cut);
    const touched = differences(before, picture(this.world, this.#owners.foreignTo(stack)));
    if (touched[0] !== undefined) throw new Error(`${what} touched what is not ours: ${touched[0]}`);
    this.#owners.note(stack);
    return done === undefined;
  }

  async #plan(engine: Engine, stack: StackName, mode: 'apply' | 'destroy'): Promise<Plan> {
    const plan = await engine.plan({ mode });
    this.world.tell(`  ${stack}: plan of ${mode}`);
    for (const { id, reason } of plan.steps) this.world.tell(`    ${id}: ${reason}`);
    for (const { severity, kind, object, message, remedy, forceable } of plan.problems)
      this.world.tell(
        `    ${severity}${forceable === true ? ' until forced' : ''}: ${kind}: ${object}: ${message} (${remedy})`,
      );
    for (const { kind, object, detail } of plan.drift) this.world.tell(`    drift: ${kind}: ${object}: ${detail}`);
    return plan;
  }

  async #apply(engine: Engine, stack: StackName, mode: 'apply' | 'destroy'): Promise<void> {
    try {
      const plan = await this.#plan(engine, stack, mode);
      if (plan.problems.some(({ kind }) => kind === 'end-out-of-reach'))
        this.#owners.abandon(await this.#beyond(stack));
      await engine.apply(plan, { force: true });
    } catch (error) {
      if (!isPeerwayError(error)) throw error;
      this.world.tell(`    ${mode} ends: ${error.message}`);
    }
  }

  async #handOver(stack: StackName, kind: 'adopt' | 'release', name: string, cut?: Cut): Promise<void> {
    const before = picture(this.world, standing(this.world));
    const engine = await this.#engine(stack);
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
    const changed = [...after].filter(([key, text]) => !sameButForTime(before.get(key) ?? '', text));
    if (kind === 'adopt')
      this.#owners.adopt(
        stack,
        changed.map(([key]) => key),
      );
    else
      for (const [key, text] of changed) {
        if (this.#bearsMark(before.get(key) ?? '') && !this.#bearsMark(text))
          this.#owners.handedOver.add(key.slice(key.indexOf(' ') + 1));
        // a pair of which one half is marked is the stack's still
        const parts = [key, ...partnersOf(this.world, key)];
        if (!parts.some((part) => this.#bearsMark(after.get(part) ?? '')))
          for (const part of parts) this.#owners.release(part);
      }
    if (kind === 'release') this.#owners.releaseUnmarkedRoutes();
    if (kind === 'release' && done === true) {
      const beyond = await this.#beyond(stack);
      const left = marksLeft(this.world, stack, new Set(changed.map(([key]) => key))).find((key) => !beyond.has(key));
      if (left !== undefined) throw new Error(`release left its mark on ${left}`);
    }
    const what = this.#files[stack].link?.name === name ? `${kind} link` : kind;
    this.#count(`${what}${done === undefined ? ', broken off' : done ? '' : ', refused'}`, stack);
  }

  /** Whether a row still says that it is ours; Baidu's tags cannot be taken off, so there the description alone counts. */
  #bearsMark(text: string): boolean {
    return text.includes('peerway stack=') || (this.world.cloud === 'alibaba' && text.includes('peerway.stack'));
  }

  async #removeRoute(destination: string, table: string): Promise<void> {
    const [rows, tableKey, destinationKey] =
      this.world.cloud === 'alibaba'
        ? (['alibaba.routeEntries', 'table', 'destination'] as const)
        : (['baidu.routeRules', 'routeTableId', 'destinationAddress'] as const);
    const all = (this.world.tables()[rows] ?? []).filter(isCustomRoute);
    const at = all.findIndex((row) => row[tableKey] === table && row[destinationKey] === destination);
    if (at < 0) throw new Error(`plan speaks of a route ${destination} in ${table}, and there is none`);
    await changeByHand(this.world, { kind: 'deleteRoute', at });
    await this.world.pass(10_000);
  }

  async #removePeering(id: string): Promise<void> {
    const all = new ManualAccess(this.world, 0).rows('baidu.peerconns');
    const at = all.findIndex((row) => row.id === id);
    if (at < 0) throw new Error(`plan speaks of a peering ${id}, and there is none`);
    await changeByHand(this.world, { kind: 'deletePeering', at });
    await this.world.pass(10_000);
  }

  /** Every command is a process of its own. */
  async #engine(stack: StackName): Promise<Engine> {
    await this.world.forget();
    return this.world.engine(await stackOf(this.#files[stack], this.world));
  }

  #count(what: string, stack: StackName = 'hist'): void {
    const name = stack === 'hist' ? what : `${what} (other stack)`;
    this.histogram.set(name, (this.histogram.get(name) ?? 0) + 1);
  }
}
