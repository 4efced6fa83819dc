/** "Did you mean": the known word closest to what was written, or nothing when none is close. */
import { mayBeSecretName } from './secrets.js';

/** Undefined when every candidate differs in more than a third of its letters (at least 2 edits are always allowed for words of 4 and more). */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  const written = word.toLowerCase();
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const longest = Math.max(written.length, known.length);
    const allowed = longest < 4 ? 1 : Math.max(2, Math.floor(longest / 3));
    if (Math.abs(written.length - known.length) > allowed) continue;
    const distance = edits(written, known);
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * `Did you mean "x"?`, or the whole choice when it is short; ends with a full stop either way. Names of the file's own may be
 * pasted keys: such ones are not offered. @param none said when there is nothing to offer
 */
export function suggestion(word: string, known: readonly string[], none: string): string {
  const candidates = known.filter((name) => !mayBeSecretName(name));
  const close = nearest(word, candidates);
  if (close !== undefined) return `Did you mean ${JSON.stringify(close)}?`;
  if (candidates.length === 0) return none;
  const shown = candidates.slice(0, 12);
  return `Use one of ${shown.join(', ')}${shown.length < candidates.length ? ', …' : ''}.`;
}

/** Optimal string alignment: insert, delete, replace, or swap two neighbours. */
function edits(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      current[j] = cost;
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
