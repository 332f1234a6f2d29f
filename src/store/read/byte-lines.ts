const powers = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const [minus, point, newline] = [45, 46, 10];

/** What becomes of the lines of a block of bytes. */
export interface LineSink {
  /** Whether lines must be looked at before they are taken for rows: before the data. */
  before: boolean;
  /** A line that may not be a row: blank, a comment, before the data. True: it is dealt with. */
  special(from: number, to: number): boolean;
  /** Takes a field that isn't spelled by digits and one point alone, or whose column holds no such numbers; `i` counts the wanted ones. */
  other(i: number, from: number, to: number): void;
  /** A row is over that has so many fields, `taken` of the wanted ones among them. Gives the columns, and the row, that the next one goes to. */
  end(fields: number, taken: number, from: number, to: number): void;
  /** Columns of the wanted fields; undefined where they hold other things than plain numbers. */
  columns: readonly (Float64Array | undefined)[];
  row: number;
}

/**
 * Goes through lines of bytes that have no quotes and no carriage returns, every one with its end; makes strings of nothing. Numbers of up to 15 digits are
 * integers and powers of ten that doubles hold exactly, so that one division rounds once: their value is that of `Number`.
 * @param wanted positions of fields, ascending
 * @param mark first byte of comments, -1 for none
 */
export function scanLines(
  bytes: Uint8Array,
  delimiter: number,
  wanted: readonly number[],
  mark: number,
  sink: LineSink,
): void {
  const length = bytes.length;
  const most = wanted.length;
  let at = 0;
  while (at < length) {
    const start = at;
    const first = bytes[at]!;
    if (first <= 32 || first === mark || sink.before) {
      const stop = bytes.indexOf(newline, at);
      if (sink.special(at, stop)) {
        at = stop + 1;
        continue;
      }
    }
    const { columns, row } = sink;
    let field = 0;
    let next = 0;
    let code = 0;
    while (next < most) {
      if (field !== wanted[next]) {
        for (code = bytes[at]!; code !== delimiter && code !== newline; ) code = bytes[++at]!;
      } else {
        const from = at;
        code = bytes[at]!;
        const negative = code === minus;
        if (negative) code = bytes[++at]!;
        let mantissa = 0;
        const begin = at;
        for (; code >= 48 && code <= 57; code = bytes[++at]!) mantissa = 10 * mantissa + (code - 48);
        let digits = at - begin;
        let decimals = 0;
        if (code === point) {
          const after = ++at;
          for (code = bytes[at]!; code >= 48 && code <= 57; code = bytes[++at]!) mantissa = 10 * mantissa + (code - 48);
          decimals = at - after;
          digits += decimals;
        }
        const column = columns[next];
        if (column !== undefined && (code === delimiter || code === newline) && digits > 0 && digits <= 15) {
          const value = decimals === 0 ? mantissa : mantissa / powers[decimals]!;
          column[row] = negative ? -value : value;
        } else {
          while (code !== delimiter && code !== newline) code = bytes[++at]!;
          sink.other(next, from, at);
        }
        next++;
      }
      field++;
      if (code === newline) break;
      at++;
    }
    if (code !== newline) {
      field++;
      for (code = bytes[at]!; code !== newline; code = bytes[++at]!) if (code === delimiter) field++;
    }
    sink.end(field, next, start, at);
    at++;
  }
}
