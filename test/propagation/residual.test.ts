import { describe, expect, it } from 'vitest';
import { residualArchitecture } from '../../src/network/resnet/architecture.ts';
import { nativeTensorFlow, portableTensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import { ResidualRunner } from '../../src/propagation/residual/runner.ts';
import { backends } from './backends.ts';
import { architectureOf, images, reference, setFormulaWeights } from './residual-fixture.ts';

/** Largest distance of two tables, relative to the root mean square of the second's row. */
function distance(values: Float32Array, rows: readonly (readonly number[])[]): number {
  let worst = 0;
  rows.forEach((row, r) => {
    const scale = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / row.length);
    row.forEach((x, i) => {
      worst = Math.max(worst, Math.abs(values[r * row.length + i]! - x) / scale);
    });
  });
  return worst;
}

describe.each(backends())('residual networks on $name', ({ name, skip }) => {
  describe.skipIf(skip !== undefined)('against PyTorch', () => {
    for (const one of reference.cases) {
      const title = `${one.model}, stem ${one.stem}, ${one.channels} channels`;
      it(`gives the strength of every operation of ${title}`, async () => {
        const architecture = architectureOf(one);
        expect(architecture.operations.map(({ kind }) => kind)).toEqual(one.kinds);
        const network = (await openResidualBackend(name)).open(architecture, reference.batch);
        setFormulaWeights(network, architecture);
        // Float32 against float64: 1e-6 grows to 5e-5 over 172 operations.
        expect(distance(await network.forward(images(architecture, 0)), one.batch.strengths)).toBeLessThan(2e-4);
        expect(distance(await network.output(), one.batch.output)).toBeLessThan(1e-3);
        await network.forward(images(architecture, 1000));
        const running = await network.statistics();
        const strengths = await network.forward(images(architecture, 0), running);
        expect(distance(strengths, one.running.strengths)).toBeLessThan(2e-4);
        expect(distance(await network.output(), one.running.output)).toBeLessThan(1e-3);
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
      const tf = name === 'tensorflow-gpu' ? nativeTensorFlow() : await portableTensorFlow(name as 'wasm' | 'cpu');
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
