import { growTo, instantiate, type KernelMemory } from './load.ts';

interface Exports {
  readonly memory: KernelMemory;
  arena(): number;
  packWeights(weights: number, depth: number, channels: number, out: number): void;
  convolve(
    x: number,
    windows: number,
    pixels: number,
    rows: number,
    run: number,
    rowBytes: number,
    weights: number,
    channels: number,
    y: number,
  ): void;
  observe(
    x: number,
    images: number,
    pixels: number,
    channels: number,
    components: number,
    strengths: number,
    sums: number,
  ): void;
  normalise(
    x: number,
    y: number,
    images: number,
    height: number,
    width: number,
    channels: number,
    scale: number,
    shift: number,
    border: number,
    rectified: boolean,
    before: number,
    after: number,
  ): void;
  maxPool(
    x: number,
    windows: number,
    side: number,
    rowBytes: number,
    y: number,
    images: number,
    height: number,
    width: number,
    channels: number,
    border: number,
  ): void;
  averagePool(x: number, images: number, pixels: number, channels: number, y: number): void;
  add(
    a: number,
    borderA: number,
    b: number,
    borderB: number,
    y: number,
    border: number,
    images: number,
    height: number,
    width: number,
    channels: number,
    rectified: boolean,
    before: number,
    after: number,
  ): void;
}

/** A batch of images as it lies in memory: images × (height + 2·border) × (width + 2·border) × channels, channels last. */
export interface ImageBatch {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Pixels of zeros around each image. */
  readonly border: number;
}

/** Windows of a convolution or pooling over a batch. */
export interface Windows {
  /** Byte offset of the first float of each window, one for each output pixel of the whole batch. */
  readonly offsets: Int32Array;
  /** Rows of a window, pixels in a row. */
  readonly side: number;
  readonly channels: number;
  /** Bytes between rows of the batch. */
  readonly rowBytes: number;
}

/** Floats of a batch, borders included. */
export function floatsOf({ images, height, width, channels, border }: ImageBatch): number {
  return images * (height + 2 * border) * (width + 2 * border) * channels;
}

/** Floats of packed weights: `depth` × `channels`, filled up to multiples of 8 channels. */
export function packedFloats(depth: number, channels: number): number {
  return depth * Math.ceil(channels / 8) * 8;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Bytes that arrays of these lengths take in the kernel's memory. */
export function arenaBytes(floats: readonly number[], ints: readonly number[], doubles: readonly number[]): number {
  const sum = (lengths: readonly number[], size: number): number =>
    lengths.reduce((total, length) => total + aligned(size * length), 0);
  return sum(floats, 4) + sum(ints, 4) + sum(doubles, 8);
}

/**
 * Tensors and operations of convolutional networks in the kernel's own memory, so that nothing is copied. Arrays come from the arena
 * itself, zeroed, and stay as long as it does.
 */
export class ConvolutionArena {
  readonly #wasm: Exports;
  readonly #buffer: ArrayBuffer;
  #top: number;

  /**
   * @param bytes room for arrays, as {@link arenaBytes} counts it
   * @throws RangeError where the machine can't give that much memory (4 GiB at most)
   */
  constructor(bytes: number) {
    this.#wasm = instantiate('convolution') as unknown as Exports;
    this.#top = aligned(this.#wasm.arena());
    this.#buffer = growTo(this.#wasm.memory, this.#top + bytes, 'tensors');
  }

  #place(bytes: number): number {
    const at = this.#top;
    if (at + aligned(bytes) > this.#buffer.byteLength) throw new RangeError(`the arena has no room for ${bytes} bytes`);
    this.#top += aligned(bytes);
    return at;
  }

  floats(length: number): Float32Array {
    return new Float32Array(this.#buffer, this.#place(4 * length), length);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#place(8 * length), length);
  }

  /** Windows of `side` × `side` pixels over a batch whose border is at least the padding. */
  windows(batch: ImageBatch, side: number, stride: number, padding: number): Windows {
    const { images, height, width, channels, border } = batch;
    if (padding > border) throw new RangeError(`a padding of ${padding} needs a border of as much, got ${border}`);
    const [rows, columns] = [height, width].map((extent) => Math.floor((extent + 2 * padding - side) / stride) + 1);
    const offsets = new Int32Array(this.#buffer, this.#place(4 * images * rows! * columns!), images * rows! * columns!);
    const pitch = width + 2 * border;
    let at = 0;
    for (let image = 0; image < images; image++) {
      for (let r = 0; r < rows!; r++) {
        const row = image * (height + 2 * border) + r * stride + border - padding;
        for (let c = 0; c < columns!; c++) offsets[at++] = 4 * channels * (row * pitch + c * stride + border - padding);
      }
    }
    return { offsets, side, channels, rowBytes: 4 * channels * pitch };
  }

  /** Rearranges weights (depth × channels, row-major; depth runs over rows, columns and channels of a window) for `convolve`. */
  packWeights(weights: Float32Array, depth: number, channels: number, packed: Float32Array): void {
    this.#wasm.packWeights(weights.byteOffset, depth, channels, packed.byteOffset);
  }

  /** y (windows × channels) = each window times the packed weights. */
  convolve(x: Float32Array, windows: Windows, packed: Float32Array, channels: number, y: Float32Array): void {
    const { offsets, side, rowBytes } = windows;
    const run = side * windows.channels;
    this.#wasm.convolve(
      x.byteOffset,
      offsets.byteOffset,
      offsets.length,
      side,
      run,
      rowBytes,
      packed.byteOffset,
      channels,
      y.byteOffset,
    );
  }

  /** y, laid out as `batch` says, = largest value of each window by channel; borders of x count as zeros, so x must not be negative. */
  maxPool(x: Float32Array, windows: Windows, y: Float32Array, batch: ImageBatch): void {
    const { offsets, side, rowBytes } = windows;
    const { images, height, width, channels, border } = batch;
    this.#wasm.maxPool(
      x.byteOffset,
      offsets.byteOffset,
      side,
      rowBytes,
      y.byteOffset,
      images,
      height,
      width,
      channels,
      border,
    );
  }

  /**
   * Root mean square of each image of a batch. `sums` (2 × channels), for a batch without border only, gains Σ (x − first) and
   * Σ (x − first)² of each channel over the batch, `first` being the channel's very first value.
   * @throws RangeError for sums over a batch that has a border
   */
  observe(x: Float32Array, batch: ImageBatch, strengths: Float32Array, sums?: Float64Array): void {
    const { images, height, width, channels, border } = batch;
    if (border > 0 && sums !== undefined)
      throw new RangeError(`channel sums need a batch without border, got ${border}`);
    this.#wasm.observe(
      x.byteOffset,
      images,
      (height + 2 * border) * (width + 2 * border),
      channels,
      height * width * channels,
      strengths.byteOffset,
      sums?.byteOffset ?? 0,
    );
  }

  /**
   * v = x·scale + shift by channel; y = max(v, 0) where `rectified`, else v. x has no border, y is laid out as `batch` says.
   * `before` and `after` receive the root mean squares of v and of max(v, 0), one an image.
   */
  normalise(
    x: Float32Array,
    y: Float32Array,
    batch: ImageBatch,
    scale: Float32Array,
    shift: Float32Array,
    rectified: boolean,
    before: Float32Array,
    after: Float32Array,
  ): void {
    const { images, height, width, channels, border } = batch;
    this.#wasm.normalise(
      x.byteOffset,
      y.byteOffset,
      images,
      height,
      width,
      channels,
      scale.byteOffset,
      shift.byteOffset,
      border,
      rectified,
      before.byteOffset,
      after.byteOffset,
    );
  }

  /** y (images × channels) = mean over the pixels of each image of a batch without border. */
  averagePool(x: Float32Array, batch: ImageBatch, y: Float32Array): void {
    this.#wasm.averagePool(x.byteOffset, batch.images, batch.height * batch.width, batch.channels, y.byteOffset);
  }

  /**
   * v = a + b; y = max(v, 0) where `rectified`, else v; the three differ in their borders at most.
   * `before` and `after` receive the root mean squares of v and of max(v, 0), one an image.
   */
  add(
    a: Float32Array,
    borderA: number,
    b: Float32Array,
    borderB: number,
    y: Float32Array,
    batch: ImageBatch,
    rectified: boolean,
    before: Float32Array,
    after: Float32Array,
  ): void {
    const { images, height, width, channels, border } = batch;
    this.#wasm.add(
      a.byteOffset,
      borderA,
      b.byteOffset,
      borderB,
      y.byteOffset,
      border,
      images,
      height,
      width,
      channels,
      rectified,
      before.byteOffset,
      after.byteOffset,
    );
  }
}
