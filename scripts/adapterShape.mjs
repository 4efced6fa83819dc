// docs/design.md section 2, "the same file names in each", as data: what every adapter has, and what may differ and why.
import { existsSync } from 'node:fs';

/** Folders under `packages/` that hold an adapter. */
const ADAPTERS = ['alibaba', 'baidu', 'aws'];

/** Under `src/`, in every adapter. */
const COMMON = [
  'index', 'plugin', 'driver', 'scope', 'account', 'options', 'settings', 'capabilities', 'permissions', 'native',
  'networks', 'peerings', 'routes', 'links', 'linkChanges', 'states', 'convert', 'convertLink',
  'wire/client', 'wire/raw', 'wire/agent', 'wire/answers', 'wire/errors', 'wire/credentials', 'wire/regions', 'wire/paging',
].map((name) => `${name}.ts`); // prettier-ignore

/** What one cloud has and the others have not. `wire/api/` follows the names of each cloud's own services. */
const OWN = {
  alibaba: [
    'vpcPeer.ts', // two mechanisms are a fact of that cloud
    /^routerInterface\//,
    'linkEnds.ts', // both ends of its lines have parts that are made, read and removed
    'blockingRoutes.ts', // it refuses a removal without naming the routes
    'wire/popCore.ts', // the vendor's library, whose types and errors are not as they say
    'wire/plainJson.ts', // what its vendor library parses is no plain data
  ],
  baidu: [
    'wire/signer.ts', // the vendor's own signer has defects; Alibaba's library signs by itself
  ],
};

/** What an adapter of the others' shape has not written yet, and why. */
const LACKS = {
  aws: {
    'settings.ts': 'a peering connection has no setting that the neutral words do not say',
    'links.ts': 'Direct Connect is unimplemented: no server to test it against is known',
    'wire/raw.ts': "the vendor's own client, `awsEc2`, takes every operation there is",
    'linkChanges.ts': 'as links.ts',
    'convertLink.ts': 'as links.ts',
  },
};

/** @param files every tracked path @returns one line per finding */
export function adapterShapeFindings(files) {
  return ADAPTERS.flatMap((adapter) => {
    const root = `packages/${adapter}/src/`;
    const own = OWN[adapter] ?? [];
    const mine = files
      .filter((file) => file.startsWith(root) && existsSync(file))
      .map((file) => file.slice(root.length));
    const lacks = LACKS[adapter] ?? {};
    const missing = COMMON.filter((name) => !mine.includes(name) && lacks[name] === undefined).map(
      (name) => `${root}${name}: missing; every adapter has it (docs/design.md section 2)`,
    );
    const isOwn = (file) => own.some((rule) => (typeof rule === 'string' ? rule === file : rule.test(file)));
    const extra = mine
      .filter((file) => !COMMON.includes(file) && !file.startsWith('wire/api/') && !isOwn(file))
      .map(
        (file) =>
          `${root}${file}: no other adapter has it; rename it, or name it in scripts/adapterShape.mjs with the reason`,
      );
    const idle = own
      .filter((rule) => !mine.some((file) => (typeof rule === 'string' ? rule === file : rule.test(file))))
      .map((rule) => `scripts/adapterShape.mjs: ${adapter} has no ${String(rule)} any more`);
    const there = Object.keys(lacks)
      .filter((name) => mine.includes(name))
      .map((name) => `scripts/adapterShape.mjs: ${adapter} has ${name} by now`);
    return [...missing, ...extra, ...idle, ...there];
  });
}
