/** A program's own progress display: every event of an apply, as typed data. */
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Peerway, VirtualClock } from 'peerway';

const emulator = await Emulator.start();
const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.baidu.accounts.a;
const text = `
version: 1
stack: shop
providers:   { bd: { use: baidu, region: bj, endpoint: "${emulator.baidu.endpoint('bj')}" } }
networks:    { web: { provider: bd, id: vpc-bjaweb000000 }, data: { provider: bd, id: vpc-bjadata00000 } }
connections: [{ name: web-data, between: [web, data] }]
`;
const env = { BCE_ACCESS_KEY_ID: accessKeyId, BCE_SECRET_ACCESS_KEY: accessKeySecret };
const peerway = await Peerway.load('peerway.yaml', { text, env, clock });

const stop = peerway.on((event) => {
  switch (event.type) {
    case 'step.waiting':
      return console.log(`waiting  ${event.step.id}: ${event.cause}`);
    case 'step.done':
      return console.log(`done     ${event.step.id} after ${event.durationMs} ms`);
    case 'step.failed':
      return console.log(`failed   ${event.step.id}: ${event.error.message}`);
    default:
      return;
  }
});
await peerway.apply(await peerway.plan());
stop();
await peerway.close();
await emulator.close();
