/** Runs class-validator on one plain value and turns what it finds into placed problems with did-you-mean for keys. */
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { UNFILLED, type Places, type PlainMap } from './document.js';
import { suggestion } from './nearest.js';
import type { ConfigProblem, Path } from './problem.js';
import { quote } from './quote.js';
import { RULES, type Rule } from './rules.js';
import { mayBeSecret } from './secrets.js';

type Class<T> = new () => T;

/** What class-validator knows of a class: its keys in the order declared, which may be missing, and our rules on each. */
interface Declared {
  readonly keys: readonly string[];
  readonly optional: ReadonlySet<string>;
  readonly rules: ReadonlyMap<string, Rule>;
}

const known = new WeakMap<Class<object>, Declared>();

export function declared(type: Class<object>): Declared {
  const before = known.get(type);
  if (before !== undefined) return before;
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const found: Declared = {
    keys: [...new Set(metadata.map(({ propertyName }) => propertyName))],
    optional: new Set(
      metadata.filter((each) => each.type === 'conditionalValidation').map(({ propertyName }) => propertyName),
    ),
    rules: new Map(
      metadata.flatMap(({ propertyName, name }) => {
        const rule = ruleCalled(name);
        return rule === undefined ? [] : [[propertyName, rule] as const];
      }),
    ),
  };
  known.set(type, found);
  return found;
}

const ruleCalled = (name: string | undefined): Rule | undefined =>
  name !== undefined && Object.hasOwn(RULES, name) ? RULES[name as keyof typeof RULES] : undefined;

/**
 * The instance, and everything wrong with it. The instance is only to be used when nothing of its own is wrong. Values are taken as
 * they are but for what a rule reads out of text; a class nested in a plugin's options is refused by class-validator.
 */
export function checkEntry<T extends object>(
  type: Class<T>,
  plain: PlainMap,
  path: Path,
  places: Places,
): { readonly value: T; readonly problems: ConfigProblem[] } {
  const { keys, rules } = declared(type);
  const value = new type();
  const problems: ConfigProblem[] = [];
  for (const [key, each] of Object.entries(plain)) {
    if (keys.includes(key)) Object.assign(value, { [key]: rules.get(key)?.read?.(each) ?? each });
    else problems.push(unknownKey(key, keys, path, places));
  }
  // a plugin's class may be without any decorator: then every key is unknown, which is reported above
  const errors = keys.length === 0 ? [] : validateSync(value, { whitelist: true, forbidNonWhitelisted: true });
  for (const error of errors) problems.push(...explain(error, path, places, plain));
  return { value, problems };
}

function explain(error: ValidationError, above: Path, places: Places, plain: object): ConfigProblem[] {
  const key = /^\d+$/.test(error.property) ? Number(error.property) : error.property;
  const path = [...above, key];
  const children = error.children?.flatMap((child) => explain(child, path, places, {})) ?? [];
  const constraints = Object.entries(error.constraints ?? {});
  if (constraints.length === 0 || error.value === UNFILLED) return children;
  if (error.value === undefined && !Object.hasOwn(plain, error.property)) {
    return [
      places.problem(
        above,
        `"${error.property}" is missing`,
        `Add \`${error.property}: …\`${expected(constraints)}.`,
        'key',
      ),
    ];
  }
  return [
    ...children,
    ...constraints.flatMap(([name, text]) => {
      if (name === 'whitelistValidation') return [unknownKey(error.property, [], above, places)];
      const rule = ruleCalled(name);
      if (rule === undefined) return [foreign(text, path, places, error.value)];
      return rule.check(error.value).map((found) => {
        const at = [...path, ...found.path];
        return places.fromEnvironment(at)
          ? places.problem(
              at,
              `${places.shown(at, '')} does not hold ${rule.expects}`,
              'Check the variable; its value is not shown here.',
            )
          : places.problem(at, found.message, found.remedy);
      });
    }),
  ];
}

/** A finding of somebody else's class-validator rule: its text names the property and the condition, never the value. */
function foreign(text: string, path: Path, places: Places, value: unknown): ConfigProblem {
  const found = places.shown(path, value);
  return places.problem(path, `found ${found}, but ${text}`, "See the provider's documentation for this option.");
}

function unknownKey(key: string, known: readonly string[], above: Path, places: Places): ConfigProblem {
  const where = above.length === 0 ? 'at the top of the file' : 'here';
  return places.problem(
    [...above, key],
    mayBeSecret(key) ? `a key that is not shown is not known ${where}` : `the key ${quote(key)} is not known ${where}`,
    () => suggestion(key, known, 'Remove it: nothing may stand here.'),
    'key',
  );
}

function expected([first]: readonly (readonly [string, string])[]): string {
  const rule = ruleCalled(first?.[0]);
  return rule === undefined ? '' : ` with ${rule.expects}`;
}
