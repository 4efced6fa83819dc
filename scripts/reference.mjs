// Reference pages made from what the program itself reads: the config file's JSON Schema, the table of commands, the server's OpenAPI.
const load = (file) => import(new URL(`../packages/${file}`, import.meta.url));

/** A cell that cannot end its row, nor be taken for HTML. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('{{', '{&#123;');
const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;

/** The entries that have a section of their own are named as it is. */
const REFERRED = Object.freeze({
  ProviderEntry: 'entries of `providers:`',
  NetworkEntry: 'entries of `networks:`',
  ConnectionEntry: 'items of `connections:`',
  LinkEntry: 'items of `links:`',
});

function typeOf({ type, enum: values, const: only, items, oneOf, anyOf, additionalProperties, $ref }) {
  if ($ref !== undefined) return REFERRED[$ref.split('/').at(-1)];
  if (only !== undefined) return code(JSON.stringify(only));
  if (values !== undefined) return values.map((value) => code(String(value))).join(', ');
  const alternatives = oneOf ?? anyOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (type === 'array' || type?.includes?.('array')) return items === undefined ? 'list' : `list of ${typeOf(items)}`;
  if (type === 'object') {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'any';
    return value === 'any' ? 'mapping' : `mapping of ${value}`;
  }
  return [type ?? 'any']
    .flat()
    .filter((word) => word !== 'null')
    .join(' or ');
}

function table({ properties, required = [] }) {
  const rows = Object.entries(properties).map(
    ([key, schema]) =>
      `| ${code(key)} | ${typeOf(schema)} | ${required.includes(key) ? 'yes' : ''} | ${cell(schema.description ?? '')} |`,
  );
  return ['| key | value | needed | what it says |', '|---|---|---|---|', ...rows].join('\n');
}

const SECTIONS = [
  ['ProviderEntry', 'An entry of `providers:`', 'One account in one region of one cloud, by a name of your own.'],
  ['NetworkEntry', 'An entry of `networks:`', 'A network (VPC) that may be joined, by a name of your own.'],
  [
    'ConnectionEntry',
    'An item of `connections:`',
    'Networks that reach each other: a pair, a hub with spokes, or a mesh.',
  ],
  ['LinkEntry', 'An item of `links:`', 'A dedicated line brought to a network.'],
];

export async function filePage() {
  const { configSchema } = await load('runtime/dist/index.js');
  const schema = configSchema();
  const sections = SECTIONS.map(([name, title, about]) => `## ${title}\n\n${about}\n\n${table(schema.$defs[name])}`);
  return `# The config file

\`peerway.yaml\`, or what \`--config\` names. \`peerway schema\` prints the JSON Schema that this page is made from; with the first line that
\`peerway init\` writes, editors complete and check while you type.

\`\${VAR}\` and \`\${VAR:-default}\` are filled in from the environment, \`$\${\` is a literal \`\${\`. Secrets never stand in the file.
Anything else than what is listed here is an error that names its line.

## The top level

${table(schema)}

${sections.join('\n\n')}
`;
}

export async function commandPage() {
  const { COMMANDS, GLOBAL_OPTIONS } = await load('cli/dist/commandTable.js');
  const options = (list) =>
    [
      '| option | does |',
      '|---|---|',
      ...list.map(
        ({ flags, about, choices }) =>
          `| ${code(flags)} | ${cell(about)}${choices === undefined ? '' : `: ${choices.map(code).join(', ')}`} |`,
      ),
    ].join('\n');
  const commands = COMMANDS.map(
    ({ name, args, about, options: own }) =>
      `## ${name}\n\n\`\`\`text\npeerway ${[name, args].filter(Boolean).join(' ')}${own === undefined ? '' : ' [options]'}\n\`\`\`\n\n${cell(about)}\n${own === undefined ? '' : `\n${options(own)}\n`}`,
  );
  return `# The command

Exit status: 0 done or nothing to do; 2 there are changes or differences (\`plan\`, \`drift\`); 1 an error, with a line what, a line where and a
line what to do; 130 Ctrl-C. Colours are off when the output is piped or \`NO_COLOR\` is set.

## Every command takes

${options(GLOBAL_OPTIONS)}

${commands.join('\n')}`;
}

/** The API of `peerway serve`, from the description that it serves. */
export async function httpPage() {
  const { apiDescription } = await load('server/dist/index.js');
  const { paths, components } = apiDescription('');
  const answer = ([status, { description, content = {} }]) => {
    const [media, { schema }] = Object.entries(content)[0] ?? ['', {}];
    const name = schema?.$ref?.split('/').at(-1);
    const shown = name === undefined ? (media === '' ? '' : code(media)) : `[${name}](#${name.toLowerCase()})`;
    return `| ${status} | ${cell(description)} | ${shown} |`;
  };
  const parameter = ({ name, in: where, required = false, description = '', schema }) =>
    `| ${code(name)} | ${where} | ${httpType(schema)} | ${required ? 'yes' : ''} | ${cell(description)} |`;
  const operation = (path, method, { summary, description, parameters = [], requestBody, responses }) => {
    const body = requestBody?.content['application/json'].schema;
    return [
      `### ${code(`${method.toUpperCase()} ${path}`)}`,
      `${cell(summary)}.${description === undefined ? '' : ` ${cell(description)}`}`,
      ...(parameters.length === 0
        ? []
        : [
            [
              '| parameter | in | value | needed | what it says |',
              '|---|---|---|---|---|',
              ...parameters.map(parameter),
            ].join('\n'),
          ]),
      ...(body === undefined ? [] : [`The body:`, httpTable(body)]),
      ['| status | when | answer |', '|---|---|---|', ...Object.entries(responses).filter(isOwn).map(answer)].join(
        '\n',
      ),
    ].join('\n\n');
  };
  const guarded = Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .filter(({ security }) => security === undefined);
  // what each of them may answer is said once
  const everywhere = Object.entries(guarded[0].responses).filter(([status, { description }]) =>
    guarded.every(({ responses }) => responses[status]?.description === description),
  );
  const isOwn = ([status, { description }]) =>
    !everywhere.some(([each, common]) => each === status && common.description === description);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]) => operation(path, method, each)),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `### ${name}\n\n${schema.description === undefined ? '' : `${cell(schema.description)}\n\n`}${httpTable(schema)}`,
  );
  return `# HTTP API

What \`peerway serve\` answers; made from the OpenAPI 3.1 that every server has at \`/openapi.json\`. How to start one, and what tokens are:
[A server for a team](../guides/server.md). An error is an \`application/problem+json\` (RFC 9457) with a \`code\` of [Errors](../errors.md) and a remedy.

## What every address below \`/v1\` may answer

${['| status | when | answer |', '|---|---|---|', ...everywhere.map(answer)].join('\n')}

## Addresses

${operations.join('\n\n')}

## Data

${schemas.join('\n\n')}
`;
}

const httpType = ({ $ref, const: only, ...schema }) => {
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (only !== undefined) return code(JSON.stringify(only));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.type === 'array') return `list of ${httpType(schema.items ?? {})}`;
  if (schema.type === 'object' && schema.properties !== undefined)
    return `object of ${Object.keys(schema.properties).map(code).join(', ')}`;
  return schema.type === 'object' ? 'mapping' : (schema.type ?? 'any');
};

const httpTable = ({ properties, required = [] }) =>
  [
    '| member | value | always | what it says |',
    '|---|---|---|---|',
    ...Object.entries(properties).map(
      ([name, schema]) =>
        `| ${code(name)} | ${httpType(schema)} | ${required.includes(name) ? 'yes' : ''} | ${cell(schema.description ?? '')} |`,
    ),
  ].join('\n');
