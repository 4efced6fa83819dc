/** How every run begins: what an earlier one left is removed, room is found, and its name is written down before anything is made. */
import { PeerwayError, type Random } from '@peerway/core';
import { freeBlock } from './block.js';
import { Book, type Keeping } from './book.js';
import type { Cloud } from './cloud.js';
import type { Evidence } from './evidence.js';
import { newRun } from './marker.js';
import type { SheetRule } from './sheet.js';
import { regionsOf, sweepRuns } from './sweepRuns.js';
import { LiveWire } from './wire/live.js';
import { partyKeysOf, type Parties } from './wire/parties.js';

export interface OpeningOptions extends Keeping {
  readonly cloud: Cloud;
  readonly parties: Parties;
  readonly sheet: readonly SheetRule[];
  readonly random: Random;
  /** An earlier run to go on with: what it has settled is not asked again, what it left is removed first. */
  readonly resume?: Evidence;
  /** Ends the run after the request under way; what was made is removed all the same. */
  readonly signal?: AbortSignal;
}

export interface Opened {
  readonly book: Book;
  readonly live: LiveWire;
  readonly regions: Evidence['regions'];
  /** The ids of accounts that are known, each once, and what stands for them in the evidence. */
  readonly ids: readonly string[];
  readonly accounts: Evidence['accounts'];
  /** The first two numbers of the run's addresses. */
  readonly block: string;
}

/** @throws PeerwayError when the account cannot be read, has no room, or nothing can be written down; nothing is made then */
export async function openRun(options: OpeningOptions): Promise<Opened> {
  const { cloud, parties, clock, resume } = options;
  const regions = regionsOf(parties);
  if (resume !== undefined) requireSame(resume, cloud, regions);
  const live = new LiveWire(parties, clock, options.signal);
  const ids = [...new Set(partyKeysOf(regions).flatMap((key) => parties[key]?.account ?? []))];
  const accounts: Evidence['accounts'] = Object.fromEntries(
    partyKeysOf(regions).flatMap((key) => {
      const index = ids.indexOf(parties[key]?.account ?? '');
      return index < 0 ? [] : [[key, `<account-${index + 1}>`]];
    }),
  );
  const book = new Book(options, resume ?? blank(options, regions, accounts));
  if (resume !== undefined) await sweepRuns(cloud, parties, { clock, run: book.evidence.run });
  const block = freeBlock(await cloud.prefixes(live, regions));
  await book.open();
  return { book, live, regions, ids, accounts, block };
}

function blank(
  { cloud, random, clock, sheet }: OpeningOptions,
  regions: Evidence['regions'],
  accounts: Evidence['accounts'],
): Evidence {
  return {
    version: 1,
    provider: cloud.id,
    run: newRun(random),
    date: new Date(clock.now()).toISOString().slice(0, 10),
    regions,
    accounts,
    sittings: [],
    defaults: Object.fromEntries(
      sheet.filter(({ name }) => name.startsWith(cloud.prefix)).map((rule) => [rule.name, rule.default]),
    ),
    times: {},
  };
}

function requireSame(resume: Evidence, cloud: Cloud, regions: Evidence['regions']): void {
  const same = resume.provider === cloud.id && JSON.stringify(resume.regions) === JSON.stringify(regions);
  if (same) return;
  throw new PeerwayError('FailedPrecondition', 'The run to resume was made in other places', {
    remedy: `Give the entries that it was begun with: ${resume.provider}, ${Object.values(resume.regions).join(', ')}.`,
  });
}
