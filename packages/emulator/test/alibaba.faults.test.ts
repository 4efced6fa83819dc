/** Faults through the socket, each code by its name. */
import { describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import type { Fault } from '@peerway/emulator';
import { CODES } from '../src/alibaba/errorCodes.js';
import { alibabaCodes } from '../src/alibaba/errors.js';
import { between, peer, peerWebData as create, total } from './alibabaPeerings.js';
import {
  a,
  asA,
  asB,
  at,
  caller,
  codeOf,
  data,
  emulator,
  emulatorPerTest,
  foreign,
  raw,
  REGION,
  web,
} from './alibabaWire.js';

emulatorPerTest(9);

describe('faults through the socket', () => {
  const fault = (more: Partial<Fault> & Pick<Fault, 'kind'>) =>
    emulator.faults.add({ cloud: 'alibaba', operation: 'CreateVpcPeerConnection', ...more } as Fault);

  it('throttles in the cloud’s own words, and executes nothing', async () => {
    fault({ kind: 'throttle', calls: { from: 1, to: 2 } });
    await expect(create()).rejects.toMatchObject({ code: 'Throttling.User', entry: { response: { statusCode: 400 } } });
    emulator.rules.set({ 'alibaba.throttling.status': '429', 'alibaba.throttling.code': 'Throttling' });
    await expect(create()).rejects.toMatchObject({ code: 'Throttling', entry: { response: { statusCode: 429 } } });
    expect(await total()).toBe(0);
    await create();
    expect(emulator.requests.map(({ fault: kind }) => kind).filter((kind) => kind !== undefined)).toEqual([
      'throttle',
      'throttle',
    ]);
  });

  it.each([
    ['native', /^\{.*"Code":"InternalError"/, 500],
    ['html', /^<html>/, 502],
    ['empty', /^$/, 503],
  ] as const)('server error with %s body', async (body, text, status) => {
    fault({ kind: 'error', status, body });
    const heard = await rawCreate();
    expect(heard.status).toBe(status);
    expect(heard.body).toMatch(text);
    expect(await total()).toBe(0);
  });

  /** One create with a fresh signature, answered byte for byte. */
  async function rawCreate() {
    const { url, body } = await captured();
    return raw(emulator, url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
  }
  /** What pop-core would send, caught by a server of our own. */
  async function captured(): Promise<{ url: string; body: string }> {
    const { createServer } = await import('node:http');
    return new Promise((resolve) => {
      const server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.end('{}');
          server.close();
          server.closeAllConnections();
          resolve({ url: request.url ?? '/', body });
        });
      }).listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' ? address?.port : 0;
        const elsewhere = { alibaba: { endpoint: `http://127.0.0.1:${String(port)}` } } as Emulator;
        caller(elsewhere, a)('VpcPeer', 'CreateVpcPeerConnection', between(web, data)).catch(() => undefined);
      });
    });
  }

  /** The connection is gone before any byte of an answer: cut in the middle it would be 'aborted'. */
  const noByte = { code: 'ECONNRESET', message: expect.stringMatching(/read ECONNRESET|socket hang up/) as unknown };

  it('cuts the body, resets before, and loses the answer after the effect', async () => {
    fault({ kind: 'truncate', calls: 1 });
    await expect(create({ ClientToken: 't' })).rejects.toThrow();
    expect(await total()).toBe(1);
    // the token gives the lost answer back
    const { InstanceId } = await create({ ClientToken: 't' });
    expect(at(await peer('ListVpcPeerConnections'), 'VpcPeerConnects.0.InstanceId')).toBe(InstanceId);
    emulator.reset();

    fault({ kind: 'lost-answer', calls: 1 });
    await expect(create()).rejects.toMatchObject(noByte);
    expect(await total()).toBe(1);
    // without a token a retry meets what the first one made
    expect(await codeOf(create())).toBe('ResourceAlreadyExist.VpcPeer');
    emulator.reset();

    fault({ kind: 'reset', calls: 1 });
    await expect(create()).rejects.toMatchObject(noByte);
    expect(await total()).toBe(0);
  });

  it('an error after the effect, and a request that is delivered twice', async () => {
    fault({ kind: 'error', after: true, calls: 1 });
    expect(await codeOf(create())).toBe('InternalError');
    expect(await total()).toBe(1);
    emulator.reset();
    fault({ kind: 'duplicate', calls: [1] });
    expect(await codeOf(create())).toBe('ResourceAlreadyExist.VpcPeer');
    emulator.reset();
    fault({ kind: 'duplicate' });
    const { InstanceId } = await create({ ClientToken: 't' });
    expect(InstanceId).toMatch(/^pcc-/);
    expect(await total()).toBe(1);
  });

  it('slow answers arrive late but count at once', async () => {
    fault({ kind: 'slow', ms: 80 });
    const started = performance.now();
    const answer = create();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(emulator.requests.at(-1)?.operation).toBe('CreateVpcPeerConnection');
    await answer;
    expect(performance.now() - started).toBeGreaterThan(70);
  });

  it('a stale read shows the past, writes do not', async () => {
    await create();
    emulator.clock.advance(10_000);
    emulator.faults.add({
      cloud: 'alibaba',
      operation: ['ListVpcPeerConnections', 'GetVpcPeerConnectionAttribute'],
      kind: 'stale',
      ms: 7_000,
    });
    const { VpcPeerConnects } = await peer('ListVpcPeerConnections');
    expect(VpcPeerConnects).toMatchObject([{ Status: 'Creating' }]);
    emulator.faults.clear();
    emulator.faults.add({ kind: 'stale', ms: 60_000 });
    expect(await total()).toBe(0);
    expect(await codeOf(create())).toBe('ResourceAlreadyExist.VpcPeer');
  });

  it('aims at a side, an account, a call number; the seed decides by probability, the same way every time', async () => {
    const { InstanceId } = await peer('CreateVpcPeerConnection', between(web, foreign));
    emulator.clock.advance(10_000);
    emulator.faults.add({ kind: 'error', code: 'OperationConflict', side: 'acceptor', calls: [2] });
    const get = (as: typeof asA) => peer('GetVpcPeerConnectionAttribute', { InstanceId }, as);
    await get(asA);
    await get(asB);
    await expect(get(asB)).rejects.toMatchObject({
      code: 'OperationConflict',
      entry: { response: { statusCode: 409 } },
    });
    await get(asB);
    const draw = async () => {
      const other = await Emulator.start({ seed: 21 });
      other.faults.add({ kind: 'throttle', probability: 0.5, account: a.id });
      const call = caller(other, a);
      const struck = [];
      for (let index = 0; index < 12; index += 1)
        struck.push(await codeOf(call('Vpc', 'DescribeVRouters', { RegionId: REGION })).catch(() => 'ok'));
      await other.close();
      return struck.join();
    };
    const first = await draw();
    expect(first).toContain('Throttling');
    expect(first).toContain('ok');
    expect(await draw()).toBe(first);
  });

  it('answers every code of docs/facts/alibaba.md by name, with the status that stands there', async () => {
    const get = () => peer('ListVpcPeerConnections');
    for (const [status, codes] of Object.entries(CODES)) {
      for (const code of codes) {
        const remove = emulator.faults.add({ kind: 'error', code });
        await expect(get()).rejects.toMatchObject({ code, entry: { response: { statusCode: Number(status) } } });
        remove();
      }
    }
    expect(alibabaCodes.length).toBeGreaterThan(250);
  });
});
