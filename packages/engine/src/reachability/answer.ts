/** Reachability: can a packet go from one network to another and back, and if not, why and what to do. */

export interface ReachHop {
  /** Direction of travel: `forward` from → to, `return` back. */
  readonly direction: 'forward' | 'return';
  /** The user's name of the network whose table was read. */
  readonly network: string;
  readonly table: string;
  /** The prefix of the other network that was looked up. */
  readonly lookedUp: string;
  /** The route chosen by longest-prefix match; absent when none matches. */
  readonly route?: {
    readonly destination: string;
    readonly nextHop: string;
    readonly kind: string;
    readonly state: string;
  };
  readonly ok: boolean;
}

export interface ReachFinding {
  /** Stable name of the fault, e.g. `route-missing`. */
  readonly fault: string;
  readonly severity: 'blocks' | 'warning';
  /** What is at fault, e.g. `route 10.1.0.0/16 in vtb-1 (web)`. */
  readonly object: string;
  /** One sentence: what is wrong. */
  readonly sentence: string;
  /** One sentence: what to do. */
  readonly fix: string;
}

export interface Reachability {
  readonly version: 1;
  readonly from: string;
  readonly to: string;
  /** True when every prefix of `to` is reached from every table of `from` and the answers find their way back. */
  readonly reachable: boolean;
  /** `partial`: some prefixes or tables work. */
  readonly verdict: 'reachable' | 'partial' | 'unreachable';
  readonly findings: readonly ReachFinding[];
  readonly hops: readonly ReachHop[];
}
