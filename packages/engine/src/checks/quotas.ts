/**
 * Default quotas against what the plan would leave in the cloud: found before the first write. The account's own quota may
 * be higher, so `force` passes.
 */
import type { AccountOwner } from '@peerway/core';
import type { DiffInput, PlanDraft } from '../diff/planDraft.js';
import type { PlanStep, StepWork } from '../plan/plan.js';
import type { World } from '../world/observe.js';

const REMEDY = 'Ask the cloud for a higher quota; if the account has one already, apply with --force.';

class Counter {
  readonly #counts = new Map<string, number>();

  add(key: string, by = 1): void {
    this.#counts.set(key, this.of(key) + by);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }
}

type Reach = 'within' | 'across';

/** What each quota would count after the steps. */
class AfterPlan {
  /** Peerings per network, mechanism and reach. */
  readonly #network = new Counter();
  /** Ends per provider entry and mechanism. */
  readonly #entry = new Counter();
  /** Peerings per cloud, account and mechanism. */
  readonly #account = new Counter();
  /** Routes that the steps add to a table, less those that they remove. */
  readonly #table = new Counter();

  constructor(
    private readonly world: World,
    steps: readonly PlanStep[],
  ) {
    for (const { work } of steps) this.#countStep(work);
    if (!steps.some(({ work }) => work.verb === 'peering.create')) return;
    const leaving = new Set(steps.flatMap(({ work }) => (work.verb === 'peering.delete' ? [work.peering] : [])));
    this.#countPresent(leaving);
  }

  peerings(networkKey: string, mechanism: string, reach: Reach): number {
    return this.#network.of(`${networkKey} ${mechanism} ${reach}`);
  }

  ends(provider: string, mechanism: string): number {
    return this.#entry.of(`${provider} ${mechanism}`);
  }

  inAccount(plugin: string, account: AccountOwner, mechanism: string): number {
    return this.#account.of(`${plugin} ${account} ${mechanism}`);
  }

  routesAdded(provider: string, network: string, table: string): number {
    return this.#table.of(`${provider} ${network} ${table}`);
  }

  #countStep(work: StepWork): void {
    if (work.verb === 'route.create' && work.table.kind === 'known')
      this.#table.add(`${work.provider} ${work.network} ${work.table.table}`);
    else if (work.verb === 'route.delete') this.#table.add(`${work.provider} ${work.network} ${work.route.table}`, -1);
    else if (work.verb === 'peering.create') this.#countCreation(work);
  }

  #countCreation({ providers, request }: Extract<StepWork, { readonly verb: 'peering.create' }>): void {
    const { mechanism, initiator, acceptor } = request;
    const across = this.world.providers.get(providers.initiator)?.region !== acceptor.region;
    for (const [provider, network] of [
      [providers.initiator, initiator],
      [providers.acceptor, acceptor.network],
    ] as const) {
      const plugin = this.world.providers.get(provider)?.id ?? '';
      this.#network.add(`${plugin} ${network} ${mechanism} ${across ? 'across' : 'within'}`);
    }
    const entries = [providers.initiator, providers.acceptor];
    for (const provider of new Set(entries)) this.#entry.add(`${provider} ${mechanism}`);
    const plugin = this.world.providers.get(providers.initiator)?.id ?? '';
    for (const account of new Set(entries.map((entry) => this.world.accounts.get(entry))))
      if (account !== undefined) this.#account.add(`${plugin} ${account} ${mechanism}`);
  }

  #countPresent(leaving: ReadonlySet<string>): void {
    for (const list of this.world.pairs.values()) {
      for (const { peering, keys, providers } of list) {
        if (leaving.has(peering.id)) continue;
        const reach: Reach = peering.initiator.region !== peering.acceptor.region ? 'across' : 'within';
        for (const key of [keys.initiator, keys.acceptor]) this.#network.add(`${key} ${peering.mechanism} ${reach}`);
        for (const name of new Set([providers.initiator?.name, providers.acceptor?.name]))
          if (name !== undefined) this.#entry.add(`${name} ${peering.mechanism}`);
        for (const account of new Set([peering.initiator.account, peering.acceptor.account]))
          this.#account.add(`${peering.provider} ${account} ${peering.mechanism}`);
      }
    }
  }
}

export function checkQuotas(input: DiffInput, draft: PlanDraft, steps: readonly PlanStep[]): void {
  const after = new AfterPlan(input.world, steps);
  checkPeeringsPerNetwork(input.world, draft, after);
  checkRoutesPerTable(input.world, draft, after);
  checkEndsPerAccount(input.world, draft, after);
  checkPerAccount(input.world, draft, after);
  checkPending(input.world, draft, steps);
}

function checkPeeringsPerNetwork(world: World, draft: PlanDraft, after: AfterPlan): void {
  for (const { key, name, id, provider } of world.byKey.values()) {
    for (const mechanism of provider.capabilities.mechanisms) {
      const within = after.peerings(key, mechanism.name, 'within');
      const across = after.peerings(key, mechanism.name, 'across');
      const { perNetwork } = mechanism.limits;
      for (const [now, limit, what] of [
        [within, perNetwork?.sameRegion, 'peerings inside the region'],
        [across, perNetwork?.crossRegion, 'peerings to other regions'],
        [within + across, perNetwork?.total, 'peerings'],
      ] as const) {
        if (limit === undefined || now <= limit) continue;
        draft.error(
          'quota-peerings',
          name,
          `${name} (${id}) would have ${now} ${what} of ${mechanism.name}; the default quota is ${limit}`,
          REMEDY,
          true,
        );
      }
    }
  }
}

function checkRoutesPerTable(world: World, draft: PlanDraft, after: AfterPlan): void {
  for (const { name, id, provider, tables } of world.byKey.values()) {
    const { perTable } = provider.capabilities.routes.limits;
    if (perTable === undefined) continue;
    for (const table of tables) {
      const added = after.routesAdded(provider.name, id, table.id);
      const now = table.routes.filter((route) => route.origin === 'custom').length + added;
      if (added > 0 && now > perTable)
        draft.error(
          'quota-routes',
          name,
          `${table.id} (${name}) would hold ${now} routes; the default quota is ${perTable}`,
          REMEDY,
          true,
        );
    }
  }
}

function checkEndsPerAccount(world: World, draft: PlanDraft, after: AfterPlan): void {
  for (const provider of world.providers.values()) {
    for (const mechanism of provider.capabilities.mechanisms) {
      const limit = mechanism.limits.perAccountAndRegion;
      const now = after.ends(provider.name, mechanism.name);
      if (limit !== undefined && now > limit)
        draft.error(
          'quota-peerings',
          provider.name,
          `The account of ${provider.name} would have ${now} ends of ${mechanism.name} in ${provider.region}; the default quota is ${limit}`,
          REMEDY,
          true,
        );
    }
  }
}

/** Over all regions, as far as the entries of the file show them. */
function checkPerAccount(world: World, draft: PlanDraft, after: AfterPlan): void {
  const checked = new Set<string>();
  for (const provider of world.providers.values()) {
    const account = world.accounts.get(provider.name);
    if (account === undefined || checked.has(`${provider.id} ${account}`)) continue;
    checked.add(`${provider.id} ${account}`);
    for (const mechanism of provider.capabilities.mechanisms) {
      const limit = mechanism.limits.perAccount;
      const now = after.inAccount(provider.id, account, mechanism.name);
      if (limit !== undefined && now > limit)
        draft.error(
          'quota-peerings',
          provider.name,
          `The account of ${provider.name} would have ${now} peerings by ${mechanism.name} in all its regions; the default quota is ${limit}`,
          REMEDY,
          true,
        );
    }
  }
}

/** What a run asks for it also accepts; what waits already, for others, may leave no room to ask for anything. */
function checkPending(world: World, draft: PlanDraft, steps: readonly PlanStep[]): void {
  const pending = new Counter();
  for (const { peering, providers } of [...world.pairs.values()].flat())
    if (peering.state === 'pending-acceptance' && providers.initiator !== undefined)
      pending.add(`${providers.initiator.name} ${peering.mechanism}`);
  for (const provider of world.providers.values()) {
    for (const { name, limits } of provider.capabilities.mechanisms) {
      const limit = limits.pendingPerAccountAndRegion;
      const now = pending.of(`${provider.name} ${name}`);
      const asks = steps.some(
        ({ work }) =>
          work.verb === 'peering.create' &&
          work.providers.initiator === provider.name &&
          work.request.mechanism === name,
      );
      if (limit === undefined || now < limit || !asks) continue;
      draft.error(
        'quota-peerings',
        provider.name,
        `The account of ${provider.name} has ${now} requests of ${name} that wait in ${provider.region}, and the default quota is ${limit}: it may ask for nothing more`,
        `Accept or delete some of them. ${REMEDY}`,
        true,
      );
    }
  }
}
