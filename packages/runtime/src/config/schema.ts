/** JSON Schema of the config file, from the same classes and rules that check it: completion and early errors in editors. */
import { declared } from './check.js';
import { ConfigFile, ConnectionEntry, LinkEntry, NetworkEntry, ProviderEntry } from './model.js';
import { describedAs, NAME } from './rules.js';

type Schema = Record<string, unknown>;

const CLASSES = { ConfigFile, ProviderEntry, NetworkEntry, ConnectionEntry, LinkEntry } as const;

/** Draft 2020-12. A value that is one `${VARIABLE}` is accepted wherever a number is wanted, as the reader does. */
export function configSchema(): Schema {
  const of = (name: keyof typeof CLASSES): { readonly properties: Record<string, Schema> } & Schema => {
    const { keys, optional, rules } = declared(CLASSES[name]);
    return {
      type: 'object',
      additionalProperties: false,
      required: keys.filter((key) => !optional.has(key)),
      properties: Object.fromEntries(
        keys.map((key) => [key, { ...orVariable(rules.get(key)?.schema), ...described(CLASSES[name], key) }]),
      ),
    };
  };
  const named = (name: keyof typeof CLASSES): Schema => ({
    type: 'object',
    minProperties: 1,
    propertyNames: { pattern: NAME.source },
    additionalProperties: { $ref: `#/$defs/${name}` },
  });
  const listed = (name: keyof typeof CLASSES): Schema => ({
    type: ['array', 'null'],
    items: { $ref: `#/$defs/${name}` },
  });
  const top = of('ConfigFile');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'peerway.yaml',
    ...top,
    properties: {
      ...top.properties,
      providers: { ...top.properties['providers'], ...named('ProviderEntry') },
      networks: { ...top.properties['networks'], ...named('NetworkEntry') },
      connections: { ...listed('ConnectionEntry'), description: 'Who reaches whom. Routes are written on both sides.' },
      links: { ...listed('LinkEntry'), description: 'Dedicated lines brought to a network.' },
    },
    $defs: {
      ProviderEntry: of('ProviderEntry'),
      NetworkEntry: {
        ...of('NetworkEntry'),
        oneOf: [
          shape(['id'], ['select', 'peer']),
          shape(['select'], ['id', 'peer', 'routeTables']),
          shape(['peer'], ['id', 'select', 'routeTables']),
        ],
      },
      LinkEntry: of('LinkEntry'),
      ConnectionEntry: {
        ...of('ConnectionEntry'),
        // one shape and nothing of the others
        oneOf: [
          shape(['between'], ['hub', 'spokes', 'mesh']),
          shape(['hub', 'spokes'], ['between', 'mesh']),
          shape(['mesh'], ['between', 'hub', 'spokes']),
        ],
      },
    },
  };
}

const shape = (required: readonly string[], absent: readonly string[]): Schema => ({
  required,
  properties: Object.fromEntries(absent.map((key) => [key, false])),
});

function described(type: (typeof CLASSES)[keyof typeof CLASSES], key: string): Schema {
  const description = describedAs(type, key);
  return description === undefined ? {} : { description };
}

function orVariable(schema: object = {}): Schema {
  const fits = schema as Schema;
  return fits['type'] === 'integer' || fits['type'] === 'number'
    ? { anyOf: [fits, { type: 'string', pattern: '^\\$\\{.+\\}$' }] }
    : fits;
}
