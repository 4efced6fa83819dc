/** The demo's topology and what stands for it on each cloud: the only things that differ between its two config files. */
import { DEFAULT_WORLD, type CloudWorld, type Emulator } from '@peerway/emulator';
import { endpointVariable, PeerwayError } from '@peerway/runtime';

export type DemoCloud = 'alibaba' | 'baidu';

interface Placement {
  readonly use: DemoCloud;
  readonly title: string;
  readonly world: CloudWorld;
  readonly homeRegion: string;
  readonly partnerRegion: string;
}

export const DEMO_CLOUDS: Readonly<Record<DemoCloud, Placement>> = {
  alibaba: placed('alibaba', 'Alibaba Cloud'),
  baidu: placed('baidu', 'Baidu AI Cloud'),
};

function placed(use: DemoCloud, title: string): Placement {
  const world: CloudWorld = DEFAULT_WORLD[use];
  const [homeRegion, partnerRegion] = world.regions;
  return { use, title, world, homeRegion, partnerRegion };
}

/** The config file for one cloud. Line by line the same for both but for provider entries and ids. */
export function demoConfig({ use, world, homeRegion, partnerRegion }: Placement): string {
  const { a, b } = world.accounts;
  const home = (name: string): string => networkOf(world, name, 'a', homeRegion);
  return `version: 1
stack: demo
providers:
  home:    { use: ${use}, region: ${homeRegion}, account: "${a.id}", credentials: { accessKeyId: "\${HOME_KEY}", accessKeySecret: "\${HOME_SECRET}" } }
  partner: { use: ${use}, region: ${partnerRegion}, account: "${b.id}", credentials: { accessKeyId: "\${PARTNER_KEY}", accessKeySecret: "\${PARTNER_SECRET}" } }
networks:
  web:  { provider: home, id: ${home('web')} }
  data: { provider: home, id: ${home('data')} }
  lab:  { provider: partner, id: ${networkOf(world, 'jobs', 'b', partnerRegion)} }
connections:
  - { name: web-data, between: [web, data] }                     # one account
  - { name: web-lab, between: [web, lab], bandwidthMbps: 100 }   # two accounts, two regions`;
}

export function demoEnv(cloud: DemoCloud, emulator: Emulator): Record<string, string> {
  const { world, homeRegion, partnerRegion } = DEMO_CLOUDS[cloud];
  const { a, b } = world.accounts;
  const endpoint = (region: string): string =>
    cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint(region);
  return {
    HOME_KEY: a.accessKeyId,
    HOME_SECRET: a.accessKeySecret,
    PARTNER_KEY: b.accessKeyId,
    PARTNER_SECRET: b.accessKeySecret,
    [endpointVariable('home')]: endpoint(homeRegion),
    [endpointVariable('partner')]: endpoint(partnerRegion),
  };
}

/** Lines that differ between two texts of as many lines. */
export function differences(one: string, two: string): { readonly before: string; readonly after: string }[] {
  const after = two.split('\n');
  return one
    .split('\n')
    .flatMap((before, index) => (before === after[index] ? [] : [{ before, after: after[index] ?? '' }]));
}

/** Id of a network of the default world, by the first part of its name. */
export function networkOf(world: CloudWorld, name: string, account: 'a' | 'b', region: string): string {
  const found = world.networks.find(
    (each) => each.account === account && each.region === region && each.name.startsWith(`${name}-`),
  );
  if (found === undefined) {
    throw new PeerwayError('Internal', `The default world has no network ${name} of account ${account} in ${region}`);
  }
  return found.id;
}
