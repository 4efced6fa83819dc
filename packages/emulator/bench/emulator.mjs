// How fast and small the emulator is: time until it answers, idle memory, signed calls per second over one connection.
// Beside it, in the same run, a bare node:http server (what the machine and the protocol cost) and moto when .venv has it.
// Every figure is the best of some rounds: load by others only ever makes it worse.
import { Buffer } from 'node:buffer';
import { fork, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEFAULT_WORLD } from '../dist/index.js';
import { alibabaRequest, baiduRequest, bytesOf } from './_signers.mjs';

const ROUNDS = 5;
const CALLS = 1_500;
const SERVER = fileURLToPath(new URL('_server.mjs', import.meta.url));
const MOTO = fileURLToPath(new URL('../../../.venv/bin/moto_server', import.meta.url));
let missed = false;

function figure(name, value, unit, target, good) {
  const met = target === undefined || good(value, target);
  missed ||= !met;
  const wanted = target === undefined ? 'no target' : `target ${good(1, 2) ? '<' : '>='} ${target} ${unit}`;
  console.log(`${name}: ${value.toFixed(value < 10 ? 2 : 0)} ${unit} (${wanted})${met ? '' : ' MISSED'}`);
}
const below = (value, target) => value < target;
const atLeast = (value, target) => value >= target;

/** Starts a server process; gives what it said and a way to ask for its memory. */
function up(kind) {
  return new Promise((resolve, reject) => {
    const child = fork(SERVER, [kind], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
    child.once('error', reject);
    child.stdout.once('data', (line) => resolve({ child, ...JSON.parse(line) }));
  });
}
const memory = (child) =>
  new Promise((resolve) => {
    child.once('message', ({ rssMb }) => resolve(rssMb));
    child.send('memory');
  });

/** Sends requests one after the other down one connection; gives calls per second and the 95th percentile in ms. */
async function drive(endpoint, requests) {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let heard = Buffer.alloc(0);
  let answered;
  socket.on('data', (chunk) => {
    heard = heard.length === 0 ? chunk : Buffer.concat([heard, chunk]);
    const head = heard.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(heard.subarray(0, head).toString('latin1'))?.[1] ?? 0);
    if (heard.length < head + 4 + length) return;
    const status = Number(heard.subarray(9, 12).toString());
    heard = Buffer.alloc(0);
    answered(status);
  });
  const times = [];
  const begun = performance.now();
  for (const bytes of requests) {
    const at = performance.now();
    const status = await new Promise((resolve) => {
      answered = resolve;
      socket.write(bytes);
    });
    if (status !== 200) throw new Error(`${endpoint} answered ${status}`);
    times.push(performance.now() - at);
  }
  const perSecond = requests.length / ((performance.now() - begun) / 1000);
  socket.destroy();
  times.sort((a, b) => a - b);
  return { perSecond, p95: times[Math.floor(times.length * 0.95)] };
}

async function best(endpoint, makeRequests) {
  let perSecond = 0;
  let p95 = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await drive(endpoint, makeRequests());
    perSecond = Math.max(perSecond, result.perSecond);
    p95 = Math.min(p95, result.p95);
  }
  return { perSecond, p95 };
}

const many = (make) => () => Array.from({ length: CALLS }, make);
const host = (endpoint) => new URL(endpoint).host;

let readyMs = Infinity;
let running;
for (let round = 0; round < ROUNDS; round += 1) {
  running?.child.kill();
  running = await up('emulator');
  readyMs = Math.min(readyMs, running.readyMs);
}
const { alibaba, baidu } = running.endpoints;
await pause(300);
const rssMb = await memory(running.child);
figure('ready, from the start of the process', readyMs, 'ms', 250, below);
figure('idle memory (RSS)', rssMb, 'MB', 80, below);

const { a } = DEFAULT_WORLD.alibaba.accounts;
const listOnAlibaba = many(() =>
  bytesOf(alibabaRequest(a, '2016-04-28', 'DescribeVpcs', { RegionId: 'cn-hangzhou' }), host(alibaba)),
);
const onAlibaba = await best(alibaba, listOnAlibaba);
figure('alibaba DescribeVpcs, V1 signed, one connection', onAlibaba.perSecond, 'calls/s', 1000, atLeast);
figure('alibaba p95', onAlibaba.p95, 'ms');
const listOnBaidu = many(() =>
  bytesOf(baiduRequest(DEFAULT_WORLD.baidu.accounts.a, host(baidu), 'GET', '/v1/vpc'), host(baidu)),
);
const onBaidu = await best(baidu, listOnBaidu);
figure('baidu list of VPCs, bce-auth-v1, one connection', onBaidu.perSecond, 'calls/s', 1000, atLeast);
figure('baidu p95', onBaidu.p95, 'ms');
running.child.kill();

const idle = await up('bare');
await pause(300);
figure('bare node:http ready', idle.readyMs, 'ms');
figure('bare node:http idle memory (RSS)', await memory(idle.child), 'MB');
const plain = await best(idle.endpoints.bare, listOnAlibaba);
figure('bare node:http, the same bytes', plain.perSecond, 'calls/s');
figure('bare node:http p95', plain.p95, 'ms');
idle.child.kill();

if (!existsSync(MOTO)) console.log('moto: not installed in .venv, not measured');
else {
  const begun = performance.now();
  const moto = spawn(MOTO, ['-p', '45990'], { stdio: 'ignore' });
  const endpoint = 'http://127.0.0.1:45990';
  const answers = () =>
    globalThis.fetch(`${endpoint}/moto-api/`).then(
      (response) => response.ok,
      () => false,
    );
  while (!(await answers()) && performance.now() - begun < 20_000) await pause(20);
  figure('moto ready', performance.now() - begun, 'ms');
  const body = 'Action=DescribeVpcs&Version=2016-11-15';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const one = bytesOf({ method: 'POST', path: '/', headers, body }, host(endpoint));
  const result = await drive(
    endpoint,
    Array.from({ length: 200 }, () => one),
  );
  figure('moto DescribeVpcs, one connection', result.perSecond, 'calls/s');
  moto.kill();
}

process.exitCode = missed ? 1 : 0;
