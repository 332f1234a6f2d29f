import { describe, expect, it } from 'vitest';
import { type ResidualArchitecture, residualArchitecture, shapeOf } from '../../src/network/resnet/architecture.ts';
import { residualLayouts } from '../../src/network/resnet/layout.ts';
import { fanIn, fanOut } from '../../src/network/resnet/operation.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import { InitialWeights } from '../../src/propagation/residual/weights.ts';
import { formula, initialStatistics } from './residual-fixture.ts';

const [batch, networks] = [4, 24];

/**
 * What operation n makes of its source's mean square on average over networks, by He's law (arXiv:1502.01852) and none of the engine's
 * code; undefined where that depends on the image: windows that reach over its edge, poolings, additions, relus of other things than
 * a convolution's symmetric output.
 */
function gain(architecture: ResidualArchitecture, n: number): { factor: number; added: number } | undefined {
  const { operations, layout } = architecture;
  const operation = operations[n - 1]!;
  const depth = fanIn(operation, shapeOf(architecture, operation.source));
  const byFanOut = layout === 'torchvision';
  switch (operation.kind) {
    case 'convolution':
      if (operation.kernel > 1 || operation.stride > 1) return undefined;
      return { factor: (2 * depth) / (byFanOut ? fanOut(operation) : depth), added: 0 };
    case 'linear':
      // Uniform numbers within ±1/√C have variance 1/(3·C), weights and bias alike.
      return byFanOut ? { factor: 1 / 3, added: 1 / (3 * depth) } : { factor: 1, added: 0 };
    case 'batch-norm':
      return { factor: 1 / (1 + 1e-5), added: 0 };
    case 'relu': {
      const norm = operations[operation.source - 1]!;
      const before = norm.kind === 'batch-norm' ? operations[norm.source - 1]?.kind : undefined;
      return before === 'convolution' ? { factor: 1 / 2, added: 0 } : undefined;
    }
    default:
      return undefined;
  }
}

describe('known answers of residual networks at initialisation', () => {
  it.each(residualLayouts)('has the energies of the law by which its weights are drawn: %s', async (layout) => {
    const architecture = residualArchitecture({
      model: 'resnet-50',
      layout,
      widthMultiplier: 1 / 8,
      inputSize: 16,
      classes: 40,
    });
    const network = (await openResidualBackend('simd')).open(architecture, batch);
    const weights = new InitialWeights(architecture);
    const { operations } = architecture;
    const ratios = operations.map((): number[] => []);
    for (let index = 0; index < networks; index++) {
      weights.set(network, 11, index);
      const strengths = await network.forward(formula(batch * 16 * 16 * 3, index), initialStatistics(architecture));
      const energy = (n: number): number =>
        strengths.subarray((n - 1) * batch, n * batch).reduce((sum, s) => sum + s * s, 0) / batch;
      operations.forEach(({ source }, i) => {
        const law = gain(architecture, i + 1);
        if (law === undefined || source === 0) return;
        ratios[i]!.push(energy(i + 1) / (law.factor * energy(source) + law.added));
      });
    }
    let checked = 0;
    for (const own of ratios) {
      if (own.length === 0) continue;
      const mean = own.reduce((sum, x) => sum + x, 0) / networks;
      const error = Math.sqrt(own.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (networks - 1) / networks);
      // Student's t of 23 degrees of freedom beyond 6: once in 2·10⁵, false alarms of about 150 operations below 1e-3.
      expect(Math.abs(mean - 1)).toBeLessThan(6 * error + 1e-5);
      expect(error).toBeLessThan(0.15);
      checked++;
    }
    expect(checked).toBeGreaterThan(100);
  });
});
