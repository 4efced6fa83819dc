/**
 * `${VAR}` and `${VAR:-default}` in the values of a config file; `$${` is a literal `${`. An unset variable without a
 * default is an error at its place; an empty one counts as unset, because an empty id or key is never what was meant.
 */
import { mayBeSecret } from './secrets.js';

export type Variables = Readonly<Record<string, string | undefined>>;

interface Interpolated {
  readonly text: string;
  /** True when anything came from the environment, or would have: such a value is never quoted in a message. */
  readonly fromEnvironment: boolean;
  /** Each thing that could not be filled in. */
  readonly problems: readonly { readonly message: string; readonly remedy: string }[];
  /** Names that look like pasted keys: no message holds them. */
  readonly secrets: readonly string[];
}

const PATTERN = /\$\$\{|\$\{([^}]*)(\}|$)/g;
const INSIDE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
const ALONE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

export function interpolate(raw: string, env: Variables): Interpolated {
  const problems: { message: string; remedy: string }[] = [];
  const secrets: string[] = [];
  let fromEnvironment = false;
  const text = raw.replace(PATTERN, (whole, inside: string | undefined, end: string | undefined) => {
    if (inside === undefined) return '${';
    const match = end === '}' ? INSIDE.exec(inside) : null;
    const name = match?.[1];
    if (name === undefined) {
      problems.push({
        message: 'a "${" is not followed by a variable name and "}"',
        remedy: 'Write ${NAME} or ${NAME:-default}; write $${ for a literal "${".',
      });
      return whole;
    }
    fromEnvironment = true;
    if (mayBeSecret(name)) secrets.push(name);
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined && value !== '') return value;
    if (match?.[2] !== undefined) return match[2];
    if (mayBeSecret(name)) {
      problems.push({
        message: 'an environment variable is not set; its name looks like a key and is not shown',
        remedy: 'Put the key into a variable and write its name here; replace the key if this file was ever shared.',
      });
      return whole;
    }
    problems.push({
      message: `the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}`,
      remedy: `Set it (export ${name}=…) or give a default: \${${name}:-value}.`,
    });
    return whole;
  });
  return { text, fromEnvironment, problems, secrets };
}

/** True when the raw text is one variable and nothing else: the only form a secret may take in a file. */
export const isVariableAlone = (raw: string): boolean => ALONE.test(raw);

/** The raw text as a message may quote it: without defaults, and without names that look like pasted keys. */
export const shownRaw = (raw: string): string =>
  raw.replace(PATTERN, (whole, inside: string | undefined) => {
    if (inside === undefined) return whole;
    const name = INSIDE.exec(inside)?.[1];
    return name === undefined || mayBeSecret(name) ? '${…}' : `\${${name}}`;
  });

/** The names of the variables in a raw text; empty where there are none. */
export const variablesIn = (raw: string): readonly string[] =>
  [...raw.matchAll(PATTERN)].flatMap(([, inside]) => INSIDE.exec(inside ?? '')?.[1] ?? []);
