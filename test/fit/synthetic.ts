import { type PowerLaw, quantile } from '../../src/fit/power-law.ts';
import { createStream } from '../../src/numeric/random.ts';
import type { GroupedSample } from '../../src/reduce/grouped.ts';

/** n independent values of a power law; the same for the same key. */
export function powerLawValues(law: PowerLaw, n: number, ...key: number[]): Float64Array {
  const stream = createStream(2026, ...key);
  const draw = quantile(law);
  return Float64Array.from({ length: n }, () =>
    draw((stream.nextUint32() * 2 ** 20 + (stream.nextUint32() >>> 12) + 0.5) / 2 ** 52),
  );
}

/** Groups of relative width 1/256 (integers below 256 for themselves), as a streaming histogram keeps them. */
export function grouped(values: Float64Array, discrete: boolean): GroupedSample {
  const cells = new Map<number, { lower: number; upper: number; count: number; sumLog: number }>();
  for (const x of values) {
    const octave = 2 ** Math.floor(Math.log2(x));
    const width = discrete ? Math.max(1, octave / 256) : octave / 256;
    const lower = Math.floor(x / width) * width;
    const cell = cells.get(lower) ?? { lower, upper: lower + width, count: 0, sumLog: 0 };
    cell.count++;
    cell.sumLog += Math.log(x);
    cells.set(lower, cell);
  }
  const rows = [...cells.values()].sort((a, b) => a.lower - b.lower);
  return {
    discrete,
    lower: Float64Array.from(rows, (row) => row.lower),
    upper: Float64Array.from(rows, (row) => row.upper),
    count: Float64Array.from(rows, (row) => row.count),
    sumLog: Float64Array.from(rows, (row) => row.sumLog),
  };
}
