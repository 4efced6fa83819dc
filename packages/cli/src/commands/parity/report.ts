/** What a run is going to do, does and has found, for people. */
import type { Choice, Finding, RunEvent } from '@peerway/parity';
import { count } from '../../output/quantity.js';
import { columns } from '../../output/table.js';
import type { Paint } from '../../terminal/paint.js';

/** Before anything is asked. */
export function choiceText({ estimate, networks, notProbed, probes }: Choice, paint: Paint): string {
  const { rules, objects, minutes, money } = estimate;
  return [
    paint.bold(`${count(rules, 'rule')} in ${count(probes.length, 'probe')}, about ${count(minutes, 'minute')}`),
    `Made and removed again: ${count(networks.length, 'network')} of the run's own and about ${count(objects - networks.length, 'object')} in them.`,
    money.length === 0
      ? 'Nothing in it is known to cost money.'
      : paint.yellow(`On a bill may appear: ${money.join('; ')}.`),
    ...(notProbed.length === 0
      ? []
      : [`Not probed, ${count(notProbed.length, 'rule')}: the list at the end says why.`]),
  ].join('\n');
}

export function eventText(event: RunEvent, paint: Paint): string {
  switch (event.type) {
    case 'run':
      return `Run ${paint.bold(event.run)} in ${event.block}.0.0/16. Should it break off: --clean removes what it made.`;
    case 'network':
      return paint.dim(`  network ${event.role}`);
    case 'probe':
      return `[${event.at}/${event.of}] ${event.name}`;
    case 'read':
      return paint.dim(
        Object.entries(event.readings)
          .map(
            ([rule, seen]) =>
              `  ${rule}: ${'value' in seen ? String(seen.value) : 'hidden' in seen ? seen.hidden : seen.atLeast}`,
          )
          .join('\n'),
      );
    case 'swept':
      return event.swept.left.length === 0
        ? 'Everything that the run made is removed.'
        : 'Not everything could be removed.';
  }
}

const WORDS = { agrees: 'agrees', differs: 'DIFFERS', open: 'open' } as const;

/** One line per rule: what differs first, then what agrees, then what is open. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
  const rows = (['differs', 'agrees', 'open'] as const).flatMap((verdict) =>
    findings
      .filter((finding) => finding.verdict === verdict)
      .map((finding) => [
        verdict === 'differs'
          ? paint.yellow(WORDS[verdict])
          : verdict === 'agrees'
            ? paint.green(WORDS[verdict])
            : paint.dim(WORDS[verdict]),
        finding.rule,
        String(finding.default),
        finding.seen ?? '',
        finding.because ?? finding.evidence ?? '',
      ]),
  );
  const number = (verdict: Finding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  return [
    columns([['', 'rule', 'emulator', 'seen', 'evidence, or why not'].map((head) => paint.dim(head)), ...rows]),
    '',
    `${number('agrees')} agree, ${number('differs')} differ, ${number('open')} stay open.`,
  ].join('\n');
}
