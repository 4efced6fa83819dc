/** Dedicated lines of the miniature cloud: made in two steps, changed, paused, ended. */
import { page } from './cloudFaults.js';
import { optional, owns, refuse, text, type Action, type Caller, type Params, type StoredLine } from './cloudStore.js';
import type { LineWord, WireNetwork } from './wire.js';

/** What lines need of the rest of the cloud. */
interface Surroundings {
  readonly lines: Map<string, StoredLine>;
  readonly tokens: Map<string, { input: string; id: string }>;
  readonly id: (kind: string) => string;
  readonly network: (id: string, who: Caller) => WireNetwork;
  readonly move: (line: StoredLine, now: LineWord, then: LineWord) => void;
}

export function lineActions({ lines, tokens, id, network, move }: Surroundings): Readonly<Record<string, Action>> {
  const find = (who: Caller, params: Params): StoredLine => {
    const line = lines.get(text(params, 'id'));
    if (line === undefined || !owns(who, line)) refuse(404, 'NoSuchLine', text(params, 'id'));
    return line;
  };
  return {
    CreateLine: (who, params) => {
      const known = tokens.get(`${who.owner} ${String(params['token'])}`);
      if (known !== undefined) return { id: known.id };
      const joined = network(text(params, 'network'), who).id;
      for (const other of lines.values()) {
        if (other.status !== 'gone' && other.port === params['port'] && other.vlan === params['vlan'])
          refuse(409, 'VlanTaken', other.id);
      }
      const line = newLine(id('line'), who, joined, params);
      lines.set(line.id, line);
      tokens.set(`${who.owner} ${String(params['token'])}`, { input: '', id: line.id });
      move(line, 'making', 'detached');
      return { id: line.id };
    },

    AttachLine: (who, params) => {
      const line = find(who, params);
      if (line.status !== 'detached') refuse(409, 'WrongState', line.status);
      line.attached = true;
      move(line, 'changing', 'up');
    },
    PauseLine: (who, params) => {
      const line = find(who, params);
      if (line.status !== 'up' && line.status !== 'paused') refuse(409, 'WrongState', line.status);
      move(line, 'changing', params['paused'] === true ? 'paused' : 'up');
    },
    ChangeLine: (who, params) => {
      const line = find(who, params);
      if (line.status !== 'up') refuse(409, 'WrongState', line.status);
      change(line, params);
      move(line, 'changing', 'up');
    },
    GetLine: (who, params) => find(who, params),
    ListLines: (who, { network: joined, port, marker }) =>
      page(
        [...lines.values()].filter(
          (one) =>
            owns(who, one) &&
            one.status !== 'gone' &&
            (joined === undefined || one.network === joined) &&
            (port === undefined || one.port === port),
        ),
        marker,
      ),
    DeleteLine: (who, params) => {
      const line = find(who, params);
      if (line.status === 'gone') refuse(404, 'NoSuchLine', line.id);
      if (line.status !== 'ending') move(line, 'ending', 'gone');
    },
  };
}

/** What is absent stays as it is. */
function change(line: StoredLine, params: Params): void {
  for (const key of ['name', 'note', 'near', 'far'] as const) {
    const value = params[key];
    if (typeof value === 'string') line[key] = value;
  }
  if (typeof params['kbps'] === 'number') line.kbps = params['kbps'];
  Object.assign(line.labels, params['setLabels'] ?? {});
  for (const gone of (params['removeLabels'] ?? []) as string[]) delete line.labels[gone];
}

const newLine = (id: string, who: Caller, network: string, params: Params): StoredLine => ({
  id,
  ...who,
  network,
  port: text(params, 'port'),
  vlan: Number(params['vlan']),
  near: text(params, 'near'),
  far: text(params, 'far'),
  name: text(params, 'name'),
  note: optional(params, 'note'),
  kbps: Number(params['kbps']),
  labels: { ...(params['labels'] as Record<string, string> | undefined) },
  attached: false,
  status: 'making',
});
