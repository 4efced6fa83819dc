/** The capability matrix: a row per feature, a column per mechanism, three marks, and every "no" with its reason below. */
import {
  LINK_FEATURES,
  PEERING_FEATURES,
  ROUTE_FEATURES,
  printableLine,
  type MechanismCapabilities,
  type ProviderPlugin,
  type Support,
} from '@peerway/runtime';
import type { Paint } from '../terminal/paint.js';
import { columns } from './table.js';

interface Column {
  readonly title: string;
  readonly plugin: ProviderPlugin;
  readonly mechanism: MechanismCapabilities;
}

interface Row {
  readonly group: string;
  readonly feature: string;
  readonly cells: readonly Support[];
}

const NOT_SAID: Support = { status: 'unimplemented', reason: 'the provider does not say', checkedOn: 'never' };

const columnsOf = (plugins: readonly ProviderPlugin[]): readonly Column[] =>
  plugins.flatMap((plugin) =>
    plugin.capabilities.mechanisms.map((mechanism) => ({
      title: printableLine(`${plugin.id} ${mechanism.name}`),
      plugin,
      mechanism,
    })),
  );

function rowsOf(columns: readonly Column[]): readonly Row[] {
  return [
    ...PEERING_FEATURES.map((feature) => ({
      group: 'peering',
      feature,
      cells: columns.map(({ mechanism }) => mechanism.features[feature]),
    })),
    {
      group: 'network',
      feature: 'tags',
      cells: columns.map(({ plugin }) => plugin.capabilities.networkTags ?? NOT_SAID),
    },
    ...ROUTE_FEATURES.map((feature) => ({
      group: 'route',
      feature,
      cells: columns.map(({ plugin }) => plugin.capabilities.routes.features[feature]),
    })),
    ...LINK_FEATURES.map((feature) => ({
      group: 'link',
      feature,
      cells: columns.map(({ plugin }) => plugin.capabilities.links.features[feature]),
    })),
  ];
}

/** What a mechanism says of itself in one word, with the name of its member. */
const WORDS = [
  'handshake',
  'deletableBy',
  'duplicate',
  'dead',
  'dnsSwitch',
  'dryRunShows',
] as const satisfies readonly (keyof MechanismCapabilities)[];

const wordsOf = (columns: readonly Column[]): readonly (readonly [member: string, words: readonly string[]])[] =>
  WORDS.map((member) => [member, columns.map(({ mechanism }) => printableLine(mechanism[member]))]);

/** Each different reason once, numbered in the order of the table. */
class Notes {
  readonly #numbers = new Map<string, number>();

  numberOf(support: Support): number | undefined {
    const text = noteOf(support);
    if (text === undefined) return undefined;
    const number = this.#numbers.get(text) ?? this.#numbers.size + 1;
    this.#numbers.set(text, number);
    return number;
  }

  get lines(): readonly (readonly [number, string])[] {
    return [...this.#numbers].map(([text, number]) => [number, text] as const);
  }
}

function noteOf(support: Support): string | undefined {
  if (support.status === 'supported') return support.note === undefined ? undefined : printableLine(support.note);
  const source = support.status === 'unsupported' ? ` (${support.source})` : '';
  return printableLine(`${support.reason}${source}, checked ${support.checkedOn}`);
}

const MARK: Record<Support['status'], string> = { supported: '✓', unsupported: '✗', unimplemented: '○' };
const LEGEND = '✓ supported   ✗ the cloud cannot   ○ not written yet';

export function matrixText(plugins: readonly ProviderPlugin[], paint: Paint): string {
  const offered = columnsOf(plugins);
  const colour = { supported: paint.green, unsupported: paint.red, unimplemented: paint.yellow };
  const notes = new Notes();
  const head = ['', ...offered.map(({ title }) => paint.bold(title))];
  const rows = rowsOf(offered).map(({ group, feature, cells }) => [
    `${group} ${feature}`,
    ...cells.map((cell) => {
      const number = notes.numberOf(cell);
      return `${colour[cell.status](MARK[cell.status])}${number === undefined ? '' : paint.dim(` ${number}`)}`;
    }),
  ]);
  const words = wordsOf(offered).map(([member, cells]) => [`mechanism ${member}`, ...cells]);
  return [
    columns([head, ...rows, ...words]),
    LEGEND,
    '',
    ...notes.lines.map(([number, text]) => `${String(number).padStart(3)}  ${text}`),
  ].join('\n');
}

export function matrixMarkdown(plugins: readonly ProviderPlugin[]): string {
  const offered = columnsOf(plugins);
  const notes = new Notes();
  const cellOf = (cell: Support): string => {
    const number = notes.numberOf(cell);
    return `${MARK[cell.status]}${number === undefined ? '' : ` <sup>${number}</sup>`}`;
  };
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    row(['', ...offered.map(({ title }) => title)]),
    row(['---', ...offered.map(() => ':-:')]),
    ...rowsOf(offered).map(({ group, feature, cells }) => row([`${group} \`${feature}\``, ...cells.map(cellOf)])),
    ...wordsOf(offered).map(([member, cells]) => row([`mechanism \`${member}\``, ...cells])),
    '',
    LEGEND,
    '',
    ...notes.lines.map(([number, text]) => `${number}. ${text}`),
  ].join('\n');
}
