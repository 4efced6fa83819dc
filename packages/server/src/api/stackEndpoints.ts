/** Stacks, what the last look saw of them, and their schedules. */
import { IsInt, IsOptional, Min } from 'class-validator';
import { PeerwayError } from '@peerway/core';
import { About } from '../input/about.js';
import { checked } from '../input/checked.js';
import { SetSchedule } from '../runs/requests.js';
import { orHidden, requireScope, type Asked, type Endpoint } from './endpoint.js';

export const BODY = {
  place: 'body',
  remedy: 'Correct the body and send it again; /openapi.json says what may stand there.',
};

class SeenQuery {
  @About('`look.at` of the look that the client has already: it is left out where nothing has looked since.')
  @IsOptional()
  @IsInt()
  @Min(0)
  seen?: number;
}

const stackOf = ({ path }: Asked): string => path['stack'] ?? '';

const listStacks: Endpoint = {
  method: 'GET',
  path: '/v1/stacks',
  id: 'listStacks',
  about: 'The stacks that the token shows, by name, with the last look and the last run of each',
  detail:
    '`problems` names the files of stacks that are left out, and why: those of stacks that the token shows, and with a scope of `*` also ' +
    'those that say no name.',
  verbs: ['read'],
  answers: { 200: 'StackList' },
  answer: async ({ caller }, { service }) => {
    const { stacks, problems } = await service.stacks();
    return {
      status: 200,
      body: {
        stacks: stacks.filter(({ name }) => caller.may('read', name)),
        problems: problems.filter(({ stack }) =>
          stack === undefined ? caller.mayEverywhere('read') : caller.may('read', stack),
        ),
      },
    };
  },
};

const readStack: Endpoint = {
  method: 'GET',
  path: '/v1/stacks/{stack}',
  id: 'readStack',
  about:
    'One stack: what the last look saw (networks, connections, differences), its schedule, and what this token may do',
  verbs: ['read'],
  query: SeenQuery,
  answers: { 200: 'Stack' },
  refuses: { 409: 'Its file is left out; `detail` says why.' },
  answer: async (asked, { service }) => {
    const { caller, query } = asked;
    const name = stackOf(asked);
    requireScope(caller, 'read', name);
    const { seen } = checked(SeenQuery, query, {}, { ...BODY, place: 'query' });
    const [entry, schedule] = await Promise.all([orHidden(service.stack(name), 'stack'), service.schedule(name)]);
    const { lastLook } = entry;
    const isNew = lastLook !== undefined && lastLook.at !== seen;
    const look = isNew ? await orHidden(service.lastLook(name), 'stack') : undefined;
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
