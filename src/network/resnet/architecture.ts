import { ParameterError } from '../../error.ts';
import { type Layout, residualLayout } from './layout.ts';
import { fanIn, type Operation, type Shape, type Window, windowedSide } from './operation.ts';

export interface ResidualOptions {
  /** `resnet-18`, `resnet-34` or `resnet-50`. */
  readonly model: string;
  /** Channels relative to the standard 64, 128, 256, 512; default 1. */
  readonly widthMultiplier?: number;
  /** Height and width of an image, pixels; default 224. */
  readonly inputSize?: number;
  /** Channels of an image; default 3. */
  readonly inputChannels?: number;
  /** Outputs of the last layer; default 1000. */
  readonly classes?: number;
  /**
   * `imagenet` (default): convolution 7 × 7 of stride 2, batch norm, relu, max pool 3 × 3 of stride 2. `cifar`: convolution 3 × 3 alone
   * (both as in He et al., arXiv:1512.03385, 1603.05027).
   */
  readonly stem?: 'imagenet' | 'cifar';
}

/** A residual network as data: its operations in the order of execution, number n at index n − 1. */
export interface ResidualArchitecture {
  readonly model: string;
  readonly input: Shape;
  readonly operations: readonly Operation[];
  /** Channels of the first stage. */
  readonly width: number;
}

/** Appends operations; each method returns the number of its operation. */
class Builder {
  readonly operations: Operation[] = [];
  unit = 'stem';
  private readonly input: Shape;

  constructor(input: Shape) {
    this.input = input;
  }

  shape(number: number): Shape {
    return number === 0 ? this.input : this.operations[number - 1]!.shape;
  }

  windowed(kind: 'convolution' | 'max-pool', source: number, window: Window, channels?: number): number {
    const from = this.shape(source);
    const [height, width] = [windowedSide(from.height, window), windowedSide(from.width, window)];
    if (height < 1 || width < 1) {
      throw new ParameterError(
        `input size is too small: nothing is left of ${from.height} × ${from.width} in ${this.unit}`,
      );
    }
    const shape = { height, width, channels: channels ?? from.channels };
    return this.operations.push({ kind, unit: this.unit, source, shape, ...window });
  }

  convolution(source: number, channels: number, kernel: number, stride = 1): number {
    return this.windowed('convolution', source, { kernel, stride, padding: (kernel - 1) >> 1 }, channels);
  }

  pointwise(kind: 'batch-norm' | 'relu', source: number): number {
    return this.operations.push({ kind, unit: this.unit, source, shape: this.shape(source) });
  }

  /** relu(BN(x)). */
  activated(source: number): number {
    return this.pointwise('relu', this.pointwise('batch-norm', source));
  }

  addition(source: number, other: number): number {
    return this.operations.push({ kind: 'addition', unit: this.unit, source, other, shape: this.shape(source) });
  }

  reduced(kind: 'average-pool' | 'linear', source: number, channels: number): number {
    return this.operations.push({ kind, unit: this.unit, source, shape: { height: 1, width: 1, channels } });
  }
}

/** x + W2∗relu(BN(W1∗relu(BN(x)))), with a projection of x where its shape changes; the residual branch runs first. */
function block(build: Builder, x: number, kind: Layout['block'], channels: number, stride: number): number {
  const outer = kind === 'basic' ? channels : 4 * channels;
  const inner =
    kind === 'basic'
      ? [build.convolution(build.activated(x), channels, 3, stride)]
      : [build.convolution(build.activated(x), channels, 1)];
  if (kind === 'bottleneck') inner.push(build.convolution(build.activated(inner[0]!), channels, 3, stride));
  const branch = build.convolution(build.activated(inner.at(-1)!), outer, kind === 'basic' ? 3 : 1);
  const changed = stride !== 1 || build.shape(x).channels !== outer;
  return build.addition(branch, changed ? build.convolution(x, outer, 1, stride) : x);
}

function whole(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ParameterError(`${name} must be a positive integer, got ${value}`);
  }
  return value;
}

/**
 * A pre-activation residual network in a standard layout (He et al., "Identity Mappings in Deep Residual Networks", arXiv:1603.05027):
 * stem, four stages of blocks, batch norm, relu, average pool, linear. Bottlenecks take their stride in the 3 × 3 convolution.
 * @throws ParameterError for an unknown model, or sizes that are no positive numbers
 */
export function residualArchitecture(options: ResidualOptions): ResidualArchitecture {
  const { model, widthMultiplier = 1, inputSize = 224, inputChannels = 3, classes = 1000, stem = 'imagenet' } = options;
  const layout = residualLayout(model);
  if (!(widthMultiplier > 0 && widthMultiplier <= 64)) {
    throw new ParameterError(`width multiplier must be a number above 0, at most 64, got ${widthMultiplier}`);
  }
  const side = whole('input size', inputSize);
  const input = { height: side, width: side, channels: whole('input channels', inputChannels) };
  const width = Math.max(1, Math.round(64 * widthMultiplier));
  const build = new Builder(input);
  let x = build.convolution(0, width, stem === 'imagenet' ? 7 : 3, stem === 'imagenet' ? 2 : 1);
  if (stem === 'imagenet') x = build.windowed('max-pool', build.activated(x), { kernel: 3, stride: 2, padding: 1 });
  layout.stages.forEach((blocks, stage) => {
    for (let b = 0; b < blocks; b++) {
      build.unit = `stage ${stage + 1} block ${b + 1}`;
      x = block(build, x, layout.block, width * 2 ** stage, stage > 0 && b === 0 ? 2 : 1);
    }
  });
  build.unit = 'head';
  const pooled = build.reduced('average-pool', build.activated(x), build.shape(x).channels);
  build.reduced('linear', pooled, whole('classes', classes));
  return { model, input, operations: build.operations, width };
}

/** Shape of what operation `number` puts out; of the image for 0. */
export function shapeOf({ input, operations }: ResidualArchitecture, number: number): Shape {
  return number === 0 ? input : operations[number - 1]!.shape;
}

/** Numbers of the operations that count as layers: every one, or the last of the stem, of each block and of the head. */
export function layersOf({ operations }: ResidualArchitecture, layers: 'operation' | 'block'): number[] {
  const all = operations.map((_, i) => i + 1);
  return layers === 'operation' ? all : all.filter((n) => operations[n]?.unit !== operations[n - 1]!.unit);
}

/** Multiplications that an input takes. */
export function multiplications(architecture: ResidualArchitecture): number {
  return architecture.operations.reduce((sum, operation) => {
    const { height, width, channels } = operation.shape;
    return sum + height * width * channels * fanIn(operation, shapeOf(architecture, operation.source));
  }, 0);
}
