import { describe, expect, it } from 'vitest';
import { layersOf, multiplications, residualArchitecture, shapeOf } from '../../src/network/resnet/architecture.ts';
import { residualLayouts } from '../../src/network/resnet/layout.ts';
import { residualNames } from '../../src/network/resnet/model.ts';
import { sourcesOf } from '../../src/network/resnet/operation.ts';

describe('residualArchitecture', () => {
  it('takes the multiplications of the standard networks at 224 × 224', () => {
    // 1.81, 3.66, 4.09, 7.80 and 11.51 billion: torchvision's documentation of its models.
    for (const layout of residualLayouts) {
      const counts = residualNames.map((model) => multiplications(residualArchitecture({ model, layout })));
      expect(counts.map((count) => Math.round(count / 1e7) / 100)).toEqual([1.81, 3.66, 4.09, 7.8, 11.51]);
    }
  });

  it('has as many layers as PyTorch modules without children are called in torchvision', () => {
    // 60, 158 and 464 are the depths that the authors of arXiv:2509.22649 state for 18, 50 and 152.
    const depths = residualNames.map((model) => layersOf(residualArchitecture({ model })).length);
    expect(depths).toEqual([60, 108, 158, 311, 464]);
    const withAdditions = residualNames.map(
      (model) => layersOf(residualArchitecture({ model }), { additions: true }).length,
    );
    // One addition a block.
    expect(withAdditions).toEqual([60 + 8, 108 + 16, 158 + 16, 311 + 33, 464 + 50]);
  });

  it('has 17, 33 and 49 convolutions besides projections, and one linear layer', () => {
    for (const [model, convolutions, projections] of [
      ['resnet-18', 17, 3],
      ['resnet-34', 33, 3],
      ['resnet-50', 49, 4],
      ['resnet-101', 100, 4],
      ['resnet-152', 151, 4],
    ] as const) {
      for (const layout of residualLayouts) {
        const { operations } = residualArchitecture({ model, layout });
        const of = (kind: string): number => operations.filter((operation) => operation.kind === kind).length;
        expect(of('convolution')).toBe(convolutions + projections);
        expect(of('linear')).toBe(1);
        expect(of('relu')).toBe(layout === 'torchvision' ? convolutions : convolutions + 1);
        // Pre-activation: one batch norm before each convolution of a block, one behind the stem, one in the head; projections have none.
        expect(of('batch-norm')).toBe(layout === 'torchvision' ? convolutions + projections : convolutions + 1);
      }
    }
  });

  it('takes the stride of a bottleneck in its 3 × 3 convolution', () => {
    for (const layout of residualLayouts) {
      const { operations } = residualArchitecture({ model: 'resnet-50', layout });
      const own = operations.filter(({ kind, unit }) => kind === 'convolution' && unit === 'stage 2 block 1');
      const windows = own.map((operation) => ('kernel' in operation ? [operation.kernel, operation.stride] : []));
      expect(windows).toEqual([
        [1, 1],
        [3, 2],
        [1, 1],
        [1, 2],
      ]);
    }
  });

  it('lists operations so that each reads what came before, additions of equal shapes', () => {
    for (const model of residualNames) {
      for (const [stem, layout] of [
        ['imagenet', 'torchvision'],
        ['imagenet', 'pre-activation'],
        ['cifar', 'torchvision'],
        ['cifar', 'pre-activation'],
      ] as const) {
        const architecture = residualArchitecture({ model, layout, stem, inputSize: 20, widthMultiplier: 1 / 16 });
        architecture.operations.forEach((operation, i) => {
          for (const source of sourcesOf(operation)) expect(source).toBeLessThan(i + 1);
          if (operation.kind !== 'addition') return;
          expect(shapeOf(architecture, operation.source)).toEqual(shapeOf(architecture, operation.other));
          expect(operation.shape).toEqual(shapeOf(architecture, operation.source));
        });
      }
    }
  });

  it('halves the image in every stage and doubles the channels', () => {
    for (const layout of residualLayouts) {
      const { operations } = residualArchitecture({ model: 'resnet-50', layout, widthMultiplier: 0.25, inputSize: 32 });
      const ends = operations.filter(({ unit }, i) => {
        const next = operations[i + 1]?.unit;
        return unit.startsWith('stage') && next !== unit && next?.endsWith('block 1');
      });
      expect(ends.map(({ shape }) => shape)).toEqual([
        { height: 8, width: 8, channels: 64 },
        { height: 4, width: 4, channels: 128 },
        { height: 2, width: 2, channels: 256 },
      ]);
    }
  });

  it('counts stem, blocks and head as layers where blocks are asked for', () => {
    for (const [layout, end] of [
      ['torchvision', 'relu'],
      ['pre-activation', 'addition'],
    ] as const) {
      const architecture = residualArchitecture({ model: 'resnet-34', layout });
      const layers = layersOf(architecture, { layers: 'block' });
      const kinds = layers.map((number) => architecture.operations[number - 1]?.kind);
      expect(kinds).toEqual(['max-pool', ...Array.from({ length: 16 }, () => end), 'linear']);
      expect(layersOf(architecture, { additions: true })).toHaveLength(architecture.operations.length);
    }
  });

  it('rejects unknown models and sizes out of range by name', () => {
    expect(() => residualArchitecture({ model: 'resnet-19' })).toThrow("unknown residual network 'resnet-19'");
    expect(() => residualArchitecture({ model: 'resnet-18', layout: 'v2' as 'torchvision' })).toThrow(
      "layout must be one of torchvision, pre-activation, got 'v2'",
    );
    expect(() => residualArchitecture({ model: 'resnet-18', inputSize: 0 })).toThrow(
      'input size must be a positive integer, got 0',
    );
    expect(() => residualArchitecture({ model: 'resnet-18', widthMultiplier: 0 })).toThrow('width multiplier');
    expect(() => residualArchitecture({ model: 'resnet-18', classes: 1.5 })).toThrow(
      'classes must be a positive integer',
    );
  });
});
