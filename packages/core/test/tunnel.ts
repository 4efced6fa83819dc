/**
 * A proxy that tunnels (CONNECT) and a cloud behind it that speaks TLS, both on loopback: what a machine behind a company's proxy
 * sees. The certificate is of this file alone; whoever is to trust it must be told so, as by NODE_EXTRA_CA_CERTS.
 */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import tls from 'node:tls';

/** Of *.aliyuncs.com, *.cn-hangzhou.aliyuncs.com and *.bj.baidubce.com; made for tests, trusted by nobody, good until 2126. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIB0TCCAXegAwIBAgIUVNd15YsVWZm8gvZ/D2vA0PV7E/gwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMcGVlcndheSB0ZXN0MCAXDTI2MTEyNjE4MTcwMFoYDzIxMjYx
MTAyMTgxNzAwWjAXMRUwEwYDVQQDDAxwZWVyd2F5IHRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQh/CmvVwEjooh9Via7FXdrEEtFA/o3C5Fbts7L6TIE/+lz
yvr654tXIqH0hJVsCCfD0cc84aRmIJXuwmr2NXwVo4GeMIGbMB0GA1UdDgQWBBTL
pFT7JMhpXrCgKfwrghOFleYjJDAfBgNVHSMEGDAWgBTLpFT7JMhpXrCgKfwrghOF
leYjJDBIBgNVHREEQTA/ghoqLmNuLWhhbmd6aG91LmFsaXl1bmNzLmNvbYIOKi5h
bGl5dW5jcy5jb22CESouYmouYmFpZHViY2UuY29tMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIgH0ljK/G7xg0QOVmJ5BmKxclxf7/uHwXofuk17vhm
cY4CIQDUoM4BqxIEwfWh5rIpAZ6WC7N8HHHFzNQ0KSurqLoNBg==
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpXEUG30r4mPsrLr/
dGITmOwW7w7ZlGOBCW+0Xl9eAEChRANCAAQh/CmvVwEjooh9Via7FXdrEEtFA/o3
C5Fbts7L6TIE/+lzyvr654tXIqH0hJVsCCfD0cc84aRmIJXuwmr2NXwV
-----END PRIVATE KEY-----`;

export interface Tunnel {
  /** For HTTPS_PROXY, with a user and a password. */
  readonly proxy: string;
  /** What the proxy was asked to connect to, and with which authorization. */
  readonly connects: readonly { readonly target: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** @param cloud answers what comes out of the tunnel, whatever host was asked for */
export async function openTunnel(cloud: RequestListener): Promise<Tunnel> {
  const connects: { target: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const behind = createHttpsServer({ key: KEY, cert: CERTIFICATE }, cloud);
  const proxy = createHttpServer((_, response) => response.writeHead(418).end('this proxy only tunnels'));
  proxy.on('connect', (request, client: Socket) => {
    connects.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const far = connect((behind.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.pipe(client).pipe(far);
    });
    for (const socket of [far, client]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  for (const server of [behind, proxy]) await listen(server);
  return {
    proxy: `http://user:canary-proxy-password@127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    connects,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([behind, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));

/**
 * Runs with the certificate among the roots that Node trusts by itself, as NODE_EXTRA_CA_CERTS has it at the start of a process.
 * Whoever brings roots of its own (`ca`) does not get it, as there.
 */
export async function trusting<T>(work: () => Promise<T>): Promise<T> {
  const original = tls.createSecureContext;
  tls.createSecureContext = (options) =>
    original({ ...options, ...(options?.ca === undefined || options.ca === '' ? { ca: CERTIFICATE } : {}) });
  try {
    return await work();
  } finally {
    tls.createSecureContext = original;
  }
}
