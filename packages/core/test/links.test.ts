/** What the portable Links checks of a line before any request, and what they do of its health check, its switches and its two entries. */
import { describe, expect, it } from '@jest/globals';
import {
  isPeerwayError,
  networkId,
  parseCidr,
  probesAs,
  type Call,
  type HealthCheck,
  type HealthCheckLimits,
  type LinkCreate,
  type LinkDriver,
  type LinkQuery,
  type LinkRequest,
  type LinkUpdate,
  type ProviderCapabilities,
} from '@peerway/core';
import { BOB, CAPABILITIES, fake, link, LINK, no, page, type FakeOptions, LINE as wanted } from './fakeProvider.js';
import { collect, fail, lost, rejection } from './support.js';

type LinkCapabilities = ProviderCapabilities['links'];

const LIMITS: HealthCheckLimits = {
  source: 'optional',
  target: 'any',
  intervalMs: { min: 1_000, max: 5_000, step: 500 },
  failures: { min: 2, max: 8 },
  removable: true,
  page: 'https://cloud.example/probes',
  checkedOn: '2026-11-20',
};

const capable = (more: Partial<LinkCapabilities>): ProviderCapabilities => ({
  ...CAPABILITIES,
  links: { ...CAPABILITIES.links, ...more },
});
const probing = (limits: Partial<HealthCheckLimits> = {}): FakeOptions => ({
  capabilities: capable({ healthCheck: { ...LIMITS, ...limits } }),
});
const lacking = (...features: (keyof LinkCapabilities['features'])[]): FakeOptions => ({
  capabilities: capable({
    features: { ...CAPABILITIES.links.features, ...Object.fromEntries(features.map((one) => [one, no])) },
  }),
});

/** Code and place of what a request is refused with; undefined when the driver was asked. */
async function refusal(request: Partial<LinkRequest>, options: FakeOptions = {}): Promise<unknown> {
  const { provider, asked } = fake({ 'links.create': [LINK] }, options);
  try {
    await provider.links.request({ ...wanted, ...request });
  } catch (thrown) {
    expect(asked).toEqual([]);
    if (!isPeerwayError(thrown)) throw thrown;
    return [thrown.code, thrown.details.place];
  }
  expect(asked).toHaveLength(1);
  return undefined;
}

async function updateRefusal(update: LinkUpdate, options: FakeOptions = {}): Promise<unknown> {
  const { provider, asked } = fake({ 'links.update': [undefined], 'links.get': [link('active')] }, options);
  const { code, details } = await rejection(provider.links.update(LINK, update));
  expect(asked).toEqual([]);
  return [code, details.place];
}

describe('a line within its limits', () => {
  it.each<[string, Partial<LinkRequest>]>([
    ['the lowest VLAN', { vlan: 2 }],
    ['the highest VLAN', { vlan: 4_000 }],
    ['the first address of the prefix', { customerIp: '10.255.0.0' }],
    ['the last address of the prefix', { customerIp: '10.255.0.3' }],
    ['two addresses of IPv6', { cloudIp: '2001:db8::1/127', customerIp: '2001:db8::' }],
    ['no description where it says so', { description: '' }],
    ['a bandwidth that is offered', { bandwidthMbps: 50 }],
  ])('takes %s', async (_, request) => {
    expect(await refusal(request)).toBeUndefined();
  });

  it('takes every VLAN where the cloud names no limit', async () => {
    const options = { capabilities: capable({ limits: {} }) };
    expect(await Promise.all([0, 4_094, -1, 4_095].map((vlan) => refusal({ vlan }, options)))).toEqual([
      undefined,
      undefined,
      ['InvalidArgument', undefined],
      ['InvalidArgument', undefined],
    ]);
  });

  it('keeps to the limits of texts and tags, when it is made and when it is changed', async () => {
    const text = { min: 2, max: 4 };
    const limits = { name: text, description: text, tags: { max: 1, key: text, value: text } };
    const options = { capabilities: capable({ limits }) };
    for (const [request, place] of [
      [{ name: 'x' }, 'name'],
      [{ description: 'xxxxx' }, 'description'],
      [{ tags: { k: 'vv' } }, 'tags'],
    ] as const)
      expect(await refusal(request, options)).toEqual(['InvalidArgument', place]);
    for (const [update, place] of [
      [{ name: 'x' }, 'name'],
      [{ description: 'xxxxx' }, 'description'],
      [{ setTags: { kk: 'v' } }, 'tags'],
    ] as const)
      expect(await updateRefusal(update, options)).toEqual(['InvalidArgument', place]);
    expect(await refusal({ tags: {} }, lacking('tags'))).toBeUndefined();
    expect(await refusal({ customerIp: '10.254.255.255' })).toEqual(['InvalidArgument', undefined]);
  });

  it.each<[LinkUpdate, Parameters<typeof lacking>[0]]>([
    [{ name: 'line' }, 'relabel'],
    [{ description: 'a line' }, 'relabel'],
    [{ setTags: { a: 'b' } }, 'retag'],
    [{ removeTags: ['a'] }, 'retag'],
    [{ bandwidthMbps: 50 }, 'resize'],
    [{ addresses: { cloudIp: '10.255.0.5/30', customerIp: '10.255.0.6' } }, 'readdress'],
  ])('is not changed by %j without %s', async (update, feature) => {
    expect(await updateRefusal(update, lacking(feature))).toEqual(['Unsupported', undefined]);
    expect(await updateRefusal({ bandwidthMbps: 60 })).toEqual(['InvalidArgument', 'bandwidthMbps']);
  });

  it('changes a description alone, and its prefixes in their canonical form', async () => {
    const { provider, asked } = fake({ 'links.update': [undefined], 'links.get': [link('active')] });
    await provider.links.update(LINK, { description: 'to Berlin' });
    await provider.links.update(LINK, { localPrefixes: [parseCidr('10.0.0.0/8'), '10.9.1.2/16' as never] });
    await provider.links.update(LINK, {});
    expect(asked.filter(({ member }) => member === 'links.update').map(({ args }) => args)).toEqual([
      [LINK, { kind: 'labels', description: 'to Berlin' }],
      [LINK, { kind: 'localPrefixes', prefixes: ['10.0.0.0/8', '10.9.0.0/16'] }],
    ]);
  });

  it('refuses settings that the provider has not', async () => {
    const settings = {
      circuit: { change: 'in-place', about: 'the code', source: 'https://cloud.example', checkedOn: '2026-11-20' },
    } as const;
    expect(await refusal({ settings: { circuit: 'a' } }, { capabilities: capable({ settings }) })).toBeUndefined();
    expect(await refusal({ settings: { other: 'a' } }, { capabilities: capable({ settings }) })).toEqual([
      'Unsupported',
      'settings.other',
    ]);
    expect(await refusal({ settings: { circuit: 'a' } })).toEqual(['Unsupported', 'settings.circuit']);
  });

  it('keeps the token that it was given', async () => {
    const { provider, inputs } = fake({ 'links.create': [LINK] });
    await provider.links.request({ ...wanted, clientToken: 'mine' });
    expect(inputs<LinkCreate>('links.create')[0]?.clientToken).toBe('mine');
  });
});

describe('a health check', () => {
  it.each<[string, HealthCheck, Partial<HealthCheckLimits>]>([
    ['nothing but that there is one', {}, {}],
    ['both ends', { source: '10.0.0.9', target: '10.9.0.1' }, {}],
    ["the customer's end where only that is probed", { target: '10.255.0.2' }, { target: 'customer' }],
    ['no target where only the customer is probed', { source: '10.0.0.9' }, { target: 'customer', source: 'required' }],
    ['the shortest interval', { intervalMs: 1_000 }, {}],
    ['the longest interval', { intervalMs: 5_000 }, {}],
    ['an interval between two steps of which it is one', { intervalMs: 2_500 }, {}],
    ['the fewest failures', { failures: 2 }, {}],
    ['the most failures', { failures: 8 }, {}],
  ])('may be %s', async (_, healthCheck, limits) => {
    expect(await refusal({ healthCheck }, probing(limits))).toBeUndefined();
  });

  it.each<[string, HealthCheck, Partial<HealthCheckLimits>]>([
    ['no source where one is required', { target: '10.9.0.1' }, { source: 'required' }],
    ['a source that is no address', { source: 'there' }, {}],
    ['a target that is no address', { source: '10.0.0.9', target: '10.9.0.0/16' }, {}],
    ['a target beyond the customer', { target: '10.255.0.3' }, { target: 'customer' }],
    ['too short an interval', { intervalMs: 500 }, {}],
    ['too long an interval', { intervalMs: 5_500 }, {}],
    ['an interval between steps', { intervalMs: 1_250 }, {}],
    ['too few failures', { failures: 1 }, {}],
    ['too many failures', { failures: 9 }, {}],
    ['half a failure', { failures: 2.5 }, {}],
  ])('may not be %s', async (_, healthCheck, limits) => {
    expect(await refusal({ healthCheck }, probing(limits))).toEqual(['InvalidArgument', 'healthCheck']);
    if (healthCheck.target !== '10.255.0.3')
      expect(await updateRefusal({ healthCheck }, probing(limits))).toEqual(['InvalidArgument', 'healthCheck']);
  });

  it('that is changed may go anywhere where nobody knows the customer’s end', async () => {
    const { provider, asked } = fake({ 'links.update': [undefined] }, probing({ target: 'customer' }));
    const healthCheck = { target: '10.9.0.1' };
    await provider.links.update(LINK, { healthCheck }, { wait: false });
    expect(asked.map(({ args }) => args[1])).toEqual([{ kind: 'healthCheck', check: healthCheck }]);
  });

  it('says in its remedy what the cloud takes', async () => {
    const remedyOf = async (
      healthCheck: HealthCheck,
      limits: Partial<HealthCheckLimits> = {},
    ): Promise<string | undefined> => {
      const { provider } = fake({}, probing(limits));
      return (await rejection(provider.links.request({ ...wanted, healthCheck }))).details.remedy;
    };
    expect(await remedyOf({ intervalMs: 1 })).toBe('Give 1000 to 5000, a multiple of 500.');
    expect(await remedyOf({ intervalMs: 1 }, { intervalMs: { min: 5, max: 9, step: 1 } })).toBe('Give 5 to 9.');
    expect(await remedyOf({ failures: 1 })).toBe('Give 2 to 8.');
  });

  it('is refused where a cloud probes no link, and is not taken away where the cloud does not', async () => {
    expect(await refusal({ healthCheck: {} })).toEqual(['Unsupported', 'healthCheck']);
    expect(await updateRefusal({ healthCheck: {} })).toEqual(['Unsupported', 'healthCheck']);
    expect(await updateRefusal({ healthCheck: 'none' })).toEqual(['Unsupported', 'healthCheck']);
    expect(await updateRefusal({ healthCheck: 'none' }, probing({ removable: false }))).toEqual([
      'Unsupported',
      'healthCheck',
    ]);
  });

  it('is taken away before anything else is changed, and set after it', async () => {
    const changes = async (healthCheck: HealthCheck | 'none'): Promise<unknown[]> => {
      const { provider, asked } = fake({ 'links.update': [undefined] }, probing());
      await provider.links.update(LINK, { name: 'line', healthCheck }, { wait: false });
      return asked.map(({ args }) => args[1]);
    };
    const labels = { kind: 'labels', name: 'line' };
    expect(await changes('none')).toEqual([{ kind: 'healthCheck' }, labels]);
    expect(await changes({ failures: 3 })).toEqual([labels, { kind: 'healthCheck', check: { failures: 3 } }]);
  });

  it('is as declared when what the declaration says is there', () => {
    const there = { source: '10.0.0.9', target: '10.255.0.2', intervalMs: 2_000, failures: 3 };
    expect(probesAs(there, {})).toBe(true);
    expect(probesAs(undefined, {})).toBe(false);
    for (const [part, value] of Object.entries({
      source: '10.0.0.8',
      target: '10.255.0.6',
      intervalMs: 1,
      failures: 4,
    })) {
      expect(probesAs(there, { [part]: there[part as keyof typeof there] })).toBe(true);
      expect(probesAs(there, { ...there, [part]: value })).toBe(false);
    }
  });

  it('is set when the link is active, once, by what finishes its creation', async () => {
    const healthCheck = { failures: 3 };
    const { provider, members, asked } = fake(
      {
        'links.create': [LINK],
        'links.update': [undefined],
        'links.get': [link('provisioning'), link('active'), link('active', { healthCheck })],
      },
      probing(),
    );
    const made = await provider.links.create({ ...wanted, healthCheck });
    expect(made.healthCheck).toEqual(healthCheck);
    expect(members()).toEqual(['links.create', 'links.get', 'links.get', 'links.update', 'links.get']);
    expect(asked[3]?.args).toEqual([LINK, { kind: 'healthCheck', check: healthCheck }]);
    // nothing is done of a link that is as asked for, or that is not active
    const { provider: idle, asked: nothing } = fake({}, probing());
    expect(await idle.links.advance(link('active', { healthCheck }), { ...wanted, healthCheck })).toBe(false);
    expect(await idle.links.advance(link('provisioning'), { ...wanted, healthCheck })).toBe(false);
    expect(await idle.links.advance(link('active'), wanted)).toBe(false);
    expect(nothing).toEqual([]);
  });
});

describe('what a link needs beside its own', () => {
  it('check asks the driver with the checked request, where it has such a member', async () => {
    const { provider, inputs } = fake({ 'links.check': [undefined, fail('FailedPrecondition')] }, { readOnly: true });
    await provider.links.check(wanted);
    expect(inputs<LinkCreate>('links.check')[0]).toMatchObject({ ...wanted, tags: {} });
    const error = await rejection(provider.links.check(wanted));
    expect([error.code, error.details.resource]).toEqual(['FailedPrecondition', 'pc-1 vlan 30']);
    expect((await rejection(provider.links.check({ ...wanted, vlan: 1 }))).code).toBe('InvalidArgument');
    const without = fake({}, { lacks: ['links.check'] });
    await without.provider.links.check(wanted);
    expect(without.asked).toEqual([]);
  });

  it('is switched on part by part as long as a reading says that it is switched off', async () => {
    const off = link('inactive', { reason: 'suspended' });
    const { provider, counts } = fake({
      'links.update': [undefined],
      'links.get': [off, link('updating'), off, link('inactive', { reason: 'other' as never })],
    });
    await provider.links.resume(LINK);
    expect(counts()).toEqual({ 'links.update': 3, 'links.get': 4 });
    const never = fake({ 'links.update': [undefined], 'links.get': [off] });
    const error = await rejection(never.provider.links.resume(LINK));
    expect([error.code, error.details.resource, error.details.provider]).toEqual(['FailedPrecondition', LINK, 'fake']);
    expect(never.counts()).toEqual({ 'links.update': 4, 'links.get': 4 });
    const once = fake({ 'links.update': [undefined], 'links.get': [off] });
    await once.provider.links.suspend(LINK);
    expect(once.counts()).toEqual({ 'links.update': 1, 'links.get': 1 });
    const without = fake({}, lacking('suspend'));
    expect((await rejection(without.provider.links.resume(LINK))).code).toBe('Unsupported');
    expect(without.asked).toEqual([]);
  });

  it('asks for the next step with the reading that wants it', async () => {
    const { provider, asked } = fake({ 'links.continue': [lost, undefined] });
    const seen = link('provisioning', { next: 'continue' });
    expect(await provider.links.advance(seen, wanted)).toBe(true);
    expect(asked.map(({ args }) => [args[0], args[2]])).toEqual([
      [LINK, seen],
      [LINK, seen],
    ]);
  });

  it('takes no step with a request that does not fit, and says so of a link that will never be active', async () => {
    const { provider, asked } = fake({ 'links.get': [link('failed')] });
    const seen = link('provisioning', { next: 'continue' });
    expect((await rejection(provider.links.advance(seen, { ...wanted, vlan: 1 }))).code).toBe('InvalidArgument');
    expect((await rejection(provider.links.settle(LINK, { ...wanted, vlan: 1 }))).code).toBe('InvalidArgument');
    expect(asked).toEqual([]);
    expect((await rejection(provider.links.settle(LINK, wanted))).message).toContain('is failed');
  });

  it('passes on what was read before a deletion, and takes NotFound for missing', async () => {
    const { provider, asked } = fake({ 'links.delete': ['continue', fail('NotFound'), fail('Conflict')] });
    const seen = link('inactive');
    expect(await provider.links.requestDelete(LINK, { seen, unrouted: true })).toBe('continue');
    expect(await provider.links.requestDelete(LINK)).toBe('missing');
    expect((await rejection(provider.links.requestDelete(LINK, { settleForMs: 0 }))).code).toBe('Conflict');
    expect(asked.map(({ args }) => args[1])).toEqual([{ seen, unrouted: true }, {}, {}]);
  });

  it('deletes with the last reading in hand', async () => {
    const { provider, asked } = fake({
      'links.delete': ['continue', 'gone'],
      'links.get': [link('inactive')],
    });
    await provider.links.delete(LINK);
    expect(asked.filter(({ member }) => member === 'links.delete').map(({ args }) => args[1])).toEqual([
      {},
      { seen: link('inactive') },
    ]);
  });

  it('is listed with those that are there, but for the networks that nobody asks about', async () => {
    const [far, near] = [networkId('vpc-far'), networkId('vpc-near')];
    const all = ['vbr-1', 'vbr-2', 'vbr-3', 'vbr-4'].map((id) => ({ id: id as typeof LINK }));
    const { provider, inputs } = fake({
      'links.list': [
        page(
          link('active', { ...all[0], network: near }),
          link('active', { ...all[1], network: far }),
          link('deleted', { ...all[2], network: near }),
          link('provisioning', all[3]), // attached to none yet
        ),
      ],
    });
    const listed = async (query?: LinkQuery) => (await collect(provider.links.list(query))).map(({ id }) => id);
    expect(await listed()).toEqual(['vbr-1', 'vbr-2', 'vbr-4']);
    const except = { except: [far] };
    expect(await listed(except)).toEqual(['vbr-1', 'vbr-4']);
    expect(inputs('links.list')).toEqual([{}, except]);
  });

  it('names a tombstone as gone', async () => {
    const { provider } = fake({ 'links.get': [link('deleted')] });
    const error = await rejection(provider.links.get(LINK));
    expect([error.code, error.details.resource, error.details.provider]).toEqual(['NotFound', LINK, 'fake']);
  });

  it('shows the drift of settings that the driver sees, and none without it', () => {
    const drift = [{ name: 'circuit' }];
    const seen: unknown[] = [];
    const settingsDrift = ((...args: unknown[]) => (seen.push(args), drift)) as never;
    const { provider } = fake({}, { links: { settingsDrift } });
    expect(provider.links.settingsDrift(link('active'), { circuit: 'a' })).toBe(drift);
    expect(provider.links.settingsDrift(link('active'))).toBe(drift);
    expect(seen).toEqual([
      [link('active'), { circuit: 'a' }],
      [link('active'), {}],
    ]);
    expect(fake({}).provider.links.settingsDrift(link('active'))).toEqual([]);
  });
});

describe('a link of two entries', () => {
  it('is itself for one entry, and refused where the driver has no such links', async () => {
    const { provider } = fake({});
    expect(provider.links.across(provider.links)).toBe(provider.links);
    const other = fake({}).provider.links;
    expect(() => provider.links.across(other)).toThrow(/another entry/);
    const joining = fake({}, { links: { across: () => ({}) as LinkDriver } }).provider.links;
    expect(() => joining.across(fake({}, lacking('link')).provider.links)).toThrow(/dedicated lines/);
  });

  it.each([
    ['the call that it was given', (call: Call) => call],
    ['a call of its own', (call: Call) => ({ ...call })],
  ])("is driven by what the two drivers make together, and each side's requests are its own: by %s", async (_, own) => {
    const far = fake({}, { account: BOB });
    let given: LinkDriver | undefined;
    const across: LinkDriver['across'] = (other, beside) => {
      given = other;
      return {
        list: async (_query: unknown, _cursor: unknown, call: Call) => {
          const there = await beside(own(call)).admit({ nativeOperation: 'ListThere', mutating: false });
          there({ durationMs: 1 });
          const here = await call.admit({ nativeOperation: 'ListHere', mutating: false });
          here({ durationMs: 1 });
          return page(link('active', { network: networkId('vpc-far') }));
        },
      } as never;
    };
    const near = fake({}, { links: { across } });
    const joined = near.provider.links.across(far.provider.links);
    const found = [];
    for await (const one of joined.list()) found.push(one.network);
    expect(found).toEqual(['vpc-far']);
    expect(Object.keys(given ?? {})).toContain('create');
    expect(near.sent).toEqual(['ListHere']);
    expect(far.sent).toEqual(['ListThere']);
  });
});
