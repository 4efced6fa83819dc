/** What answers at --remote and is no server of ours, or one of another version: said so, never a fault of the program. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Sandbox } from './harness.js';

let sandbox: Sandbox;
let server: Server;
let body = '';
beforeAll(async () => {
  sandbox = await Sandbox.open();
  server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  await sandbox.close();
});

it.each([
  ['stacks', '{"stacks":[]}', 'problems'],
  ['stacks', 'null', 'stacks'],
  ['runs', '{}', 'runs'],
  ['schedule', '{"schedules":{}}', 'schedules'],
])('%s of an answer %s misses its %s', async (command, answer, missing) => {
  body = answer;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { exit, err } = await sandbox.run([command, '--remote', url], { env: { PEERWAY_TOKEN: 'token-of-nobody' } });
  expect(exit).toBe(1);
  expect(err).toContain(`What ${url} answered holds no list of ${missing}`);
});
