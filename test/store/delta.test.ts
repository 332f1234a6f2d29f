import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBatch } from '../../src/schema/batch.ts';
import { parquetSink } from '../../src/store/parquet/sink.ts';
import { readColumns } from '../../src/store/read-table.ts';
import { query } from './duckdb.ts';
import { scratchFolder } from './scratch.ts';

const folder = scratchFolder();

/** Integers with a step and a noise of so many bits, so that every width of packing comes up, around any origin. */
const integers = (bits: number, origin: fc.Arbitrary<bigint>) =>
  fc
    .tuple(origin, fc.nat(bits), fc.array(fc.nat(2 ** 31 - 1), { minLength: 1, maxLength: 700, size: 'max' }))
    .map(([from, width, noise]) => noise.map((value) => from + BigInt(Math.floor(value / 2 ** (31 - width)))));

const int64s = integers(31, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 2n ** 31n }));
const int32s = integers(31, fc.bigInt({ min: -(2n ** 31n), max: 0n }));

function same(found: unknown, expected: Int32Array | BigInt64Array): boolean {
  if (!(found instanceof Int32Array || found instanceof BigInt64Array)) return false;
  return found.constructor === expected.constructor && Buffer.from(found.buffer).equals(Buffer.from(expected.buffer));
}

async function written(layer: bigint[], perturbation: bigint[]): Promise<string> {
  const rows = Math.min(layer.length, perturbation.length);
  const columns = {
    ensemble: new Int32Array(rows),
    layer: Int32Array.from(layer.slice(0, rows), Number),
    perturbation: BigInt64Array.from(perturbation.slice(0, rows)),
    strength: new Float32Array(rows),
  };
  await using sink = parquetSink('signal', folder, 'delta.parquet', { encodings: 'compact' });
  await sink.write(makeBatch('signal', columns, rows));
  await sink.commit();
  return join(folder, 'delta.parquet');
}

describe('integers written as differences', () => {
  it('come back from hyparquet and DuckDB exactly, whatever their spread and number', async () => {
    await fc.assert(
      fc.asyncProperty(int32s, int64s, fc.boolean(), async (layer, perturbation, duck) => {
        const path = await written(layer, perturbation);
        const rows = Math.min(layer.length, perturbation.length);
        const own = await readColumns(path, ['layer', 'perturbation']);
        expect(same(own.layer, Int32Array.from(layer.slice(0, rows), Number))).toBe(true);
        expect(same(own.perturbation, BigInt64Array.from(perturbation.slice(0, rows)))).toBe(true);
        if (!duck) return;
        const found = await query(`select layer, perturbation from '${path}'`);
        expect(found.every(([l, p], i) => l === Number(layer[i]) && p === perturbation[i])).toBe(true);
        expect(found).toHaveLength(rows);
      }),
      { numRuns: 60, seed: 9 },
    );
  });

  it('are exact at the edge of the spread that differences can hold, and beyond it', async () => {
    const edges = [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n];
    for (const edge of edges) {
      const perturbation = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? -7n : edge - 7n));
      const layer = perturbation.map((_, i) => (i % 3 === 0 ? -(2n ** 31n) : edge >= 2n ** 31n ? 2n ** 31n - 1n : -1n));
      const path = await written(layer, perturbation);
      const own = await readColumns(path, ['layer', 'perturbation']);
      expect(own.layer).toEqual(Int32Array.from(layer, Number));
      expect(own.perturbation).toEqual(BigInt64Array.from(perturbation));
      expect(await query(`select min(perturbation), max(perturbation), sum(perturbation) from '${path}'`)).toEqual([
        [-7n, edge - 7n, perturbation.reduce((sum, value) => sum + value, 0n)],
      ]);
    }
  });

  it('cost next to nothing where they count up', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => BigInt(i));
    const [[bytes]] = (await query(
      `select sum(total_compressed_size) from parquet_metadata('${await written(rows, rows)}') where path_in_schema <> 'strength'`,
    )) as [[bigint]];
    // Three columns, 16 bytes a row as PLAIN.
    expect(Number(bytes)).toBeLessThan(10_000);
  });
});
