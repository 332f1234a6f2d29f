import { lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { perturbationBatch } from '../../src/flow/perturbations.ts';
import { loadImages } from '../../src/images/labelled.ts';
import { type EpochRow, epochRows } from '../../src/learning/learning-batch.ts';
import { learning } from '../../src/learning/learning-reducer.ts';
import type { TrainingPlan } from '../../src/learning/plan.ts';
import { epochOrder, initialKey, initialLayer, networkWidths } from '../../src/learning/random-draws.ts';
import { train } from '../../src/learning/train.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Counts } from '../../src/pipeline.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import { scratchFolder } from '../store/scratch.ts';
import { writeImages } from './idx-files.ts';

const ensemble: Ensemble = {
  index: 3,
  activation: 'tanh',
  width: 24,
  depth: 5,
  weightVariance: 1.5,
  biasVariance: 0.05,
  inputStrength: 0.02,
  reuse: 1,
};
const files = writeImages(scratchFolder(), 160);
const images = loadImages(files, 160, 'standardised');
const plan: TrainingPlan = {
  backend: 'simd',
  learningRate: 0.1,
  batch: 16,
  batches: 10,
  epochs: 12,
  target: null,
  images: () => images,
};

async function trained(changes: Partial<TrainingPlan> = {}, count = 1, first = 0, seed = 1, own = ensemble) {
  const tallies: Partial<Counts>[] = [];
  const partition = {
    ensemble: own,
    seed,
    drained: async () => {},
    count: (tally: Partial<Counts>) => tallies.push(tally),
  };
  const source$ = of(perturbationBatch({ ensemble: 3, index: 0, first, count }, own));
  const batches = await lastValueFrom(source$.pipe(train(partition, { ...plan, ...changes }), toArray()));
  return { batches, rows: batches.flatMap(epochRows), tallies };
}

describe('initialLayer(ensemble, widths, seed, run, l)', () => {
  it('draws N(0, σw²/fan-in) and N(0, σb²): means and variances of each layer within 5 standard errors', () => {
    const wide = { ...ensemble, width: 200, depth: 4, weightVariance: 2.5, biasVariance: 0.3 };
    const widths = networkWidths(wide, 784, 10);
    const layers = Array.from({ length: 4 }, (_, l) => initialLayer(wide, widths, 1, 0, l));
    expect(layers.map(({ inWidth, outWidth }) => [inWidth, outWidth])).toEqual([
      [784, 200],
      [200, 200],
      [200, 200],
      [200, 10],
    ]);
    const check = (values: Float32Array, variance: number): void => {
      const n = values.length;
      const mean = values.reduce((sum, v) => sum + v, 0) / n;
      const square = values.reduce((sum, v) => sum + v * v, 0) / n;
      expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(variance / n));
      expect(Math.abs(square / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    };
    for (const { kernel, bias, inWidth } of layers) {
      check(kernel, 2.5 / inWidth);
      check(bias, 0.3);
    }
  });

  it('differs between runs, layers and seeds, and is the same for the same', () => {
    const first = (seed: number, run: number, layer: number) =>
      initialLayer(ensemble, networkWidths(ensemble, 24, 24), seed, run, layer).kernel[0];
    expect(first(1, 0, 1)).toBe(first(1, 0, 1));
    expect(new Set([first(1, 0, 1), first(1, 0, 2), first(1, 1, 1), first(2, 0, 1)]).size).toBe(4);
  });
});

describe('initialKey(ensemble, seed, run)', () => {
  it('differs between ensembles, seeds and runs, and is the same for the same', () => {
    const key = (index: number, seed: number, run: number) => initialKey({ ...ensemble, index }, seed, run).join();
    expect(key(0, 1, 2)).toBe(key(0, 1, 2));
    expect(new Set([key(0, 1, 2), key(1, 0, 2), key(1, 1, 2), key(0, 1, 1), key(0, 2, 1)]).size).toBe(5);
  });
});

describe('epochOrder(ensemble, count, seed, run, epoch)', () => {
  it('goes once through all images, in another order each epoch', () => {
    const [one, two] = [epochOrder(ensemble, 50, 1, 0, 1), epochOrder(ensemble, 50, 1, 0, 2)];
    expect([...one].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect([...one]).not.toEqual([...two]);
  });
});

describe('train(partition, plan)', () => {
  it('learns: the loss falls below a fifth and the accuracy rises above 95 % on separable images', async () => {
    const { rows, tallies } = await trained();
    expect(rows.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(rows.at(-1)!.loss).toBeLessThan(0.2 * rows[0]!.loss);
    expect(rows.at(-1)!.accuracy).toBeGreaterThan(0.95);
    // What of the run is done, and nothing else.
    expect(tallies.every((tally) => Object.keys(tally).join() === 'underway')).toBe(true);
    expect(tallies.reduce((sum, { underway = 0 }) => sum + underway, 0)).toBeCloseTo(1, 12);
  });

  it('starts near the loss of guessing where signals die out', async () => {
    const { rows } = await trained({ epochs: 1, learningRate: 1e-9 }, 1, 0, 1, {
      ...ensemble,
      weightVariance: 1e-4,
      biasVariance: 0,
    });
    expect(rows[0]!.loss).toBeCloseTo(Math.log(4), 3);
  });

  it('gives a run the same bits alone and among others', async () => {
    const together = await trained({ epochs: 3 }, 3);
    const alone = await trained({ epochs: 3 }, 1, 2);
    expect(together.rows.filter(({ run }) => run === 2)).toEqual(alone.rows);
    expect(new Set(together.rows.filter(({ epoch }) => epoch === 3).map(({ loss }) => loss)).size).toBe(3);
  });

  it('ends at the target', async () => {
    const { rows } = await trained({ target: 0.9, epochs: 50 });
    expect(rows.at(-1)!.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(rows.slice(0, -1).every(({ accuracy }) => accuracy < 0.9)).toBe(true);
    expect(rows.length).toBeLessThan(50);
  });

  it('ends and counts a run whose loss is no finite number any more', async () => {
    const { rows, tallies } = await trained({ learningRate: 1e30 }, 1, 0, 1, { ...ensemble, activation: 'linear' });
    expect(rows).toHaveLength(1);
    expect(rows[0]!.loss).toBeNaN();
    expect(tallies.filter(({ underway }) => underway === undefined)).toEqual([{ nonFinite: 1 }]);
  });

  it('stops within an epoch when nobody listens any more, and lets timers through meanwhile', async () => {
    let gathered = 0;
    const counted = {
      ...images,
      get labels() {
        gathered++;
        return images.labels;
      },
    };
    // Steps of several milliseconds: an epoch takes some ten times as long as the stretch between turns of the event loop.
    const wide = { ...ensemble, width: 256, depth: 24 };
    const partition = { ensemble: wide, seed: 1, drained: async () => {}, count: () => {} };
    const source$ = of(perturbationBatch({ ensemble: 3, index: 0, first: 0, count: 1 }, wide));
    const seen: unknown[] = [];
    const subscription = source$
      .pipe(train(partition, { ...plan, images: () => counted, epochs: 2 }))
      .subscribe((batch) => seen.push(batch));
    while (gathered === 0) await new Promise((resolve) => setImmediate(resolve));
    subscription.unsubscribe();
    const then = gathered;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(gathered).toBe(then);
    expect(seen).toEqual([]);
  });

  it('passes on what fails, such as missing images', async () => {
    const images = () => {
      throw new Error('no images here');
    };
    await expect(trained({ images })).rejects.toThrow('no images here');
  });

  it('looks at avalanches where told; at epoch 0 they are those of a random network', async () => {
    const signals = { epochs: [0, 2], perturbations: 400, inputNorm: 0.1 };
    const critical = { ...ensemble, width: 32, depth: 10, weightVariance: 1 + 1 / 32, biasVariance: 0 };
    const { rows } = await trained({ epochs: 2, signals }, 1, 0, 1, critical);
    expect(rows.map(({ epoch, signals }) => [epoch, signals !== undefined])).toEqual([
      [0, true],
      [1, false],
      [2, true],
    ]);
    const { valid, dead, censored, durations, strengths, sumDuration, perturbations } = rows[0]!.signals!;
    expect(perturbations).toBe(400);
    expect(valid + dead + censored).toBe(400);
    expect(durations.reduce((sum, n) => sum + n, 0)).toBe(valid);
    expect(durations.reduce((sum, n, d) => sum + n * (d + 1), 0)).toBe(sumDuration);
    expect(strengths).toHaveLength(8);
    // One network of width 32: a layer multiplies the energy by 1 ± √(2/32) or so.
    expect(strengths[0]! / (0.1 / Math.sqrt(32))).toBeGreaterThan(0.7);
    expect(strengths[0]! / (0.1 / Math.sqrt(32))).toBeLessThan(1.3);
  });

  it('trains the same with and without looking', async () => {
    const signals = { epochs: [1], perturbations: 50, inputNorm: 0.1 };
    const strip = ({ run, epoch, loss, accuracy }: EpochRow) => ({ run, epoch, loss, accuracy });
    const looked = await trained({ epochs: 2, signals });
    expect(looked.rows.map(strip)).toEqual((await trained({ epochs: 2 })).rows.map(strip));
  });
});

describe('networks in step whose memory runs out', () => {
  it('begin anew, fewer at once, and give what they give alone, once', async () => {
    const { tf } = (await chooseBackend('cpu')).tensors!;
    const changes = { backend: 'cpu', epochs: 2, images: () => loadImages(files, 160, 'standardised') };
    const own = loadImages(files, 160, 'standardised');
    const shared = { ...changes, images: () => own };
    const alone = await Promise.all([0, 1, 2, 3].map((run) => trained(changes, 1, run)));
    const product = tf.getKernel('BatchMatMul', 'cpu');
    const sizes = new Set<number>();
    let products = 0;
    tf.unregisterKernel('BatchMatMul', 'cpu');
    tf.registerKernel({
      ...product,
      kernelFunc: (given) => {
        const count = given.inputs.a!.shape[0]!;
        sizes.add(count);
        // In the second epoch at the earliest for some of them.
        if (++products > 150 && count > 2) throw new Error('OOM when allocating tensor of many matrices');
        return product.kernelFunc(given);
      },
    });
    try {
      const together = await Promise.all([0, 1, 2, 3].map((run) => trained(shared, 1, run)));
      expect(together.map(({ rows }) => rows)).toEqual(alone.map(({ rows }) => rows));
      expect(Math.max(...sizes)).toBeGreaterThan(2);
      expect(Math.min(...sizes)).toBeLessThan(3);
      for (const { tallies } of together) {
        expect(tallies.reduce((sum, { underway = 0 }) => sum + underway, 0)).toBeCloseTo(1, 12);
      }
    } finally {
      tf.unregisterKernel('BatchMatMul', 'cpu');
      tf.registerKernel(product);
    }
  });
});

describe('learning()', () => {
  it('gives the same result however batches are split and merged, through a clone', async () => {
    const signals = { epochs: [0, 1], perturbations: 50, inputNorm: 0.1 };
    const { batches } = await trained({ epochs: 2, signals }, 3);
    const reducer = learning();
    const fold = (list: typeof batches) => list.reduce(reducer.step, reducer.init());
    const whole = reducer.finish(fold(batches));
    for (const cut of [0, 1, 4, batches.length]) {
      const left = fold(batches.slice(0, cut));
      const right = structuredClone(fold(batches.slice(cut)));
      const before = structuredClone(right);
      expect(reducer.finish(reducer.merge(reducer.merge(reducer.init(), left), right))).toEqual(whole);
      expect(right).toEqual(before);
      expect(reducer.finish(reducer.merge(right, left))).toEqual(whole);
    }
    expect(whole.epochs.map(({ epoch, runs }) => [epoch, runs])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    const accuracies = whole.runs.map(({ accuracy }) => accuracy);
    const mean = accuracies.reduce((sum, a) => sum + a, 0) / 3;
    expect(whole.epochs[1]!.accuracy).toBeCloseTo(mean, 12);
    const spread = Math.sqrt(accuracies.reduce((sum, a) => sum + (a - mean) ** 2, 0) / 2 / 3);
    expect(whole.epochs[1]!.accuracyError).toBeCloseTo(spread, 12);
    expect(whole.looks[0]).toMatchObject({ epoch: 0, runs: 3, perturbations: 150 });
  });
});
