import type { FixedSizeList, RecordBatch } from 'apache-arrow';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type AvalanchesOptions, avalanches } from '../../src/avalanche/avalanches.ts';
import { floorOf, relativeToDrive } from '../../src/avalanche/threshold.ts';
import { column, makeBatch } from '../../src/schema/batch.ts';
import { tableSchema } from '../../src/schema/table.ts';
import { columnsOf, layerMajor, type Row } from './traces.ts';

const ensemble = { index: 3, width: 10, depth: 4, inputStrength: 1, reuse: 1 };

function signal(rows: readonly Row[]): RecordBatch {
  const { length, ...columns } = columnsOf(rows);
  return makeBatch('signal', { ensemble: new Int32Array(length).fill(3), ...columns }, length);
}

async function collect(batches: readonly RecordBatch[], options: AvalanchesOptions = {}, more = {}) {
  const total = { valid: 0, dead: 0, censored: 0, nonFinite: 0 };
  const context = {
    ensemble: { ...ensemble, ...more },
    count(tally: typeof total) {
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += tally[key];
    },
  };
  const out = await lastValueFrom(from(batches).pipe(avalanches(context, options), toArray()));
  return { out, total };
}

const traces = [[2, 3, 0], [2, 2, 2, 2], [0], [5, 0]];
const rows = layerMajor(traces);

describe('avalanches(partition)', () => {
  it('emits one avalanche batch for each signal batch in which avalanches ended', async () => {
    const { out, total } = await collect([signal(rows.slice(0, 4)), signal(rows.slice(4, 9)), signal(rows.slice(9))]);
    expect(out.map((batch) => batch.numRows)).toEqual([2, 1]);
    expect(out[0]!.schema.fields.map((field) => field.name)).toEqual(
      tableSchema('avalanche').fields.map((field) => field.name),
    );
    expect(out.flatMap((batch) => batch.toArray().map((row) => row?.toJSON()))).toEqual([
      {
        ensemble: 3,
        network: 9n + 2n ** 33n,
        perturbation: 9n + 2n ** 33n,
        start: 1,
        duration: 1,
        size: 40,
        signal_size: 50,
        peak: 5,
        censored: false,
      },
      {
        ensemble: 3,
        network: 0n,
        perturbation: 0n,
        start: 1,
        duration: 2,
        size: 30,
        signal_size: 50,
        peak: 3,
        censored: false,
      },
      {
        ensemble: 3,
        network: 3n + 2n ** 33n,
        perturbation: 3n + 2n ** 33n,
        start: 1,
        duration: 4,
        size: 40,
        signal_size: 80,
        peak: 2,
        censored: true,
      },
    ]);
    expect(total).toEqual({ valid: 2, dead: 1, censored: 1, nonFinite: 0 });
  });

  it('emits what is still open on completion, censored', async () => {
    const { out, total } = await collect([signal(rows.slice(0, 5))]);
    expect(out.map((batch) => [...column<Int32Array>(batch, 'duration')])).toEqual([[1, 1, 2]]);
    expect(total).toEqual({ valid: 0, dead: 1, censored: 3, nonFinite: 0 });
  });

  it('numbers networks by floor(perturbation / reuse), also beyond 32 bits', async () => {
    const { out } = await collect([signal(rows)], {}, { reuse: 7 });
    const network = out.flatMap((batch) => [...column<BigInt64Array>(batch, 'network')]);
    expect(network).toEqual(out.flatMap((b) => [...column<BigInt64Array>(b, 'perturbation')].map((id) => id / 7n)));
  });

  it('appends a column of profiles where asked for', async () => {
    const { out } = await collect([signal(rows)], { profile: { points: 4, of: 'signal' } });
    const field = out[0]!.schema.fields.at(-1)!;
    expect([field.name, (field.type as FixedSizeList).listSize]).toEqual(['profile', 4]);
    const profiles = out[0]!.toArray().map((row) => Array.from(row?.profile as Iterable<number>));
    expect(profiles).toEqual([[5, 5, 5, 5], [2, 2, 2.5, 3], Array(4).fill(Number.NaN)]);
    expect(field.metadata.get('of')).toBe('signal');
    const excess = (await collect([signal(rows)], { profile: 4 })).out[0]!;
    expect(excess.schema.fields.at(-1)!.metadata.get('of')).toBe('excess');
    expect(Array.from(excess.toArray()[1]?.profile as Iterable<number>)).toEqual([1, 1, 1.5, 2]);
  });

  it('ends with a batch of branching sums where asked for, the drive being the first ancestor', async () => {
    const { out } = await collect([signal(rows)], { branching: true });
    expect(out.map((batch) => batch.schema.metadata.get('table'))).toEqual(['avalanche', 'branching']);
    // [2, 3, 0], [2, 2, 2, 2], [0], [5, 0], each after a drive of 1.
    expect(
      out
        .at(-1)!
        .toArray()
        .map((row) => row?.toJSON()),
    ).toEqual([{ ensemble: 3, ancestors: 4 + 5 + 6 + 5, descendants: 5 + 8 + 5 }]);
  });

  it('ends with a batch of growth where asked for', async () => {
    const { out } = await collect([signal(rows)], { growth: true });
    expect(out.map((batch) => batch.schema.metadata.get('table'))).toEqual(['avalanche', 'growth']);
    // [2, 3, 0], [2, 2, 2, 2], [0], [5, 0], each after a drive of 1; steps to 0 don't count.
    expect(out.at(-1)!.toArray()[0]?.toJSON()).toEqual({
      ensemble: 3,
      steps: 2 + 4 + 1,
      log_growth: expect.closeTo(Math.log(3 * 2 * 5), 14),
    });
  });

  it('knows no drive before a trace that begins at another layer', async () => {
    const { out } = await collect([signal(layerMajor([[2, 3, 0]], 2))], { branching: true, firstLayer: 2 });
    expect(
      out
        .at(-1)!
        .toArray()
        .map((row) => row?.toJSON()),
    ).toEqual([{ ensemble: 3, ancestors: 5, descendants: 3 }]);
  });

  it('has fresh state in every subscription', async () => {
    const stage = avalanches({ ensemble, count: () => undefined });
    const source = from([signal(rows.slice(0, 6))]).pipe(stage, toArray());
    const [first, second] = [await lastValueFrom(source), await lastValueFrom(source)];
    expect(first.map((b) => b.numRows)).toEqual(second.map((b) => b.numRows));
  });

  it('passes threshold, rule and scale on', async () => {
    const { out } = await collect([signal(layerMajor([[0, 2, 0, 4]]))], {
      threshold: [0, 1, 1, 1, 3],
      rule: 'excursions',
      scale: 1,
    });
    expect(out.flatMap((batch) => [...column<Float64Array>(batch, 'size')])).toEqual([1, 1]);
    expect(out.flatMap((batch) => [...column<Float64Array>(batch, 'signal_size')])).toEqual([2, 4]);
  });

  it('fails as an error notification for bad options and broken traces', async () => {
    await expect(collect([signal(rows)], { threshold: Number.NaN })).rejects.toThrow(
      'threshold must be a finite number',
    );
    const broken = [rows[0]!, { ...rows[0]!, layer: 3 }];
    await expect(collect([signal(broken)])).rejects.toThrow('must follow each other');
  });
});

describe('floorOf(threshold, depth)', () => {
  it('is the threshold in float32, and null under the excursion rule', () => {
    expect(floorOf(0.1, 5)).toBe(Math.fround(0.1));
    expect(floorOf([0, 0.1, 0.2], 2)).toEqual(Float32Array.of(0, 0.1, 0.2));
    expect(floorOf(0.1, 5, 'excursions')).toBeNull();
  });
});

describe('relativeToDrive(ensemble, factor)', () => {
  it('is a multiple of the input strength', () => {
    expect(relativeToDrive({ inputStrength: 0.2 })).toBe(0.2);
    expect(relativeToDrive({ inputStrength: 0.2 }, 2)).toBe(0.4);
    expect(() => relativeToDrive({ inputStrength: 0.2 }, 0)).toThrow('factor must be a positive finite number, got 0');
  });
});
