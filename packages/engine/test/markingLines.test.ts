/** What `adopt` and `release` write on lines and the routes over them: every mark compared whole, and everything beside it as it was. */
import { describe, expect, it } from '@jest/globals';
import type { FakeCloud } from './fakeCloud.js';
import { Marking, nat, no, refused, type Bends } from './markingCloud.js';
import { line, type Declaration } from './scene.js';

const yes = { status: 'supported', checkedOn: '2026-11-20' } as const;

describe('a line', () => {
  const IDC: Declaration = { links: [line('idc', 'a')] };
  const LINE = 'peerway stack=shop connection=idc';
  const LINE_TAGS = { 'peerway.stack': 'shop', 'peerway.connection': 'idc' };
  const planted = (bends: Bends, parts: object = {}): { cloud: Marking; link: FakeCloud['links'][number] } => {
    const cloud = new Marking(bends);
    const link = cloud.link({ port: 'pc-1', vlan: 30, network: cloud.networks.get('a')!.id, ...parts });
    return { cloud, link };
  };
  const CHANGES = { options: { linkChanges: true } };
  /** One that cannot change its tags. */
  const WORDS = { links: { retag: no, relabel: yes } };

  it.each<[string, Bends, object, object]>([
    [
      'tags',
      CHANGES,
      { tags: { team: 'net', ...LINE_TAGS, 'peerway.adopted': 'yes' }, description: 'by hand' },
      { tags: { team: 'net' }, description: 'by hand' },
    ],
    [
      'words',
      WORDS,
      { tags: { team: 'net' }, description: `${LINE} adopted: by hand` },
      { tags: { team: 'net' }, description: 'by hand' },
    ],
  ])(
    'is marked in %s with the routes that are as declared, and let go with them',
    async (_, bends, adopted, released) => {
      const { cloud, link } = planted(bends, { tags: { team: 'net' }, description: 'by hand' });
      const to = (id: string) => ({ kind: 'link', id }) as const;
      const edge = `edge-${link.id}`;
      cloud.plantRoute('a', '192.168.0.0/16', to(link.id));
      cloud.plantRoute('a', '192.168.0.0/16', to(`${link.id}-c`), { table: edge });
      cloud.plantRoute('a', '10.0.0.0/16', to(`${link.id}-n`), { table: edge });
      const left: Parameters<FakeCloud['plantRoute']>[] = [
        ['a', '192.168.7.0/24', to(link.id)],
        ['a', '172.16.0.0/12', nat],
        ['a', '10.0.9.0/24', to(`${link.id}-n`), { table: edge }],
        ['a', '10.77.0.0/16', to('vbr-2'), { description: 'peerway stack=shop connection=dr' }],
      ];
      for (const one of left) cloud.plantRoute(...one);
      const rest = [
        ...['vtb-a 192.168.7.0/24: ', 'vtb-a 172.16.0.0/12: ', `${edge} 10.0.9.0/24: `],
        'vtb-a 10.77.0.0/16: peerway stack=shop connection=dr',
      ];
      const places = ['vtb-a 192.168.0.0/16', `${edge} 192.168.0.0/16`, `${edge} 10.0.0.0/16`];
      expect(await cloud.engine(IDC).adoptable()).toEqual([
        { kind: 'link', connection: 'idc', object: `link ${link.id}`, routes: 1 },
      ]);
      expect(await cloud.changes(() => cloud.engine(IDC).adopt('idc'))).toEqual([
        'acc-a links.update',
        'acc-a describe 192.168.0.0/16 in vtb-a',
        `acc-a describe 192.168.0.0/16 in ${edge}`,
        `acc-a describe 10.0.0.0/16 in ${edge}`,
      ]);
      expect(link).toMatchObject(adopted);
      expect(cloud.marks()).toEqual([...places.map((place) => `${place}: ${LINE} adopted`), ...rest]);
      expect(await cloud.engine(IDC).adoptable()).toEqual([]);
      expect((await cloud.changes(() => cloud.engine(IDC).release('idc'))).sort()).toEqual([
        'acc-a describe 10.0.0.0/16 in '.concat(edge),
        'acc-a describe 192.168.0.0/16 in '.concat(edge),
        'acc-a describe 192.168.0.0/16 in vtb-a',
        'acc-a links.update',
      ]);
      expect(link).toMatchObject(released);
      expect(Object.keys(link.tags)).toEqual(['team']);
      expect(cloud.marks()).toEqual([...places.map((place) => `${place}: released by peerway`), ...rest]);
    },
  );

  it('that is ours gets the rest of its routes, and one that was not adopted is not asked about', async () => {
    for (const [mark, asked] of [
      [{ 'peerway.adopted': 'yes' }, 1],
      [{}, 0],
    ] as const) {
      const { cloud, link } = planted(CHANGES, { tags: { ...LINE_TAGS, ...mark } });
      expect(await cloud.engine(IDC).adoptable()).toEqual([]);
      cloud.plantRoute('a', '192.168.0.0/16', { kind: 'link', id: link.id });
      expect(await cloud.engine(IDC).adoptable()).toHaveLength(asked);
      expect(await cloud.changes(() => cloud.engine(IDC).adopt('idc'))).toEqual([
        'acc-a describe 192.168.0.0/16 in vtb-a',
      ]);
      expect(cloud.marks()).toEqual([`vtb-a 192.168.0.0/16: ${LINE} adopted`]);
    }
  });

  it('whose mark is damaged is let go like one that is whole', async () => {
    const { cloud, link } = planted(WORDS, { description: `mine ${LINE}` });
    await cloud.engine({}).release('idc');
    expect(link.description).toBe('mine');
  });

  it('is refused where it is another stack’s, cannot be marked, or is going', async () => {
    const lab = { tags: { 'peerway.stack': 'lab', 'peerway.connection': 'z' } };
    const theirs = planted(CHANGES, lab);
    expect(await theirs.cloud.engine(IDC).adoptable()).toEqual([]);
    await expect(theirs.cloud.engine(IDC).adopt('idc')).rejects.toMatchObject(
      refused('FailedPrecondition', `link ${theirs.link.id} belongs to the stack lab`, {
        resource: theirs.link.id,
        remedy: "Release it there first: `peerway release z` with that stack's file.",
      }),
    );
    const going = planted(CHANGES, { state: 'deleting' });
    expect(await going.cloud.engine(IDC).adoptable()).toEqual([]);
    await expect(going.cloud.engine(IDC).adopt('idc')).rejects.toMatchObject(
      refused('NotFound', 'pc-1 has no line with VLAN 30 yet', {
        resource: 'idc',
        remedy: 'Run `peerway apply` to make it.',
      }),
    );
    const nowhere = planted(CHANGES).cloud.engine({ links: [line('idc', 'zz')] });
    expect(await nowhere.adoptable()).toEqual([]);
    await expect(nowhere.adopt('idc')).rejects.toMatchObject({ code: 'NotFound' });
    const fixed = planted({ links: { retag: no, description: no } });
    await expect(fixed.cloud.engine(IDC).adopt('idc')).rejects.toMatchObject(
      refused('Unsupported', 'Fake fake cannot change the marker of a link', {
        provider: 'fake',
        remedy: 'Delete the link and let Peerway make it, or leave it out of the stack.',
      }),
    );
    expect(theirs.link.tags).toEqual(lab.tags);
  });

  it('is no more written to when the caller has gone', async () => {
    for (const what of ['adopt', 'release'] as const) {
      const { cloud, link } = planted(CHANGES, { tags: what === 'adopt' ? {} : { ...LINE_TAGS } });
      const description = what === 'adopt' ? '' : `${LINE} adopted`;
      cloud.plantRoute('a', '192.168.0.0/16', { kind: 'link', id: link.id }, { description });
      const stop = new AbortController();
      cloud.onRequest = (operation) => {
        if (/describe|update/.test(operation)) stop.abort();
      };
      const { signal } = stop;
      await expect(cloud.engine(IDC)[what]('idc', { signal })).rejects.toMatchObject({ code: 'Canceled' });
      expect(cloud.mutations()).toHaveLength(1);
    }
  });

  it('of a second network is announced to those of the first, where lines are listed by network', async () => {
    const { cloud, link } = planted({ ...WORDS, listedBy: 'network' }, { description: `${LINE} adopted: mine` });
    const second = cloud.link({ port: 'pc-1', vlan: 31, network: cloud.networks.get('b')!.id, description: 'by hand' });
    const far = cloud.link({
      port: 'pc-9',
      vlan: 32,
      account: 'acc-b',
      network: cloud.networks.get('x')!.id,
      description: 'peerway stack=shop connection=far',
    });
    const foreign = cloud.link({ port: 'pc-1', vlan: 33, network: cloud.networks.get('c')!.id, description: 'lab' });
    const file = {
      links: [line('idc', 'a'), line('dr', 'b', { vlan: 31 }), line('far', 'x', { vlan: 32, port: 'pc-9' as never })],
    };
    expect(await cloud.changes(() => cloud.engine(file).adopt('dr'))).toEqual([
      ...['acc-a links.update', 'acc-a links.update'],
    ]);
    expect([link, second, far, foreign].map(({ description }) => description)).toEqual([
      `${LINE} also adopted: mine`,
      'peerway stack=shop connection=dr also adopted: by hand',
      'peerway stack=shop connection=far',
      'lab',
    ]);
    // who says so already is not told again
    await cloud.engine(file).release('dr');
    expect(await cloud.changes(() => cloud.engine(file).adopt('dr'))).toEqual(['acc-a links.update']);
  });
});
