/** Runs the real command line in this process: every test goes through `run(argv, io)`, the function that the binary calls. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_WORLD, Emulator, type EmulatorState } from '@peerway/emulator';
import { seededRandom, VirtualClock, type Random } from '@peerway/runtime';
import { run, type Io } from '../src/main.js';

export interface Outcome {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A temporary folder in which the command runs. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'peerway-cli-'));

  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async peerway(argv: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
    let out = '';
    let err = '';
    const exit = await run(argv, {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      env: {},
      cwd: this.folder,
      conditions: ['@peerway/source'],
      ...io,
    });
    return { exit, out, err };
  }
}

/** A workspace with both emulated clouds and a clock that costs no time. */
export class Sandbox extends Workspace {
  /** One stream for all runs: two runs never use the same tokens, as on a real machine. */
  readonly #random: Random;

  private constructor(
    readonly emulator: Emulator,
    readonly clock: VirtualClock,
    seed: number,
  ) {
    super();
    this.#random = seededRandom(seed);
  }

  /** A world of the first minute, or one that goes on from a state, with tokens that whoever made the state has not used. */
  static async open(state?: EmulatorState): Promise<Sandbox> {
    const emulator = await Emulator.start({ seed: 1 });
    if (state !== undefined) emulator.restore(state);
    const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
    return new Sandbox(emulator, clock, state === undefined ? 1 : 2);
  }

  async close(): Promise<void> {
    this.remove();
    await this.emulator.close();
  }

  /** Keys of both accounts of both clouds, and where the entries of `config` are reached. */
  get env(): Record<string, string> {
    const { alibaba, baidu } = DEFAULT_WORLD;
    return {
      ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accounts.a.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accounts.a.accessKeySecret,
      BCE_ACCESS_KEY_ID: baidu.accounts.a.accessKeyId,
      BCE_SECRET_ACCESS_KEY: baidu.accounts.a.accessKeySecret,
      PARTNER_SECRET: alibaba.accounts.b.accessKeySecret,
      PEERWAY_ENDPOINT_ALI: this.emulator.alibaba.endpoint,
      PEERWAY_ENDPOINT_PARTNER: this.emulator.alibaba.endpoint,
    };
  }

  /** Runs against the emulated clouds. */
  run(argv: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
    return this.peerway(argv, { env: this.env, clock: this.clock, random: this.#random, ...io });
  }

  /** Two accounts and two regions of Alibaba Cloud; writes peerway.yaml. */
  config(more = DEFAULT_CONNECTIONS): void {
    const { a, b } = DEFAULT_WORLD.alibaba.accounts;
    this.write(
      'peerway.yaml',
      `version: 1
stack: shop
providers:
  ali: { use: alibaba, region: cn-hangzhou, account: "${a.id}" }
  partner: { use: alibaba, region: cn-beijing, account: "${b.id}", credentials: { accessKeyId: ${b.accessKeyId}, accessKeySecret: "\${PARTNER_SECRET}" } }
networks:
  web: { provider: ali, id: ${idOf('a', 'cn-hangzhou', 'web')} }
  data: { provider: ali, id: ${idOf('a', 'cn-hangzhou', 'data')} }
  jobs: { provider: ali, id: ${idOf('a', 'cn-hangzhou', 'jobs')} }
  lab: { provider: partner, id: ${idOf('b', 'cn-beijing', 'web')} }
${more}`,
    );
  }
}

const DEFAULT_CONNECTIONS = `connections:
  - { name: web-data, between: [web, data] }
  - { name: web-lab, between: [web, lab], bandwidthMbps: 100 }
`;

export function idOf(account: 'a' | 'b', region: string, name: string): string {
  const found = DEFAULT_WORLD.alibaba.networks.find(
    (each) => each.account === account && each.region === region && each.name.startsWith(`${name}-`),
  );
  if (found === undefined) throw new Error(`the default world has no ${name}`);
  return found.id;
}

/** Answers questions in order; undefined when they run out. */
export function answering(...answers: readonly string[]): { ask: NonNullable<Io['ask']>; asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  return {
    asked,
    ask: async (question) => {
      asked.push(question);
      return left.shift();
    },
  };
}
