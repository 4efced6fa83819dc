/** The steps on links, in this process: make, take the remaining steps, wait together, remove. */
import { isDeepStrictEqual } from 'node:util';
import { isPeerwayError, PeerwayError, probesAs, traitsOf, movesByItself, type Link, type LinkId } from '@peerway/core';
import { shows } from './evidence.js';
import type { StepResult } from './executor.js';
import { collect } from '../world/collect.js';
import { linkHops } from '../world/linkFacts.js';
import { CONNECTION_TAG, readMarkerText, STACK_TAG } from '../world/ownership.js';
import { FIRST_LOOK_MS, firstLookMs } from '../pacing/pollTiming.js';
import {
  GIVE_UP_AFTER_MS,
  goneAndListed,
  tokenOf,
  VISIBLE_WITHIN_MS,
  type StepContext,
  type Work,
} from './stepContext.js';

export async function createLink(work: Work<'link.create'>, context: StepContext): Promise<StepResult> {
  const { calls } = context;
  const request = { ...work.request, ...tokenOf(context) };
  let id: LinkId;
  try {
    id = await calls.onLinks(work, (links, options) => links.request(request, options), context);
  } catch (error) {
    if (!isPeerwayError(error, 'AlreadyExists')) throw error;
    const ours = await findOurs(work, context);
    if (ours === undefined) throw error;
    id = ours;
  }
  return settle({ ...work, link: id }, context, true);
}

export const settleLink = (work: Work<'link.settle'>, context: StepContext): Promise<StepResult> =>
  settle(work, context, false);

const hopsOf = (link: Link): StepResult => ({
  kind: 'link',
  link: link.id,
  ...(link.nextHop === undefined ? {} : { line: link.nextHop }),
  ...(link.edge === undefined ? {} : { edgeTable: link.edge.table }),
  ...(link.edge?.towardNetwork === undefined ? {} : { towardNetwork: link.edge.towardNetwork }),
  ...(link.edge?.towardCustomer === undefined ? {} : { towardCustomer: link.edge.towardCustomer }),
});

async function findOurs(work: Work<'link.create'>, { calls, stack }: StepContext): Promise<LinkId | undefined> {
  const { request } = work;
  const links = await calls.onLinks(work, (target) => collect(target.list({ port: request.port })));
  return links.find(
    (link) =>
      link.vlan === request.vlan &&
      (link.tags[STACK_TAG] ?? readMarkerText(link.description)?.stack) === stack &&
      (link.tags[CONNECTION_TAG] ?? readMarkerText(link.description)?.connection) === request.name,
  )?.id;
}

/** Takes the steps that are left until the link is active; one that an owner had switched off, or half of it, is switched on. */
async function settle(
  work: Pick<Work<'link.settle'>, 'provider' | 'other' | 'link' | 'request'>,
  context: StepContext,
  fresh: boolean,
): Promise<StepResult> {
  const { calls } = context;
  const { provider, link: id, request } = work;
  const start = calls.clock.now();
  const resumes = calls.provider(provider).capabilities.links.features.suspend.status === 'supported';
  let since = start;
  let firstMs = (fresh ? calls.provider(provider).capabilities.links.takesMs?.create : undefined) ?? FIRST_LOOK_MS.step;
  let actedOn: Link | undefined;
  for (let steps = 0; calls.clock.now() - start <= GIVE_UP_AFTER_MS; steps++) {
    const kind = `${calls.provider(provider).id} link step ${fresh ? steps : 'settle'}`;
    context.waiting(`link ${id} to become active`, calls.timing.etaMs(kind, 0));
    let seen: Link | undefined;
    await calls.links(work).watch(
      { kind, scope: id, since, firstMs },
      (links, age) => {
        seen = links.find((link) => link.id === id);
        // what a step has not changed, it may change yet; or somebody undid it, and its token still gets the same answer
        if (actedOn !== undefined && age <= VISIBLE_WITHIN_MS && isDeepStrictEqual(seen, actedOn)) return false;
        return mayGoOn(seen, { id, age, visibleWithin: fresh ? VISIBLE_WITHIN_MS : 0, resumes });
      },
      context.signal,
    );
    const link = seen;
    if (link === undefined) break;
    if (link.next === 'continue')
      await calls.onLinks(work, (links, options) => links.advance(link, request, options), context);
    else if (link.reason === 'suspended')
      await calls.onLinks(work, (links, options) => links.resume(id, options), context);
    else {
      await probe(work, link, context);
      return hopsOf(link);
    }
    firstMs = (link.next === 'continue' ? link.nextTakesMs : undefined) ?? FIRST_LOOK_MS.step;
    since = calls.clock.now();
    actedOn = link;
  }
  throw new PeerwayError('FailedPrecondition', `The creation of ${id} does not end`, {
    resource: id,
    remedy: 'Look at it in the cloud’s console, then run again.',
  });
}

/** The last step of a link that is active: the health check, where it is not as declared. */
async function probe(
  work: Pick<Work<'link.settle'>, 'provider' | 'other' | 'request'>,
  link: Link,
  context: StepContext,
): Promise<void> {
  const { healthCheck } = work.request;
  if (healthCheck === undefined || probesAs(link.healthCheck, healthCheck)) return;
  await context.calls.onLinks(work, (links, options) => links.advance(link, work.request, options), context);
}

/** Whether a reading asks for something of us, or is what we wait for. @throws PeerwayError when waiting is of no use */
function mayGoOn(
  seen: Link | undefined,
  {
    id,
    age,
    visibleWithin,
    resumes,
  }: { readonly id: LinkId; readonly age: number; readonly visibleWithin: number; readonly resumes: boolean },
): boolean {
  if (seen === undefined) {
    if (age <= visibleWithin) return false;
    throw new PeerwayError('NotFound', `The link ${id} is gone`, { resource: id, remedy: 'Plan again.' });
  }
  if (seen.next === 'continue' || seen.state === 'active') return true;
  if (seen.reason === 'suspended' && resumes) return true;
  if (!traitsOf(seen.state).mayBecomeActive)
    throw new PeerwayError('FailedPrecondition', `The link ${id} became ${seen.state}`, {
      resource: id,
      remedy: 'Plan again: the plan says what can be done about it.',
    });
  if (age <= GIVE_UP_AFTER_MS) return false;
  throw new PeerwayError('DeadlineExceeded', `The link ${id} is still ${seen.nativeState}`, {
    resource: id,
    remedy: 'Look at it in the cloud’s console, then run again.',
  });
}

/** Switches on what is off, then takes the steps that are left. */
export async function resumeLink(work: Work<'link.resume'>, context: StepContext): Promise<StepResult> {
  await context.calls.onLinks(work, (links, options) => links.resume(work.link, options), context);
  return settle(work, context, false);
}

export async function updateLink(work: Work<'link.update'>, context: StepContext): Promise<StepResult> {
  const { calls } = context;
  await calls.onLinks(work, (links, options) => links.update(work.link, work.update, options), context);
  const now = await calls.onLinks(work, (links, options) => links.get(work.link, options), context);
  if (shows(work.update, now)) context.evidence.seen();
  return hopsOf(now);
}

export async function deleteLink(work: Work<'link.delete'>, context: StepContext): Promise<StepResult> {
  const { calls, signal } = context;
  const id = work.link;
  const pace = calls.provider(work.provider).capabilities.links.takesMs;
  let leaving = work.leaving;
  for (let steps = 0; steps < 20; steps++) {
    const seen = calls.readings.link(work.provider, id);
    const before = {
      ...(seen === undefined ? {} : { seen }),
      unrouted: calls.readings.unrouted(work.provider, seen?.network, seen === undefined ? [] : linkHops(seen)),
    };
    const progress = leaving
      ? 'started'
      : await calls.onLinks(work, (links, options) => links.requestDelete(id, { ...options, ...before }), context);
    leaving = false;
    if (progress === 'gone') return { kind: 'none' };
    const since = calls.clock.now();
    const kind = `${calls.provider(work.provider).id} link delete ${progress}`;
    context.waiting(`link ${id} to go`, calls.timing.etaMs(kind, 0));
    let gone = false;
    await calls.links(work).watch(
      { kind, scope: id, since, firstMs: firstLookMs(progress, pace) },
      (links, age) => {
        const left = links.find((link) => link.id === id);
        gone = left === undefined;
        if (gone) return true;
        if (progress === 'missing' && age > VISIBLE_WITHIN_MS) throw goneAndListed(`link ${id}`);
        if (age > GIVE_UP_AFTER_MS)
          throw new PeerwayError('DeadlineExceeded', `The link ${id} is still there`, {
            resource: id,
            remedy: 'Look at it in the cloud’s console, then run again.',
          });
        return progress === 'continue' && left !== undefined && !movesByItself(left);
      },
      signal,
    );
    if (gone) return { kind: 'none' };
  }
  throw new PeerwayError('FailedPrecondition', `The link ${id} does not go`, {
    resource: id,
    remedy: 'Look at it in the cloud’s console, then run again.',
  });
}
