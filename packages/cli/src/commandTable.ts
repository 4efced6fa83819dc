/** The command line as data: names, arguments, options, and where the code of each command is. Help and completion come from it. */
import type { CommandSpec, OptionSpec } from './command.js';

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { flags: '-c, --config <file>', about: 'config file (default: peerway.yaml)' },
  { flags: '--stack <name>', about: 'work on another stack than the file names' },
  { flags: '--json', about: 'print JSON for programs' },
  { flags: '--verbose', about: 'show causes and stack traces of errors' },
  {
    flags: '--log-level <level>',
    about: 'on standard error: warn repeated calls, info also changing requests with ids, debug all requests',
    choices: ['error', 'warn', 'info', 'debug'],
  },
];

const TARGET = { flags: '-t, --target <name...>', about: 'only these connections or links' };
const YES = { flags: '-y, --yes', about: 'do not ask' };
const FORCE = { flags: '--force', about: 'go on where the plan warns that much would be deleted' };
const OUT = { flags: '-o, --out <file>', about: 'write to a file instead of standard output' };
const INTERVAL = { flags: '--interval <seconds>', about: 'pause between two looks (default: 2)' };
const ENGINE = {
  flags: '--engine <url>',
  about: 'temporal://host:7233/namespace, temporals:// over TLS (default: PEERWAY_ENGINE)',
};
const REMOTE = {
  flags: '--remote <url>',
  about: 'a server of `peerway serve` (default: PEERWAY_REMOTE); its token is in PEERWAY_TOKEN',
};
const ON_SERVER = {
  flags: '--remote <url>',
  about: 'let a server of `peerway serve` do it; its token is in PEERWAY_TOKEN',
};
const PRUNE = {
  flags: '--prune <policy>',
  about: 'what may be removed or changed (default: sync)',
  choices: ['sync', 'upsert-only', 'create-only'],
};

/** One account and region, without a config file. */
const ACCOUNT: readonly OptionSpec[] = [
  { flags: '--provider <name>', about: 'alibaba, baidu, a package or a path' },
  { flags: '--region <region>', about: 'as the cloud spells it' },
  { flags: '--profile <name>', about: "a profile of the vendor's own credential files" },
  { flags: '--endpoint <url>', about: "instead of the cloud's own address, e.g. an emulator" },
];

/** In the order of a first day: look around, declare, apply, watch, repair. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'demo',
    about: 'see it work in seconds, on emulated clouds: no account, no network',
    load: () => import('./commands/demo/demo.js'),
  },
  {
    name: 'init',
    about: 'ask a few questions and write a commented config file',
    options: [
      { flags: '-y, --yes', about: 'do not ask: take the options and defaults' },
      { flags: '--name <stack>', about: 'name of the stack (default: main)' },
      ...ACCOUNT,
    ],
    load: () => import('./commands/init/init.js'),
  },
  {
    name: 'import',
    about: 'write what people made by hand as a commented config file; changes nothing in a cloud',
    options: [
      { flags: '-o, --out <file>', about: 'the file to write (default: imported.yaml)' },
      { flags: '-y, --yes', about: 'do not ask before an existing file is overwritten' },
      ...ACCOUNT,
    ],
    load: () => import('./commands/import.js'),
  },
  {
    name: 'validate',
    about: 'check the config file and load its providers; sends no request',
    load: () => import('./commands/validate.js'),
  },
  {
    name: 'plan',
    about: 'show what apply would change; exits 2 when there are changes',
    options: [
      TARGET,
      PRUNE,
      { flags: '--destroy', about: 'plan the removal of everything that is ours' },
      { flags: '--dry-run', about: 'let the cloud check every creation where it can' },
      { flags: '--markdown', about: 'print the plan for a pull request' },
      { flags: '-o, --out <file>', about: 'also write the plan as JSON, for `peerway apply <file>`' },
    ],
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'apply',
    args: '[plan]',
    about: 'show the plan, ask, and carry it out on both sides',
    options: [TARGET, YES, FORCE, PRUNE, ON_SERVER],
    load: () => import('./commands/apply.js'),
  },
  {
    name: 'status',
    about: 'how every connection stands now, on both sides',
    options: [{ flags: '-w, --watch', about: 'look again and again until Ctrl-C' }, INTERVAL],
    load: () => import('./commands/status.js'),
  },
  {
    name: 'verify',
    args: '<from> <to>',
    about: 'can one network reach another, and if not, why and what to do; exits 1 when it cannot',
    load: () => import('./commands/verify.js'),
  },
  {
    name: 'graph',
    about: 'draw networks and connections with their live states',
    options: [
      {
        flags: '-f, --format <format>',
        about: 'default: by the name of the file, else svg',
        choices: ['svg', 'html', 'dot', 'mermaid'],
      },
      OUT,
    ],
    load: () => import('./commands/graph.js'),
  },
  {
    name: 'drift',
    about: 'how the clouds differ from the file; exits 2 when they do',
    load: () => import('./commands/drift.js'),
  },
  {
    name: 'events',
    about: 'print every change of the stack as it is seen, until Ctrl-C',
    options: [INTERVAL],
    load: () => import('./commands/events.js'),
  },
  {
    name: 'adopt',
    args: '[connection]',
    about: 'take an existing peering or link, made by somebody else, into this stack',
    options: [
      { flags: '--all', about: 'everything that is declared, is there and is nobody’s, after one question' },
      YES,
    ],
    load: () => import('./commands/adopt.js'),
  },
  {
    name: 'release',
    args: '<connection>',
    about: "take this stack's mark off a peering and leave it in the cloud",
    load: () => import('./commands/release.js'),
  },
  {
    name: 'destroy',
    about: 'remove everything that carries the mark of this stack, and nothing else',
    options: [TARGET, YES, FORCE, ON_SERVER],
    load: () => import('./commands/destroy.js'),
  },
  {
    name: 'doctor',
    about: 'check config, credentials, clock, endpoints and reading rights, with a remedy for each finding',
    load: () => import('./commands/doctor/doctor.js'),
  },
  {
    name: 'stacks',
    args: '[stack]',
    about: 'the stacks of a server and how they stand; of one, its connections and differences',
    options: [REMOTE],
    load: () => import('./commands/stacks.js'),
  },
  {
    name: 'runs',
    args: '[run]',
    about: 'the runs of a server, the newest first; of one, what it is at and what failed',
    options: [
      REMOTE,
      { flags: '--follow', about: 'stay until the run has ended' },
      { flags: '--approve', about: 'show the plan of a waiting run, ask, and let it go on' },
      { flags: '--cancel', about: 'ask the run to stop; what the clouds have begun goes on' },
      YES,
    ],
    load: () => import('./commands/runs.js'),
  },
  {
    name: 'schedule',
    args: '[stack]',
    about: 'the schedules of a server; of one stack, make, change or remove it',
    options: [
      REMOTE,
      { flags: '--every <time>', about: 'e.g. 10m, 6h, 1d: from 10 s to 31 days' },
      { flags: '--action <action>', about: 'default: look', choices: ['look', 'apply'] },
      { flags: '--pause', about: 'keep it, and do nothing until it is set again' },
      { flags: '--remove', about: 'remove it' },
    ],
    load: () => import('./commands/schedule.js'),
  },
  {
    name: 'policy',
    about: 'the least rights that this file needs, as policies of each cloud',
    load: () => import('./commands/policy/policy.js'),
  },
  {
    name: 'parity',
    about: 'ask a live account what no document says of its cloud, in networks of its own, and keep the evidence',
    options: [
      { flags: '--provider <name>', about: 'an entry of the config file; with --region a cloud: alibaba, baidu' },
      { flags: '--partner <entry>', about: 'another account in the same region' },
      { flags: '--far <entry>', about: 'the same account in another region' },
      { flags: '--region <region>', about: 'instead of a config file' },
      { flags: '--profile <name>', about: "with --region: a profile of the vendor's own credential files" },
      { flags: '--endpoint <url>', about: "with --region: instead of the cloud's own address" },
      { flags: '--kit', about: 'run the conformance kit of providers instead of the probes' },
      {
        flags: '--topic <topic...>',
        about:
          'only these: requests, networks, peerings, routes, lines; with --kit its own, e.g. lifecycle, acceptance',
      },
      { flags: '--rule <name...>', about: 'only these rules of the emulator' },
      { flags: '--cross-region', about: 'allow objects between regions, which may be billed' },
      { flags: '--bandwidth', about: 'allow bandwidth beyond the least, which may be billed' },
      { flags: '--wait', about: 'allow probes that wait a quarter of an hour' },
      { flags: '--minutes <number>', about: 'begin no probe or case that would not be over by then (default: 60)' },
      { flags: '-o, --out <file>', about: 'the evidence file (default: parity.json)' },
      YES,
      { flags: '--resume', about: 'go on with the run of the evidence file' },
      { flags: '--clean', about: 'remove what the run of the evidence file left, and nothing else' },
      { flags: '--run <id>', about: 'with --clean: this run' },
      { flags: '--replay <file>', about: 'ask the recordings of an evidence file; sends no request' },
      { flags: '--policy', about: 'print the least rights of a run as a policy of the cloud; sends no request' },
    ],
    load: () => import('./commands/parity/parity.js'),
  },
  {
    name: 'providers',
    args: '[providers...]',
    about: 'what each provider can do; sends no request',
    options: [{ flags: '--markdown', about: 'print the table for a document' }],
    load: () => import('./commands/providers.js'),
  },
  {
    name: 'serve',
    about: 'serve the HTTP API and the page over an engine until Ctrl-C; needs @peerway/server',
    options: [
      ENGINE,
      { flags: '--stacks <folder>', about: 'a folder with one config file for each stack' },
      { flags: '--tokens <file>', about: 'who may do what, with hashes of tokens' },
      { flags: '--listen <host:port>', about: 'default: 127.0.0.1:8090; TLS is left to a proxy' },
      { flags: '--behind-proxy', about: 'believe the last address that a proxy adds to X-Forwarded-For' },
      { flags: '--new-token <name>', about: 'print a new token and its lines for the file of tokens; then end' },
    ],
    load: () => import('./commands/serve.js'),
  },
  {
    name: 'worker',
    about:
      'do the work of stacks that run on Temporal, with the credentials of this environment; needs @peerway/server',
    options: [
      ENGINE,
      { flags: '--tasks <number>', about: 'tasks at once (default: 100)' },
      {
        flags: '--name <name>',
        about: 'tells it from other workers, also after a restart (default: process and machine)',
      },
      {
        flags: '--rates <url>',
        about:
          'postgres://host/database that keeps callsPerSecond over all workers exactly (default: PEERWAY_RATES, else shares)',
      },
    ],
    load: () => import('./commands/worker.js'),
  },
  {
    name: 'schema',
    about: 'print the JSON Schema of the config file, for editors',
    options: [OUT],
    load: () => import('./commands/schema.js'),
  },
  {
    name: 'completion',
    args: '<shell>',
    words: ['bash', 'zsh', 'fish'],
    about: 'print a completion script for bash, zsh or fish',
    load: () => import('./commands/completion/completion.js'),
  },
  {
    name: 'emulator',
    about: 'run both emulated clouds until Ctrl-C and print how to reach them',
    options: [
      { flags: '--port <listener=port...>', about: 'fixed ports, e.g. alibaba/main=8080 baidu/bj=8081' },
      {
        flags: '--profile <name>',
        about:
          'how fast and faithful the clouds behave: instant, documented (the default), slow, chaotic, or an evidence file of parity, for the times that were seen',
      },
      { flags: '--seed <number>', about: 'seed of ids and jitter (default: 1)' },
      { flags: '--rule <name=value...>', about: 'change rules from the start, e.g. alibaba.vpcPeer.perVpc=3' },
      { flags: '--rules', about: 'print the rule sheet: every switch, its position, where it is written; then end' },
      { flags: '--state <file>', about: 'keep the world in a file: loaded at the start, saved at every change' },
      { flags: '--control-port <port>', about: 'fixed port of the control API (default: a free one)' },
      {
        flags: '--settings <client>',
        about: 'print only the settings of one client',
        choices: ['typescript', 'python', 'go', 'terraform', 'aliyun', 'bce'],
      },
    ],
    load: () => import('./commands/emulator.js'),
  },
];
