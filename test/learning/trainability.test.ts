import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { spearman } from '../../src/fit/rank-correlation.ts';
import { resume, run } from '../../src/run.ts';
import { readRows } from '../../src/store/read-table.ts';
import { scratchFolder } from '../store/scratch.ts';
import { writeImages } from './idx-files.ts';

const folder = scratchFolder();
const files = writeImages(folder, 160);
const values = {
  ...files,
  batch: 16,
  batches: 10,
  runs: 2,
  width: 12,
  depth: 8,
  epochs: 3,
  learningRate: 0.05,
  weightVariances: [0.2, 1, 2, 4],
  biasVariances: [0, 0.2],
  scanWidths: [8, 16],
  scanDepth: 4,
  scanWeightVariances: [0.8, 1.5],
  scanLearningRate: 0.2,
  scanEpochs: 20,
  target: 0.9,
  backend: 'simd',
};
type Rows = readonly Record<string, unknown>[];
const whole = run('trainability', values, { workers: 1 });

describe('pipeline trainability', () => {
  it('gives a row of theory and accuracy for each cell of map and scan', async () => {
    const { tables, status } = await whole;
    expect(status).toBe('complete');
    const rows = tables.trainability as Rows;
    expect(rows).toHaveLength(4 * 2 + 2 * 2);
    expect(rows.every(({ runs }) => runs === 2)).toBe(true);
    const critical = rows.find(
      (row) => row.weight_variance === 1 && row.bias_variance === 0 && row.experiment === 'map',
    );
    expect(critical).toMatchObject({ chi_1: 1, edge_of_chaos: 1, widom_line: 1, chi_weight_variance: Infinity });
    for (const row of rows.filter(({ experiment }) => experiment === 'scan')) {
      const epochs = Number(row.epochs);
      expect(epochs).toBeLessThanOrEqual(20);
      if (row.reached === 2) expect(row.epochs_to_target).toBe(epochs);
    }
    expect(rows.some(({ reached }) => reached === 2)).toBe(true);
  });

  it('has the accuracy of the last epoch of its learning curves, and ranks that can be had from its table', async () => {
    const { tables } = await whole;
    const map = (tables.trainability as Rows).filter(({ experiment }) => experiment === 'map');
    for (const row of map) {
      const last = (tables.learning_curve as Rows).filter(({ ensemble }) => ensemble === row.ensemble).at(-1)!;
      expect(last.epoch).toBe(3);
      expect(last.accuracy).toBe(row.accuracy);
    }
    const all = (tables.rank_correlation as Rows).filter(({ bias_variance }) => bias_variance === null);
    const rho = spearman(
      map.map((row) => Number(row.chi_weight_variance)),
      map.map((row) => Number(row.accuracy)),
    );
    expect(all.find(({ predictor }) => predictor === 'chi_weight_variance')!.rho).toBeCloseTo(rho, 12);
    expect(all.map(({ predictor }) => predictor)).toHaveLength(6);
    expect((tables.trainable_region as Rows).map(({ bias_variance }) => bias_variance)).toEqual([0, 0.2]);
  });

  it('draws its figures from tables alone', async () => {
    const { figures } = await whole;
    expect(figures.map(({ name }) => name)).toEqual([
      'accuracy-map',
      'susceptibility-map',
      'accuracy-prediction',
      'accuracy-per-epoch',
      'epochs-to-accuracy',
    ]);
  });

  it('gives the same bits with 2 workers, and interrupted and resumed, learning rows included', async () => {
    const { tables } = await whole;
    const out = join(folder, 'cut');
    const controller = new AbortController();
    const cut = await run('trainability', values, {
      workers: 2,
      out,
      record: ['learning'],
      figures: false,
      signal: controller.signal,
      onSnapshot: ({ done }) => {
        if (done >= 1) controller.abort();
      },
    });
    expect(cut.status).toBe('partial');
    expect((cut.tables.trainability as Rows).length).toBeLessThan(12);
    const resumed = await resume(out, { workers: 2, figures: false });
    expect(resumed.status).toBe('complete');
    expect(resumed.tables).toEqual(tables);
    const written = await readRows(join(out, 'trainability.parquet'), 'trainability');
    expect(written.map(({ accuracy }) => accuracy)).toEqual(
      (tables.trainability as Rows).map(({ accuracy }) => accuracy),
    );
  });

  it('looks into networks in training', async () => {
    const { tables } = await run(
      'trainability',
      {
        ...values,
        experiment: 'map',
        runs: 1,
        weightVariances: [1],
        biasVariances: [0],
        signalsAt: [0, 2],
        signalPerturbations: 300,
      },
      { workers: 1 },
    );
    const looks = tables.learned_avalanche as Rows;
    expect(looks.map(({ epoch, perturbations }) => [epoch, perturbations])).toEqual([
      [0, 300],
      [2, 300],
    ]);
    expect(tables.learned_signal as Rows).toHaveLength(2 * 6);
    expect(looks[0]!.mean_duration).toBeGreaterThanOrEqual(1);
  });

  it('refuses what makes no sense, naming it', async () => {
    const attempt = (more: object) => run('trainability', { ...values, ...more }, { workers: 1 });
    await expect(attempt({ weightVariances: [1, 1] })).rejects.toThrow('weight-variances must differ, got 1 twice');
    await expect(attempt({ labels: '' })).rejects.toThrow(ParameterError);
    await expect(attempt({ signalsAt: [0], depth: 3 })).rejects.toThrow(
      /signals-at needs networks of at least 4 layers/,
    );
    await expect(attempt({ batches: 11 })).rejects.toThrow(/an epoch needs 176 images .* the file has 160/);
  });
});
