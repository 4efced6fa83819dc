/**
 * Lies in the answers of a cloud: first every kind of lie about every member of every answer, then some at random from a seed. A
 * driver gets honest answers but for one, and must end well or with a PeerwayError that blames the answer, and must not write
 * what an honest answer would not have made it write.
 */
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { createCall, isPeerwayError } from '@peerway/core';

/** A small generator of its own, so that a seed means the same everywhere. @returns a whole number below `sides` */
export function dice(seed) {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

const WHOLE = [
  {},
  { success: false },
  { RequestId: 'R', Success: false },
  [],
  null,
  7,
  'text',
  '',
  undefined,
  '<html>502</html>',
  '{"cut":',
];
const DEEP = '['.repeat(20_000);
const VALUES = [
  null,
  undefined,
  7,
  -1,
  1e300,
  'novelWord',
  '',
  ' ',
  'a\u200bb',
  '10.0.0.0/99',
  true,
  [],
  {},
  [null],
  [7],
  { a: null },
];

/** Every place in a value that can be replaced; items of lists stay, for a list that lost one cannot be told from a shorter one. */
function places(value, path = []) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...places(inner, [...path, key])]);
}

function replaced(value, [key, ...rest], by) {
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = rest.length === 0 ? by : replaced(value[key], rest, by);
  return copy;
}

/** What a careless reader takes for an empty list. */
const NO_LIST = [null, undefined, {}, '', 0];

const TAG_LISTS = new Set(['Tags', 'tags', 'tagSet']);

/** Where a listing has its list: the first one with objects in it, tags apart. Undefined for an answer that lists nothing. */
const listOf = (body) =>
  places(body).find((path) => {
    const value = path.reduce((inner, key) => inner[key], body);
    return path.length <= 2 && !TAG_LISTS.has(path.at(-1)) && Array.isArray(value) && typeof value[0] === 'object';
  });

/** One lie about one answer; `hides` when it takes the list of a listing away, which is an error and never "nothing there". */
function lie(body, roll) {
  const list = listOf(body);
  const kind = roll(20);
  if (kind < 4) return { body: WHOLE[roll(WHOLE.length)], what: 'another body', hides: list !== undefined };
  if (kind === 4) return { body: DEEP, what: 'deep nesting', hides: list !== undefined };
  const all = places(body);
  const hiding = kind > 15 && list !== undefined;
  const path = hiding ? list : (all[roll(all.length)] ?? []);
  if (path.length === 0) return { body: {}, what: 'nothing' };
  const values = hiding ? NO_LIST : VALUES;
  const by = kind === 5 ? 'x'.repeat(100_000) : kind === 6 ? Array(2_000).fill({ a: 1 }) : values[roll(values.length)];
  const hides = list !== undefined && !Array.isArray(by) && path.every((key, at) => key === list[at]);
  return { body: replaced(body, path, by), what: `${path.join('.')} is ${JSON.stringify(by)?.slice(0, 40)}`, hides };
}

/** The same member with a value of another kind. */
const otherKinds = (value) =>
  Array.isArray(value)
    ? [{}, 'text', [null], [7], ['text']]
    : typeof value === 'object' && value !== null
      ? [[], 'text']
      : typeof value === 'string'
        ? [7, {}]
        : ['novelWord', {}];

/** The same member far beyond what is usual; a list gives its first item many times. */
const huge = (value) =>
  Array.isArray(value)
    ? Array(500).fill(value[0] ?? { a: 1 })
    : typeof value === 'number'
      ? 1e300
      : typeof value === 'string'
        ? 'x'.repeat(20_000)
        : Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`member${at}`, value]));

/** A listing that says there is more and gives the same page for ever, in the words of each cloud. */
const ENDLESS = [
  { NextToken: 'again' },
  { nextToken: 'again' },
  { TotalCount: 1e6 },
  { TotalCount: 1e6, PageNumber: 1, PageSize: 1 },
  { isTruncated: true, nextMarker: 'again' },
];

/**
 * Every lie of each kind about one answer: its body, and each of its members.
 * @param wholes texts that stand for the answer: itself cut off, another operation's, what the cloud's form makes possible
 */
function* everyLie(body, wholes) {
  const list = listOf(body);
  for (const whole of [...WHOLE, DEEP, ...wholes])
    yield { body: whole, what: 'another body', hides: list !== undefined };
  if (list !== undefined)
    for (const more of ENDLESS)
      yield { body: { ...body, ...more }, what: `endless by ${Object.keys(more).join(' and ')}`, hides: false };
  for (const path of places(body)) {
    if (path.some((key) => Number(key) > 0)) continue; // the next item of a list is as its first
    const honest = path.reduce((inner, key) => inner[key], body);
    const above = path.length <= (list?.length ?? 0) && path.every((key, at) => key === list[at]);
    const kinds = {
      missing: [undefined],
      null: [null],
      'of another kind': otherKinds(honest),
      huge: [huge(honest)],
      ...(typeof honest === 'string' ? { unknown: ['novelWord', '', '\u001b[2J a\u200bb'] } : {}),
      ...(typeof honest === 'number' ? { unlikely: [0, -1, 0.5] } : {}),
    };
    for (const [kind, values] of Object.entries(kinds))
      for (const by of values)
        yield {
          body: replaced(body, path, by),
          what: `${path.join('.')} is ${kind}: ${JSON.stringify(by)?.slice(0, 40)}`,
          hides: above && !Array.isArray(by),
          ...(Number.isNaN(Number(path.at(-1))) && (by === undefined || (by === null && typeof honest === 'string'))
            ? { lost: path.at(-1) }
            : {}),
        };
  }
}

/** An id that nobody asked for. */
const STRANGER = 'another-one';

/** An answer about something else than was asked for, by each member that names what was. */
const aboutOthers = (body, asked) =>
  places(body)
    .filter((path) => asked.includes(path.reduce((inner, key) => inner[key], body)))
    .map((path) => ({ body: replaced(body, path, STRANGER), what: `${path.join('.')} is ${STRANGER}`, strange: true }));

/** So many are told at random however slow the machine is. */
const LEAST = 200;

/** Codes by which a driver would blame its user, or itself, for what the cloud said. */
const WRONG_CODES = new Set(['InvalidArgument', 'Internal', 'Unsupported']);

/** An honest answer of each operation and each set of members, and the scenes that ask for it. */
function answersOf(reads) {
  const found = new Map();
  for (const [scene, operations] of reads)
    for (const target of operations) {
      const answer = scene.answers[target];
      const key = `${target} ${places(answer).join(' ')}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { target, answer, asking: [scene] });
      else known.asking.push(scene);
    }
  return found.values();
}

const isText = (body) => typeof body === 'string' || body === undefined;

/**
 * @param operationOf the vendor's name of a request, from its url, method and body
 * @param print an answer as the cloud writes it; default JSON
 * @param wholes texts more that may stand for an answer
 * @param mayLack names of members without which an answer still says what it must; absent: not tried
 * @param scenes each `{ name, answers, writes, run, about }`: honest answers by operation, the writes it may make, what is done, and
 *   the ids that are asked for, whose like must not be taken for them
 * @param inputs lies at random, after every lie of each kind
 * @param seconds the random ones end earlier when they are over
 * @returns counts, the findings (empty: none) and the peak of memory in megabytes
 */
export async function fuzzAnswers({
  provider,
  seed,
  inputs,
  seconds = Infinity,
  headers,
  operationOf,
  print = (_, body) => JSON.stringify(body) ?? '',
  wholes = [],
  mayLack,
  openDriver,
  scenes,
}) {
  const roll = dice(seed);
  const findings = [];
  const current = { scene: scenes[0], target: '', answer: undefined };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const operation = operationOf(request, Buffer.concat(chunks).toString());
      const honest = current.scene.answers[operation];
      const body = operation === current.target ? current.answer : honest;
      const text = isText(body) ? (body ?? '') : print(operation, body);
      response.writeHead(200, {
        'content-type': 'application/json',
        ...headers,
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${server.address().port}`;

  let driver = await openDriver(endpoint);
  async function once(scene, target, answer, what) {
    Object.assign(current, { scene, target, answer });
    const written = [];
    const asked = [];
    const observer = {
      requestSent: (_, { nativeOperation, mutating }) => {
        asked.push(nativeOperation.split(' ')[0]);
        if (mutating) written.push(nativeOperation.split(' ')[0]);
      },
    };
    const call = createCall(provider, { signal: new AbortController().signal, readOnly: false, observer });
    let ended = 'well';
    let result;
    try {
      result = await scene.run(driver, call);
    } catch (error) {
      ended = isPeerwayError(error) ? error.code : `${error?.name}: ${error?.message}`;
      if (!isPeerwayError(error) || WRONG_CODES.has(error.code))
        findings.push(`${scene.name}, ${what}: ${ended} ${error?.message}`);
    }
    const tooMuch = written.filter((operation) => !scene.writes.includes(operation));
    if (tooMuch.length > 0) findings.push(`${scene.name}, ${what}: wrote ${tooMuch.join(', ')}`);
    return { ended, asked, result };
  }

  /** In some forms an empty list is written like no value at all, or with a blank in it: that is no lie. */
  function saysNone(honest, target, body) {
    if (isText(body)) return false;
    const printed = (one) => print(target, one).replace(/>\s+</g, '><');
    return printed(body) === printed(replaced(honest, listOf(honest), []));
  }

  const started = Date.now();
  let peak = 0;
  let told = 0;
  async function tell(scene, target, { body, what, hides, lost, strange }) {
    const { ended, asked, result } = await once(scene, target, body, `${target}: ${what}`);
    if (ended === 'well' && asked.includes(target)) {
      const found = (how) => findings.push(`${scene.name}, ${target}: ${what}: ${how}`);
      if (hides && !saysNone(scene.answers[target], target, body)) found('read as if nothing were there');
      else if (lost !== undefined && mayLack !== undefined && !mayLack.includes(lost)) found('not missed');
      if (strange && (JSON.stringify(result) ?? STRANGER).includes(STRANGER)) found('told as what was asked for');
    }
    told++;
    if (told % 500 === 0) {
      // what a driver has learned from a lie must not hide the next one
      await driver.close();
      driver = await openDriver(endpoint);
    }
    if (told % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }

  let enumerated = 0;
  try {
    const reads = new Map();
    for (const scene of scenes) {
      const { ended, asked } = await once(scene, '', undefined, 'honest');
      if (ended !== 'well') findings.push(`${scene.name}, honest: ${ended}`);
      reads.set(scene, [...new Set(asked)]);
    }
    const answers = [...answersOf(reads)];
    for (const [at, { target, answer, asking }] of answers.entries()) {
      const honest = print(target, answer);
      const next = answers[(at + 1) % answers.length];
      const instead = [honest.slice(0, honest.length / 2), print(next.target, next.answer), ...wholes];
      for (const one of everyLie(answer, instead)) {
        if (findings.length >= 20) break;
        // those who ask take turns, from another one in each run
        await tell(asking[(seed + told) % asking.length], target, one);
      }
      for (const scene of asking)
        for (const one of aboutOthers(answer, scene.about ?? [])) await tell(scene, target, one);
    }
    enumerated = told;
    const random = Date.now();
    const done = () => told - enumerated;
    while (done() < inputs && (done() < LEAST || Date.now() - random < seconds * 1000) && findings.length < 20) {
      const scene = scenes[roll(scenes.length)];
      const operations = reads.get(scene);
      const target = operations[roll(operations.length)];
      await tell(scene, target, lie(scene.answers[target], roll));
    }
  } finally {
    await driver.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  peak = Math.max(peak, process.memoryUsage().rss);
  return {
    seed,
    enumerated,
    inputs: told - enumerated,
    findings,
    milliseconds: Date.now() - started,
    peakMegabytes: Math.round(peak / 1048576),
  };
}
