import type { RecordBatch } from 'apache-arrow';
import { lastValueFrom, map, of, toArray } from 'rxjs';
import { expect } from 'vitest';
import type { Tally } from '../../src/avalanche/detector.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { type PropagateOptions, propagate } from '../../src/propagation/propagate.ts';
import { makeBatch, tableOf } from '../../src/schema/batch.ts';
import { writeIds } from '../../src/schema/int64.ts';
import { shortcutOf } from '../../src/shortcut.ts';
import type { Stage } from '../../src/stage.ts';

/** What stages need of a partition. */
export type Context = ReturnType<typeof context>;

const context = (tally: Partial<Tally>, of: Ensemble) => ({
  ensemble: of,
  seed: 5,
  drained: async () => {},
  count: (more: Tally) => {
    for (const [key, n] of Object.entries(more)) {
      tally[key as keyof Tally] = (tally[key as keyof Tally] ?? 0) + n;
    }
  },
});

const perturbations = (count: number, { reuse, inputStrength }: Ensemble): RecordBatch =>
  makeBatch(
    'perturbation',
    {
      ensemble: new Int32Array(count).fill(1),
      network: writeIds(Float64Array.from({ length: count }, (_, i) => Math.floor(i / reuse))),
      perturbation: writeIds(Float64Array.from({ length: count }, (_, i) => i)),
      strength: new Float32Array(count).fill(inputStrength),
    },
    count,
  );

export interface Found {
  readonly rows: Map<number, Record<string, unknown>>;
  readonly others: Record<string, unknown>[];
  readonly tally: Partial<Tally>;
  readonly shortcut: boolean;
}

/**
 * What a stage makes of perturbations on a card.
 * @param windows whether something stands between, so that all signals are made and a detector goes through them
 */
export async function byRoad(
  stage: (partition: Context) => Stage,
  windows: boolean,
  options: Pick<PropagateOptions, 'engine'> & Partial<PropagateOptions>,
  network: Ensemble,
  perturbed: number,
): Promise<Found> {
  const tally: Partial<Tally> = {};
  const partition = context(tally, network);
  const propagated$ = of(perturbations(perturbed, network)).pipe(
    propagate(partition, { backend: 'webgpu', ...options }),
  );
  const signal$ = windows ? propagated$.pipe(map((batch) => batch)) : propagated$;
  const batches = await lastValueFrom(signal$.pipe(stage(partition), toArray()));
  const rows = new Map<number, Record<string, unknown>>();
  const others: Record<string, unknown>[] = [];
  for (const batch of batches) {
    for (const row of batch.toArray()) {
      const data = row.toJSON() as Record<string, unknown>;
      if (data.profile !== undefined) data.profile = [...(data.profile as Iterable<number>)];
      if (tableOf(batch) === 'avalanche') rows.set(Number(data.perturbation), data);
      else others.push(data);
    }
  }
  return { rows, others, tally, shortcut: shortcutOf(signal$) !== undefined };
}

const close = (a: number, b: number, tolerance: number): void => {
  if (Number.isNaN(a) && Number.isNaN(b)) return;
  expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance * Math.max(Math.abs(a), Math.abs(b)));
};

/** Whole numbers, ids and flags exactly, strengths exactly, sums and interpolated profiles to float32 rounding. */
export function compare(fused: Found, windowed: Found): void {
  expect([fused.shortcut, windowed.shortcut]).toEqual([true, false]);
  expect(fused.tally).toEqual(windowed.tally);
  expect([...fused.rows.keys()]).toEqual([...windowed.rows.keys()].sort((a, b) => a - b));
  for (const [id, row] of windowed.rows) {
    const { size, signal_size, profile, ...exact } = row;
    const other = fused.rows.get(id)!;
    expect(other).toMatchObject(exact);
    close(other.size as number, size as number, 1e-5);
    close(other.signal_size as number, signal_size as number, 2e-7);
    if (profile === undefined) continue;
    const [ours, theirs] = [other.profile, profile] as number[][];
    // An excess is a small difference of strengths: what counts is the rounding of these.
    ours!.forEach((x, g) => {
      if (!Number.isNaN(theirs![g])) expect(Math.abs(x - theirs![g]!)).toBeLessThan(3e-7 * (row.peak as number));
      else expect(x).toBeNaN();
    });
  }
  expect(fused.others.length).toBe(windowed.others.length);
  fused.others.forEach((data, i) => {
    for (const [key, value] of Object.entries(data)) close(Number(value), Number(windowed.others[i]![key]), 1e-5);
  });
}
