/**
 * `${VAR}` and `${VAR:-default}` in the values of a config file; `$${` is a literal `${`. An unset variable without a
 * default is an error at its place; an empty one counts as unset, because an empty id or key is never what was meant.
 */

export type Variables = Readonly<Record<string, string | undefined>>;

interface Interpolated {
  readonly text: string;
  /** True when anything came from the environment, or would have: such a value is never quoted in a message. */
  readonly fromEnvironment: boolean;
  /** Each thing that could not be filled in. */
  readonly problems: readonly { readonly message: string; readonly remedy: string }[];
}

const PATTERN = /\$\$\{|\$\{([^}]*)(\}|$)/g;
const INSIDE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;
const ALONE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

export function interpolate(raw: string, env: Variables): Interpolated {
  const problems: { message: string; remedy: string }[] = [];
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
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    if (match?.[2] !== undefined) return match[2];
    problems.push({
      message: `the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}`,
      remedy: `Set it (export ${name}=…) or give a default: \${${name}:-value}.`,
    });
    return whole;
  });
  return { text, fromEnvironment, problems };
}

/** True when the raw text is one variable and nothing else: the only form a secret may take in a file. */
export const isVariableAlone = (raw: string): boolean => ALONE.test(raw);
