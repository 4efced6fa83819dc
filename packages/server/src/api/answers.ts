/** What the API answers, as JSON Schema. Members of the engine's own data are described as far as a client acts on them. */
import { ERROR_CODES } from '@peerway/core';
import { VERBS } from '../access/scope.js';
import type { Schema } from '../input/schema.js';

const text = { type: 'string' };
const whole = { type: 'integer' };
const instant = { type: 'integer', description: 'Milliseconds since 1970-01-01T00:00:00Z.' };
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const oneOf = (...words: readonly string[]): Schema => ({ type: 'string', enum: words });

/** Members whose name ends with `?` may be missing. */
function object(members: Readonly<Record<string, Schema>>, description?: string): Schema {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    required: Object.keys(members).filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  };
}

const STEP_STATES = ['queued', 'running', 'done', 'failed', 'skipped', 'left'];
const MODE = oneOf('apply', 'destroy');
const STATE = oneOf('queued', 'planning', 'awaiting-approval', 'running', 'stopping', 'ended');
const HEALTHS = ['connected', 'pending', 'broken', 'absent'];
const counts = (words: readonly string[]): Schema => object(Object.fromEntries(words.map((word) => [word, whole])));

const run = {
  id: { ...text, description: '`<stack>.<unique part>`' },
  stack: text,
  mode: MODE,
  state: STATE,
  'outcome?': oneOf('done', 'failed', 'canceled', 'refused'),
  by: { ...text, description: 'What the token, or the schedule, is called that ordered it.' },
  submittedAt: instant,
  'endedAt?': instant,
  counts: counts(STEP_STATES),
};

const stack = {
  name: text,
  digest: { ...text, description: 'SHA-256 of the config text.' },
  file: text,
  'run?': { ...text, description: 'The run under way.' },
  'lastLook?': ref('LookSummary'),
  'lastRun?': ref('RunSummary'),
};

const mayMember = listOf(oneOf(...VERBS));

const problemList = listOf(
  object({ severity: oneOf('error', 'warning'), kind: text, object: text, message: text, remedy: text }),
);

export const ANSWER_SCHEMAS = {
  Error: object(
    {
      code: oneOf(...ERROR_CODES),
      message: text,
      remedy: text,
      'resource?': text,
      'nativeCode?': text,
      'requestId?': text,
    },
    'An error of a run; docs/errors.md says what each code means.',
  ),
  Problem: object(
    {
      type: text,
      title: text,
      status: whole,
      detail: text,
      code: oneOf(...ERROR_CODES),
      remedy: text,
      'place?': text,
      'run?': { ...text, description: 'The run that is in the way.' },
    },
    'RFC 9457; act on `code`.',
  ),
  RunSummary: object(run),
  RunAccepted: object({ id: text, stack: text, mode: MODE, state: STATE }),
  RunList: object({ runs: listOf(ref('RunSummary')) }),
  Step: object({
    id: text,
    action: text,
    object: text,
    connection: text,
    state: oneOf(...STEP_STATES),
    needs: listOf(text),
    'waitingFor?': text,
    'expectedAt?': instant,
    'because?': text,
    'error?': ref('Error'),
    'startedAt?': instant,
    'durationMs?': whole,
  }),
  Drift: object({ kind: text, object: text, connection: text, detail: text }),
  PlanDigest: object({
    fingerprint: text,
    steps: whole,
    summary: { type: 'object', additionalProperties: whole },
    problems: problemList,
    drift: listOf(ref('Drift')),
  }),
  RunDetail: object({
    ...run,
    may: mayMember,
    'plan?': ref('PlanDigest'),
    steps: listOf(ref('Step')),
    'error?': ref('Error'),
    lastEvent: whole,
  }),
  Plan: object({
    version: { const: 1 },
    stack: text,
    mode: MODE,
    prune: text,
    targets: listOf(text),
    fingerprint: text,
    steps: listOf(
      object({ id: text, action: text, object: text, connection: text, reason: text, needs: listOf(text) }),
    ),
    problems: problemList,
    drift: listOf(ref('Drift')),
    summary: { type: 'object', additionalProperties: whole },
  }),
  LookSummary: object({
    stack: text,
    at: instant,
    'drift?': whole,
    'connections?': counts(HEALTHS),
    'error?': ref('Error'),
  }),
  Graph: object({
    version: { const: 1 },
    stack: text,
    networks: listOf(
      object({
        name: text,
        id: text,
        cloud: text,
        account: text,
        region: text,
        cidrs: listOf(text),
        found: { type: 'boolean' },
      }),
    ),
    edges: listOf(
      object({
        name: text,
        kind: oneOf('peering', 'link'),
        networks: listOf(text),
        health: oneOf(...HEALTHS),
        'state?': text,
        'nativeState?': text,
        'id?': text,
        routes: object({ total: whole, active: whole }),
        faults: listOf(text),
      }),
    ),
  }),
  Look: object({
    stack: text,
    at: instant,
    drift: listOf(ref('Drift')),
    'summary?': { type: 'object', additionalProperties: whole },
    'graph?': ref('Graph'),
    'error?': ref('Error'),
  }),
  StackEntry: object(stack),
  StackProblem: object({ file: text, 'stack?': text, message: text, remedy: text }),
  StackList: object({ stacks: listOf(ref('StackEntry')), problems: listOf(ref('StackProblem')) }),
  Stack: object({ ...stack, may: mayMember, 'look?': ref('Look'), 'schedule?': ref('Schedule') }),
  Schedule: object({
    stack: text,
    action: oneOf('look', 'apply'),
    everySeconds: whole,
    paused: { type: 'boolean' },
    'nextAt?': instant,
    'lastAt?': instant,
  }),
  ScheduleList: object({ schedules: listOf(ref('Schedule')) }),
} satisfies Readonly<Record<string, Schema>>;

/** A schema by its name, or something that is no JSON. */
export type AnswerName = keyof typeof ANSWER_SCHEMAS | 'Nothing' | 'Picture' | 'Events';
