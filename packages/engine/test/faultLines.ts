/** Status and verify as text, for `told/`. */
import type { Reachability, StackStatus } from '@peerway/engine';

export const tellStatus = ({ connections, problems, undeclared, ...rest }: StackStatus): string[] => [
  `status: ${JSON.stringify(rest)} ${problems.length} problems, ${undeclared.map(({ kind, object }) => `${kind} of ${object}`).join(', ') || 'nothing'} undeclared`,
  ...connections.flatMap(({ routes, drift, ...one }) => [
    `  ${JSON.stringify(one)} ${drift.map(({ kind }) => kind).join(', ')}`,
    ...routes.map((route) => `    ${Object.values(route).join(' ')}`),
  ]),
];

export const tellReach = ({ findings, hops, ...rest }: Reachability): string[] => [
  `verify: ${JSON.stringify(rest)}`,
  ...hops.map(
    ({ direction, network, table, lookedUp, route, ok }) =>
      `  ${direction}: ${network} | ${table} | ${lookedUp} | ${route === undefined ? 'no route' : Object.values(route).join(' ')} | ${ok ? 'goes on' : 'ends'}`,
  ),
  ...findings.map(
    ({ fault, severity, object, sentence, fix }) => `  ${severity}: ${fault} | ${object} | ${sentence} | ${fix}`,
  ),
];
