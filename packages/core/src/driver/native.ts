/**
 * The typed escape hatch. An adapter exports tokens; a user asks `provider.native(token)` for the vendor client, or
 * `nativeOf(peering, token)` for the vendor's own record. Records hang off a WeakMap, so JSON output stays clean.
 */
export class NativeToken<T> {
  declare readonly type: T; // only for the compiler
  /** @param name for messages, e.g. `alibaba.rpc`; identity is the object's, not the name's */
  constructor(readonly name: string) {}
}

const records = new WeakMap<object, Map<NativeToken<unknown>, unknown>>();

/** For drivers: remembers the vendor's record behind a neutral object. Returns the object. */
export function attachNative<O extends object, T>(object: O, token: NativeToken<T>, record: T): O {
  const map = records.get(object) ?? new Map<NativeToken<unknown>, unknown>();
  map.set(token, record);
  records.set(object, map);
  return object;
}

/** The vendor's record behind a neutral object, or undefined when it comes from another provider or was copied. */
export function nativeOf<T>(object: object, token: NativeToken<T>): T | undefined {
  return records.get(object)?.get(token) as T | undefined;
}

/** For core: `copy` shows the same records as `original`. Returns the copy. */
export function inheritNative<O extends object>(copy: O, original: object): O {
  const map = records.get(original);
  if (map !== undefined) records.set(copy, new Map(map));
  return copy;
}
