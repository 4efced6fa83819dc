/** Stands between the adapter and the emulator and writes down every answer: what really came over the wire. */
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly action: string;
  readonly parameters: Record<string, string>;
  readonly answer: Record<string, unknown>;
}

export async function recordingProxy(
  target: string,
): Promise<{ endpoint: string; exchanges: Exchange[]; close(): Promise<void> }> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const headers = { ...incoming.headers, 'content-length': String(body.length) };
      const onward = send(
        new URL(incoming.url ?? '/', target),
        { method: incoming.method ?? 'POST', headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            const { searchParams } = new URL(incoming.url ?? '/', target);
            const parameters = Object.fromEntries([...searchParams, ...new URLSearchParams(body.toString('utf8'))]);
            exchanges.push({
              action: parameters['Action'] ?? '',
              parameters,
              answer: JSON.parse(text) as Record<string, unknown>,
            });
            outgoing.writeHead(answer.statusCode ?? 500, { 'content-type': 'application/json' });
            outgoing.end(text);
          });
        },
      );
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
