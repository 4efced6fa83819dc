/**
 * What the vendors' Terraform providers can say is sayable in the file, or there is a reason: docs/facts/terraform.json has a row for each
 * argument, and the READMEs of the adapters show them. A row names a key of the file that there is, and a test that there is.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { ProviderPlugin } from '@peerway/core';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import { getMetadataStorage } from 'class-validator';
import { configSchema } from '../src/index.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

type Argument =
  { readonly file: string; readonly test: readonly [file: string, text: string] } | { readonly why: string };

interface Cloud {
  readonly repository: string;
  readonly resources: Readonly<
    Record<string, { readonly source: string; readonly arguments: Readonly<Record<string, Argument>> }>
  >;
}

const FACTS = JSON.parse(readFileSync(join(ROOT, 'docs/facts/terraform.json'), 'utf8')) as Record<
  'alibaba' | 'baidu',
  Cloud
>;
const PLUGINS: Record<'alibaba' | 'baidu', ProviderPlugin> = { alibaba, baidu };

const ENTRIES: Readonly<Record<string, string>> = {
  providers: 'ProviderEntry',
  networks: 'NetworkEntry',
  connections: 'ConnectionEntry',
  links: 'LinkEntry',
};

const schema = configSchema() as { readonly $defs: Record<string, { readonly properties: object }> };

/** Names under `options:` of one section, as the plugin says them itself. */
function optionsOf({ capabilities, options }: ProviderPlugin, section: string): readonly string[] {
  if (section === 'links') return Object.keys(capabilities.links.settings ?? {});
  if (section === 'connections') return capabilities.mechanisms.flatMap(({ settings }) => Object.keys(settings ?? {}));
  return decorated(options);
}

function isKey(plugin: ProviderPlugin, key: string): boolean {
  const [section = '', name = '', option] = key.split('.');
  const known = Object.hasOwn(schema.$defs[ENTRIES[section] ?? '']?.properties ?? {}, name);
  return known && (option === undefined || (name === 'options' && optionsOf(plugin, section).includes(option)));
}

describe.each(['alibaba', 'baidu'] as const)('arguments of Terraform, %s', (cloud) => {
  const rows = Object.entries(FACTS[cloud].resources).flatMap(([resource, one]) =>
    Object.entries(one.arguments).map(([name, argument]) => ({ resource, name, argument })),
  );

  it.each(rows)('$resource: $name', ({ argument }) => {
    if ('why' in argument) return expect(argument.why.length).toBeGreaterThan(10);
    expect(isKey(PLUGINS[cloud], argument.file)).toBe(true);
    const [file, text] = argument.test;
    expect([existsSync(join(ROOT, file)), readFileSync(join(ROOT, file), 'utf8').includes(text)]).toEqual([true, true]);
  });

  it('stand in the README of the adapter', () => {
    const readme = readFileSync(join(ROOT, `packages/${cloud}/README.md`), 'utf8');
    const table = readme.slice(readme.indexOf('<!-- arguments:'), readme.indexOf('<!-- end -->'));
    for (const { resource, name } of rows) {
      expect(table).toContain(`### \`${resource}\``);
      expect(table).toContain(`| \`${name}\` |`);
    }
  });

  it('every option of one object is known by its class and its capabilities alike', () => {
    const { capabilities, peeringOptions, linkOptions } = PLUGINS[cloud];
    for (const [type, listed] of [
      [peeringOptions, capabilities.mechanisms.map(({ settings }) => settings ?? {})],
      [linkOptions, [capabilities.links.settings ?? {}]],
    ] as const) {
      const names = [...new Set(listed.flatMap((one) => Object.keys(one)))].sort();
      expect(decorated(type)).toEqual(names);
    }
  });
});

/** Properties that a class of class-validator decorates. */
function decorated(type: (new () => object) | undefined): string[] {
  if (type === undefined) return [];
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))].sort();
}
