/** `peerway emulator`: both clouds on loopback until Ctrl-C, with everything needed to point a program at them. */
import { DEFAULT_WORLD, Emulator, type CloudWorld, type ProfileName } from '@peerway/emulator';
import { PeerwayError } from '@peerway/runtime';
import { networkOf } from '../demoWorld.js';
import { EXIT } from '../exitCodes.js';
import type { Run } from '../commandTable.js';

export const run: Run = async ({ session, flags }) => {
  const seed = Number(flags.text('seed') ?? '1');
  if (!Number.isSafeInteger(seed)) throw badFlag('--seed', 'is not a whole number', 'Give a number such as 7.');
  const profile = flags.text('profile') as ProfileName | undefined;
  const ports = Object.fromEntries(flags.list('port').map(readPort));
  const emulator = await start({ seed, clock: 'real', ports, ...(profile === undefined ? {} : { profile }) });
  session.onEnd(() => emulator.close());
  if (session.json) session.printAsIs(JSON.stringify({ endpoints: emulator.endpoints, world: DEFAULT_WORLD }));
  else session.printAsIs(describe(emulator));
  await new Promise<void>((resolve) => {
    if (session.signal.aborted) resolve();
    else session.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  session.note('Stopped.');
  return EXIT.done;
};

async function start(options: NonNullable<Parameters<typeof Emulator.start>[0]>): Promise<Emulator> {
  try {
    return await Emulator.start(options);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw badFlag(
      '--port',
      code === 'EACCES' ? 'names a port that is not allowed' : 'names a port that is in use',
      'Choose another, or leave it out for a free one.',
    );
  }
}

function readPort(text: string): readonly [string, number] {
  const [listener = '', port = ''] = text.split('=');
  const known = ['alibaba/main', ...DEFAULT_WORLD.baidu.regions.map((region) => `baidu/${region}`)];
  if (!known.includes(listener) || !/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw badFlag(
      '--port',
      `does not understand ${JSON.stringify(text)}`,
      `Write <listener>=<port> with one of ${known.join(', ')}.`,
    );
  }
  return [listener, Number(port)];
}

const badFlag = (flag: string, what: string, remedy: string): PeerwayError =>
  new PeerwayError('InvalidArgument', `${flag} ${what}`, { place: flag, remedy });

function describe(emulator: Emulator): string {
  const { alibaba, baidu } = DEFAULT_WORLD;
  const [bj] = baidu.regions;
  return [
    'Two clouds are running on this machine; nothing leaves it. The keys below are made up and work only here.',
    '',
    ...Object.entries(emulator.endpoints).map(([name, url]) => `  ${name.padEnd(14)} ${url}`),
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
