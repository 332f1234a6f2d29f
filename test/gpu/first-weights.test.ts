import { describe, expect, it } from 'vitest';
import { initialKey } from '../../src/learning/random-draws.ts';
import { openTrainer } from '../../src/learning/trainer.ts';
import { activation } from '../../src/network/activation.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import type { LayerWeights } from '../../src/propagation/dense-weights.ts';
import { imagesOf, numbers, randomProblem } from '../learning/naive-training.ts';
import { withoutGpu } from './adapter.ts';
import { weightOf } from './reference.ts';

const skip = await withoutGpu();

const widths = [45, 37, 37, 40];
const rows = 13;
const images = imagesOf([randomProblem(widths, rows, 4).batch()], 40);
/** Cells of a map: other variances, and another number each. */
const cells = [
  { index: 0, weightVariance: 1.5, biasVariance: 0.1 },
  { index: 1, weightVariance: 3, biasVariance: 0 },
  { index: 2, weightVariance: 0.5, biasVariance: 1 },
].map((cell) => ({ ...cell, activation: 'tanh', width: 37, depth: 3, inputStrength: 1, reuse: 1 }));

/** Weights before and after a step of these cells in step. */
async function trained(places: readonly number[]): Promise<LayerWeights[][][]> {
  return Promise.all(
    places.map(async (place) => {
      const { weightVariance, biasVariance } = cells[place]!;
      const trainer = await openTrainer('webgpu', {
        activation: activation('tanh'),
        widths,
        layer: () => {
          throw new Error('the card draws');
        },
        random: { key: initialKey(cells[place]!, 7, 3), weightVariance, biasVariance },
        images,
        batch: rows,
        learningRate: 0.1,
      });
      const before = await trainer.weights();
      await trainer.pass(numbers(rows));
      const after = await trainer.weights();
      trainer.close();
      return [before, after];
    }),
  );
}

describe.skipIf(skip !== undefined)('first weights drawn on WebGPU', () => {
  it('are those of their definition, layer by layer, each network with its variances', async () => {
    const all = await trained([0, 1, 2]);
    all.forEach(([before], place) => {
      const { weightVariance, biasVariance } = cells[place]!;
      const key = [...initialKey(cells[place]!, 7, 3)];
      before!.forEach(({ inWidth, outWidth, kernel, bias }, l) => {
        expect([inWidth, outWidth]).toEqual([widths[l], widths[l + 1]]);
        const deviation = Math.sqrt(weightVariance / inWidth);
        // Roots of small squares are known to some 1e-3.
        kernel.forEach((w, i) => {
          const z = weightOf(key, l, Math.floor(i / outWidth), i % outWidth);
          expect(Math.abs(w / deviation - z)).toBeLessThan(1e-3);
        });
        bias!.forEach((b, i) => {
          expect(Math.abs(b - Math.sqrt(biasVariance) * weightOf(key, l, inWidth, i))).toBeLessThan(1e-3);
        });
      });
    });
  });

  it('have the same bits in any company, before and after a step, and leave no tensor behind', async () => {
    const all = await trained([0, 1, 2]);
    const { tf } = (await chooseBackend('webgpu')).tensors!;
    const before = tf.memory().numTensors;
    expect(await trained([1])).toEqual([all[1]]);
    expect(await trained([2, 0])).toEqual([all[2], all[0]]);
    expect(tf.memory().numTensors).toBe(before);
    for (const [first, then] of all) expect(first).not.toEqual(then);
  });
});
