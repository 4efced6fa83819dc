/** Behind a proxy: HTTPS_PROXY and NO_PROXY of the environment that the driver was given, and roots that the machine trusts. */
import { afterEach, expect, it } from '@jest/globals';
import { createCall, networkId, Redactor, regionId, seededRandom, systemClock } from '@peerway/core';
import { alibaba } from '@peerway/alibaba';
import { openTunnel, trusting, type Tunnel } from '../../core/test/tunnel.js';

const opened: Tunnel[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((tunnel) => tunnel.close()));
});

async function behindProxy(env: (proxy: string) => Record<string, string>) {
  const tunnel = await openTunnel((request, response) => {
    request
      .resume()
      .on('end', () => response.end(JSON.stringify({ RequestId: 'R', Vpcs: { Vpc: [] }, VpcPeerConnects: [] })));
  });
  opened.push(tunnel);
  const redactor = new Redactor();
  const driver = await alibaba.create({
    name: 'ali',
    region: regionId('cn-hangzhou'),
    options: Object.assign(new alibaba.options(), { requestTimeoutMs: 2_000 }),
    credentials: { accessKeyId: 'testid', accessKeySecret: 'canarySecretValue' },
    env: env(tunnel.proxy),
    clock: systemClock,
    random: seededRandom(7),
    redactor,
  });
  const call = createCall('alibaba', { signal: new AbortController().signal, readOnly: true });
  return { tunnel, driver, redactor, call };
}

it.each(['HTTPS_PROXY', 'https_proxy'])('both products go through %s, with its user and password', async (variable) => {
  const { tunnel, driver, redactor, call } = await behindProxy((proxy) => ({ [variable]: proxy }));
  await trusting(async () => {
    expect(await driver.networks.get([networkId('vpc-1')], call)).toEqual([]);
    expect(await driver.peerings.list({ mechanism: 'vpc-peer' }, undefined, call)).toEqual({ items: [] });
  });
  expect(tunnel.connects.map(({ target }) => target)).toEqual([
    'vpc.cn-hangzhou.aliyuncs.com:443',
    'vpcpeer.aliyuncs.com:443',
  ]);
  expect(tunnel.connects[0]?.authorization).toBe(`Basic ${btoa('user:canary-proxy-password')}`);
  const address = tunnel.proxy.replace('user:canary-proxy-password@', '');
  expect(driver.connections).toEqual([
    { endpoint: 'https://vpc.cn-hangzhou.aliyuncs.com', proxy: { address, variable } },
    { endpoint: 'https://vpcpeer.aliyuncs.com', proxy: { address, variable } },
  ]);
  expect(redactor.redact('canary-proxy-password')).toBe('[secret]');
  await driver.close();
});

it('the tunnel is kept open: a second request opens none', async () => {
  const { tunnel, driver, call } = await behindProxy((proxy) => ({ HTTPS_PROXY: proxy }));
  await trusting(async () => {
    for (let at = 0; at < 3; at++) await driver.networks.get([networkId('vpc-1')], call);
  });
  expect(tunnel.connects).toHaveLength(1);
  await driver.close();
});

it('a certificate that nobody vouches for is refused, and the cause is named', async () => {
  const { driver, call } = await behindProxy((proxy) => ({ HTTPS_PROXY: proxy }));
  await expect(driver.networks.get([networkId('vpc-1')], call)).rejects.toThrow(/SELF_SIGNED_CERT/);
  await driver.close();
});

it('what NO_PROXY names is reached directly', async () => {
  const { driver } = await behindProxy((proxy) => ({ HTTPS_PROXY: proxy, NO_PROXY: 'vpcpeer.aliyuncs.com' }));
  expect(driver.connections?.map(({ proxy }) => proxy !== undefined)).toEqual([true, false]);
  await driver.close();
});
