/** The evidence file: nothing real in it, the same on every replay, and read with care. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { alibabaCloud, baiduCloud, readEvidence, replayEvidence, type Cloud } from '@peerway/parity';
import { standing } from './leftovers.js';
import { movedRules } from './moved.js';
import { everything, ROOM, World, type Ran } from './world.js';

describe.each([alibabaCloud, baiduCloud] as readonly Cloud[])('$id', (cloud) => {
  const real = new Set<string>();
  let world: World;
  let ran: Ran;
  beforeAll(async () => {
    world = await World.open(cloud);
    world.emulator.rules.set({ ...ROOM, ...movedRules(cloud, world.sheet, cloud.id === 'alibaba' ? 5 : 6) });
    // everything that ever stood in the cloud while it ran
    const parties = await world.parties((raw) => ({
      async send(request, options) {
        const answer = await raw.send(request, options);
        for (const id of standing(world.emulator, cloud)) real.add(id);
        for (const { routeTable, id } of DEFAULT_WORLD[cloud.id as 'alibaba' | 'baidu'].networks)
          real.add(id).add(routeTable);
        return answer;
      },
    }));
    ran = await everything(world, parties);
  });
  afterAll(() => world.close());

  it('holds no key, no account, no id and no address of the cloud', () => {
    const { accounts, networks } = DEFAULT_WORLD[cloud.id as 'alibaba' | 'baidu'];
    const keys = Object.values(accounts).flatMap(({ id, accessKeyId, accessKeySecret }) => [
      id,
      accessKeyId,
      accessKeySecret,
    ]);
    const canaries = [...keys, ...real, ...networks.flatMap(({ cidrs, name }) => [...cidrs, name])];
    expect(canaries.length).toBeGreaterThan(50);
    expect(canaries.filter((canary) => ran.text.includes(canary))).toEqual([]);
    expect(ran.text).not.toMatch(/\b(10|172|192)\.\d+\.\d+\.\d+/);
    expect(ran.text).not.toMatch(/"(signature|authorization|accesskeyid|securitytoken)"|bce-auth-v1/i);
    // what is meant to be there
    expect(ran.text).toMatch(/"requestId"/);
    expect(ran.text).toContain('<vpc-1>');
  });

  it('is read the same by the probes of today, and otherwise when somebody has changed it', async () => {
    const { evidence, changed } = await replayEvidence(cloud, ran.saved);
    expect(changed).toEqual([]);
    expect(JSON.stringify(evidence)).toBe(JSON.stringify(ran.saved));
    const [rule, name] =
      cloud.id === 'alibaba'
        ? ['alibaba.unknownAction.code', 'unknown operations']
        : ['baidu.list.maxKeysOutOfRange', 'odd lists'];
    const [sitting] = ran.saved.sittings;
    const forged = sitting!.probes.map((probe) =>
      probe.name === name
        ? { ...probe, exchanges: probe.exchanges.map((one) => ({ ...one, status: 418, answer: { Code: 'Forged' } })) }
        : probe,
    );
    const again = await replayEvidence(cloud, { ...ran.saved, sittings: [{ ...sitting!, probes: forged }] });
    expect(again.changed).toContain(rule);
  });

  it('is not played where it goes on otherwise', async () => {
    const [sitting] = ran.saved.sittings;
    const probes = sitting!.probes.map((probe) => ({ ...probe, exchanges: probe.exchanges.slice(0, 1) }));
    const { changed, evidence } = await replayEvidence(cloud, { ...ran.saved, sittings: [{ ...sitting!, probes }] });
    expect(changed.length).toBeGreaterThan(10);
    expect(JSON.stringify(evidence)).toContain('where');
  });

  it('is refused when it is something else', () => {
    for (const text of [
      '',
      '{}',
      'null',
      '[]',
      ran.text.slice(0, 900),
      ran.text.replace('"version": 1', '"version": 2'),
    ])
      expect(() => readEvidence(text, 'evidence.json')).toThrow('evidence.json is no evidence file');
  });
});
