/** `peerway validate`: the whole config file is checked and every provider made, without one request. */
import { EXIT } from '../exitCodes.js';
import type { Run } from '../command.js';

export const run: Run = async ({ session }) => {
  const peerway = await session.load();
  const { stack, providers, networks, connections, links } = peerway.config;
  const counts = {
    providers: providers.size,
    networks: networks.size,
    connections: connections.length,
    links: links.length,
  };
  if (session.json) session.printJson({ valid: true, file: peerway.config.file, stack, ...counts });
  else {
    const listed = Object.entries(counts).map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`);
    session.print(`${peerway.config.file} is valid: stack ${stack}, ${listed.join(', ')}.`);
  }
  return EXIT.done;
};
