/** Checks between the entries of a config file: names that must exist, names that must differ, shapes that exclude each other. */
import { parseAddress, parseCidr, canonicalCidr, cidrContains, isPeerwayError } from '@peerway/core';
import { isText, type Places, type PlainMap } from './document.js';
import type { Config, ConnectionEntry, LinkEntry } from './model.js';
import { endShapes, networkShape, ownNetwork } from './networkShapes.js';
import { nearest, suggestion } from './nearest.js';
import type { ConfigProblem, Path } from './problem.js';
import { quote } from './quote.js';
import { BOUNDS } from './syntax.js';

/** Only speaks about values that are present and well formed; anything else has been reported already. */
export function checkReferences(config: Config, content: PlainMap, places: Places): ConfigProblem[] {
  return [
    ...networkReferences(config, places),
    ...connectionShapes(config, content, places),
    ...tooManyPairs(config, places),
    ...linkReferences(config, places),
    ...uniqueNames(config, places),
  ];
}

function networkReferences(config: Config, places: Places): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const owners = new Map<string, string>();
  for (const [name, entry] of config.networks) {
    const { provider } = entry;
    const id = entry.id ?? entry.peer?.id;
    const path = ['networks', name];
    problems.push(...networkShape(entry, path, places));
    if (isText(provider)) {
      problems.push(...known(provider, providersOf(config), [...path, 'provider'], places));
    }
    if (!isText(provider) || !isText(id)) continue;
    const key = `${provider} ${id}`;
    const other = owners.get(key);
    if (other === undefined) owners.set(key, name);
    else {
      problems.push(
        places.problem(
          [...path, 'id'],
          `${quote(name)} and ${quote(other)} are the same network`,
          'Keep one name and use it everywhere.',
        ),
      );
    }
  }
  return problems;
}

/** Networks that a connection names, with the place of each. */
export function membersOf(
  connection: ConnectionEntry,
  path: Path,
): { readonly network: unknown; readonly path: Path }[] {
  const each = (key: string, list: unknown): { network: unknown; path: Path }[] =>
    Array.isArray(list) ? list.map((network: unknown, index) => ({ network, path: [...path, key, index] })) : [];
  return [
    ...each('between', connection.between),
    ...(connection.hub === undefined ? [] : [{ network: connection.hub, path: [...path, 'hub'] }]),
    ...each('spokes', connection.spokes),
    ...each('mesh', connection.mesh),
  ];
}

function connectionShapes(config: Config, content: PlainMap, places: Places): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  config.connections.forEach((connection, index) => {
    const path = ['connections', index];
    for (const member of membersOf(connection, path)) {
      if (isText(member.network)) problems.push(...known(member.network, networksOf(config), member.path, places));
    }
    problems.push(...endShapes(config, connection, path, places));
    problems.push(...dnsReferences(connection, path, places));
    const shapes = (['between', 'hub', 'mesh'] as const).filter((shape) => connection[shape] !== undefined);
    const remedy = 'Write exactly one of: between: [a, b]; hub: a with spokes: [b, c]; mesh: [a, b, c].';
    if (shapes.length === 0 && connection.spokes === undefined && !hasMisspelledShape(content, index)) {
      problems.push(places.problem(path, 'no networks are named', remedy));
    } else if (shapes.length > 1) {
      problems.push(
        places.problem([...path, shapes[1] ?? ''], `${shapes.join(' and ')} exclude each other`, remedy, 'key'),
      );
    }
    if (connection.hub !== undefined && connection.spokes === undefined) {
      problems.push(
        places.problem([...path, 'hub'], '"spokes" is missing beside "hub"', 'Add `spokes: [b, c]`.', 'key'),
      );
    }
    if (connection.spokes !== undefined && connection.hub === undefined) {
      problems.push(places.problem([...path, 'spokes'], '"hub" is missing beside "spokes"', 'Add `hub: a`.', 'key'));
    }
    if (Array.isArray(connection.spokes) && isText(connection.hub)) {
      const at = connection.spokes.indexOf(connection.hub);
      if (at >= 0) {
        problems.push(
          places.problem(
            [...path, 'spokes', at],
            'the hub is named among its own spokes',
            'Remove it from the spokes.',
          ),
        );
      }
    }
  });
  return problems;
}

/** Those that open their names are networks that the connection joins. */
function dnsReferences(connection: ConnectionEntry, path: Path, places: Places): ConfigProblem[] {
  const { dnsSync } = connection;
  if (!Array.isArray(dnsSync)) return [];
  const joined = membersOf(connection, path).flatMap(({ network }) => (isText(network) ? [network] : []));
  return (dnsSync as readonly unknown[]).flatMap((network, at) => {
    if (!isText(network) || joined.includes(network)) return [];
    const here = [...path, 'dnsSync', at];
    return [
      places.problem(here, `the connection does not join ${places.shown(here, network)}`, () =>
        suggestion(network, joined, 'Name networks of this connection.'),
      ),
    ];
  });
}

/** A mesh of n networks makes n × (n - 1) / 2 pairs: a short file may mean more than any cloud or memory holds. */
function tooManyPairs(config: Config, places: Places): ConfigProblem[] {
  let pairs = 0;
  for (const [index, { spokes, mesh }] of config.connections.entries()) {
    if (Array.isArray(mesh)) pairs += (mesh.length * (mesh.length - 1)) / 2;
    else pairs += Array.isArray(spokes) ? spokes.length : 1;
    if (pairs <= BOUNDS.pairs) continue;
    const message = `the connections up to here make more than ${BOUNDS.pairs.toLocaleString('en')} pairs of networks`;
    const path = ['connections', index, ...(mesh === undefined ? [] : ['mesh'])];
    return [places.problem(path, message, 'Split it into several files, one stack each.')];
  }
  return [];
}

/** `betwen:` is reported as an unknown key; that the entry then names no networks would be the same mistake reported twice. */
function hasMisspelledShape(content: PlainMap, index: number): boolean {
  const entries = content['connections'];
  const entry = Array.isArray(entries) ? entries[index] : undefined;
  const shapes = ['between', 'hub', 'spokes', 'mesh'];
  return (
    typeof entry === 'object' && entry !== null && Object.keys(entry).some((key) => nearest(key, shapes) !== undefined)
  );
}

function linkReferences(config: Config, places: Places): ConfigProblem[] {
  return config.links.flatMap((link, index) => {
    const path = ['links', index];
    return [
      ...(isText(link.network) ? known(link.network, networksOf(config), [...path, 'network'], places) : []),
      ...ownNetwork(config, link.network, [...path, 'network'], places),
      ...portOf(config, link, [...path, 'port', 'provider'], places),
      ...addressesOf(link, path, places),
    ];
  });
}

/** The entry that owns the port is there, and speaks to the network's cloud. */
function portOf(config: Config, { network, port }: LinkEntry, path: Path, places: Places): ConfigProblem[] {
  if (typeof port !== 'object' || port === null || !isText(port.provider)) return [];
  const missing = known(port.provider, providersOf(config), path, places);
  if (missing.length > 0) return missing;
  const mine = config.providers.get(config.networks.get(network)?.provider ?? '')?.use;
  const owner = config.providers.get(port.provider)?.use;
  if (mine === undefined || owner === undefined || mine === owner) return [];
  const message = `${places.shown(path, port.provider)} is an entry of another cloud than ${quote(network)}`;
  return [places.problem(path, message, 'Bring each cloud a line of its own.')];
}

/** Both ends of the line must be different addresses of one prefix, or no packet ever crosses it. */
function addressesOf(link: LinkEntry, path: Path, places: Places): ConfigProblem[] {
  if (!isText(link.cloudIp) || !isText(link.customerIp)) return [];
  try {
    const prefix = canonicalCidr(link.cloudIp);
    const cloud = parseAddress(link.cloudIp.slice(0, link.cloudIp.indexOf('/')));
    const customer = parseAddress(link.customerIp);
    const inside = cidrContains(prefix, parseCidr(`${link.customerIp}/${customer.family === 4 ? 32 : 128}`));
    if (inside && (cloud.family !== customer.family || cloud.value !== customer.value)) return [];
    const message = inside
      ? 'both ends of the line have the same address'
      : `the customer's address is not in the prefix of cloudIp`;
    return [
      places.problem(
        [...path, 'customerIp'],
        message,
        'Give two different addresses of one prefix, e.g. 10.255.0.1/30 and 10.255.0.2.',
      ),
    ];
  } catch (error) {
    if (isPeerwayError(error)) return []; // malformed: reported by the rule of the field
    throw error;
  }
}

/** Connections and links share one space of names: it is what plan, verify and the ownership marker call them by. */
function uniqueNames(config: Config, places: Places): ConfigProblem[] {
  const first = new Map<string, string>();
  const named = [
    ...config.connections.map((entry, index) => ({ entry, path: ['connections', index, 'name'] })),
    ...config.links.map((entry, index) => ({ entry, path: ['links', index, 'name'] })),
  ];
  return named.flatMap(({ entry, path }) => {
    if (!isText(entry.name)) return [];
    const other = first.get(entry.name);
    if (other === undefined) {
      first.set(entry.name, `${String(path[0])}[${String(path[1])}]`);
      return [];
    }
    return [
      places.problem(
        path,
        `the name ${places.shown(path, entry.name)} is taken by ${other}`,
        'Give every connection and link a name of its own.',
      ),
    ];
  });
}

/** A section whose entries are named elsewhere in the file. */
interface Section {
  readonly entries: ReadonlyMap<string, unknown>;
  readonly singular: string;
  readonly plural: string;
}

const providersOf = ({ providers }: Config): Section => ({
  entries: providers,
  singular: 'provider',
  plural: 'providers',
});
const networksOf = ({ networks }: Config): Section => ({ entries: networks, singular: 'network', plural: 'networks' });

function known(name: string, { entries, singular, plural }: Section, path: Path, places: Places): ConfigProblem[] {
  if (entries.has(name)) return [];
  const none = `Add it under \`${plural}:\`.`;
  return [
    places.problem(path, `there is no ${singular} ${places.shown(path, name)}`, () =>
      suggestion(name, [...entries.keys()], none),
    ),
  ];
}
