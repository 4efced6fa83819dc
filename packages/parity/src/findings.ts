/** What a run says about each rule: the emulator's default beside what was seen. */
import { readingsOf, type Evidence } from './evidence.js';
import type { Seen } from './probe.js';
import type { NotProbed } from './choice.js';
import { isOpen, type RuleValue, type SheetRule } from './sheet.js';

export interface Finding {
  readonly rule: string;
  readonly default: RuleValue;
  /** `open`: nothing was seen, `because` says why. */
  readonly verdict: 'agrees' | 'differs' | 'open';
  /** For people: `10`, `refuse`, `840000 or more`. */
  readonly seen?: string;
  readonly because?: string;
  /** `<run>/<probe>`: where in the evidence file it is. */
  readonly evidence?: string;
}

/** One finding for each open rule of the cloud, sorted by name. */
export function findingsOf(
  evidence: Evidence,
  sheet: readonly SheetRule[],
  { prefix, notProbed }: { readonly prefix: string; readonly notProbed: readonly NotProbed[] },
): readonly Finding[] {
  const readings = readingsOf(evidence);
  return sheet
    .filter((rule) => isOpen(rule) && rule.name.startsWith(prefix))
    .map((rule): Finding => {
      const about = { rule: rule.name, default: rule.default };
      const reading = readings.get(rule.name);
      if (reading === undefined) {
        const because = notProbed.find((one) => one.rule === rule.name)?.because ?? 'the run ended before its turn';
        return { ...about, verdict: 'open', because };
      }
      const { seen, id } = reading;
      if ('hidden' in seen) return { ...about, verdict: 'open', because: seen.hidden, evidence: id };
      const verdict = agrees(rule.default, seen) ? 'agrees' : 'differs';
      return { ...about, verdict, seen: seenText(seen), evidence: id };
    })
    .sort((one, other) => (one.rule < other.rule ? -1 : 1));
}

type Shown = Exclude<Seen, { readonly hidden: string }>;

function agrees(position: RuleValue, seen: Shown): boolean {
  if ('value' in seen) return seen.value === position;
  return (
    typeof position === 'number' && position >= seen.atLeast && (seen.below === undefined || position < seen.below)
  );
}

function seenText(seen: Shown): string {
  if ('value' in seen) return String(seen.value);
  return seen.below === undefined ? `${seen.atLeast} or more` : `${seen.atLeast} or more, below ${seen.below}`;
}
