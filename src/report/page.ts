import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { pageStyle } from './page-style.ts';
import { fullNumber, plainNumber } from './quantity.ts';
import { figureSvg } from './render.ts';
import { replaceFile } from './replace-file.ts';
import { type Summary, withRows } from './summary.ts';
import { rowsOf, type Tables } from './table-row.ts';

/** What a report tells. */
export interface Report {
  /** Name of the pipeline. */
  readonly title: string;
  /** What the pipeline does, in its own words. */
  readonly doc: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly tables: Tables;
  /** What was found; the first of them comes before the figures. */
  readonly summaries: readonly Summary[];
  readonly figures: readonly Figure[];
  /** Anything else that a reader should know: partial run, seeds, versions. One sentence each. */
  readonly notes?: readonly string[];
}

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Text with powers such as D^γ and D^(γ−1) as superscripts. */
function formula(text: string): string {
  return escapeHtml(text).replace(
    /\^(?:\(([^)]*)\)|(−?[\wα-ω]+))/g,
    (_, group?: string, single?: string) => `<sup>${group ?? single}</sup>`,
  );
}

function htmlTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[], kind = ''): string {
  const headCells = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const body = rows
    .map((row) => {
      const [first = '', ...rest] = row.map(escapeHtml);
      return `<tr><th scope="row">${first}</th>${rest.map((text) => `<td>${text}</td>`).join('')}</tr>`;
    })
    .join('\n');
  return `<div class="scroll"><table${kind === '' ? '' : ` class="${kind}"`}><caption>${formula(caption)}</caption>
<thead><tr>${headCells}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

function section({ id, title, caption, head, rows }: Summary): string {
  return `<section><h2 id="${escapeHtml(id)}">${escapeHtml(title)}</h2>\n${htmlTable(caption, head, rows)}</section>`;
}

function value(given: unknown): string {
  if (typeof given === 'number') return plainNumber(given);
  if (Array.isArray(given)) return given.map(value).join(', ');
  if (given === undefined || given === null) return '–';
  return typeof given === 'object' ? JSON.stringify(given) : String(given);
}

function parameters(given: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(given).map(([name, v]) => [name, value(v)]);
  if (rows.length === 0) return '';
  return `<section><h2 id="parameters">Parameters</h2>
${htmlTable('As this run took them.', ['Parameter', 'Value'], rows, 'plain')}</section>`;
}

function data(tables: Tables): string {
  const names = Object.keys(tables);
  if (names.length === 0) return '';
  const first = names.includes('histogram') ? 'histogram' : (names[0] ?? 'ensemble');
  const rows = names.map((name) => [`${name}.parquet`, fullNumber(rowsOf(tables, name).length)]);
  return `<section><h2 id="data">Data</h2>
<p>Every table is a Parquet file beside this page; names, units and meanings of the columns travel in it. Tables that were recorded row by row lie in folders, <code>avalanche/*.parquet</code>.</p>
${htmlTable('Result tables.', ['File', 'Rows'], rows)}
<h3>DuckDB</h3>
<pre><code>duckdb -c "SELECT * FROM '${escapeHtml(first)}.parquet' LIMIT 20"</code></pre>
<h3>Python</h3>
<pre><code>import pandas as pd

${escapeHtml(first.replace(/\W/g, '_'))} = pd.read_parquet("${escapeHtml(first)}.parquet")</code></pre></section>`;
}

async function drawn(figures: readonly Figure[]): Promise<string> {
  if (figures.length === 0) return '';
  const parts: string[] = [];
  for (const figure of figures) {
    const { name, title, caption } = figure;
    if (figure.empty === true) {
      parts.push(`<p id="figure-${escapeHtml(name)}"><b>${escapeHtml(title)}.</b> ${formula(caption)}</p>`);
      continue;
    }
    const svg = (await figureSvg(figure)).replace(/^<\?xml[^>]*>\s*/, '').replace(/<!DOCTYPE[^>]*>\s*/i, '');
    const half = Number(svg.match(/\bwidth="([\d.]+)"/)?.[1]) <= 520;
    parts.push(`<figure id="figure-${escapeHtml(name)}"${half ? '' : ' class="wide"'}><div class="paper">${svg}</div>
<figcaption><b>${escapeHtml(title)}.</b> ${formula(caption)}</figcaption></figure>`);
  }
  return `<section><h2 id="figures">Figures</h2>\n<div class="figures">\n${parts.join('\n')}\n</div></section>`;
}

/** The page as one HTML document that needs nothing from outside itself. */
export async function reportHtml(report: Report): Promise<string> {
  const notes = report.notes ?? [];
  const found = withRows(report.summaries).map(section);
  const sections = [
    notes.length === 0 ? '' : `<ul class="notes">${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`,
    ...found.slice(0, 1),
    await drawn(report.figures),
    ...found.slice(1),
    parameters(report.parameters),
    data(report.tables),
  ].filter((section) => section !== '');
  const links = [...sections.join('\n').matchAll(/<h2 id="([\w-]+)">([^<]+)<\/h2>/g)];
  const nav = links.map(([, id, text]) => `<li><a href="#${id}">${text}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(report.title)} – crackle</title>
<style>
${pageStyle}
</style>
</head>
<body>
<header>
<h1>${escapeHtml(report.title)}</h1>
<p>${escapeHtml(report.doc)}</p>
<nav aria-label="Sections"><ul>${nav}</ul></nav>
</header>
<main>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

/**
 * Writes `report.html` into a run folder: exponents, figures as inline SVG with captions, counts, parameters, how to open the tables.
 * @returns the path of the page
 * @throws StoreError where it can't be written
 */
export async function writeReport(folder: string, report: Report): Promise<string> {
  const path = join(folder, 'report.html');
  await replaceFile(path, await reportHtml(report));
  return path;
}
