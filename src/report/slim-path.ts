type Point = readonly [x: number, y: number];

/** Pixels that a line may be moved by. */
const tolerance = 0.08;

/**
 * A path of straight lines as fewer characters: without the points that its lines run through anyway, and each told from the one before. Paths
 * with curves are given back as they are.
 * @param digits decimals of a pixel
 */
export function slimPath(d: string, digits: number): string {
  if (!/^M[-\d.,eMLhvZ]+$/.test(d)) return d;
  const parts = subpaths(d);
  if (parts === undefined) return d;
  let at: Point = [0, 0];
  let out = '';
  for (const { points, closed } of parts) {
    const rounded = simplified(points).map(([x, y]): Point => [round(x, digits), round(y, digits)]);
    const [first, ...more] = rounded;
    out += `${out === '' ? 'M' : 'm'}${pair(first![0] - at[0], first![1] - at[1], digits)}`;
    at = first!;
    let last = '';
    for (const to of more) {
      const [x, y] = [to[0] - at[0], to[1] - at[1]].map((step) => round(step, digits)) as [number, number];
      if (x === 0 && y === 0) continue;
      const command = y === 0 ? 'h' : x === 0 ? 'v' : 'l';
      const numbers = y === 0 ? short(x) : x === 0 ? short(y) : pair(x, y, digits);
      out += command === last ? joined(numbers) : command + numbers;
      last = command;
      at = to;
    }
    if (closed) {
      out += 'z';
      at = first!;
    }
  }
  return out;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const short = (value: number): string => String(value).replace(/^(-?)0\./, '$1.');
const joined = (numbers: string): string => (numbers.startsWith('-') ? numbers : ` ${numbers}`);
const pair = (x: number, y: number, digits: number): string =>
  short(round(x, digits)) + joined(short(round(y, digits))).replace(/^ (?=\.)/, ' ');

interface Subpath {
  readonly points: Point[];
  readonly closed: boolean;
}

/** Points of a path of the commands M, L, h, v and Z, as Vega writes them; undefined for any other. */
function subpaths(d: string): Subpath[] | undefined {
  const found: { points: Point[]; closed: boolean }[] = [];
  let at: Point = [0, 0];
  for (const [, command, text = ''] of d.matchAll(/([MLhvZ])([^MLhvZ]*)/g)) {
    const numbers = text === '' ? [] : text.split(',').map(Number);
    if (numbers.some(Number.isNaN) || numbers.length !== { M: 2, L: 2, h: 1, v: 1, Z: 0 }[command!]) return undefined;
    if (command === 'M') found.push({ points: [], closed: false });
    const current = found.at(-1);
    if (current === undefined || current.closed) return undefined;
    if (command === 'Z') {
      current.closed = true;
      continue;
    }
    const [a, b] = numbers as [number, number];
    at = command === 'h' ? [at[0] + a, at[1]] : command === 'v' ? [at[0], at[1] + a] : [a, b];
    current.points.push(at);
  }
  return found;
}

/** Douglas and Peucker, Cartographica 10, 112 (1973): the fewest of the points, as it finds them, that leave none off the line. */
function simplified(points: readonly Point[]): Point[] {
  const kept = new Uint8Array(points.length);
  kept[0] = 1;
  kept[points.length - 1] = 1;
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [from, to] = span;
    let [farthest, where] = [tolerance, -1];
    for (let i = from + 1; i < to; i++) {
      const away = distance(points[i]!, points[from]!, points[to]!);
      if (away > farthest) [farthest, where] = [away, i];
    }
    if (where < 0) continue;
    kept[where] = 1;
    open.push([from, where], [where, to]);
  }
  return points.filter((_, i) => kept[i] === 1);
}

/** Of a point from the stretch between two others. */
function distance([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
