/** What marks a network as made by a run: its name and description together, which nobody else writes by chance. */
import { createHash } from 'node:crypto';
import type { Random } from '@peerway/core';

const PREFIX = 'peerway-parity';

export const newRun = (random: Random): string => `p${random.uuid().replaceAll('-', '').slice(0, 8)}`;

export interface Mark {
  readonly name: string;
  readonly description: string;
}

const checkOf = (run: string, role: string): string =>
  createHash('sha256').update(`${PREFIX} ${run} ${role}`).digest('hex').slice(0, 12);

/** @param role what the network is for, e.g. `n1` */
export const markOf = (run: string, role: string): Mark => ({
  name: `${PREFIX}-${run}-${role}`,
  description: `made by peerway parity, run ${run}, ${checkOf(run, role)}`,
});

/** The run and role of a network that bears a whole mark; undefined for everything else, whatever it is called. */
export function roleOf({
  name,
  description,
}: Partial<Mark>): { readonly run: string; readonly role: string } | undefined {
  const [, run, role] = /^peerway-parity-(p[0-9a-f]{8})-([a-z0-9]+)$/.exec(name ?? '') ?? [];
  if (run === undefined || role === undefined || markOf(run, role).description !== description) return undefined;
  return { run, role };
}
