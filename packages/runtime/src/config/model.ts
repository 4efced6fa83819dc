/** The config file as classes: the fields, which of them must be there, and the rule of each. Cross-references are in references.ts. */
import 'reflect-metadata';
import { Is, Optional } from './rules.js';

export class ProviderEntry {
  /** `alibaba`, `baidu`, a package name, or a path from the config file. */
  @Is('plugin') use!: string;
  @Is('region') region!: string;
  /** The account, where two entries of one cloud must not be mixed up. */
  @Optional() @Is('account') account?: string;
  /** A named profile of the vendor's own credential files. */
  @Optional() @Is('text') profile?: string;
  /** Replaces the cloud's own address. https, or http to this machine. */
  @Optional() @Is('text') endpoint?: string;
  /** By the provider's field names; a secret only as `${VARIABLE}`. */
  @Optional() @Is('credentials') credentials?: Readonly<Record<string, string>>;
  /** The provider's own settings, checked by its own class. */
  @Optional() @Is('mapping') options?: Readonly<Record<string, unknown>>;
}

export class NetworkEntry {
  /** The entry under `providers:` that owns the network. */
  @Is('name') provider!: string;
  @Is('id') id!: string;
  /** Tables that get the routes; without it the main table. */
  @Optional() @Is('ids') routeTables?: readonly string[];
}

export class ConnectionEntry {
  @Is('name') name!: string;
  /** Two networks. Exactly one of `between`, `hub` with `spokes`, and `mesh` must be there. */
  @Optional() @Is('pair') between?: readonly [string, string];
  @Optional() @Is('reference') hub?: string;
  @Optional() @Is('references') spokes?: readonly string[];
  @Optional() @Is('members') mesh?: readonly string[];
  /** One of the provider's ways to peer; without it the provider's default. */
  @Optional() @Is('name') mechanism?: string;
  @Optional() @Is('bandwidth') bandwidthMbps?: number;
  /** `auto`: the prefixes of the other network, on both sides. */
  @Optional() @Is('routes') routes?: 'auto' | 'none' | readonly string[];
  @Optional() @Is('tags') tags?: Readonly<Record<string, string>>;
}

export class LinkEntry {
  @Is('name') name!: string;
  @Is('reference') network!: string;
  /** The physical port; ordered by people. */
  @Is('id') port!: string;
  @Is('vlan') vlan!: number;
  @Is('interface') cloudIp!: string;
  @Is('address') customerIp!: string;
  /** Prefixes behind the line. */
  @Is('destinations') destinations!: readonly string[];
  @Optional() @Is('bandwidth') bandwidthMbps?: number;
  @Optional() @Is('tags') tags?: Readonly<Record<string, string>>;
}

/** The top level. The entries below it are checked one by one, each against its own class. */
export class ConfigFile {
  @Is('version') version!: 1;
  /** Marks what Peerway makes for this file as its own. */
  @Is('name') stack!: string;
  @Is('mapping') providers!: Readonly<Record<string, unknown>>;
  @Is('mapping') networks!: Readonly<Record<string, unknown>>;
  @Optional() connections?: unknown;
  @Optional() links?: unknown;
}

/** The file when everything in it fits. */
export interface Config {
  readonly file: string;
  readonly stack: string;
  readonly providers: ReadonlyMap<string, ProviderEntry>;
  readonly networks: ReadonlyMap<string, NetworkEntry>;
  readonly connections: readonly ConnectionEntry[];
  readonly links: readonly LinkEntry[];
}
