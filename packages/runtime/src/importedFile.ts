/** What an import found, as the text of a commented config file. */
import type { ImportedConnection, ImportedLink, Imported, LinkSpec, RouteSpec } from '@peerway/engine';
import { Document, isAlias, isMap, parseDocument, visit, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { ConfigSource } from './parts.js';
import { printableLine } from './printable.js';

/** Every scalar is a text: an account id of 18 digits would be another number otherwise. */
const TEXTS = { schema: 'failsafe' } as const;

/** What this schema leaves bare and a reader of the file takes for no value, or an editor for a number past what it can hold. */
const MISREAD = /^(null|~|[0-9]{16,})$/i;

/** @param source the file whose provider entries were looked into: they are taken over as they stand, variables and comments included */
export function importedFile(imported: Imported, { text, redactor }: ConfigSource): string {
  const shown = (words: string): string => printableLine(redactor.redact(words));
  const document = new Document({}, TEXTS);
  const root = document.contents as unknown as YAMLMap;
  const add = (key: string, value: unknown, comment: string): void => {
    const pair = document.createPair(key, value) as Pair<Scalar>;
    pair.key.commentBefore = comment;
    pair.key.spaceBefore = true;
    root.add(pair);
  };
  root.add(document.createPair('version', '1'));
  add('stack', imported.stack.name, ' The mark on everything that is adopted or made for this file.');
  add('providers', providersOf(text), ' The accounts and regions that were looked into, and no others.');
  add(
    'networks',
    networksOf(document, imported, shown),
    ' Every network that they show, by names made of what the cloud calls it.',
  );
  const connections = imported.connections.map((one) => connectionOf(document, one, shown));
  const links = imported.links.map((one) => linkOf(document, one, shown));
  if (connections.length > 0)
    add(
      'connections',
      document.createNode(connections),
      ' What joins them. Routes are as the tables hold them: `auto`, where nothing is said, is every prefix of the other network.',
    );
  if (links.length > 0)
    add('links', document.createNode(links), ' Dedicated lines, with what the tables send over them.');
  document.commentBefore = headOf(imported);
  const left = imported.leftOut.map(({ object, why }) => ` - ${shown(`${object}: ${why}`)}`);
  if (left.length > 0) document.comment = [' Left out, and not touched by this file:', ...left].join('\n');
  visit(document, {
    Scalar: (_key, scalar) => {
      if (MISREAD.test(String(scalar.value))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Words of a cloud as they may stand in a comment: on one line, without what we know to be secret. */
type Shown = (words: string) => string;

const headOf = ({ stack, leftOut }: Imported): string =>
  [
    ' What was there when `peerway import` looked. Nothing bears the mark of this file yet, and nothing was changed.',
    ' `peerway adopt --all` sets the marks, after a question; from then on plan and apply keep what stands here as it stands here,',
    ' and destroy, with --force, removes it. Names, descriptions, tags and settings that are not in this file stay as they are.',
    ...(leftOut.length === 0
      ? []
      : [
          ` ${leftOut.length} more ${leftOut.length === 1 ? 'thing is' : 'things are'} there and not in this file: its last lines say which and why.`,
        ]),
    ` The stack is called ${stack.name}: rename it now if you like, afterwards its name is the mark.`,
  ].join('\n');

/** The entries as they stand, without anchors: what an alias names may stand elsewhere in that file. */
function providersOf(source: string): Node | null {
  const document = parseDocument(source, { ...TEXTS, version: '1.2' });
  visit(document, {
    Alias: (_key, alias) => (alias.resolve(document)?.clone() as Node | undefined) ?? visit.REMOVE,
  });
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) delete node.anchor;
    },
  });
  const node = document.get('providers', true) as Node | null;
  if (isMap(node)) {
    node.flow = false;
    for (const { value } of node.items) if (isMap(value)) value.flow = true;
  }
  return node;
}

function networksOf(document: Document, { stack, networks }: Imported, shown: Shown): YAMLMap {
  const all = document.createNode({}) as unknown as YAMLMap;
  for (const [name, { provider, id, routeTables, peer }] of stack.networks) {
    const entry = flow(document, {
      provider: provider.name,
      ...(peer === undefined ? { id } : { peer: { ...peer, id } }),
      ...(routeTables === undefined ? {} : { routeTables }),
    });
    const { name: called = '', cidrs = [] } = networks.get(name) ?? {};
    if (peer === undefined)
      entry.comment = ` ${shown([called, cidrs.join(', ')].filter((part) => part !== '').join(', '))}`;
    all.add(document.createPair(name, entry));
  }
  return all;
}

function connectionOf(document: Document, { spec, peering }: ImportedConnection, shown: Shown): Node {
  const { name, between, peering: asked, routes } = spec;
  const said = routesOf(routes);
  const entry = flow(document, {
    name,
    between,
    ...(asked.mechanism === undefined ? {} : { mechanism: asked.mechanism }),
    ...(asked.bandwidthMbps === undefined ? {} : { bandwidthMbps: String(asked.bandwidthMbps) }),
    ...(said === undefined ? {} : { routes: said }),
  });
  entry.comment = ` ${shown([shownId(peering.id), peering.name].filter((part) => part !== '').join(', '))}`;
  return entry;
}

/** A driver's id may carry, after a colon, what only the other end has to know. */
const shownId = (id: string): string => id.split(':')[0] ?? id;

const routesOf = (routes: RouteSpec): unknown => {
  if (routes === 'auto') return undefined;
  return typeof routes === 'object' && 'sides' in routes ? routes.sides : routes;
};

function linkOf(document: Document, { spec, link }: ImportedLink, shown: Shown): Node {
  const { name, network, vlan, cloudIp, customerIp, destinations, bandwidthMbps } = spec;
  const entry = flow(document, {
    name,
    network,
    port: portOf(spec),
    vlan: String(vlan),
    cloudIp,
    customerIp,
    destinations,
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps: String(bandwidthMbps) }),
  });
  entry.comment = ` ${shown([link.id, link.name].filter((part) => part !== '').join(', '))}`;
  return entry;
}

const portOf = ({ port, portProvider }: LinkSpec): unknown =>
  portProvider === undefined ? port : { provider: portProvider.name, id: port };

/** On one line. */
function flow(document: Document, value: object): YAMLMap {
  const node = document.createNode(value, { flow: true }) as unknown as YAMLMap;
  return node;
}
