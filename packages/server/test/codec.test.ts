/** What enters Temporal's store: small enough, unreadable where there is a key, and the same when it comes back. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { PackingCodec } from '../src/temporal/codec.js';

const key = (): string => randomBytes(32).toString('base64');

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);

async function through(
  value: unknown,
  codec: PackingCodec,
  reader = codec,
): Promise<{ stored: Payload; back: unknown }> {
  const [stored] = await codec.encode([payloadOf(value)]);
  // as it comes off the wire: bytes alone
  const [back] = await reader.decode([{ metadata: stored!.metadata!, data: new Uint8Array(stored!.data!) }]);
  return { stored: stored!, back: defaultPayloadConverter.fromPayload(back!) };
}

const readable = ({ metadata, data }: Payload): string =>
  [...Object.values(metadata ?? {}), data ?? new Uint8Array()].map((bytes) => Buffer.from(bytes).toString()).join('\n');

/** As large as a plan of 10,000 connections. */
const largePlan = {
  steps: Array.from({ length: 30_000 }, (_, at) => ({
    id: `peering c${at} create`,
    object: `peering c${at} (vpc-bp1${at.toString(36)} → vpc-bp2${(at * 7).toString(36)})`,
    reason: 'declared, and there is none',
    needs: [`route c${at} create`, `route d${at} create`],
    work: { verb: 'peering.create', request: { description: 'x'.repeat(400) } },
  })),
};

describe('a payload', () => {
  it('is left as it is when it is small and there is no key', async () => {
    const { stored, back } = await through({ small: true }, new PackingCodec());
    expect(readable(stored)).toContain('small');
    expect(back).toEqual({ small: true });
  });

  it('of a plan of 30,000 steps is far below what Temporal refuses', async () => {
    expect(JSON.stringify(largePlan).length).toBeGreaterThan(15_000_000);
    const { stored, back } = await through(largePlan, new PackingCodec());
    expect(stored.data!.length).toBeLessThan(2_000_000);
    expect(back).toEqual(largePlan);
  });

  it('cannot be read without the key, and neither can what it is', async () => {
    const codec = new PackingCodec(key());
    const { stored, back } = await through({ canary: 'vpc-bp1canary' }, codec);
    expect(readable(stored)).not.toContain('canary');
    expect(readable(stored)).not.toContain('json/plain');
    expect(back).toEqual({ canary: 'vpc-bp1canary' });
    await expect(through({}, codec, new PackingCodec(key()))).rejects.toMatchObject({ code: 'FailedPrecondition' });
  });

  it('of an old key is read by who has both', async () => {
    const [old, now] = [key(), key()];
    const { back } = await through({ a: 1 }, new PackingCodec(old), new PackingCodec(`${now}, ${old}`));
    expect(back).toEqual({ a: 1 });
  });

  it('that was changed is refused', async () => {
    const codec = new PackingCodec(key());
    const [stored] = await codec.encode([payloadOf({ a: 1 })]);
    const data = Buffer.from(stored!.data!);
    data[20]! ^= 1;
    await expect(codec.decode([{ metadata: stored!.metadata!, data }])).rejects.toMatchObject({
      code: 'FailedPrecondition',
    });
  });

  it('has a key of the right length or none', () => {
    expect(() => new PackingCodec('c2hvcnQ=')).toThrow('32 bytes');
  });
});
