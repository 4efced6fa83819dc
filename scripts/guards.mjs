/** What historyGuards.mjs breaks must stand in the sources, once: a text that has moved breaks nothing. */
import { readFileSync } from 'node:fs';
import { GUARDS } from '../packages/engine/bench/_guards.mjs';

/** @returns one line per text that does not */
export const guardFindings = () =>
  GUARDS.flatMap(({ name, file, text }) => {
    const times = readFileSync(`packages/${file}`, 'utf8').split(text).length - 1;
    return times === 1
      ? []
      : [`packages/engine/bench/_guards.mjs: "${name}": its text stands ${times} times in packages/${file}`];
  });
