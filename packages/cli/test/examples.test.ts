/** Every example is a whole program: it runs to its end here and prints what its page says. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

let printed: string[];

// as a program that node was told to run from the sources: nothing needs to be built before
const SOURCES = '--conditions=@peerway/source';
beforeAll(() => void process.execArgv.push(SOURCES));
afterAll(() => void process.execArgv.splice(process.execArgv.indexOf(SOURCES), 1));
beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => void printed.push(parts.join(' ')));
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('examples', () => {
  it('quickstart: plans, applies and verifies', async () => {
    await import('../examples/quickstart.js');
    expect(printed.join('\n')).toContain('plan of stack shop: 3 to create');
    expect(printed.at(-1)).toBe('web reaches data: true');
  });

  it('quickstart is the program of the README, word for word', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const program = readFileSync(new URL('../examples/quickstart.ts', import.meta.url), 'utf8');
    const body = program.slice(program.indexOf('import ')).trim();
    expect(readme).toContain(body);
  });

  it('switchClouds: the same program on both clouds', async () => {
    await import('../examples/switchClouds.js');
    expect(printed).toEqual(['alibaba: web-data is connected', 'baidu: web-data is connected']);
  });

  it('reactToEvents: every step is reported', async () => {
    await import('../examples/reactToEvents.js');
    expect(printed.filter((line) => line.startsWith('done'))).toHaveLength(3);
    expect(printed.filter((line) => line.startsWith('failed'))).toEqual([]);
  });

  it('rawPeerings: asked, accepted by the other account, ended', async () => {
    await import('../examples/rawPeerings.js');
    expect(printed[0]).toBe('asked: pending-acceptance (Accepting)');
    expect(printed[1]).toBe('agreed: active, 100 Mbit/s, routes point at pcc-…');
    expect(printed[2]).toBe('ended: true');
  });
});
