import { button } from './button.ts';
import { compareCells, toCsv } from './cells.ts';

const textsOf = (row: HTMLTableRowElement): string[] => [...row.cells].map((cell) => cell.textContent?.trim() ?? '');

/** Makes heads sort their column, and puts a button to copy the table beside its caption. */
export function enhanceTable(table: HTMLTableElement, say: (text: string) => void): void {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (body === undefined || heads.length === 0) return;
  if (body.rows.length > 1) for (const [column, head] of heads.entries()) sortable(head, column, heads, body);
  const copy = button('copy as CSV', async () => {
    const rows = [heads.map((head) => head.textContent?.trim() ?? ''), ...[...body.rows].map(textsOf)];
    say((await copyText(toCsv(rows))) ? 'table copied' : 'the browser allows no copying');
  });
  copy.className = 'copy';
  table.caption?.append(' ', copy);
}

function sortable(
  head: HTMLTableCellElement,
  column: number,
  heads: readonly HTMLTableCellElement[],
  body: HTMLTableSectionElement,
): void {
  const text = head.textContent ?? '';
  const sort = button(text, () => {
    const direction = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', direction);
    const sign = direction === 'ascending' ? 1 : -1;
    const cellOf = (row: HTMLTableRowElement): string => row.cells[column]?.textContent?.trim() ?? '';
    const rows = [...body.rows];
    rows.sort((a, b) => sign * compareCells(cellOf(a), cellOf(b)));
    body.append(...rows);
  });
  head.replaceChildren(sort);
}

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
