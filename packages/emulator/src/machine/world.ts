/** Who exists: accounts, access keys and their permissions. What they own lives in the tables of each cloud. */

export type CloudName = 'alibaba' | 'baidu';

/** A simple permission policy: deny wins, then allow, else refused. `*` matches any run of characters. */
export interface Policy {
  readonly statements: readonly { readonly effect: 'Allow' | 'Deny'; readonly actions: readonly string[] }[];
}

export interface Account {
  readonly cloud: CloudName;
  /** Account id as the cloud writes it, always text. */
  readonly id: string;
  readonly name: string;
}

export interface AccessKey {
  readonly cloud: CloudName;
  readonly id: string;
  readonly secret: string;
  /** Account id. */
  readonly account: string;
  /** Known, but refused. */
  readonly disabled?: boolean;
  /** Absent: everything is allowed. */
  readonly policy?: Policy;
  /** Temporary credentials: the token that must come along, when it ends (epoch milliseconds), and as whom it acts. */
  readonly session?: { readonly token: string; readonly expiresAt: number; readonly arn: string };
}

/** One VPC to seed. */
export interface NetworkSeed {
  readonly cloud: CloudName;
  /** Account id. */
  readonly account: string;
  readonly region: string;
  /** The first is the primary one. */
  readonly cidrs: readonly string[];
  readonly name?: string;
  readonly id?: string;
  readonly routeTable?: string;
  readonly router?: string;
}

export interface SeededNetwork {
  readonly id: string;
  readonly routeTable: string;
  /** Alibaba only. */
  readonly router?: string;
}

/** One physical dedicated-line port to seed: people order these, so no operation makes one. */
export interface PortSeed {
  readonly cloud: CloudName;
  /** Account id. */
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly accessPoint: string;
}

/** One resource group to seed: people make these, so no operation here does. */
export interface ResourceGroupSeed {
  readonly cloud: CloudName;
  /** Account id. */
  readonly account: string;
  /** `rg-…` */
  readonly id: string;
  readonly name: string;
}

interface Seeder {
  seedNetwork(seed: NetworkSeed): SeededNetwork;
  seedPort(seed: PortSeed): void;
  seedResourceGroup?(seed: ResourceGroupSeed): void;
}

type Seeders = Readonly<Record<CloudName, Seeder | undefined>>;

export class World {
  readonly #accounts = new Map<string, Account>();
  readonly #keys = new Map<string, AccessKey>();
  readonly #seeders: () => Seeders;

  constructor(seeders: () => Seeders) {
    this.#seeders = seeders;
  }

  /** Adds (or replaces) an account. */
  account(account: Account): void {
    this.#accounts.set(`${account.cloud}/${account.id}`, account);
  }

  hasAccount(cloud: CloudName, id: string): boolean {
    return this.#accounts.has(`${cloud}/${id}`);
  }

  accounts(cloud: CloudName): readonly Account[] {
    return [...this.#accounts.values()].filter((account) => account.cloud === cloud);
  }

  /** Adds or replaces an access key; use it to disable a key or to give it a policy. */
  key(key: AccessKey): void {
    this.#keys.set(`${key.cloud}/${key.id}`, key);
  }

  findKey(cloud: CloudName, id: string): AccessKey | undefined {
    return this.#keys.get(`${cloud}/${id}`);
  }

  /** Seeds one VPC with its system route table, ready to use. */
  network(seed: NetworkSeed): SeededNetwork {
    return this.#seederFor(seed).seedNetwork(seed);
  }

  /** Seeds one physical port, enabled. */
  port(seed: PortSeed): void {
    this.#seederFor(seed).seedPort(seed);
  }

  /** Seeds one resource group; a cloud without them throws a RangeError. */
  resourceGroup(seed: ResourceGroupSeed): void {
    const seeder = this.#seederFor(seed);
    if (seeder.seedResourceGroup === undefined) throw new RangeError(`${seed.cloud} has no resource groups here`);
    seeder.seedResourceGroup(seed);
  }

  snapshot(): { readonly accounts: readonly Account[]; readonly keys: readonly AccessKey[] } {
    return { accounts: [...this.#accounts.values()], keys: [...this.#keys.values()] };
  }

  restore(state: { readonly accounts: readonly Account[]; readonly keys: readonly AccessKey[] }): void {
    this.#accounts.clear();
    this.#keys.clear();
    for (const account of state.accounts) this.account(account);
    for (const key of state.keys) this.key(key);
  }

  #seederFor({ cloud, account }: { readonly cloud: CloudName; readonly account: string }): Seeder {
    if (!this.hasAccount(cloud, account)) throw new RangeError(`no account ${account} on ${cloud}`);
    const seeder = this.#seeders()[cloud];
    if (seeder === undefined) throw new RangeError(`the emulator does not serve ${cloud}`);
    return seeder;
  }
}

/** Whether a policy lets an action through. Absent policy: yes. */
export function permits(policy: Policy | undefined, action: string): boolean {
  if (policy === undefined) return true;
  const applies = (pattern: string): boolean => {
    const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${source.join('.*')}$`, 'i').test(action);
  };
  const effects = policy.statements.filter(({ actions }) => actions.some(applies)).map(({ effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}
