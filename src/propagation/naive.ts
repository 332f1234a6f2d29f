import { activation } from '../network/activation.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { createStream, type RandomStream } from '../numeric/random.ts';
import { type Engine, type EngineOptions, retires, type SignalWindow } from './engine.ts';
import { SignalRows } from './signal-rows.ts';

/** Set the streams of weights and of inputs apart from each other and from those of the other engines. */
const [weights, inputs] = [0x6e617677, 0x6e617669];

interface Alive {
  readonly id: number;
  h: Float64Array;
}

const meanSquare = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value * value, 0) / values.length;

/** An input: N(0, I), rescaled to the ensemble's signal strength exactly. */
function drive(stream: RandomStream, { width, inputStrength }: Ensemble): Float64Array {
  const h = new Float64Array(width).map(() => stream.normal());
  const scale = inputStrength / Math.sqrt(meanSquare(h));
  return h.map((value) => value * scale);
}

/** h^l = W φ(h^{l−1}) + b for every column, one row of fresh weights at a time. */
function layer(stream: RandomStream, columns: readonly Float64Array[], ensemble: Ensemble): Float64Array[] {
  const { width, weightVariance, biasVariance } = ensemble;
  const deviation = Math.sqrt(weightVariance / width);
  const out = columns.map(() => new Float64Array(width));
  const row = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < width; j++) row[j] = deviation * stream.normal();
    const bias = Math.sqrt(biasVariance) * stream.normal();
    for (let c = 0; c < columns.length; c++) {
      const x = columns[c]!;
      let sum = bias;
      for (let j = 0; j < width; j++) sum += row[j]! * x[j]!;
      out[c]![i] = sum;
    }
  }
  return out;
}

/**
 * The textbook simulation, weight by weight in float64 (arXiv:2509.22649, Methods): what the other engines are held against, for small N.
 * Weights are drawn anew for every network and shared by its `reuse` perturbations. Reference only: O(N²) random numbers a layer.
 */
export const naive: Engine = {
  name: 'naive',
  *propagate(perturbations: Float64Array, options: EngineOptions): Generator<SignalWindow, void, undefined> {
    const { ensemble, seed, floor, observable, windowRows } = options;
    const { index, reuse, depth } = ensemble;
    const { phi } = activation(ensemble.activation);
    const rows = new SignalRows(windowRows, options.recycle);
    const retired = retires(floor);
    for (let next = 0; next < perturbations.length; ) {
      const network = Math.floor(perturbations[next]! / reuse);
      let alive: Alive[] = [];
      for (; next < perturbations.length && Math.floor(perturbations[next]! / reuse) === network; next++) {
        const id = perturbations[next]!;
        alive.push({ id, h: drive(createStream(seed, index, inputs, id), ensemble) });
      }
      const stream = createStream(seed, index, weights, network);
      for (let l = 1; l <= depth && alive.length > 0; l++) {
        const active = alive.map(({ h }) => h.map(phi));
        const out = layer(stream, active, ensemble);
        const lasting: Alive[] = [];
        for (let c = 0; c < alive.length; c++) {
          const { id } = alive[c]!;
          const h = out[c]!;
          const strength = Math.fround(Math.sqrt(meanSquare(observable === 'pre-activation' ? h : h.map(phi))));
          rows.push(id, l, strength);
          if (rows.full) yield rows.take();
          if (!retired(strength, l)) lasting.push({ id, h });
        }
        alive = lasting;
      }
    }
    if (rows.length > 0) yield rows.take();
  },
};
