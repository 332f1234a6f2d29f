const powers = Float64Array.from({ length: 23 }, (_, k) => 10 ** k);

/**
 * The number that a stretch of text spells with digits and one point alone, NaN for anything else. Up to 15 digits and 22 decimals are integers and powers of
 * ten that doubles hold exactly, so that one division rounds once: the value is that of `Number`.
 */
export function plainNumber(text: string, from: number, to: number): number {
  let at = from;
  let code = text.charCodeAt(at);
  const negative = code === 45;
  if (negative) code = text.charCodeAt(++at);
  let mantissa = 0;
  let digits = 0;
  let point = -1;
  for (; at < to; code = text.charCodeAt(++at)) {
    const digit = code - 48;
    if (digit >= 0 && digit <= 9) {
      mantissa = 10 * mantissa + digit;
      digits++;
    } else if (code === 46 && point < 0) point = at;
    else return Number.NaN;
  }
  if (digits === 0 || digits > 15) return Number.NaN;
  const value = point < 0 ? mantissa : mantissa / powers[to - point - 1]!;
  return negative ? -value : value;
}

/** What becomes of the fields of a line. */
export interface LineSink {
  /** Takes a field that is wanted; `i` counts those. */
  field(i: number, text: string, from: number, to: number): void;
  /** The line is over and has so many fields. */
  end(fields: number, text: string, from: number, to: number): void;
  /** A line that isn't of the common kind: blank, a comment, or before the data. True: it is dealt with. */
  special(text: string, from: number, to: number): boolean;
}

/**
 * Goes through lines without quotes, whose fields are parted by one character; makes strings of nothing.
 * @param wanted positions of fields, ascending
 */
export function scanLines(text: string, separator: string, wanted: readonly number[], sink: LineSink): void {
  const length = text.length;
  const delimiter = separator.charCodeAt(0);
  for (let start = 0; start < length; ) {
    const newline = text.indexOf('\n', start);
    const stop = newline < 0 ? length : newline;
    if (!sink.special(text, start, stop)) {
      let field = 0;
      let next = 0;
      let from = start;
      for (let at = start; at <= stop; at++) {
        if (at !== stop && text.charCodeAt(at) !== delimiter) continue;
        if (next < wanted.length && wanted[next] === field) sink.field(next++, text, from, at);
        field++;
        from = at + 1;
      }
      sink.end(field, text, start, stop);
    }
    start = stop + 1;
  }
}
