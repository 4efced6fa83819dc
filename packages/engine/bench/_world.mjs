/** The emulator with both clouds' adapters on top, for the benches: run after `tsc -b`. Virtual time, documented rules on. */
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import { accountId, networkId, Provider, Redactor, regionId, seededRandom, VirtualClock } from '@peerway/core';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Engine } from '@peerway/engine';

const PLUGINS = { alibaba, baidu };

/** The default quotas are far below a mesh of twenty; only they are lifted. */
export const ROOMY = {
  'alibaba.vpc.perRegion': 1_000,
  'alibaba.vpcPeer.intraRegionPerVpc': 1_000,
  'alibaba.vpcPeer.crossRegionPerVpc': 1_000,
  'alibaba.vpcPeer.perVpc': 1_000,
  'alibaba.vpcPeer.perAccountAndRegion': 1_000,
  'alibaba.routerInterface.perRouter': 1_000,
  'baidu.peerconn.quotaPerVpc': 1_000,
  'baidu.peerconn.quotaPerAccount': 1_000,
  'baidu.vpc.quotaPerRegion': 1_000,
  'baidu.route.quotaPerTable': 1_000,
};

export async function openWorld({ seed = 1, rules = ROOMY } = {}) {
  const emulator = await Emulator.start({ seed });
  for (const [name, value] of Object.entries(rules)) {
    try {
      emulator.rules.set({ [name]: value });
    } catch {
      // a rule of another version of the emulator
    }
  }
  const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
  const opened = [];
  return {
    emulator,
    clock,
    async provider(cloud, who, region) {
      const plugin = PLUGINS[cloud];
      const account = DEFAULT_WORLD[cloud].accounts[who];
      const context = { clock, random: seededRandom(3), redactor: new Redactor() };
      const settings = { name: `${cloud}-${who}-${region}`, region: regionId(region), account: accountId(account.id) };
      const driver = await plugin.create({
        ...settings,
        ...context,
        endpoint: cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint(region),
        options: new plugin.options(),
        credentials: { accessKeyId: account.accessKeyId, accessKeySecret: account.accessKeySecret },
        env: {},
      });
      // as for a file: entries of one account are alike, whichever stack they belong to
      const { accessKeyId: credentials } = account;
      const provider = new Provider(plugin, driver, { ...settings, credentials }, context);
      opened.push(provider);
      return provider;
    },
    /** Seeds `count` networks of one account and region; names n0, n1, …, from `first` on. */
    networks(cloud, who, region, count, provider, first = 0) {
      const account = DEFAULT_WORLD[cloud].accounts[who].id;
      return new Map(
        Array.from({ length: count }, (_, index) => {
          const at = first + index;
          const cidrs = [`11.${Math.floor(at / 200)}.${at % 200}.0/24`];
          const { id } = emulator.world.network({ cloud, account, region, cidrs, name: `n${at}` });
          return [`n${at}`, { provider, id: networkId(id) }];
        }),
      );
    },
    engine(stack, onEvent) {
      return new Engine({
        stack: { links: [], ...stack },
        clock,
        ...(onEvent === undefined ? {} : { onEvent }),
      });
    },
    async close() {
      for (const provider of opened) await provider.close();
      await emulator.close();
    },
  };
}

let missed = 0;

/** Prints one figure against its target. */
export function figure(name, value, target, ok, note = '') {
  if (!ok) missed++;
  console.log(`${name}: ${value} (target ${target})${note === '' ? '' : ` ${note}`}${ok ? '' : '  MISSED'}`);
}

export function finish() {
  process.exitCode = missed === 0 ? 0 : 1;
}
