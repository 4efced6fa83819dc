/** Answers that are not whole, or say something else: each member in turn. Part of the words and of the links suite. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { A0, type CaseContext } from '../caseContext.js';
import { distorted, effect, LIES, membersOf, nameOf, outcomeOf, type Lie, type MemberPath } from '../distortion.js';
import { cold, READS, type First } from './coldDriver.js';

/** A line is of two halves on many clouds, which are the newest of their listing. */
const PARTS_OF_A_LINK = 2;

type Act = Awaited<ReturnType<First['prepare']>>;

interface Part {
  readonly request: number;
  readonly operation: string;
  readonly member: MemberPath;
}

/** What a driver that has not asked anybody yet makes of its answers, each of which is changed so. */
async function read(context: CaseContext, act: Act, change: (answer: unknown, request: number) => unknown) {
  let count = 0;
  context.world.rewrite?.((answer) => change(answer, count++));
  try {
    const { traffic } = await cold(
      context,
      (driver) => outcomeOf(act(driver, context.call())),
      () => context.unheard(A0),
    );
    assert.equal(traffic.mutating.length, 0, 'A reading has sent a change');
    return { outcome: traffic.value, operations: traffic.requests.map(({ operation }) => operation) };
  } finally {
    context.world.rewrite?.(undefined);
  }
}

/** What a driver asks in order to know whose keys it has. */
async function beforehand(context: CaseContext): Promise<readonly string[]> {
  const { operations } = await read(
    context,
    async (driver, call) => driver.ownAccount?.(call),
    (answer) => answer,
  );
  return operations;
}

/** The members of all answers that one reading takes, but of several alike only those of the first. */
async function partsOf(context: CaseContext, act: Act, items: number) {
  const known = await beforehand(context);
  const answers: unknown[] = [];
  const { outcome, operations } = await read(context, act, (answer) => {
    answers.push(answer);
    return answer;
  });
  const isOwn = operations.some((one) => !known.includes(one))
    ? (operation: string) => !known.includes(operation)
    : () => true;
  const parts = answers.flatMap((answer, request): Part[] => {
    const operation = operations[request] ?? '';
    const isTried = isOwn(operation) && operations.indexOf(operation) === request;
    return isTried ? membersOf(answer, items).map((member) => ({ request, operation, member })) : [];
  });
  return { outcome, parts };
}

async function tryEach(context: CaseContext, verb: string, lie: Lie, act: Act): Promise<void> {
  const items = verb.includes('link') ? PARTS_OF_A_LINK : 1;
  const { outcome: whole, parts } = await partsOf(context, act, items);
  assert.ok('value' in whole && parts.length > 0, 'It cannot be read as it is');
  const without = new Map<string, string[]>(); // operation → members that make no difference
  for (const { request, operation, member } of parts) {
    const name = nameOf(member);
    let met = false;
    const { outcome } = await read(context, act, (answer, at) => {
      const changed = at === request ? distorted(answer, member, lie) : undefined;
      met ||= changed !== undefined;
      return changed ?? answer;
    }).catch((error: unknown) => {
      throw new Error(`${operation}, ${name} ${lie}: ${String(error)}`);
    });
    if (!met) continue;
    const what = effect(whole, outcome);
    if (what === 'the same') without.set(operation, [...(without.get(operation) ?? []), name]);
    else context.tell(`makes of ${operation}, where it ${verb}, with ${name} ${lie}: ${what}`);
  }
  for (const [operation, names] of without)
    context.tell(`makes of ${operation}, where it ${verb}, the same with ${lie}: ${names.join(', ')}`);
}

const each = ({ verb, needs: wanted = [], prepare }: First, lie: Lie): Case => ({
  name: `A driver that ${verb} makes a reading, or an error of its own, of any answer of which one member is ${lie}`,
  usually:
    'What the cloud sent the last time is taken for what it always sends: it leaves out what is empty, or sends it empty.',
  needs: [...wanted, needs.offer('rewrite')],
  run: async (context) => tryEach(context, verb, lie, await prepare(context)),
});

const isOfLinks = ({ verb }: First): boolean => verb.endsWith('link') || verb.endsWith('links');

const casesOf = (reads: readonly First[]): readonly Case[] => reads.flatMap((one) => LIES.map((lie) => each(one, lie)));

/** What the one side makes of a peering's record the other does as well. */
const isTwin = ({ verb }: First): boolean => verb.endsWith('acceptor');

export const distortedReadings = casesOf(READS.filter((one) => !isOfLinks(one) && !isTwin(one)));
export const distortedLinks = casesOf(READS.filter(isOfLinks));
