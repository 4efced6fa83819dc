/** A fake cloud for `adopt` and `release`: it lets the mark of a route be written anew, and can be told what else it takes. */
import { expect } from '@jest/globals';
import { Provider, Redactor, regionId, seededRandom, type ProviderCapabilities } from '@peerway/core';
import { Engine, type StackSpec } from '@peerway/engine';
import { FakeCloud, type FakeOptions } from './fakeCloud.js';
import { FakeDriver } from './fakeDriver.js';
import { inNewProcess } from './newProcess.js';
import { stackOf, type Declaration } from './scene.js';

const yes = { status: 'supported', checkedOn: '2026-11-20' } as const;
export const no = { status: 'unsupported', reason: 'it has none', source: 'fake', checkedOn: '2026-11-20' } as const;
export const nat = { kind: 'other', id: 'nat-1' } as const;

export interface Bends {
  readonly options?: Partial<FakeOptions>;
  readonly mechanism?: Partial<ProviderCapabilities['mechanisms'][0]['features']>;
  readonly second?: Partial<ProviderCapabilities['mechanisms'][0]['features']>;
  readonly links?: Partial<ProviderCapabilities['links']['features']>;
  readonly listedBy?: 'network';
}

/** A cloud that lets the mark of a route be written anew. */
export class Marking extends FakeCloud {
  constructor(private readonly bends: Bends = {}) {
    super(bends.options);
    for (const [at, id] of ['a', 'b', 'c'].entries()) this.network(id, [`10.${at}.0.0/16`]);
    this.network('x', ['10.10.0.0/16'], { account: 'acc-b' });
    this.network('y', ['10.11.0.0/16'], { account: 'acc-b' });
  }

  override provider(name: string, account = 'acc-a', region = 'r1'): Provider {
    const { capabilities, ...plugin } = this.plugin();
    const [first, second = first] = capabilities.mechanisms;
    const { mechanism = {}, second: other = {}, links = {}, listedBy } = this.bends;
    const driver = new FakeDriver(this, account, region);
    Object.assign(driver.routes, {
      describe: ({ table, destination }: { table: string; destination: string }, text: string, call: never) =>
        this.request(call, account, `describe ${destination} in ${table}`, true, () => {
          this.routes.find((one) => one.table === table && one.destination === destination)!.description = text;
        }),
    });
    return new Provider(
      {
        ...plugin,
        capabilities: {
          ...capabilities,
          mechanisms: [
            { ...first, features: { ...first.features, ...mechanism } },
            { ...second, features: { ...second.features, ...other } },
          ],
          routes: { ...capabilities.routes, features: { ...capabilities.routes.features, relabel: yes } },
          links: {
            ...capabilities.links,
            features: { ...capabilities.links.features, ...links },
            ...(listedBy === undefined ? {} : { listedBy }),
          },
        },
      },
      driver,
      { name, region: regionId(region), credentials: account },
      { clock: this.clock, random: seededRandom(7), redactor: new Redactor() },
    );
  }

  engine(declared: Declaration, more: Partial<StackSpec> = {}): Engine {
    return new Engine({ stack: { ...stackOf(this, declared), ...more }, clock: inNewProcess(this.clock) });
  }

  /** What the work changed, in order. */
  async changes(work: () => Promise<unknown>): Promise<string[]> {
    this.requests.length = 0;
    await work();
    return this.mutations().map(({ operation, account }) => `${account} ${operation}`);
  }

  marks(): string[] {
    return this.routes
      .filter(({ origin }) => origin !== 'system')
      .map(({ table, destination, description }) => `${table} ${destination}: ${description}`);
  }
}

/** An error as it must be. */
export const refused = (code: string, message: string, more: object) => ({
  code,
  message,
  details: expect.objectContaining(more),
});
