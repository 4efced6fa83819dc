/** What a provider says of itself: well-formed, true, and honoured before any request. */
import assert from 'node:assert/strict';
import {
  LINK_FEATURES,
  PEERING_FEATURES,
  peeringId,
  PLUGIN_API_VERSION,
  ROUTE_FEATURES,
  routeTableId,
  portId,
  type PeeringFeature,
  type PeeringRequest,
  type Support,
} from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { refusedUnasked } from '../expectations.js';
import { A0, A1, B0, type CaseContext } from '../caseContext.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

/** Asking for a feature of a creation that is not supported. */
const creation = (
  feature: PeeringFeature,
  what: string,
  more: (context: CaseContext) => Partial<PeeringRequest>,
): Case => ({
  name: `Asking for ${what} where it is not supported is refused, and nobody is asked`,
  usually: `The capability ${feature} and the driver do not agree, or the gate was bypassed.`,
  needs: [needs.noPeering(feature)],
  async run(context) {
    const [from, to] = await pair(context);
    await refusedUnasked(context, () => context.ask(from, to, more(context)), 'Unsupported');
  },
});

const change = (feature: PeeringFeature, what: string, act: (context: CaseContext) => Promise<unknown>): Case => ({
  name: `Asking to ${what} where it is not supported is refused, and nobody is asked`,
  usually: `The capability ${feature} and the driver do not agree, or the gate was bypassed.`,
  needs: [needs.noPeering(feature)],
  async run(context) {
    await context.driver(A0); // making a driver is another case
    await refusedUnasked(context, () => act(context), 'Unsupported');
  },
});

const SOME = peeringId('kit-no-such-peering');
const peerings = async (context: CaseContext) => (await context.provider(A0)).peerings;
const how = (context: CaseContext) => ({ mechanism: context.mechanism.name });

const declared: readonly Case[] = [
  {
    name: 'The plugin was written for this version of core',
    usually: 'Upgrade the provider package, or core.',
    run: async (context) => assert.equal(context.facts.harness.plugin.apiVersion, PLUGIN_API_VERSION),
  },
  {
    name: 'The plugin has an id in lower case and a name for people',
    usually: 'The id stands in config files: keep it short, lower case, and for ever.',
    async run(context) {
      const { id, displayName } = context.facts.harness.plugin;
      assert.match(id, /^[a-z][a-z0-9-]{1,31}$/);
      assert.notEqual(displayName.trim(), '');
    },
  },
  {
    name: 'Credential fields have keys, environment names and help, and the secret ones are marked',
    usually: 'A secret that is not marked may end up in a config file.',
    async run(context) {
      const { credentials } = context.facts.harness.plugin;
      assert.equal(new Set(credentials.map((field) => field.key)).size, credentials.length, 'A key stands twice');
      for (const field of credentials) {
        assert.match(field.key, /^[a-z][A-Za-z0-9]*$/);
        assert.ok(field.env.length > 0 && field.env.every((name) => /^[A-Z][A-Z0-9_]*$/.test(name)), field.key);
        assert.notEqual(field.help.trim(), '');
        assert.equal(
          field.secret,
          /secret|token|password/i.test(field.key),
          `${field.key} is marked secret: ${field.secret}`,
        );
      }
    },
  },
  {
    name: 'Options can be made without giving any',
    usually: 'An option has no default: every one must be optional.',
    async run(context) {
      assert.equal(typeof new context.facts.harness.plugin.options(), 'object');
    },
  },
  {
    name: 'Every feature is declared, and no other',
    usually: 'A feature was added to core: say whether the cloud can do it.',
    async run(context) {
      const { mechanisms, routes, links } = context.facts.capabilities;
      for (const { features } of mechanisms)
        assert.deepEqual(Object.keys(features).sort(), [...PEERING_FEATURES].sort());
      assert.deepEqual(Object.keys(routes.features).sort(), [...ROUTE_FEATURES].sort());
      assert.deepEqual(Object.keys(links.features).sort(), [...LINK_FEATURES].sort());
    },
  },
  {
    name: 'Every declaration has a date, and a reason and source where the cloud cannot',
    usually: 'A claim without a date cannot be checked again.',
    async run(context) {
      const { mechanisms, routes, links } = context.facts.capabilities;
      const all = [...mechanisms.map((one) => one.features), routes.features, links.features].flatMap(
        (features): [string, Support][] => Object.entries(features),
      );
      for (const [feature, support] of all) {
        assert.match(support.checkedOn, /^20\d\d-\d\d(-\d\d)?$/, feature);
        if (support.status !== 'supported') assert.notEqual(support.reason.trim(), '', feature);
        if (support.status === 'unsupported') assert.notEqual(support.source.trim(), '', feature);
      }
    },
  },
  {
    name: 'Mechanisms have names of their own',
    usually: 'Two mechanisms share a name: a config could not choose.',
    async run(context) {
      const names = context.facts.capabilities.mechanisms.map((one) => one.name);
      assert.equal(new Set(names).size, names.length);
      for (const name of names) assert.match(name, /^[a-z][a-z0-9-]*$/);
    },
  },
  {
    name: 'What is declared of a mechanism does not contradict itself',
    usually: 'One of the two declarations was changed alone.',
    async run(context) {
      const { handshake, deletableBy, bandwidth, features, limits, autoAcceptSameAccount } = context.mechanism;
      const { dead, occupiesPairWhen, dnsSwitch, dryRunShows } = context.mechanism;
      if (dead === 'fades') assert.deepEqual(occupiesPairWhen, [], 'What nobody can remove must not be in the way');
      assert.equal(dnsSwitch !== 'none', features.dnsSync.status === 'supported', 'dnsSwitch');
      assert.equal(dryRunShows !== 'nothing', features.dryRun.status === 'supported', 'dryRunShows');
      if (handshake === 'mirrored') {
        assert.equal(deletableBy, 'each', 'Mirrored halves are removed one by one');
        assert.equal(autoAcceptSameAccount, false, 'A mirrored half appears only when somebody makes it');
      }
      if (bandwidth === 'none') assert.notEqual(features.bandwidth.status, 'supported');
      else assert.equal(features.bandwidth.status, 'supported');
      if (features.crossAccount.status === 'supported') assert.equal(features.accept.status, 'supported');
      if (features.retag.status === 'supported') assert.equal(features.tags.status, 'supported');
      const { min, max, allowed } = limits.bandwidthMbps ?? { min: 1, max: undefined, allowed: undefined };
      assert.ok(max === undefined || min <= max, 'bandwidthMbps: min is above max');
      assert.ok(
        (allowed ?? []).every((one) => one >= min && one <= (max ?? one)),
        'bandwidthMbps: allowed is out of bounds',
      );
    },
  },
  {
    name: 'Members of the driver are there exactly when the capability is',
    usually: 'A capability was turned on before its member was written, or the other way round.',
    async run(context) {
      const driver = await context.driver(A0);
      const { routes, links, mechanisms } = context.facts.capabilities;
      assert.equal(driver.links !== undefined, links.features.link.status === 'supported', 'links');
      if (routes.features.createMany.status === 'supported') {
        assert.equal(typeof driver.routes.createMany, 'function', 'routes.createMany');
        assert.ok((routes.limits.batch ?? 0) >= 2, 'routes.limits.batch');
      }
      if (routes.features.deleteMany.status === 'supported') {
        assert.equal(typeof driver.routes.deleteMany, 'function', 'routes.deleteMany');
      }
      if (mechanisms.some((one) => one.features.dryRun.status === 'supported')) {
        assert.equal(typeof driver.peerings.dryRun, 'function', 'peerings.dryRun');
      }
      if (mechanisms.some((one) => one.deletionShowsRoutes === true)) {
        assert.equal(typeof driver.peerings.isUnrouted, 'function', 'peerings.isUnrouted');
      }
      if (routes.features.relabel.status === 'supported') {
        assert.equal(typeof driver.routes.describe, 'function', 'routes.describe');
      }
      assert.ok(context.facts.capabilities.networksPerRead >= 1, 'networksPerRead');
    },
  },
  {
    name: 'Making a driver sends no request',
    usually: 'create logs in, or looks up the account: do that with the first call.',
    async run(context) {
      const { value, requests } = await context.traffic(() => context.login(A0, 'right'));
      await value.close();
      assert.deepEqual(
        requests.map((request) => request.operation),
        [],
      );
    },
  },
  {
    name: 'A driver closes, and a second one is not hurt by it',
    usually: 'Two drivers share a connection pool that the first one closes.',
    async run(context) {
      const [one, two] = [await context.login(A0, 'right'), await context.login(A0, 'right')];
      await one.close();
      const site = await context.network(A0);
      assert.equal((await two.networks.get([site.id], context.call())).length, 1);
      await two.close();
    },
  },
  {
    name: 'Use does not change what is declared',
    usually: 'Capabilities are data: they are the same on the first and the last day.',
    async run(context) {
      const before = JSON.stringify(context.facts.harness.plugin.capabilities);
      const [from, to] = await pair(context);
      await context.connect(from, to);
      assert.equal(JSON.stringify(context.facts.harness.plugin.capabilities), before);
    },
  },
];

const gated: readonly Case[] = [
  creation('name', 'a name', (context) => ({ name: context.uniqueName() })),
  creation('description', 'a description', () => ({ description: 'x' })),
  creation('tags', 'tags', () => ({ tags: { x: 'y' } })),
  creation('bandwidth', 'a bandwidth', () => ({ bandwidthMbps: 10 })),
  {
    name: 'Asking for a peering across regions where it is not supported is refused, and nobody is asked',
    usually: 'The capability crossRegion and the driver do not agree.',
    needs: [needs.noPeering('crossRegion')],
    async run(context) {
      const [from, to] = [await context.network(A0), await context.network(A1)];
      await refusedUnasked(context, () => context.ask(from, to), 'Unsupported');
    },
  },
  change('resize', 'change the bandwidth', async (context) =>
    (await peerings(context)).update(SOME, { bandwidthMbps: 20 }, how(context)),
  ),
  change('retag', 'change tags', async (context) =>
    (await peerings(context)).update(SOME, { setTags: { x: 'y' } }, how(context)),
  ),
  change('dnsSync', 'resolve names across', async (context) =>
    (await peerings(context)).update(SOME, { dnsSync: true }, how(context)),
  ),
  change('deletionProtection', 'protect from deletion', async (context) =>
    (await peerings(context)).update(SOME, { deletionProtection: true }, how(context)),
  ),
  change('suspend', 'suspend', async (context) => (await peerings(context)).suspend(SOME, how(context))),
  {
    name: 'Asking to reject where no mechanism supports it is refused, and nobody is asked',
    usually: 'reject is not declared as it is.',
    needs: [
      needs.that(
        ({ capabilities }) => capabilities.mechanisms.every((one) => one.features.reject.status !== 'supported'),
        'a mechanism supports reject',
      ),
    ],
    run: async (context) =>
      void (await refusedUnasked(context, async () => (await peerings(context)).reject(SOME), 'Unsupported')),
  },
  {
    name: 'Asking for a dry run where it is not supported is refused, and nobody is asked',
    usually: 'A dry run that is not one would create.',
    needs: [needs.noPeering('dryRun')],
    async run(context) {
      const [from, to] = await pair(context);
      await refusedUnasked(
        context,
        async () => (await peerings(context)).dryRun(context.request(from, to)),
        'Unsupported',
      );
    },
  },
  {
    name: 'A route with a source where routes have none is refused, and nobody is asked',
    usually: 'The source is dropped silently: traffic of everybody would be routed.',
    needs: [needs.route('explicit'), needs.noRoute('source')],
    async run(context) {
      const site = await context.network(A0);
      const request = {
        network: site.id,
        table: routeTableId('kit-table'),
        destination: context.unusedDestination(),
        source: site.cidrs[0],
        nextHop: { kind: 'peering', id: 'kit' },
      } as const;
      await refusedUnasked(context, async () => (await context.provider(A0)).routes.create(request), 'Unsupported');
    },
  },
  {
    name: 'A link where there are none is refused, and nobody is asked',
    usually: 'links is declared as it is not.',
    needs: [needs.noLink('link')],
    async run(context) {
      const site = await context.network(A0);
      const request = {
        network: site.id,
        port: portId('kit-port'),
        vlan: 30,
        cloudIp: '10.255.0.1/30',
        customerIp: '10.255.0.2',
        name: 'kit',
      };
      await refusedUnasked(context, async () => (await context.provider(A0)).links.create(request), 'Unsupported');
    },
  },
];

const limits: readonly Case[] = [
  {
    name: 'A mechanism that does not exist is InvalidArgument, and nobody is asked',
    usually: 'An unknown mechanism falls back to the default one.',
    async run(context) {
      const [from, to] = await pair(context);
      await refusedUnasked(context, () => context.ask(from, to, { mechanism: 'no-such-mechanism' }), 'InvalidArgument');
    },
  },
  {
    name: 'A name beyond the limit is InvalidArgument, and nobody is asked',
    usually: 'limits.name is not the cloud’s.',
    needs: [
      needs.peering('name'),
      needs.that(({ mechanism }) => mechanism.limits.name !== undefined, 'no such limit is declared'),
    ],
    async run(context) {
      const [from, to] = await pair(context);
      const name = 'x'.repeat((context.mechanism.limits.name?.max ?? 0) + 1);
      await refusedUnasked(context, () => context.ask(from, to, { name }), 'InvalidArgument');
    },
  },
  {
    name: 'A description beyond the limit is InvalidArgument, and nobody is asked',
    usually: 'limits.description is not the cloud’s.',
    needs: [
      needs.peering('description'),
      needs.that(({ mechanism }) => mechanism.limits.description !== undefined, 'no such limit is declared'),
    ],
    async run(context) {
      const [from, to] = await pair(context);
      const description = 'x'.repeat((context.mechanism.limits.description?.max ?? 0) + 1);
      await refusedUnasked(context, () => context.ask(from, to, { description }), 'InvalidArgument');
    },
  },
  {
    name: 'More tags than fit are InvalidArgument, and nobody is asked',
    usually: 'limits.tags is not the cloud’s.',
    needs: [
      needs.peering('tags'),
      needs.that(({ mechanism }) => mechanism.limits.tags !== undefined, 'no such limit is declared'),
    ],
    async run(context) {
      const [from, to] = await pair(context);
      const count = (context.mechanism.limits.tags?.max ?? 0) + 1;
      const tags = Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
      await refusedUnasked(context, () => context.ask(from, to, { tags }), 'InvalidArgument');
    },
  },
  {
    name: 'A bandwidth of nothing, of a fraction, or beyond the limit is InvalidArgument, and nobody is asked',
    usually: 'limits.bandwidthMbps is not the cloud’s.',
    needs: [needs.peering('bandwidth'), needs.bandwidth('required', 'optional')],
    async run(context) {
      const [from, to] = await pair(context);
      const { max } = context.mechanism.limits.bandwidthMbps ?? {};
      for (const bandwidthMbps of [0, -1, 1.5, Number.NaN, ...(max === undefined ? [] : [max + 1])]) {
        await refusedUnasked(context, () => context.ask(from, to, { bandwidthMbps }), 'InvalidArgument');
      }
    },
  },
  {
    name: 'A bandwidth that must be given is asked for before anybody else is',
    usually: 'bandwidth is declared optional although the cloud wants it.',
    needs: [needs.bandwidth('required')],
    async run(context) {
      const [from, to] = await pair(context);
      const { bandwidthMbps: _, ...request } = context.request(from, to);
      await refusedUnasked(context, async () => (await peerings(context)).create(request), 'InvalidArgument');
    },
  },
  {
    name: 'A bandwidth inside one region, where only regions apart have one, is InvalidArgument, and nobody is asked',
    usually: 'bandwidth is declared in another way than the cloud has it.',
    needs: [needs.bandwidth('crossRegion')],
    async run(context) {
      const [from, to] = await pair(context);
      const [bandwidthMbps] = context.bandwidths();
      await refusedUnasked(context, () => context.ask(from, to, { bandwidthMbps }), 'InvalidArgument');
    },
  },
  {
    name: 'A route’s description beyond the limit is InvalidArgument, and nobody is asked',
    usually: 'limits.description is not the cloud’s.',
    needs: [
      needs.route('explicit'),
      needs.route('description'),
      needs.that(
        ({ capabilities }) => capabilities.routes.limits.description !== undefined,
        'no such limit is declared',
      ),
    ],
    async run(context) {
      const site = await context.network(A0);
      const request = {
        network: site.id,
        table: routeTableId('kit-table'),
        destination: context.unusedDestination(),
        nextHop: { kind: 'peering', id: 'kit' },
        description: 'x'.repeat((context.facts.capabilities.routes.limits.description?.max ?? 0) + 1),
      } as const;
      await refusedUnasked(context, async () => (await context.provider(A0)).routes.create(request), 'InvalidArgument');
    },
  },
  {
    name: 'A canceled call sends nothing',
    usually: 'The signal is not looked at before the first request.',
    async run(context) {
      const site = await context.network(B0);
      const provider = await context.provider(B0);
      await refusedUnasked(context, () => provider.networks.get(site.id, { signal: AbortSignal.abort() }), 'Canceled');
    },
  },
];

export const capabilities: Suite = {
  topic: 'capabilities',
  about: 'what is declared is well-formed; what is not supported is refused before any request',
  cases: [...declared, ...gated, ...limits],
};
