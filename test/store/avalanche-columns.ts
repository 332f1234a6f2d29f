import type { Columns } from '../../src/schema/batch.ts';

/** A seeded generator of uniform numbers (mulberry32), so that the data is the same in every run. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Avalanches with power-law durations, as the detector would find them: columns of the avalanche table. */
export function avalancheColumns(rows: number, seed: number): Columns {
  const random = uniform(seed);
  const columns = {
    ensemble: new Int32Array(rows),
    network: new BigInt64Array(rows),
    perturbation: new BigInt64Array(rows),
    start: new Int32Array(rows).fill(1),
    duration: new Int32Array(rows),
    size: new Float64Array(rows),
    signal_size: new Float64Array(rows),
    peak: new Float64Array(rows),
    censored: new Uint8Array((rows + 7) >> 3),
  };
  let perturbation = 0;
  for (let i = 0; i < rows; i++) {
    // Every second perturbation or so dies at once and leaves a gap.
    while (random() < 0.5) perturbation++;
    columns.network[i] = BigInt(perturbation);
    columns.perturbation[i] = BigInt(perturbation++);
    const duration = Math.min(1000, Math.floor((1 - random()) ** -2));
    columns.duration[i] = duration;
    columns.peak[i] = 0.004 * (1 + random());
    columns.size[i] = 512 * duration * Math.fround(0.004 * (1 + random()));
    columns.signal_size[i] = columns.size[i]! + 512 * duration * 0.01;
    if (duration === 1000) columns.censored[i >> 3]! |= 1 << (i & 7);
  }
  return columns;
}
