/** The kit's cases as a list to be gone through: its test runner is this one, which only collects. */
import {
  runConformance,
  type CaseReport,
  type Divergence,
  type Harness,
  type Topic as KitTopic,
} from '@peerway/conformance';

export interface KitCase {
  readonly topic: string;
  readonly case: string;
  /** Tries it; never rejects: how it went is told to `onCase`. */
  run(): Promise<void>;
}

export interface KitSuite {
  readonly cases: readonly KitCase[];
  /** Ends what the suite's cases hold. */
  close(): Promise<void>;
}

/** @param onCase hears of skipped cases at once, of every other when it was run */
export function kitSuites(
  harness: Harness,
  options: {
    readonly topics?: readonly KitTopic[];
    readonly divergences: readonly Divergence[];
    readonly seed: number;
    readonly prefix: string;
    readonly onCase: (report: CaseReport) => void;
  },
): readonly KitSuite[] {
  const suites: { cases: KitCase[]; close(): Promise<void> }[] = [];
  const quiet = async (body: () => void | Promise<void>): Promise<void> => {
    // a failure is told to `onCase`; what cannot be closed is swept away
    await Promise.resolve()
      .then(body)
      .catch(() => undefined);
  };
  const it = (name: string, body: () => void | Promise<void>): void => {
    suites.at(-1)?.cases.push({ topic, case: name, run: () => quiet(body) });
  };
  let topic = '';
  runConformance(
    {
      describe: (title, body) => {
        [topic = ''] = title.split(':');
        suites.push({ cases: [], close: () => Promise.resolve() });
        body();
      },
      it: Object.assign(it, { skip: () => undefined }),
      after: (body) => {
        const suite = suites.at(-1);
        if (suite !== undefined) suite.close = () => quiet(body);
      },
    },
    harness,
    // whoever calls this has asked the account's owner
    { mode: 'live', env: { PEERWAY_CONFORMANCE_LIVE: '1' }, print: () => undefined, ...options },
  );
  return suites;
}
