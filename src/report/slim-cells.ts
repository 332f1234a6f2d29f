interface Cell {
  readonly x: number;
  readonly y: number;
  width: number;
  height: number;
  readonly fill: string;
}

/** Pixels by which cells reach over their neighbours, so that no rounding leaves a seam. */
const reach = 0.2;

/**
 * The cells of a map, which Vega draws one by one in rows, each a little too wide and too high so that no seam shows: as strokes, one path a colour,
 * neighbours of one colour in one stroke. A few cells, or rectangles that are no such rows, are left as they are.
 * @param marks of a group: paths with a fill and nothing else
 */
export function slimCells(marks: string): string {
  const cells: Cell[] = [];
  for (const [, d, fill] of marks.matchAll(/<path d="([^"]*)" fill="([^"]*)"\/>/g)) {
    const [, x, y, width, height, back] =
      d!.match(/^M(-?[\d.]+) ?(-?[\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)z$/)?.map(Number) ?? [];
    if (back === undefined || back !== width) return marks;
    cells.push({ x: x!, y: y!, width: width!, height: height!, fill: fill! });
  }
  const rows = uncovered(cells);
  if (cells.length < 50 || rows === undefined) return marks;
  const joined = rows.flatMap(joinNeighbours);
  const least = Math.min(...joined.map(({ height }) => tenth(height)));
  const strokes = new Map<string, { d: string; x: number; y: number }>();
  for (const { x, y, width, height: exact, fill } of joined) {
    const height = tenth(exact);
    const key = height === least ? `stroke="${fill}"` : `stroke="${fill}" stroke-width="${tenth(height + reach)}"`;
    const [left, middle] = [tenth(x), tenth(y + exact / 2)];
    const from = strokes.get(key);
    const move = from === undefined ? `M${left} ${middle}` : `m${pair(left - from.x, middle - from.y)}`;
    const length = tenth(x + width + reach - left);
    strokes.set(key, { d: `${from?.d ?? ''}${move}h${short(length)}`, x: tenth(left + length), y: middle });
  }
  const paths = [...strokes].map(([key, { d }]) => `<path ${key} d="${d}"/>`);
  return `<g shape-rendering="crispEdges" stroke-width="${tenth(least + reach)}">${paths.join('')}</g>`;
}

const tenth = (value: number): number => Number(value.toFixed(1));
const short = (value: number): string => String(tenth(value)).replace(/^(-?)0\./, '$1.');
const pair = (x: number, y: number): string => short(x) + short(y).replace(/^(?!-)/, ' ');

/** Rows of cells as they are seen, without what the cells that follow cover; undefined where they don't come in rows. */
function uncovered(cells: readonly Cell[]): Cell[][] | undefined {
  const rows: Cell[][] = [];
  for (const cell of cells) {
    const row = rows.at(-1);
    if (row?.[0]?.y === cell.y) {
      if (cell.x <= row.at(-1)!.x) return undefined;
      row.push(cell);
    } else rows.push([cell]);
  }
  return rows.map((row, r) => {
    const above = rows[r + 1]?.[0];
    const bottom = row[0]!.y + row[0]!.height;
    const covered = above !== undefined && above.y < row[0]!.y && above.y + above.height > row[0]!.y;
    const y = covered ? above.y + above.height : row[0]!.y;
    return row.map((cell, i) => {
      const next = row[i + 1];
      const width = next === undefined ? cell.width : Math.min(cell.width, next.x - cell.x);
      return { ...cell, y, height: bottom - y, width };
    });
  });
}

function joinNeighbours(row: readonly Cell[]): Cell[] {
  const joined: Cell[] = [];
  for (const cell of row) {
    const last = joined.at(-1);
    const touches = last !== undefined && cell.x - (last.x + last.width) < 0.02;
    if (touches && last.fill === cell.fill) last.width = cell.x + cell.width - last.x;
    else joined.push({ ...cell });
  }
  return joined;
}
