/** The proxy that gives any server a request log, faults and manners. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingProxy, type FaultKind, type ProxyOptions } from '../src/index.js';

let server: Server;
let proxy: RecordingProxy;
/** What the server itself was asked. */
let asked: string[];

async function start(options: Partial<ProxyOptions> = {}): Promise<void> {
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(201, { 'x-answer': 'yes' });
      response.end(`you said ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const refusal = (status: number, code: string) => () => ({ status, headers: { 'x-code': code }, body: code });
  proxy = await RecordingProxy.start({
    upstream: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    describe: ({ method, path }) =>
      method === 'PUT' ? undefined : { operation: `${method} ${path}`, mutating: method !== 'GET' },
    refusals: {
      denied: refusal(403, 'NotYours'),
      throttle: refusal(503, 'TooMany'),
      unavailable: refusal(503, 'Later'),
    },
    ...options,
  });
}

const stop = async (): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await proxy.close();
};

const ask = async (method = 'GET', body?: string, signal?: AbortSignal): Promise<string> => {
  const answer = await fetch(`${proxy.url}/a?b=1`, {
    method,
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  return `${answer.status} ${answer.headers.get('x-answer') ?? answer.headers.get('x-code')} ${await answer.text()}`;
};

describe('a proxy', () => {
  beforeEach(() => start());
  afterEach(stop);

  it('passes requests and answers on as they are, and writes them down', async () => {
    expect(await ask()).toBe('201 yes you said ');
    expect(await ask('POST', 'größer')).toBe('201 yes you said größer');
    expect(asked).toEqual(['GET /a?b=1 ', 'POST /a?b=1 größer']);
    expect(proxy.requests()).toEqual([
      { operation: 'GET /a?b=1', mutating: false },
      { operation: 'POST /a?b=1', mutating: true },
    ]);
  });

  it.each<readonly [FaultKind, string | RegExp, boolean]>([
    ['denied', '403 NotYours NotYours', false],
    ['throttle', '503 TooMany TooMany', false],
    ['unavailable', '503 Later Later', false],
    ['htmlError', /^502 null <html>/, false],
    ['cut', /fetch failed/, false],
    ['lostAnswer', /fetch failed/, true],
    ['truncatedBody', /terminated/, true],
  ])('%s', async (kind, seen, executed) => {
    proxy.inject({ kind, on: 'write', times: 1 });
    expect(await ask()).toMatch(/^201/); // a reading does not meet it
    const outcome = await ask('POST', 'x').catch((error: Error) => error.message);
    if (typeof seen === 'string') expect(outcome).toBe(seen);
    else expect(outcome).toMatch(seen);
    expect(asked.length).toBe(executed ? 2 : 1);
    expect(await ask('POST', 'y')).toBe('201 yes you said y'); // once is over
    expect(proxy.requests()).toHaveLength(3);
  });

  it('neither writes down nor hinders what the harness itself sends', async () => {
    proxy.inject({ kind: 'cut', on: 'write', times: Infinity });
    expect(await ask('PUT', 'x')).toBe('201 yes you said x');
    expect(proxy.requests()).toEqual([]);
  });

  it('lets as many requests of the kind pass as it is told to', async () => {
    proxy.inject({ kind: 'denied', on: 'read', times: 1, after: 2 });
    expect(await ask('POST', 'x')).toMatch(/^201/);
    const seen = [await ask(), await ask(), await ask(), await ask()].map((one) => one.slice(0, 3));
    expect(seen).toEqual(['201', '201', '403', '201']);
  });

  it('hangs until the client gives up', async () => {
    proxy.inject({ kind: 'hang', on: 'read', times: 1 });
    const giveUp = new AbortController();
    const hanging = ask('GET', undefined, giveUp.signal);
    while (proxy.requests().length === 0) await new Promise(setImmediate);
    giveUp.abort();
    await expect(hanging).rejects.toThrow(/abort/);
    expect(asked).toEqual([]);
  });

  it('keeps faults until they are cleared, each for its kind of request, the oldest first', async () => {
    proxy.inject({ kind: 'denied', on: 'read', times: 1 });
    proxy.inject({ kind: 'throttle', on: 'read', times: Infinity });
    expect([await ask(), await ask(), await ask()].map((one) => one.slice(0, 11))).toEqual([
      '403 NotYour',
      '503 TooMany',
      '503 TooMany',
    ]);
    proxy.clearFaults();
    expect(await ask()).toMatch(/^201/);
  });
});

describe('manners', () => {
  afterEach(stop);

  it('change requests and answers, the first one outermost, or answer by themselves', async () => {
    await start({
      manners: [
        async (request, forward) => {
          const answer = await forward({ ...request, path: `${request.path}&outer` });
          return { ...answer, body: `[${String(answer.body)}]` };
        },
        async (request, forward) =>
          request.method === 'DELETE'
            ? { status: 400, headers: {}, body: 'no' }
            : forward({ ...request, body: Buffer.from('inner') }),
      ],
    });
    expect(await ask()).toBe('201 yes [you said inner]');
    expect(await ask('DELETE')).toBe('400 null [no]');
    expect(asked).toEqual(['GET /a?b=1&outer inner']);
  });

  it('that throw fail the world that is closed, and not only a request', async () => {
    await start({ manners: [() => Promise.reject(new Error('a defect of the manner'))] });
    await expect(ask()).rejects.toThrow('fetch failed');
    await expect(proxy.close()).rejects.toThrow('The proxy failed: a defect of the manner');
    server.close();
    await start();
  });
});
