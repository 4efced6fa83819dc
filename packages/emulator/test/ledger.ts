/** The evidence ledger: what is emulated, on whose word, who has driven it, and what nobody can provoke, as one page. */
import { readdirSync, readFileSync } from 'node:fs';
import type { CloudName, Emulator } from '@peerway/emulator';
import { CODES } from '../src/alibaba/errorCodes.js';
import { ALIBABA_DECLINED } from '../src/alibaba/declined.js';
import { ALIBABA_FAULT_ONLY, ALIBABA_UNLISTED } from '../src/alibaba/faultOnly.js';
import { BAIDU_DECLINED } from '../src/baidu/declined.js';
import { DOCUMENTS } from './alibabaDocuments.js';
import { BCE_ERRORS } from '../src/baidu/errors.js';
// by its path: the emulator depends on none of ours, its ledger reads what a run has written
import { findingsOf, readEvidence, type Evidence } from '../../parity/src/index.js';

/** How a code comes about: a request that deserves it, a rule in another position, or a fault that names it. */
type Way = 'request' | 'rule' | 'fault';

export interface CodeRow {
  readonly code: string;
  readonly status: number;
  readonly way: Way;
  /** Why only a fault brings it about. */
  readonly reason: string;
  /** A test of ours names it, beyond the one that answers every code by a fault. */
  readonly tested: boolean;
}

function filesUnder(folder: URL): readonly URL[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const url = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, folder);
    return entry.isDirectory() ? filesUnder(url) : [url];
  });
}
const textOf = (files: readonly URL[]): string => files.map((file) => readFileSync(file, 'utf8')).join('\n');

const ALIBABA_FILES = filesUnder(new URL('../src/alibaba/', import.meta.url)).filter(
  ({ pathname }) => !/(errorCodes|errorMessages|faultOnly)\.ts$/.test(pathname),
);

/** What the Alibaba side's code says, without the tables of codes themselves. */
export const alibabaSources = (): string => textOf(ALIBABA_FILES);

const testsOf = (cloud: CloudName): string =>
  textOf(
    readdirSync(new URL('.', import.meta.url))
      .filter((name) => name.startsWith(`${cloud}.`) && name.endsWith('.test.ts'))
      .map((name) => new URL(name, import.meta.url)),
  );

export function alibabaCodeRows(emulator: Emulator): readonly CodeRow[] {
  const reasons = new Map(ALIBABA_FAULT_ONLY.flatMap(({ reason, codes }) => codes.map((code) => [code, reason])));
  const rules = emulator.rules.list().filter(({ name }) => name.startsWith('alibaba.'));
  const byRule = new Set(rules.flatMap(({ codes = [], values = [] }) => [...codes, ...values]));
  const byDefault = new Set(rules.map(({ default: position }) => position));
  // a rule names its codes itself: what else names a code has a situation for it
  const operations = textOf(ALIBABA_FILES.filter(({ pathname }) => !pathname.includes('/rules/')));
  const bySituation = (code: string): boolean => byDefault.has(code) || operations.includes(`'${code}'`);
  const tests = testsOf('alibaba');
  // as a text, or as the name of a table's row, which needs no quotes without a full stop in it
  const isNamed = (code: string): boolean =>
    tests.includes(`'${code}'`) || (/^\w+$/.test(code) && new RegExp(`^\\s*${code}:`, 'm').test(tests));
  return Object.entries(CODES).flatMap(([status, codes]) =>
    codes.map((code): CodeRow => {
      const reason = reasons.get(code) ?? '';
      const way = reason !== '' ? 'fault' : bySituation(code) || !byRule.has(code) ? 'request' : 'rule';
      return { code, status: Number(status), way, reason, tested: isNamed(code) };
    }),
  );
}

export function baiduCodeRows(): readonly CodeRow[] {
  // a table in baidu.errors.test.ts has a way for every one of them: it would not compile without
  return Object.entries(BCE_ERRORS).map(([code, { status, by }]) => ({
    code,
    status,
    way: by,
    reason: by === 'fault' ? 'a failure inside the cloud, or a name that only a client has met' : '',
    tested: true,
  }));
}

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const yes = (value: boolean): string => (value ? 'yes' : 'no');
const cell = (text: string): string => text.replaceAll('|', '\\|');

function operations(emulator: Emulator, cloud: CloudName): string {
  const rows = emulator.operations(cloud).map(({ description }) => {
    const { product, name, mutating, source, evidence } = description;
    const clients = evidence.clients.join(', ') || 'none';
    return [product, name, mutating ? 'write' : 'read', cell(source), clients, yes(evidence.negativeTested)];
  });
  return table(['product', 'operation', '', 'source of the facts', 'driven by', 'refusals tested'], rows);
}

function codes(rows: readonly CodeRow[]): string {
  const ways: Readonly<Record<Way, string>> = { request: 'request', rule: 'rule', fault: 'fault' };
  return table(
    ['code', 'HTTP', 'brought about by', 'tested by name', 'why only by a fault'],
    rows.map(({ code, status, way, reason, tested }) => [`\`${code}\``, status, ways[way], yes(tested), reason]),
  );
}

const declined = (names: Readonly<Record<string, string>>): string =>
  table(
    ['operation', 'why it is not served'],
    Object.entries(names)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, reason]) => [`\`${name}\``, reason]),
  );

/** Counts for a cloud's codes: how many, and how many without planting a fault. */
function summary(rows: readonly CodeRow[], unlisted: number): string {
  const by = (way: Way): number => rows.filter((row) => row.way === way).length;
  const share = ((rows.length / (rows.length + unlisted)) * 100).toFixed(1);
  return `${String(rows.length)} of ${String(rows.length + unlisted)} codes (${share} %) can be provoked: ${String(by('request'))} by a request, ${String(by('rule'))} by a rule, ${String(by('fault'))} only by a fault.`;
}

/** `14 come by the situation itself and 10 by a rule only`. */
function counted(rows: readonly CodeRow[], wanted: readonly string[]): string {
  const by = (way: Way): number => rows.filter((row) => row.way === way && wanted.includes(row.code)).length;
  return `${String(by('request'))} come by the situation itself and ${String(by('rule'))} by a rule only`;
}

/** The evidence files that were handed in. */
export const evidenceFiles = (): readonly Evidence[] =>
  filesUnder(new URL('../evidence/', import.meta.url))
    .filter(({ pathname }) => pathname.endsWith('.json'))
    .map((file) => readEvidence(readFileSync(file, 'utf8'), file.pathname));

/** What live accounts have said about rules, the latest word of each: `seen live, 2026-12-03 (cn-hangzhou)`. */
function seenLive(emulator: Emulator, files: readonly Evidence[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const evidence of [...files].sort((one, other) => (one.date < other.date ? -1 : 1))) {
    const about = { prefix: `${evidence.provider}.`, notProbed: [] };
    for (const { rule, verdict, seen = '' } of findingsOf(evidence, emulator.rules.list(), about)) {
      if (verdict === 'open') continue;
      const where = `seen live, ${evidence.date} (${evidence.regions.a ?? ''})`;
      said.set(rule, verdict === 'agrees' ? where : `${where}: ${seen}, and not the default`);
    }
  }
  return said;
}

export function limitsPage(emulator: Emulator, files: readonly Evidence[] = evidenceFiles()): string {
  const alibaba = alibabaCodeRows(emulator);
  const baidu = baiduCodeRows();
  const all = (['alibaba', 'baidu'] as const).flatMap((cloud) => emulator.operations(cloud));
  const driven = all.filter(({ description }) => description.evidence.clients.length > 0).length;
  const rules = emulator.rules.list();
  const live = seenLive(emulator, files);
  const open = rules.filter(({ name, source }) => source.startsWith('unverified') && !live.has(name)).length;
  return `${[
    '# What the emulator can be trusted with',
    'Generated by `packages/emulator/test/ledger.test.ts`; a stale page fails the test. Refresh it with `PEERWAY_WRITE_DOCS=1 npm test -- packages/emulator/test/ledger`.',
    '## In short',
    table(
      ['question', 'trust', 'because'],
      [
        [
          'Will a real client be able to talk to it?',
          'high',
          `${String(driven)} of ${String(all.length)} operations are driven by vendor SDKs that know nothing of this project; signatures are held to the vendors' own vectors`,
        ],
        [
          'Does an answer have the right shape?',
          'high',
          'members are compared with what the vendors print, and the SDKs parse them',
        ],
        [
          'Are states and their order right?',
          'good',
          'they are tables taken from vendor documents and from what vendor tools wait for',
        ],
        [
          'Does a mistake get the right error code?',
          'good where the vendor lists it for the case',
          'which of several listed codes is sent is often not written: then it is a rule',
        ],
        [
          'Where the sources are silent',
          'none',
          `${String(open)} of ${String(rules.length)} rules have an unverified default; test your program in both positions`,
        ],
        [
          'How long things take',
          'none',
          'no source gives durations; they are of the size that clients wait for, and profiles change them: `--profile` takes the times that a live account has shown',
        ],
        ['Quotas', 'good', 'documented defaults; your account may have others, and every one is a rule'],
        ['Packets, latency, bandwidth, bills', 'none', 'nothing is carried and nothing is charged'],
        ['Operations and codes listed below as declined', 'none', 'they are refused, never answered by guesswork'],
      ],
    ),
    '## Alibaba Cloud: operations',
    operations(emulator, 'alibaba'),
    '## Alibaba Cloud: error codes',
    `${summary(alibaba, Object.keys(ALIBABA_UNLISTED).length)} Required parameters that are missing get \`Missing<Parameter>\` besides.`,
    `Of the 24 codes that the vendor lists for CreateVpcPeerConnection (docs/facts/alibaba.md 11.3), ${counted(alibaba, Object.keys(DOCUMENTS.references['11.3'].errors))}. \`alibaba.createPeering.test.ts\` brings about every one.`,
    codes(alibaba),
    'Named in docs/facts, and not in the table:',
    table(
      ['code', 'why'],
      Object.entries(ALIBABA_UNLISTED).map(([code, reason]) => [`\`${code}\``, reason]),
    ),
    '## Alibaba Cloud: declined',
    'In the scope of `@alicloud/vpc20160428` (router interfaces, routes, border routers, VPCs, vSwitches, tags) and not served:',
    declined(ALIBABA_DECLINED),
    '## Baidu AI Cloud: operations',
    operations(emulator, 'baidu'),
    '## Baidu AI Cloud: error codes',
    summary(baidu, 0),
    codes(baidu),
    '## Baidu AI Cloud: declined',
    declined(BAIDU_DECLINED),
    '## Rules',
    'Every limit and every open question, with its default. `peerway emulator --rules` prints the same sheet. What a live account has said (`peerway parity`, files in packages/emulator/evidence) stands as “seen live”.',
    table(
      ['rule', 'default', 'other positions', 'what it decides', 'source'],
      rules.map(({ name, default: position, values, note, source }) => [
        `\`${name}\``,
        `\`${String(position)}\``,
        cell(
          values?.filter((value) => value !== position).join(', ') ??
            (typeof position === 'boolean' ? String(!position) : 'a number'),
        ),
        cell(note),
        cell(live.get(name) ?? source),
      ]),
    ),
  ].join('\n\n')}\n`;
}
