/** Config files drawn at random: nearly right ones with mistakes, broken text, and bombs. One seed, one file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { isConfigError, isPeerwayError, prepare, printable, Redactor, seededRandom } from '@peerway/runtime';
import { fakePlugin } from './_fakePlugin.mjs';

/** Stands wherever a key might be pasted; no error may hold it. */
export const CANARY = 'AKIAcAnArY0123456789EXAMPLE';

function drawFrom(seed) {
  const random = seededRandom(seed);
  const below = (limit) => Math.floor(random.next() * limit);
  return {
    below,
    chance: (share) => random.next() < share,
    of: (items) => items[below(items.length)],
  };
}

const ODD_KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length', '<<', '?', '', ' ', '0'],
  ...[
    'na\u200bme',
    '\u202eid',
    '\u0000',
    'key: x',
    '${HOME}',
    '${',
    '$${x}',
    CANARY,
    'credentials',
    'secret',
    '👍',
    '1e999',
  ],
];
const ODD_SCALARS = [
  ...[
    '""',
    "''",
    '~',
    'null',
    'true',
    '-0',
    '1e400',
    '0x1F',
    '.nan',
    '!!binary aGk=',
    '!x y',
    '&a b',
    '*a',
    '*nobody',
    '|\n    x',
    '>-\n    x',
  ],
  ...[
    '"\\x1b[2J"',
    '"\\u202e"',
    '"\\uD800"',
    '"a\\u200bb"',
    '"${SET}"',
    '"${UNSET}"',
    '"${EMPTY}"',
    '"${"',
    '"${a:-${b}}"',
    `"\${${CANARY}}"`,
    `"\${X:-${CANARY}}"`,
  ],
  ...[
    '10.0.0.0/8',
    '::/0',
    '10.0.0.1/8',
    '999.1.1.1/99',
    '2026-11-26',
    '12:30:45',
    '[]',
    '{}',
    '[[]]',
    '{a: {b: [c]}}',
    '[web, web]',
    '[web, data]',
    '99999999999999999999',
  ],
];
const WORDS = ['ali', 'web', 'data', 'logs', 'vpc-1', 'cn-hangzhou', './cloud.js', 'auto', 'none', '100', '1', 'x'];
const SECTIONS = {
  providers: ['use', 'region', 'account', 'profile', 'endpoint', 'credentials', 'options'],
  networks: ['provider', 'id', 'routeTables'],
  connections: [
    'name',
    'between',
    'hub',
    'spokes',
    'mesh',
    'mechanism',
    'bandwidthMbps',
    'routes',
    'tags',
    'description',
  ],
  links: ['name', 'network', 'port', 'vlan', 'cloudIp', 'customerIp', 'destinations', 'tags'],
};

/** Entries that fit, by section. */
const RIGHT = {
  providers: { ali: '{ use: ./cloud.js, region: cn-hangzhou, credentials: { accessKeySecret: "${KEY}" } }' },
  networks: {
    web: '{ provider: ali, id: vpc-1 }',
    data: '{ provider: ali, id: vpc-2, routeTables: [vtb-1] }',
    logs: '{ provider: ali, id: "${SET}-3" }',
  },
  connections: {
    a: '{ name: a, between: &pair [web, data], bandwidthMbps: 100, tags: { owner: "می\u200cخواهم" } }',
    b: '{ name: b, hub: web, spokes: [logs], routes: [10.8.0.0/16] }',
    c: '{ name: c, mesh: *pair, routes: none }',
  },
  links: {
    idc: '{ name: idc, network: web, port: pc-1, vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2, destinations: [192.168.0.0/16] }',
  },
};

/** The text of one file. */
export function drawConfig(seed) {
  const draw = drawFrom(seed);
  const kind = draw.below(100);
  if (kind === 0) return bomb(draw);
  if (kind < 8) return nested(draw);
  const text = sections(draw);
  return kind < 40 ? scrambled(text, draw) : text;
}

function sections(draw) {
  /** The share of entries that are drawn; the others are right. */
  const wrong = draw.of([0, 0.05, 0.3, 1]);
  const lines = draw.chance(wrong / 10) ? [`version: ${scalar(draw)}`] : ['version: 1', 'stack: shop'];
  for (const [name, keys] of Object.entries(SECTIONS)) {
    if (draw.chance(wrong / 15)) {
      lines.push(`${name}: ${scalar(draw)}`);
      continue;
    }
    lines.push(`${name}:`);
    const listed = name === 'connections' || name === 'links';
    for (const [entry, right] of Object.entries(RIGHT[name] ?? {})) {
      const inside = draw.chance(wrong) ? entryText(keys, draw) : right;
      lines.push(listed ? `  - ${inside}` : `  ${draw.chance(wrong / 20) ? key(draw) : entry}: ${inside}`);
    }
  }
  if (draw.chance(wrong / 10)) lines.push(`${key(draw)}: ${scalar(draw)}`);
  return `${lines.join('\n')}\n`;
}

function entryText(keys, draw) {
  if (draw.chance(0.04)) return scalar(draw);
  const chosen = keys.filter(() => draw.chance(0.6));
  if (draw.chance(0.1)) chosen.push(key(draw));
  if (draw.chance(0.05)) chosen.push(draw.of(chosen.length > 0 ? chosen : keys));
  return `{ ${chosen.map((each) => `${each}: ${valueOf(each, draw)}`).join(', ')} }`;
}

function valueOf(name, draw) {
  if (draw.chance(0.3)) return scalar(draw);
  if (name === 'credentials') {
    const field = draw.of(['accessKeyId', 'accessKeySecret', CANARY, 'accesKeyId']);
    return `{ ${field}: ${draw.of(['"${SET}"', CANARY, `"\${${CANARY}}"`, '[a]', '{ b: c }', ''])} }`;
  }
  if (name === 'options' || name === 'tags') return `{ ${key(draw)}: ${scalar(draw)} }`;
  if (['between', 'spokes', 'mesh', 'routeTables', 'destinations'].includes(name))
    return `[${Array.from({ length: draw.below(4) }, () => draw.of(WORDS)).join(', ')}]`;
  return draw.of(WORDS);
}

const key = (draw) => {
  const odd = draw.of(ODD_KEYS);
  return draw.chance(0.7) ? JSON.stringify(odd) : odd;
};
const scalar = (draw) => (draw.chance(0.6) ? draw.of(ODD_SCALARS) : draw.of(WORDS));

/** A few characters taken out, put in or moved. */
function scrambled(text, draw) {
  let out = text;
  for (let left = 1 + draw.below(4); left > 0; left--) {
    const at = draw.below(out.length);
    const put = draw.of([
      '',
      '{',
      '}',
      '[',
      ']',
      ':',
      '"',
      "'",
      '\n',
      '\t',
      '- ',
      '&a ',
      '*a',
      '!',
      '\u0000',
      '\r',
      '#',
      '? ',
      '---\n',
      '\ufeff',
      '\ud800',
    ]);
    out = out.slice(0, at) + put + out.slice(at + draw.below(3));
  }
  return out;
}

function nested(draw) {
  const depth = 1 + draw.below(draw.chance(0.1) ? 3_000 : 60);
  const [open, close] = draw.of([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['? ', ''],
    ['&a [', ']'],
  ]);
  const inside = `${open.repeat(depth)}x${draw.chance(0.7) ? close.repeat(depth) : ''}`;
  return draw.chance(0.5) ? `version: 1\nproviders: ${inside}\n` : inside;
}

function bomb(draw) {
  const times = 1_000 + draw.below(20_000);
  return draw.of([
    `version: 1\nconnections:\n${'  - { name: x, between: [a, b] }\n'.repeat(times)}`,
    `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 1 + draw.below(9) }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]\n`).join('')}`,
    `networks:\n${Array.from({ length: times }, (_, at) => `  n${at}: {}\n`).join('')}`,
    `links: [${','.repeat(times * 20)}]\n`,
    `stack: ${'&a '.repeat(times)}x\n`,
    `stack: "${'x'.repeat(times * 400)}"\n`,
    `stack: "${'\\q'.repeat(times * 40)}"\n`,
    `links: [${'{},'.repeat(times * 4)}]\n`,
    `a: &a { b: *a }\n`,
    '\n'.repeat(times * 20),
  ]);
}

/** Of the processor, so that a machine with other work to do is no defect. */
const SLOWEST_MS = 15_000;

/** So many are read however slow the machine is. */
const LEAST = 80;

const ENV = { SET: 'vpc-1', KEY: 'kept', EMPTY: '' };

/**
 * Reads files of the seeds that follow `seed`, until there were `inputs` or `budgetMs` are over.
 * @returns counts, the slowest in milliseconds of the processor, and the first file that is neither read nor refused as it must be
 */
export async function fuzzConfigs({ seed, inputs = Infinity, budgetMs = Infinity }) {
  const folder = mkdtempSync(`${tmpdir()}/peerway-fuzz-`);
  writeFileSync(`${folder}/cloud.js`, fakePlugin({}));
  const start = performance.now();
  let [count, refused, slowestMs, finding] = [0, 0, 0, undefined];
  try {
    const goesOn = () => count < LEAST || performance.now() - start < budgetMs;
    for (; count < inputs && goesOn() && finding === undefined; count++) {
      const text = drawConfig(seed + count);
      const begun = process.cpuUsage();
      const thrown = await prepare('peerway.yaml', { cwd: folder, text, env: ENV, redactor: new Redactor() }).then(
        () => undefined,
        (error) => error,
      );
      const { user, system } = process.cpuUsage(begun);
      const ms = (user + system) / 1_000;
      slowestMs = Math.max(slowestMs, ms);
      const wrong = ms > SLOWEST_MS ? `it takes ${Math.round(ms)} ms` : mistakeOf(thrown);
      if (wrong !== undefined) finding = `seed ${seed + count}: ${wrong}\n${printable(text.slice(0, 2_000))}`;
      if (thrown !== undefined) refused++;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  return { count, refused, slowestMs: Math.round(slowestMs), finding, peakMegabytes };
}

/** What is not as it must be in the outcome; undefined when all is well. */
function mistakeOf(thrown) {
  if (thrown === undefined) return undefined;
  if (!isPeerwayError(thrown)) return `a defect: ${thrown instanceof Error ? (thrown.stack ?? '') : typeof thrown}`;
  if (!isConfigError(thrown)) return `not placed in the file: ${thrown.code} ${thrown.message}`;
  const shown = `${thrown.message}${thrown.stack ?? ''}${JSON.stringify(thrown)}`;
  if (shown.toLowerCase().includes(CANARY.toLowerCase())) return 'a pasted key is shown';
  if (thrown.problems.length === 0 || thrown.problems.length > 50) return `${thrown.problems.length} problems`;
  const unplaced = thrown.problems.find(
    ({ line, column, message, remedy }) => line < 1 || column < 1 || message === '' || remedy === '',
  );
  return unplaced === undefined ? undefined : `without place or remedy: ${JSON.stringify(unplaced)}`;
}
