import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { fitWindowHtml, pageFigures } from './page-figures.ts';
import { embeddedJson, escapeHtml, formula, htmlTable, section, summarySection } from './page-html.ts';
import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import type { Provenance } from './provenance.ts';
import { fullNumber, plainNumber } from './quantity.ts';
import { replaceFile } from './replace-file.ts';
import { type Summary, sentencesOf, withRows } from './summary.ts';
import { rowsOf, type Tables } from './table-row.ts';

/** What a report tells. */
export interface Report {
  /** Name of the pipeline. */
  readonly title: string;
  /** What the pipeline does, in its own words. */
  readonly doc: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly tables: Tables;
  /** What was found: sentences of all of them come first, then the first one, then figures, then the rest. */
  readonly summaries: readonly Summary[];
  readonly figures: readonly Figure[];
  /** Tables that were streamed to folders of part files. */
  readonly recorded?: readonly string[];
  /** Anything else that a reader should know: partial run, merged seeds. One sentence each. */
  readonly notes?: readonly string[];
  readonly provenance?: Provenance;
  /** Whether tables and figures lie beside the page, to be linked. */
  readonly files?: boolean;
}

function value(given: unknown): string {
  if (typeof given === 'number') return plainNumber(given);
  if (Array.isArray(given)) return given.map(value).join(', ');
  if (given === null) return 'auto';
  if (given === undefined) return 'none';
  return typeof given === 'object' ? JSON.stringify(given) : String(given);
}

const flagOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function parameters(given: Report['parameters']): string {
  const rows = Object.entries(given).map(([name, v]) => [flagOf(name), value(v)]);
  if (rows.length === 0) return '';
  const table = htmlTable('As this run took them; auto: chosen by the run.', ['Parameter', 'Value'], rows, {
    kind: 'plain',
  });
  return section('parameters', 'Parameters', table);
}

function findings(summaries: readonly Summary[]): string {
  const sentences = sentencesOf(summaries);
  if (sentences.length === 0) return '';
  return section(
    'findings',
    'Findings',
    `<ul class="findings">${sentences.map((text) => `<li>${formula(text)}</li>`).join('\n')}</ul>`,
  );
}

function provenance(given: Provenance | undefined): string {
  if (given === undefined) return '';
  const { command, exact = true, facts, source } = given;
  const list = facts.map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`).join('\n');
  const paper =
    source === undefined
      ? ''
      : `<dt>Paper</dt><dd><a href="${escapeHtml(source.url)}" rel="noreferrer">${escapeHtml(source.text)}</a></dd>`;
  return section(
    'provenance',
    'Where this is from',
    `<p>${exact ? 'The same data again, bit for bit' : 'The same again, in partitions of other sizes, hence with other random numbers'}:</p>
<pre tabindex="0" aria-label="Command"><code>${escapeHtml(command)}</code></pre>
<dl>${list}
${paper}</dl>`,
  );
}

function data(tables: Tables, recorded: readonly string[], found: boolean): string {
  const names = Object.keys(tables);
  if (names.length + recorded.length === 0) return '';
  const first = names.includes('histogram') ? 'histogram' : (names[0] ?? 'ensemble');
  const rows = [
    ...names.map((name) => [`${name}.parquet`, fullNumber(rowsOf(tables, name).length)]),
    ...recorded.map((name) => [`${name}/`, 'in parts']),
  ];
  const html = (text: string, column: number): string =>
    column === 0 ? `<a href="${escapeHtml(encodeURI(text))}">${escapeHtml(text)}</a>` : escapeHtml(text);
  const table = htmlTable('Result tables.', ['File', 'Rows'], rows, { html });
  const variable = escapeHtml(first.replace(/\W/g, '_'));
  const file = escapeHtml(first);
  return section(
    'data',
    'Data',
    `<p>Every table is a Parquet file beside this page; names, units and meanings of the columns travel in it. Tables that were recorded row by row lie in folders of part files.${found ? ' The findings are data, too: <a href="findings.json">findings.json</a> has each sentence with its numbers.' : ''}</p>
${table}
<h3>DuckDB</h3>
<pre tabindex="0" aria-label="Example for DuckDB"><code>duckdb -c "SELECT * FROM '${file}.parquet' LIMIT 20"</code></pre>
<h3>Python</h3>
<pre tabindex="0" aria-label="Example for Python"><code>import pandas as pd

${variable} = pd.read_parquet("${file}.parquet")</code></pre>`,
  );
}

/** The page as one HTML document that needs nothing from outside itself, and shows all there is where scripts don't run. */
export async function reportHtml(report: Report): Promise<string> {
  const { notes = [], summaries, tables, recorded = [], files = true } = report;
  const { html: drawn, data: pageData } = await pageFigures(report.figures, tables, files ? 'figures' : undefined);
  const found = withRows(summaries).map(summarySection);
  const sections = [
    notes.length === 0 ? '' : `<ul class="notes">${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`,
    findings(summaries),
    ...found.slice(0, 1),
    drawn === '' ? '' : section('figures', 'Figures', `${figureHint}<div class="figures">\n${drawn}\n</div>`),
    pageData.distributions === undefined ? '' : fitWindowHtml,
    ...found.slice(1),
    provenance(report.provenance),
    parameters(report.parameters),
    files ? data(tables, recorded, sentencesOf(summaries).length > 0) : '',
  ].filter((text) => text !== '');
  const links = [...sections.join('\n').matchAll(/<h2 id="([\w-]+)">([^<]+)<\/h2>/g)];
  const nav = links
    .map(([, id, text]) => `<li${id === 'window' ? ' class="scripted"' : ''}><a href="#${id}">${text}</a></li>`)
    .join('');
  const { text: script, hash } = pageScript('report');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
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
<p id="status" role="status" class="unseen"></p>
<script type="application/json" id="page-data">${embeddedJson(pageData)}</script>
<script>${script}</script>
</body>
</html>
`;
}

const figureHint = `<p class="soft scripted">Point at a figure for values. Drag to move it, drag with Shift to choose a part, Ctrl and wheel or + and − to zoom, double click or 0 for all of it; buttons switch axes and series.</p>
`;

/**
 * Writes `report.html` into a run folder.
 * @param linked what must be there before: made meanwhile, so that the page waits for little of it
 * @returns the path of the page
 * @throws StoreError where it can't be written; what `linked` rejects with
 */
export async function writeReport(folder: string, report: Report, linked?: Promise<unknown>): Promise<string> {
  const path = join(folder, 'report.html');
  const [html] = await Promise.all([reportHtml(report), linked]);
  await replaceFile(path, html);
  return path;
}
