/** The commented config file that `peerway init` writes. */
import type { Network } from '@peerway/runtime';
import { MODELINE } from '../schema.js';
import { entryText, plain, type Account } from '../../oneAccount.js';
import type { NetworkListing } from './listNetworks.js';

export function starterConfig(answers: Account, listing: NetworkListing): string {
  const named = 'networks' in listing ? nameAll(listing.networks) : [];
  const [first = 'web', second = 'data'] = named.map(([name]) => name);
  const { stack, use } = answers;
  const networks =
    named.length > 0
      ? named.map(([name, { id, cidrs }]) => `  ${name}: { provider: main, id: ${plain(id)} }   # ${cidrs.join(', ')}`)
      : ['  web: { provider: main, id: vpc-fill-in-1 }', '  data: { provider: main, id: vpc-fill-in-2 }'];
  return `${MODELINE}
version: 1

# The mark on everything that Peerway makes for this file. Another name is another set of things.
stack: ${plain(stack)}

# One entry per account and region. Keys come from the environment or a profile of the vendor's tools, never from this file.
providers:
  main: { ${entryText(answers)} }
  # partner: { use: ${plain(use)}, region: ${plain(answers.region)}, profile: partner }   # another account: both sides in one run

# The networks (VPCs) that may be joined, by names of your own.
networks:
${networks.join('\n')}

# Who reaches whom. Routes are written on both sides.
connections:
  # - { name: ${first}-${second}, between: [${first}, ${second}] }
  # - { name: core, hub: ${first}, spokes: [${second}] }       # one in the middle
  # - { name: all, mesh: [${first}, ${second}] }               # everybody with everybody
`;
}

/** Names of the user's own where they fit, else made from the id; each once. */
function nameAll(networks: readonly Network[]): readonly (readonly [string, Network])[] {
  const taken = new Set<string>();
  return networks.map((network) => {
    const wanted =
      network.name
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-')
        .replaceAll(/^-+|-+$/g, '')
        .slice(0, 50) || network.id.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
    taken.add(name);
    return [name, network] as const;
  });
}
