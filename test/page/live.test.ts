import { request } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { History } from '../../src/live/history.ts';
import { openLive } from '../../src/live/server.ts';
import type { LiveState } from '../../src/live/state.ts';
import { wandered } from '../../src/page/trace.ts';
import { launch, noBrowser, open } from './browser.ts';

const state = (counted: number, more: Partial<LiveState> = {}): LiveState => ({
  where: 'N = 128 (1/2)',
  unit: 'avalanches',
  counted,
  rate: 1000,
  fraction: counted / 10_000,
  elapsed: counted / 1000,
  remaining: 10 - counted / 1000,
  stage: 'simulating',
  workers: 2,
  memory: 3e8,
  estimates: { τ: 1.3 + 10 / counted, α: 1.5 },
  ...more,
});

/** Status of an answer, with headers as a browser of another page might send them. */
const status = (url: string, method = 'GET', headers: Record<string, string> = {}): Promise<number | undefined> =>
  new Promise((done, failed) => {
    const asked = request(url, { method, headers }, (response) => {
      done(response.statusCode);
      response.destroy();
    });
    asked.on('error', failed);
    asked.end();
  });

describe('openLive', () => {
  it('answers on the loopback interface, to its token, its own host and its three routes only', async () => {
    let stopped = 0;
    const live = await openLive({ title: 'x', onStop: () => stopped++ });
    const { origin, host, hostname } = new URL(live.url);
    expect(hostname).toBe('127.0.0.1');
    expect(await status(live.url)).toBe(200);
    expect(await status(`${live.url}events`)).toBe(200);
    for (const wrong of [
      '/',
      '/wrong/',
      '/wrong/events',
      `${new URL(live.url).pathname}other`,
      `${new URL(live.url).pathname}events/x`,
    ]) {
      expect([wrong, await status(origin + wrong)]).toEqual([wrong, 404]);
    }
    expect(await status(live.url, 'GET', { host: 'evil.example' })).toBe(404);
    expect(await status(`${live.url}stop`, 'POST', { origin: 'http://evil.example' })).toBe(404);
    expect(await status(`${live.url}stop`)).toBe(404);
    expect(await status(`${origin}/wrong/stop`, 'POST')).toBe(404);
    expect(stopped).toBe(0);
    expect(await status(`${live.url}stop`, 'POST', { origin: `http://${host}` })).toBe(204);
    expect(stopped).toBe(1);
    await live.end('done');
    await expect(status(live.url)).rejects.toThrow();
  });

  it('keeps little for a tab that is asleep, and tells it all it missed once it reads again', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const held = (): number => {
      gc();
      return process.memoryUsage().heapUsed + process.memoryUsage().external;
    };
    const live = await openLive({ title: 'x' });
    const { port, pathname, host } = new URL(live.url);
    const tab = connect(Number(port), '127.0.0.1');
    onTestFinished(() => void tab.destroy());
    let read = '';
    tab.on('data', (chunk) => {
      read += chunk.toString();
    });
    tab.write(`GET ${pathname}events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await expect.poll(() => read).toContain('event: history');
    tab.pause();
    const before = held();
    for (let i = 1; i <= 50_000; i++) {
      live.show(state(i));
      if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // Some 10 MB of text.
    expect(held() - before).toBeLessThan(3e6);
    tab.resume();
    await expect.poll(() => read).toMatch(/event: history\ndata: \[.*"counted":50000\b.*\]\n\n/);
    live.show(state(50_001));
    await expect.poll(() => read).toMatch(/event: state\ndata: .*"counted":50001\b/);
    await live.end('done');
  });
});

it('History keeps the newest state and never more than it may', () => {
  const history = new History(16);
  for (let i = 1; i <= 1000; i++) history.add(state(i));
  const all = history.all();
  expect(all.length).toBeLessThanOrEqual(17);
  expect(all[0]!.counted).toBe(1);
  expect(all.at(-1)!.counted).toBe(1000);
  expect(all.map(({ counted }) => counted)).toEqual(all.map(({ counted }) => counted).toSorted((a, b) => a - b));
});

it('wandered is the range over the last half of what was seen', () => {
  const points = [1, 5, 6, 10].map((x) => ({ x, y: x === 1 ? 9 : x / 10 }));
  expect(wandered(points)).toEqual([0.5, 1]);
  expect(wandered([])).toBeUndefined();
});

if (noBrowser !== undefined) console.warn(`the live page is not tested in a browser: ${noBrowser}`);

describe.skipIf(noBrowser !== undefined)('the live page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('follows a run in two tabs, through a reload, to its end; a stop button stops it', async () => {
    let stopped = 0;
    const live = await openLive({ title: '<b>run</b>', onStop: () => stopped++ });
    live.show(state(100));
    const { page, complaints, requests } = await open(browser, live.url);
    const facts = page.locator('#facts');
    await expect.poll(() => facts.textContent()).toContain('100 avalanches');
    expect(await page.locator('h1').textContent()).toBe('<b>run</b>');
    for (let i = 2; i < 40; i++) live.show(state(100 * i));
    await expect.poll(() => facts.textContent()).toContain('3\u202f900 avalanches, 1.00 k a second');
    expect(await facts.textContent()).toMatch(/Time left\s*about 7 s.*Workers\s*2.*Memory\s*300 MB/);
    expect(await page.locator('#traces figcaption').allTextContents()).toEqual([
      expect.stringMatching(/^τ = 1\.303, lately 1\.303 to 1\.305$/),
      'α = 1.500, lately 1.500 to 1.500',
    ]);
    const points = (): Promise<string | null> => page.locator('#traces polyline').first().getAttribute('points');
    const drawn = (await points())!.split(' ').length;
    await page.reload();
    await expect.poll(async () => (await points())?.split(' ').length).toBe(drawn);
    const other = await open(browser, live.url);
    await expect.poll(() => other.page.locator('#facts').textContent()).toContain('3\u202f900 avalanches');

    live.show(state(3950, { workers: 0, machines: 0 }));
    await expect.poll(() => facts.textContent()).toContain('none yet: the queue waits for crackle worker');
    live.show(state(3960, { workers: 12, machines: 3 }));
    await expect.poll(() => facts.textContent()).toContain('12 at 3 processes of the queue');

    await page.getByRole('button', { name: 'Stop the run' }).click();
    await expect.poll(() => stopped).toBe(1);
    live.show(state(4000, { stage: 'simulated; fitting' }));
    await expect.poll(() => other.page.locator('#message').textContent()).toBe('simulated; fitting');
    expect(await page.locator('#message').textContent()).toBe('stopping: the run is put in order');
    await live.end('interrupted, can be resumed, in out/x');
    for (const { locator } of [page, other.page].map((tab) => ({ locator: tab.locator('#message') }))) {
      await expect.poll(() => locator.textContent()).toBe('interrupted, can be resumed, in out/x');
    }
    expect(complaints).toEqual([]);
    expect(requests.every((url) => url.startsWith(live.url))).toBe(true);
  });

  it('says so when the run is gone', async () => {
    const live = await openLive({ title: 'run' });
    live.show(state(100));
    const { page } = await open(browser, live.url);
    await expect.poll(() => page.locator('#facts').textContent()).toContain('100 avalanches');
    expect(await page.getByRole('button', { name: 'Stop the run' }).count()).toBe(0);
    await page.route('**/events', (route) => route.abort());
    await page.reload();
    await expect.poll(() => page.locator('#message').textContent()).toMatch(/^no answer from the run/);
    await live.end('over');
  });
});
