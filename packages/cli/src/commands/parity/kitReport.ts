/** What a run of the conformance kit is going to do, does and has found, for people. */
import type { KitChoice, KitEvent, KitOutcome } from '@peerway/parity';
import { count } from '../../output/quantity.js';
import type { Paint } from '../../terminal/paint.js';

/** Before anything is asked. */
export function kitChoiceText({ cases, skipped, networks, estimate }: KitChoice, paint: Paint): string {
  const { objects, minutes, money } = estimate;
  return [
    paint.bold(`${count(cases, 'case')} of the kit, up to ${count(minutes, 'minute')}`),
    `Made and removed again: ${count(networks.length, 'network')} of the run's own and about ${count(objects - networks.length, 'object')} in them.`,
    money.length === 0
      ? 'Nothing in it is known to cost money.'
      : paint.yellow(`On a bill may appear: ${money.join('; ')}.`),
    ...(skipped === 0 ? [] : [`Skipped, ${count(skipped, 'case')}: the list at the end says why.`]),
  ].join('\n');
}

export function kitEventText(event: KitEvent, paint: Paint): string {
  switch (event.type) {
    case 'run':
      return `Run ${paint.bold(event.run)} in ${event.block}.0.0/16. Should it break off: --clean removes what it made.`;
    case 'network':
      return paint.dim(`  network ${event.role}`);
    case 'case':
      return `[${event.at}/${event.of}] ${event.outcome.topic}: ${event.outcome.case}: ${event.outcome.outcome}`;
    case 'swept':
      return event.swept.left.length === 0
        ? 'Everything that the run made is removed.'
        : 'Not everything could be removed.';
  }
}

/** `12 passed, 1 failed, 3 skipped`, and those that fail as is known. */
function sumOf(cases: readonly KitOutcome[]): string {
  const number = (outcome: KitOutcome['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  const diverged = number('diverged');
  return [
    `${number('passed')} passed, ${number('failed')} failed, ${number('skipped')} skipped`,
    ...(diverged === 0 ? [] : [`${diverged} failed as is known`]),
  ].join(', ');
}

/** Topic by topic: how many passed, then what failed and how, then what was skipped and why. */
export function kitText(kit: readonly KitOutcome[], paint: Paint): string {
  const topics = [...new Set(kit.map(({ topic }) => topic))];
  const lines = topics.flatMap((topic) => {
    const cases = kit.filter((one) => one.topic === topic);
    return [
      paint.bold(`${topic}: ${sumOf(cases)}`),
      ...cases.flatMap((one) => {
        if (one.outcome === 'failed')
          return [
            paint.yellow(`  FAILED ${one.case}`),
            ...(one.failure ?? 'in an earlier run').split('\n').map((line) => `    ${line}`),
          ];
        return one.outcome === 'passed' ? [] : [paint.dim(`  ${one.outcome} ${one.case}: ${one.because ?? ''}`)];
      }),
    ];
  });
  return [...lines, '', `${sumOf(kit)}.`].join('\n');
}
