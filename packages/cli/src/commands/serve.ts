/** `peerway serve`: the HTTP API and the page, over an engine that does the work elsewhere. Holds no credential of a cloud. */
import { resolve } from 'node:path';
import { PeerwayError } from '@peerway/runtime';
import { EXIT } from '../exitCodes.js';
import type { Run } from '../command.js';
import { engineOf, loadServer, openSent, type LeftOut } from '../serverPackage.js';
import type { Session } from '../session.js';
import { version } from '../version.js';

const DEFAULT_LISTEN = '127.0.0.1:8090';

export const run: Run = async ({ session, flags }) => {
  const { io, clock } = session;
  const server = await loadServer(session);
  const name = flags.text('newToken');
  if (name !== undefined) {
    printToken(session, name, server.newToken(), (token) => server.hashOf(token).toString('hex'));
    return EXIT.done;
  }
  const engine = engineOf(session);
  const { host, port } = listenOf(flags.text('listen') ?? DEFAULT_LISTEN);
  const [folder, tokens] = [required(session, 'stacks'), required(session, 'tokens')];
  const stacks = new server.StackFolder(resolve(io.cwd, folder), {
    onProblems: (problems) => session.note(leftOutText(problems)),
  });
  await stacks.list();
  const service = await server.openRuns({
    engine,
    stacks,
    env: io.env,
    open: openSent(session),
  });
  session.onEnd(() => service.close());
  const serving = await server.serve({
    service,
    tokens,
    cwd: io.cwd,
    host,
    port,
    behindProxy: flags.is('behindProxy'),
    clock,
    version: version(),
    log: (line) => session.note(line),
  });
  session.onEnd(() => serving.close());
  session.note(`Serves ${serving.url} until Ctrl-C.`);
  if (!isLoopback(host))
    session.note(
      'Tokens cross this network unprotected unless a proxy before it speaks TLS: let nothing else reach it.',
    );
  if (engine === 'local')
    session.note('The engine is this process, with the credentials of its environment: for trying it on one machine.');
  await untilStopped(session.signal);
  session.note('Stopped. Runs go on where they are done.');
  return EXIT.done;
};

const leftOutText = (problems: readonly LeftOut[]): string =>
  problems.length === 0
    ? 'Every file of the folder of stacks is used again.'
    : problems.map(({ file, message, remedy }) => `Left out: ${file} ${message}. ${remedy}`).join('\n');

function printToken(session: Session, name: string, token: string, hash: (token: string) => string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/.test(name)) {
    throw new PeerwayError('InvalidArgument', 'The name of a token has letters, digits and . _ @ - in it, at most 63', {
      place: '--new-token',
      remedy: 'Name whoever will use it, e.g. deploy-bot.',
    });
  }
  // shown this once; what is kept cannot be turned back into it
  session.printAsIs(token);
  session.note(
    `Keep it where ${name} finds it; it is not shown again. For the file of tokens (below \`tokens:\`):
  - name: ${name}
    sha256: ${hash(token)}
    scopes:
      - { stacks: ['*'], verbs: [read] } # read, plan, apply, approve, cancel, schedule`,
  );
}

function required({ flags }: Session, name: 'stacks' | 'tokens'): string {
  const value = flags.text(name);
  if (value !== undefined && value !== '') return value;
  throw new PeerwayError('InvalidArgument', `--${name} is missing`, {
    place: `--${name}`,
    remedy:
      name === 'stacks'
        ? 'Name a folder that holds one config file for each stack: --stacks ./stacks.'
        : 'Name the file of tokens: --tokens tokens.yaml; `peerway serve --new-token <name>` prints lines for it.',
  });
}

function listenOf(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', digits = ''] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host !== '' && port <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port };
  throw new PeerwayError('InvalidArgument', '--listen is no address and port', {
    place: '--listen',
    remedy: `Write e.g. --listen ${DEFAULT_LISTEN}, or [::1]:8090.`,
  });
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
