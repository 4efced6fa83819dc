/** A folder of config files, one stack in each. A file that cannot be used is left out and said, never passed over. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PeerwayError } from '@peerway/core';
import { glanceAtConfig, MAX_CONFIG_BYTES, readTextFile } from '@peerway/runtime';
import { digestOf, type StackConfig, type StackListing, type StackProblem, type StackSource } from './stackConfigs.js';

type Found = { readonly config: StackConfig } | { readonly problem: StackProblem };

/** What a text declares, or why it is left out. A text with a secret in it is not kept: what is kept here is sent on. */
function foundIn(file: string, text: string): Found {
  const { stack, secretsAt } = glanceAtConfig(text);
  const [secret] = secretsAt;
  const named = stack ?? NAME_LINE.exec(text)?.[1];
  const leaveOut = (message: string, remedy: string): Found => ({
    problem: { file, ...(named === undefined ? {} : { stack: named }), message, remedy },
  });
  if (secret !== undefined)
    return leaveOut(`holds a secret (${secret})`, 'Write it as ${VARIABLE}, and give the variable to the workers.');
  if (stack === undefined)
    return leaveOut('declares no stack that can be read', `Run \`peerway validate --config ${file}\`; it says where.`);
  return { config: { name: stack, digest: digestOf(text), file, text } };
}

/** The name in a text that is no YAML: whoever may see that stack sees what is wrong. */
const NAME_LINE = /^stack:[ \t]*['"]?([A-Za-z0-9][A-Za-z0-9._-]{0,62})['"]?[ \t]*(?:#.*)?\r?$/m;

export interface StackFolderOptions {
  /** Hears what is left out, whenever that is different from the time before. */
  readonly onProblems?: (problems: readonly StackProblem[]) => void;
}

/** The files `*.yaml` and `*.yml`. A file is read again when it has changed; of two that declare one stack neither is used. */
export class StackFolder implements StackSource {
  readonly #read = new Map<string, { readonly stamp: string; readonly found: Found }>();
  #said = '[]';

  constructor(
    private readonly folder: string,
    private readonly options: StackFolderOptions = {},
  ) {}

  /** @throws PeerwayError `NotFound` when there is no such folder */
  async list(): Promise<StackListing> {
    const files = (await this.#files()).filter((file) => /\.ya?ml$/.test(file)).sort();
    const found = await Promise.all(files.map((file) => this.#found(join(this.folder, file))));
    const byName = new Map<string, StackConfig[]>();
    const problems: StackProblem[] = [];
    for (const each of found) {
      if ('problem' in each) problems.push(each.problem);
      else byName.set(each.config.name, [...(byName.get(each.config.name) ?? []), each.config]);
    }
    const stacks: StackConfig[] = [];
    for (const configs of byName.values()) {
      const [config, ...others] = configs;
      if (config !== undefined && others.length === 0) stacks.push(config);
      else problems.push(...configs.map((each) => declaredTwice(each, configs)));
    }
    problems.sort((a, b) => (a.file < b.file ? -1 : 1));
    this.#say(problems);
    return { stacks: stacks.sort((a, b) => (a.name < b.name ? -1 : 1)), problems };
  }

  #say(problems: readonly StackProblem[]): void {
    const text = JSON.stringify(problems);
    if (text === this.#said) return;
    this.#said = text;
    this.options.onProblems?.(problems);
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

  async #found(file: string): Promise<Found> {
    try {
      const { mtimeMs, size } = await stat(file);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.#read.get(file);
      if (known?.stamp === stamp) return known.found;
      const text = await readTextFile(file, { maxBytes: MAX_CONFIG_BYTES, shown: file, what: 'The config file' });
      const found = foundIn(file, text);
      this.#read.set(file, { stamp, found });
      return found;
    } catch {
      const remedy = `Check that it is a text file of at most ${MAX_CONFIG_BYTES / 1024 / 1024} MB that the server may read.`;
      return { problem: { file, message: 'cannot be read', remedy } };
    }
  }
}

function declaredTwice({ file, name }: StackConfig, all: readonly StackConfig[]): StackProblem {
  const others = all.filter((each) => each.file !== file).map((each) => each.file);
  return {
    file,
    stack: name,
    message: `declares the stack ${name}, as ${others.join(' and ')} does; none of them is used`,
    remedy: 'Keep one of the files, or give each stack a name of its own.',
  };
}
