import { type LayerRule, layersOf, type ResidualArchitecture, shapeOf } from '../../network/resnet/architecture.ts';
import { gaussianImages, type InputSource } from './inputs.ts';
import { type ChannelStatistics, type ResidualBackend, type ResidualNetwork, tooLarge } from './network.ts';
import { residualPurpose } from './streams.ts';
import { InitialWeights } from './weights.ts';

/** How perturbations go through residual networks. */
export interface ResidualSettings extends LayerRule {
  readonly architecture: ResidualArchitecture;
  /** Inputs that go through a network at once, B; batch norm takes its statistics over them. */
  readonly batch: number;
  /** Inputs that calibrate a network, a multiple of B. */
  readonly calibration: number;
  /**
   * What batch norm divides by. `initial` (default): mean 0 and variance 1, an untrained network's running statistics, which leave what comes
   * in as it is up to ε. `batch`: statistics of the batch itself. `running`: those of the network's calibration inputs.
   */
  readonly batchNorm?: 'initial' | 'batch' | 'running';
  /** Signal strength of a layer: `rms` (default), the root mean square over all components of its output; `norm`, their Euclidean norm ‖·‖. */
  readonly strength?: 'rms' | 'norm';
  /** Gaussian images by default. */
  readonly inputs?: InputSource;
}

/** Signal strength of each layer over the calibration inputs of one network; arrays of depth + 1, entry 0 unused. */
export interface Calibration {
  readonly network: number;
  /** Mean μ_l. */
  readonly mean: Float64Array;
  /** Standard deviation sd_l, unbiased. */
  readonly sd: Float64Array;
}

/** Thresholds θ_l = μ_l + k·sd_l: depth + 1 values, entry 0 unused. @param k standard deviations above each layer's mean */
export function thresholdsOf({ mean, sd }: Calibration, k: number): Float32Array {
  return Float32Array.from(mean, (mu, layer) => (layer === 0 ? 0 : mu + k * sd[layer]!));
}

/** Buffers and weights of one model on one backend: runs its networks, one at a time. */
export class ResidualRunner {
  /** Numbers of the operations that are layers. */
  readonly layers: readonly number[];
  readonly #settings: ResidualSettings;
  readonly #network: ResidualNetwork;
  readonly #weights: InitialWeights;
  readonly #write;
  readonly #images: Float32Array;
  /** What turns the root mean square of each layer into its strength. */
  readonly #factors: readonly number[];
  #statistics: ChannelStatistics | undefined;
  #started: { readonly seed: number; readonly calibration: Calibration } | undefined;

  /** @throws BackendError for a network or a batch that memory doesn't hold */
  constructor(settings: ResidualSettings, backend: ResidualBackend) {
    const { architecture, batch } = settings;
    this.#settings = settings;
    this.layers = layersOf(architecture, settings);
    this.#factors = this.layers.map((number) => {
      const { height, width, channels } = shapeOf(architecture, number);
      return settings.strength === 'norm' ? Math.sqrt(height * width * channels) : 1;
    });
    const { height, width, channels } = architecture.input;
    this.#network = backend.open(architecture, batch);
    try {
      this.#weights = new InitialWeights(architecture);
      this.#write = (settings.inputs ?? gaussianImages).open(architecture.input);
      this.#images = new Float32Array(batch * height * width * channels);
    } catch (cause) {
      throw cause instanceof RangeError ? tooLarge(architecture, batch, cause) : cause;
    }
  }

  /**
   * Draws a network and calibrates it, unless it is the one at hand. Depends on settings, seed and `index` alone.
   * @param passed told after each batch that went through
   */
  async start(seed: number, index: number, passed?: () => void): Promise<Calibration> {
    if (this.#started?.seed === seed && this.#started.calibration.network === index) return this.#started.calibration;
    this.#started = undefined;
    const { batch, calibration: count, batchNorm = 'initial' } = this.#settings;
    this.#weights.set(this.#network, seed, index);
    this.#statistics = batchNorm === 'initial' ? untrained(this.#settings.architecture) : undefined;
    const from = index * count;
    if (batchNorm === 'running') {
      const seen: ChannelStatistics[] = [];
      for (let i = 0; i < count; i += batch) {
        await this.#forward(seed, residualPurpose.calibration, from + i);
        seen.push(await this.#network.statistics());
        passed?.();
      }
      this.#statistics = average(seen);
    }
    const depth = this.layers.length;
    const mean = new Float64Array(depth + 1);
    const squares = new Float64Array(depth + 1);
    for (let i = 0; i < count; i += batch) {
      const strengths = await this.#layerStrengths(seed, residualPurpose.calibration, from + i);
      for (let l = 1; l <= depth; l++) {
        for (let b = 0; b < batch; b++) {
          const strength = strengths[(l - 1) * batch + b]!;
          const away = strength - mean[l]!;
          mean[l]! += away / (i + b + 1);
          squares[l]! += away * (strength - mean[l]!);
        }
      }
      passed?.();
    }
    const calibration = { network: index, mean, sd: squares.map((sum) => Math.sqrt(sum / (count - 1))) };
    this.#started = { seed, calibration };
    return calibration;
  }

  /** Strengths of perturbations `first` … `first` + B − 1 in the network that was started: layers × B. */
  async strengths(seed: number, first: number): Promise<Float32Array> {
    return this.#layerStrengths(seed, residualPurpose.inputs, first);
  }

  async #layerStrengths(seed: number, use: number, first: number): Promise<Float32Array> {
    const { batch } = this.#settings;
    const all = await this.#forward(seed, use, first);
    const out = new Float32Array(this.layers.length * batch);
    for (const [i, number] of this.layers.entries()) {
      for (let b = 0; b < batch; b++) out[i * batch + b] = this.#factors[i]! * all[(number - 1) * batch + b]!;
    }
    return out;
  }

  /** Root mean squares of all operations: operations × B. */
  async #forward(seed: number, use: number, first: number): Promise<Float32Array> {
    const { batch, architecture } = this.#settings;
    const size = this.#images.length / batch;
    for (let b = 0; b < batch; b++) {
      const key = { seed, model: architecture.model, use, index: first + b };
      this.#write(key, this.#images.subarray(b * size, (b + 1) * size));
    }
    return this.#network.forward(this.#images, this.#statistics);
  }

  close(): void {
    this.#network.close();
  }
}

/** Mean 0 and variance 1 for every batch norm. */
function untrained({ operations }: ResidualArchitecture): ChannelStatistics {
  const norms = operations.flatMap(({ kind, shape }, i) => (kind === 'batch-norm' ? [{ n: i + 1, shape }] : []));
  return new Map(
    norms.map(({ n, shape }) => [
      n,
      { mean: new Float64Array(shape.channels), variance: new Float64Array(shape.channels).fill(1) },
    ]),
  );
}

/** Cumulative average over batches, PyTorch's running statistics with momentum none. */
function average(batches: readonly ChannelStatistics[]): ChannelStatistics {
  const mean = (rows: readonly Float64Array[]): Float64Array =>
    rows[0]!.map((_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length);
  return new Map(
    [...batches[0]!.keys()].map((n) => [
      n,
      {
        mean: mean(batches.map((batch) => batch.get(n)!.mean)),
        variance: mean(batches.map((batch) => batch.get(n)!.variance)),
      },
    ]),
  );
}
