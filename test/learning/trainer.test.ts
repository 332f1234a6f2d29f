import { describe, expect, it } from 'vitest';
import { matrixArena } from '../../src/kernel/matrix.ts';
import { crossEntropy } from '../../src/learning/softmax.ts';
import { openTrainer } from '../../src/learning/trainer.ts';
import { activation } from '../../src/network/activation.ts';
import { createStream } from '../../src/numeric/random.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import type { LayerWeights } from '../../src/propagation/dense-weights.ts';
import { backends } from '../propagation/backends.ts';
import { imagesOf, naiveLoss, numbers, numericGradient, randomProblem, startingFrom } from './naive-training.ts';

const available = await backends();

describe('crossEntropy(logits, labels, rows, classes, factor)', () => {
  it('gives loss, hits and gradient by hand', () => {
    const logits = Float32Array.of(0, Math.log(3), Math.log(2), 0);
    const { loss, hits } = crossEntropy(logits, Uint8Array.of(1, 1), 2, 2, 4);
    expect(loss).toBeCloseTo(Math.log(4 / 3) + Math.log(3), 6);
    expect(hits).toBe(1);
    [1, -1, 8 / 3, -8 / 3].forEach((expected, i) => {
      expect(logits[i]).toBeCloseTo(expected, 5);
    });
  });

  it('takes logits of any size, and counts no hit where one is NaN', () => {
    expect(crossEntropy(Float32Array.of(1e30, -1e30), Uint8Array.of(0), 1, 2, 1)).toEqual({ loss: 0, hits: 1 });
    expect(crossEntropy(Float32Array.of(Number.NaN, 1), Uint8Array.of(0), 1, 2, 1).hits).toBe(0);
  });
});

describe('backward kernels of matrixArena', () => {
  it('backTanh multiplies by 1 − x², addColumns adds sums of rows, for any shape', () => {
    const stream = createStream(5);
    for (const [m, n] of [
      [1, 1],
      [3, 5],
      [128, 10],
      [7, 64],
    ] as const) {
      const arena = matrixArena([m * n, m * n, n]);
      const [d, x, sum] = [arena.array(m * n), arena.array(m * n), arena.array(n)];
      const [d0, x0] = [d.map(() => stream.normal()), x.map(() => stream.uniform())];
      d.set(d0);
      x.set(x0);
      sum.fill(2);
      arena.backTanh(d, x);
      d.forEach((value, i) => {
        expect(Math.abs(value - d0[i]! * (1 - x0[i]! ** 2))).toBeLessThan(4e-7 * Math.abs(d0[i]!));
      });
      arena.addColumns(x, sum, m, n);
      sum.forEach((value, j) => {
        let expected = 2;
        for (let r = 0; r < m; r++) expected += x0[r * n + j]!;
        expect(Math.abs(value - expected)).toBeLessThan(1e-6 * expected * Math.sqrt(m));
      });
    }
  });
});

for (const { name: backend, skip } of available) {
  describe.skipIf(skip !== undefined)(`openTrainer('${backend}')`, () => {
    for (const phi of ['tanh', 'erf', 'silu', 'leaky-relu(0.2)', 'relu', 'linear']) {
      it(`steps down the gradient that float64 differences give, to 2e-6: ${phi}`, async () => {
        const { weights, batch } = randomProblem([5, 7, 6, 3], 9);
        const { inputs, labels } = batch();
        const trainer = await openTrainer(backend, {
          activation: activation(phi),
          ...startingFrom(weights),
          images: imagesOf([{ inputs, labels }], 3),
          batch: 9,
          learningRate: 1,
        });
        const { loss, images } = await trainer.pass(numbers(9));
        const moved = await trainer.weights();
        trainer.close();
        expect(images).toBe(9);
        expect(loss / 9).toBeCloseTo(naiveLoss(weights, activation(phi).phi, inputs, labels), 5);
        const gradient = numericGradient(weights, activation(phi), inputs, labels);
        gradient.forEach(({ kernel, bias }, l) => {
          const largest = Math.max(...kernel.map(Math.abs));
          expect(largest).toBeGreaterThan(1e-2);
          kernel.forEach((slope, i) => {
            expect(Math.abs(weights[l]!.kernel[i]! - moved[l]!.kernel[i]! - slope)).toBeLessThan(2e-6);
          });
          bias.forEach((slope, i) => {
            expect(Math.abs(weights[l]!.bias![i]! - moved[l]!.bias![i]! - slope)).toBeLessThan(2e-6);
          });
        });
      });
    }

    it('takes batches smaller than its largest', async () => {
      const { weights, batch } = randomProblem([5, 6, 3], 8);
      const images = imagesOf([batch()], 3);
      const options = { activation: activation('tanh'), ...startingFrom(weights), images, learningRate: 0.5 };
      const [large, small] = [
        await openTrainer(backend, { ...options, batch: 8 }),
        await openTrainer(backend, { ...options, batch: 3 }),
      ];
      await large.pass(numbers(3));
      await small.pass(numbers(3));
      expect(await large.weights()).toEqual(await small.weights());
      large.close();
      small.close();
    });
  });
}

/** Losses and hits step by step, and the weights in the end. */
async function history(backend: string, weights: readonly LayerWeights[], steps: number) {
  const { batch } = randomProblem([30, 24, 24, 24, 24, 10], 16, 2);
  const trainer = await openTrainer(backend, {
    activation: activation('tanh'),
    ...startingFrom(weights),
    images: imagesOf(Array.from({ length: steps }, batch), 10),
    batch: 16,
    learningRate: 0.2,
  });
  const losses: number[] = [];
  for (let s = 0; s < steps; s++) losses.push((await trainer.pass(numbers(16, 16 * s))).loss / 16);
  const trained = await trainer.weights();
  trainer.close();
  return { losses, trained };
}

describe('trainers of different backends', () => {
  const { weights } = randomProblem([30, 24, 24, 24, 24, 10], 16, 2);

  for (const { name, skip } of available.filter((one) => one.name !== 'simd')) {
    it.skipIf(skip !== undefined)(`${name} trains as simd does: 30 losses to 2e-5, weights to 2e-5`, async () => {
      const [own, other] = [await history('simd', weights, 30), await history(name, weights, 30)];
      own.losses.forEach((loss, s) => {
        expect(Math.abs(loss - other.losses[s]!)).toBeLessThan(2e-5);
      });
      own.trained.forEach(({ kernel }, l) => {
        kernel.forEach((value, i) => {
          expect(Math.abs(value - other.trained[l]!.kernel[i]!)).toBeLessThan(2e-5);
        });
      });
      // The agreement is no agreement on standing still.
      const moved = Math.max(...own.trained[2]!.kernel.map((value, i) => Math.abs(value - weights[2]!.kernel[i]!)));
      expect(moved).toBeGreaterThan(1e-2);
    });

    it.skipIf(skip !== undefined)(`${name} leaks no tensors`, async () => {
      const { tf } = (await chooseBackend(name)).tensors!;
      const start = tf.memory().numTensors;
      const problem = randomProblem([20, 12, 12, 4], 8);
      const trainer = await openTrainer(name, {
        activation: activation('tanh'),
        ...startingFrom(problem.weights),
        images: imagesOf(Array.from({ length: 25 }, problem.batch), 4),
        batch: 8,
        learningRate: 0.1,
      });
      const counts: number[] = [];
      for (let epoch = 0; epoch < 4; epoch++) {
        await trainer.pass(numbers(200));
        await trainer.weights();
        counts.push(tf.memory().numTensors);
      }
      expect(new Set(counts).size).toBe(1);
      trainer.close();
      expect(tf.memory().numTensors).toBe(start);
    });
  }
});
