import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/error.ts';
import { spearman } from '../../src/fit/rank-correlation.ts';
import { type LearningCell, learningCells } from '../../src/learning/cells.ts';
import { learningParameters } from '../../src/learning/parameters.ts';
import { activation } from '../../src/network/activation.ts';
import { checkParameters } from '../../src/parameter.ts';
import { resume } from '../../src/run/resume.ts';
import { run } from '../../src/run/run.ts';
import type { TrainabilityRow } from '../../src/schema/columns.ts';
import { readRows } from '../../src/store/read-table.ts';
import { edgeOfChaos } from '../../src/theory/meanfield.ts';
import { scratchFolder } from '../store/scratch.ts';
import { writeImages } from './idx-files.ts';

const folder = scratchFolder();
const files = writeImages(folder, 160);
const values = {
  ...files,
  experiment: 'both' as const,
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
  backend: 'simd' as const,
};
const whole = run('trainability', values, { workers: 1 });

const composed = (given: Record<string, unknown>) => {
  const checked = checkParameters(learningParameters, given);
  return { checked, cells: learningCells(checked) };
};
const columnOf = (cells: readonly LearningCell[], of: (cell: LearningCell) => number) =>
  [...new Set(cells.map(of))].sort((a, b) => a - b);

describe('the defaults', () => {
  it('are those of the map: L = 60, rate 0.01, pixels from 0 to 1, batches of 128, 200 an epoch, three networks a cell', () => {
    const { checked, cells } = composed({});
    expect(checked).toMatchObject({ experiment: 'map', pixels: 'unit', runs: 3, activation: 'tanh' });
    expect(new Set(cells.map(({ experiment }) => experiment))).toEqual(new Set(['map']));
    for (const { ensemble, plan } of cells) {
      expect(ensemble).toMatchObject({ depth: 60, width: 64 });
      expect(plan).toMatchObject({ learningRate: 0.01, batch: 128, batches: 200, target: null });
    }
  });

  it('have a grid to σb² = 0.5 that reaches beyond the edge of chaos on both sides at each σb²', () => {
    const { cells } = composed({});
    const biases = columnOf(cells, ({ ensemble }) => ensemble.biasVariance);
    expect([biases[0], biases.at(-1)]).toEqual([0, 0.5]);
    const weights = columnOf(cells, ({ ensemble }) => ensemble.weightVariance);
    expect(cells).toHaveLength(weights.length * biases.length);
    for (const bias of biases) {
      const edge = edgeOfChaos(activation('tanh'), bias)!.weightVariance;
      expect(weights.filter((weight) => weight < edge).length).toBeGreaterThan(0);
      expect(weights.filter((weight) => weight > edge).length).toBeGreaterThan(0);
    }
  });

  it('cost no more than 450 epochs of the default network: ten minutes on two cores at 2.5 s an epoch', () => {
    const { checked, cells } = composed({});
    expect(cells.reduce((sum, { plan }) => sum + plan.epochs * checked.runs, 0)).toBeLessThanOrEqual(450);
  });

  it('grow with full where sizes are not given', () => {
    const { cells } = composed({ full: true, experiment: 'both', biasVariances: [0.1] });
    const map = cells.filter(({ experiment }) => experiment === 'map');
    expect(columnOf(map, ({ ensemble }) => ensemble.biasVariance)).toEqual([0.1]);
    expect(columnOf(map, ({ ensemble }) => ensemble.width)).toEqual([300]);
    expect(columnOf(map, ({ plan }) => plan.epochs)).toEqual([10]);
    const weights = columnOf(map, ({ ensemble }) => ensemble.weightVariance);
    expect([weights[0], weights.at(-1), weights.length]).toEqual([0.75, 4, 14]);
    const scan = cells.filter(({ experiment }) => experiment === 'scan');
    expect(columnOf(scan, ({ ensemble }) => ensemble.width)).toEqual([200, 300, 400, 500, 600]);
  });
});

describe('pipeline trainability', () => {
  it('gives a row of theory and accuracy for each cell of map and scan', async () => {
    const { tables, status } = await whole;
    expect(status).toBe('complete');
    const rows = tables.trainability!;
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
    const map = tables.trainability!.filter(({ experiment }) => experiment === 'map');
    for (const row of map) {
      const last = tables.learning_curve!.filter(({ ensemble }) => ensemble === row.ensemble).at(-1)!;
      expect(last.epoch).toBe(3);
      expect(last.accuracy).toBe(row.accuracy);
    }
    const all = tables.rank_correlation!.filter(({ bias_variance }) => bias_variance === null);
    const rhoOf = (column: keyof TrainabilityRow) =>
      spearman(
        map.map((row) => Number(row[column])),
        map.map((row) => Number(row.accuracy)),
      );
    const found = (predictor: string) => all.find((row) => row.predictor === predictor)!;
    for (const column of ['chi_weight_variance', 'chi_weight_deviation', 'xi_c', 'xi_q'] as const) {
      expect(found(column).rho).toBeCloseTo(rhoOf(column), 12);
    }
    expect(found('edge_chi_1').rho).toBeCloseTo(
      spearman(
        map.map((row) => -Math.abs(Math.log(Number(row.chi_1)))),
        map.map((row) => Number(row.accuracy)),
      ),
      12,
    );
    expect(all.map(({ predictor }) => predictor)).toHaveLength(7);
    const differences = tables.rank_difference!;
    expect(differences).toHaveLength((7 * 6) / 2);
    for (const row of differences) {
      const expected = Number(found(String(row.predictor)).rho) - Number(found(String(row.other)).rho);
      expect(row.difference).toBeCloseTo(expected, 12);
      expect(row.difference).toBeGreaterThanOrEqual(0);
      expect(row.difference_low).toBeLessThanOrEqual(Number(row.difference_high));
      expect(row.ahead).toBeGreaterThanOrEqual(0);
      expect(row.ahead).toBeLessThanOrEqual(1);
    }
    for (const row of tables.trainable_region!) {
      const best = map.find((cell) => cell.bias_variance === row.bias_variance && cell.weight_variance === row.peak)!;
      expect([row.peak_accuracy, row.peak_accuracy_error]).toEqual([best.accuracy, best.accuracy_error]);
    }
    expect(tables.trainable_region!.map(({ bias_variance }) => bias_variance)).toEqual([0, 0.2]);
  });

  it('draws its figures from tables alone', async () => {
    const { figures } = await whole;
    expect(figures.map(({ name }) => name)).toEqual([
      'accuracy-map',
      'rank-correlation',
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
    expect(cut.tables.trainability!.length).toBeLessThan(12);
    const resumed = await resume(out, { workers: 2, figures: false });
    expect(resumed.status).toBe('complete');
    expect(resumed.tables).toEqual(tables);
    const written = await readRows(join(out, 'trainability.parquet'), 'trainability');
    expect(written.map(({ accuracy }) => accuracy)).toEqual(tables.trainability!.map(({ accuracy }) => accuracy));
  });

  it('gives the same bits however many networks train in step, by whichever threads, and resumed', async () => {
    const some = {
      ...values,
      experiment: 'scan' as const,
      backend: 'wasm' as const,
      signalsAt: [1],
      signalPerturbations: 50,
    };
    const alone = await run('trainability', { ...some, together: 1 }, { workers: 1 });
    const out = join(folder, 'in-step');
    const controller = new AbortController();
    const cut = await run(
      'trainability',
      { ...some, together: 3 },
      {
        // One thread: two take all networks at once, which may all be done before that is told.
        workers: 1,
        out,
        figures: false,
        signal: controller.signal,
        onSnapshot: ({ done }) => {
          if (done >= 1) controller.abort();
        },
      },
    );
    expect(cut.status).toBe('partial');
    const resumed = await resume(out, { workers: 2, figures: false });
    expect(resumed.status).toBe('complete');
    expect(resumed.tables).toEqual(alone.tables);
    // Networks of a group stop apart: those that reach the target leave the others.
    expect(new Set(alone.tables.trainability!.map(({ epochs }) => epochs)).size).toBeGreaterThan(1);
  });

  it('looks into networks in training', async () => {
    const { tables } = await run(
      'trainability',
      {
        ...values,
        experiment: 'map' as const,
        runs: 1,
        weightVariances: [1],
        biasVariances: [0],
        signalsAt: [0, 2],
        signalPerturbations: 300,
      },
      { workers: 1 },
    );
    const looks = tables.learned_avalanche!;
    expect(looks.map(({ epoch, perturbations }) => [epoch, perturbations])).toEqual([
      [0, 300],
      [2, 300],
    ]);
    expect(tables.learned_signal).toHaveLength(2 * 6);
    expect(looks[0]!.mean_duration).toBeGreaterThanOrEqual(1);
  });

  it('refuses what makes no sense, naming it', async () => {
    const attempt = (more: object) => run('trainability', { ...values, ...more }, { workers: 1 });
    await expect(attempt({ weightVariances: [1, 1] })).rejects.toThrow('weight-variances must differ, got 1 twice');
    await expect(attempt({ labels: '' })).rejects.toThrow(ParameterError);
    await expect(attempt({ signalsAt: [0], depth: 3 })).rejects.toThrow(
      /signals-at needs networks of at least 4 layers/,
    );
    await expect(attempt({ signalsAt: [0, 99] })).rejects.toThrow(
      /signals-at must name epochs that there are, \d+ at most, got 99/,
    );
    await expect(attempt({ batches: 11 })).rejects.toThrow(/an epoch needs 176 images .* the file has 160/);
  });
});
