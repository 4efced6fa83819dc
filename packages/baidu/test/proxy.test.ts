/** Behind a proxy: HTTPS_PROXY and NO_PROXY of the environment that the driver was given, and roots that the machine trusts. */
import { afterEach, expect, it } from '@jest/globals';
import { createCall, networkId, Redactor, regionId, seededRandom, systemClock } from '@peerway/core';
import { baidu } from '../src/index.js';
import { openTunnel, trusting, type Tunnel } from '../../core/test/tunnel.js';

const opened: Tunnel[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((tunnel) => tunnel.close()));
});

async function behindProxy(env: (proxy: string) => Record<string, string>) {
  const tunnel = await openTunnel((request, response) => {
    request.resume().on('end', () => response.setHeader('x-bce-request-id', 'R').end(JSON.stringify({ vpcs: [] })));
  });
  opened.push(tunnel);
  const redactor = new Redactor();
  const driver = await baidu.create({
    name: 'bd',
    region: regionId('bj'),
    options: Object.assign(new baidu.options(), { requestTimeoutMs: 2_000 }),
    credentials: { accessKeyId: 'canary-ak', accessKeySecret: 'canarySecretValue' },
    env: env(tunnel.proxy),
    clock: systemClock,
    random: seededRandom(7),
    redactor,
  });
  const call = createCall('baidu', { signal: new AbortController().signal, readOnly: true });
  return { tunnel, driver, redactor, call };
}

it.each(['HTTPS_PROXY', 'https_proxy'])('requests go through %s, with its user and password', async (variable) => {
  const { tunnel, driver, redactor, call } = await behindProxy((proxy) => ({ [variable]: proxy }));
  await trusting(async () => {
    for (let at = 0; at < 3; at++) expect(await driver.networks.get([networkId('vpc-1')], call)).toEqual([]);
  });
  // one tunnel, kept open
  expect(tunnel.connects).toEqual([
    { target: 'bcc.bj.baidubce.com:443', authorization: `Basic ${btoa('user:canary-proxy-password')}` },
  ]);
  const address = tunnel.proxy.replace('user:canary-proxy-password@', '');
  expect(driver.connections).toEqual([{ endpoint: 'https://bcc.bj.baidubce.com', proxy: { address, variable } }]);
  expect(redactor.redact('canary-proxy-password')).toBe('[secret]');
  await driver.close();
});

it('a certificate that nobody vouches for is refused, and the cause is named', async () => {
  const { driver, call } = await behindProxy((proxy) => ({ HTTPS_PROXY: proxy }));
  await expect(driver.networks.get([networkId('vpc-1')], call)).rejects.toThrow(/SELF_SIGNED_CERT/);
  await driver.close();
});

it('what NO_PROXY names is reached directly', async () => {
  const { driver } = await behindProxy((proxy) => ({ HTTPS_PROXY: proxy, NO_PROXY: '.baidubce.com' }));
  expect(driver.connections?.[0]?.proxy).toBeUndefined();
  await driver.close();
});
