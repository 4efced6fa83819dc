/** Prometheus metrics in their text format. No name of a stack or a token is in them, so that they need no token. */
import type { ServiceHealth } from '../runs/service.js';

const BUCKETS_S = [0.005, 0.025, 0.1, 0.5, 2.5, 10] as const;

interface RouteCount {
  readonly buckets: number[];
  sum: number;
  count: number;
}

export class Metrics {
  readonly #routes = new Map<string, RouteCount>();
  #streams = 0;

  /** @param route the pattern, never the path: that has names in it */
  answered(method: string, route: string, status: number, durationMs: number): void {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    const known = this.#routes.get(labels) ?? { buckets: BUCKETS_S.map(() => 0), sum: 0, count: 0 };
    this.#routes.set(labels, known);
    const seconds = durationMs / 1_000;
    BUCKETS_S.forEach((limit, at) => {
      if (seconds <= limit) known.buckets[at] = (known.buckets[at] ?? 0) + 1;
    });
    known.sum += seconds;
    known.count++;
  }

  /** A reader of events has come; the returned function says that it has gone. */
  streamOpened(): () => void {
    this.#streams++;
    return () => {
      this.#streams--;
    };
  }

  get streams(): number {
    return this.#streams;
  }

  text(health: ServiceHealth, authFailures: number): string {
    return [
      ...gauge('peerway_engine_reachable', 'Whether the host of the runs answers.', health.reachable ? 1 : 0),
      ...gauge('peerway_runs_running', 'Runs under way.', health.running),
      ...(health.workers === undefined
        ? []
        : gauge('peerway_workers', 'Workers that have asked for work lately.', health.workers)),
      ...(health.stacksLeftOut === undefined
        ? []
        : gauge('peerway_stack_files_left_out', 'Files of stacks that cannot be used.', health.stacksLeftOut)),
      ...gauge('peerway_event_streams', 'Readers of events that are connected.', this.#streams),
      '# HELP peerway_auth_failures_total Requests with a wrong token.',
      '# TYPE peerway_auth_failures_total counter',
      `peerway_auth_failures_total ${authFailures}`,
      '# HELP peerway_http_request_duration_seconds Requests by route and status, and how long they took.',
      '# TYPE peerway_http_request_duration_seconds histogram',
      ...[...this.#routes].flatMap(([labels, { buckets, sum, count }]) => [
        ...BUCKETS_S.map(
          (limit, at) => `peerway_http_request_duration_seconds_bucket{${labels},le="${limit}"} ${buckets[at] ?? 0}`,
        ),
        `peerway_http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`,
        `peerway_http_request_duration_seconds_sum{${labels}} ${sum}`,
        `peerway_http_request_duration_seconds_count{${labels}} ${count}`,
      ]),
      '',
    ].join('\n');
  }
}

const gauge = (name: string, help: string, value: number): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} gauge`,
  `${name} ${value}`,
];
