/**
 * The config file as classes: the fields, which of them must be there, the rule of each, and the words that editors show for it.
 * Cross-references are in references.ts.
 */
import 'reflect-metadata';
import { Is, Optional } from './rules.js';

export class ProviderEntry {
  @Is('plugin', '`alibaba`, `baidu`, a package name, or a path from the config file.') use!: string;
  @Is('region', 'As the cloud spells it, e.g. cn-hangzhou or bj.') region!: string;
  @Optional()
  @Is('flag', "True: the region is newer than the provider's table of regions.")
  newRegion?: boolean;
  @Optional() @Is('account', 'The account, where two entries of one cloud must not be mixed up.') account?: string;
  @Optional() @Is('text', "A named profile of the vendor's own credential files.") profile?: string;
  @Optional() @Is('text', "Replaces the cloud's own address. https, or http to this machine.") endpoint?: string;
  @Optional()
  @Is('rate', 'HTTP requests per second, for all entries of the account together; without it learned from the cloud.')
  callsPerSecond?: number;
  @Optional()
  @Is('credentials', "By the provider's field names; a secret only as `${VARIABLE}`.")
  credentials?: Readonly<Record<string, string>>;
  @Optional() @Is('mapping', "The provider's own settings, checked by its own class.") options?: Readonly<
    Record<string, unknown>
  >;
}

/** Networks by what they are called and tagged. */
interface SelectEntry {
  readonly tags?: Readonly<Record<string, string>>;
  readonly name?: string;
}

/** A network of somebody else's account, for which no entry of the file speaks. */
interface PeerEntry {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly cidrs?: readonly string[];
  readonly await?: boolean;
}

export class NetworkEntry {
  @Is('name', 'The entry under `providers:` that owns the network; of a `peer`, the one that is joined to it.')
  provider!: string;
  @Optional()
  @Is('id', 'The id of the VPC in the cloud. Exactly one of `id`, `select` and `peer` must be there.')
  id?: string;
  @Optional()
  @Is(
    'select',
    'None, one or many networks instead of one: those with these `tags`, whose name fits this pattern; for spokes and meshes.',
  )
  select?: SelectEntry;
  @Optional()
  @Is(
    'peer',
    'A network of an account that no entry speaks for: `account`, `region`, `id`; `cidrs` for routes, `await: true` to wait for its yes.',
  )
  peer?: PeerEntry;
  @Optional() @Is('ids', 'Tables that get the routes; without it the main table.') routeTables?: readonly string[];
}

type SideRoutesEntry = 'auto' | 'none' | readonly string[];

export class ConnectionEntry {
  @Is('name', 'Unique among connections and links; what plan, verify and the mark call it by.') name!: string;
  @Optional()
  @Is('pair', 'Two networks. Exactly one of `between`, `hub` with `spokes`, and `mesh` must be there.')
  between?: readonly [string, string];
  @Optional() @Is('reference', 'The network in the middle; goes with spokes.') hub?: string;
  @Optional() @Is('references', 'The networks that reach the hub; selections too.') spokes?: readonly string[];
  @Optional() @Is('members', 'Networks that all reach each other; selections too.') mesh?: readonly string[];
  @Optional() @Is('name', "One of the provider's ways to peer; without it the provider's default.") mechanism?: string;
  @Optional() @Is('bandwidth', 'Megabits per second.') bandwidthMbps?: number;
  @Optional()
  @Is('routes', '`auto`: the prefixes of the other network. By network: what stands in the tables of each.')
  routes?: SideRoutesEntry | Readonly<Record<string, SideRoutesEntry>>;
  @Optional() @Is('tags', 'Tags of your own on what is made.') tags?: Readonly<Record<string, string>>;
  @Optional() @Is('text', "A text of your own; it stands behind Peerway's mark.") description?: string;
  @Optional()
  @Is('flag', 'The cloud refuses to delete the peering while it is true.')
  deletionProtection?: boolean;
  @Optional()
  @Is('names', 'Whose names resolve in the other network: `both`, `none`, or a list of the networks that open theirs.')
  dnsSync?: 'both' | 'none' | readonly string[];
  @Optional()
  @Is('mapping', "The provider's own settings for this connection, before those of the entry.")
  options?: Readonly<Record<string, unknown>>;
}

/** A port that another entry owns than the network's. */
interface OwnedPort {
  readonly provider: string;
  readonly id: string;
}

/** How the cloud probes the far end of a line. */
interface HealthCheckEntry {
  readonly source?: string;
  readonly target?: string;
  readonly intervalMs?: number;
  readonly failures?: number;
}

export class LinkEntry {
  @Is('name', 'Unique among connections and links; what plan, verify and the mark call it by.') name!: string;
  @Is('reference', 'The network that the line is attached to.') network!: string;
  @Is('port', 'The physical port, ordered by people; with its entry where that is not the network’s.')
  port!: string | OwnedPort;
  @Is('vlan', 'VLAN of the border router on the port.') vlan!: number;
  @Is('interface', 'Address of the cloud end with its length, e.g. 10.255.0.1/30.') cloudIp!: string;
  @Is('address', 'Address of the other end, e.g. 10.255.0.2.') customerIp!: string;
  @Is('destinations', 'Prefixes behind the line.') destinations!: readonly string[];
  @Optional() @Is('bandwidth', 'Megabits per second.') bandwidthMbps?: number;
  @Optional() @Is('tags', 'Tags of your own on what is made.') tags?: Readonly<Record<string, string>>;
  @Optional() @Is('text', "A text of your own; it stands behind Peerway's mark.") description?: string;
  @Optional()
  @Is('healthCheck', 'How the line is probed: `source` and `target` addresses, `intervalMs`, `failures` in a row.')
  healthCheck?: HealthCheckEntry;
  @Optional()
  @Is('mapping', "The provider's own settings for this link, before those of the entry.")
  options?: Readonly<Record<string, unknown>>;
}

/** The top level. The entries below it are checked one by one, each against its own class. */
export class ConfigFile {
  @Is('version', 'Version of this format.') version!: 1;
  @Is('name', 'Marks what Peerway makes for this file as its own.') stack!: string;
  @Is('mapping', 'One entry per account and region, by names of your own.') providers!: Readonly<
    Record<string, unknown>
  >;
  @Is('mapping', 'The networks (VPCs) that may be joined, by names of your own.') networks!: Readonly<
    Record<string, unknown>
  >;
  /** Lists; what is in them is checked entry by entry. */
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
