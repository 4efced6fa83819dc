/** Where the declared stacks come from: a folder of config files, one stack in each. Only text is read, no variable is filled in. */
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PeerwayError } from '@peerway/core';
import { glanceAtConfig, MAX_CONFIG_BYTES, readTextFile } from '@peerway/runtime';

export interface StackConfig {
  readonly name: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly digest: string;
  /** As people know it; relative names in the text start in its folder. */
  readonly file: string;
  readonly text: string;
}

export interface StackSource {
  /** Sorted by name. */
  list(): Promise<readonly StackConfig[]>;
}

/** @throws PeerwayError `NotFound` */
export async function stackNamed(source: StackSource, name: string): Promise<StackConfig> {
  const found = (await source.list()).find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new PeerwayError('NotFound', `There is no stack ${JSON.stringify(name)}`, {
    remedy: 'Put its config file into the folder of stacks.',
  });
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a text declares, or why it is left out. A text with a secret in it is not kept: what is kept here is sent on. */
function configOf(file: string, text: string): StackConfig | string {
  const { stack, secretsAt } = glanceAtConfig(text);
  const [secret] = secretsAt;
  if (secret !== undefined) return `${file}: ${secret} holds a secret; write it as \${VARIABLE}`;
  return stack === undefined ? `${file}: declares no stack` : { name: stack, digest: digestOf(text), file, text };
}

/**
 * The files `*.yaml` and `*.yml` of a folder. A file is read again when it has changed; one that declares no stack, or one that another
 * file declares already, is left out and named by `problems`.
 */
export class StackFolder implements StackSource {
  readonly #read = new Map<string, { readonly stamp: string; readonly config: StackConfig | string }>();
  #problems: readonly string[] = [];

  constructor(private readonly folder: string) {}

  /** What the last listing left out, a sentence each. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** @throws PeerwayError `NotFound` when there is no such folder */
  async list(): Promise<readonly StackConfig[]> {
    const files = (await this.#files()).filter((file) => /\.ya?ml$/.test(file)).sort();
    const problems: string[] = [];
    const stacks = new Map<string, StackConfig>();
    for (const file of files) {
      const config = await this.#config(join(this.folder, file));
      const known = typeof config === 'string' ? undefined : stacks.get(config.name);
      if (typeof config === 'string') problems.push(config);
      else if (known === undefined) stacks.set(config.name, config);
      else problems.push(`${config.file}: declares the stack ${config.name}, as ${known.file} does`);
    }
    this.#problems = problems;
    return [...stacks.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #files(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch {
      throw new PeerwayError('NotFound', `The folder of stacks cannot be read`, {
        place: this.folder,
        remedy: 'Name a folder that holds one config file for each stack.',
      });
    }
  }

  async #config(file: string): Promise<StackConfig | string> {
    try {
      const { mtimeMs, size } = await stat(file);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.#read.get(file);
      if (known?.stamp === stamp) return known.config;
      const text = await readTextFile(file, { maxBytes: MAX_CONFIG_BYTES, shown: file, what: 'The config file' });
      const config = configOf(file, text);
      this.#read.set(file, { stamp, config });
      return config;
    } catch {
      return `${file}: cannot be read`;
    }
  }
}
