import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { collapseFigure } from '../../src/report/collapse-figure.ts';
import { countsSummary } from '../../src/report/counts-summary.ts';
import { durationDistributionFigure, sizeDistributionFigure } from '../../src/report/distribution-figure.ts';
import { exponentsSummary } from '../../src/report/exponents-summary.ts';
import { type Report, reportHtml, writeReport } from '../../src/report/page.ts';
import type { PageData } from '../../src/report/page-data.ts';
import { formula } from '../../src/report/page-html.ts';
import { syntheticTables } from './synthetic.ts';

const tables = syntheticTables(7, 2000);
const report: Report = {
  title: 'gaussian-avalanches',
  doc: 'Avalanches in <random> networks & their exponents.',
  parameters: {
    widths: [128, 256],
    depth: 1000,
    inputNorm: 0.1,
    weightVariance: null,
    note: '<script>alert("x")</script>',
  },
  tables,
  summaries: [exponentsSummary(tables), countsSummary(tables)],
  figures: [sizeDistributionFigure(tables), durationDistributionFigure(tables), collapseFigure(tables)],
  notes: ['Interrupted & resumable.'],
};

/** A page without its script and the data of that. */
const markup = (html: string): string => html.replace(/<script[^>]*>[\s\S]*?<\/script>/g, '');

const dataOf = (html: string): string => /id="page-data">([\s\S]*?)<\/script>/.exec(html)![1]!;

const page = async (given: Report): Promise<string> => markup(await reportHtml(given));

/** Tags that are opened but not closed in order, void elements and SVG's self-closed ones apart. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  for (const [, close, name = '', rest = ''] of html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .matchAll(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g)) {
    if (close === '/') {
      if (open.pop() !== name) return [...open, `/${name}`];
    } else if (!rest.endsWith('/') && !['meta', 'br', 'link', 'input'].includes(name)) open.push(name);
  }
  return open;
}

describe('reportHtml', () => {
  it('holds exponents, counts, parameters, figures with captions, and how to open the tables', async () => {
    const html = await page(report);
    expect(unbalanced(html)).toEqual([]);
    for (const part of [
      '1.343(4)',
      '1.498(12)',
      '<th scope="col">Branching ratio</th>',
      '0.9988(4)',
      '1\u202f963',
      '<td>128, 256</td>',
      'Interrupted &amp; resumable.',
      'SELECT * FROM',
      'read_parquet',
      'histogram.parquet',
    ]) {
      expect(html).toContain(part);
    }
    expect(html.match(/<svg /g)).toHaveLength(3);
    expect(html.match(/<figcaption>/g)).toHaveLength(3);
    expect(html).toContain('P(S) ∝ S<sup>−τ</sup>');
    expect(html).toContain('D<sup>γ−1</sup>');
    expect(formula('Σ_l s_l over two_words')).toBe('Σ<sub>l</sub> s<sub>l</sub> over two_words');
  });

  it('says once, without a picture, why a figure has nothing to draw', async () => {
    const html = await page({ ...report, figures: [sizeDistributionFigure({})] });
    expect(unbalanced(html)).toEqual([]);
    expect(html.match(/No avalanche sizes/g)).toHaveLength(1);
    expect(html).not.toContain('<svg ');
    expect(html).toContain('id="figure-size-distribution"');
  });

  it('needs nothing from outside, links its own files, and runs its own script alone', async () => {
    const html = await page(report);
    expect(html).not.toMatch(/<link|@import|<img|<iframe| on[a-z]+=/i);
    expect(html.match(/\bsrc="/g)).toBeNull();
    const links = [...html.matchAll(/href="(?!#)([^"]*)"/g)].map(([, href]) => href);
    expect(links).toContain('histogram.parquet');
    expect(links).toContain('figures/collapse.svg');
    for (const href of links) expect(href).toMatch(/^((figures\/)?[\w-]+\.(parquet|svg|png)|findings\.json)$/);
    expect(html.match(/url\((?!#)/g)).toBeNull();
    const whole = await reportHtml(report);
    const scripts = [...whole.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
    expect(scripts).toHaveLength(1);
    const hash = createHash('sha256').update(scripts[0]!).digest('base64');
    expect(whole).toContain(`script-src 'sha256-${hash}';`);
  });

  it('is below 3 MB, and keeps data that figures share once', async () => {
    expect((await reportHtml(report)).length).toBeLessThan(1_500_000);
    const one = await reportHtml({ ...report, figures: [sizeDistributionFigure(tables)] });
    const twice = await reportHtml({
      ...report,
      figures: [sizeDistributionFigure(tables), { ...sizeDistributionFigure(tables), name: 'again' }],
    });
    const values = (html: string): number => (JSON.parse(dataOf(html)) as PageData).values.length;
    expect(values(twice)).toBe(values(one));
  });

  it('says first what was found, and where it is from', async () => {
    const html = await page({
      ...report,
      provenance: {
        command: "crackle run x --note '<i>'",
        facts: [['Seed', '7']],
        source: { text: 'A paper', url: 'https://arxiv.org/abs/2509.22649' },
      },
    });
    expect(html.indexOf('the crackling relation')).toBeGreaterThan(0);
    expect(html.indexOf('the crackling relation')).toBeLessThan(html.indexOf('<table'));
    expect(html).toContain("crackle run x --note '&lt;i&gt;'");
    expect(html).toContain('<dt>Seed</dt><dd>7</dd>');
    expect(html).toContain('href="https://arxiv.org/abs/2509.22649"');
  });

  it('lets nothing that users wrote end its data', async () => {
    const hostile = '</script><script>alert(1)</script><!--';
    const { spec } = sizeDistributionFigure(tables);
    const html = await reportHtml({
      ...report,
      figures: [{ name: 'a"b', title: hostile, caption: hostile, spec: { ...spec, title: hostile } }],
    });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(dataOf(html)).not.toContain('<');
    expect(JSON.stringify(JSON.parse(dataOf(html)))).toContain('alert(1)');
    expect(markup(html)).not.toContain('alert(1)</script>');
    expect(markup(html)).toContain('id="figure-a&quot;b"');
  });

  it('escapes what users wrote', async () => {
    const html = await page(report);
    expect(html).toContain('Avalanches in &lt;random&gt; networks &amp; their exponents.');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  });

  it('has each identifier once, and a target for each reference', async () => {
    const html = await page(report);
    const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/(?:href="#|url\(#)([^")]+)/g)) expect(ids).toContain(id);
  });

  it('is light and dark, printable, and named for readers who don’t see it', async () => {
    const html = await page(report);
    for (const part of [
      'lang="en"',
      'prefers-color-scheme: dark',
      '@media print',
      'name="viewport"',
      'scope="col"',
      'role="img"',
      '<title>gaussian-avalanches',
    ]) {
      expect(html).toContain(part);
    }
  });

  it('of an empty run is still a page', async () => {
    const html = await page({
      title: 'empty',
      doc: 'Nothing.',
      parameters: {},
      tables: {},
      summaries: [],
      figures: [],
    });
    expect(unbalanced(html)).toEqual([]);
    expect(html).not.toContain('<h2');
  });
});

describe('writeReport', () => {
  it('writes report.html and leaves nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crackle-report-'));
    try {
      const path = await writeReport(folder, report);
      expect(path).toBe(join(folder, 'report.html'));
      expect(await readFile(path, 'utf8')).toBe(await reportHtml(report));
      expect(await readdir(folder)).toEqual(['report.html']);
      await expect(writeReport(join(folder, 'missing'), report)).rejects.toThrow(StoreError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('writes no page before what it links to, and none without', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crackle-report-'));
    try {
      const failed = Promise.reject(new StoreError('no room for figures'));
      await expect(writeReport(folder, report, failed)).rejects.toThrow('no room for figures');
      let drawn = (): void => {};
      const linked = new Promise<void>((resolve) => {
        drawn = resolve;
      });
      const written = writeReport(folder, report, linked);
      await reportHtml(report);
      await new Promise((later) => setTimeout(later, 20));
      expect(await readdir(folder)).toEqual([]);
      drawn();
      await written;
      expect(await readdir(folder)).toEqual(['report.html']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
