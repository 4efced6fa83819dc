/** The world that every emulator starts with unless told otherwise: two accounts and two regions on each cloud. */
import type { CloudName, World } from './machine/world.js';

type AccountName = 'a' | 'b';

export interface WorldAccount {
  readonly id: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

export interface WorldNetwork {
  readonly account: AccountName;
  readonly region: string;
  readonly id: string;
  readonly cidrs: readonly [string];
  readonly name: string;
  readonly routeTable: string;
  /** Alibaba only: the VPC's router, `vrt-…`. */
  readonly router?: string;
}

export interface WorldPort {
  readonly account: AccountName;
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly accessPoint: string;
}

export interface WorldResourceGroup {
  readonly account: AccountName;
  readonly id: string;
  readonly name: string;
}

export interface CloudWorld<Network extends WorldNetwork = WorldNetwork> {
  readonly accounts: Readonly<Record<AccountName, WorldAccount>>;
  readonly regions: readonly [string, string];
  readonly networks: readonly Network[];
  readonly ports: readonly WorldPort[];
  /** Alibaba only: two per account. */
  readonly resourceGroups?: readonly WorldResourceGroup[];
}

const NAMES = ['web', 'data', 'jobs'] as const;
const ACCOUNTS = ['a', 'b'] as const;

/** Ids that read well in a log and have the clouds' own lengths. */
const padded = (prefix: string, text: string, length: number): string => prefix + text.padEnd(length, '0');

const ALIBABA_REGIONS = ['cn-hangzhou', 'cn-beijing'] as const;
/** The mark of the region that Alibaba's Vpc ids begin with. */
const ALIBABA_MARKS = { 'cn-hangzhou': 'bp1', 'cn-beijing': '2ze' } as const;
const BAIDU_REGIONS = ['bj', 'gz'] as const;

function everyNetwork<Region extends string, Network>(
  regions: readonly Region[],
  firstBlock: number,
  make: (account: AccountName, region: Region, name: string, cidr: string) => Network,
): readonly Network[] {
  let block = firstBlock;
  return ACCOUNTS.flatMap((account) =>
    regions.flatMap((region) => NAMES.map((name) => make(account, region, name, `10.${String(block++)}.0.0/16`))),
  );
}

export const DEFAULT_WORLD = {
  alibaba: {
    accounts: {
      a: {
        id: '1210123456123456',
        accessKeyId: 'LTAI5tPeerwayEmulatorA01',
        accessKeySecret: 'emulator-secret-of-alibaba-a-0',
      },
      // beyond 2^53 on purpose: JSON readers that use doubles lose its last digits
      b: {
        id: '253460731706911258',
        accessKeyId: 'LTAI5tPeerwayEmulatorB01',
        accessKeySecret: 'emulator-secret-of-alibaba-b-0',
      },
    },
    regions: ALIBABA_REGIONS,
    networks: everyNetwork(ALIBABA_REGIONS, 0, (account, region, name, cidr) => {
      const text = `${ALIBABA_MARKS[region]}${account}${name}`;
      return {
        account,
        region,
        id: padded('vpc-', text, 21),
        cidrs: [cidr] as const,
        name: `${name}-${account}-${region}`,
        routeTable: padded('vtb-', text, 21),
        router: padded('vrt-', text, 21),
      };
    }),
    ports: ACCOUNTS.flatMap((account) =>
      ALIBABA_REGIONS.flatMap((region) =>
        ['1', '2'].map((number) => ({
          account,
          region,
          id: padded('pc-', `${ALIBABA_MARKS[region]}${account}port${number}`, 21),
          name: `port-${number}-${account}-${region}`,
          accessPoint: `ap-${region}-${number === '1' ? 'a' : 'b'}`,
        })),
      ),
    ),
    resourceGroups: ACCOUNTS.flatMap((account) =>
      ['default', 'network'].map((name) => ({ account, id: padded('rg-', `acf${account}${name}`, 15), name })),
    ),
  },
  baidu: {
    accounts: {
      a: {
        id: 'a0a1a2a3a4a5a6a7a8a9b0b1b2b3b4b5',
        accessKeyId: 'ALTAKPeerwayEmulatorA000',
        accessKeySecret: 'emulatorsecretofbaiduaccounta000',
      },
      b: {
        id: 'c0c1c2c3c4c5c6c7c8c9d0d1d2d3d4d5',
        accessKeyId: 'ALTAKPeerwayEmulatorB000',
        accessKeySecret: 'emulatorsecretofbaiduaccountb000',
      },
    },
    regions: BAIDU_REGIONS,
    networks: everyNetwork(BAIDU_REGIONS, 16, (account, region, name, cidr) => {
      const text = `${region}${account}${name}`;
      return {
        account,
        region,
        id: padded('vpc-', text, 12),
        cidrs: [cidr] as const,
        name: `${name}-${account}-${region}`,
        routeTable: padded('rt-', text, 12),
      };
    }),
    ports: ACCOUNTS.flatMap((account) =>
      BAIDU_REGIONS.flatMap((region) =>
        ['1', '2'].map((number) => ({
          account,
          region,
          id: padded('dcphy-', `${region}${account}port${number}`, 12),
          name: `port-${number}-${account}-${region}`,
          accessPoint: `${region}-pop-${number}`,
        })),
      ),
    ),
  },
} as const satisfies Readonly<Record<CloudName, CloudWorld>>;

/** Puts the default world into an empty one. */
export function seedDefaultWorld(world: World): void {
  for (const cloud of ['alibaba', 'baidu'] as const) {
    const { accounts, networks, ports, resourceGroups = [] }: CloudWorld = DEFAULT_WORLD[cloud];
    for (const name of ACCOUNTS) {
      const { id, accessKeyId, accessKeySecret } = accounts[name];
      world.account({ cloud, id, name });
      world.key({ cloud, id: accessKeyId, secret: accessKeySecret, account: id });
    }
    for (const network of networks) world.network({ ...network, cloud, account: accounts[network.account].id });
    for (const group of resourceGroups) world.resourceGroup({ ...group, cloud, account: accounts[group.account].id });
    for (const port of ports) world.port({ ...port, cloud, account: accounts[port.account].id });
  }
}
