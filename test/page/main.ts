/**
 * `npm run pages`: a short run of every pipeline, its page in a browser, wide and narrow, light and dark, printed and without scripts. Prints a
 * table of weights and times, and what is wrong; leaves pictures to be looked at. `npm run pages -- <folder> [pipeline …]`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { pipelineNames } from '../../src/flow/built-in.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { launch, noBrowser, open } from './browser.ts';
import { beyondSheet, colorRules, scrollThrough, serious, sideways, smallestText } from './inspect.ts';

/** What keeps a run short; all that pages show is as with the defaults: ensembles, grids, depths. */
const short: Readonly<Record<string, string>> = {
  'activation-universality': '--valid 20000',
  'finite-size-scaling': '--valid 50000 --scan-valid 20000',
  'gaussian-avalanches': '--valid 50000',
  'known-exponents': '--valid 20000',
  'phase-diagram': '--least-networks 16 --most-networks 128 --window 50',
  'resnet-avalanches': '--perturbations 2048 --networks 8 --input-size 32 --width-multiplier 0.125 --calibration 256',
  'trained-avalanches': '--weights test/fixtures/weights/torch.safetensors --perturbations 4000 --input-norm 0.5',
  trainability: '--epochs 1 --runs 2 --depth 20 --batches 20',
};

interface Took {
  /** Seconds to the first line of progress, and to the end. */
  readonly first: number;
  readonly all: number;
}

function run(name: string, folder: string): Promise<Took> {
  const words = [...(short[name]?.split(' ') ?? []), '--seed', '1', '--progress', 'json', '--out', folder];
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [join(packageRoot, 'dist/src/cli/main.js'), 'run', name, ...words]);
    let first = Number.NaN;
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (Number.isNaN(first) && told.includes('"fraction"')) first = seconds();
    });
    child.stdout.resume();
    child.on('error', failed);
    child.on('close', (code) =>
      code === 0
        ? done({ first, all: seconds() })
        : failed(new Error(`${name} left with ${code}: ${told.slice(-500)}`)),
    );
  });
}

/** All that is wrong with a page. */
async function faults(browser: Browser, name: string, path: string, pictures: string): Promise<string[]> {
  const url = pathToFileURL(path).href;
  const found: string[] = [];
  const say = (where: string, what: readonly string[]): void => {
    for (const text of what) found.push(`${name}, ${where}: ${text}`);
  };
  for (const width of [1440, 390]) {
    const viewport = { width, height: 900 };
    const { page, complaints, requests } = await open(browser, url, { viewport, bypassCSP: true });
    await scrollThrough(page);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const where = `${width} px, ${scheme}`;
      say(where, await serious(page, scheme === 'light' ? {} : colorRules));
      if ((await sideways(page)) > 0) say(where, ['scrolls sideways']);
      if ((await smallestText(page)) < 7) say(where, [`text of ${(await smallestText(page)).toFixed(1)} px`]);
      await page.screenshot({ path: join(pictures, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
    say(`${width} px`, complaints);
    say(
      `${width} px`,
      requests.filter((asked) => asked !== url && !asked.startsWith('data:')),
    );
    await page.close();
  }
  const sheet = 688; // px of an A4 page between its margins
  const { page } = await open(browser, url, { viewport: { width: sheet, height: 900 }, colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });
  say('printed, beyond the sheet', await beyondSheet(page, sheet));
  writeFileSync(join(pictures, `${name}.pdf`), await page.pdf({ format: 'A4' }));
  const drawn = await page.locator('figure').count();
  await page.close();
  const bare = await open(browser, url, { javaScriptEnabled: false });
  if ((await bare.page.locator('figure svg').count()) !== drawn) say('without scripts', ['a figure is missing']);
  if ((await bare.page.locator('.scripted:visible').count()) > 0) say('without scripts', ['shows what needs them']);
  await bare.page.close();
  return found;
}

if (noBrowser !== undefined) throw new Error(noBrowser);
const [given, ...names] = process.argv.slice(2);
if (given === undefined) {
  console.error('a folder for runs and pictures is needed: npm run pages -- <folder> [pipeline …]');
  process.exit(2);
}
const folder = resolve(given);
mkdirSync(folder, { recursive: true });
const browser = await launch();
const kilobytes = (path: string): string => (statSync(path).size / 1000).toFixed(0);
const wrong: string[] = [];
console.log(`${availableParallelism()} cores; short runs\n`);
console.log('| Pipeline | First progress line, s | Run, s | Page, kB | Largest figure (SVG), kB |');
console.log('|---|---|---|---|---|');
try {
  for (const name of names.length > 0 ? names : pipelineNames()) {
    const out = join(folder, name);
    const took = existsSync(out) ? undefined : await run(name, out);
    const page = join(out, 'report.html');
    const svgs = readdirSync(join(out, 'figures')).filter((file) => file.endsWith('.svg'));
    const largest = Math.max(...svgs.map((file) => Number(kilobytes(join(out, 'figures', file)))));
    const times = took === undefined ? ['–', '–'] : [took.first.toFixed(2), took.all.toFixed(0)];
    console.log(`| \`${name}\` | ${times.join(' | ')} | ${kilobytes(page)} | ${largest} |`);
    if (statSync(page).size > 3e6) wrong.push(`${name}: the page weighs more than 3 MB`);
    wrong.push(...(await faults(browser, name, page, folder)));
  }
} finally {
  await browser.close();
}
console.log(
  wrong.length === 0 ? '\nnothing wrong; pictures and PDFs to look at are beside the runs' : `\n${wrong.join('\n')}`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
