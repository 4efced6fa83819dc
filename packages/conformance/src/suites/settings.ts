/**
 * The provider's own settings of one peering or one link: given when it is made, compared with what is declared, changed in place where
 * that can be done. Which there are say the capabilities; two values of each, that the cloud takes, give the harness.
 */
import assert from 'node:assert/strict';
import type { ObjectSettings, SettingDrift, SettingSupport } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { present } from '../expectations.js';
import { A0, A1, type CaseContext } from '../caseContext.js';
import type { SettingValues } from '../harness.js';
import { linkRequest } from './linkRequest.js';

type Supports = Readonly<Record<string, SettingSupport>>;

/** One object with settings, whatever it is. */
interface Settled {
  drift(settings: ObjectSettings): Promise<readonly SettingDrift[]>;
  /** As it is seen from the other end, where it has one. */
  driftThere?(settings: ObjectSettings): Promise<readonly SettingDrift[]>;
  write(names: readonly string[], values: ObjectSettings): Promise<void>;
}

const brief = (drift: readonly SettingDrift[]) => drift.map(({ name, seen, change }) => [name, seen, change]);

/** Tries one setting with both of its values on objects that `make` makes. */
async function tryOne(
  name: string,
  { change }: SettingSupport,
  [first, second]: readonly [unknown, unknown],
  make: (settings: ObjectSettings) => Promise<Settled>,
): Promise<void> {
  const [one, other] = [{ [name]: first }, { [name]: second }];
  const thing = await make(one);
  assert.deepEqual(await thing.drift(one), [], `${name}: what was asked for is there`);
  assert.deepEqual(
    (await thing.driftThere?.(one)) ?? [],
    [],
    `${name}: it is what the other end sees, or none of its own`,
  );
  if (change === 'creation') return void assert.deepEqual(await thing.drift(other), [], `${name} is never shown`);
  const drift = await thing.drift(other);
  assert.deepEqual(brief(drift), [[name, String(first), change]], `${name}: another value is wanted`);
  assert.equal(drift[0]?.wanted, String(second));
  if (change !== 'in-place') return;
  for (let time = 0; time < 2; time++) {
    await thing.write([name], other);
    assert.deepEqual(await thing.drift(other), [], `${name} was changed in place`);
    assert.deepEqual(brief(await thing.drift(one)), [[name, String(second), change]]);
  }
  // declared no longer: back to the default, where there is one that can be told
  if ((await thing.drift({})).some((left) => left.change === 'in-place')) await thing.write([name], {});
  assert.ok(
    (await thing.drift({})).every((left) => left.change === 'fixed'),
    `${name} was taken away`,
  );
}

async function tryAll(
  supports: Supports,
  values: SettingValues,
  make: (support: SettingSupport) => (settings: ObjectSettings) => Promise<Settled>,
): Promise<void> {
  for (const [name, support] of Object.entries(supports)) {
    await tryOne(name, support, present(values[name], `two values of ${name}`), make(support));
  }
}

const peering =
  (context: CaseContext) =>
  ({ only }: SettingSupport) =>
  async (settings: ObjectSettings): Promise<Settled> => {
    const [from, to] = [await context.network(A0), await context.network(only === 'crossRegion' ? A1 : A0)];
    const { id } = await context.connect(from, to, { settings });
    const { peerings } = await context.provider(A0);
    return {
      drift: async (declared) => peerings.settingsDrift(await context.read(A0, id, 'initiator'), declared),
      driftThere: async (declared) => peerings.settingsDrift(await context.read(to.place, id, 'acceptor'), declared),
      write: (names, declared) =>
        peerings.update(id, { settings: { names, values: declared } }, { mechanism: context.mechanism.name }),
    };
  };

const link = (context: CaseContext) => () => async (settings: ObjectSettings) => {
  const { links } = await context.provider(A0);
  const { id } = await links.create(await linkRequest(context, await context.network(A0), { settings }));
  return {
    drift: async (declared: ObjectSettings) => links.settingsDrift(await links.get(id), declared),
    write: (names: readonly string[], declared: ObjectSettings) =>
      links.update(id, { settings: { names, values: declared } }),
  };
};

export const peeringSettings: Case = {
  name: 'Each setting of a peering’s own is kept, differs where it differs, and is changed as the capabilities say',
  usually: 'It is not sent at creation or at a change, or a reading is compared with the entry’s options alone.',
  needs: [
    needs.that(
      ({ mechanism }) => Object.keys(mechanism.settings ?? {}).length > 0,
      'a peering has no settings of its own',
    ),
    needs.settings('peering'),
  ],
  run: (context) =>
    tryAll(context.mechanism.settings ?? {}, context.facts.harness.settings?.peering ?? {}, peering(context)),
};

export const linkSettings: Case = {
  name: 'Each setting of a link’s own is kept, differs where it differs, and is changed as the capabilities say',
  usually: 'It is not sent at creation or at a change, or a reading is compared with the entry’s options alone.',
  needs: [
    needs.link('link'),
    needs.offer('port'),
    needs.that(
      ({ capabilities }) => Object.keys(capabilities.links.settings ?? {}).length > 0,
      'a link has no settings of its own',
    ),
    needs.settings('link'),
  ],
  run: (context) =>
    tryAll(context.facts.capabilities.links.settings ?? {}, context.facts.harness.settings?.link ?? {}, link(context)),
};
