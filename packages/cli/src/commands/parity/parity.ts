/** `peerway parity`: settles on a live account what no document says of a cloud, and keeps the evidence. */
import {
  chooseKit,
  chooseProbes,
  evidenceText,
  findingsOf,
  KIT_TOPICS,
  replayEvidence,
  runKit,
  runParity,
  sweepRuns,
  TOPICS,
  type Choice,
  type Evidence,
  type RunResult,
} from '@peerway/parity';
import { ruleSheet } from '@peerway/emulator';
import { PeerwayError, systemClock, systemRandom } from '@peerway/runtime';
import { EXIT, type ExitCode } from '../../exitCodes.js';
import { isThere, requireAbsent, writeText } from '../../output/file.js';
import type { Run } from '../../command.js';
import type { Flags } from '../../flags.js';
import type { Session } from '../../session.js';
import { cloudOf, loginsOf, lookedAt, rightsOf, type Looked } from './accounts.js';
import { evidenceIn } from './evidenceFile.js';
import { kitChoiceText, kitEventText, kitText } from './kitReport.js';
import { choiceText, eventText, findingsText } from './report.js';

const DEFAULT_FILE = 'parity.json';
const DEFAULT_MINUTES = 60;

export const run: Run = async ({ session, flags }) => {
  const file = flags.text('out') ?? DEFAULT_FILE;
  const replay = flags.text('replay');
  if (replay !== undefined) return replayed(session, await evidenceIn(session, replay));
  if (flags.is('policy')) {
    session.printJson(await rightsOf(session, flags));
    return EXIT.done;
  }
  const looked = await lookedAt(session, flags);
  if (flags.is('clean')) return cleaned(session, flags, looked, file);
  return flags.is('kit') ? kit(session, flags, looked, file) : live(session, flags, looked, file);
};

async function live(session: Session, flags: Flags, looked: Looked, file: string): Promise<ExitCode> {
  const surroundings = await surroundingsOf(session, flags, looked, file);
  const choice = chooseProbes(looked.cloud, { ...surroundings, ...wishes(flags) });
  if (choice.probes.length === 0)
    throw new PeerwayError('FailedPrecondition', 'No probe is left to make', {
      remedy: 'Choose other topics or rules, or allow more.',
    });
  session.note(choiceText(choice, session.paint));
  if (!(await mayGoOn(session, flags))) return notAsked(session);
  const result = await runParity({
    ...surroundings,
    choice,
    onEvent: (event) => session.note(session.json ? JSON.stringify(event) : eventText(event, session.paint)),
  });
  return told(session, result, { choice, looked, file });
}

/** The conformance kit of every provider, in networks of the run's own. */
async function kit(session: Session, flags: Flags, looked: Looked, file: string): Promise<ExitCode> {
  if (flags.list('rule').length > 0)
    throw new PeerwayError('InvalidArgument', 'The kit asks about no rule', {
      place: '--rule',
      remedy: 'Choose some of it with --topic, or leave out --kit.',
    });
  const topics = flags.list('topic').map((text) => topicOf(text, KIT_TOPICS));
  const settings = {
    cloud: looked.cloud,
    logins: await loginsOf(session, flags),
    allow: { crossRegion: flags.is('crossRegion'), bandwidth: flags.is('bandwidth') },
    ...(topics.length === 0 ? {} : { topics }),
  };
  const surroundings = await surroundingsOf(session, flags, looked, file);
  session.note(kitChoiceText(chooseKit(settings), session.paint));
  if (!(await mayGoOn(session, flags))) return notAsked(session);
  const result = await runKit({
    ...surroundings,
    ...settings,
    onEvent: (event) => session.note(session.json ? JSON.stringify(event) : kitEventText(event, session.paint)),
  });
  const { run, date } = result.evidence;
  if (session.json) session.printJson({ version: 1, run, date, kit: result.kit });
  else session.print(kitText(result.kit, session.paint));
  const exit = ended(session, result, file);
  return exit === EXIT.done && result.kit.some(({ outcome }) => outcome === 'failed') ? EXIT.error : exit;
}

/** What every run works with. */
async function surroundingsOf(session: Session, flags: Flags, looked: Looked, file: string) {
  const resume = flags.is('resume') ? await evidenceIn(session, file) : undefined;
  if (resume === undefined) await requireAbsent(session, file);
  const clock = session.io.clock ?? systemClock;
  return {
    ...looked,
    sheet: ruleSheet(),
    clock,
    random: session.io.random ?? systemRandom,
    deadlineMs: clock.now() + minutesOf(flags) * 60_000,
    save: (evidence: Evidence) => writeText(session, file, evidenceText(evidence), { internal: false }),
    signal: session.signal,
    ...(resume === undefined ? {} : { resume }),
  };
}

function notAsked(session: Session): ExitCode {
  session.note('Nothing was asked.');
  return session.signal.aborted ? EXIT.interrupted : EXIT.done;
}

function told(
  session: Session,
  result: RunResult,
  { choice, looked, file }: { readonly choice: Choice; readonly looked: Looked; readonly file: string },
): ExitCode {
  show(session, result.evidence, { prefix: looked.cloud.prefix, notProbed: choice.notProbed });
  return ended(session, result, file);
}

/** The end of every run: where it is written down, what is not done, what is not removed. */
function ended(
  session: Session,
  { evidence, outcome, swept }: Pick<RunResult, 'evidence' | 'outcome' | 'swept'>,
  file: string,
): ExitCode {
  session.note(`The evidence is in ${file}: run ${evidence.run}.`);
  if (outcome !== 'done')
    session.note(
      `${outcome === 'canceled' ? 'Stopped' : 'The time is up'}; the rest is asked by the same command with --resume.`,
    );
  if (swept.left.length > 0) {
    session.fail(
      new PeerwayError('FailedPrecondition', `The run could not remove everything: ${swept.left.join('; ')}`, {
        remedy: `Try again with the same command and --clean --run ${evidence.run}.`,
      }),
    );
    return EXIT.error;
  }
  return outcome === 'canceled' ? EXIT.interrupted : EXIT.done;
}

async function replayed(session: Session, evidence: Evidence): Promise<ExitCode> {
  const cloud = cloudOf(evidence.provider, '--replay');
  const again = await replayEvidence(cloud, evidence);
  show(session, again.evidence, { prefix: cloud.prefix, notProbed: [] });
  if (again.changed.length === 0) {
    session.note('Today’s probes read the recording as it was read when it was made.');
    return EXIT.done;
  }
  session.note(`Read otherwise than when it was made: ${again.changed.join(', ')}.`);
  return EXIT.pending;
}

/** Removes what a run left: the one of the file, or the one that is named. */
async function cleaned(session: Session, flags: Flags, { cloud, parties }: Looked, file: string): Promise<ExitCode> {
  const named = flags.text('run');
  const evidence = named === undefined && (await isThere(session, file)) ? await evidenceIn(session, file) : undefined;
  const run = named ?? evidence?.run;
  if (run === undefined)
    throw new PeerwayError('InvalidArgument', `There is no ${file} that says which run to clean up after`, {
      place: '--clean',
      remedy: 'Name the run with --run; it is part of the name of every network that a run makes.',
    });
  const swept = await sweepRuns(cloud, parties, { clock: session.io.clock ?? systemClock, run });
  const { removed } = swept;
  const left = [...swept.left, ...notLookedInto(evidence, parties)];
  if (session.json) session.printJson({ run, removed, left });
  else
    session.print(
      removed === 0 && left.length === 0
        ? `Nothing of ${run} is left in ${placesOf(parties)}.`
        : `Removed ${removed} of ${run}.`,
    );
  for (const line of left) session.note(`Still there: ${line}`);
  return left.length === 0 ? EXIT.done : EXIT.error;
}

/** Where was looked: nothing is known of any other account or region. */
const placesOf = (parties: Looked['parties']): string =>
  Object.values(parties)
    .map(({ region }) => region)
    .filter((region, at, all) => all.indexOf(region) === at)
    .join(', ');

const FLAG_OF = { a: '--provider', b: '--partner', far: '--far' } as const;

/** Where the run has made networks and nothing was looked for now: a line each. */
const notLookedInto = (evidence: Evidence | undefined, parties: Looked['parties']): readonly string[] =>
  (['a', 'b', 'far'] as const).flatMap((party) => {
    const region = evidence?.regions[party];
    if (region === undefined || parties[party]?.region === region) return [];
    return [`whatever the run made in ${region}; name that entry with ${FLAG_OF[party]}`];
  });

function show(
  session: Session,
  evidence: Evidence,
  about: { readonly prefix: string; readonly notProbed: Choice['notProbed'] },
): void {
  const findings = findingsOf(evidence, ruleSheet(), about);
  if (session.json) session.printJson({ version: 1, run: evidence.run, date: evidence.date, findings });
  else session.print(findingsText(findings, session.paint));
}

const wishes = (flags: Flags) => {
  const topics = flags.list('topic').map((text) => topicOf(text, TOPICS));
  const rules = flags.list('rule');
  return {
    allow: { crossRegion: flags.is('crossRegion'), bandwidth: flags.is('bandwidth'), wait: flags.is('wait') },
    ...(topics.length === 0 ? {} : { topics }),
    ...(rules.length === 0 ? {} : { rules }),
  };
};

function topicOf<T extends string>(text: string, topics: readonly T[]): T {
  const topic = topics.find((one) => one === text);
  if (topic !== undefined) return topic;
  throw new PeerwayError('InvalidArgument', `There is no topic ${JSON.stringify(text)}`, {
    place: '--topic',
    remedy: `Name some of ${topics.join(', ')}.`,
  });
}

function minutesOf(flags: Flags): number {
  const text = flags.text('minutes') ?? String(DEFAULT_MINUTES);
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new PeerwayError('InvalidArgument', `${JSON.stringify(text)} is no number of minutes`, {
    place: '--minutes',
    remedy: 'Give a whole number, e.g. 60.',
  });
}

async function mayGoOn(session: Session, flags: Flags): Promise<boolean> {
  if (flags.is('yes')) return true;
  const { ask } = session.io;
  if (ask === undefined)
    throw new PeerwayError('FailedPrecondition', 'There is no terminal to confirm the run on', {
      remedy: 'Add --yes to go on without asking.',
    });
  const answer = (await ask('Make this run? [y/N] '))?.trim().toLowerCase();
  return answer === 'y' || answer === 'yes';
}
