/** Tags as they are sent and stored. */
import type { Input } from '../../machine/input.js';
import { bceError } from '../errors.js';
import type { Tag } from '../records.js';

/** The tags of a request; a key that stands twice is refused. */
export function readTags(input: Input): readonly Tag[] {
  const tags = input
    .objects('tags')
    .map((tag): Tag => ({ tagKey: tag.text('tagKey'), tagValue: tag.optionalText('tagValue') ?? '' }));
  if (new Set(tags.map(({ tagKey }) => tagKey)).size < tags.length) {
    throw bceError('BadRequest', 'A tag key stands twice.');
  }
  return tags;
}
