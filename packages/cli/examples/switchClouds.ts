/** One application, two clouds: the function below knows neither; the config it is given decides. */
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Peerway, VirtualClock, type LoadOptions } from 'peerway';

/** The application. Nothing in it names a cloud. */
async function connect(text: string, options: LoadOptions): Promise<string> {
  const peerway = await Peerway.load('peerway.yaml', { ...options, text });
  await peerway.apply(await peerway.plan());
  const [connection] = (await peerway.status()).connections;
  await peerway.close();
  return `${connection?.connection} is ${connection?.health}`;
}

const emulator = await Emulator.start();
const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });

const clouds = {
  alibaba: { region: 'cn-hangzhou', endpoint: emulator.alibaba.endpoint },
  baidu: { region: 'bj', endpoint: emulator.baidu.endpoint('bj') },
};
for (const [cloud, { region, endpoint }] of Object.entries(clouds)) {
  const { accounts, networks } = DEFAULT_WORLD[cloud as keyof typeof clouds];
  const [web, data] = networks.filter((network) => network.account === 'a' && network.region === region);
  const credentials = 'credentials: { accessKeyId: "${KEY}", accessKeySecret: "${SECRET}" }';
  const text = `
version: 1
stack: shop
providers:   { main: { use: ${cloud}, region: ${region}, endpoint: "${endpoint}", ${credentials} } }
networks:    { web: { provider: main, id: ${web?.id} }, data: { provider: main, id: ${data?.id} } }
connections: [{ name: web-data, between: [web, data] }]
`;
  const env = { KEY: accounts.a.accessKeyId, SECRET: accounts.a.accessKeySecret };
  console.log(`${cloud}: ${await connect(text, { env, clock })}`);
}
await emulator.close();
