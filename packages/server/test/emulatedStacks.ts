/** Stacks on the emulated clouds: config texts as a user writes them, and the environment that opens them. */
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Peerway, seededRandom, VirtualClock, type LoadOptions } from '@peerway/runtime';
import { digestOf, type StackConfig, type StackSource } from '../src/runs/stackConfigs.js';

export class EmulatedStacks implements StackSource {
  readonly #configs = new Map<string, StackConfig>();
  readonly clock: VirtualClock;

  private constructor(readonly emulator: Emulator) {
    this.clock = new VirtualClock({
      start: emulator.clock.now(),
      onAdvance: (now) => emulator.clock.advanceTo(now),
    });
  }

  static async start(): Promise<EmulatedStacks> {
    return new EmulatedStacks(await Emulator.start({ seed: 1 }));
  }

  /** Declares a stack of one connection between two networks of one account of Alibaba. */
  declare(name: string, [one, other] = [0, 1]): StackConfig {
    const { regions, networks } = DEFAULT_WORLD.alibaba;
    const own = networks.filter(({ account, region }) => account === 'a' && region === regions[0]);
    const text = `version: 1
stack: ${name}
providers:
  ali:
    use: alibaba
    region: ${regions[0]}
    credentials: { accessKeyId: '\${KEY_ID}', accessKeySecret: '\${KEY_SECRET}' }
networks:
  web: { provider: ali, id: ${own[one]!.id} }
  data: { provider: ali, id: ${own[other]!.id} }
connections:
  - { name: web-data, between: [web, data] }
`;
    const config = { name, digest: digestOf(text), file: `${name}.yaml`, text };
    this.#configs.set(name, config);
    return config;
  }

  async list(): Promise<readonly StackConfig[]> {
    return [...this.#configs.values()];
  }

  get options(): LoadOptions {
    const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
    return {
      clock: this.clock,
      random: seededRandom(1),
      roots: [import.meta.url],
      conditions: ['@peerway/source'],
      env: { KEY_ID: accessKeyId, KEY_SECRET: accessKeySecret, PEERWAY_ENDPOINT_ALI: this.emulator.alibaba.endpoint },
    };
  }

  readonly open = ({ file, text }: StackConfig): Promise<Peerway> => Peerway.load(file, { ...this.options, text });

  close(): Promise<void> {
    return this.emulator.close();
  }
}
