/** Runs class-validator on one plain value and turns what it finds into placed problems with did-you-mean for keys. */
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { UNFILLED, type Places, type PlainMap } from './document.js';
import { suggestion } from './nearest.js';
import type { ConfigProblem, Path } from './problem.js';
import { quote, RULES, type Rule } from './rules.js';

type Class<T> = new () => T;

/** Keys that a class declares, in the order declared. */
export function keysOf(type: Class<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}

/** Keys that must be there: those that are not marked optional. */
export function requiredKeysOf(type: Class<object>): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const optional = new Set(
    metadata.filter(({ type: kind }) => kind === 'conditionalValidation').map((each) => each.propertyName),
  );
  return keysOf(type).filter((key) => !optional.has(key));
}

/** The instance, and everything wrong with it. The instance is only to be used when nothing of its own is wrong. */
export function checkEntry<T extends object>(
  type: Class<T>,
  plain: PlainMap,
  path: Path,
  places: Places,
): { readonly value: T; readonly problems: ConfigProblem[] } {
  const known = keysOf(type);
  const problems = Object.keys(plain)
    .filter((key) => !known.includes(key))
    .map((key) => unknownKey(key, known, path, places));
  const own = Object.entries(plain).filter(([key]) => known.includes(key));
  // class-transformer copies nested objects and loses or trips over keys such as `constructor`; ours need no copy
  const [asTheyAre, transformed] = split(own, ([key, each]) => typeof each === 'object' && isOurs(type, key));
  const value = Object.assign(plainToInstance(type, Object.fromEntries(transformed)), Object.fromEntries(asTheyAre));
  // classes of plugins may be without any decorator: then every key is unknown, which is reported above
  const errors = validateSync(value, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  for (const error of errors) problems.push(...explain(error, path, places, plain));
  return { value, problems };
}

/** True when only rules of ours are on the property, so that no `@Type` of a plugin wants an instance there. */
const isOurs = (type: Class<object>, key: string): boolean =>
  getMetadataStorage()
    .getTargetValidationMetadatas(type, '', false, false)
    .filter((each) => each.propertyName === key)
    .every(
      (each) => each.type === 'conditionalValidation' || (each.name !== undefined && Object.hasOwn(RULES, each.name)),
    );

function split<T>(items: readonly T[], test: (item: T) => boolean): readonly [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
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
      const rule: Rule | undefined = Object.hasOwn(RULES, name) ? RULES[name as keyof typeof RULES] : undefined;
      if (rule === undefined) return [foreign(text, path, places, error.value)];
      return rule.check(error.value).map((found) => {
        const at = [...path, ...found.path];
        return places.fromEnvironment(at)
          ? places.problem(
              at,
              `${places.raw(at) ?? ''} does not hold ${rule.expects}`,
              'Check the variable; its value is not shown here.',
            )
          : places.problem(at, found.message, found.remedy);
      });
    }),
  ];
}

/** A finding of somebody else's class-validator rule: its text names the property and the condition, never the value. */
function foreign(text: string, path: Path, places: Places, value: unknown): ConfigProblem {
  const found = places.fromEnvironment(path) ? (places.raw(path) ?? '') : quote(value);
  return places.problem(path, `found ${found}, but ${text}`, "See the provider's documentation for this option.");
}

function unknownKey(key: string, known: readonly string[], above: Path, places: Places): ConfigProblem {
  const where = above.length === 0 ? 'at the top of the file' : 'here';
  return places.problem(
    [...above, key],
    `the key ${JSON.stringify(key)} is not known ${where}`,
    suggestion(key, known, 'Remove it: nothing may stand here.'),
    'key',
  );
}

function expected(constraints: readonly (readonly [string, string])[]): string {
  const name = constraints[0]?.[0];
  return name !== undefined && Object.hasOwn(RULES, name) ? ` with ${RULES[name as keyof typeof RULES].expects}` : '';
}
