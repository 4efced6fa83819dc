// A provider that only who wants it installs is named by its own package alone: what it needs elsewhere, every provider can ask for.
// Documents, the lockfile and what builds and checks the repository (scripts, CI, the configurations at the top) may name it.
import { readFileSync } from 'node:fs';

/** Words by package; each counts where no letter stands before it, in any case. */
const OPTIONAL = { aws: ['aws', 'amazon', 'ec2'] };

const EVERYWHERE = /^(scripts|docs|\.ci|\.github)\/|^[^/]+$|\.md$/;

/** @param files every tracked path @param read the text of one, for tests @returns one line per place */
export function cloudNameFindings(files, read = (file) => readFileSync(file, 'utf8')) {
  return Object.entries(OPTIONAL).flatMap(([name, words]) => {
    const word = new RegExp(`(?<![a-z])(${words.join('|')})`, 'i');
    return files
      .filter(
        (file) =>
          !file.startsWith(`packages/${name}/`) && !EVERYWHERE.test(file) && /\.\w*(ts|js|json|html|css)$/.test(file),
      )
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, at) => {
            const [found] = word.exec(line) ?? [];
            return found === undefined ? [] : [`${file}:${at + 1}: names ${found}; only packages/${name} may`];
          }),
      );
  });
}
