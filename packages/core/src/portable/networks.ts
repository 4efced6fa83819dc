/** Networks as users hold them. */
import type { NetworkDriver } from '../driver/driver.js';
import { PeerwayError } from '../errors/error.js';
import type { NetworkId } from '../model/ids.js';
import type { Network } from '../model/network.js';
import type { CallOptions, ListOptions } from './environment.js';
import type { Invoker } from './invoker.js';

/** The networks of one account in one region. They are only read: Peerway makes and deletes none. */
export class Networks {
  readonly #driver: NetworkDriver;
  readonly #invoker: Invoker;
  readonly #perRead: number;

  constructor(driver: NetworkDriver, invoker: Invoker, networksPerRead: number) {
    if (!(networksPerRead >= 1)) {
      throw new PeerwayError('Internal', `networksPerRead of ${invoker.provider} is ${networksPerRead}, less than 1`);
    }
    this.#driver = driver;
    this.#invoker = invoker;
    this.#perRead = networksPerRead;
  }

  /** @throws PeerwayError `NotFound` */
  async get(id: NetworkId, options: CallOptions = {}): Promise<Network> {
    const [network] = await this.getMany([id], options);
    if (network === undefined) {
      throw new PeerwayError('NotFound', `The network ${id} is not in this account and region`, {
        provider: this.#invoker.provider,
        resource: id,
        remedy: 'Check the id, the region and the account of the provider entry.',
      });
    }
    return network;
  }

  /** The networks that exist among `ids`, each once, in the order asked; as few requests as the cloud allows. Empty in, empty out. */
  async getMany(ids: readonly NetworkId[], options: CallOptions = {}): Promise<Network[]> {
    const unique = [...new Set(ids)];
    const found = new Map<NetworkId, Network>();
    for (let at = 0; at < unique.length; at += this.#perRead) {
      const chunk = unique.slice(at, at + this.#perRead);
      const networks = await this.#invoker.run(
        { name: 'networks.get', resource: chunk.join(', '), effect: 'read' },
        options,
        (call) => this.#driver.get(chunk, call),
      );
      for (const network of networks) found.set(network.id, network);
    }
    return unique.flatMap((id) => found.get(id) ?? []);
  }

  /** Every network of the account in the region, in no order; a page is read when it is needed. */
  list(options: ListOptions = {}): AsyncGenerator<Network> {
    return this.#invoker.pages(
      { name: 'networks.list' },
      options,
      (cursor, call) => this.#driver.list(cursor, call),
      ({ id }) => id,
    );
  }
}
