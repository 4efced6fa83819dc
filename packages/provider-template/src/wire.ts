/** The miniature cloud's wire format: what a vendor's API reference would be. Everything the driver knows of the cloud. */

export interface WireRequest {
  readonly key: string;
  readonly secret: string;
  readonly region: string;
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  /** JSON text: the result, or `{ error: { code, message }, request }`. */
  readonly body: string;
}

export interface WireEnd {
  readonly owner: string;
  readonly region: string;
  readonly network: string;
}

export type PeeringWord =
  'making' | 'asked' | 'up' | 'changing' | 'paused' | 'refused' | 'lapsed' | 'broken' | 'ending' | 'gone';
export type Role = 'from' | 'to';

export interface WirePeering {
  readonly id: string;
  /** The end that the answer is written for. */
  readonly role: Role;
  readonly from: WireEnd;
  readonly to: WireEnd;
  readonly status: PeeringWord;
  readonly kbps: number;
  readonly name: string;
  readonly note: string;
  readonly born: number;
  readonly lapses?: number;
  readonly locked: boolean;
  /** Labels and interface of the role's own end; the other end's are not shown. */
  readonly labels: Readonly<Record<string, string>>;
  readonly interface: string;
}

export type RouteWord = 'pending' | 'ok' | 'dead' | 'removing';
export interface WireRoute {
  readonly id: string;
  readonly table: string;
  readonly network: string;
  readonly to: string;
  readonly via: { readonly kind: 'interface' | 'line' | 'local' | 'appliance'; readonly id: string };
  readonly status: RouteWord;
  readonly builtIn: boolean;
  readonly note: string;
}

export type LineWord = 'making' | 'detached' | 'up' | 'changing' | 'paused' | 'ending' | 'gone';
export interface WireLine {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly network: string;
  readonly port: string;
  readonly vlan: number;
  readonly near: string;
  readonly far: string;
  readonly name: string;
  readonly note: string;
  readonly kbps: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: LineWord;
  readonly attached: boolean;
}

export type NetworkWord = 'building' | 'ready' | 'closing';
export interface WireTable {
  readonly id: string;
  readonly network: string;
  readonly name: 'main' | 'extra';
  /** How many subnets use it by name; those that name none use the main one. */
  readonly subnets: number;
}

export interface WireNetwork {
  readonly status: NetworkWord;
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly name: string;
  readonly prefixes: readonly string[];
}
