import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { start } from '../cli/crackle.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { launch, noBrowser, open } from './browser.ts';
import { serious, sideways } from './inspect.ts';

const folder = temporaryFolder();
const common = ['--engine', 'effective', '--depth', '200', '--workers', '1', '--alternatives', 'false'];

type Started = ReturnType<typeof start>;
const started: Started[] = [];

/** A process that serves a page, and the page's address once it has said it. */
async function serving(words: readonly string[]): Promise<Started & { url: string }> {
  const process = start(words);
  started.push(process);
  const url = await new Promise<string>((found, failed) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const [address] = said.match(/http:\/\/127\.0\.0\.1:\d+\/[\w-]+\//) ?? [];
      if (address !== undefined) found(address);
    };
    for (const stream of [process.child.stdout!, process.child.stderr!]) stream.on('data', listen);
    process.ended.then(() => failed(new Error(`no page: ${said}`)), failed);
  });
  return { ...process, url };
}

const message = (page: Page): Promise<string | null> => page.locator('#message').textContent();
const facts = (page: Page): Promise<string | null> => page.locator('#facts').textContent();
const share = (page: Page): Promise<number> =>
  page.locator('#fraction').evaluate((bar) => (bar as HTMLProgressElement).value);
const counted = async (page: Page): Promise<number> =>
  Number((await facts(page))?.match(/Seen\s*([\d\u202f]+) avalanches/)?.[1]?.replaceAll('\u202f', '') ?? 0);

/** Has the page write down every message that it shows, and every share of the run. */
async function keepDiary(page: Page): Promise<() => Promise<{ messages: string[]; shares: number[] }>> {
  await page.evaluate(() => {
    const diary = { messages: [] as string[], shares: [] as number[] };
    Object.assign(globalThis, { diary });
    new MutationObserver(() => {
      const text = document.querySelector('#message')!.textContent ?? '';
      if (diary.messages.at(-1) !== text) diary.messages.push(text);
      diary.shares.push(document.querySelector<HTMLProgressElement>('#fraction')!.value);
    }).observe(document.querySelector('main')!, { subtree: true, childList: true, characterData: true });
  });
  return () =>
    page.evaluate(() => (globalThis as unknown as { diary: { messages: string[]; shares: number[] } }).diary);
}

if (noBrowser !== undefined) console.warn(`real runs are not followed in a browser: ${noBrowser}`);

// At the same time: each waits for its run, and for checkpoints, most of its time.
describe.skipIf(noBrowser !== undefined)('a real run in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    for (const { child, ended } of started) {
      child.kill('SIGKILL');
      await ended;
    }
  });

  it.concurrent('is watched from its start to its end in two tabs, through a reload; a wrong token shows nothing', async ({
    expect,
  }) => {
    const into = join(folder, 'watched');
    // Long enough for tabs to be opened on a machine that has other things to do.
    const words = [...common, '--widths', '32', '--valid', '6e5', '--live', '--out', into];
    const run = await serving(['run', 'gaussian-avalanches', ...words]);
    const first = await open(browser, run.url);
    const diary = await keepDiary(first.page);
    await expect.poll(() => first.page.locator('#traces polyline').count()).toBeGreaterThan(0);

    const second = await open(browser, run.url);
    await expect.poll(() => second.page.locator('#traces polyline').count()).toBeGreaterThan(0);
    const before = [await share(second.page), await counted(second.page)];
    await second.page.reload();
    await expect.poll(() => counted(second.page)).toBeGreaterThanOrEqual(before[1]!);
    expect(await share(second.page)).toBeGreaterThanOrEqual(before[0]!);
    expect(await share(second.page)).toBeLessThan(1);

    const narrow = await open(browser, run.url, { viewport: { width: 390, height: 800 }, bypassCSP: true });
    await expect.poll(() => counted(narrow.page)).toBeGreaterThan(0);
    expect([await serious(narrow.page), await sideways(narrow.page)]).toEqual([[], 0]);
    await narrow.page.close();

    const stranger = await browser.newPage();
    const answered = stranger.waitForEvent('response');
    await stranger.goto(run.url.replace(/\/[\w-]+\/$/, '/wrong/')).catch(() => {});
    expect((await answered).status()).toBe(404);
    expect(await stranger.locator('#message').count()).toBe(0);

    const ending = new RegExp(`^complete after \\d+ s: open ${into}/report\\.html$`);
    for (const { page } of [first, second]) await expect.poll(() => message(page)).toMatch(ending);
    const { messages, shares } = await diary();
    expect(messages.slice(-3)).toEqual([
      'simulated; fitting',
      'fitted; drawing figures',
      expect.stringMatching(ending),
    ]);
    expect(messages).toContain('simulating');
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(await counted(first.page)).toBeGreaterThanOrEqual(6e5);
    expect(await first.page.locator('#stop').isDisabled()).toBe(true);
    expect([first.complaints, second.complaints]).toEqual([[], []]);
    expect((await run.ended).code).toBe(0);

    // What the page names is there, and its exponents are about where the estimates stood.
    const lately = Number(
      (await first.page.locator('#traces figcaption').first().textContent())!.match(/τ = ([\d.]+)/)![1],
    );
    const report = await open(browser, pathToFileURL(join(into, 'report.html')).href);
    const tau = Number((await report.page.locator('main').textContent())!.match(/τ = ([\d.]+)/)![1]);
    expect(Math.abs(tau - lately)).toBeLessThan(0.2);
  });

  it.concurrent('is killed: its page and that of crackle live say so; resumed and stopped from the page, it can go on', async ({
    expect,
  }) => {
    const out = join(folder, 'endless');
    const words = [...common, '--widths', '32', '--valid', '1e9', '--live', '--out', out];
    const endless = await serving(['run', 'gaussian-avalanches', ...words]);
    const own = await open(browser, endless.url);
    // Before that there may be no folder yet to follow.
    await expect.poll(() => counted(own.page)).toBeGreaterThan(0);
    const live = await serving(['live', out]);
    const beside = await open(browser, live.url);
    await expect.poll(() => counted(beside.page)).toBeGreaterThan(0);
    const seen = await counted(beside.page);
    expect(await counted(own.page)).toBeGreaterThanOrEqual(seen);
    endless.child.kill('SIGKILL');
    await expect.poll(() => message(own.page)).toMatch(/^no answer from the run: it is gone/);
    await expect.poll(() => message(beside.page)).toBe(`cut off: its process is gone; crackle resume ${out} goes on`);
    expect((await live.ended).code).toBe(0);

    const again = await serving(['resume', out, '--workers', '1', '--live']);
    const { page, complaints } = await open(browser, again.url);
    await expect.poll(() => counted(page)).toBeGreaterThanOrEqual(seen);
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await expect.poll(() => message(page)).toMatch(/^interrupted, can be resumed/);
    expect(complaints).toEqual([]);
    const { code, stderr } = await again.ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining(`go on with: crackle resume ${out}`)]);
    expect(existsSync(join(out, 'exponents.parquet'))).toBe(true);
  });
});
