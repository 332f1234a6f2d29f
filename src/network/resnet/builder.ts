import { ParameterError } from '../../error.ts';
import { type Operation, type Shape, type Window, windowedSide } from './operation.ts';

/** Appends operations; each method returns the number of its operation. */
export class Builder {
  readonly operations: Operation[] = [];
  unit = 'stem';
  readonly #input: Shape;

  constructor(input: Shape) {
    this.#input = input;
  }

  shape(number: number): Shape {
    return number === 0 ? this.#input : this.operations[number - 1]!.shape;
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
