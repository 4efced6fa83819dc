/** The foundation that both clouds stand on: clock, tables, rules, faults, several emulators side by side. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';

describe('several emulators in one process', () => {
  it('open their own ports and share nothing', async () => {
    const one = await Emulator.start({ seed: 1 });
    const two = await Emulator.start({ seed: 2 });
    try {
      expect(one.alibaba.endpoint).not.toBe(two.alibaba.endpoint);
      const before = two.clock.now();
      one.clock.advance(1_000);
      expect(two.clock.now()).toBe(before);
      expect(() => one.baidu.endpoint('nowhere')).toThrow(RangeError);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it('answers without a socket what it would answer over one, until it is closed', async () => {
    const emulator = await Emulator.start({ seed: 1 });
    const endpoint = emulator.baidu.endpoint('bj');
    const request = { method: 'GET', path: '/v1/peerconn', query: 'vpcId=vpc-1', headers: {}, body: Buffer.alloc(0) };
    const { response, cut } = emulator.serve(endpoint, request);
    const wired = await fetch(`${endpoint}${request.path}?${request.query}`);
    await emulator.close();
    expect([response.status, cut]).toEqual([wired.status, 'none']);
    const answers = [response.body, await wired.text()].map((text) => JSON.parse(text) as { readonly code: string });
    expect(answers[0]?.code).toBe(answers[1]?.code);
    expect(() => emulator.serve(endpoint, request)).toThrow(RangeError);
  });

  it('has a default world of disjoint networks', () => {
    const cidrs = [...DEFAULT_WORLD.alibaba.networks, ...DEFAULT_WORLD.baidu.networks].map(({ cidrs: [cidr] }) => cidr);
    expect(new Set(cidrs).size).toBe(24);
    expect(Number.isSafeInteger(Number(DEFAULT_WORLD.alibaba.accounts.b.id))).toBe(false);
  });
});
