/** One account in one region of one cloud, as users hold it. */
import { bothObservers, type RequestObserver } from '../driver/call.js';
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type { ProviderDriver } from '../driver/driver.js';
import type { NativeToken } from '../driver/native.js';
import type { AccountId, RegionId } from '../model/ids.js';
import type { Connection } from '../plugin/proxy.js';
import { limiterOf } from '../pacing/accounts.js';
import type { ProviderPlugin } from '../plugin/plugin.js';
import type { RetryPolicy } from '../wait/retry.js';
import type { CallOptions, Environment } from './environment.js';
import { Invoker } from './invoker.js';
import { Links } from './links.js';
import { Networks } from './networks.js';
import { Peerings } from './peerings.js';
import { Routes } from './routes.js';

/** What the user's entry says. */
export interface ProviderSettings {
  /** The user's name for the entry, e.g. `ali`. */
  readonly name: string;
  readonly region: RegionId;
  /** When the user wrote it down. */
  readonly account?: AccountId;
  /** Replaces the cloud's own address. */
  readonly endpoint?: string;
  /**
   * Equal for whoever asks with the same credentials and options, and no secret: a digest. Entries of one process that are alike
   * in this share an account's limit and what is read for many. Absent: nobody else has those of this driver.
   */
  readonly credentials?: string;
  /** A rate in HTTP requests per second and account, more than 0; of several open entries of one account the lowest holds. */
  readonly callsPerSecond?: number;
}

/** `networks`, `peerings`, `routes` and `links` of one account and region, and what the provider can do. */
export class Provider {
  readonly name: string;
  readonly region: RegionId;
  readonly account: AccountId | undefined;
  /** Plugin id, e.g. `alibaba`. */
  readonly id: string;
  readonly displayName: string;
  readonly capabilities: ProviderCapabilities;
  /** Equal for providers of one process that see and may do the same: of one cloud, address, account, region and credentials. */
  readonly identity: string;
  readonly networks: Networks;
  readonly peerings: Peerings;
  readonly routes: Routes;
  readonly links: Links;
  readonly #plugin: ProviderPlugin;
  readonly #driver: ProviderDriver;
  readonly #settings: ProviderSettings;
  readonly #environment: Environment;
  readonly #readOnly: boolean;
  readonly #invoker: Invoker;

  constructor(
    plugin: ProviderPlugin,
    driver: ProviderDriver,
    settings: ProviderSettings,
    environment: Environment,
    options: { readonly readOnly?: boolean } = {},
  ) {
    const { endpoint, credentials = namelessOf(driver) } = settings;
    const limiter = limiterOf(environment.clock, {
      plugin: plugin.id,
      credentials,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(settings.account === undefined ? {} : { account: settings.account }),
    });
    if (settings.callsPerSecond !== undefined) limiter.holdTo(settings.callsPerSecond, driver);
    const { sharedRate } = environment;
    if (sharedRate !== undefined) {
      const owner = settings.account === undefined ? `credentials ${credentials}` : `account ${settings.account}`;
      limiter.shareWith(sharedRate, [plugin.id, endpoint ?? '', owner].join(' '));
    }
    const invoker = (this.#invoker = new Invoker(plugin.id, environment, limiter, options.readOnly ?? false));
    this.identity = [plugin.id, endpoint, settings.account, settings.region, credentials].join(' ');
    this.name = settings.name;
    this.region = settings.region;
    this.account = settings.account;
    this.id = plugin.id;
    this.displayName = plugin.displayName;
    this.capabilities = plugin.capabilities;
    this.networks = new Networks(driver.networks, invoker, plugin.capabilities.networksPerRead);
    this.peerings = new Peerings(driver.peerings, invoker, plugin.capabilities, settings.region, settings.account);
    this.routes = new Routes(driver.routes, invoker, plugin.capabilities.routes);
    this.links = new Links(driver.links, invoker, plugin.capabilities.links);
    this.#plugin = plugin;
    this.#driver = driver;
    this.#settings = settings;
    this.#environment = environment;
    this.#readOnly = options.readOnly ?? false;
  }

  /**
   * The same provider, unable to change anything: a verb that writes is refused before the driver is asked, and a driver
   * that would send a changing request is refused by its Call. It shares the driver, so closing one closes both.
   */
  readOnly(): Provider {
    return new Provider(this.#plugin, this.#driver, this.#settings, this.#environment, { readOnly: true });
  }

  /** The same provider, whose requests and retries this observer sees too. */
  observedBy(observer: RequestObserver): Provider {
    return new Provider(
      this.#plugin,
      this.#driver,
      this.#settings,
      { ...this.#environment, observer: bothObservers(this.#environment.observer, observer) },
      { readOnly: this.#readOnly },
    );
  }

  /** How requests reach the cloud: each address, and the proxy before it. Empty where the provider does not say. */
  get connections(): readonly Connection[] {
    return this.#driver.connections ?? [];
  }

  /** The account that the credentials belong to, as the cloud says; undefined where it does not say. */
  async ownAccount(options: CallOptions = {}): Promise<AccountId | undefined> {
    const ask = this.#driver.ownAccount?.bind(this.#driver);
    return ask === undefined ? undefined : this.#invoker.run({ name: 'ownAccount', effect: 'read' }, options, ask);
  }

  /** The same provider, whose calls are repeated as this policy says. */
  withRetryPolicy(retryPolicy: RetryPolicy): Provider {
    return new Provider(
      this.#plugin,
      this.#driver,
      this.#settings,
      { ...this.#environment, retryPolicy },
      { readOnly: this.#readOnly },
    );
  }

  /**
   * The vendor's own client, typed by a token that the adapter exports; undefined for another provider's token. What it
   * sends passes none of our guards, also on a read-only provider.
   */
  native<T>(token: NativeToken<T>): T | undefined {
    return this.#driver.native(token);
  }

  /** Frees sockets and timers. Closing twice is closing once. */
  close(): Promise<void> {
    this.#invoker.limiter.letGo(this.#driver);
    const closed = closing.get(this.#driver) ?? this.#driver.close();
    closing.set(this.#driver, closed);
    return closed;
  }
}

/** Stands for the credentials of a driver when nobody says what they are: no other driver has them. */
function namelessOf(driver: ProviderDriver): string {
  const known = nameless.get(driver) ?? `driver ${++drivers}`;
  nameless.set(driver, known);
  return known;
}
const nameless = new WeakMap<ProviderDriver, string>();
let drivers = 0;

/** Drivers closed or closing: a provider and its read-only twin hold the same one. */
const closing = new WeakMap<ProviderDriver, Promise<void>>();
