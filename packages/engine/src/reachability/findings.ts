/** What a reachability question finds on its way, and the answer made from it. */
import type { Route } from '@peerway/core';
import type { Reachability, ReachFinding, ReachHop } from './answer.js';

type Direction = ReachHop['direction'];

export class ReachNotes {
  readonly findings: ReachFinding[] = [];
  readonly hops: ReachHop[] = [];

  constructor(
    private readonly from: string,
    private readonly to: string,
  ) {}

  answer(): Reachability {
    const { from, to } = this;
    const findings = dedupe(this.findings);
    const blocked = findings.some((finding) => finding.severity === 'blocks');
    const carried = (direction: Direction): boolean => this.hops.some((hop) => hop.direction === direction && hop.ok);
    const verdict = !blocked ? 'reachable' : carried('forward') && carried('return') ? 'partial' : 'unreachable';
    return { version: 1, from, to, reachable: !blocked, verdict, findings, hops: this.hops };
  }

  blackhole(route: Route, name: string, severity: ReachFinding['severity'] = 'blocks'): void {
    this.blocks(
      'route-blackhole',
      `route ${route.destination} in ${route.table} (${name})`,
      `The route ${route.destination} in ${route.table} (${name}) drops what it takes: the cloud shows it as a black hole.`,
      'Run `peerway apply` to write it again.',
      severity,
    );
  }

  hop(at: Pick<ReachHop, 'direction' | 'network' | 'table' | 'lookedUp'>, route: Route | undefined, ok: boolean): void {
    this.hops.push({
      ...at,
      ok,
      ...(route === undefined
        ? {}
        : {
            route: {
              destination: route.destination,
              nextHop: route.nextHop.id,
              kind: route.nextHop.kind,
              state: route.state,
            },
          }),
    });
  }

  blocks(
    fault: string,
    object: string,
    sentence: string,
    fix: string,
    severity: ReachFinding['severity'] = 'blocks',
  ): void {
    this.findings.push({ fault, severity, object, sentence, fix });
  }
}

function dedupe(findings: readonly ReachFinding[]): ReachFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ sentence }) => !seen.has(sentence) && seen.add(sentence));
}
