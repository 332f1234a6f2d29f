import type { CensoredSample } from '../fit/censored/sample.ts';
import type { CountedSample } from '../fit/counted.ts';
import { isCounted } from '../fit/ordered-sample.ts';
import { grown } from '../numeric/grown.ts';
import type { Held } from './values.ts';

/** Marks of values that are finite, in their order: as they are held. */
export function holdMarks(): { add(values: Float64Array, flags: Uint8Array): void; all(): Uint8Array } {
  let marks = new Uint8Array(1024);
  let n = 0;
  return {
    add(values, flags) {
      if (n + values.length > marks.length) marks = grown(marks, Math.max(2 * marks.length, n + values.length));
      for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! === 0) marks[n++] = flags[i]!;
    },
    all: () => marks.subarray(0, n),
  };
}

/** Values known whole and those known by a bound; undefined where all are known. Values must be held one by one, or with their counts. */
export function parted({ sample }: Held, marks: Uint8Array): CensoredSample | undefined {
  if (!marks.includes(1)) return undefined;
  const given = sample as Float64Array | CountedSample;
  const part = (mark: number): Float64Array | CountedSample =>
    isCounted(given)
      ? {
          value: given.value.filter((_, i) => marks[i] === mark),
          count: given.count.filter((_, i) => marks[i] === mark),
        }
      : (given as Float64Array).filter((_, i) => marks[i] === mark);
  return { values: part(0), bounds: part(1) };
}
