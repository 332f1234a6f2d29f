import { describe, expect, it } from 'vitest';
import { layersOf, multiplications, residualArchitecture, shapeOf } from '../../src/network/resnet/architecture.ts';
import { sourcesOf } from '../../src/network/resnet/operation.ts';

describe('residualArchitecture', () => {
  it('takes the multiplications of the standard networks at 224 × 224', () => {
    // 1.81, 3.66 and 4.09 billion: torchvision's documentation of resnet18, resnet34 and resnet50.
    const counts = ['resnet-18', 'resnet-34', 'resnet-50'].map((model) =>
      multiplications(residualArchitecture({ model })),
    );
    expect(counts.map((count) => Math.round(count / 1e7) / 100)).toEqual([1.81, 3.66, 4.09]);
  });

  it('has 17, 33 and 49 convolutions besides projections, and one linear layer', () => {
    for (const [model, convolutions, projections] of [
      ['resnet-18', 17, 3],
      ['resnet-34', 33, 3],
      ['resnet-50', 49, 4],
    ] as const) {
      const { operations } = residualArchitecture({ model });
      const of = (kind: string): number => operations.filter((operation) => operation.kind === kind).length;
      expect(of('convolution')).toBe(convolutions + projections);
      expect(of('linear')).toBe(1);
      expect(of('batch-norm')).toBe(of('relu'));
      // One batch norm before each convolution of a block, one behind the stem, one in the head.
      expect(of('batch-norm')).toBe(convolutions - 1 + 2);
    }
  });

  it('lists operations so that each reads what came before, additions of equal shapes', () => {
    for (const model of ['resnet-18', 'resnet-34', 'resnet-50']) {
      for (const stem of ['imagenet', 'cifar'] as const) {
        const architecture = residualArchitecture({ model, stem, inputSize: 20, widthMultiplier: 1 / 16 });
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
    const { operations } = residualArchitecture({ model: 'resnet-50', widthMultiplier: 0.25, inputSize: 32 });
    const ends = operations.filter(({ kind }, i) => kind === 'addition' && operations[i + 1]?.unit.at(-1) === '1');
    expect(ends.map(({ shape }) => shape)).toEqual([
      { height: 8, width: 8, channels: 64 },
      { height: 4, width: 4, channels: 128 },
      { height: 2, width: 2, channels: 256 },
    ]);
  });

  it('counts stem, blocks and head as layers where blocks are asked for', () => {
    const architecture = residualArchitecture({ model: 'resnet-34' });
    const layers = layersOf(architecture, 'block');
    expect(layers).toHaveLength(1 + 16 + 1);
    const kinds = layers.map((number) => architecture.operations[number - 1]?.kind);
    expect(kinds).toEqual(['max-pool', ...Array.from({ length: 16 }, () => 'addition'), 'linear']);
    expect(layersOf(architecture, 'operation')).toHaveLength(architecture.operations.length);
  });

  it('rejects unknown models and sizes out of range by name', () => {
    expect(() => residualArchitecture({ model: 'resnet-19' })).toThrow("unknown residual network 'resnet-19'");
    expect(() => residualArchitecture({ model: 'resnet-18', inputSize: 0 })).toThrow(
      'input size must be a positive integer, got 0',
    );
    expect(() => residualArchitecture({ model: 'resnet-18', widthMultiplier: 0 })).toThrow('width multiplier');
    expect(() => residualArchitecture({ model: 'resnet-18', classes: 1.5 })).toThrow(
      'classes must be a positive integer',
    );
  });
});
