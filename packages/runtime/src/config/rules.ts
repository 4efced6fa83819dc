/**
 * What each kind of config value must look like, as data: the check with its message and remedy, and the same thing as
 * JSON Schema. Fields name a rule with `@Is('…')`; class-validator runs it, the schema generator reads it.
 */
import { isPeerwayError, parseAddress, parseCidr, regionId } from '@peerway/core';
import { ValidateBy, ValidateIf } from 'class-validator';
import { UNFILLED } from './document.js';
import type { Path } from './problem.js';
import { mayBeSecretValue } from './secrets.js';
import { quote } from './quote.js';

export interface Finding {
  /** Below the value itself; empty for the value. */
  readonly path: Path;
  readonly message: string;
  readonly remedy: string;
}

export interface Rule {
  /** What fits, as the end of a sentence; shown where the value came from the environment and may not be quoted. */
  readonly expects: string;
  readonly check: (value: unknown) => readonly Finding[];
  /** For what is not text: a text of the file as the value that it stands for; anything else as it is. */
  readonly read?: (value: unknown) => unknown;
  readonly schema: object;
}

export const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

const finding = (message: string, remedy: string, path: Path = []): Finding => ({ path, message, remedy });

/** A rule about one scalar text: `test` returns nothing when it fits, else what is wrong (or true for "it does not fit"). */
function scalar(
  expects: string,
  remedy: string,
  test: (text: string) => boolean | Pick<Finding, 'message' | 'remedy'>,
  schema: object,
): Rule {
  return {
    expects,
    schema,
    check(value) {
      if (value === UNFILLED) return [];
      if (typeof value !== 'string') return [finding(`found ${quote(value)} instead of ${expects}`, remedy)];
      const verdict = test(value);
      if (verdict === true) return [];
      return [
        verdict === false || mayBeSecretValue(value) // whose message would quote it
          ? finding(`${quote(value)} is not ${expects}`, remedy)
          : finding(verdict.message, verdict.remedy),
      ];
    },
  };
}

const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;

function integer(expects: string, remedy: string, min: number, max: number | undefined): Rule {
  return {
    expects,
    read: asNumber,
    schema: { type: 'integer', minimum: min, ...(max === undefined ? {} : { maximum: max }) },
    check: (value) =>
      value === UNFILLED ||
      (typeof value === 'number' && Number.isInteger(value) && value >= min && (max === undefined || value <= max))
        ? []
        : [finding(`${quote(value)} is not ${expects}`, remedy)],
  };
}

/** Slower than one request in ten seconds, and no run would ever end; faster than that, and it is no limit of any cloud. */
const RATE = { min: 0.1, max: 1_000 } as const;

function list(of: Rule, least: number, expects: string, remedy: string): Rule {
  return {
    expects,
    schema: { type: 'array', items: of.schema, ...(least > 0 ? { minItems: least } : {}), uniqueItems: true },
    check(value) {
      if (value === UNFILLED) return [];
      if (!Array.isArray(value)) return [finding(`found ${quote(value)} instead of ${expects}`, remedy)];
      const found: Finding[] = value.flatMap((item, index) =>
        of.check(item).map((each) => ({ ...each, path: [index, ...each.path] })),
      );
      if (value.length < least) found.push(finding(`${quote(value)} is too short`, remedy));
      const first = new Map<unknown, number>();
      value.forEach((item, index) => {
        if (item === UNFILLED) return;
        if (first.has(item)) found.push(finding(`${quote(item)} stands here twice`, 'Remove one of the two.', [index]));
        else first.set(item, index);
      });
      return found;
    },
  };
}

/** Runs a reader of core and keeps its message and remedy. */
function accepts(read: () => unknown): boolean | Pick<Finding, 'message' | 'remedy'> {
  try {
    read();
    return true;
  } catch (error) {
    if (!isPeerwayError(error)) throw error;
    return { message: error.message, remedy: error.details.remedy ?? 'See the documentation of the config file.' };
  }
}

const NAME_REMEDY = 'Use lower-case letters, digits and "-", starting with a letter or digit, at most 63 characters.';
const name = scalar('a name', NAME_REMEDY, (text) => NAME.test(text), { type: 'string', pattern: NAME.source });
const cidr = scalar(
  'a CIDR prefix',
  'Write an address, a slash and a length, e.g. 10.8.0.0/16.',
  (text) => accepts(() => parseCidr(text)),
  { type: 'string', pattern: '^[0-9a-fA-F.:]+/[0-9]{1,3}$' },
);
const cidrs = list(cidr, 0, 'a list of CIDR prefixes', 'Write a list such as [10.8.0.0/16].');
const id = scalar(
  'an id',
  'Copy the id as the cloud shows it, without white space.',
  (text) => text !== '' && !/\s/.test(text),
  { type: 'string', pattern: '^\\S+$' },
);
const PORT_REMEDY = 'Write the id of the port, or { provider: the entry that owns it, id: its id }.';
const PORT_PARTS: Readonly<Record<string, Rule>> = { provider: name, id };
/** An id, or the id with the entry that owns it. */
const port: Rule = {
  expects: 'a port',
  schema: {
    oneOf: [
      id.schema,
      {
        type: 'object',
        additionalProperties: false,
        required: Object.keys(PORT_PARTS),
        properties: Object.fromEntries(Object.entries(PORT_PARTS).map(([key, rule]) => [key, rule.schema])),
      },
    ],
  },
  check(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return id.check(value);
    const parts = value as Readonly<Record<string, unknown>>;
    return [
      ...Object.keys(parts).flatMap((key) =>
        Object.hasOwn(PORT_PARTS, key)
          ? []
          : [
              finding(
                `${mayBeSecretValue(key) ? 'a key that is not shown' : `the key ${quote(key)}`} is not known here`,
                PORT_REMEDY,
                [key],
              ),
            ],
      ),
      ...Object.entries(PORT_PARTS).flatMap(([key, rule]) =>
        Object.hasOwn(parts, key)
          ? rule.check(parts[key]).map((one) => ({ ...one, path: [key, ...one.path] }))
          : [finding(`"${key}" is missing`, PORT_REMEDY)],
      ),
    ];
  },
};
const mapping: Rule = {
  expects: 'a mapping',
  schema: { type: 'object' },
  check: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? []
      : [finding(`found ${quote(value)} instead of a mapping`, 'Write `name: value` pairs below it.')],
};

const sideRoutes: Rule = {
  expects: 'auto, none or a list of CIDR prefixes',
  schema: { oneOf: [{ enum: ['auto', 'none'] }, cidrs.schema] },
  check(value) {
    if (value === 'auto' || value === 'none' || value === UNFILLED) return [];
    if (Array.isArray(value)) return cidrs.check(value);
    return [
      finding(
        `${quote(value)} is not one of auto, none or a list of CIDR prefixes`,
        'Write auto, none, or a list such as [10.8.0.0/16].',
      ),
    ];
  },
};

/** For both ends alike, or by the network in whose tables the routes stand. */
const routes: Rule = {
  expects: 'auto, none, a list of CIDR prefixes, or one of these for each network',
  schema: {
    oneOf: [{ enum: ['auto', 'none'] }, cidrs.schema, { type: 'object', additionalProperties: sideRoutes.schema }],
    default: 'auto',
  },
  check(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return sideRoutes.check(value);
    return Object.entries(value).flatMap(([side, each]) =>
      sideRoutes.check(each).map((one) => ({ ...one, path: [side, ...one.path] })),
    );
  },
};
const text = scalar('a text', 'Write a text.', () => true, { type: 'string' });
const address = scalar(
  'an address',
  'Write an address such as 10.255.0.2.',
  (value) => accepts(() => parseAddress(value)),
  { type: 'string' },
);

/** `key: value` pairs of a fixed few keys, each with its rule; `least`: those that must be there. */
function parts(expects: string, remedy: string, known: Readonly<Record<string, Rule>>): Rule {
  const readings = Object.entries(known).filter(([, rule]) => rule.read !== undefined);
  return {
    expects,
    schema: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: Object.fromEntries(Object.entries(known).map(([key, rule]) => [key, rule.schema])),
    },
    read(value) {
      if (mapping.check(value).length > 0 || value === UNFILLED) return value;
      const given = value as Readonly<Record<string, unknown>>;
      const read = readings.flatMap(([key, rule]) =>
        Object.hasOwn(given, key) ? [[key, rule.read?.(given[key])] as const] : [],
      );
      return { ...given, ...Object.fromEntries(read) };
    },
    check(value) {
      const wrong = mapping.check(value);
      if (wrong.length > 0 || value === UNFILLED) return value === UNFILLED ? [] : wrong;
      const entries = Object.entries(value as object);
      if (entries.length === 0) return [finding(`${expects} says nothing`, remedy)];
      return entries.flatMap(([key, each]) => {
        const rule = Object.hasOwn(known, key) ? known[key] : undefined;
        if (rule !== undefined) return rule.check(each).map((one) => ({ ...one, path: [key, ...one.path] }));
        const name = mayBeSecretValue(key) ? 'a key that is not shown' : `the key ${quote(key)}`;
        return [finding(`${name} is not known here`, remedy, [key])];
      });
    },
  };
}

const tags: Rule = {
  expects: 'a mapping of texts',
  schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
  check(value: unknown) {
    const wrong = mapping.check(value);
    if (wrong.length > 0) return wrong;
    return Object.entries(value as object).flatMap(([key, each]) => {
      if (key.startsWith('peerway.')) {
        return [
          finding(`the tag ${quote(key)} is Peerway's own mark`, 'Choose a key that does not start with "peerway.".', [
            key,
          ]),
        ];
      }
      return text.check(each).map((found) => ({ ...found, path: [key] }));
    });
  },
};
const flag: Rule = {
  expects: 'true or false',
  read: (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value),
  schema: { type: 'boolean' },
  check: (value: unknown) =>
    value === UNFILLED || typeof value === 'boolean'
      ? []
      : [finding(`${quote(value)} is not true or false`, 'Write true or false.')],
};
const account = scalar('an account id', 'Copy the account id as the cloud shows it.', (value) => /^\S+$/.test(value), {
  type: ['string', 'integer'],
  description: 'An account id. Quotes are not needed: digits are kept exactly.',
});
const region = scalar(
  'a region',
  'Write it as the cloud spells it, e.g. cn-hangzhou or bj.',
  (value) => accepts(() => regionId(value)),
  {
    type: 'string',
    pattern: '^\\S+$',
  },
);
const PEER_REMEDY =
  'Write peer: { account: …, region: …, id: … }, and cidrs: [...] or await: true where they are wanted.';
const pattern = scalar(
  'a pattern',
  'Write a name in which * stands for any characters and ? for one, e.g. "prod-*".',
  (value) => value !== '',
  { type: 'string', minLength: 1 },
);

export const RULES = {
  version: {
    expects: '1',
    read: asNumber,
    schema: { const: 1 },
    check: (value: unknown) =>
      value === 1 || value === UNFILLED
        ? []
        : [
            finding(
              `version ${quote(value)} is not known`,
              'Write `version: 1`; a newer version needs a newer peerway.',
            ),
          ],
  },
  name,
  id,
  port,
  text,
  mapping,
  /** Never quotes what it found: somebody may have pasted a key. */
  credentials: {
    expects: 'a mapping of credentials',
    schema: { type: 'object', additionalProperties: { type: 'string' } },
    check: (value: unknown) =>
      mapping.check(value).length === 0
        ? []
        : [finding('found something that is not a mapping', 'Write `field: ${VARIABLE}` pairs below it.')],
  },
  cidrs,
  account,
  region,
  plugin: scalar(
    'a provider',
    'Write a provider such as alibaba or baidu, a package name, or a path such as ./my-cloud.js.',
    (value) => /^\.{1,2}\/\S+$|^\/\S+$|^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*(\/[\w.-]+)*$/.test(value),
    { type: 'string', examples: ['alibaba', 'baidu'] },
  ),
  reference: scalar('the name of a network', NAME_REMEDY, (value) => NAME.test(value), {
    type: 'string',
    pattern: NAME.source,
  }),
  references: list(name, 1, 'a list of network names', 'Write at least one network name, e.g. [logs, jobs].'),
  members: list(name, 1, 'a list of network names', 'Name at least two different networks, e.g. [a, b, c].'),
  pair: {
    expects: 'two network names',
    schema: { ...list(name, 2, '', '').schema, maxItems: 2 },
    check(value: unknown) {
      const remedy = 'Name exactly two different networks, e.g. [web, data].';
      const found = list(name, 0, 'two network names', remedy).check(value);
      if (found.length > 0 || value === UNFILLED || (value as unknown[]).length === 2) return found;
      return [
        finding(
          `${(value as unknown[]).length} networks are named instead of two`,
          `${remedy} More than two make a mesh or a hub.`,
        ),
      ];
    },
  },
  bandwidth: integer('a number of megabits per second', 'Give whole megabits per second, more than 0.', 1, undefined),
  rate: {
    expects: 'a number of requests per second',
    read: asNumber,
    schema: { type: 'number', minimum: RATE.min, maximum: RATE.max },
    check: (value: unknown) =>
      value === UNFILLED || (typeof value === 'number' && value >= RATE.min && value <= RATE.max)
        ? []
        : [
            finding(
              `${quote(value)} is not a number of requests per second`,
              `Give a number from ${RATE.min} to ${RATE.max}, e.g. 20; without it the limit is learned from the cloud.`,
            ),
          ],
  },
  vlan: integer('a VLAN', 'Give a whole number from 0 to 4094.', 0, 4094),
  routes,
  ids: list(id, 1, 'a list of ids', 'Write a list such as [vtb-1, vtb-2].'),
  destinations: list(
    cidr,
    1,
    'a list of CIDR prefixes',
    'Name at least one destination behind the line, e.g. [192.168.0.0/16].',
  ),
  address,
  flag,
  names: {
    expects: 'both, none or a list of network names',
    schema: { oneOf: [{ enum: ['both', 'none'] }, list(name, 0, '', '').schema] },
    check(value: unknown) {
      if (value === 'both' || value === 'none' || value === UNFILLED) return [];
      const remedy = 'Write both, none, or a list of the networks that open their names, e.g. [web].';
      if (Array.isArray(value)) return list(name, 0, 'a list of network names', remedy).check(value);
      return [finding(`${quote(value)} is not one of both, none or a list of network names`, remedy)];
    },
  },
  peer: parts('a peer', PEER_REMEDY, { account, region, id, cidrs, await: flag }),
  select: parts('a selection', 'Write tags: { key: value }, name: "prod-*", or both.', { tags, name: pattern }),
  healthCheck: parts(
    'a health check',
    'Write one or more of source: and target: (addresses), intervalMs: and failures: (numbers).',
    {
      source: address,
      target: address,
      intervalMs: integer('a number of milliseconds', 'Give whole milliseconds, more than 0.', 1, undefined),
      failures: integer('a number of lost probes', 'Give a whole number, more than 0.', 1, undefined),
    },
  ),
  interface: scalar(
    'an address with its prefix length',
    'Write the address of the cloud end with its length, e.g. 10.255.0.1/30.',
    (value) => {
      const [address = '', length = '', more] = value.split('/');
      if (more !== undefined || !/^(0|[1-9][0-9]{0,2})$/.test(length)) return false;
      const read = accepts(() => parseAddress(address));
      return read === true ? Number(length) <= (address.includes(':') ? 128 : 32) : read;
    },
    { type: 'string', examples: ['10.255.0.1/30'] },
  ),
  tags,
} satisfies Record<string, Rule>;

type RuleName = keyof typeof RULES;

const words = new Map<object, Map<string, string>>();

/** What editors show for a property. */
export const describedAs = (type: { readonly prototype: object }, property: string): string | undefined =>
  words.get(type.prototype)?.get(property);

/** Fits the rule; what is wrong is looked up again by `explain`, since class-validator carries texts only. */
export function Is(rule: RuleName, about: string): PropertyDecorator {
  const known: Rule = RULES[rule];
  const checks = ValidateBy({
    name: rule,
    validator: { validate: (value: unknown) => known.check(value).length === 0 },
  });
  return (target, key) => {
    checks(target, key);
    words.set(target, (words.get(target) ?? new Map<string, string>()).set(String(key), about));
  };
}

/** The key may be missing. Unlike class-validator's IsOptional, a key without a value is not the same as none. */
export const Optional = (): PropertyDecorator => ValidateIf((_object, value) => value !== undefined);
