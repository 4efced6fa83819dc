/** How long anybody waits for a Temporal that does not answer. */
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { PeerwayError, VirtualClock } from '@peerway/core';
import { TemporalLink } from '../src/temporal/temporalLink.js';

/** Takes every connection and says nothing. */
async function withMute(work: (link: TemporalLink, clock: VirtualClock) => Promise<void>): Promise<void> {
  const sockets = new Set<{ destroy(): void }>();
  const mute = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const clock = new VirtualClock({ start: Date.now() });
  const { port } = mute.address() as AddressInfo;
  const link = new TemporalLink({ engine: `temporal://127.0.0.1:${port}`, env: {}, clock });
  try {
    await work(link, clock);
  } finally {
    await link.close();
    for (const socket of sockets) socket.destroy();
    mute.close();
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('a Temporal that does not answer', () => {
  it('is given up within 3 s, by all who wait, with what to do', async () => {
    await withMute(async (link, clock) => {
      const from = clock.now();
      const asked: (() => Promise<unknown>)[] = [
        () => link.client.workflow.count(),
        never,
        async () => {
          for await (const _ of link.client.workflow.list());
        },
      ];
      for (const answer of await Promise.allSettled(asked.map((work) => link.ask(work))))
        expect(answer).toMatchObject({
          reason: {
            code: 'Unavailable',
            message: expect.stringContaining('NoAnswer'),
            details: { remedy: expect.stringContaining('server runs') },
          },
        });
      expect(clock.now() - from).toBeLessThanOrEqual(3_000);
    });
  });

  it('keeps nobody from what is known without it, or has been said already', async () => {
    await withMute(async (link, clock) => {
      const from = clock.now();
      expect(await link.ask(async () => 'known')).toBe('known');
      const refused = new PeerwayError('NotFound', 'there is none');
      await expect(link.ask(() => Promise.reject(refused))).rejects.toBe(refused);
      expect(clock.now()).toBe(from);
    });
  });

  it('where nothing listens is said as well', async () => {
    const link = new TemporalLink({ engine: 'temporal://127.0.0.1:1', env: {}, clock: new VirtualClock({ start: 0 }) });
    await expect(link.ask(() => link.client.workflow.count())).rejects.toMatchObject({ code: 'Unavailable' });
    await link.close();
  });
});
