// Reference pages made from what the program itself reads: the config file's JSON Schema and the table of commands.
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
