/** Config files drawn at random: nearly right ones with mistakes, broken text, and bombs. One seed, one file. */
import { seededRandom } from '@peerway/runtime';

/** Stands wherever a key might be pasted; no error may hold it. */
export const CANARY = 'AKIAcAnArY0123456789EXAMPLE';

type Draw = {
  below(limit: number): number;
  chance(share: number): boolean;
  of<T>(items: readonly T[]): T;
};

function drawFrom(seed: number): Draw {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random.next() * limit);
  return {
    below,
    chance: (share) => random.next() < share,
    of: (items) => items[below(items.length)] as (typeof items)[number],
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
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
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
const RIGHT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  providers: { ali: '{ use: ./cloud.js, region: cn-hangzhou, credentials: { accessKeySecret: "${SET}" } }' },
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
export function drawConfig(seed: number): string {
  const draw = drawFrom(seed);
  const kind = draw.below(100);
  if (kind === 0) return bomb(draw);
  if (kind < 8) return nested(draw);
  const text = sections(draw);
  return kind < 40 ? scrambled(text, draw) : text;
}

function sections(draw: Draw): string {
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

function entryText(keys: readonly string[], draw: Draw): string {
  if (draw.chance(0.04)) return scalar(draw);
  const chosen = keys.filter(() => draw.chance(0.6));
  if (draw.chance(0.1)) chosen.push(key(draw));
  if (draw.chance(0.05)) chosen.push(draw.of(chosen.length > 0 ? chosen : keys));
  return `{ ${chosen.map((each) => `${each}: ${valueOf(each, draw)}`).join(', ')} }`;
}

function valueOf(name: string, draw: Draw): string {
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

const key = (draw: Draw): string => {
  const odd = draw.of(ODD_KEYS);
  return draw.chance(0.7) ? JSON.stringify(odd) : odd;
};
const scalar = (draw: Draw): string => (draw.chance(0.6) ? draw.of(ODD_SCALARS) : draw.of(WORDS));

/** A few characters taken out, put in or moved. */
function scrambled(text: string, draw: Draw): string {
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

function nested(draw: Draw): string {
  const depth = 1 + draw.below(draw.chance(0.1) ? 3_000 : 60);
  const [open, close] = draw.of([
    ['[', ']'],
    ['{a: ', '}'],
    ['- ', ''],
    ['? ', ''],
    ['&a [', ']'],
  ] as const);
  const inside = `${open.repeat(depth)}x${draw.chance(0.7) ? close.repeat(depth) : ''}`;
  return draw.chance(0.5) ? `version: 1\nproviders: ${inside}\n` : inside;
}

function bomb(draw: Draw): string {
  const times = 1_000 + draw.below(20_000);
  return draw.of([
    `version: 1\nconnections:\n${'  - { name: x, between: [a, b] }\n'.repeat(times)}`,
    `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 1 + draw.below(9) }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]\n`).join('')}`,
    `networks:\n${Array.from({ length: times }, (_, at) => `  n${at}: {}\n`).join('')}`,
    `links: [${','.repeat(times * 20)}]\n`,
    `stack: ${'&a '.repeat(times)}x\n`,
    `stack: "${'x'.repeat(times * 400)}"\n`,
    `a: &a { b: *a }\n`,
    '\n'.repeat(times * 20),
  ]);
}
