import { ParameterError } from '../../error.ts';
import { Builder } from './builder.ts';
import { layoutRules, type ResidualLayout, residualLayouts } from './layout.ts';
import { residualModel } from './model.ts';
import { fanIn, type Operation, type Shape } from './operation.ts';

/** Which residual network, of what size. */
export interface ResidualOptions {
  /** `resnet-18`, `resnet-34`, `resnet-50`, `resnet-101` or `resnet-152`. */
  readonly model: string;
  /** Where batch norm and relu stand; default `torchvision`. */
  readonly layout?: ResidualLayout;
  /** Channels relative to the standard 64, 128, 256, 512; default 1. */
  readonly widthMultiplier?: number;
  /** Height and width of an image, pixels; default 224. */
  readonly inputSize?: number;
  /** Channels of an image; default 3. */
  readonly inputChannels?: number;
  /** Outputs of the last layer; default 1000. */
  readonly classes?: number;
  /**
   * `imagenet` (default): convolution 7 × 7 of stride 2, batch norm, relu, max pool 3 × 3 of stride 2. `cifar`: convolution 3 × 3, with
   * batch norm and relu in the layout `torchvision` (He et al., arXiv:1512.03385, 1603.05027).
   */
  readonly stem?: 'imagenet' | 'cifar';
}

/** A residual network as data: its operations in the order of execution, number n at index n − 1. */
export interface ResidualArchitecture {
  readonly model: string;
  readonly layout: ResidualLayout;
  readonly input: Shape;
  readonly operations: readonly Operation[];
  /** Channels of the first stage. */
  readonly width: number;
}

function whole(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ParameterError(`${name} must be a positive integer, got ${value}`);
  }
  return value;
}

/**
 * A residual network in a standard layout: stem, four stages of blocks, average pool, linear.
 * @throws ParameterError for an unknown model, or sizes that are no positive numbers
 */
export function residualArchitecture(options: ResidualOptions): ResidualArchitecture {
  const { model, layout = 'torchvision', stem = 'imagenet' } = options;
  const { widthMultiplier = 1, inputSize = 224, inputChannels = 3, classes = 1000 } = options;
  const { block, stages } = residualModel(model);
  if (!residualLayouts.includes(layout)) {
    throw new ParameterError(`layout must be one of ${residualLayouts.join(', ')}, got '${layout}'`);
  }
  const rules = layoutRules(layout);
  if (!(widthMultiplier > 0 && widthMultiplier <= 64)) {
    throw new ParameterError(`width multiplier must be a number above 0, at most 64, got ${widthMultiplier}`);
  }
  const side = whole('input size', inputSize);
  const input = { height: side, width: side, channels: whole('input channels', inputChannels) };
  const width = Math.max(1, Math.round(64 * widthMultiplier));
  const build = new Builder(input);
  let x = rules.stem(build, stem, width);
  stages.forEach((blocks, stage) => {
    for (let b = 0; b < blocks; b++) {
      build.unit = `stage ${stage + 1} block ${b + 1}`;
      x = rules.block(build, x, block, width * 2 ** stage, stage > 0 && b === 0 ? 2 : 1);
    }
  });
  build.unit = 'head';
  const pooled = build.reduced('average-pool', rules.end(build, x), build.shape(x).channels);
  build.reduced('linear', pooled, whole('classes', classes));
  return { model, layout, input, operations: build.operations, width };
}

/** Shape of what operation `number` puts out; of the image for 0. */
export function shapeOf({ input, operations }: ResidualArchitecture, number: number): Shape {
  return number === 0 ? input : operations[number - 1]!.shape;
}

/** Which operations of a network count as layers. */
export interface LayerRule {
  /**
   * `operation` (default): convolutions, batch norms, relus, poolings and the linear layer, those of skips too, in the order in which
   * they run. `block`: what stem, each block and head put out.
   */
  readonly layers?: 'operation' | 'block';
  /**
   * Whether additions of skip and residual branch count where operations do; default false. Without them ResNet-18, 50 and 152 in the layout
   * `torchvision` have 60, 158 and 464 layers, one a call of a PyTorch module without children.
   */
  readonly additions?: boolean;
}

/** Numbers of the operations that count as layers. */
export function layersOf({ operations }: ResidualArchitecture, rule: LayerRule = {}): number[] {
  const { layers = 'operation', additions = false } = rule;
  const all = operations.map((_, i) => i + 1);
  return all.filter((n) =>
    layers === 'operation'
      ? additions || operations[n - 1]!.kind !== 'addition'
      : operations[n]?.unit !== operations[n - 1]!.unit,
  );
}

/** Multiplications that an input takes. */
export function multiplications(architecture: ResidualArchitecture): number {
  return architecture.operations.reduce((sum, operation) => {
    const { height, width, channels } = operation.shape;
    return sum + height * width * channels * fanIn(operation, shapeOf(architecture, operation.source));
  }, 0);
}
