// Which test files run first where jest has no times of its own yet, as on a fresh clone: those that take longest, so that the workers
// end together. Jest goes by the size of a file, and the longest are some of the shortest.
import { createRequire } from 'node:module';

const along = (...names) =>
  names.reduce((from, name) => createRequire(from.resolve(name)), createRequire(import.meta.url));
const { default: Sequencer } = along('jest', '@jest/core', 'jest-config')('@jest/test-sequencer');

/** More than five seconds each, measured on 2026-11-27, the longest first. */
const LONG = [
  'aws/test/conformance',
  'cli/test/realBinary',
  'engine/test/histories',
  'aws/test/histories',
  'aws/test/mesh',
  'server/test/temporal',
  'engine/test/attributes',
  'conformance/test/selfTest',
  'engine/test/crash',
  'server/test/page',
  'alibaba/test/conformanceRouterInterface',
  'cli/test/policy',
  'alibaba/test/conformanceVpcPeer',
  'emulator/test/fuzz',
  'parity/test/kit',
  'baidu/test/conformance',
  'conformance/test/runner',
  'runtime/test/bounds',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const first = LONG.flatMap((name) =>
      sorted.filter(({ path, duration }) => duration === undefined && path.endsWith(`${name}.test.ts`)),
    );
    return [...first, ...sorted.filter((test) => !first.includes(test))];
  }
}
