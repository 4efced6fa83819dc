/** Where a package is that nobody imports by its name in the code: resolved as node does, from the places that are named. */
import { moduleResolve } from 'import-meta-resolve';

/**
 * The file URL of what a specifier means; undefined where none of the places has it.
 * @param roots file URLs to resolve from, in the order tried: of a module, or of a folder with a slash at its end
 * @param conditions extra export conditions, as node's `--conditions`
 */
export function resolveModule(
  specifier: string,
  roots: readonly string[],
  conditions: readonly string[] = [],
): string | undefined {
  for (const root of roots) {
    try {
      const url = moduleResolve(specifier, new URL(root), new Set(['node', 'import', ...conditions]));
      if (url.protocol === 'file:') return url.href;
    } catch {
      // not here: the next root
    }
  }
  return undefined;
}
