/** Words about a member of a class that comes in from outside, kept as data: the description of the API shows them. */

const words = new WeakMap<object, Map<string, string>>();

export function About(text: string): PropertyDecorator {
  return (target, key) => {
    const known = words.get(target) ?? new Map<string, string>();
    words.set(target, known.set(String(key), text));
  };
}

/** Undefined where nothing was said. */
export const aboutOf = (type: { readonly prototype: object }, key: string): string | undefined =>
  words.get(type.prototype)?.get(key);
