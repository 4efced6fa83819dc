/** The evidence file: nothing real in it, the same on every replay, and read with care. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, PROFILES } from '@peerway/emulator';
import { alibabaCloud, baiduCloud, delaysSeen, readEvidence, replayEvidence, type Cloud } from '@peerway/parity';
import { standing } from './leftovers.js';
import { everything, ROOM, World, type Ran } from './world.js';

/** A few positions that are not the default, none of which keeps a probe from its end. */
const MOVED: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  alibaba: {
    'alibaba.vpcPeer.selfPeeringCode': 'OperationFailed.ViolativeVpcPeer',
    'alibaba.vpcPeer.routesBlockDelete': 'caller-side',
  },
  baidu: {
    'baidu.peerconn.timeZone': 'UTC',
    'baidu.peerconn.longestDescription': 60,
    'baidu.route.onPeerconnRelease': 'refuse',
  },
};

describe.each([alibabaCloud, baiduCloud] as readonly Cloud[])('$id', (cloud) => {
  const real = new Set<string>();
  let world: World;
  let ran: Ran;
  beforeAll(async () => {
    world = await World.open(cloud);
    world.emulator.rules.set({ ...ROOM, ...MOVED[cloud.id] });
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
    const keys = [accounts.a, accounts.b].flatMap(({ id, accessKeyId, accessKeySecret }) => [
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
        : ['baidu.list.unknownVpc', 'odd lists'];
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

  it('the run asked for exactly the rights that the cloud is said to need', () => {
    const used = new Set(
      world.emulator.requests.map(({ operation }) => operation).filter((one) => !/^$|Peerway/.test(one)),
    );
    expect([...used].map((operation) => `vpc:${operation}`).sort()).toEqual([...cloud.rights].sort());
  });

  it('its times are delays of the emulator, and a profile of them takes as long', async () => {
    const delays = delaysSeen(ran.saved);
    expect(Object.keys(delays).length).toBeGreaterThan(2);
    const doubled = Object.fromEntries(Object.entries(delays).map(([name, ms]) => [name, ms * 2]));
    const slow = await World.open(cloud, { profile: { ...PROFILES.documented, delays: doubled } });
    try {
      const rules = [
        'alibaba.vpcPeer.createLocks',
        'alibaba.vpcPeer.routesBlockDelete',
        'baidu.route.onPeerconnRelease',
      ];
      const { saved } = await everything(slow, await slow.parties(), { rules });
      // looks are half a second apart at first, then two
      for (const [name, ms] of Object.entries(delaysSeen(saved)))
        if (doubled[name] !== undefined) expect([name, Math.abs(ms - doubled[name]) <= 2_000]).toEqual([name, true]);
    } finally {
      await slow.close();
    }
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
