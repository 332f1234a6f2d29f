import type { Summary } from './summary.ts';

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Text with powers such as D^γ, D^−3/2, N^σ(q) and D^(γ−1) as superscripts, and indices such as ξ_c as subscripts. */
export function formula(text: string): string {
  return escapeHtml(text)
    .replace(
      /\^(?:\(([^)]*)\)|(−?(?:\d+\/\d+|[\wα-ω]+(?:\(q\))?)))/g,
      (_, group?: string, single?: string) => `<sup>${group ?? single}</sup>`,
    )
    .replace(/(?<![\wα-ωΑ-Ω])([a-zα-ωA-ZΑ-Ω])_([a-z0-9])(?![\wα-ω])/g, '$1<sub>$2</sub>');
}

export interface TableOptions {
  /** Class of the table: `plain` for words, which may break. */
  readonly kind?: string;
  /** Cells that are HTML already: the rest is escaped. */
  readonly html?: (text: string, column: number) => string;
}

/** Characters of a cell that stay on one line. */
const longest = 22;

/** A table that scrolls within itself, reachable by keyboard; its caption names it. */
export function htmlTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { kind = '', html = escapeHtml }: TableOptions = {},
): string {
  const words = (text: string): string => (text.length > longest ? ' class="words"' : '');
  const headCells = head.map((text) => `<th scope="col">${formula(text)}</th>`).join('');
  const body = rows
    .map((row) => {
      const [first = '', ...rest] = row.map((text, i) => `${words(text)}>${html(text, i)}`);
      return `<tr><th scope="row"${first}</th>${rest.map((cell) => `<td${cell}</td>`).join('')}</tr>`;
    })
    .join('\n');
  const [title = ''] = caption.split(/(?<=[.:])\s/);
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(`Table: ${title}`)}"><table${kind === '' ? '' : ` class="${kind}"`}><caption>${formula(caption)}</caption>
<thead><tr>${headCells}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}

/** A section of the page under its own heading. */
export const section = (id: string, title: string, content: string): string =>
  `<section><h2 id="${escapeHtml(id)}">${escapeHtml(title)}</h2>\n${content}</section>`;

export const summarySection = ({ id, title, caption, head, rows }: Summary): string =>
  section(id, title, htmlTable(caption, head, rows));

/** JSON that can stand in a script element: nothing in it ends the element or opens a comment. */
export const embeddedJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');
