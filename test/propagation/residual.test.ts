import { describe, expect, it } from 'vitest';
import { layersOf, residualArchitecture } from '../../src/network/resnet/architecture.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import type { ChannelStatistics } from '../../src/propagation/residual/network.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import { ResidualRunner } from '../../src/propagation/residual/runner.ts';
import { backends } from './backends.ts';
import { architectureOf, images, initialStatistics, reference, setFormulaWeights } from './residual-fixture.ts';

/** Largest distance from the reference, relative to the root mean square of its row; `width` numbers a row, of which the reference has the first. */
function distance(values: Float32Array, width: number, rows: readonly (readonly number[])[]): number {
  let worst = 0;
  rows.forEach((row, r) => {
    const scale = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / row.length);
    row.forEach((x, i) => {
      worst = Math.max(worst, Math.abs(values[r * width + i]! - x) / scale);
    });
  });
  return worst;
}

describe.each(await backends())('residual networks on $name', ({ name, skip }) => {
  describe.skipIf(skip !== undefined)('against PyTorch', () => {
    // The deepest take plain JavaScript too long; wasm runs the same graph.
    const cases = reference.cases.filter(({ model }) => name !== 'cpu' || model !== 'resnet-152');
    for (const one of cases) {
      const title = `${one.layout} ${one.model}, stem ${one.stem}, ${one.channels} channels`;
      it(`gives the strength of every layer of ${title}, by each kind of batch norm`, async () => {
        const architecture = architectureOf(one);
        const layers = layersOf(architecture);
        expect(layers.map((number) => architecture.operations[number - 1]!.kind)).toEqual(one.kinds);
        const network = (await openResidualBackend(name)).open(architecture, reference.batch);
        setFormulaWeights(network, architecture);
        const check = async (wanted: typeof one.initial, statistics?: ChannelStatistics): Promise<void> => {
          const all = await network.forward(images(architecture, 0), statistics);
          const { batch, classes } = reference;
          const strengths = layers.flatMap((number) => [...all.subarray((number - 1) * batch, number * batch)]);
          // Float32 against float64: 1e-6. Batch norms' own statistics let it grow with depth, in PyTorch's float32 too.
          const deep = one.kinds.length > 200;
          const [close, closeOutput] = wanted === one.initial ? [5e-6, 1e-5] : deep ? [1e-3, 1e-2] : [2e-4, 1e-3];
          expect(distance(Float32Array.from(strengths), batch, wanted.strengths)).toBeLessThan(close);
          expect(distance(await network.output(), classes, wanted.output)).toBeLessThan(closeOutput);
        };
        await check(one.initial, initialStatistics(architecture));
        if (one.batch !== undefined) await check(one.batch);
        if (one.running !== undefined) {
          await network.forward(images(architecture, 1000));
          await check(one.running, await network.statistics());
        }
        network.close();
      });
    }

    it('gives the same strengths again after another batch', async () => {
      const architecture = architectureOf(reference.cases[2]!);
      const network = (await openResidualBackend(name)).open(architecture, reference.batch);
      setFormulaWeights(network, architecture);
      const before = await network.forward(images(architecture, 0));
      await network.forward(images(architecture, 1000));
      expect(await network.forward(images(architecture, 0))).toEqual(before);
      network.close();
    });

    it.skipIf(name === 'simd')('leaks no tensors', async () => {
      const { tf } = (await chooseBackend(name)).tensors!;
      const before = tf.memory().numTensors;
      const architecture = residualArchitecture({
        model: 'resnet-18',
        widthMultiplier: 1 / 16,
        inputSize: 8,
        classes: 3,
      });
      const settings = { architecture, batch: 4, calibration: 8, batchNorm: 'running' } as const;
      const runner = new ResidualRunner(settings, await openResidualBackend(name));
      await runner.start(1, 0);
      await runner.strengths(1, 0);
      const running = tf.memory().numTensors;
      for (let network = 1; network < 4; network++) {
        await runner.start(1, network);
        await runner.strengths(1, 8 * network);
        expect(tf.memory().numTensors).toBe(running);
      }
      runner.close();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
