/** What somebody does who takes the remedy of a problem to the letter. */
import type { Problem } from '../../src/index.js';
import { namesOf, type Edit, type FileModel } from './file.js';
import { NETWORKS } from './world.js';

export type Remedy =
  | { readonly kind: 'edit'; readonly edit: Edit }
  | { readonly kind: 'adopt'; readonly name: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'removeRoute'; readonly destination: string; readonly table: string }
  | { readonly kind: 'removePeering'; readonly id: string };

/**
 * @param again true: the same was said before, and the first choice of its remedy only led back to it
 * @returns undefined when nobody here knows how to follow it
 */
export function remedyOf(problem: Problem, file: FileModel, again = false): Remedy | undefined {
  const { message, object, remedy } = problem;
  const at = file.connections.findIndex((one) => namesOf(one).includes(object));
  const edit = (one: Edit): Remedy => ({ kind: 'edit', edit: one });
  if (problem.kind === 'other-stack') {
    if (at >= 0 && remedy.startsWith(`Remove ${object} here`)) return edit({ kind: 'remove', at });
    // there are two VLANs, and the other stack may have both while it moves from one to the other
    if (file.link?.name === object && again) return edit({ kind: 'link', link: undefined });
    if (file.link?.name === object && remedy.includes('choose another VLAN'))
      return edit({ kind: 'link', link: { ...file.link, vlan: file.link.vlan === 30 ? 31 : 30 } });
    return undefined;
  }
  if (remedy.startsWith('Plan again when')) return { kind: 'wait' };
  const adopt = /`peerway adopt (\S+?)`/.exec(remedy)?.[1];
  if (adopt !== undefined) return { kind: 'adopt', name: adopt };
  const dead = /^peering (\S+) is .* keeps the pair occupied$/.exec(message)?.[1];
  if (dead !== undefined && remedy.startsWith('Delete it in the cloud')) return { kind: 'removePeering', id: dead };
  const listed = /List prefixes|list of routes without|list different routes|Remove \S+ from the routes of/.test(
    remedy,
  );
  const without = /list of routes without (\S+?)[.,]( |$)/.exec(remedy)?.[1];
  // what another stack has written, or needs, it would only write again
  if (/ held by a route of .*the stack /.test(message) && without !== undefined) {
    if (at >= 0) return edit({ kind: 'routes', at, routes: 'none' });
    if (file.link?.name === object) return edit({ kind: 'link', link: withoutDestination(file.link, without) });
  }
  const route = /route (\S+) in (\S+)/.exec(message) ?? /route (\S+) in (\S+)/.exec(object);
  if (/Remove (that route|route)/.test(remedy) && route !== null)
    return { kind: 'removeRoute', destination: route[1] ?? '', table: route[2] ?? '' };
  if (/The (value of the )?tag/.test(message)) return edit({ kind: 'untag', name: object });
  if (listed && at >= 0) return edit({ kind: 'routes', at, routes: 'auto' });
  if (/Add a provider entry|Put a provider entry .* back into the file/.test(remedy)) {
    const missing = NETWORKS.find((name) => !file.networks.includes(name));
    if (missing !== undefined && !again) return edit({ kind: 'return', network: missing });
    if (file.entriesStay !== true) return edit({ kind: 'entries', stay: true });
  }
  return undefined;
}

/** A link to nothing is no link. */
function withoutDestination(link: NonNullable<FileModel['link']>, destination: string): FileModel['link'] {
  const destinations = link.destinations.filter((one) => one !== destination);
  return destinations.length === 0 ? undefined : { ...link, destinations };
}
