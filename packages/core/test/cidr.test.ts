/** CIDR maths against a table of what lenient libraries get wrong, and against `ip-address` as an oracle. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import {
  canonicalCidr,
  cidrContains,
  cidrEquals,
  cidrFamily,
  cidrOverlaps,
  cidrRange,
  compareCidrs,
  isCidr,
  longestMatch,
  overlaps,
  parseAddress,
  parseCidr,
  type Cidr,
} from '@peerway/core';
import { caught } from './support.js';

const SEED = 20261120;
const check = <T>(property: fc.IProperty<T>): void => fc.assert(property, { seed: SEED, numRuns: 400 });

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
// few different groups, so that runs of zeros and nesting really occur
const group = fc.oneof(fc.constant('0'), fc.constantFrom('db8', 'ffff', '2001', '00f', 'A'));
const ipv6 = fc
  .tuple(fc.array(group, { minLength: 8, maxLength: 8 }), fc.boolean())
  .map(([groups, compress]) => (compress ? new Address6(groups.join(':')).correctForm() : groups.join(':')));
const prefix4 = fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`);
const prefix6 = fc.tuple(ipv6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`);
const prefix = fc.oneof(prefix4, prefix6);
/** Dense in a small space, so that overlaps are common. */
const near = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 13, max: 24 }), fc.boolean())
  .map(([a, b, length, six]) =>
    canonicalCidr(six ? `2001:db8:${a}:${b}::/${length + 30}` : `10.${a}.${b}.0/${length}`),
  );

const oracle = (text: string): Address4 | Address6 => (text.includes(':') ? new Address6(text) : new Address4(text));
const oracleCanonical = (text: string): string => {
  const address = oracle(text);
  return `${address.startAddress().correctForm()}/${address.subnetMask}`;
};

describe('what lenient libraries let through', () => {
  it.each([
    ['octal', '010.0.0.0/8'],
    ['leading zero', '10.00.0.0/8'],
    ['hexadecimal', '0x0a.0.0.0/8'],
    ['short form', '10.0/16'],
    ['one number', '167772160/8'],
    ['256', '256.0.0.0/8'],
    ['five parts', '10.0.0.0.0/8'],
    ['empty part', '10..0.0/8'],
    ['leading space', ' 10.0.0.0/8'],
    ['trailing space', '10.0.0.0/8 '],
    ['trailing newline', '10.0.0.0/8\n'],
    ['space inside', '10.0.0.0 /8'],
    ['/33', '10.0.0.0/33'],
    ['/129', '2001:db8::/129'],
    ['/-1', '10.0.0.0/-1'],
    ['/+8', '10.0.0.0/+8'],
    ['/08', '10.0.0.0/08'],
    ['/8.0', '10.0.0.0/8.0'],
    ['/1e1', '10.0.0.0/1e1'],
    ['netmask', '10.0.0.0/255.0.0.0'],
    ['no length', '10.0.0.0'],
    ['empty length', '10.0.0.0/'],
    ['two slashes', '10.0.0.0/8/8'],
    ['two compressions', '1::2::3/64'],
    ['three colons', '2001:::/32'],
    ['five digits', '2001:0db80::/32'],
    ['seven groups', '1:2:3:4:5:6:7/64'],
    ['nine groups', '1:2:3:4:5:6:7:8:9/64'],
    ['zone', 'fe80::1%eth0/64'],
    ['brackets', '[2001:db8::]/32'],
    ['octal tail', '::ffff:010.0.0.0/104'],
    ['full-width digits', '１０.0.0.0/8'],
    ['empty', ''],
    ['slash', '/'],
    ['words', 'any'],
  ])('refuses %s', (_, text) => {
    expect(isCidr(text)).toBe(false);
    for (const read of [parseCidr, canonicalCidr]) {
      expect(caught(() => read(text))?.code).toBe('InvalidArgument');
    }
  });

  it.each([undefined, null, 10, {}, ['10.0.0.0/8']])('refuses %p, which is no text', (value) => {
    expect(isCidr(value)).toBe(false);
    expect(() => parseCidr(value as string)).toThrow(/is not a CIDR prefix/);
  });

  it('refuses host bits from people, says what would be right, and clears them for clouds', () => {
    const thrown = (text: string): string | undefined => caught(() => parseCidr(text))?.details.remedy;
    expect(thrown('10.0.0.1/8')).toBe('Write 10.0.0.0/8, or the single address 10.0.0.1/32.');
    expect(thrown('2001:DB8::1/32')).toBe('Write 2001:db8::/32, or the single address 2001:DB8::1/128.');
    expect(isCidr('10.0.0.1/8')).toBe(false);
    expect(canonicalCidr('10.0.0.1/8')).toBe('10.0.0.0/8');
  });

  it.each([
    ['0.0.0.0/0', '0.0.0.0/0', 4],
    ['255.255.255.255/32', '255.255.255.255/32', 4],
    ['::/0', '::/0', 6],
    ['2001:0DB8:0000:0000:0000:0000:0000:0000/32', '2001:db8::/32', 6],
    ['1:0:0:2:0:0:0:0/128', '1:0:0:2::/128', 6],
    ['1:0:0:2:0:0:3:4/128', '1::2:0:0:3:4/128', 6],
    ['0:1:2:3:4:5:6:7/128', '0:1:2:3:4:5:6:7/128', 6],
    ['::ffff:10.0.0.0/104', '::ffff:a00:0/104', 6],
  ])('reads %s as %s', (text, canonical, family) => {
    const cidr = parseCidr(text);
    expect(cidr).toBe(canonical);
    expect(cidrFamily(cidr)).toBe(family);
    expect(isCidr(text)).toBe(true);
  });

  it('knows the numbers of a prefix that came from elsewhere', () => {
    // a plan read back from JSON holds canonical text that nobody parsed in this process
    expect(cidrRange('198.51.100.0/24' as Cidr)).toEqual({
      family: 4,
      prefixLength: 24,
      first: 3325256704n,
      last: 3325256959n,
    });
  });

  it('reads bare addresses as strictly', () => {
    expect(parseAddress('10.0.0.1')).toEqual({ family: 4, value: 0x0a000001n });
    expect(parseAddress('::1')).toEqual({ family: 6, value: 1n });
    for (const text of ['10.0.0.01', '10.1', ' 10.0.0.1', 'fe80::1%eth0', '10.0.0.1/32', ''])
      expect(caught(() => parseAddress(text))?.code).toBe('InvalidArgument');
  });
});

describe(`against ip-address (seed ${SEED})`, () => {
  it('canonical spelling and range agree', () => {
    check(
      fc.property(prefix, (text) => {
        const cidr = canonicalCidr(text);
        expect(cidr).toBe(oracleCanonical(text));
        const { first, last, prefixLength } = cidrRange(cidr);
        expect([first, last]).toEqual([oracle(text).startAddress().bigInt(), oracle(text).endAddress().bigInt()]);
        expect(prefixLength).toBe(oracle(text).subnetMask);
        expect(parseCidr(cidr)).toBe(cidr);
        expect(isCidr(text)).toBe(oracle(text).bigInt() === first);
      }),
    );
  });

  it('contains and overlaps agree, and order is total', () => {
    check(
      fc.property(near, near, (a, b) => {
        const sameFamily = cidrFamily(a) === cidrFamily(b);
        const inside = sameFamily && oracle(b).isInSubnet(oracle(a));
        expect(cidrContains(a, b)).toBe(inside);
        const [x, y] = [cidrRange(a), cidrRange(b)];
        expect(cidrOverlaps(a, b)).toBe(sameFamily && x.first <= y.last && y.first <= x.last);
        expect(cidrOverlaps(a, b)).toBe(cidrOverlaps(b, a));
        expect(Math.sign(compareCidrs(a, b))).toBe(-Math.sign(compareCidrs(b, a)) + 0);
        expect(compareCidrs(a, b) === 0).toBe(cidrEquals(a, b));
      }),
    );
  });

  it('finds exactly the overlapping pairs of the pairwise definition', () => {
    type Item = { readonly name: number; readonly cidrs: readonly Cidr[] };
    const items = fc
      .array(fc.array(near, { minLength: 0, maxLength: 3 }), { maxLength: 25 })
      .map((all): Item[] => all.map((cidrs, name) => ({ name, cidrs })));
    check(
      fc.property(items, (all) => {
        const key = (one: number, oneCidr: Cidr, two: number, twoCidr: Cidr): string =>
          one < two ? `${one} ${oneCidr} ${two} ${twoCidr}` : `${two} ${twoCidr} ${one} ${oneCidr}`;
        const expected: string[] = [];
        for (const a of all)
          for (const b of all)
            if (a.name < b.name)
              for (const x of a.cidrs)
                for (const y of b.cidrs) if (cidrOverlaps(x, y)) expected.push(key(a.name, x, b.name, y));
        const found = overlaps(all, (item) => item.cidrs);
        expect(found.map((one) => key(one.a.name, one.aCidr, one.b.name, one.bCidr)).sort()).toEqual(expected.sort());
        for (const { aCidr, bCidr } of found) expect(cidrContains(aCidr, bCidr)).toBe(true);
      }),
    );
  });

  it('keeps the families apart although their numbers overlap', () => {
    const both = [parseCidr('0.0.0.0/0'), parseCidr('::/0'), parseCidr('::a00:0/104')];
    expect(overlaps(both, (cidr) => [cidr]).map(({ a, b }) => `${a} ${b}`)).toEqual(['::/0 ::a00:0/104']);
  });

  it('picks the first of equal matches', () => {
    const table = ['a', 'b'].map((name) => ({ name, prefix: parseCidr('10.0.0.0/8') }));
    expect(longestMatch(table, (entry) => entry.prefix, parseCidr('10.1.0.0/16'))?.name).toBe('a');
  });

  it('picks the default route where nothing longer fits', () => {
    const table = ['0.0.0.0/0', '128.0.0.0/1', '10.0.0.0/8'].map(parseCidr);
    const chosen = ['192.168.0.0/16', '11.0.0.0/8', '10.1.0.0/16', '::/0'].map((to) =>
      longestMatch(table, (entry) => entry, parseCidr(to)),
    );
    expect(chosen).toEqual(['128.0.0.0/1', '0.0.0.0/0', '10.0.0.0/8', undefined]);
  });

  it('picks the longest match as a router does', () => {
    check(
      fc.property(fc.array(near, { maxLength: 12 }), near, (table, destination) => {
        const fits = table.filter((entry) => cidrContains(entry, destination));
        const best = Math.max(...fits.map((entry) => cidrRange(entry).prefixLength));
        const chosen = longestMatch(table, (entry) => entry, destination);
        expect(chosen).toBe(fits.find((entry) => cidrRange(entry).prefixLength === best));
      }),
    );
  });
});
