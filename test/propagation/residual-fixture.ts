import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ResidualArchitecture, residualArchitecture, shapeOf } from '../../src/network/resnet/architecture.ts';
import { fanIn } from '../../src/network/resnet/operation.ts';
import type { ResidualNetwork } from '../../src/propagation/residual/network.ts';

interface Values {
  /** Operations × batch. */
  readonly strengths: number[][];
  /** Batch × classes. */
  readonly output: number[][];
}

/** One network of test/fixtures/resnet/reference.json. */
export interface ReferenceCase {
  readonly model: string;
  readonly stem: 'imagenet' | 'cifar';
  readonly channels: number;
  readonly kinds: string[];
  readonly batch: Values;
  readonly running: Values;
}

interface Reference {
  readonly width: number;
  readonly size: number;
  readonly batch: number;
  readonly classes: number;
  readonly cases: ReferenceCase[];
}

export const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/resnet/reference.json'), 'utf8'),
) as Reference;

export function architectureOf({ model, stem, channels }: ReferenceCase): ResidualArchitecture {
  return residualArchitecture({
    model,
    stem,
    inputChannels: channels,
    widthMultiplier: reference.width / 64,
    inputSize: reference.size,
    classes: reference.classes,
  });
}

/** The numbers that the fixture's script gives tensor t. */
export function formula(length: number, t: number, scale = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(t, 0x85ebca77);
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    h = (h ^ (h >>> 15)) >>> 0;
    return scale * Math.sqrt(12) * ((h + 0.5) / 2 ** 32 - 0.5);
  });
}

/** Images of the fixture; t = 0 those that are propagated, 1000 those that running statistics come from. */
export function images(architecture: ResidualArchitecture, t: number): Float32Array {
  const { height, width, channels } = architecture.input;
  return formula(reference.batch * height * width * channels, t);
}

/** Sets the fixture's weights. */
export function setFormulaWeights(network: ResidualNetwork, architecture: ResidualArchitecture): void {
  architecture.operations.forEach((operation, i) => {
    const depth = fanIn(operation, shapeOf(architecture, operation.source));
    if (depth === 0) return;
    network.setWeights(i + 1, formula(depth * operation.shape.channels, i + 1, Math.sqrt(2 / depth)));
  });
}
