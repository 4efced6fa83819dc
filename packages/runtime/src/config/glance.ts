/** What a config text says without its variables: for whoever keeps or sends it on and must not know their values. */
import { parseConfigText, UNFILLED } from './document.js';
import { NAME } from './rules.js';
import { BOUNDS } from './syntax.js';

export const MAX_CONFIG_BYTES = BOUNDS.bytes;

export interface ConfigGlance {
  /** The name of the declared stack; undefined when the text declares none, or by a variable. */
  readonly stack: string | undefined;
  /** Where a secret stands in the text itself instead of as `${VARIABLE}`, e.g. `providers.ali.credentials.accessKeySecret`. */
  readonly secretsAt: readonly string[];
}

/** Fills in nothing and checks nothing else. */
export function glanceAtConfig(text: string): ConfigGlance {
  const { content, secrets } = parseConfigText(text, '', {});
  const stack = content?.['stack'];
  const literal = [...literalSecrets(content ?? {}, [])];
  return {
    stack: typeof stack === 'string' && NAME.test(stack) ? stack : undefined,
    secretsAt: secrets.length > 0 && literal.length === 0 ? ['a name'] : literal,
  };
}

function* literalSecrets(value: unknown, path: readonly string[]): Generator<string> {
  const key = path.at(-1) ?? '';
  if (typeof value === 'string') {
    if (path[0] === 'providers' && value !== UNFILLED && /secret|token|password/i.test(key)) yield path.join('.');
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) yield* literalSecrets(each, [...path, name]);
  }
}
