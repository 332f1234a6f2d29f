import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countsSummary } from '../../src/report/counts-summary.ts';
import { cracklingFigure } from '../../src/report/crackling-figure.ts';
import { sizeDistributionFigure } from '../../src/report/distribution-figure.ts';
import { exponentsSummary } from '../../src/report/exponents-summary.ts';
import { writeReport } from '../../src/report/page.ts';
import { phaseMapFigure } from '../../src/report/phase-figures.ts';
import { syntheticTables } from '../report/synthetic.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { launch, noBrowser, open } from './browser.ts';
import { beyondSheet, colorRules, scrollThrough, serious, sideways, smallestText } from './inspect.ts';

if (noBrowser !== undefined) console.warn(`pages are not tested in a browser: ${noBrowser}`);

/** Why the text of a PDF can't be read back here; undefined where it can. */
const noPdfText = ((): string | undefined => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no pdftotext: apt-get install poppler-utils';
  }
})();
if (noPdfText !== undefined) console.warn(`the text of printed pages is not read back: ${noPdfText}`);

/** Heads break over lines: only their characters count. */
const squeezed = (text: string): string => text.replace(/\s+/g, '');

/** The text of a PDF in the order in which it was written, without spaces. */
const textOfPdf = (pdf: Buffer): string =>
  squeezed(execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf, encoding: 'utf8' }));

const folder = temporaryFolder();
const hostile = '<img src=x onerror=alert(1)>';

/** A small plane of made-up cells. */
const phase = Array.from({ length: 30 }, (_, i) => {
  const [weight_variance, bias_variance] = [0.8 + 0.2 * (i % 6), 0.1 * Math.floor(i / 6)];
  const theory = { sigma_star: i, s_star: 0.1 * i, chi_weight_variance: 1 + i, xi_c: 1 + i, susceptibility: 2 + i };
  return { weight_variance, bias_variance, width: 300, strength: 0.1 * i, mean_size: 1 + i, ...theory };
});

describe.skipIf(noBrowser !== undefined)('report.html in a browser', () => {
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    const tables = syntheticTables(7, 600);
    const path = await writeReport(folder, {
      title: `gaussian-avalanches ${hostile}`,
      doc: `Avalanches ${hostile}`,
      parameters: { widths: [128, 256], note: hostile },
      tables: { ...tables, phase },
      summaries: [exponentsSummary(tables), countsSummary(tables)],
      figures: [sizeDistributionFigure(tables), cracklingFigure(tables), phaseMapFigure(phase)],
      provenance: { command: 'crackle run gaussian-avalanches --seed 1', facts: [['Seed', '1']] },
    });
    url = pathToFileURL(path).href;
    browser = await launch();
  });
  afterAll(() => browser?.close());

  it('draws figures that tell values, move, switch scales and hide series, without complaint or request', async () => {
    const { page, complaints, requests } = await open(browser, url, { viewport: { width: 1440, height: 900 } });
    await scrollThrough(page);
    const figure = page.locator('#figure-size-distribution');
    await figure.scrollIntoViewIfNeeded();
    // Labels that come back stand after those that stayed.
    const texts = async (): Promise<string> =>
      (await figure.locator('.plot svg text').allTextContents()).sort().join(' ');
    const points = (): Promise<number> => figure.locator('.plot svg .mark-symbol.role-mark path').count();

    const point = figure.locator('.plot svg .mark-symbol.role-mark path').nth(20);
    await point.hover({ force: true });
    const tip = figure.locator('.tip');
    await tip.waitFor({ state: 'visible' });
    expect(await tip.textContent()).toMatch(/N = .*Avalanche size S.*: .*Probability density P\(S\): /);

    const before = await texts();
    const box = (await figure.locator('.plot svg').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 90, y + 60, { steps: 3 });
    await page.mouse.up();
    await expect.poll(texts).not.toBe(before);
    const dragged = await texts();
    await figure.getByRole('button', { name: 'zoom in' }).click();
    await expect.poll(texts).not.toBe(dragged);
    await figure.getByRole('button', { name: 'reset the zoom' }).click();
    await expect.poll(texts).toBe(before);
    await figure.locator('.plot').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(texts).not.toBe(before);
    await page.keyboard.press('0');
    await expect.poll(texts).toBe(before);

    const log = figure.getByRole('button', { name: 'log x axis' });
    expect(await log.getAttribute('aria-pressed')).toBe('true');
    await log.click();
    await expect.poll(texts).not.toBe(before);
    await log.click();
    await expect.poll(texts).toBe(before);

    const all = await points();
    const chip = figure.getByRole('button', { name: 'N = 128' });
    await chip.click();
    await expect.poll(points).toBeLessThan(all);
    await chip.click();
    await expect.poll(points).toBe(all);

    expect(complaints).toEqual([]);
    expect(requests).toEqual([url]);
    await page.close();
  });

  it('sorts tables, copies them, and fits anew as the window moves', async () => {
    const { page, complaints } = await open(browser, url, {
      viewport: { width: 1200, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const table = page.locator('table').first();
    const cells = (): Promise<string[]> => table.locator('tbody td:nth-child(2)').allInnerTexts();
    const made = await cells();
    const head = table.locator('thead th').nth(1);
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    const up = await cells();
    await head.getByRole('button').click();
    expect([await cells(), new Set(up)]).toEqual([up.toReversed(), new Set(made)]);
    await table.getByRole('button', { name: 'copy as CSV' }).click();
    await expect.poll(() => page.locator('#status').textContent()).toBe('table copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Ensemble,τ,α,/);

    const panel = page.locator('#fit-window');
    await panel.scrollIntoViewIfNeeded();
    const output = panel.locator('output');
    await expect.poll(() => output.textContent()).toMatch(/τ = \d.*KS = .*avalanches/s);
    const line = (): Promise<string | null> => panel.locator('.plot .mark-line path').first().getAttribute('d');
    const [text, drawn] = [await output.textContent(), await line()];
    await panel.getByLabel('Lower cutoff').focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => output.textContent()).not.toBe(text);
    await expect.poll(line).not.toBe(drawn);
    await panel.getByRole('button').click();
    await expect.poll(() => output.textContent()).toBe(text);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each([1440, 390])(
    'has nothing that axe calls serious at %i px, light and dark, and doesn’t scroll sideways',
    async (width) => {
      const { page } = await open(browser, url, { viewport: { width, height: 900 }, bypassCSP: true });
      await scrollThrough(page);
      expect(await serious(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await serious(page, colorRules)).toEqual([]);
      expect(await sideways(page)).toBe(0);
      expect(await smallestText(page)).toBeGreaterThan(7);
      await page.close();
    },
  );

  it('prints every column within the sheet', async () => {
    const { page } = await open(browser, url, { viewport: { width: 688, height: 900 }, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await beyondSheet(page, 688)).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.length).toBeGreaterThan(20_000);
    if (noPdfText === undefined) {
      const text = textOfPdf(pdf);
      const heads = (await page.locator('table thead th').allTextContents()).map(squeezed);
      expect(heads.length).toBeGreaterThan(12);
      // Longest first and each taken away once found: a head that is part of another one doesn't stand in for it.
      let left = text;
      const missing = heads
        .toSorted((a, b) => b.length - a.length)
        .filter((head) => {
          const at = left.indexOf(head);
          if (at >= 0) left = `${left.slice(0, at)}\n${left.slice(at + head.length)}`;
          return at < 0;
        });
      expect(missing).toEqual([]);
      expect(text).not.toContain(squeezed('copy as CSV'));
    }
    await page.close();
  });

  it('shows all there is where scripts don’t run, and takes content for text', async () => {
    const { page, requests } = await open(browser, url, { javaScriptEnabled: false });
    expect(await page.locator('figure svg').count()).toBe(3);
    expect(await page.locator('#fit-window').isVisible()).toBe(false);
    expect(await page.locator('.scripted:visible').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toContain(hostile);
    expect(await page.locator('img').count()).toBe(0);
    expect(requests).toEqual([url]);
    await page.close();
  });
});
