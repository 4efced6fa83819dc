/** Runs: ordered, watched, approved and stopped. */
import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { PeerwayError } from '@peerway/core';
import { About } from '../input/about.js';
import { checked } from '../input/checked.js';
import { SubmitRun } from '../runs/requests.js';
import type { RunState } from '../runs/service.js';
import { orHidden, requireRunScope, requireScope, type Asked, type Endpoint } from './endpoint.js';
import { keyOf } from './idempotency.js';
import { Refusal } from './problem.js';
import { BODY } from './stackEndpoints.js';

const STATES: Readonly<Record<RunState, true>> = {
  queued: true,
  planning: true,
  'awaiting-approval': true,
  running: true,
  stopping: true,
  ended: true,
};
const DEFAULT_LIMIT = 50;
const MOST = 500;

class RunsQuery {
  @About('Only the runs of this stack.')
  @IsOptional()
  @IsString()
  @Length(1, 63)
  stack?: string;

  @About('Only runs in this state.')
  @IsOptional()
  @IsIn(Object.keys(STATES))
  state?: RunState;

  @About('At most so many, the newest first. Default 50.')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST)
  limit?: number;
}

class Approval {
  @About('The fingerprint of the plan that was looked at: `plan.fingerprint` of the run.')
  @Matches(/^[0-9a-f]{16,64}$/)
  fingerprint!: string;
}

class AfterQuery {
  @About('As `Last-Event-ID`, for clients that cannot set a header.')
  @IsOptional()
  @IsInt()
  @Min(0)
  after?: number;
}

const runOf = ({ path }: Asked): string => path['run'] ?? '';

const listRuns: Endpoint = {
  method: 'GET',
  path: '/v1/runs',
  id: 'listRuns',
  about: 'Runs of the stacks that the token shows, the newest first, also of those that are not declared any more',
  verbs: ['read'],
  query: RunsQuery,
  answers: { 200: 'RunList' },
  answer: async ({ caller, query }, { service }) => {
    const { stack, state, limit = DEFAULT_LIMIT } = checked(RunsQuery, query, {}, { ...BODY, place: 'query' });
    if (stack !== undefined) requireScope(caller, 'read', stack);
    const which = stack === undefined ? { stacks: caller.stacksFor('read') } : { stack };
    const runs = await service.runs({ ...which, limit, ...(state === undefined ? {} : { state }) });
    return { status: 200, body: { runs } };
  },
};

const submitRun: Endpoint = {
  method: 'POST',
  path: '/v1/runs',
  id: 'submitRun',
  about: 'Orders a run of a stack: plan, then apply or destroy',
  detail:
    'With `askFirst` the run waits for approval and the verb `plan` is enough; without it the verb `apply` is needed. The same ' +
    '`Idempotency-Key` again answers 200 with the run that it began.',
  verbs: ['plan', 'apply'],
  headers: [
    {
      name: 'Idempotency-Key',
      about: 'Up to 100 visible characters of your choice, another for each run that is meant.',
    },
  ],
  body: { type: SubmitRun, without: ['key'] },
  answers: { 200: 'RunAccepted', 202: 'RunAccepted' },
  refuses: {
    409: 'Another run of the stack is under way; `run` names it.',
    422: 'The idempotency key was used for another request.',
  },
  answer: async ({ caller, body, header }, { service }) => {
    const key = header('idempotency-key');
    const request = checked(SubmitRun, body, { key: undefined }, BODY);
    requireScope(caller, request.askFirst === true ? 'plan' : 'apply', request.stack);
    if (key === undefined) delete request.key;
    else request.key = keyOf(caller.name, request.stack, key);
    const submitted = await orHidden(service.submit(request, caller.name), 'stack');
    if (submitted.kind === 'other') {
      throw new Refusal('InvalidArgument', 'The idempotency key was used for another request', {
        remedy: 'Choose another key for another run.',
        status: 422,
        ...(caller.may('read', request.stack) ? { run: submitted.run } : {}),
      });
    }
    if (submitted.kind === 'busy') {
      throw new Refusal('Conflict', 'Another run of this stack is under way', {
        remedy: 'Wait for it to end, or stop it, and submit again.',
        ...(caller.may('read', request.stack) ? { run: submitted.run } : {}),
      });
    }
    const { id, stack, mode, state } = await service.run(submitted.run);
    return {
      status: submitted.kind === 'known' ? 200 : 202,
      body: { id, stack, mode, state },
      location: `/v1/runs/${encodeURIComponent(id)}`,
    };
  },
};

const readRun: Endpoint = {
  method: 'GET',
  path: '/v1/runs/{run}',
  id: 'readRun',
  about: 'One run with its steps: how each stands, what it waits for, what went wrong',
  verbs: ['read'],
  answers: { 200: 'RunDetail' },
  answer: async (asked, { service }) => {
    requireRunScope(asked.caller, 'read', runOf(asked));
    const run = await orHidden(service.run(runOf(asked)), 'run');
    return { status: 200, body: { ...run, may: asked.caller.verbsFor(run.stack) } };
  },
};

const readPlan: Endpoint = {
  method: 'GET',
  path: '/v1/runs/{run}/plan',
  id: 'readPlan',
  about: 'The plan of a run, as `peerway plan --json` prints it',
  verbs: ['read'],
  answers: { 200: 'Plan' },
  refuses: { 409: 'It is not planned yet.' },
  answer: async (asked, { service }) => {
    requireRunScope(asked.caller, 'read', runOf(asked));
    return { status: 200, body: await orHidden(service.plan(runOf(asked)), 'run') };
  },
};

const readEvents: Endpoint = {
  method: 'GET',
  path: '/v1/runs/{run}/events',
  id: 'readEvents',
  about: 'The events of a run as they happen, as server-sent events, until it has ended',
  detail:
    'Each has its number as `id:`; a client that was cut off sends the last one as `Last-Event-ID` and misses nothing that lasts. After ' +
    'the last comes `event: end`; `event: problem` is an error of the host of the runs, and the client may ask again.',
  verbs: ['read'],
  query: AfterQuery,
  headers: [{ name: 'Last-Event-ID', about: 'Number of the last event that was read; without it all are sent.' }],
  answers: { 200: 'Events' },
  answer: async ({ caller, path, query, header, gone }, { service }) => {
    const run = path['run'] ?? '';
    requireRunScope(caller, 'read', run);
    const { after = 0 } = checked(AfterQuery, query, {}, { ...BODY, place: 'query' });
    const last = header('last-event-id');
    if (last !== undefined && !/^\d{1,15}$/.test(last)) {
      throw new PeerwayError('InvalidArgument', 'It is no number of an event', {
        place: 'Last-Event-ID',
        remedy: 'Send the `id:` of the last event that was read, or leave the header out.',
      });
    }
    await orHidden(service.run(run), 'run');
    return { events: service.events(run, last === undefined ? after : Number(last), gone.signal) };
  },
};

const approveRun: Endpoint = {
  method: 'POST',
  path: '/v1/runs/{run}/approval',
  id: 'approveRun',
  about: 'Lets a run that waits for approval go on, with the plan that was looked at and no other',
  verbs: ['approve'],
  body: { type: Approval, without: [] },
  answers: { 204: 'Nothing' },
  refuses: { 409: 'It does not wait for approval, or waits with another plan.' },
  answer: async (asked, { service }) => {
    requireRunScope(asked.caller, 'approve', runOf(asked));
    const { fingerprint } = checked(Approval, asked.body, {}, BODY);
    await orHidden(service.approve(runOf(asked), fingerprint, asked.caller.name), 'run');
    return { status: 204 };
  },
};

const cancelRun: Endpoint = {
  method: 'POST',
  path: '/v1/runs/{run}/cancellation',
  id: 'cancelRun',
  about:
    'Asks a run to stop: nothing more is begun, what the cloud has begun goes on; of a run that has ended, nothing',
  verbs: ['cancel'],
  answers: { 204: 'Nothing' },
  answer: async (asked, { service }) => {
    requireRunScope(asked.caller, 'cancel', runOf(asked));
    await orHidden(service.cancel(runOf(asked), asked.caller.name), 'run');
    return { status: 204 };
  },
};

export const RUN_ENDPOINTS: readonly Endpoint[] = [
  listRuns,
  submitRun,
  readRun,
  readPlan,
  readEvents,
  approveRun,
  cancelRun,
];
