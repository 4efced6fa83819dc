/** `peerway emulator`: both clouds on loopback until Ctrl-C, with everything needed to point a program at them. */
import {
  clientSettings,
  DEFAULT_WORLD,
  Emulator,
  loadState,
  PROFILES,
  startControl,
  StateFileError,
  writeState,
  type CloudWorld,
  type ControlServer,
  type EmulatorOptions,
  type Profile,
  type ProfileName,
  type RequestRecord,
  type RuleValue,
} from '@peerway/emulator';
import { printableLine } from '@peerway/runtime';
import { delaysSeen } from '@peerway/parity';
import { networkOf } from './demo/demoWorld.js';
import { isThere } from '../output/file.js';
import { badFlag } from './badFlag.js';
import { evidenceIn } from './parity/evidenceFile.js';
import { EXIT } from '../exitCodes.js';
import type { Run } from '../command.js';
import type { Flags } from '../flags.js';
import type { Session } from '../session.js';

export const run: Run = async ({ session, flags }) => {
  const state = flags.text('state');
  const up: { emulator?: Emulator } = {};
  const save = (): void => {
    if (state !== undefined && up.emulator !== undefined) writeState(state, up.emulator);
  };
  const keep = (): void => {
    try {
      save();
    } catch (error) {
      // a full disk must not stop those who are working; it is reported at every change
      session.note(`Not saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const profile = await profileOf(session, flags);
  const emulator = await start(flags, profile, (record) => {
    // what was answered must be on disk: a request is saved before its answer leaves
    if (record.mutating && record.status === 200) keep();
    if (!session.json) logRequest(session, record);
  });
  session.onEnd(() => emulator.close());
  if (flags.is('rules')) {
    session.printAsIs(session.json ? JSON.stringify(emulator.rules.list()) : ruleSheet(emulator));
    return EXIT.done;
  }
  const loaded = state !== undefined && asState(() => loadState(state, emulator));
  up.emulator = emulator;
  asState(save);
  const control = await openControl(emulator, flags, keep);
  session.onEnd(() => control.close());
  show(session, flags, emulator, control);
  if (loaded) session.note(`The world of ${state} goes on where it stopped.`);
  await new Promise<void>((resolve) => {
    if (session.signal.aborted) resolve();
    else session.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  keep();
  session.note('Stopped.');
  return EXIT.done;
};

/** One that is known by name, or the times that a run of parity has seen. */
async function profileOf(session: Session, flags: Flags): Promise<ProfileName | Profile> {
  const name = flags.text('profile') ?? 'documented';
  const known = (Object.keys(PROFILES) as ProfileName[]).find((one) => one === name);
  if (known !== undefined) return known;
  const file = name.endsWith('.json') ? name : `${name}.json`;
  if (!(await isThere(session, file))) {
    const names = Object.keys(PROFILES).join(', ');
    throw badFlag(
      '--profile',
      `knows neither ${JSON.stringify(name)} nor a file ${JSON.stringify(file)}`,
      `Choose one of ${names}, or an evidence file of \`peerway parity\`.`,
    );
  }
  return { ...PROFILES.documented, delays: delaysSeen(await evidenceIn(session, file)) };
}

async function start(
  flags: Flags,
  profile: ProfileName | Profile,
  onRequest: (record: RequestRecord) => void,
): Promise<Emulator> {
  const seed = Number(flags.text('seed') ?? '1');
  if (!Number.isSafeInteger(seed)) throw badFlag('--seed', 'is not a whole number', 'Give a number such as 7.');
  const options: EmulatorOptions = {
    seed,
    clock: 'real',
    ports: Object.fromEntries(flags.list('port').map(readPort)),
    onRequest,
    profile,
  };
  const emulator = await opened('--port', () => Emulator.start(options));
  try {
    for (const rule of flags.list('rule')) setRule(emulator, rule);
  } catch (error) {
    await emulator.close();
    throw error;
  }
  return emulator;
}

function openControl(emulator: Emulator, flags: Flags, onChange: () => void): Promise<ControlServer> {
  const text = flags.text('controlPort') ?? '0';
  if (!isPort(text)) throw badFlag('--control-port', 'is not a port', 'Give a number up to 65535, or leave it out.');
  return opened('--control-port', () => startControl(emulator, { port: Number(text), onChange }));
}

async function opened<T>(flag: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw badFlag(
      flag,
      code === 'EACCES' ? 'names a port that is not allowed' : 'names a port that is in use',
      'Choose another, or leave it out for a free one.',
    );
  }
}

/** Takes `name=value` in the type that the rule has. */
function setRule(emulator: Emulator, text: string): void {
  const [name = '', value = ''] = text.split('=', 2);
  const rule = emulator.rules.list().find((each) => each.name === name);
  if (rule === undefined) {
    throw badFlag('--rule', `names no rule: ${JSON.stringify(text)}`, 'peerway emulator --rules prints them all.');
  }
  const typed: Readonly<Record<string, RuleValue>> = {
    number: Number(value),
    boolean: value === 'true',
    string: value,
  };
  const wrong =
    (typeof rule.default === 'number' && (value === '' || Number.isNaN(Number(value)))) ||
    (typeof rule.default === 'boolean' && value !== 'true' && value !== 'false') ||
    (rule.values !== undefined && !rule.values.includes(value));
  if (wrong) throw badFlag('--rule', `${name} does not take ${JSON.stringify(value)}`, `It takes ${positions(rule)}.`);
  emulator.rules.set({ [name]: typed[typeof rule.default] ?? value });
}

const positions = (rule: { readonly default: RuleValue; readonly values?: readonly RuleValue[] }): string =>
  rule.values?.join(' | ') ?? (typeof rule.default === 'boolean' ? 'true | false' : 'a number');

function ruleSheet(emulator: Emulator): string {
  return emulator.rules
    .list()
    .map((rule) =>
      [
        `${rule.name} = ${String(rule.value)}${rule.value === rule.default ? '' : ` (default ${String(rule.default)})`}`,
        `    ${rule.note}`,
        `    takes ${positions(rule)}; source: ${rule.source}`,
      ].join('\n'),
    )
    .join('\n');
}

/** A file that cannot be used is the user’s to correct, and ends the command with one sentence. */
function asState<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StateFileError)) throw error;
    throw badFlag('--state', error.message, 'Nothing was changed.');
  }
}

/** One line for people: when, which cloud, who, what, and how it ended. */
function logRequest(session: Session, record: RequestRecord): void {
  const level = session.flags.text('logLevel') ?? 'debug';
  if (level === 'error' || (level === 'warn' && record.status < 400) || (level === 'info' && !record.mutating)) return;
  const { at, cloud, account = 'nobody', region, operation, status, code, requestId, fault } = record;
  const parts = [
    new Date(at).toISOString().slice(11, 23),
    cloud.padEnd(7),
    account.slice(0, 8).padEnd(8),
    (region ?? '-').padEnd(11),
    String(status),
    operation === '' ? '(not understood)' : operation,
    ...(code === undefined ? [] : [code]),
    ...(fault === undefined ? [] : [`fault: ${fault}`]),
    `request ${requestId}`,
  ];
  session.note(printableLine(parts.join(' ')));
}

function show(session: Session, flags: Flags, emulator: Emulator, control: ControlServer): void {
  if (session.json) {
    const settings = Object.fromEntries(clientSettings(emulator).map(({ client, text }) => [client, text]));
    session.printAsIs(
      JSON.stringify({ endpoints: emulator.endpoints, control: control.endpoint, world: DEFAULT_WORLD, settings }),
    );
    return;
  }
  const one = clientSettings(emulator).find(({ client }) => client === flags.text('settings'));
  session.printAsIs(one?.text ?? describe(emulator, control));
}

function readPort(text: string): readonly [string, number] {
  const [listener = '', port = ''] = text.split('=');
  const known = ['alibaba/main', ...DEFAULT_WORLD.baidu.regions.map((region) => `baidu/${region}`)];
  if (!known.includes(listener) || !isPort(port)) {
    throw badFlag(
      '--port',
      `does not understand ${JSON.stringify(text)}`,
      `Write <listener>=<port> with one of ${known.join(', ')}.`,
    );
  }
  return [listener, Number(port)];
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

function describe(emulator: Emulator, control: ControlServer): string {
  const { alibaba, baidu } = DEFAULT_WORLD;
  const [bj] = baidu.regions;
  return [
    'Two clouds are running on this machine; nothing leaves it. The keys below are made up and work only here.',
    '',
    ...Object.entries(emulator.endpoints).map(([name, url]) => `  ${name.padEnd(14)} ${url}`),
    `  ${'control API'.padEnd(14)} ${control.endpoint}`,
    '',
    'Alibaba Cloud, account a:',
    `  export ALIBABA_CLOUD_ACCESS_KEY_ID=${alibaba.accounts.a.accessKeyId}`,
    `  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${alibaba.accounts.a.accessKeySecret}`,
    'Baidu AI Cloud, account a:',
    `  export BCE_ACCESS_KEY_ID=${baidu.accounts.a.accessKeyId}`,
    `  export BCE_SECRET_ACCESS_KEY=${baidu.accounts.a.accessKeySecret}`,
    '',
    'Networks of account a to play with:',
    ...networksOf(alibaba),
    ...networksOf(baidu),
    '',
    'Settings to paste into other clients (--settings <client> prints one alone):',
    ...clientSettings(emulator).flatMap(({ title, text }) => ['', `# ${title}`, ...text.split('\n')]),
    '',
    'A config file to start with (peerway.yaml):',
    '',
    '  version: 1',
    '  stack: try',
    '  providers:',
    `    ali: { use: alibaba, region: ${alibaba.regions[0]}, endpoint: "${emulator.alibaba.endpoint}" }`,
    `    bd:  { use: baidu, region: ${bj}, endpoint: "${emulator.baidu.endpoint(bj)}" }`,
    '  networks:',
    `    web:  { provider: ali, id: ${networkOf(alibaba, 'web', 'a', alibaba.regions[0])} }`,
    `    data: { provider: ali, id: ${networkOf(alibaba, 'data', 'a', alibaba.regions[0])} }`,
    '  connections:',
    '    - { name: web-data, between: [web, data] }',
    '',
    'Then: peerway plan. Account b has keys of its own: peerway emulator --json prints them all. Stop with Ctrl-C.',
  ].join('\n');
}

const networksOf = (world: CloudWorld): string[] =>
  world.networks
    .filter((network) => network.account === 'a')
    .map(
      ({ region, id, cidrs, name }) => `  ${region.padEnd(12)} ${id.padEnd(22)} ${cidrs.join(', ').padEnd(14)} ${name}`,
    );
