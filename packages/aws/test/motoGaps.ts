/** What moto 5.2.5 lacks of EC2, as the kit sees it when the manners of `./manners` are left out: exactly these cases fail, and so. */
import type { Divergence } from '@peerway/conformance';

const DUPLICATES = 'moto joins a pair again; EC2 answers with what is there (manners/peerings.ts)';
const DEAD = 'moto deletes what is dead again and again; EC2 refuses it (manners/peerings.ts)';
const TAGS = 'moto has one set of tags for both sides; EC2 has one for each (manners/peerings.ts)';

export const MOTO_GAPS: readonly Divergence[] = [
  {
    topic: 'lifecycle',
    case: 'A driver says NotFound when it is asked to delete what is gone',
    because: DEAD,
    today: /succeeded with "started"/,
  },
  {
    topic: 'lifecycle',
    case: 'Two networks that are joined cannot be joined again',
    because: DUPLICATES,
    today: /declared to answer what is there/,
  },
  {
    topic: 'lifecycle',
    case: 'Two networks that are joined cannot be joined again with the roles swapped',
    because: DUPLICATES,
    today: /The pair is joined twice/,
  },
  {
    topic: 'lifecycle',
    case: 'A dry run makes nothing and passes when a creation would',
    because: 'moto makes what a dry run only asks about (manners/peerings.ts)',
    today: /deep-equal/,
  },
  { topic: 'sides', case: 'The initiator’s tags are not the acceptor’s', because: TAGS, today: /'yes'/ },
  { topic: 'sides', case: 'Tags that the acceptor sets stay on its side', because: TAGS, today: /undefined !== 'b'/ },
  {
    topic: 'acceptance',
    case: 'A rejected request can be deleted, or fades, as the capabilities say',
    because: DEAD,
    today: /'started'/,
  },
  {
    topic: 'acceptance',
    case: 'When a waiting request lapses is shown where a time is declared, and is that time after it was made',
    because: 'moto does not say when a request lapses; EC2 does (manners/peerings.ts)',
    today: /expiresAt is missing/,
  },
  {
    topic: 'routes',
    case: 'A route never stays active after its peering has ended',
    because: 'moto says active of a route whose peering is gone; EC2 says blackhole (manners/networks.ts)',
    today: /unequal to/,
  },
  {
    topic: 'crossAccount',
    case: 'A pair that waits for acceptance cannot be asked for again, from either side',
    because: DUPLICATES,
    today: /declared to answer what is there/,
  },
];
