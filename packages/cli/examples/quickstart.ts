/** The README's program: two networks of one account, peered and routed, on an emulated Alibaba Cloud. No account needed. */
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Peerway, renderPlan, VirtualClock } from 'peerway';

const emulator = await Emulator.start();
const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
const text = `
version: 1
stack: shop
providers:   { ali: { use: alibaba, region: cn-hangzhou, endpoint: "${emulator.alibaba.endpoint}" } }
networks:    { web: { provider: ali, id: vpc-bp1aweb00000000000000 }, data: { provider: ali, id: vpc-bp1adata0000000000000 } }
connections: [{ name: web-data, between: [web, data] }]
`;
const env = { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret };
const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });

const peerway = await Peerway.load('peerway.yaml', { text, env, clock }); // your program: just the file's name
const plan = await peerway.plan();
console.log(renderPlan(plan, 'text'));
await peerway.apply(plan);
console.log('web reaches data:', (await peerway.verify('web', 'data')).reachable);
await peerway.close();
await emulator.close();
