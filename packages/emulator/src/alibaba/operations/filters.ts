/** `Filter.N.Key` with `Filter.N.Value.M`: values of one filter are or-ed, filters and-ed (docs/facts/alibaba.md 1.4). */
import type { Input } from '../../machine/input.js';
import { refusal } from '../errors.js';

/** A predicate for the filters of a request; a key that is not in the table is refused with 404. */
export function matchesFilters<R>(
  filters: readonly Input[],
  table: Readonly<Record<string, (record: R) => string>>,
): (record: R) => boolean {
  const conditions = filters.flatMap((filter) => {
    const key = filter.optionalText('Key') ?? '';
    const values = filter.texts('Value');
    // values without their key: the service ignores the filter and returns everything (terraform issue 5954)
    if (key === '' || values.length === 0) return [];
    const read = Object.hasOwn(table, key) ? table[key] : undefined;
    if (read === undefined) throw refusal('InvalidFilterKey.ValueNotSupported');
    return [(record: R) => values.includes(read(record))];
  });
  return (record) => conditions.every((condition) => condition(record));
}
