// A plan of the README's third cloud, recorded on moto, a server that nobody here wrote. Only where scripts/python-venv.sh has
// installed it: what stands in the README stays elsewhere, so that no check needs moto.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The file of the README's other cloud, planned on moto; undefined where there is no moto, and what stands there stays. */
export async function planOnMoto() {
  const python = join(root, '.venv/bin/python');
  if (!existsSync(join(root, '.venv/bin/moto_server'))) return undefined;
  const port = 20_000 + (process.pid % 10_000);
  const url = `http://127.0.0.1:${port}`;
  const serve = [
    '-c',
    'import sys; from moto.server import main; main(sys.argv[1:])',
    '-H',
    '127.0.0.1',
    '-p',
    `${port}`,
  ];
  const moto = spawn(python, serve, { stdio: 'ignore', env: { ...process.env, MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' } });
  // inside the package, where its own name is found
  const cwd = mkdtempSync(join(root, 'packages/aws/dist/readme-'));
  try {
    for (let tries = 0; ; tries++) {
      const ready = await fetch(`${url}/moto-api/data.json`).catch(() => undefined);
      if (ready?.ok) break;
      if (tries > 300) throw new Error('moto did not answer');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIADOCS/20261126/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=none';
    const ask = async (Action, fields = {}) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ Version: '2016-11-15', Action, ...fields }),
      });
      return answer.text();
    };
    await ask('DescribeVpcs'); // its own VPCs first
    await fetch(`${url}/moto-api/seed?a=1`, { method: 'POST' });
    const network = async (CidrBlock) => /<vpcId>([^<]+)/.exec(await ask('CreateVpc', { CidrBlock }))?.[1];
    const ids = { web: await network('10.0.0.0/16'), data: await network('10.1.0.0/16') };
    const [, shown = ''] =
      /```yaml\n(version: 1\nstack: demo\n[\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const config = shown
      .replace(/^ {2}home: .*\n/m, '')
      .replace(/^# (home: \{ use: aws)/m, '  $1')
      .replace(
        /(web|data):( *)\{ provider: home, id: [^ ]+ \}/g,
        (_, name, gap) => `${name}:${gap}{ provider: home, id: ${ids[name]} }`,
      );
    writeFileSync(join(cwd, 'peerway.yaml'), config);
    const { run } = await import(pathToFileURL(join(root, 'packages/cli/dist/main.js')));
    const lines = ['$ peerway plan'];
    const stdout = { write: (text) => lines.push(text.trimEnd()) };
    const env = {
      AWS_ACCESS_KEY_ID: 'AKIADOCS',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      PEERWAY_ENDPOINT_HOME: url,
    };
    await run(['plan'], { stdout, stderr: stdout, env, cwd });
    return lines.join('\n').replace(/\n{2,}/g, '\n');
  } finally {
    rmSync(cwd, { recursive: true });
    moto.kill();
  }
}
