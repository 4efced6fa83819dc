/** Guards of the engine, and how each is broken: `text` of `file` (below packages/) is read as `by`. scripts/guards.mjs checks that every text is there. */
export const GUARDS = [
  {
    name: 'marks decide: a route of somebody else at a declared destination is not overwritten',
    file: 'engine/src/diff/routes.ts',
    text: `else if (owner === 'ours') this.#replace(`,
    by: `else if (owner !== undefined) this.#replace(`,
  },
  {
    name: 'marks decide: what another stack marked is not ours',
    file: 'engine/src/world/ownership.ts',
    text: `return { kind: tagged.stack === stack ? 'ours' : 'other', marker: tagged };`,
    by: `return { kind: 'ours', marker: tagged };`,
  },
  {
    name: 'marks decide: a name that changed is written into the description',
    file: 'engine/src/diff/labels.ts',
    text: `if (there === description) return [];`,
    by: `if (readMarkerText(there) !== undefined) return [];`,
  },
  {
    name: 'a mark written over is mended where marked routes of ours lead there',
    file: 'engine/src/world/leftMarks.ts',
    text: `if (lostPeerings.length + lostLinks.length === 0) return { pairs, links };`,
    by: `return { pairs, links };`,
  },
  {
    name: 'a name that a person changed comes back',
    file: 'engine/src/diff/labels.ts',
    text: `if (name === undefined || name === there) return [];`,
    by: `return [];`,
  },
  {
    name: 'every table of a network is read, not the declared ones alone',
    file: 'engine/src/world/readTables.ts',
    text: `await Promise.all(found.map((table) =>`,
    by: `await Promise.all(found.filter((table) => written(table.id, table === first)).map((table) =>`,
  },
  {
    name: 'tags that left the file leave the cloud',
    file: 'engine/src/world/tagList.ts',
    text: `remove: Object.keys(there).filter(gone).sort() };`,
    by: `remove: [] };`,
  },
  {
    name: 'a foreign route over what must go stands in the way',
    file: 'engine/src/diff/routes.ts',
    text: `if (place === undefined || going === undefined || route.origin !== 'custom') continue;`,
    by: `continue;`,
  },
  {
    name: 'the acceptor’s half bears the marks too',
    file: 'engine/src/diff/labels.ts',
    text: `if (this.mechanism.handshake !== 'mirrored' || there === undefined) return [...this.#attributes.acceptor];`,
    by: `return [...this.#attributes.acceptor];`,
  },
  {
    name: 'a route of ours that nothing declares any more goes',
    file: 'engine/src/diff/routes.ts',
    text: `if (this.#owners.of(network.key, route) !== 'ours' && !adopted) continue;`,
    by: `continue;`,
  },
  {
    name: 'release takes the marks off the routes too',
    file: 'engine/src/adoption.ts',
    text: `if (route.nextHop.id === hop && readMarkerText(route.description)?.stack === stack.name)`,
    by: `if (hop === '')`,
  },
  {
    name: 'a line on a taken VLAN is not taken over unasked',
    file: 'engine/src/diff/declaredLink.ts',
    text: `const theirs = owner.kind === 'other';`,
    by: `return;`,
  },
];
