/** The HTTP API as a client meets it, over runs of this process on the emulated clouds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { LocalRuns, StackFolder, VERBS, type RunService } from '@peerway/server';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EmulatedStacks } from './emulatedStacks.js';
import { listed, Served, word, type Answered } from './served.js';

let stacks: EmulatedStacks;
let service: RunService;
let served: Served;

beforeAll(async () => {
  stacks = await EmulatedStacks.start();
  stacks.declare('shop');
  stacks.declare('billing', [[1, 2]]);
  service = new LocalRuns({ stacks, open: stacks.open, clock: stacks.clock });
  served = await Served.start(service, {
    admin: { stacks: ['*'], verbs: VERBS },
    reader: { stacks: ['shop'], verbs: ['read'] },
    planner: { stacks: ['sh*'], verbs: ['read', 'plan'] },
    stranger: { stacks: ['team-a-*'], verbs: VERBS },
    old: { stacks: ['*'], verbs: VERBS, expiresAt: '2020-01-01T00:00:00Z' },
  });
});
afterAll(async () => {
  await service.close();
  await served.close();
  await stacks.close();
});

async function submit(body: object, headers: Record<string, string> = {}, who = 'admin'): Promise<Answered> {
  return served.ask(who, '/v1/runs', { method: 'POST', body, headers });
}

async function untilState(run: string, state: string): Promise<void> {
  for await (const _ of service.events(run, 0, new AbortController().signal))
    if ((await service.run(run)).state === state) return;
}

const writes = (): number => stacks.emulator.requests.filter(({ mutating }) => mutating).length;

describe('a run', () => {
  it('is ordered, watched, approved and found again by its key', async () => {
    const key = { 'idempotency-key': 'order-1' };
    const ordered = await submit({ stack: 'shop', askFirst: true }, key);
    expect(ordered).toMatchObject({ status: 202, json: { stack: 'shop', mode: 'apply' } });
    const run = word(ordered.json['id']);
    expect(ordered.headers.get('location')).toBe(`/v1/runs/${run}`);
    await untilState(run, 'awaiting-approval');

    expect(await submit({ stack: 'shop', askFirst: true }, key)).toMatchObject({ status: 200, json: { id: run } });
    expect(await submit({ stack: 'shop', mode: 'destroy' }, key)).toMatchObject({ status: 422 });
    expect(await submit({ stack: 'shop' }, { 'idempotency-key': 'a b' })).toMatchObject({ status: 400 });
    const busy = await submit({ stack: 'shop' });
    expect(busy).toMatchObject({ status: 409, json: { code: 'Conflict', run } });
    expect(busy.headers.get('content-type')).toContain('application/problem+json');

    const { json: detail } = await served.ask('reader', `/v1/runs/${run}`);
    expect(detail).toMatchObject({ state: 'awaiting-approval', may: ['read'], plan: { steps: 3 } });
    const path = `/v1/runs/${run}/approval`;
    const fingerprint = word(detail['plan']?.['fingerprint']);
    expect(await served.ask('planner', path, { method: 'POST', body: { fingerprint } })).toMatchObject({ status: 403 });
    const other = { fingerprint: 'f'.repeat(64) };
    expect(await served.ask('admin', path, { method: 'POST', body: other })).toMatchObject({ status: 409 });
    expect(writes()).toBe(0);
    expect(await served.ask('admin', path, { method: 'POST', body: { fingerprint } })).toMatchObject({ status: 204 });

    const { text } = await served.ask('reader', `/v1/runs/${run}/events`);
    expect(text).toMatch(/event: run\.approved\ndata: .*"by":"admin"/);
    expect(text).toMatch(/event: run\.ended\ndata: .*"outcome":"done"/);
    expect(text.endsWith('event: end\ndata: {}\n\n')).toBe(true);
    expect((await served.ask('reader', `/v1/runs/${run}/plan`)).json).toMatchObject({ version: 1, fingerprint });
    expect((await served.ask('reader', '/v1/runs?stack=shop&limit=1')).json['runs']).toMatchObject([
      { id: run, outcome: 'done', by: 'admin', counts: { done: 3 } },
    ]);
  });

  it('tells a reader who was cut off what came after the last event it saw', async () => {
    const [run] = await service.runs({ stack: 'shop' });
    const { id, lastEvent } = await service.run(run!.id);
    const last = String(lastEvent - 1);
    const { text } = await served.ask('reader', `/v1/runs/${id}/events`, { headers: { 'last-event-id': last } });
    expect(text.match(/^id: \d+$/gm)).toEqual([`id: ${lastEvent}`]);
    expect((await served.ask('reader', `/v1/runs/${id}/events?after=${last}`)).text).toBe(text);
    for (const wrong of ['x', '-1', '9'.repeat(16)]) {
      const refused = await served.ask('reader', `/v1/runs/${id}/events`, { headers: { 'last-event-id': wrong } });
      expect(refused).toMatchObject({ status: 400, json: { place: 'Last-Event-ID' } });
    }
  });

  it('is stopped by whoever has the verb', async () => {
    const run = word((await submit({ stack: 'billing', askFirst: true })).json['id']);
    await untilState(run, 'awaiting-approval');
    expect(await served.ask('admin', `/v1/runs/${run}/cancellation`, { method: 'POST' })).toMatchObject({
      status: 204,
    });
    await untilState(run, 'ended');
    expect((await served.ask('admin', `/v1/runs/${run}`)).json).toMatchObject({ outcome: 'canceled' });
    expect(listed((await served.ask('admin', '/v1/runs?state=ended')).json['runs']).map(({ id }) => id)).toContain(run);
  });

  it('is listed also when its stack is not declared any more, to whoever may see that name', async () => {
    const [{ id } = { id: '' }] = await service.runs({ stack: 'billing', limit: 1 });
    stacks.remove('billing');
    const ids = async (who: string): Promise<unknown[]> =>
      listed((await served.ask(who, '/v1/runs')).json['runs']).map((run) => run['id']);
    expect(await ids('admin')).toContain(id);
    expect(await ids('reader')).not.toContain(id);
    expect((await ids('reader')).length).toBeGreaterThan(0);
    expect((await served.ask('admin', '/v1/stacks/billing')).status).toBe(404);
    stacks.declare('billing', [[1, 2]]);
  });

  it('that waits for approval wants the verb plan, any other the verb apply', async () => {
    expect(await submit({ stack: 'shop' }, {}, 'planner')).toMatchObject({
      status: 403,
      json: { code: 'PermissionDenied' },
    });
    const asked = await submit({ stack: 'shop', mode: 'destroy', askFirst: true }, {}, 'planner');
    expect(asked.status).toBe(202);
    await untilState(word(asked.json['id']), 'awaiting-approval');
    await service.cancel(word(asked.json['id']), 'test');
    await untilState(word(asked.json['id']), 'ended');
  });

  it('is refused with everything that is wrong with its order, and nothing of it is quoted', async () => {
    const answer = await submit({ stack: 'shop', mode: 'canary-mode', targets: 'x', force: null, kie: 1 });
    expect(answer).toMatchObject({ status: 400, json: { code: 'InvalidArgument', place: 'body' } });
    for (const member of ['mode', 'targets', 'force', '"kie"']) expect(answer.json['detail']).toContain(member);
    expect(answer.text).not.toContain('canary-mode');
    expect(await submit([])).toMatchObject({ status: 400 });
    expect(await submit({ stack: 'shop', key: 'k' })).toMatchObject({ status: 400 }); // a header, not a member
  });
});

describe('a stack', () => {
  it('is looked at, drawn and given a schedule', async () => {
    expect(await served.ask('reader', '/v1/stacks/shop/graph.svg')).toMatchObject({ status: 409 });
    expect(await served.ask('reader', '/v1/stacks/shop/look', { method: 'POST' })).toMatchObject({ status: 403 });
    const look = await served.ask('planner', '/v1/stacks/shop/look', { method: 'POST' });
    expect(look.json).toMatchObject({ stack: 'shop', drift: [], graph: { edges: [{ health: 'connected' }] } });
    const picture = await served.ask('reader', '/v1/stacks/shop/graph.svg');
    expect(picture.headers.get('content-type')).toBe('image/svg+xml');
    expect(picture.text).toMatch(/^<svg[\s\S]*class="edge connected"/);
    expect(picture.text).not.toMatch(/<style|<script| style=/);

    const schedule = '/v1/stacks/shop/schedule';
    const body = { action: 'look', everySeconds: 3_600 };
    expect(await served.ask('planner', schedule, { method: 'PUT', body })).toMatchObject({ status: 403 });
    expect((await served.ask('admin', schedule, { method: 'PUT', body })).json).toMatchObject({
      stack: 'shop',
      ...body,
    });
    expect(await served.ask('admin', schedule, { method: 'PUT', body: { ...body, everySeconds: 1 } })).toMatchObject({
      status: 400,
    });
    expect((await served.ask('reader', '/v1/stacks/shop')).json).toMatchObject({
      may: ['read'],
      schedule: body,
      look: { graph: { stack: 'shop' } },
      lastLook: { drift: 0, connections: { connected: 1, broken: 0 } },
    });
    const at = (await service.lastLook('shop'))!.at;
    const again = (await served.ask('reader', `/v1/stacks/shop?seen=${at}`)).json;
    expect(again).toMatchObject({ lastLook: { at } });
    expect(again).not.toHaveProperty('look');
    expect((await served.ask('reader', `/v1/stacks/shop?seen=${at - 1}`)).json).toHaveProperty('look');
    expect(await served.ask('reader', '/v1/stacks/shop?seen=x')).toMatchObject({ status: 400 });
    expect((await served.ask('reader', '/v1/schedules')).json['schedules']).toHaveLength(1);
    expect(await served.ask('admin', schedule, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect((await served.ask('admin', '/v1/schedules')).json['schedules']).toEqual([]);
  });
});

describe('a file of a stack that cannot be used', () => {
  it('is said to whoever may see that stack, by the readiness and as a number, and keeps nothing else from going on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'peerway-stacks-'));
    const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
    for (const file of ['one', 'two']) write(`${file}.yaml`, stacks.declare('twice').text);
    write('well.yaml', stacks.declare('well').text);
    write('torn.yaml', 'stack: torn\n  nobody: [');
    write('nameless.yaml', 'version: 1\n');
    stacks.remove('twice');
    stacks.remove('well');
    const local = new LocalRuns({ stacks: new StackFolder(folder), open: stacks.open, clock: stacks.clock });
    const other = await Served.start(local, {
      admin: { stacks: ['*'], verbs: VERBS },
      team: { stacks: ['twice', 't*'], verbs: ['read'] },
      stranger: { stacks: ['well'], verbs: VERBS },
    });
    try {
      const told = async (who: string): Promise<unknown[]> =>
        listed((await other.ask(who, '/v1/stacks')).json['problems']).map(({ file }) => word(file).split('/').at(-1));
      expect(await told('admin')).toEqual(['nameless.yaml', 'one.yaml', 'torn.yaml', 'two.yaml']);
      expect(await told('team')).toEqual(['one.yaml', 'torn.yaml', 'two.yaml']);
      expect(await told('stranger')).toEqual([]);
      expect((await other.ask('stranger', '/v1/stacks')).json['stacks']).toMatchObject([{ name: 'well' }]);
      const refused = await other.ask('team', '/v1/stacks/twice');
      expect(refused).toMatchObject({ status: 409, json: { remedy: expect.stringContaining('Keep one') } });
      expect(refused.json['detail']).toContain('two.yaml');
      expect(await other.ask('admin', '/v1/runs', { method: 'POST', body: { stack: 'twice' } })).toMatchObject({
        status: 409,
      });
      expect(await other.ask(undefined, '/readyz')).toMatchObject({
        status: 200,
        json: { ready: true, reasons: [], warnings: ['files of stacks that are left out: 4'] },
      });
      expect((await other.ask(undefined, '/metrics')).text).toContain('peerway_stack_files_left_out 4');
      rmSync(folder, { recursive: true });
      expect(await other.ask(undefined, '/readyz')).toMatchObject({
        status: 503,
        json: { reasons: ['the folder of stacks cannot be read'] },
      });
    } finally {
      await other.close();
      await local.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a token', () => {
  it('without a scope sees nothing, not even names', async () => {
    const { id } = (await service.runs({ stack: 'shop' }))[0]!;
    expect((await served.ask('stranger', '/v1/stacks')).json).toEqual({ stacks: [], problems: [] });
    expect((await served.ask('stranger', '/v1/runs')).json).toEqual({ runs: [] });
    expect((await served.ask('stranger', '/v1/schedules')).json).toEqual({ schedules: [] });
    expect(listed((await served.ask('reader', '/v1/stacks')).json['stacks']).map(({ name }) => name)).toEqual(['shop']);
    const asks = [
      ['GET', '/v1/stacks/NAME'],
      ['GET', '/v1/stacks/NAME/graph.svg'],
      ['POST', '/v1/stacks/NAME/look'],
      ['PUT', '/v1/stacks/NAME/schedule'],
      ['DELETE', '/v1/stacks/NAME/schedule'],
      ['GET', '/v1/runs?stack=NAME'],
      ['GET', '/v1/runs/RUN'],
      ['GET', '/v1/runs/RUN/plan'],
      ['GET', '/v1/runs/RUN/events'],
      ['POST', '/v1/runs/RUN/approval'],
      ['POST', '/v1/runs/RUN/cancellation'],
    ] as const;
    for (const [method, path] of asks) {
      const of = (name: string, run: string): Promise<Answered> =>
        served.ask('stranger', path.replace('NAME', name).replace('RUN', run), {
          method,
          ...(method === 'GET' || path.endsWith('look') || path.endsWith('cancellation') ? {} : { body: {} }),
        });
      const [there, absent] = [await of('shop', id), await of('nowhere', 'nowhere.1')];
      expect([path, there.status]).toEqual([path, 404]);
      expect(there.text).toBe(absent.text);
    }
    const order = { stack: 'shop' };
    const [there, absent] = [await submit(order, {}, 'stranger'), await submit({ stack: 'nowhere' }, {}, 'stranger')];
    expect(there.status).toBe(404);
    expect(there.text).toBe(absent.text);
    // one who may see everything gets the same words for what there is not
    expect((await served.ask('admin', '/v1/runs/shop.none')).json['detail']).toContain('no such run');
    expect((await served.ask('admin', '/v1/stacks/nowhere')).status).toBe(404);
  });

  it('is needed, must be known, and must not have expired', async () => {
    for (const who of [undefined, 'pwt_wrong', 'old', `pwt_${'A'.repeat(43)}`]) {
      const answer = await served.ask(who, '/v1/stacks');
      expect(answer).toMatchObject({ status: 401, json: { code: 'Unauthenticated', remedy: expect.any(String) } });
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect(answer.json['remedy']).toMatch(/`Authorization` with the word Bearer and a token/);
    }
  });

  it('opens what has no names without it', async () => {
    expect((await served.ask(undefined, '/healthz')).json).toEqual({ ok: true });
    expect((await served.ask(undefined, '/readyz')).json).toEqual({ ready: true, reasons: [], warnings: [] });
    const { text } = await served.ask(undefined, '/metrics');
    expect(text).toContain('peerway_engine_reachable 1');
    expect(text).toMatch(
      /peerway_http_request_duration_seconds_count\{method="GET",route="\/v1\/runs\/:run",status="200"\} \d/,
    );
    expect(text).not.toContain('shop');
    const page = await served.ask(undefined, '/');
    expect(page.headers.get('content-type')).toContain('text/html');
  });
});

describe('every answer', () => {
  it('is as the description says, and the description is of the classes that validate', async () => {
    const { json: description } = await served.ask(undefined, '/openapi.json');
    expect(description['openapi']).toBe('3.1.1');
    const order = description['paths']?.['/v1/runs']?.['post']?.['requestBody'];
    const run = order?.['content']?.['application/json']?.['schema'] ?? {};
    const properties = run['properties'] ?? {};
    expect(run['required']).toEqual(['stack']);
    expect(properties['mode']).toMatchObject({ enum: ['apply', 'destroy'] });
    expect(properties['targets']).toMatchObject({
      type: 'array',
      maxItems: 1_000,
      items: { type: 'string', maxLength: 200 },
    });
    expect(properties).not.toHaveProperty('key');
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema({ $id: 'api', components: description['components'] });
    const { id } = (await service.runs({ stack: 'shop' }))[0]!;
    await service.setSchedule({ stack: 'shop', action: 'look', everySeconds: 3_600 });
    const checks: Record<string, string> = {
      '/v1/stacks': 'StackList',
      '/v1/stacks/shop': 'Stack',
      '/v1/runs': 'RunList',
      [`/v1/runs/${id}`]: 'RunDetail',
      [`/v1/runs/${id}/plan`]: 'Plan',
      '/v1/schedules': 'ScheduleList',
      '/v1/runs/none': 'Problem',
    };
    for (const [path, name] of Object.entries(checks)) {
      const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
      const { json } = await served.ask('admin', path);
      expect([path, validate(json), validate.errors]).toEqual([path, true, null]);
    }
    await service.deleteSchedule('shop');
  });

  it('may not be stored, framed or guessed, and lets a page run nothing but its own files', async () => {
    for (const path of ['/', '/v1/stacks', '/openapi.json', '/nothing', '/metrics']) {
      const { headers } = await served.ask('admin', path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('to a request that is too large or no JSON is a problem, not a stack trace', async () => {
    const big = await submit({ stack: 'shop', targets: Array.from({ length: 900 }, () => 'x'.repeat(100)) });
    expect(big).toMatchObject({ status: 413, json: { code: 'InvalidArgument' } });
    const broken = await served.ask('admin', '/v1/runs', { method: 'POST', body: '{"canary":' });
    expect(broken).toMatchObject({ status: 400, json: { code: 'InvalidArgument', remedy: expect.any(String) } });
    expect(broken.text).not.toContain('canary');
    const form = await served.ask('admin', '/v1/runs', {
      method: 'POST',
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
    const poisoned = await served.ask('admin', '/v1/runs', { method: 'POST', body: '{"__proto__":{"stack":"shop"}}' });
    expect(poisoned.status).toBe(400);
    expect(await headerOf(20_000)).toContain('431');
    expect((await served.ask('admin', `/v1/stacks/${'x'.repeat(300)}`)).status).toBe(414);
    expect((await served.ask('admin', '/page/../../package.json')).status).toBe(404);
  });

  it('holds neither a key of a cloud nor a token, nor does the log', () => {
    const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
    const all = [...served.heard, ...served.log].join('\n');
    expect(served.log.length).toBeGreaterThan(20);
    expect(served.log.join()).toContain('"by":"planner"');
    for (const secret of [accessKeyId, accessKeySecret, ...Object.values(served.tokens)])
      expect(all).not.toContain(secret);
  });
});

/** What the server says to a header of so many bytes; fetch would not send it. */
function headerOf(bytes: number): Promise<string> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET /v1/stacks HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(bytes)}\r\n\r\n`),
    );
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}
