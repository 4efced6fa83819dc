/** The marks that say whose an object is and what of it we wrote: as they are written, read back, and read when somebody bent them. */
import { describe, expect, it } from '@jest/globals';
import type { SettingDrift, Support, Tags } from '@peerway/core';
import { declaredAttributes, declaredOfLink, isOurs, ourDrift, toName } from '../src/world/authorship.js';
import {
  adoptingText,
  bearsMark,
  isMarkedLink,
  markerPlace,
  markerTags,
  markerText,
  ownerOf,
  readMarkerText,
  RELEASED,
  saidOf,
  saysSet,
} from '../src/world/ownership.js';
import { isListed, TAG_LIST, tagChange, tagList } from '../src/world/tagList.js';
import { pair, line } from './scene.js';

const tagged = (tags: Tags, description = '') => ({ tags, description });
const OURS = markerTags('shop', 'web-data');

describe('a mark in a description', () => {
  it.each([
    [{}, 'peerway stack=shop connection=c'],
    [{ also: true }, 'peerway stack=shop connection=c also'],
    [{ adopted: true }, 'peerway stack=shop connection=c adopted'],
    [{ set: ['b', 'a'] }, 'peerway stack=shop connection=c set=a,b'],
    [{ text: 'to: Berlin\nand back' }, 'peerway stack=shop connection=c: to: Berlin\nand back'],
    [{ also: true, adopted: true, set: ['x'], text: 't' }, 'peerway stack=shop connection=c also adopted set=x: t'],
  ])('of %j is read as it is written', (parts, text) => {
    expect(markerText('shop', 'c', parts)).toBe(text);
    const read = { stack: 'shop', connection: 'c', also: false, adopted: false, set: [], text: '', ...parts };
    expect(readMarkerText(text)).toEqual({ ...read, set: [...read.set].sort() });
  });

  it.each([
    ['and more', {}],
    ['also set=a (Bob)', { also: true, set: ['a'], text: '(Bob)' }],
    ['adopted, says Bob', { adopted: true, text: ', says Bob' }],
  ])('stays whole with %j behind it', (more, parts) => {
    const read = { stack: 'shop', connection: 'c', also: false, adopted: false, set: [], text: more, ...parts };
    expect(readMarkerText(`peerway stack=shop connection=c ${more}`)).toEqual(read);
  });

  it.each([
    ['', ''],
    ['peerway', 'peerway'],
    ['peerway connection=c stack=shop', 'peerway connection=c stack=shop'],
    ['peerway stack=shop', ''],
    ['my peerway stack=shop connection=c', 'my'],
    ['peerway stack=a b connection=c', 'b connection=c'],
  ])('is none in %j, and %j is what people said', (text, said) => {
    expect(readMarkerText(text)).toBeUndefined();
    expect(saidOf(text)).toBe(said);
  });

  it('leaves room for what people say, and is let go as a word', () => {
    expect([saidOf(markerText('s', 'c', { text: 'x' })), saidOf(markerText('s', 'c')), saidOf(RELEASED)]).toEqual([
      ...['x', '', ''],
    ]);
    const said = 'the line to Berlin';
    const whole = markerText('s', 'c', { also: true, adopted: true, text: said });
    expect(adoptingText(['s', 'c'], said, true)).toBe(whole);
    expect(adoptingText(['s', 'c'], said, true, { min: 0, max: whole.length })).toBe(whole);
    expect(adoptingText(['s', 'c'], said, false, { min: 0, max: whole.length - 5 })).toBe(whole.replace(' also', ''));
    expect(adoptingText(['s', 'c'], said, false, { min: 0, max: 50 })).toBe(markerText('s', 'c', { adopted: true }));
  });
});

describe('the owner', () => {
  const described = (stack: string) => markerText(stack, 'c', { set: ['dnsSync'] });
  const kinds = (tags: Tags, description = '') =>
    (['tags', 'description', 'nothing'] as const).map(
      (place) => ownerOf(tagged(tags, description), 'shop', place).kind,
    );

  it('is whom the mark names that decides', () => {
    expect(kinds({})).toEqual(['none', 'none', 'none']);
    expect(kinds(OURS)).toEqual(['ours', 'none', 'ours']);
    expect(kinds(markerTags('bank', 'c'))).toEqual(['other', 'none', 'other']);
    expect(kinds({}, described('shop'))).toEqual(['lost', 'ours', 'lost']);
    expect(kinds({}, described('bank'))).toEqual(['none', 'other', 'none']);
    expect(kinds(markerTags('bank', 'c'), described('shop'))).toEqual(['other', 'ours', 'other']);
  });

  it('comes with what the mark says', () => {
    const of = (tags: Tags) => ownerOf(tagged(tags), 'shop', 'tags');
    const marker = { stack: 'shop', connection: 'web-data', adopted: false, also: false, set: [], text: '' };
    expect(of(OURS)).toEqual({ kind: 'ours', marker });
    expect(of({ 'peerway.stack': 'shop' })).toEqual({ kind: 'ours', marker: { ...marker, connection: '' } });
    expect(of({ ...OURS, 'peerway.adopted': 'yes', 'peerway.also': 'yes' })).toEqual({
      kind: 'ours',
      marker: { ...marker, adopted: true, also: true },
    });
  });

  it('is named anywhere on an object, also on the acceptor’s half', () => {
    expect(bearsMark(tagged(OURS), 'shop')).toBe(true);
    expect(bearsMark(tagged({}, described('shop')), 'shop')).toBe(true);
    expect(bearsMark(tagged(OURS, described('shop')), 'bank')).toBe(false);
    const half = { name: '', ...tagged(OURS) };
    expect(bearsMark({ ...tagged({}), acceptorLabels: half }, 'shop')).toBe(true);
    expect(bearsMark({ ...tagged({}), acceptorLabels: half }, 'bank')).toBe(false);
    expect([isMarkedLink(tagged(OURS), 'shop'), isMarkedLink(tagged({}, described('shop')), 'shop')]).toEqual([
      true,
      true,
    ]);
    expect([isMarkedLink(tagged(OURS), 'bank'), isMarkedLink(tagged({}), 'shop')]).toEqual([false, false]);
  });

  it('stands in tags that can be changed, else in the description, else in tags', () => {
    const yes: Support = { status: 'supported', checkedOn: '2026-11-20' };
    const no: Support = { status: 'unimplemented', reason: 'no', checkedOn: '2026-11-20' };
    const place = (tags: Support, description: Support, retag?: Support) => {
      const { decides, changeable } = markerPlace({ tags, description, ...(retag === undefined ? {} : { retag }) });
      return `${decides}${changeable ? ', changeable' : ''}`;
    };
    expect([place(yes, yes, yes), place(yes, no, yes), place(yes, yes, no), place(yes, yes)]).toEqual([
      ...['tags, changeable', 'tags, changeable', 'description, changeable', 'description, changeable'],
    ]);
    expect([place(no, yes, yes), place(yes, no, no), place(no, no, yes)]).toEqual([
      ...['description, changeable', 'tags', 'nothing'],
    ]);
  });

  it('has written what the mark names', () => {
    const said = tagged(tagList([], ['healthCheck']), markerText('s', 'c', { set: ['dnsSync'] }));
    const names = ['dnsSync', 'healthCheck'];
    expect(names.filter(saysSet(said, 'description'))).toEqual(['dnsSync']);
    expect(names.filter(saysSet(said, 'tags'))).toEqual(['healthCheck']);
    expect(names.filter(saysSet(tagged({}, 'x'), 'description'))).toEqual([]);
  });
});

describe('the list of our tags', () => {
  it('is the same in whatever order, and none of nothing', () => {
    expect(tagList(['a', 'b'], ['x'])).toEqual(tagList(['b', 'a', 'a'], ['x']));
    expect(tagList(['a', 'b'])[TAG_LIST]).toMatch(/^[a-z2-7]{12}$/);
    expect(tagList(['team'])).toEqual({ [TAG_LIST]: tagList(['team'])[TAG_LIST] });
    expect(tagList([])).toEqual({});
    // an attribute is no tag of its name
    expect(tagList([], ['x'])).not.toEqual(tagList(['x']));
    expect([isListed(tagList([], ['x']))('x'), isListed(tagList(['x']))('x'), isListed({})('x')]).toEqual([
      ...[true, false, false],
    ]);
    expect(isListed({ [TAG_LIST]: 'no list' })('x')).toBe(false);
  });

  it('tells which tags to set, and which to take away', () => {
    const made = { team: 'net', ...OURS, ...tagList(['team']) };
    const change = (there: Tags, declared: Tags, attributes: readonly string[] = []) =>
      tagChange(there, declared, OURS, attributes);
    expect(change({}, { team: 'net' })).toEqual({ set: made, remove: [] });
    expect(change(made, { team: 'net' })).toEqual({ set: {}, remove: [] });
    expect(change(made, { team: 'web' })).toEqual({ set: { team: 'web' }, remove: [] });
    expect(change(made, {})).toEqual({ set: {}, remove: [TAG_LIST, 'team'].sort() });
    expect(change(made, { team: 'net' }, ['x'])).toEqual({ set: tagList(['team'], ['x']), remove: [] });
    // what was there before us, or is somebody's, stays
    expect(change({ ...OURS, team: 'net', other: 'x' }, { team: 'net' })).toEqual({ set: {}, remove: [] });
    expect(change({ ...OURS, team: 'net', other: 'x' }, {})).toEqual({ set: {}, remove: [] });
    expect(change({ ...made, other: 'x' }, {}).remove).not.toContain('other');
    expect(change({ ...made, 'peerway.else': 'x' }, {}).remove).not.toContain('peerway.else');
    expect(change({ ...OURS, 'peerway.stack': 'bank' }, {}).set).toEqual({ 'peerway.stack': 'shop' });
  });
});

describe('whose an attribute is', () => {
  const author = (adopted: boolean, ...named: string[]) => ({ adopted, says: (name: string) => named.includes(name) });
  it('is ours when the mark names it, or all is ours and nobody switches such a thing by hand', () => {
    const ours = (of: ReturnType<typeof author>) =>
      ['description', 'dnsSync', 'deletionProtection', 'healthCheck', 'payer'].filter((name) => isOurs(name, of));
    expect(ours(author(false))).toEqual(['description', 'payer']);
    expect(ours(author(true))).toEqual([]);
    expect(ours(author(true, 'dnsSync', 'payer'))).toEqual(['dnsSync', 'payer']);
    expect(ours(author(false, 'healthCheck'))).toEqual(['description', 'healthCheck', 'payer']);
  });

  it('is named in the mark, but for a description that bears it', () => {
    expect(toName(['payer', 'description', 'dnsSync'], false)).toEqual(['dnsSync', 'payer']);
    expect(toName(['payer', 'description'], true)).toEqual(['description', 'payer']);
  });

  it('decides which findings of a provider are the file’s business', () => {
    const drift = (name: string, wanted: string, change: string) =>
      ({ name, wanted, change }) as unknown as SettingDrift;
    const all = [
      drift('said', 'declared', 'fixed'),
      drift('left', 'none', 'in-place'),
      drift('stuck', 'none', 'fixed'),
    ];
    const names = (of: ReturnType<typeof author>) => ourDrift(all, of).map(({ name }) => name);
    expect(names(author(false))).toEqual(['said', 'left']);
    expect(names(author(true))).toEqual(['said']);
    expect(names(author(true, 'stuck', 'left'))).toEqual(['said', 'left', 'stuck']);
  });

  it('is what the file says', () => {
    const { peering } = pair('c', 'a', 'b', { description: '', deletionProtection: false, settings: { payer: 1 } });
    expect(declaredAttributes(peering, 'none')).toEqual([...['description', 'deletionProtection', 'dnsSync', 'payer']]);
    expect(declaredAttributes({}, undefined)).toEqual([]);
    expect(declaredOfLink(line('l', 'a', { description: '', healthCheck: {}, settings: { x: 1 } }))).toEqual([
      ...['description', 'healthCheck', 'x'],
    ]);
    expect(declaredOfLink(line('l', 'a'))).toEqual([]);
  });
});
