/** Every command as a process: what it prints in success, with bad input and at Ctrl-C. */

export interface Run {
  readonly argv: readonly string[];
  readonly exit: number;
  /** In what was printed, both streams. */
  readonly says: string;
}

export interface Case {
  readonly success: Run;
  readonly bad: Run;
  /** How Ctrl-C comes: while the cloud does not answer, after the first output, or before the command has begun. */
  readonly stop: Run & { readonly when: 'waiting' | 'printing' | 'starting' };
}

export const AGAIN = 'run the same command again to go on';
const waiting = (...argv: readonly string[]): Case['stop'] => ({ argv, exit: 130, says: AGAIN, when: 'waiting' });
const starting = (...argv: readonly string[]): Case['stop'] => ({ argv, exit: 130, says: AGAIN, when: 'starting' });
const good = (exit: number, says: string, ...argv: readonly string[]): Run => ({ argv, exit, says });
const bad = (says: string, ...argv: readonly string[]): Run => ({ argv, exit: 1, says });
/** What serves until Ctrl-C ends well then. */
const serving = (...argv: readonly string[]): Case['stop'] => ({ argv, exit: 0, says: 'Stopped.', when: 'printing' });
const INIT = ['init', '--yes', '--provider', 'alibaba', '--region', 'cn-hangzhou', '--config', 'new.yaml'] as const;

const IMPORT = [
  'import',
  '--provider',
  'alibaba',
  '--region',
  'cn-hangzhou',
  '--endpoint',
  '$ENDPOINT',
  '--out',
] as const;
const RIGHTS = ['parity', '--policy', '--provider', 'alibaba', '--region', 'cn-hangzhou'] as const;

/** By command. What changes the clouds runs in the order of LIFE. */
export const CASES: Readonly<Record<string, Case>> = {
  demo: {
    success: good(0, 'The clouds took', 'demo'),
    bad: bad("error: unknown option '--fast'", 'demo', '--fast'),
    stop: { argv: ['demo'], exit: 130, says: AGAIN, when: 'printing' },
  },
  init: {
    success: good(0, '3 networks found in cn-hangzhou.', ...INIT, '--endpoint', '$ENDPOINT'),
    bad: bad('there is no provider "alibabba"', 'init', '--yes', '--provider', 'alibabba', '--region', 'x'),
    stop: waiting(...INIT.slice(0, -1), 'stopped.yaml', '--endpoint', '$ENDPOINT'),
  },
  import: {
    success: good(
      0,
      'found.yaml written: stack imported, 3 networks, 0 connections, 0 links.',
      ...IMPORT,
      'found.yaml',
    ),
    bad: bad('--region is missing', 'import', '--provider', 'alibaba'),
    stop: waiting(...IMPORT, 'stopped.yaml'),
  },
  validate: {
    success: good(0, 'peerway.yaml is valid: stack demo', 'validate'),
    bad: bad('   at: bad.yaml:2:8 (stack)', 'validate', '--config', 'bad.yaml'),
    stop: starting('validate'),
  },
  plan: {
    success: good(2, 'plan of stack demo: 3 to create', 'plan', '--out', 'plan.json'),
    bad: bad('No connection or link is called nobody', 'plan', '--target', 'nobody'),
    stop: waiting('plan'),
  },
  apply: {
    success: good(0, 'Done: 3 steps in', 'apply', 'plan.json', '--yes'),
    bad: bad('error: The plan does not exist', 'apply', 'none.json', '--yes'),
    stop: waiting('apply', '--yes'),
  },
  status: {
    success: good(0, 'connected  active', 'status'),
    bad: bad('--interval "often" is not a pause', 'status', '--interval', 'often'),
    stop: waiting('status'),
  },
  verify: {
    success: good(0, 'web', 'verify', 'web', 'data'),
    bad: bad('No network or link is called nobody', 'verify', 'web', 'nobody'),
    stop: waiting('verify', 'web', 'data'),
  },
  graph: {
    success: good(0, '3 networks, 1 connection, 0 broken', 'graph', '--out', 'demo.html'),
    bad: bad("argument 'png' is invalid", 'graph', '--format', 'png'),
    stop: waiting('graph'),
  },
  drift: {
    success: good(0, 'the clouds are as declared', 'drift'),
    bad: bad('error: The config file does not exist', 'drift', '--config', 'none.yaml'),
    stop: waiting('drift'),
  },
  events: {
    success: good(0, 'web-data health: connected', 'events'),
    bad: bad('--interval "0" is not a pause', 'events', '--interval', '0'),
    // to end a watch is what Ctrl-C is for
    stop: { ...waiting('events'), exit: 0, says: 'Ctrl-C ends it' },
  },
  adopt: {
    success: good(0, 'now in the care of the stack demo', 'adopt', 'web-data'),
    bad: bad('No connection or link is called nobody', 'adopt', 'nobody'),
    stop: waiting('adopt', 'web-data'),
  },
  release: {
    success: good(0, 'no longer belongs to the stack demo', 'release', 'web-data'),
    bad: bad('owns nothing called nobody', 'release', 'nobody'),
    stop: waiting('release', 'web-data'),
  },
  destroy: {
    success: good(0, 'Done: 3 steps in', 'destroy', '--yes', '--force'),
    bad: bad('No connection or link is called nobody', 'destroy', '--target', 'nobody', '--yes'),
    stop: waiting('destroy', '--yes'),
  },
  doctor: {
    success: good(0, 'No problems found.', 'doctor'),
    bad: bad('✗ config', 'doctor', '--config', 'bad.yaml'),
    stop: waiting('doctor'),
  },
  policy: {
    success: good(0, 'vpc:CreateVpcPeerConnection', 'policy'),
    bad: bad('   at: bad.yaml:2:8 (stack)', 'policy', '--config', 'bad.yaml'),
    stop: starting('policy'),
  },
  providers: {
    success: good(0, 'alibaba vpc-peer', 'providers'),
    bad: bad('there is no provider "alibabba"', 'providers', 'alibabba'),
    stop: starting('providers'),
  },
  schema: {
    success: good(0, '"title": "peerway.yaml"', 'schema'),
    bad: bad('The file cannot be written (ENOENT)', 'schema', '--out', 'no/folder/x.json'),
    stop: starting('schema'),
  },
  completion: {
    success: good(0, 'complete -F _peerway peerway', 'completion', 'bash'),
    bad: bad('Choose one of bash, zsh, fish.', 'completion', 'powershell'),
    stop: starting('completion', 'bash'),
  },
  parity: {
    success: good(0, 'vpc:CreateVpcPeerConnection', ...RIGHTS),
    bad: bad('No probe is left to make', 'parity', '--provider', 'home', '--rule', 'no.such.rule'),
    stop: starting(...RIGHTS),
  },
  stacks: {
    success: good(0, 'There are no stacks', 'stacks', '--remote', '$REMOTE'),
    bad: bad('No server is named', 'stacks'),
    stop: waiting('stacks', '--remote', '$REMOTE'),
  },
  runs: {
    success: good(0, 'There are no runs', 'runs', '--remote', '$REMOTE'),
    bad: bad('--remote', 'runs', '--remote', 'nowhere'),
    stop: waiting('runs', '--remote', '$REMOTE'),
  },
  schedule: {
    success: good(0, 'There are no schedules', 'schedule', '--remote', '$REMOTE'),
    bad: bad('No stack is named', 'schedule', '--every', '6h', '--remote', 'http://127.0.0.1:9'),
    stop: waiting('schedule', '--remote', '$REMOTE'),
  },
  serve: {
    success: good(0, 'not-a-secret', 'serve', '--new-token', 'somebody'),
    bad: bad('--stacks is missing', 'serve', '--engine', 'local', '--tokens', 'tokens.yaml'),
    stop: serving('serve', '--engine', 'local', '--stacks', '.', '--tokens', 'tokens.yaml'),
  },
  worker: {
    success: good(0, 'Takes tasks from temporal://ends', 'worker', '--engine', 'temporal://ends'),
    bad: bad('--tasks is not a whole number', 'worker', '--engine', 'temporal://ends', '--tasks', 'many'),
    stop: serving('worker', '--engine', 'temporal://stays'),
  },
  emulator: {
    success: good(0, 'alibaba.vpcPeer', 'emulator', '--rules'),
    bad: bad('--port does not understand', 'emulator', '--port', 'alibaba/mian=1'),
    stop: { argv: ['emulator'], exit: 0, says: 'Stopped.', when: 'printing' },
  },
};
/** Steps that follow each other; those of one step run side by side. */
export const LIFE = [
  ['plan'],
  ['apply'],
  ['status', 'verify', 'graph', 'drift', 'events'],
  ['release'],
  ['adopt'],
  ['destroy'],
];
