/** The page in a real browser: what a person sees, clicks and types. Left out, with the reason, where there is no Chromium. */
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { VERBS } from '@peerway/server';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type { MadeUpRuns } from './madeUpRuns.js';
import { HOSTILE, madeUpStacks, PLAN, REASON, run, step } from './madeUpStacks.js';
import { Served } from './served.js';

const PROGRAM = [
  process.env['PEERWAY_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
/** A folder for screenshots that a person wants to look at. */
const PICTURES = process.env['PEERWAY_PICTURES'];
const WIDE = { width: 1_200, height: 900 };
const NARROW = { width: 375, height: 800 };

let browser: Browser;
let runs: MadeUpRuns;
let served: Served;
let page: Page;
let broken: string[];

const describeInBrowser = PROGRAM === undefined ? describe.skip : describe;
if (PROGRAM === undefined) console.log('page.test.ts is left out: no Chromium (Debian: apt-get install chromium)');

beforeAll(async () => {
  if (PROGRAM === undefined) return;
  browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(() => browser?.close());

async function open(as = 'admin', options: BrowserContextOptions = { viewport: WIDE }, path = '/'): Promise<void> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(10_000);
  page = await context.newPage();
  broken = [];
  // a policy that is broken, a file that is missing, a script that fails: none of it may happen
  page.on('console', (message) => message.type() === 'error' && broken.push(message.text()));
  page.on('pageerror', (error) => broken.push(error.message));
  page.on('request', (request) => request.url().startsWith(served.url) || broken.push(`asked ${request.url()}`));
  await page.goto(`${served.url}${path}`);
  await page.getByLabel(/A token that the server knows/).fill(served.tokens[as] ?? as);
  await page.getByRole('button', { name: 'Go on' }).click();
}

const shot = async (name: string): Promise<void> => {
  if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
};

describeInBrowser('the page', () => {
  beforeEach(async () => {
    runs = madeUpStacks();
    served = await Served.start(runs, {
      admin: { stacks: ['*'], verbs: VERBS },
      viewer: { stacks: ['shop'], verbs: ['read'] },
    });
  });
  afterEach(async () => {
    await page.context().close();
    await runs.close();
    await served.close();
  });

  it("shows a failing connection's reason in at most two clicks", async () => {
    await open();
    await page.getByRole('link', { name: /shop/ }).click(); // one
    const attention = page.getByRole('region', { name: 'What needs attention' });
    await attention.getByText(REASON).first().waitFor();
    await page.locator('g.edge.broken').click(); // two, from the picture
    expect(await page.locator('details[open]').innerText()).toContain(REASON);
    await shot('stack-wide');
    expect(broken).toEqual([]);
  });

  it('treats what clouds say as text, in the list, the picture and the run', async () => {
    await open('admin', { viewport: WIDE }, '/#/stacks/shop');
    const differences = page.getByRole('region', { name: 'Differences' });
    await differences.waitFor();
    const text = await page.locator('main').innerText();
    expect(text).toContain('<img src=x');
    for (const unseen of ['\u202e', '\u0007']) expect(text).not.toContain(unseen);
    expect(text).toContain('\\u202e');
    expect(await page.locator('main img, main script').count()).toBe(0);
    runs.details.set(
      'shop.3',
      run('shop.3', { steps: [step(HOSTILE, 'running', { waitingFor: HOSTILE })], state: 'running' }),
    );
    await page.goto(`${served.url}/#/runs/shop.3`);
    await page.getByText(/Waits for <img/).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toContain('shop.3');
    const { id, action, object, connection } = step(HOSTILE, 'running');
    const told = { seq: 1, at: 0, stack: 'shop', step: { id, action, object, connection } };
    runs.tell('shop.3', { type: 'step.waiting', cause: HOSTILE, ...told });
    runs.tell('shop.3', { type: 'run.ended', outcome: 'done', seq: 2, at: 0 });
    const events = await served.ask('admin', '/v1/runs/shop.3/events');
    expect(events.text).toContain('<img src=x');
    const { cause } = JSON.parse(/data: (.*)/.exec(events.text)![1]!) as { cause: string };
    for (const unseen of ['\u202e', '\u0007']) expect(cause).not.toContain(unseen);
    expect(broken).toEqual([]);
  });

  it('works at narrow width and in the dark, without a sideways scroll', async () => {
    await open();
    for (const [name, path, seen] of [
      ['stacks', '/#/', '.stacks li'],
      ['stack', '/#/stacks/shop', '.picture svg'],
      ['run', '/#/runs/shop.2', '.steps li'],
    ] as const) {
      await page.goto(`${served.url}${path}`);
      await page.locator(seen).first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const viewport of [NARROW, WIDE]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(viewport);
          const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
          expect(ground === 'rgb(255, 255, 255)').toBe(colorScheme === 'light');
          const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          expect([name, colorScheme, viewport.width, overflow]).toEqual([name, colorScheme, viewport.width, 0]);
          await shot(`${name}-${viewport === NARROW ? 'narrow' : 'wide'}-${colorScheme}`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('draws a connection in the colour of its health, and where a run is at work', async () => {
    runs.details.set('shop.4', run('shop.4', { state: 'running' }));
    runs.entries = runs.entries.map((entry) => (entry.name === 'shop' ? { ...entry, run: 'shop.4' } : entry));
    await open('admin', { viewport: WIDE }, '/#/stacks/shop');
    const stroke = (kind: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.querySelector('g.edge.${kind} path')).stroke`);
    await page.locator('g.edge.broken').waitFor();
    expect([await stroke('broken'), await stroke('connected')]).toEqual(['rgb(207, 34, 46)', 'rgb(26, 127, 55)']);
    const at = { seq: 1, at: 0, stack: 'shop' };
    const { id, action, object } = step('a', 'running');
    const ref = { id, action, object, connection: 'web-jobs' };
    runs.tell('shop.4', { type: 'step.started', step: ref, ...at });
    await page.locator('g.edge.working').waitFor();
    runs.tell('shop.4', { type: 'step.done', step: ref, durationMs: 5, ...at, seq: 2 });
    await page.locator('g.edge.working').waitFor({ state: 'detached' });
    expect(broken).toEqual([]);
  });

  it('is worked by the keyboard alone', async () => {
    await open();
    await page.getByRole('link', { name: /shop/ }).waitFor();
    for (let presses = 0; presses < 20; presses++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate("document.activeElement.textContent.startsWith('shop')")) break;
    }
    await page.keyboard.press('Enter');
    await page.locator('.picture svg').waitFor();
    await page.locator('g.edge.broken').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open] summary .name').innerText()).toBe('web-data');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
    expect(broken).toEqual([]);
  });

  it('follows a run live, lets it be approved with the plan that was shown, and stopped', async () => {
    const waiting = run('shop.9', {
      state: 'awaiting-approval',
      plan: PLAN,
      steps: [step('a', 'queued')],
      lastEvent: 1,
    });
    const { outcome: _outcome, endedAt: _endedAt, ...under } = waiting;
    runs.details.set('shop.9', under);
    await open('admin', { viewport: WIDE }, '/#/runs/shop.9');
    await page.getByRole('button', { name: 'Approve 4 steps' }).click();
    await page.getByText('Approved.').waitFor();
    expect(runs.calls).toEqual([`approve shop.9 ${PLAN.fingerprint} by admin`]);
    runs.details.set('shop.9', {
      ...under,
      state: 'running',
      steps: [step('a', 'running', { waitingFor: 'the peering to become active', expectedAt: Date.now() + 4_000 })],
    });
    runs.tell('shop.9', { type: 'run.approved', by: 'admin', seq: 2, at: 0 });
    await page.getByText('Waits for the peering to become active').waitFor({ timeout: 4_000 }); // by the event, not by the next poll
    await shot('run-live');
    // what an event says is shown without asking for the run again
    const { asked } = runs;
    const at = { at: 0, stack: 'shop' };
    const { id, action, object, connection } = step('a', 'running');
    const ref = { id, action, object, connection };
    runs.tell('shop.9', { type: 'step.waiting', step: ref, cause: 'its turn', seq: 2, ...at });
    await page.getByText('Waits for its turn').waitFor({ timeout: 4_000 });
    runs.tell('shop.9', { type: 'step.done', step: ref, durationMs: 900, seq: 3, ...at });
    await page.getByText('1 of 1 step done').waitFor({ timeout: 4_000 });
    expect(runs.asked).toBe(asked);
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText('It is asked to stop').waitFor();
    expect(runs.calls).toContain('cancel shop.9 by admin');
    runs.details.set('shop.9', {
      ...waiting,
      state: 'ended',
      outcome: 'canceled',
      steps: [step('a', 'done'), step('b', 'left'), step('c', 'skipped')],
      counts: { queued: 0, running: 0, done: 1, failed: 0, skipped: 1, left: 1 },
    });
    runs.tell('shop.9', { type: 'run.ended', outcome: 'canceled', seq: 4, at: 0 });
    await page.getByText('canceled').waitFor({ timeout: 4_000 });
    await page.getByText('1 of 3 steps done, 2 not done').waitFor();
    await shot('run-canceled');
    expect(await page.getByRole('button', { name: 'Stop the run' }).count()).toBe(0);
    expect(broken).toEqual([]);
  });

  it('shows a token no more than its scope, and no button for what it may not do', async () => {
    await open('viewer');
    await page.getByRole('link', { name: /shop/ }).waitFor();
    expect(await page.locator('.stacks li').count()).toBe(1);
    await page.goto(`${served.url}/#/stacks/billing`);
    await page.getByText('There is no such stack, or the token does not show it').waitFor();
    broken = []; // the browser itself reports the 404
    await page.goto(`${served.url}/#/stacks/shop`);
    await page.getByRole('heading', { name: 'shop' }).waitFor();
    expect(await page.getByRole('button', { name: /Look now|Plan a run/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByLabel(/A token that the server knows/).waitFor();
    expect(await page.evaluate('sessionStorage.length + localStorage.length')).toBe(0);
    expect(broken).toEqual([]);
  });

  it('names the files that are left out, and asks for a look again only when there is another', async () => {
    runs.leftOut = [
      {
        file: 'stacks/team-b.yaml',
        stack: 'team-b',
        message: `cannot be read ${HOSTILE}`,
        remedy: 'Check that it may be read.',
      },
    ];
    await open();
    const region = page.getByRole('region', { name: 'Files that are left out' });
    await region.getByText('What to do:').waitFor();
    expect(await region.innerText()).toContain('team-b');
    expect(await page.locator('main img, main script').count()).toBe(0);
    await shot('stacks-left-out');
    await page.goto(`${served.url}/#/stacks/shop`);
    await page.getByRole('heading', { name: 'shop' }).waitFor();
    await page.waitForResponse((response) => response.url().includes('/v1/stacks/shop?seen='));
    await page.locator('.picture svg').waitFor();
    expect(broken).toEqual([]);
  });

  it('says so when the token is wrong', async () => {
    await open(`pwt_${'A'.repeat(43)}`);
    await page.getByText('The token is not known, or has expired').waitFor();
    await page.getByLabel(/A token that the server knows/).waitFor();
  });

  it('looks now, and orders a run that waits for approval', async () => {
    await open('admin', { viewport: WIDE }, '/#/stacks/shop');
    await page.getByRole('button', { name: 'Look now' }).click();
    await page.getByText('Looked at it.').waitFor();
    await page.getByRole('button', { name: 'Plan a run' }).click();
    await page.waitForURL(/#\/runs\/shop/);
    expect(runs.calls).toEqual(['look shop', 'submit {"stack":"shop","askFirst":true} by admin']);
    expect(broken).toEqual([]);
  });
});
