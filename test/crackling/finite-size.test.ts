import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import pipeline from '../../pipelines/finite-size-scaling.ts';
import { finiteSizeEnsembles, finiteSizeParameters } from '../../src/crackling/finite-size-parameters.ts';
import { checkParameters } from '../../src/parameter.ts';
import type { Snapshot } from '../../src/run/options.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import type { ExponentsRow } from '../../src/schema/columns.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { hashDataset } from '../store/hash-dataset.ts';

const folder = temporaryFolder();
const toy = {
  widths: [32, 64],
  valid: 3000,
  scan: [0.25, 0.5, 0.75, 1, 1.25],
  scanValid: 6000,
  binCount: 40,
  blocks: 10,
  profileCount: 20,
  alternatives: false,
  scalingMin: 5,
};

describe('finite-size-scaling', () => {
  let result: Awaited<ReturnType<typeof run<'finite-size-scaling'>>>;
  beforeAll(async () => {
    // Imported, not named, it runs in this thread, which saves the start of workers.
    result = await run(pipeline, toy);
  });

  it('scans every width and correction, then simulates every width once', () => {
    expect(result.ensembles.map(({ ensemble }) => ensemble.index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(result.tables.straightness).toHaveLength(2 * 5 * 2);
    expect(result.tables.correction).toHaveLength(4);
    expect(result.tables.ensemble.map(({ width }) => width)).toEqual([32, 64]);
    for (const table of [
      'exponents',
      'fit',
      'histogram',
      'scaling',
      'collapse',
      'universality',
      'extrapolation',
    ] as const) {
      expect(result.tables[table].length).toBeGreaterThan(0);
    }
  });

  it('finds durations straightest near δ = 1/N', () => {
    // Other seeds gave δ·N from 0.66 to 0.87; the trap of tanh makes a correction below 1 straightest at small widths.
    for (const { scaled, inside, observable } of result.tables.correction) {
      if (observable !== 'duration') continue;
      expect(inside).toBe(true);
      expect(scaled).toBeGreaterThan(0.4);
      expect(scaled).toBeLessThan(1.2);
    }
  });

  it('simulates at the correction that it found', () => {
    for (const { width, weight_variance } of result.tables.exponents) {
      const found = result.tables.correction.find((row) => row.width === width && row.observable === 'duration')!;
      expect(weight_variance).toBeCloseTo(1 + found.delta!, 12);
      expect(found.used).toBeCloseTo(found.scaled!, 9);
    }
  });

  it('has both errors of the collapse, and an NMSE at its γ no higher than anywhere on the curve', () => {
    for (const { ensemble, ...row } of result.tables.exponents) {
      const lowest = Math.min(
        ...result.tables.collapse_error.filter((one) => one.ensemble === ensemble).map(({ nmse }) => nmse!),
      );
      expect(row.gamma_collapse_nmse).toBeLessThanOrEqual(lowest);
      expect(row.gamma_collapse_nmse).toBeGreaterThan(0.5 * lowest);
      expect(row.gamma_collapse_error).toBeGreaterThan(0);
      expect(row.gamma_collapse_curvature_error).toBeGreaterThan(0);
    }
  });

  it('measures a branching ratio just below 1', () => {
    for (const { branching_ratio, branching_ratio_error } of result.tables.exponents) {
      expect(1 - branching_ratio!).toBeGreaterThan(5 * branching_ratio_error!);
      expect(1 - branching_ratio!).toBeLessThan(0.02);
    }
  });

  it('carries exponents to 1/N → 0 as two points determine a line by hand', () => {
    const [a, b] = result.tables.exponents;
    for (const [name, column] of [
      ['tau', 'tau'],
      ['alpha', 'alpha'],
      ['gamma_scaling', 'gamma_scaling'],
      ['growth_rate', 'growth_rate'],
    ] as const) {
      const line = result.tables.extrapolation.find(({ exponent }) => exponent === name)!;
      const at = (row: ExponentsRow | undefined) => row![column]!;
      const error = (row: ExponentsRow | undefined) => row![`${column}_error`]!;
      expect(line.intercept).toBeCloseTo((64 * at(b) - 32 * at(a)) / 32, 9);
      expect(line.intercept_error).toBeCloseTo(Math.hypot(64 * error(b), 32 * error(a)) / 32, 9);
      expect(line.slope).toBeCloseTo((at(a) - at(b)) / (1 / 32 - 1 / 64), 6);
    }
  });

  it('holds the exponents of every width and of infinite width against every class', () => {
    const groups = [11, 10, null].map((ensemble) =>
      result.tables.universality.filter((row) => row.ensemble === ensemble),
    );
    expect(groups.map((group) => group.length)).toEqual([15, 15, 15]);
  });

  it('gives the same bits when it is interrupted in the scan or after it, and resumed', async () => {
    const small = { ...toy, widths: [16], scan: [0, 1, 2], scanValid: 1000, valid: 6000, blocks: 4 };
    const options = { workers: 1, figures: false };
    await run('finite-size-scaling', small, { ...options, out: join(folder, 'whole') });
    // Three ensembles in the scan, a fourth after it.
    for (const ensembles of [3, 4]) {
      const out = join(folder, `interrupted-${ensembles}`);
      const controller = new AbortController();
      const onSnapshot = (snapshot: Snapshot) => {
        if (snapshot.ensembles === ensembles) controller.abort();
      };
      const first = await run('finite-size-scaling', small, { ...options, out, signal: controller.signal, onSnapshot });
      expect(first.status).toBe('partial');
      const second = await resume(out, options);
      expect(second.status).toBe('complete');
      expect(await hashDataset(out)).toBe(await hashDataset(join(folder, 'whole')));
    }
  });
});

describe('finiteSizeEnsembles(values)', () => {
  const of = (given: Record<string, unknown>) => finiteSizeEnsembles(checkParameters(finiteSizeParameters, given));

  it('lists the scan first; the main ones only where corrections are known', () => {
    const { scan, main } = of({ widths: [100, 200], scan: [1, 0, 0.5] });
    expect(scan.map(({ width, weightVariance }) => [width, weightVariance])).toEqual([
      [100, 1],
      [100, 1.005],
      [100, 1.01],
      [200, 1],
      [200, 1.0025],
      [200, 1.005],
    ]);
    expect(main).toEqual([]);
    const given = of({ widths: [100, 200], corrections: [1, 2], scanValid: 0 });
    expect(given.scan).toEqual([]);
    expect(given.main.map(({ weightVariance, depth }) => [weightVariance, depth])).toEqual([
      [1.01, 800],
      [1.01, 1600],
    ]);
    const relu = of({ widths: [100], corrections: [1], scanValid: 0, activation: 'relu' });
    expect(relu.main[0]!.weightVariance).toBeCloseTo(2 * (1 + 2.5 / 100), 12);
    expect(of({ widths: [100], scanValid: 0 }).main[0]).toMatchObject({ index: 0, weightVariance: 1.01 });
  });

  it('says which values do not go together', () => {
    expect(() => of({ widths: [100, 200, 300], corrections: [1, 2] })).toThrow(
      'corrections must be one or as many as there are widths (3), got 2',
    );
    expect(() => of({ scan: [1, 1, 0] })).toThrow('scan must hold at least 3 different corrections, got 2');
    expect(() => of({ widths: [100, 100] })).toThrow('widths must differ, got 100 twice');
  });
});
