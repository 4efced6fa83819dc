/** The three ways to name a network (by id, by a selection, as somebody else's), and where each of them may stand. */
import { isText, type Places } from './document.js';
import type { Config, ConnectionEntry, NetworkEntry } from './model.js';
import type { ConfigProblem, Path } from './problem.js';
import { quote } from './quote.js';

const SHAPES = ['id', 'select', 'peer'] as const;
/** What a peer cannot be without. */
const OF_A_PEER = ['account', 'region', 'id'] as const;

/** Exactly one of the three; tables are named of a network that is the entry's own. */
export function networkShape(entry: NetworkEntry, path: Path, places: Places): ConfigProblem[] {
  const { select, peer, routeTables } = entry;
  const problem = (key: string, message: string, remedy: string): ConfigProblem =>
    places.problem([...path, key], message, remedy, 'key');
  const [first, second] = SHAPES.filter((shape) => entry[shape] !== undefined);
  if (first === undefined)
    return [places.problem(path, '"id" is missing', 'Add `id: …` with an id, or `select: …`, or `peer: …`.', 'key')];
  if (second !== undefined)
    return [
      problem(
        second,
        `${first} and ${second} exclude each other`,
        'Name one network by id: or peer:, or many by select:.',
      ),
    ];
  const noTags = typeof select === 'object' && select.tags !== undefined && Object.keys(select.tags).length === 0;
  const lacking = typeof peer === 'object' ? OF_A_PEER.filter((key) => !Object.hasOwn(peer, key)) : [];
  return [
    ...(noTags ? [problem('select', 'no tag is named', 'Write tags: { key: value }, or leave tags out.')] : []),
    ...lacking.map((key) =>
      problem('peer', `"${key}" is missing`, `Add ${key}: … of the network, as its owner’s cloud shows it.`),
    ),
    ...(routeTables === undefined || first === 'id'
      ? []
      : [
          problem(
            'routeTables',
            first === 'select'
              ? 'the tables of one network say nothing of a selection'
              : 'the tables of a peer are its owner’s',
            first === 'select'
              ? 'Declare a network by its id to name its tables; it keeps them where a selection finds it too.'
              : 'Remove them.',
          ),
        ]),
  ];
}

/** Where one network is needed, a selection is none. */
function oneNetwork(config: Config, network: unknown, path: Path, places: Places): ConfigProblem[] {
  if (!isText(network) || config.networks.get(network)?.select === undefined) return [];
  const message = `${places.shown(path, network)} is a selection, and one network is needed here`;
  return [
    places.problem(path, message, 'Name a network that has an id:; a selection can be among spokes: or in a mesh:.'),
  ];
}

const isPeer = (config: Config, network: unknown): network is string =>
  isText(network) && config.networks.get(network)?.peer !== undefined;

/** A line is brought to a network of one's own. */
export function ownNetwork(config: Config, network: unknown, path: Path, places: Places): ConfigProblem[] {
  if (!isPeer(config, network)) return oneNetwork(config, network, path, places);
  const message = `${places.shown(path, network)} is a network of somebody else’s`;
  return [places.problem(path, message, 'Name a network that has an id:.')];
}

/** What may be an end, a hub, a member of a mesh. */
export function endShapes(config: Config, connection: ConnectionEntry, path: Path, places: Places): ConfigProblem[] {
  const { between, hub, mesh } = connection;
  const ends: readonly unknown[] = Array.isArray(between) ? between : [];
  const members: readonly unknown[] = Array.isArray(mesh) ? mesh : [];
  const peers = members.flatMap((member, at) =>
    isPeer(config, member)
      ? places.problem(
          [...path, 'mesh', at],
          `${places.shown([...path, 'mesh', at], member)} is a network of somebody else’s, and in a mesh nobody says who asks`,
          'Join it by between: [first the one that asks, then the other].',
        )
      : [],
  );
  const [only] = members;
  const alone = members.length === 1 && isText(only) && config.networks.get(only)?.select === undefined;
  const both = ends.length === 2 && ends.every((end) => isPeer(config, end));
  return [
    ...ends.flatMap((network, at) => oneNetwork(config, network, [...path, 'between', at], places)),
    ...oneNetwork(config, hub, [...path, 'hub'], places),
    ...peers,
    ...(both
      ? [places.problem([...path, 'between'], 'both are networks of somebody else’s', 'Name one that has an id:.')]
      : []),
    ...(alone
      ? [
          places.problem(
            [...path, 'mesh'],
            `${quote(mesh)} is too short`,
            'Name at least two different networks, e.g. [a, b, c].',
          ),
        ]
      : []),
  ];
}
