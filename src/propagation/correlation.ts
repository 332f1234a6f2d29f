import type { RecordBatch } from 'apache-arrow';
import { BackendError, ParameterError } from '../error.ts';
import { quenchedKernel } from '../kernel/quenched.ts';
import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { makeBatch } from '../schema/batch.ts';
import { networkWords, purpose } from './quenched-stream.ts';

/** Which pairs of inputs go through which networks. */
export interface PairOptions {
  /** Its `reuse` is not looked at: a network carries one pair. Both inputs have its input strength exactly. */
  readonly ensemble: Ensemble;
  readonly seed: number;
  /** Correlation of the two inputs, c_0 = (1/N) Σ h_a·h_b / (s_a·s_b) at layer 0, from −1 to 1, met exactly in every network. */
  readonly correlation: number;
  /** Networks `first` to `first + count − 1`. */
  readonly first: number;
  readonly count: number;
  /** Rows a batch holds (networks are not split over batches where their depth fits). */
  readonly windowRows?: number;
}

/** Makes the inputs of an opened pair have mean squares 1 and correlation c exactly, by orthogonalising their raw numbers. */
function correlate(kernel: NonNullable<ReturnType<typeof quenchedKernel>>, c: number): void {
  const aa = kernel.inputOverlap(0, 0);
  const ab = kernel.inputOverlap(1, 0);
  const across = Math.sqrt(Math.max(0, kernel.inputOverlap(1, 1) - (ab * ab) / aa));
  const rest = across > 0 ? Math.sqrt(1 - c * c) / across : 0;
  kernel.mixInput(0, 0, 1 / Math.sqrt(aa));
  kernel.mixInput(1, 0, c / Math.sqrt(aa) - (rest * ab) / aa);
  kernel.mixInput(1, 1, rest);
}

/**
 * Two inputs of prescribed correlation through the same Gaussian network, many networks in turn: batches of the `correlation`
 * table, layer by layer to the full depth (arXiv:1611.01232, section 3, for what c_l should do). Exact in law, O(N) a layer;
 * 1 − c_l is resolved down to 10⁻¹³. A network's rows depend on options and its own number only.
 * @throws ParameterError for a correlation outside [−1, 1]
 */
export function* propagatePairs(options: PairOptions): Generator<RecordBatch, void, undefined> {
  const { ensemble, seed, correlation, first, count, windowRows = 65536 } = options;
  if (!(correlation >= -1 && correlation <= 1)) {
    throw new ParameterError(`correlation must be a number from -1 to 1, got ${correlation}`);
  }
  if (ensemble.width < 2 && Math.abs(correlation) < 1) {
    throw new ParameterError(
      `two inputs of correlation ${correlation} need a width of at least 2, got ${ensemble.width}`,
    );
  }
  const capacity = 2 * Math.max(1, Math.min(windowRows, ensemble.depth));
  const kernel = quenchedKernel({
    ...ensemble,
    reuse: 2,
    activation: activation(ensemble.activation),
    capacity,
    paired: true,
  });
  if (kernel === undefined) throw new BackendError('correlations have no memory; lower window rows');
  let rows = columns(windowRows);
  let length = 0;
  const flush = (): RecordBatch => {
    rows.ensemble.fill(ensemble.index);
    const filled = Object.entries(rows).map(([name, values]) => [name, values.subarray(0, length)]);
    const batch = makeBatch('correlation', Object.fromEntries(filled), length);
    rows = columns(windowRows);
    length = 0;
    return batch;
  };
  for (let network = first; network < first + count; network++) {
    kernel.open(networkWords(seed, ensemble.index, network, purpose.correlation));
    correlate(kernel, correlation);
    kernel.ignite();
    while (!kernel.finished()) {
      const { length: written, layer, pairs } = kernel.advance();
      for (let p = 0; p < written / 2; p++) {
        rows.network[length] = BigInt(network);
        rows.layer[length] = layer[2 * p]!;
        rows.energy_a[length] = pairs[3 * p]!;
        rows.energy_b[length] = pairs[3 * p + 1]!;
        rows.correlation[length] = pairs[3 * p + 2]!;
        length++;
        if (length === windowRows) yield flush();
      }
    }
  }
  if (length > 0) yield flush();
}

function columns(length: number) {
  return {
    ensemble: new Int32Array(length),
    network: new BigInt64Array(length),
    layer: new Int32Array(length),
    energy_a: new Float64Array(length),
    energy_b: new Float64Array(length),
    correlation: new Float64Array(length),
  };
}
