/** Answers that are not whole, or say something else: each member in turn. Part of the words and of the links suite. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { A0, type CaseContext } from '../caseContext.js';
import { distorted, effect, LIES, membersOf, nameOf, outcomeOf, type Lie, type MemberPath } from '../distortion.js';
import { linkRequest } from './linkRequest.js';
import { cold, READS, type First } from './coldDriver.js';

/** A line is of two halves on many clouds, which are the newest of their listing. */
const PARTS_OF_A_LINK = 2;

type Act = Awaited<ReturnType<First['prepare']>>;

interface Attempt {
  readonly act: Act;
  /** Whether it is to change something; what it then sends is a part of what is made of the answers. */
  readonly changes: boolean;
  readonly mayAskNothing?: boolean;
  /** Whether it needs for itself what a driver asks in order to know whose keys it has. */
  readonly asksAnyway?: boolean;
}

interface Part {
  readonly request: number;
  readonly operation: string;
  readonly member: MemberPath;
}

/** What a driver that has not asked anybody yet makes of its answers, each of which is changed so. */
async function read(
  context: CaseContext,
  { act, changes }: Attempt,
  change: (answer: unknown, request: number) => unknown,
) {
  let count = 0;
  context.world.rewrite?.((answer) => change(answer, count++));
  try {
    const { traffic } = await context.overlooking(() =>
      cold(
        context,
        (driver) => outcomeOf(act(driver, context.call())),
        () => context.unheard(A0),
      ),
    );
    if (!changes) assert.equal(traffic.mutating.length, 0, 'A reading has sent a change');
    return { outcome: traffic.value, operations: traffic.requests.map(({ operation }) => operation) };
  } finally {
    context.world.rewrite?.(undefined);
  }
}

/** What a driver asks in order to know whose keys it has. */
async function beforehand(context: CaseContext): Promise<readonly string[]> {
  const { operations } = await read(
    context,
    { act: async (driver, call) => driver.ownAccount?.(call), changes: false },
    (answer) => answer,
  );
  return operations;
}

/** The members of all answers that one reading takes, but of several alike only those of the first. */
async function partsOf(context: CaseContext, attempt: Attempt, items: number) {
  const known = await beforehand(context);
  const answers: unknown[] = [];
  const { outcome, operations } = await read(context, attempt, (answer) => {
    answers.push(answer);
    return answer;
  });
  const isOwn =
    !attempt.asksAnyway && operations.some((one) => !known.includes(one))
      ? (operation: string) => !known.includes(operation)
      : () => true;
  const parts = answers.flatMap((answer, request): Part[] => {
    const operation = operations[request] ?? '';
    const isTried = isOwn(operation) && operations.indexOf(operation) === request;
    return isTried ? membersOf(answer, items).map((member) => ({ request, operation, member })) : [];
  });
  return { outcome, parts };
}

async function tryEach(context: CaseContext, verb: string, lie: Lie, attempt: Attempt): Promise<void> {
  const items = verb.includes('link') ? PARTS_OF_A_LINK : 1;
  const { outcome: whole, parts } = await partsOf(context, attempt, items);
  assert.ok('value' in whole && (parts.length > 0 || attempt.mayAskNothing), 'It cannot be read as it is');
  const without = new Map<string, string[]>(); // operation → members that make no difference
  for (const { request, operation, member } of parts) {
    const name = nameOf(member);
    let met = false;
    const { outcome } = await read(context, attempt, (answer, at) => {
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
  run: async (context) =>
    tryEach(context, verb, lie, { act: await prepare(context), changes: false, mayAskNothing: verb === LOOK.verb }),
});

/** On some clouds nothing can stand in the way, and nobody is asked. */
const LOOK: First = {
  verb: 'looks what stands in the way of a link',
  needs: [needs.link('link'), needs.offer('port')],
  async prepare(context) {
    const asked = await linkRequest(context, await context.network(A0));
    const input = { ...asked, tags: {}, clientToken: context.random.uuid() };
    return async (driver, call) => driver.links?.check?.(input, call);
  },
};

/** Verbs that read before they change anything. */
const CHANGES: readonly First[] = [
  {
    verb: 'asks for a peering',
    async prepare(context) {
      const input = context.input(await context.network(A0), await context.network(A0), context.random.uuid());
      return (driver, call) => driver.peerings.create(input, call);
    },
  },
  {
    verb: 'accepts a peering',
    needs: [needs.peering('accept')],
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      const id = await (await context.provider(A0)).peerings.request(context.request(from, to));
      return (driver, call) => driver.peerings.accept(id, call);
    },
  },
  {
    verb: 'goes on with a link',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      const asked = await linkRequest(context, await context.network(A0));
      const id = await (await context.provider(A0)).links.request(asked);
      const input = { ...asked, tags: {}, clientToken: context.random.uuid() };
      return async (driver, call) => driver.links?.continue(id, input, call);
    },
  },
];

/** Every change is denied: what was to be sent is all that comes of it. */
const denied =
  (context: CaseContext, act: Act): Act =>
  async (driver, call) => {
    await context.world.inject?.({ kind: 'denied', on: 'write', times: Infinity });
    try {
      const { value: outcome, mutating } = await context.traffic(() => outcomeOf(act(driver, call)));
      const asked = mutating.map(({ operation, parameters = {} }) => [operation, parameters] as const);
      return { said: 'error' in outcome ? outcome.error.code : 'done', ...Object.fromEntries(asked) };
    } finally {
      await context.world.clearFaults?.();
    }
  };

const eachChange = ({ verb, needs: wanted = [], prepare }: First, lie: Lie): Case => ({
  name: `A driver that ${verb} sends a change, or ends in an error of its own, upon any answer of which one member is ${lie}`,
  usually: 'What a change is made of is read with less care than what is shown.',
  needs: [...wanted, needs.offer('rewrite'), needs.fault('denied')],
  run: async (context) =>
    tryEach(context, verb, lie, {
      act: denied(context, await prepare(context)),
      changes: true,
      mayAskNothing: true,
      asksAnyway: verb === CHANGES[0]?.verb,
    }),
});

const isOfLinks = ({ verb }: First): boolean => verb.endsWith('link') || verb.endsWith('links');

/** What is empty is for most what is left out, and was tried with the readings. */
const SHORT: readonly Lie[] = ['left out', 'another'];

const casesOf = (reads: readonly First[]): readonly Case[] =>
  reads.flatMap((one) =>
    CHANGES.includes(one) ? SHORT.map((lie) => eachChange(one, lie)) : LIES.map((lie) => each(one, lie)),
  );

/** What the one side makes of a peering's record the other does as well. */
const isTwin = ({ verb }: First): boolean => verb.endsWith('acceptor');

export const distortedReadings = casesOf([
  ...READS.filter((one) => !isOfLinks(one) && !isTwin(one)),
  ...CHANGES.filter((one) => !isOfLinks(one)),
]);
export const distortedLinks = casesOf([...READS, LOOK, ...CHANGES].filter(isOfLinks));
