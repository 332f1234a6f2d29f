import type { RecordBatch } from 'apache-arrow';
import { concat, defer, filter, finalize, ignoreElements, of, tap } from 'rxjs';
import { ParameterError } from '../error.ts';
import { createPhaseSums } from '../kernel/phase-sums.ts';
import type { Ensemble } from '../network/ensemble.ts';
import { power } from '../numeric/power.ts';
import { type Batch, column, makeBatch, taken } from '../schema/batch.ts';
import { constantInt32 } from '../schema/constant-column.ts';
import { shortcutOf } from '../shortcut.ts';
import type { Stage } from '../stage.ts';

/** Frequencies 1/2, 1/(2√2) … 1/5793 a layer, half an octave apart. */
export const spectrumFrequencies: readonly number[] = Array.from({ length: 24 }, (_, m) => power(2, -1 - m / 2));

const octaves = 31;
const count = spectrumFrequencies.length;
/** Doubles of an open trace: real and imaginary part of the sum so far, for each frequency. */
const room = 2 * count;

/** Of what the energy spectrum is taken. */
export interface SpectrumOptions {
  /** A layer belongs to the avalanche where s_l ≥ θ, under the first-passage rule. Default: the drive s0 of the ensemble. */
  readonly threshold?: number;
  /** Energies are taken of one perturbation in so many. */
  readonly every: number;
}

/** Layers whose phases are at hand, in 0.8 MB: a power of two. */
const kept = 2048;

/**
 * Sums of traces with the phases exp(2πi f (l − 1)) of all frequencies at a layer l. These are the same for every trace, and computed afresh from the
 * layer, so that they depend on no order of rows and gain no error over layers.
 */
class LayerSums {
  readonly kernel = createPhaseSums(kept, count);
  readonly #layers = new Int32Array(kept).fill(-1);
  #traces = 64;

  reserve(traces: number): void {
    if (traces <= this.#traces) return;
    this.#traces = 2 * traces;
    this.kernel.reserve(this.#traces);
  }

  /** How many layers from `layer` on may be added at once. */
  most(layer: number): number {
    return kept - (layer & (kept - 1));
  }

  /** Sets the excess of a layer, which is the one `after` the first of those to be added. */
  put(after: number, layer: number, excess: number): void {
    const place = layer & (kept - 1);
    if (this.#layers[place] !== layer) this.#fill(place, layer);
    this.kernel.excess[after] = excess;
  }

  /** Adds what was put of layers from `layer` on. */
  add(trace: number, layer: number, layers: number): void {
    this.kernel.add(trace, layer & (kept - 1), layers);
  }

  #fill(place: number, layer: number): void {
    this.#layers[place] = layer;
    const { table } = this.kernel;
    for (let m = 0; m < count; m++) {
      const turns = (spectrumFrequencies[m]! * (layer - 1)) % 1;
      table[place * room + 2 * m] = Math.cos(2 * Math.PI * turns);
      table[place * room + 2 * m + 1] = Math.sin(2 * Math.PI * turns);
    }
  }
}

/** Sums that a partition is done with, for the next one. */
let idle: LayerSums | undefined;

/** Energies of avalanches that end, summed by octave of duration and frequency. */
class Energies {
  readonly avalanches = new Float64Array(octaves);
  readonly energy = new Float64Array(octaves * count);
  readonly sums: LayerSums;
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  readonly #durations: number[] = [];
  /** The trace of the last row: engines that follow one perturbation after the other need no search. */
  #lastId = -1;
  #lastSlot = -1;

  constructor() {
    this.sums = idle ?? new LayerSums();
    idle = undefined;
  }

  /** Lets go of the memory of sums. */
  close(): void {
    idle = this.sums;
  }

  /** Layers with excesses e ≥ 0, which were put into `sums`; the first one of a trace opens it. */
  add(id: number, layer: number, layers: number): void {
    let slot = this.#find(id);
    if (layer === 1) {
      slot ??= this.#open(id);
      this.#durations[slot] = 0;
      this.sums.kernel.sums.fill(0, slot * room, (slot + 1) * room);
    }
    if (slot === undefined) return;
    this.#lastId = id;
    this.#lastSlot = slot;
    this.#durations[slot]! += layers;
    this.sums.add(slot, layer, layers);
  }

  /** The avalanche of a trace has ended; it counts unless it was cut off. */
  end(id: number, counts: boolean): void {
    const slot = this.#find(id);
    if (slot === undefined) return;
    this.#lastId = -1;
    this.#slots.delete(id);
    this.#free.push(slot);
    if (!counts) return;
    const octave = 31 - Math.clz32(this.#durations[slot]!);
    this.avalanches[octave]!++;
    const { sums } = this.sums.kernel;
    for (let m = 0, at = slot * room; m < count; m++, at += 2) {
      this.energy[octave * count + m]! += sums[at]! ** 2 + sums[at + 1]! ** 2;
    }
  }

  #find(id: number): number | undefined {
    return id === this.#lastId ? this.#lastSlot : this.#slots.get(id);
  }

  #open(id: number): number {
    const slot = this.#free.pop() ?? this.#durations.push(0) - 1;
    this.sums.reserve(slot + 1);
    this.#slots.set(id, slot);
    return slot;
  }
}

function batchOf({ avalanches, energy }: Energies, ensemble: number, scale: number): Batch<'energy_spectrum'> | null {
  const seen = [...avalanches.keys()].filter((octave) => avalanches[octave]! > 0);
  if (seen.length === 0) return null;
  const rows = seen.length * count;
  const column = (): Float64Array => new Float64Array(rows);
  const columns = {
    ensemble: constantInt32(ensemble, rows),
    octave: new Int32Array(rows),
    frequency: column(),
    avalanches: column(),
    energy: column(),
  };
  let row = 0;
  for (const octave of seen) {
    columns.octave.fill(octave, row, row + count);
    columns.avalanches.fill(avalanches[octave]!, row, row + count);
    columns.frequency.set(spectrumFrequencies, row);
    for (let m = 0; m < count; m++) columns.energy[row++] = scale * scale * energy[octave * count + m]!;
  }
  return makeBatch('energy_spectrum', columns, rows);
}

/**
 * Stage from `signal` batches to one `energy_spectrum` batch, when they are done: energies of whole avalanches at fixed frequencies, in memory that
 * depends on how many are under way only. Censored avalanches are left out; a strength that is not finite drops its avalanche.
 * @throws ParameterError for an `every` that is no positive integer
 */
export function energySpectrum(
  partition: { readonly ensemble: Pick<Ensemble, 'index' | 'width' | 'depth' | 'inputStrength'> },
  { every, threshold = partition.ensemble.inputStrength }: SpectrumOptions,
): Stage<'signal', 'energy_spectrum'> {
  if (!(Number.isInteger(every) && every >= 1)) {
    throw new ParameterError(`every must be a positive integer, got ${every}`);
  }
  const { index, width, depth } = partition.ensemble;
  const floor = Math.fround(threshold);
  return (signal$) => {
    const sampled$ = shortcutOf(signal$)?.every(every) ?? signal$;
    return defer(() => {
      const energies = new Energies();
      const { sums } = energies;
      // A division for every row would cost more than the energies of the few that are sampled.
      const mask = every <= 2 ** 30 && (every & (every - 1)) === 0 ? every - 1 : -1;
      const take = (batch: RecordBatch): void => {
        const perturbation = column<BigInt64Array>(taken('energySpectrum', 'signal', batch), 'perturbation');
        const layers = column<Int32Array>(batch, 'layer');
        const strengths = column<Float32Array>(batch, 'strength');
        const words = new Uint32Array(perturbation.buffer, perturbation.byteOffset, 2 * layers.length);
        for (let r = 0; r < layers.length; ) {
          const low = words[2 * r]!;
          if (mask >= 0 ? (low & mask) !== 0 : low % every !== 0) {
            r++;
            continue;
          }
          const high = words[2 * r + 1]!;
          const id = low + 2 ** 32 * high;
          const first = layers[r]!;
          const last = Math.min(depth, first + sums.most(first) - 1);
          let layer = first;
          do {
            const strength = strengths[r]!;
            if (!(strength >= floor && strength < Infinity)) break;
            sums.put(layer - first, layer, strength - floor);
            layer++;
            r++;
          } while (
            layer <= last &&
            r < layers.length &&
            layers[r] === layer &&
            words[2 * r] === low &&
            words[2 * r + 1] === high
          );
          if (layer > first) {
            energies.add(id, first, layer - first);
            if (layer > depth) energies.end(id, false);
          } else {
            energies.end(id, Number.isFinite(strengths[r]));
            r++;
          }
        }
      };
      return concat(
        sampled$.pipe(tap(take), ignoreElements()),
        defer(() => of(batchOf(energies, index, width))),
      ).pipe(
        filter((batch) => batch !== null),
        finalize(() => energies.close()),
      );
    });
  };
}
