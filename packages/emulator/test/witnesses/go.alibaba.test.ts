/** Outside witnesses: both generations of Alibaba Cloud's Go SDK drive the emulator, endpoint changed and nothing else, and their types are held against what is answered. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { borderRouters, neighbours, networks, peerings, worldOf } from './alibabaStory.js';
import { Story } from './story.js';
import { missing, program, Witness } from './witness.js';

const why = missing('go', /\.go$/);
if (why !== undefined) process.stderr.write(`skipped: Alibaba Cloud's Go SDKs drive the emulator: ${why}\n`);

interface Sdk {
  /** As the ledger calls it. */
  readonly client: string;
  /** As the program calls it. */
  readonly sdk: string;
  /** How many calls the story takes. A call that falls away must be missed. */
  readonly calls: number;
  readonly products: readonly string[];
  /** Where the answers and its types differ, by operation. */
  readonly differences: Readonly<Record<string, readonly string[]>>;
}

/** The newest documents of the operation have the count (docs/facts/alibaba.md 3.2); neither SDK has it yet. */
const NEWER = { 'Vpc.DescribeRouteEntryList': ['TotalCount unknown number'] };

const SDKS: readonly Sdk[] = [
  {
    client: 'alibaba-cloud-sdk-go',
    sdk: 'alibaba-cloud-sdk-go',
    calls: 69,
    products: ['Vpc', 'VpcPeer', 'Sts', 'Ecs', 'ResourceManager'],
    differences: NEWER,
  },
  { client: 'alibabacloud-go/vpc-20160428', sdk: 'tea', calls: 49, products: ['Vpc'], differences: NEWER },
];

(why === undefined ? describe : describe.skip).each(SDKS)(
  '$client',
  ({ client, sdk, calls, products, differences }) => {
    let emulator: Emulator;
    let witness: Witness;
    let story: Story;
    beforeAll(async () => {
      emulator = await Emulator.start({ seed: 8, profile: 'instant' });
      witness = new Witness([program('go/witness')], worldOf(emulator), { account: 'a', endpoint: 'main' });
      story = new Story(witness, sdk);
    });
    afterAll(async () => {
      await witness.close();
      expect(emulator.crashes).toEqual([]);
      await emulator.close();
    });

    it('joins a line to a network, routes over it, and takes it all apart', () => borderRouters(story));
    it('makes, changes and deletes networks', () => networks(story));
    if (products.includes('VpcPeer')) it('peers across accounts', () => peerings(story));
    if (products.includes('Sts')) it('asks the neighbouring products', () => neighbours(story));

    it('finds in every answer only what its types have, but for what is listed with its source', () => {
      const listed = Object.entries(differences).flatMap(([name, found]) => found.map((one) => `${name} ${one}`));
      expect(witness.differences).toEqual(listed.sort());
    });

    it('drives exactly the operations that the ledger says it drives, in as many calls as ever', () => {
      const claimed = emulator
        .operations('alibaba')
        .map(({ description }) => description)
        .filter(({ evidence }) => evidence.clients.includes(client));
      expect(claimed.every(({ product }) => products.includes(product))).toBe(true);
      const driven = new Set(
        emulator.requests.filter(({ status }) => status === 200).map(({ operation }) => operation),
      );
      expect(claimed.filter(({ name }) => !driven.has(name)).map(({ name }) => name)).toEqual([]);
      expect(witness.calls).toBe(calls);
    });
  },
);
