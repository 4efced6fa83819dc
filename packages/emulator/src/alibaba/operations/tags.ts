/** Tags: one set per account and object, so that the two sides of a peering never see each other's. */
import type { Call } from '../../machine/cloud.js';
import type { Input } from '../../machine/input.js';
import { refusal } from '../errors.js';
import { numberOrDefault } from './values.js';
import type { AlibabaState } from '../state.js';
import { tokenPage } from './paging.js';

const MOST_TAGS = 20;

/** Reads `Tag.N`; the same key twice is refused. */
export function newTags(input: Input, parameter: 'Tag' | 'Tags' = 'Tag'): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const tag of input.objects(parameter)) {
    const key = tag.text('Key');
    if (tags.has(key)) throw refusal('Forbidden.TagKey.Duplicated');
    tags.set(key, tag.optionalText('Value') ?? '');
  }
  return Object.fromEntries(tags);
}

/** Whether an object carries every tag of a filter; a filter without a value asks for the key alone. */
export function matchesTags(tags: Readonly<Record<string, string>>, filter: readonly Input[]): boolean {
  return filter.every((wanted) => {
    const key = wanted.optionalText('Key');
    if (key === undefined) return true;
    const value = wanted.optionalText('Value');
    return Object.hasOwn(tags, key) && (value === undefined || value === '' || tags[key] === value);
  });
}

export const tagItems = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Whether an object exists for the caller: what another account owns does not. */
export type Finder = (state: AlibabaState, call: Call, id: string) => boolean;

export interface TagProduct {
  /** Kinds by ResourceType in upper case. */
  readonly kinds: Readonly<Record<string, Finder>>;
  readonly tooMany: 'QuotaExceeded.TagNum' | 'NumberExceed.Tags';
  /** Lists in the product's own form. */
  list(
    items: readonly { type: string; id: string; region: string; key: string; value: string }[],
    size: number,
  ): unknown;
  /** Added to the answer of a change. */
  readonly changed: Readonly<Record<string, unknown>>;
}

/** One tag of one object, in a listing. */
interface TagRow {
  /** Of the record in the table of tags. */
  readonly id: string;
  /** The tag's key. */
  readonly within: string;
  readonly resource: string;
  readonly value: string;
}

export class TagOperations {
  readonly #state: AlibabaState;
  readonly #product: TagProduct;

  constructor(state: AlibabaState, product: TagProduct) {
    this.#state = state;
    this.#product = product;
  }

  tag(call: Call): unknown {
    const ids = this.#targets(call);
    const added = newTags(call.input);
    const all = ids.map((id) => ({ id, tags: { ...this.#state.tagsOf(call.caller.account, id), ...added } }));
    if (all.some(({ tags }) => Object.keys(tags).length > MOST_TAGS)) throw refusal(this.#product.tooMany);
    for (const { id, tags } of all) this.#state.setTags(call.caller.account, id, tags);
    return this.#product.changed;
  }

  untag(call: Call): unknown {
    const keys = call.input.texts('TagKey');
    if (keys.length === 0 && !call.input.flag('All')) throw refusal('BothEmpty.TagsAndResources');
    for (const id of this.#targets(call)) {
      const kept = Object.entries(this.#state.tagsOf(call.caller.account, id)).filter(
        ([key]) => keys.length > 0 && !keys.includes(key),
      );
      this.#state.setTags(call.caller.account, id, Object.fromEntries(kept));
    }
    return this.#product.changed;
  }

  list(call: Call): unknown {
    const { input } = call;
    const type = this.#type(call);
    const ids = input.texts('ResourceId');
    const filter = input.objects('Tag');
    if (ids.length === 0 && filter.length === 0) throw refusal('BothEmpty.TagsAndResources');
    const found: TagRow[] = [];
    for (const record of call.view(this.#state.tags).values()) {
      if (record.account !== call.caller.account || (ids.length > 0 && !ids.includes(record.resource))) continue;
      if (!type.finder(this.#state, call, record.resource) || !matchesTags(record.tags, filter)) continue;
      for (const key of Object.keys(record.tags).sort()) {
        found.push({ id: record.id, within: key, resource: record.resource, value: record.tags[key] ?? '' });
      }
    }
    const size = numberOrDefault(input, 'MaxResults', 50);
    const { items, next } = tokenPage(this.#state.tags, input.optionalText('NextToken'), size, found);
    const body = this.#product.list(
      items.map(({ within, resource, value }) => ({
        type: type.name,
        id: resource,
        region: call.region ?? '',
        key: within,
        value,
      })),
      size,
    );
    return { NextToken: next ?? '', ...(body as object) };
  }

  #targets(call: Call): readonly string[] {
    const { finder } = this.#type(call);
    const ids = call.input.texts('ResourceId');
    if (ids.some((id) => !finder(this.#state, call, id))) throw refusal('InvalidInstanceIds.NotFound');
    return ids;
  }

  #type(call: Call): { readonly name: string; readonly finder: Finder } {
    const name = call.input.text('ResourceType');
    const finder = this.#product.kinds[name.toUpperCase()];
    if (finder === undefined) throw refusal('InvalidInstanceType.NotFound');
    return { name, finder };
  }
}
