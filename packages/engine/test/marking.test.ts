/** What `adopt` and `release` write, and on what: every mark compared whole, and everything beside it as it was. */
import { describe, expect, it } from '@jest/globals';
import { parseCidr, PeerwayError, regionId } from '@peerway/core';
import type { Adoptable, Engine } from '@peerway/engine';
import { MIRRORED, type FakeCloud } from './fakeCloud.js';
import { Marking, nat, no, refused, type Bends } from './markingCloud.js';
import { line, pair, type Declaration } from './scene.js';

const AB: Declaration = { connections: [pair('ab', 'a', 'b')] };
const OURS = { 'peerway.stack': 'shop', 'peerway.connection': 'ab' };
const ADOPTED = 'peerway stack=shop connection=ab adopted';
describe('a peering', () => {
  it.each<[string, Bends, object, object]>([
    [
      'in its tags, which leave as they came',
      {},
      { tags: { team: 'net', ...OURS, 'peerway.adopted': 'yes' }, description: 'by hand' },
      { tags: { team: 'net' }, description: 'by hand' },
    ],
    [
      'in its description, where tags stay what they are',
      { mechanism: { retag: no } },
      { tags: { team: 'net' }, description: `${ADOPTED}: by hand` },
      { tags: { team: 'net' }, description: 'by hand' },
    ],
    [
      'in the one place that there is',
      { mechanism: { description: no } },
      { tags: { team: 'net', ...OURS, 'peerway.adopted': 'yes' }, description: 'by hand' },
      { tags: { team: 'net' }, description: 'by hand' },
    ],
    [
      'on both halves',
      { options: MIRRORED },
      { tags: { team: 'net', ...OURS, 'peerway.adopted': 'yes' }, acceptorTags: { ...OURS, 'peerway.adopted': 'yes' } },
      { tags: { team: 'net' }, acceptorTags: {} },
    ],
  ])('is marked %s', async (_, bends, adopted, released) => {
    const cloud = new Marking(bends);
    const peering = cloud.plantPeering('a', 'b', { tags: { team: 'net' }, description: 'by hand' });
    await cloud.engine(AB).adopt('ab');
    expect(peering).toMatchObject(adopted);
    expect(Object.keys(peering.tags)).toEqual(Object.keys((adopted as typeof peering).tags));
    await cloud.engine(AB).release('ab');
    expect(peering).toMatchObject(released);
    expect(Object.keys(peering.tags)).toEqual(['team']);
  });

  it('that nobody has said anything of is let go as a word, and a mark in words goes with that in tags', async () => {
    const silent = new Marking({ mechanism: { retag: no } });
    const first = silent.plantPeering('a', 'b');
    await silent.engine(AB).adopt('ab');
    expect(first.description).toBe(ADOPTED);
    await silent.engine(AB).release('ab');
    expect(first.description).toBe('released by peerway');
    const said = 'peerway stack=shop connection=ab: to Berlin';
    for (const [description, bends] of [
      ['to Berlin', {}],
      [said, { mechanism: { description: no } }],
    ] as const) {
      const cloud = new Marking(bends);
      const peering = cloud.plantPeering('a', 'b', { tags: { ...OURS }, description: said });
      await cloud.engine(AB).release('ab');
      expect([peering.tags, peering.description]).toEqual([{}, description]);
    }
  });

  it('is marked as its own mechanism wants it', async () => {
    for (const bends of [{ mechanism: { retag: no } }, { second: { retag: no } }]) {
      const cloud = new Marking(bends);
      const peering = cloud.plantPeering('a', 'b', { mechanism: 'old' });
      await cloud.engine(AB).adopt('ab');
      expect([peering.tags, peering.description]).toEqual(
        'mechanism' in bends ? [{ ...OURS, 'peerway.adopted': 'yes' }, ''] : [{}, ADOPTED],
      );
    }
  });

  it('is marked first, then the routes that are as declared, each in one request; let go the other way round', async () => {
    const cloud = new Marking();
    const { id } = cloud.plantPeering('a', 'b', { state: 'updating' });
    const hop = { kind: 'peering', id } as const;
    const more = cloud.networks.get('a')!;
    more.tables.push('vtb-more');
    cloud.plantRoute('a', '10.1.0.0/16', hop);
    cloud.plantRoute('b', '10.0.0.0/16', hop, { description: 'by hand' });
    const others: Parameters<FakeCloud['plantRoute']>[] = [
      ['a', '10.1.1.0/24', hop],
      ['a', '10.1.0.0/16', hop, { table: 'vtb-more' }],
      ['a', '10.2.0.0/16', nat],
      ['b', '10.7.0.0/16', hop, { description: 'peerway stack=lab connection=z' }],
    ];
    for (const one of others) cloud.plantRoute(...one);
    const rest = ['vtb-a 10.1.1.0/24: ', 'vtb-more 10.1.0.0/16: ', 'vtb-a 10.2.0.0/16: '];
    const lab = 'vtb-b 10.7.0.0/16: peerway stack=lab connection=z';
    expect(await cloud.engine(AB).adoptable()).toEqual([
      { kind: 'peering', connection: 'ab', object: `peering ${id} (a → b)`, routes: 2 },
    ]);
    expect(await cloud.changes(() => cloud.engine(AB).adopt('ab'))).toEqual([
      ...['acc-a peerings.update', 'acc-a describe 10.1.0.0/16 in vtb-a', 'acc-a describe 10.0.0.0/16 in vtb-b'],
    ]);
    expect(cloud.requests.filter(({ operation }) => operation === 'peerings.get')).toEqual([]);
    expect(cloud.marks()).toEqual([`vtb-a 10.1.0.0/16: ${ADOPTED}`, `vtb-b 10.0.0.0/16: ${ADOPTED}`, ...rest, lab]);
    expect(await cloud.changes(() => cloud.engine(AB).release('ab'))).toEqual([
      ...['acc-a describe 10.1.0.0/16 in vtb-a', 'acc-a describe 10.0.0.0/16 in vtb-b', 'acc-a peerings.update'],
    ]);
    const word = 'released by peerway';
    expect(cloud.marks()).toEqual([`vtb-a 10.1.0.0/16: ${word}`, `vtb-b 10.0.0.0/16: ${word}`, ...rest, lab]);
  });

  it('that bears our mark already gets the rest of its routes: as adopted, if it was', async () => {
    for (const [tags, mark] of [
      [{ ...OURS }, 'peerway stack=shop connection=ab'],
      [{ ...OURS, 'peerway.adopted': 'yes' }, ADOPTED],
    ] as const) {
      const cloud = new Marking();
      const { id } = cloud.plantPeering('a', 'b', { tags: { ...tags } });
      cloud.plantRoute('a', '10.1.0.0/16', { kind: 'peering', id });
      expect(await cloud.changes(() => cloud.engine(AB).adopt('ab'))).toEqual(['acc-a describe 10.1.0.0/16 in vtb-a']);
      expect(cloud.marks()).toEqual([`vtb-a 10.1.0.0/16: ${mark}`]);
    }
  });

  it('that another account has asked for stays theirs, and the routes over it are ours', async () => {
    const cloud = new Marking();
    const { id } = cloud.plantPeering('x', 'a');
    cloud.plantRoute('a', '10.10.0.0/16', { kind: 'peering', id });
    const own = cloud.provider('own');
    const networks = new Map([
      ['a', { provider: own, id: cloud.networks.get('a')!.id }],
      [
        'x',
        {
          provider: own,
          id: cloud.networks.get('x')!.id,
          peer: { account: 'acc-b', region: regionId('r1'), cidrs: [parseCidr('10.10.0.0/16')] } as never,
        },
      ],
    ]);
    const declared = { networks: {}, connections: [pair('xa', 'x', 'a')] };
    const engine = (): Engine => cloud.engine(declared, { networks });
    expect((await engine().adoptable()).map(({ routes }) => routes)).toEqual([1]);
    expect(await cloud.changes(() => engine().adopt('xa'))).toEqual(['acc-a describe 10.10.0.0/16 in vtb-a']);
    expect(cloud.marks()).toEqual(['vtb-a 10.10.0.0/16: peerway stack=shop connection=xa adopted']);
    expect(await engine().adoptable()).toEqual([]);
    // and again, where there is nothing to mark: no error either
    expect(await cloud.changes(() => engine().adopt('xa'))).toEqual([]);
  });

  it('is refused where it is another stack’s, cannot be marked, or is not there', async () => {
    const cloud = new Marking();
    const theirs = cloud.plantPeering('a', 'b', { tags: { 'peerway.stack': 'lab', 'peerway.connection': 'z' } });
    const leaving = cloud.plantPeering('a', 'c', { state: 'deleting' });
    const file = { connections: [...(AB.connections ?? []), pair('ac', 'a', 'c')], links: [line('idc', 'a')] };
    const adopt = (name: string): Promise<void> => cloud.engine(file).adopt(name);
    await expect(adopt('ab')).rejects.toMatchObject(
      refused('FailedPrecondition', `peering ${theirs.id} belongs to the stack lab`, {
        resource: theirs.id,
        remedy: "Release it there first: `peerway release z` with that stack's file.",
      }),
    );
    await expect(adopt('ac')).rejects.toMatchObject(
      refused('NotFound', 'Nothing joins the networks of ac yet', {
        resource: 'ac',
        remedy: 'Run `peerway apply` to make it.',
      }),
    );
    await expect(adopt('zz')).rejects.toMatchObject(
      refused('InvalidArgument', 'No connection or link is called zz', { remedy: 'Choose one of ab, ac, idc.' }),
    );
    await expect(cloud.engine({}).adopt('zz')).rejects.toMatchObject(
      refused('InvalidArgument', 'No connection or link is called zz', {
        remedy: 'This stack declares no connections or links.',
      }),
    );
    await expect(cloud.engine(file).release('ab')).rejects.toMatchObject(
      refused('NotFound', 'The stack shop owns nothing called ab', {
        resource: 'ab',
        remedy: 'Run `peerway status` to see what it owns.',
      }),
    );
    expect([theirs.tags, leaving.tags]).toEqual([{ 'peerway.stack': 'lab', 'peerway.connection': 'z' }, {}]);
    const fixed = new Marking({ mechanism: { retag: no, description: no } });
    fixed.plantPeering('a', 'b');
    await expect(fixed.engine(AB).adopt('ab')).rejects.toMatchObject(
      refused('Unsupported', 'Fake fake cannot change the marker of a fast peering', {
        provider: 'fake',
        remedy: 'Delete the peering and let Peerway make it, or leave it out of the stack.',
      }),
    );
  });

  it('is no more written to when the caller has gone', async () => {
    for (const what of ['adopt', 'release'] as const) {
      const cloud = new Marking();
      const tags = what === 'adopt' ? {} : { ...OURS };
      const { id } = cloud.plantPeering('a', 'b', { tags });
      const description = what === 'adopt' ? '' : ADOPTED;
      cloud.plantRoute('a', '10.1.0.0/16', { kind: 'peering', id }, { description });
      cloud.plantRoute('b', '10.0.0.0/16', { kind: 'peering', id }, { description });
      const stop = new AbortController();
      cloud.onRequest = (operation) => {
        if (/describe|update/.test(operation)) stop.abort();
      };
      const { signal } = stop;
      await expect(cloud.engine(AB)[what]('ab', { signal })).rejects.toMatchObject({ code: 'Canceled' });
      expect(cloud.mutations()).toHaveLength(1);
    }
  });
});

describe('everything at once', () => {
  const file: Declaration = {
    connections: [pair('ab', 'a', 'b'), pair('xy', 'x', 'y'), pair('ac', 'a', 'c')],
    links: [line('idc', 'x')],
  };
  const planted = (): Marking => {
    const cloud = new Marking({ options: { linkChanges: true } });
    for (const [one, other] of ['ab', 'xy', 'ac'].map((two) => [...two]))
      cloud.plantPeering(one ?? '', other ?? '', { id: `pcc-${one}${other}` });
    cloud.link({ port: 'pc-1', vlan: 30, account: 'acc-b', network: cloud.networks.get('x')!.id });
    return cloud;
  };
  const names = (found: readonly Adoptable[]): string[] => found.map(({ connection }) => connection);

  it('is what nobody has, in the order of the file, each told when it is marked', async () => {
    const cloud = planted();
    expect(names(await cloud.engine(file).adoptable())).toEqual(['ab', 'xy', 'ac', 'idc']);
    const told: string[] = [];
    const done = await cloud.engine(file).adoptAll({ onAdopted: ({ connection }) => told.push(connection) });
    expect(names(done)).toEqual(told);
    expect([...told].sort()).toEqual(['ab', 'ac', 'idc', 'xy']);
    expect(await cloud.engine(file).adoptable()).toEqual([]);
  });

  it('goes on beside an entry whose first fails, and no further there', async () => {
    for (const [account, first, others] of [
      ['acc-a', 'pcc-ab', ['idc', 'xy']],
      ['acc-b', 'pcc-xy', ['ab', 'ac']],
    ] as const) {
      const cloud = planted();
      cloud.onRequest = (operation) => {
        const { account: by } = cloud.requests.at(-1)!;
        if (operation === 'peerings.update' && by === account) throw new PeerwayError('QuotaExceeded', `no ${first}`);
      };
      const told: string[] = [];
      await expect(
        cloud.engine(file).adoptAll({ onAdopted: ({ connection }) => told.push(connection) }),
      ).rejects.toMatchObject({ code: 'QuotaExceeded' });
      expect(told.sort()).toEqual(others);
      expect(cloud.mutations().filter(({ account: by }) => by === account)).toHaveLength(1);
    }
  });

  it('leaves alone what is over, what is another’s, and what is ours without more to mark', async () => {
    const cloud = new Marking();
    cloud.plantPeering('a', 'b', { state: 'rejected' });
    const { id } = cloud.plantPeering('a', 'c', { tags: { ...OURS, 'peerway.connection': 'ac' } });
    cloud.plantRoute('a', '10.2.0.0/16', { kind: 'peering', id });
    const other = cloud.plantPeering('b', 'c', {
      tags: { ...OURS, 'peerway.connection': 'bc', 'peerway.adopted': 'yes' },
    });
    const all = { connections: [pair('ab', 'a', 'b'), pair('ac', 'a', 'c'), pair('bc', 'b', 'c')] };
    expect(await cloud.engine(all).adoptable()).toEqual([]);
    cloud.plantRoute('b', '10.2.0.0/16', { kind: 'peering', id: other.id });
    expect(await cloud.engine(all).adoptable()).toEqual([
      { kind: 'peering', connection: 'bc', object: `peering ${other.id} (b → c)`, routes: 1 },
    ]);
  });
});
