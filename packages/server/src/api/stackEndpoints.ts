/** Stacks, what the last look saw of them, and their schedules. */
import { PeerwayError } from '@peerway/core';
import { checked } from '../input/checked.js';
import { SetSchedule } from '../runs/requests.js';
import { orHidden, requireScope, type Asked, type Endpoint } from './endpoint.js';

export const BODY = {
  place: 'body',
  remedy: 'Correct the body and send it again; /openapi.json says what may stand there.',
};

const stackOf = ({ path }: Asked): string => path['stack'] ?? '';

const listStacks: Endpoint = {
  method: 'GET',
  path: '/v1/stacks',
  id: 'listStacks',
  about: 'The stacks that the token shows, by name, with the last look and the last run of each',
  verbs: ['read'],
  answers: { 200: 'StackList' },
  answer: async ({ caller }, { service }) => {
    const stacks = await service.stacks();
    return { status: 200, body: { stacks: stacks.filter(({ name }) => caller.may('read', name)) } };
  },
};

const readStack: Endpoint = {
  method: 'GET',
  path: '/v1/stacks/{stack}',
  id: 'readStack',
  about:
    'One stack: what the last look saw (networks, connections, differences), its schedule, and what this token may do',
  verbs: ['read'],
  answers: { 200: 'Stack' },
  answer: async (asked, { service }) => {
    const { caller } = asked;
    const name = stackOf(asked);
    requireScope(caller, 'read', name);
    const [stacks, schedules, look] = await Promise.all([
      service.stacks(),
      service.schedules(),
      orHidden(service.lastLook(name), 'stack'),
    ]);
    const entry = stacks.find((each) => each.name === name);
    if (entry === undefined) return orHidden(Promise.reject(new PeerwayError('NotFound', '')), 'stack');
    const schedule = schedules.find(({ stack }) => stack === name);
    return {
      status: 200,
      body: {
        ...entry,
        may: caller.verbsFor(name),
        ...(look === undefined ? {} : { look }),
        ...(schedule === undefined ? {} : { schedule }),
      },
    };
  },
};

const lookNow: Endpoint = {
  method: 'POST',
  path: '/v1/stacks/{stack}/look',
  id: 'lookNow',
  about: 'Looks at the clouds now and answers with what is seen; changes nothing',
  verbs: ['plan'],
  answers: { 200: 'Look' },
  answer: async (asked, { service }) => {
    requireScope(asked.caller, 'plan', stackOf(asked));
    return { status: 200, body: await orHidden(service.look(stackOf(asked), asked.gone.signal), 'stack') };
  },
};

const drawStack: Endpoint = {
  method: 'GET',
  path: '/v1/stacks/{stack}/graph.svg',
  id: 'drawStack',
  about: 'What the last look saw, as a picture',
  detail:
    'A connection is `g.edge` with its health as a class and the id `edge-0`, `edge-1` and so on, in the order of `look.graph.edges`.',
  verbs: ['read'],
  answers: { 200: 'Picture' },
  refuses: {
    409: 'Nothing has looked at the stack yet, or the last look failed.',
    422: 'It has too many connections.',
  },
  answer: async (asked, { service, drawing }) => {
    requireScope(asked.caller, 'read', stackOf(asked));
    const look = await orHidden(service.lastLook(stackOf(asked)), 'stack');
    if (look?.graph === undefined) {
      throw new PeerwayError('FailedPrecondition', 'There is nothing to draw: no look at the stack has succeeded yet', {
        remedy: 'Look now, or give the stack a schedule.',
      });
    }
    return { svg: await drawing.svgOf({ stack: look.stack, at: look.at, graph: look.graph }) };
  },
};

const listSchedules: Endpoint = {
  method: 'GET',
  path: '/v1/schedules',
  id: 'listSchedules',
  about: 'The schedules of the stacks that the token shows',
  verbs: ['read'],
  answers: { 200: 'ScheduleList' },
  answer: async ({ caller }, { service }) => {
    const schedules = await service.schedules();
    return { status: 200, body: { schedules: schedules.filter(({ stack }) => caller.may('read', stack)) } };
  },
};

const setSchedule: Endpoint = {
  method: 'PUT',
  path: '/v1/stacks/{stack}/schedule',
  id: 'setSchedule',
  about: 'Makes or changes the schedule of a stack',
  detail:
    'A schedule that applies wants the verb `apply` beside `schedule`: it changes clouds without anybody who approves.',
  verbs: ['schedule'],
  body: { type: SetSchedule, without: ['stack'] },
  answers: { 200: 'Schedule' },
  answer: async (asked, { service }) => {
    const stack = stackOf(asked);
    requireScope(asked.caller, 'schedule', stack);
    const wanted = checked(SetSchedule, asked.body, { stack }, BODY);
    if (wanted.action === 'apply') requireScope(asked.caller, 'apply', stack);
    return { status: 200, body: await orHidden(service.setSchedule(wanted), 'stack') };
  },
};

const deleteSchedule: Endpoint = {
  method: 'DELETE',
  path: '/v1/stacks/{stack}/schedule',
  id: 'deleteSchedule',
  about: 'Removes the schedule of a stack; of one without a schedule, nothing',
  verbs: ['schedule'],
  answers: { 204: 'Nothing' },
  answer: async (asked, { service }) => {
    requireScope(asked.caller, 'schedule', stackOf(asked));
    await orHidden(service.deleteSchedule(stackOf(asked)), 'stack');
    return { status: 204 };
  },
};

export const STACK_ENDPOINTS: readonly Endpoint[] = [
  listStacks,
  readStack,
  lookNow,
  drawStack,
  listSchedules,
  setSchedule,
  deleteSchedule,
];
