/** Below the engine: the typed, portable interfaces themselves. A request from one account, accepted by another, then ended. */
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { accountId, networkId, Peerway, regionId, VirtualClock } from 'peerway';

const emulator = await Emulator.start();
const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
const { a, b } = DEFAULT_WORLD.alibaba.accounts;
const entry = (region: string, owner: 'A' | 'B'): string =>
  `{ use: alibaba, region: ${region}, endpoint: "${emulator.alibaba.endpoint}",` +
  ` credentials: { accessKeyId: "\${${owner}_KEY}", accessKeySecret: "\${${owner}_SECRET}" } }`;
const text = `
version: 1
stack: shop
providers:
  home: ${entry('cn-hangzhou', 'A')}
  partner: ${entry('cn-beijing', 'B')}
networks: { web: { provider: home, id: vpc-bp1aweb00000000000000 } }
`;
const env = {
  A_KEY: a.accessKeyId,
  A_SECRET: a.accessKeySecret,
  B_KEY: b.accessKeyId,
  B_SECRET: b.accessKeySecret,
};
const peerway = await Peerway.load('peerway.yaml', { text, env, clock });
const home = peerway.provider('home');
const partner = peerway.provider('partner');

// waits until nothing more can be done from this side
const asked = await home.peerings.create({
  initiator: networkId('vpc-bp1aweb00000000000000'),
  acceptor: {
    account: accountId(b.id),
    region: regionId('cn-beijing'),
    network: networkId('vpc-2zebjobs0000000000000'),
  },
  bandwidthMbps: 100,
});
console.log(`asked: ${asked.state} (${asked.nativeState})`);

await partner.peerings.accept(asked.id);
const agreed = await home.peerings.get(asked.id);
console.log(
  `agreed: ${agreed.state}, ${agreed.bandwidthMbps} Mbit/s, routes point at ${agreed.initiator.nextHop?.id.slice(0, 4)}…`,
);

await home.peerings.delete(asked.id);
console.log(`ended: ${(await home.peerings.find(asked.id)) === undefined}`);
await peerway.close();
await emulator.close();
