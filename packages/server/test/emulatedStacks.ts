/** Stacks on the emulated clouds: config texts as a user writes them, and the environment that opens them. */
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Peerway, seededRandom, systemClock, VirtualClock, type Clock, type LoadOptions } from '@peerway/runtime';
import { digestOf, type StackConfig, type StackListing, type StackSource } from '../src/runs/stackConfigs.js';

export class EmulatedStacks implements StackSource {
  readonly #configs = new Map<string, StackConfig>();

  private constructor(
    readonly emulator: Emulator,
    readonly clock: Clock,
  ) {}

  /** In time that jumps. */
  static async start(): Promise<EmulatedStacks> {
    const emulator = await Emulator.start({ seed: 1 });
    const onAdvance = (now: number): void => emulator.clock.advanceTo(now);
    return new EmulatedStacks(emulator, new VirtualClock({ start: emulator.clock.now(), onAdvance }));
  }

  /** In the machine's time, for servers and processes that have no other. */
  static async startReal(): Promise<EmulatedStacks> {
    return new EmulatedStacks(await Emulator.start({ seed: 1, clock: 'real' }), systemClock);
  }

  /** Declares a stack of connections between two each of the three networks of one account of Alibaba, called 0, 1 and 2. */
  declare(name: string, pairs: readonly (readonly [number, number])[] = [[0, 1]]): StackConfig {
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
${own.map(({ id }, at) => `  n${at}: { provider: ali, id: ${id} }`).join('\n')}
connections:
${pairs.map(([one, other]) => `  - { name: c${one}${other}, between: [n${one}, n${other}] }`).join('\n')}
`;
    const config = { name, digest: digestOf(text), file: `${name}.yaml`, text };
    this.#configs.set(name, config);
    return config;
  }

  /** Its file is gone. */
  remove(name: string): void {
    this.#configs.delete(name);
  }

  async list(): Promise<StackListing> {
    return { stacks: [...this.#configs.values()], problems: [] };
  }

  /** Of a worker: what the variables in the files stand for. */
  get env(): Readonly<Record<string, string>> {
    const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
    return {
      KEY_ID: accessKeyId,
      KEY_SECRET: accessKeySecret,
      PEERWAY_ENDPOINT_ALI: this.emulator.alibaba.endpoint,
    };
  }

  get options(): LoadOptions {
    return {
      clock: this.clock,
      random: seededRandom(1),
      roots: [import.meta.url],
      conditions: ['@peerway/source'],
      env: this.env,
    };
  }

  readonly open = ({ file, text }: StackConfig): Promise<Peerway> => Peerway.load(file, { ...this.options, text });

  close(): Promise<void> {
    return this.emulator.close();
  }
}
