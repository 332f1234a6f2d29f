import { Field, FixedSizeList, Float32, makeData, type RecordBatch } from 'apache-arrow';
import fc from 'fast-check';
import { makeBatch } from '../../src/schema/batch.ts';

export interface Avalanche {
  duration: number;
  size: number;
  /** Size from zero; the same as `size` by default. */
  signalSize?: number;
  censored: boolean;
  profile: number[];
}

export const grid = 4;

/** An avalanche batch with the given rows and a profile column. */
export function avalancheBatch(rows: readonly Avalanche[], ensemble = 0): RecordBatch {
  const length = rows.length;
  const bits = new Uint8Array((length + 7) >> 3);
  rows.forEach((row, i) => {
    if (row.censored) bits[i >> 3]! |= 1 << (i & 7);
  });
  const points = rows[0]?.profile.length ?? grid;
  const type = new FixedSizeList(points, new Field('strength', new Float32(), false));
  const data = Float32Array.from(rows.flatMap((row) => row.profile));
  const child = makeData({ type: new Float32(), length: length * points, nullCount: 0, data });
  return makeBatch(
    'avalanche',
    {
      ensemble: new Int32Array(length).fill(ensemble),
      network: BigInt64Array.from(rows, (_, i) => BigInt(i)),
      perturbation: BigInt64Array.from(rows, (_, i) => BigInt(i)),
      start: new Int32Array(length).fill(1),
      duration: Int32Array.from(rows, (row) => row.duration),
      size: Float64Array.from(rows, (row) => row.size),
      signal_size: Float64Array.from(rows, (row) => row.signalSize ?? row.size),
      peak: Float64Array.from(rows, (row) => row.size),
      censored: bits,
    },
    length,
    [{ field: new Field('profile', type, false), data: makeData({ type, length, nullCount: 0, child }) }],
  );
}

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });

/** Rows over all groups of durations, with odd sizes among them. */
export const avalancheRows: fc.Arbitrary<Avalanche[]> = fc.array(
  fc.record({
    duration: fc.oneof(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1000, max: 1100 }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    ),
    size: fc.oneof(
      { weight: 8, arbitrary: positive },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, 0, -1, 5e-324, 1e-12, 1e12, 1) },
    ),
    censored: fc.boolean(),
    profile: fc.array(
      fc.oneof({ weight: 20, arbitrary: positive }, { weight: 1, arbitrary: fc.constant(Number.NaN) }),
      {
        minLength: grid,
        maxLength: grid,
      },
    ),
  }),
  { maxLength: 40 },
);
