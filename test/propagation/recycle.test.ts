import { createHash } from 'node:crypto';
import { type RecordBatch, Table, tableToIPC } from 'apache-arrow';
import { lastValueFrom, of, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { avalanches } from '../../src/avalanche/avalanches.ts';
import { energySpectrum } from '../../src/avalanche/spectrum.ts';
import { perturbationBatch } from '../../src/flow/perturbations.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { propagate } from '../../src/propagation/propagate.ts';
import { column } from '../../src/schema/batch.ts';
import { beside } from '../../src/stage.ts';
import { parquetEncoder } from '../../src/store/parquet/encoder.ts';

const ensemble: Ensemble = {
  index: 1,
  activation: 'tanh',
  width: 40,
  depth: 80,
  weightVariance: 1.03,
  biasVariance: 0,
  inputStrength: 0.02,
  reuse: 1,
};
const engines = ['effective', 'annealed', 'quenched', 'dense', 'naive'];

/** Hash of recorded signals, of avalanches with their profiles and of energies, and whether windows share memory. */
async function run(engine: string, recycle: boolean): Promise<{ data: string; memories: number; windows: number }> {
  const encoder = parquetEncoder('signal', { rowGroupRows: 500 });
  const memories = new Set<ArrayBufferLike>();
  let windows = 0;
  const partition = { ensemble, seed: 5, drained: async () => {}, count: () => {} };
  const batches = await lastValueFrom(
    of(perturbationBatch({ ensemble: 0, index: 0, first: 0, count: 120 }, ensemble)).pipe(
      propagate(partition, { engine, recycle, windowRows: 100, ...(engine === 'dense' ? { backend: 'simd' } : {}) }),
      tap((batch: RecordBatch) => {
        windows++;
        memories.add(column<Float32Array>(batch, 'strength').buffer);
        encoder.append(batch);
      }),
      beside(avalanches(partition, { profile: 8, branching: true }), energySpectrum(partition, { every: 1 })),
      toArray(),
    ),
  );
  encoder.finish();
  const hash = createHash('sha256');
  hash.update(encoder.take());
  for (const batch of batches) hash.update(tableToIPC(new Table([batch])));
  return { data: hash.digest('hex'), memories: memories.size, windows };
}

describe('propagate(partition, { recycle })', () => {
  it.each(engines)(
    'of engine %s gives its windows in one memory, and the package’s stages and sinks see no difference',
    async (engine) => {
      const fresh = await run(engine, false);
      const recycled = await run(engine, true);
      expect(recycled.windows).toBeGreaterThan(5);
      expect(recycled.data).toBe(fresh.data);
      expect(fresh.memories).toBe(fresh.windows);
      expect(recycled.memories).toBe(1);
    },
  );
});
