/** The contract of a provider package: one exported object, loaded by the name a user writes in the config file. */
import type { ProviderCapabilities } from '../driver/capabilities.js';
import type { ProviderDriver } from '../driver/driver.js';
import type { Redactor } from '../errors/redact.js';
import type { AccountId, RegionId } from '../model/ids.js';
import type { Clock } from '../wait/clock.js';
import type { Random } from '../wait/random.js';

/** Raised when a provider written for an older core would break; docs/UPGRADING.md says what to change for each. */
export const PLUGIN_API_VERSION = 2;

/** One credential that a provider asks for; a data-driven form for config, environment and help. */
export interface CredentialField {
  /** Key under `credentials:` in the config file. */
  readonly key: string;
  /** Environment variables read when the config gives nothing, first one set wins. */
  readonly env: readonly string[];
  readonly help: string;
  /** A secret value may stand in the config only as a `${VARIABLE}`. */
  readonly secret: boolean;
}

/** All that a provider gets to make one driver. */
export interface ProviderContext<Options extends object = object> {
  /** The user's name for this provider entry, e.g. `partner`. */
  readonly name: string;
  readonly region: RegionId;
  /** The user says that the region is newer than `capabilities.regions`: take it as it is. */
  readonly newRegion?: true;
  /** The account, when the user wrote it down. */
  readonly account?: AccountId;
  /** Replaces the cloud's own address; validated: https anywhere, http to loopback only. No trailing slash. */
  readonly endpoint?: string;
  /** A named profile of the vendor's own credential files. */
  readonly profile?: string;
  /** Validated instance of the plugin's options class. */
  readonly options: Options;
  /** Credentials found in the config or the environment; empty: use the vendor's own chain. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
  /** Register every secret found here before anything can fail. */
  readonly redactor: Redactor;
}

/** The rights that a key needs, by what is done with it; the source of `peerway policy`. Actions are the cloud's own words. */
export interface ProviderPermissions {
  /** What every reading needs: networks, route tables, routes, and links where the cloud has them. */
  readonly read: readonly string[];
  /** By mechanism. `read` as well for whoever holds an end; `initiate` and `accept` for the two ends, changes and deletion included. */
  readonly peerings: Readonly<
    Record<
      string,
      {
        readonly read: readonly string[];
        readonly initiate: readonly string[];
        readonly accept: readonly string[];
        /** Besides, for both ends, where the file says the attribute of that name (`dnsSync`, `deletionProtection`, a setting). Absent: none. */
        readonly attributes?: Readonly<Record<string, readonly string[]>>;
      }
    >
  >;
  /** Writing routes in the networks of the account. */
  readonly routes: readonly string[];
  /** Making, changing and removing links, `read` not included. */
  readonly links: readonly string[];
  /** Besides, where the file says the attribute of that name of a link (`healthCheck`, a setting). Absent: none. */
  readonly linkAttributes?: Readonly<Record<string, readonly string[]>>;
  /** What a reader must know to use the document; one sentence. */
  readonly note?: string;
  /** The cloud's own policy document that allows exactly these actions, as JSON. */
  readonly document: (actions: readonly string[]) => object;
}

/** The one object that a provider package exports. */
export interface ProviderPlugin<Options extends object = object> {
  readonly apiVersion: number;
  /** Lower case, e.g. `alibaba`; unique in one configuration. */
  readonly id: string;
  readonly displayName: string;
  readonly docsUrl?: string;
  readonly capabilities: ProviderCapabilities;
  /** A class-validator class; every property optional or defaulted. Instantiated from the entry's `options:`. */
  readonly options: new () => Options;
  /**
   * A class-validator class for `options:` of one connection, its properties optional, without defaults, and plain data; their names are
   * those under `settings` of the mechanisms. Absent: a connection takes none.
   */
  readonly peeringOptions?: new () => object;
  /** The same for `options:` of one link, with `settings` of the links. */
  readonly linkOptions?: new () => object;
  readonly credentials: readonly CredentialField[];
  /** Absent: the provider does not say, and `peerway policy` says so. */
  readonly permissions?: ProviderPermissions;
  /** Importing a plugin has no side effects; this makes a driver, and must not send a request yet. */
  create(context: ProviderContext<Options>): ProviderDriver | Promise<ProviderDriver>;
}

/** For authors: checks the shape at compile time and erases the options type. */
export function definePlugin<Options extends object>(plugin: ProviderPlugin<Options>): ProviderPlugin {
  return plugin;
}
