import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  layersOf,
  type ResidualArchitecture,
  residualArchitecture,
  shapeOf,
} from '../../src/network/resnet/architecture.ts';
import type { ResidualLayout } from '../../src/network/resnet/layout.ts';
import { fanIn, fanOut } from '../../src/network/resnet/operation.ts';
import type { ChannelStatistics, ResidualNetwork } from '../../src/propagation/residual/network.ts';

/** Of the first `kept` images of the batch. */
interface Values {
  /** Layers (operations but additions) × images. */
  readonly strengths: number[][];
  /** Images × classes. */
  readonly output: number[][];
}

/** One network of test/fixtures/resnet/reference.json. */
export interface ReferenceCase {
  readonly layout: ResidualLayout;
  readonly model: string;
  readonly stem: 'imagenet' | 'cifar';
  readonly channels: number;
  readonly size: number;
  readonly kinds: string[];
  /** By the statistics of batch norm. */
  readonly initial: Values;
  readonly batch?: Values;
  readonly running?: Values;
}

interface Reference {
  readonly width: number;
  readonly batch: number;
  readonly kept: number;
  readonly classes: number;
  readonly cases: ReferenceCase[];
}

export const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/resnet/reference.json'), 'utf8'),
) as Reference;

export function architectureOf({ layout, model, stem, channels, size }: ReferenceCase): ResidualArchitecture {
  return residualArchitecture({
    layout,
    model,
    stem,
    inputChannels: channels,
    widthMultiplier: reference.width / 64,
    inputSize: size,
    classes: reference.classes,
  });
}

/** Mean 0 and variance 1 for every channel. */
export function initialStatistics({ operations }: ResidualArchitecture): ChannelStatistics {
  return new Map(
    operations.map(({ shape }, i) => [
      i + 1,
      { mean: new Float64Array(shape.channels), variance: new Float64Array(shape.channels).fill(1) },
    ]),
  );
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

/** Sets the fixture's weights; their tensors are numbered by layer. */
export function setFormulaWeights(network: ResidualNetwork, architecture: ResidualArchitecture): void {
  const byFanOut = architecture.layout === 'torchvision';
  for (const [i, number] of layersOf(architecture).entries()) {
    const operation = architecture.operations[number - 1]!;
    const depth = fanIn(operation, shapeOf(architecture, operation.source));
    if (depth === 0) continue;
    const { channels } = operation.shape;
    const linear = operation.kind === 'linear';
    const variance = linear ? 1 / depth : 2 / (byFanOut ? fanOut(operation) : depth);
    const bias = linear ? formula(channels, 5000, 1 / Math.sqrt(depth)) : undefined;
    network.setWeights(number, formula(depth * channels, i + 1, Math.sqrt(variance)), bias);
  }
}
