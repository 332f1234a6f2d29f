import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Draws every figure: they wait until they come near. */
export async function scrollThrough(page: Page): Promise<void> {
  const plots = page.locator('figure .plot');
  const count = await plots.count();
  for (let i = 0; i < count; i++) await plots.nth(i).scrollIntoViewIfNeeded();
  await page.waitForFunction(
    (n) => document.querySelectorAll('figure .plot > div > div > svg.marks').length === n,
    count,
  );
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What axe calls serious or critical, each with where it is; the page must have been opened past its content security policy. */
export async function serious(page: Page, options: object = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const violations = await page.evaluate(async (given) => {
    const { axe } = globalThis as unknown as { axe: { run(o: object): Promise<{ violations: Violation[] }> } };
    return (await axe.run({ resultTypes: ['violations'], ...given })).violations;
  }, options);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Rules that depend on the colour scheme. */
export const colorRules = { runOnly: ['color-contrast', 'link-in-text-block'] };

/** Pixels by which the page scrolls sideways. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Size of the smallest text of a drawing as it is on the screen, px. */
export const smallestText = (page: Page): Promise<number> =>
  page.locator('figure svg text').evaluateAll((texts) =>
    Math.min(
      ...texts.map((text) => {
        const svg = (text as SVGTextElement).ownerSVGElement!;
        const zoom = svg.getBoundingClientRect().width / svg.width.baseVal.value;
        return Number.parseFloat(getComputedStyle(text).fontSize) * zoom;
      }),
    ),
  );

/** Cells of tables that lie beyond the right edge of a sheet of `width` px, by their text. */
export const beyondSheet = (page: Page, width: number): Promise<string[]> =>
  page
    .locator('th, td')
    .evaluateAll(
      (cells, edge) =>
        cells.filter((cell) => cell.getBoundingClientRect().right > edge).map((cell) => cell.textContent?.trim() ?? ''),
      width + 0.5,
    );
