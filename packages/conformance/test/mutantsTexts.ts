/** Broken drivers that change what people wrote: names, descriptions, tags, and what stands beside a change. */
import type { Peering, PeeringChange, Tags } from '@peerway/core';
import { links, mapLinks, peerings, readings, routes, withParts, type Mutant } from './broken.js';

const ascii = (text: string): string => text.normalize('NFD').replace(/[^\x20-\x7e]/g, '');
const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
/** As a field of so many bytes cuts it. */
const cut = (text: string, bytes: number): string => Buffer.from(text, 'utf8').subarray(0, bytes).toString('utf8');

const described = (change: (text: string) => string) =>
  peerings((good) => ({
    create: ({ description, ...input }, call) =>
      good.create({ ...input, ...(description === undefined ? {} : { description: change(description) }) }, call),
  }));
const named = (change: (text: string) => string) =>
  peerings((good) => ({
    create: ({ name, ...input }, call) =>
      good.create({ ...input, ...(name === undefined ? {} : { name: change(name) }) }, call),
  }));
const tagged = (change: (tags: Tags, peering: Peering) => Tags) =>
  readings((peering) => ({ ...peering, tags: change(peering.tags, peering) }));
const routed = (change: (text: string) => string, atLeast = 1) =>
  routes((good) => ({
    createMany: async (inputs, call) =>
      (await good.createMany?.(
        inputs.map(({ description, ...input }) => ({
          ...input,
          ...(description === undefined
            ? {}
            : { description: inputs.length < atLeast ? description : change(description) }),
        })),
        call,
      )) ?? [],
  }));

/** The first of every value stays. */
const byValue = (tags: Tags): Tags =>
  Object.fromEntries(
    Object.entries(tags).filter(([key, value]) => Object.entries(tags).find(([, one]) => one === value)?.[0] === key),
  );

const beside = (kind: PeeringChange['kind'], more: PeeringChange) =>
  peerings((good) => ({
    update: async (id, side, change, call) => {
      await good.update(id, side, change, call);
      if (change.kind === kind) await good.update(id, side, more, call);
    },
  }));

export const TEXTS: readonly Mutant[] = [
  {
    name: 'shows the name among the tags',
    seen: 'a provider from outside',
    topics: ['texts'],
    driver: tagged((tags, { name }) => (name === '' ? tags : { ...tags, Name: name })),
  },
  {
    name: 'shows a mark of its own among the tags',
    topics: ['texts'],
    driver: tagged((tags) => ({ ...tags, 'tiny:managed': 'true' })),
  },
  { name: 'merges tags of one value', topics: ['texts'], driver: tagged(byValue) },
  {
    name: 'keeps one of two tags of one value at creation',
    topics: ['texts'],
    driver: peerings((good) => ({
      create: (input, call) => good.create({ ...input, tags: byValue(input.tags) }, call),
    })),
  },
  {
    name: 'swaps keys and values of tags',
    topics: ['texts'],
    driver: tagged((tags) => Object.fromEntries(Object.entries(tags).map(([key, value]) => [value, key]))),
  },
  {
    name: 'shows the keys of tags without their prefix',
    topics: ['texts'],
    driver: tagged((tags) =>
      Object.fromEntries(Object.entries(tags).map(([key, value]) => [key.replace(/^peerway\./, ''), value])),
    ),
  },
  {
    name: 'removes every tag of the value of one that is removed',
    topics: ['texts'],
    driver: peerings((good) => ({
      update: async (id, side, change, call) => {
        if (change.kind !== 'tags' || change.remove.length === 0) return good.update(id, side, change, call);
        const { tags } = await good.get(id, side, call);
        const values = change.remove.map((key) => tags[key]);
        const remove = Object.keys(tags).filter((key) => values.includes(tags[key]));
        return good.update(id, side, { ...change, remove }, call);
      },
    })),
  },
  { name: 'drops letters beyond ASCII from descriptions', topics: ['texts'], driver: described(ascii) },
  { name: 'reads descriptions as Latin-1', topics: ['texts'], driver: described(latin1) },
  { name: 'escapes descriptions', topics: ['texts'], driver: described(encodeURIComponent) },
  { name: 'cuts descriptions after 40 bytes', topics: ['texts'], driver: described((text) => cut(text, 40)) },
  { name: 'drops letters beyond ASCII from names', topics: ['texts'], driver: named(ascii) },
  { name: 'reads names as Latin-1', topics: ['texts'], driver: named(latin1) },
  { name: 'escapes names', topics: ['texts'], driver: named(encodeURIComponent) },
  { name: 'cuts names after 32 bytes', topics: ['texts'], driver: named((text) => cut(text, 32)) },
  {
    name: 'decomposes letters with accents',
    topics: ['texts'],
    driver: described((text) => text.normalize('NFD')),
  },
  {
    name: 'cuts texts in listings',
    topics: ['texts'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return { ...page, items: page.items.map((one) => ({ ...one, description: cut(one.description, 30) })) };
      },
    })),
  },
  { name: 'drops letters beyond ASCII from descriptions of routes', topics: ['texts'], driver: routed(ascii) },
  { name: 'escapes descriptions of routes in a batch', topics: ['texts'], driver: routed(encodeURIComponent, 2) },
  { name: 'drops descriptions of routes in a batch', topics: ['texts'], driver: routed(() => '', 2) },
  {
    name: 'reads names of links as Latin-1',
    topics: ['texts'],
    driver: mapLinks((link) => ({ ...link, name: latin1(link.name) })),
  },
  {
    name: 'drops the description of a link',
    topics: ['texts'],
    driver: links((good) => ({ create: ({ description: _, ...input }, call) => good.create(input, call) })),
  },

  {
    name: 'empties the description when it changes the bandwidth',
    topics: ['lifecycle'],
    driver: beside('bandwidth', { kind: 'labels', description: '' }),
  },
  {
    name: 'empties the name when it changes tags',
    topics: ['lifecycle'],
    driver: beside('tags', { kind: 'labels', name: '' }),
  },
  {
    name: 'protects what it renames',
    topics: ['lifecycle'],
    driver: beside('labels', { kind: 'deletionProtection', enabled: true }),
  },
  {
    name: 'marks what it protects with a tag',
    topics: ['lifecycle'],
    driver: beside('deletionProtection', { kind: 'tags', set: { protected: 'yes' }, remove: [] }),
  },
  {
    name: 'writes the description where the name belongs',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: (id, side, change, call) =>
        good.update(
          id,
          side,
          change.kind === 'labels' && change.description !== undefined
            ? { kind: 'labels', name: change.description }
            : change,
          call,
        ),
    })),
  },
  {
    name: 'says that a change of what does not exist is made',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: async (id, side, change, call) => {
        await good.update(id, side, change, call).catch(() => undefined);
      },
    })),
  },
  {
    name: 'fails to make a change that is made already',
    topics: ['lifecycle'],
    driver: (good) => {
      const made = new Set<string>();
      return withParts(good, {
        peerings: {
          update: async (id, side, change, call) => {
            const key = JSON.stringify([id, side, change]);
            if (made.has(key)) throw new Error('nothing to change');
            made.add(key);
            await good.peerings.update(id, side, change, call);
          },
        },
      });
    },
  },
];
