/** Default quotas against what the plan would leave in the cloud: found before the first write, passed by `force`. */
import type { DiffInput, PlanDraft } from '../diff/planDraft.js';
import type { PlanStep } from '../plan/plan.js';

/** Default quotas against what is there plus what the steps add; the account's own may be higher, so `force` passes. */
export function checkQuotas(input: DiffInput, draft: PlanDraft, steps: readonly PlanStep[]): void {
  const remedy = 'Ask the cloud for a higher quota; if the account has one already, apply with --force.';
  const added = {
    network: new Map<string, number>(),
    table: new Map<string, number>(),
    account: new Map<string, number>(),
  };
  const count = (map: Map<string, number>, key: string, by: number): void =>
    void map.set(key, (map.get(key) ?? 0) + by);
  for (const { work } of steps) {
    if (work.verb === 'route.create' && work.table.kind === 'known')
      count(added.table, `${work.provider} ${work.network} ${work.table.table}`, 1);
    else if (work.verb === 'route.delete')
      count(added.table, `${work.provider} ${work.network} ${work.route.table}`, -1);
    else if (work.verb === 'peering.create') {
      for (const [provider, network] of [
        [work.providers.initiator, work.request.initiator],
        [work.providers.acceptor, work.request.acceptor.network],
      ] as const) {
        const plugin = input.world.providers.get(provider)?.id ?? '';
        const across = input.world.providers.get(work.providers.initiator)?.region !== work.request.acceptor.region;
        count(added.network, `${plugin} ${network} ${work.request.mechanism} ${across ? 'across' : 'within'}`, 1);
      }
      for (const provider of new Set([work.providers.initiator, work.providers.acceptor]))
        count(added.account, `${provider} ${work.request.mechanism}`, 1);
    }
  }
  const leaving = new Set(steps.flatMap(({ work }) => (work.verb === 'peering.delete' ? [work.peering] : [])));
  if (added.network.size > 0) {
    for (const list of input.world.pairs.values()) {
      for (const { peering, keys, providers } of list) {
        if (leaving.has(peering.id)) continue;
        const across = peering.initiator.region !== peering.acceptor.region ? 'across' : 'within';
        for (const side of ['initiator', 'acceptor'] as const) {
          const key = `${keys[side]} ${peering.mechanism} ${across}`;
          count(added.network, key, 1);
        }
        for (const name of new Set([providers.initiator?.name, providers.acceptor?.name]))
          if (name !== undefined) count(added.account, `${name} ${peering.mechanism}`, 1);
      }
    }
  }
  for (const seen of input.world.byKey.values()) {
    for (const mechanism of seen.provider.capabilities.mechanisms) {
      const within = added.network.get(`${seen.key} ${mechanism.name} within`) ?? 0;
      const across = added.network.get(`${seen.key} ${mechanism.name} across`) ?? 0;
      const { perNetwork } = mechanism.limits;
      const over = (now: number, limit: number | undefined, what: string): void => {
        if (limit === undefined || now <= limit) return;
        draft.error(
          'quota-peerings',
          seen.name,
          `${seen.name} (${seen.id}) would have ${now} ${what} of ${mechanism.name}; the default quota is ${limit}`,
          remedy,
          true,
        );
      };
      over(within, perNetwork?.sameRegion, 'peerings inside the region');
      over(across, perNetwork?.crossRegion, 'peerings to other regions');
      over(within + across, perNetwork?.total, 'peerings');
    }
    const { perTable } = seen.provider.capabilities.routes.limits;
    if (perTable === undefined) continue;
    for (const table of seen.tables) {
      const change = added.table.get(`${seen.provider.name} ${seen.id} ${table.id}`) ?? 0;
      const now = table.routes.filter((route) => route.origin === 'custom').length + change;
      if (change > 0 && now > perTable)
        draft.error(
          'quota-routes',
          seen.name,
          `${table.id} (${seen.name}) would hold ${now} routes; the default quota is ${perTable}`,
          remedy,
          true,
        );
    }
  }
  for (const provider of input.world.providers.values()) {
    for (const mechanism of provider.capabilities.mechanisms) {
      const limit = mechanism.limits.perAccountAndRegion;
      const now = added.account.get(`${provider.name} ${mechanism.name}`) ?? 0;
      if (limit !== undefined && now > limit)
        draft.error(
          'quota-peerings',
          provider.name,
          `The account of ${provider.name} would have ${now} ends of ${mechanism.name} in ${provider.region}; the default quota is ${limit}`,
          remedy,
          true,
        );
    }
  }
}
