import { ConvolutionArena, floatsOf, packedFloats, type Windows } from '../../kernel/convolution.ts';
import { type ResidualArchitecture, shapeOf } from '../../network/resnet/architecture.ts';
import { fanIn } from '../../network/resnet/operation.ts';
import { type ChannelStatistics, EPSILON, type ResidualBackend, type ResidualNetwork, tooLarge } from './network.ts';
import { planOf } from './plan.ts';

function memory(architecture: ResidualArchitecture, batch: number, bytes: number): ConvolutionArena {
  try {
    return new ConvolutionArena(bytes);
  } catch (cause) {
    throw tooLarge(architecture, batch, cause, bytes);
  }
}

/** The package's own SIMD kernels: a batch norm or an addition and the relu behind it are one pass over memory. */
class SimdNetwork implements ResidualNetwork {
  readonly #architecture: ResidualArchitecture;
  readonly #batch: number;
  readonly #plan;
  readonly #arena: ConvolutionArena;
  readonly #buffers: Float32Array[];
  readonly #depths: number[];
  readonly #packed: Float32Array[];
  readonly #biases = new Map<number, Float32Array>();
  readonly #windows: (Windows | undefined)[];
  readonly #strengths: Float32Array[];
  readonly #sums: (Float64Array | undefined)[];
  readonly #staging: Float32Array;
  readonly #scale: Float32Array;
  readonly #shift: Float32Array;
  /** Strengths that nobody asked for. */
  readonly #spare: Float32Array;
  readonly #seen = new Map<number, { mean: Float64Array; variance: Float64Array }>();

  constructor(architecture: ResidualArchitecture, batch: number) {
    const { operations } = architecture;
    this.#architecture = architecture;
    this.#batch = batch;
    this.#plan = planOf(architecture, batch);
    const arena = memory(architecture, batch, this.#plan.bytes);
    this.#arena = arena;
    this.#buffers = this.#plan.buffers.map((length) => arena.floats(length));
    this.#depths = operations.map((operation) => fanIn(operation, shapeOf(architecture, operation.source)));
    this.#packed = operations.map(({ shape }, i) => arena.floats(packedFloats(this.#depths[i]!, shape.channels)));
    this.#staging = arena.floats(Math.max(...operations.map(({ shape }, i) => this.#depths[i]! * shape.channels)));
    this.#windows = operations.map((operation) => {
      const from = this.#plan.places[operation.source]!.batch;
      if (operation.kind === 'linear') {
        return arena.windows(
          { ...from, width: 1, height: 1, channels: from.height * from.width * from.channels },
          1,
          1,
          0,
        );
      }
      if (!('kernel' in operation)) return undefined;
      return arena.windows(from, operation.kernel, operation.stride, operation.padding);
    });
    this.#strengths = operations.map(() => arena.floats(batch));
    const normed = new Set(operations.filter(({ kind }) => kind === 'batch-norm').map(({ source }) => source));
    this.#sums = operations.map(({ shape }, i) => (normed.has(i + 1) ? arena.doubles(2 * shape.channels) : undefined));
    const most = Math.max(...operations.map(({ shape }) => shape.channels));
    this.#scale = arena.floats(most);
    this.#shift = arena.floats(most);
    this.#spare = arena.floats(batch);
  }

  #buffer(number: number): Float32Array {
    const { batch, buffer } = this.#plan.places[number]!;
    return this.#buffers[buffer]!.subarray(0, floatsOf(batch));
  }

  setWeights(number: number, weights: Float32Array, bias?: Float32Array): void {
    const { channels } = this.#architecture.operations[number - 1]!.shape;
    const depth = this.#depths[number - 1]!;
    this.#staging.set(weights.subarray(0, depth * channels));
    this.#arena.packWeights(this.#staging, depth, channels, this.#packed[number - 1]!);
    if (bias === undefined) this.#biases.delete(number);
    else this.#biases.set(number, bias.slice(0, channels));
  }

  #load(images: Float32Array): void {
    const { batch } = this.#plan.places[0]!;
    const { height, width, channels, border } = batch;
    const to = this.#buffer(0);
    const row = width * channels;
    const pitch = (width + 2 * border) * channels;
    for (let image = 0; image < this.#batch; image++) {
      for (let r = 0; r < height; r++) {
        const at = (image * (height + 2 * border) + r + border) * pitch + border * channels;
        const from = (image * height + r) * row;
        to.set(images.subarray(from, from + row), at);
      }
    }
  }

  async forward(images: Float32Array, statistics?: ChannelStatistics): Promise<Float32Array> {
    const batch = this.#batch;
    const { operations } = this.#architecture;
    this.#load(images);
    for (let n = 1; n <= operations.length; n++) this.#step(n, statistics);
    const out = new Float32Array(operations.length * batch);
    this.#strengths.forEach((strengths, i) => {
      out.set(strengths, i * batch);
    });
    return out;
  }

  #step(n: number, statistics: ChannelStatistics | undefined): void {
    const arena = this.#arena;
    const plan = this.#plan;
    const operation = this.#architecture.operations[n - 1]!;
    const { source } = operation;
    const windows = this.#windows[n - 1];
    // Nobody asks for the batch's own statistics where others are given.
    const sums = statistics === undefined ? this.#sums[n - 1] : undefined;
    const { channels } = operation.shape;
    switch (operation.kind) {
      case 'batch-norm': {
        this.#normaliser(n, statistics);
        if (plan.fused.has(n)) this.#normalise(source, n, n + 1, true);
        else this.#normalise(source, n, n, false);
        return;
      }
      case 'relu':
        if (plan.fused.has(source)) return;
        this.#scale.fill(1);
        this.#shift.fill(0);
        this.#normalise(source, n, n, true);
        return;
      case 'convolution':
      case 'linear':
        arena.convolve(this.#buffer(source), windows!, this.#packed[n - 1]!, channels, this.#buffer(n));
        this.#addBias(n);
        break;
      case 'max-pool':
        arena.maxPool(this.#buffer(source), windows!, this.#buffer(n), plan.places[n]!.batch);
        break;
      case 'average-pool':
        arena.averagePool(this.#buffer(source), plan.places[source]!.batch, this.#buffer(n));
        break;
      case 'addition':
        this.#add(source, operation.other, n);
        if (sums === undefined) return;
        break;
    }
    sums?.fill(0);
    arena.observe(this.#buffer(n), plan.places[n]!.batch, this.#strengths[n - 1]!, sums);
  }

  #addBias(n: number): void {
    const bias = this.#biases.get(n);
    if (bias === undefined) return;
    const y = this.#buffer(n);
    for (let i = 0; i < y.length; i++) y[i]! += bias[i % bias.length]!;
  }

  /** Sums two outputs, on to the relu behind where the two are fused. */
  #add(source: number, other: number, n: number): void {
    const { places, fused } = this.#plan;
    const rectified = fused.has(n);
    const target = rectified ? n + 1 : n;
    this.#arena.add(
      this.#buffer(source),
      places[source]!.batch.border,
      this.#buffer(other),
      places[other]!.batch.border,
      this.#buffer(target),
      places[target]!.batch,
      rectified,
      this.#strengths[n - 1]!,
      rectified ? this.#strengths[n]! : this.#spare,
    );
  }

  /** Sets scale and shift of a batch norm: to mean 0 and variance 1 by its batch's statistics, or by the given ones. */
  #normaliser(n: number, given: ChannelStatistics | undefined): void {
    const { source, shape } = this.#architecture.operations[n - 1]!;
    const statistics = given?.get(n) ?? this.#channelStatistics(source, shape.channels);
    if (given === undefined) this.#seen.set(n, statistics);
    const { mean, variance } = statistics;
    for (let c = 0; c < shape.channels; c++) {
      // What is kept is the unbiased variance; a batch is divided by its own, biased one.
      const own =
        given === undefined ? (variance[c]! * (this.#pixels(source) - 1)) / this.#pixels(source) : variance[c]!;
      const scale = 1 / Math.sqrt(own + EPSILON);
      this.#scale[c] = scale;
      this.#shift[c] = -mean[c]! * scale;
    }
  }

  #pixels(number: number): number {
    const { height, width } = shapeOf(this.#architecture, number);
    return this.#batch * height * width;
  }

  #channelStatistics(source: number, channels: number): { mean: Float64Array; variance: Float64Array } {
    const count = this.#pixels(source);
    const first = this.#buffer(source);
    const sums = this.#sums[source - 1]!;
    const mean = new Float64Array(channels);
    const variance = new Float64Array(channels);
    for (let c = 0; c < channels; c++) {
      const away = sums[c]! / count;
      mean[c] = first[c]! + away;
      variance[c] = Math.max(0, sums[channels + c]! / count - away * away) * (count / (count - 1));
    }
    return { mean, variance };
  }

  /** Writes max(v, 0) or v of the normalised output of `source` to the place of `target`, and the strengths of operations n and `after`. */
  #normalise(source: number, n: number, target: number, rectified: boolean): void {
    const before = this.#strengths[n - 1]!;
    const after = this.#strengths[target - 1]!;
    const spare = this.#spare;
    const [plain, positive] = rectified ? [target === n ? spare : before, after] : [before, spare];
    const { batch } = this.#plan.places[target]!;
    this.#arena.normalise(
      this.#buffer(source),
      this.#buffer(target),
      batch,
      this.#scale,
      this.#shift,
      rectified,
      plain,
      positive,
    );
  }

  async statistics(): Promise<ChannelStatistics> {
    return new Map(this.#seen);
  }

  async output(): Promise<Float32Array> {
    return this.#buffer(this.#architecture.operations.length).slice();
  }

  close(): void {}
}

export const simdResidual: ResidualBackend = {
  name: 'simd',
  open: (architecture, batch) => new SimdNetwork(architecture, batch),
};
