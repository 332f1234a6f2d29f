import { column } from '../schema/batch.ts';
import { outgrown, zeros } from './outgrown.ts';
import type { Reducer } from './reducer.ts';

/** Energies by octave of duration: entry m of `energy` at the m-th of `frequency`. */
export interface OctaveEnergy {
  avalanches: number;
  energy: Float64Array;
}

/** State of the reducer `spectrum`. */
export interface SpectrumState {
  /** Empty before the first batch. */
  frequency: Float64Array;
  readonly octaves: Map<number, OctaveEnergy>;
}

/** Energies by frequency, summed by octaves of duration. */
export interface SpectrumResult {
  readonly frequency: Float64Array;
  /** Σ energy and number of avalanches, by octave, ascending. */
  readonly octaves: ReadonlyMap<number, Readonly<OctaveEnergy>>;
}

function copyOf(array: Float64Array): Float64Array {
  const copy = zeros(array.length);
  copy.set(array);
  return copy;
}

function add(state: SpectrumState, octave: number, avalanches: number, energy: Float64Array): void {
  const own = state.octaves.get(octave);
  if (own === undefined) {
    state.octaves.set(octave, { avalanches, energy: copyOf(energy) });
    return;
  }
  own.avalanches += avalanches;
  for (let m = 0; m < energy.length; m++) own.energy[m]! += energy[m]!;
}

/** Adds up `energy_spectrum` batches (stage `energySpectrum`): energies of avalanches by frequency, in cycles a layer, and octave of duration. */
export function spectrum(): Reducer<SpectrumState, SpectrumResult> {
  return {
    name: 'spectrum',
    init: () => ({ frequency: new Float64Array(0), octaves: new Map() }),
    step(state, batch) {
      const octave = column<Int32Array>(batch, 'octave');
      const avalanches = column<Float64Array>(batch, 'avalanches');
      const energy = column<Float64Array>(batch, 'energy');
      const frequency = column<Float64Array>(batch, 'frequency');
      for (let from = 0; from < octave.length; ) {
        let end = from;
        while (end < octave.length && octave[end] === octave[from]) end++;
        if (state.frequency.length === 0) state.frequency = copyOf(frequency.subarray(from, end));
        add(state, octave[from]!, avalanches[from]!, energy.subarray(from, end));
        from = end;
      }
      return state;
    },
    merge(into, other) {
      if (into.frequency.length === 0) into.frequency = copyOf(other.frequency);
      for (const [octave, { avalanches, energy }] of other.octaves) add(into, octave, avalanches, energy);
      return into;
    },
    release({ frequency, octaves }, take = outgrown) {
      take(frequency);
      for (const { energy } of octaves.values()) take(energy);
    },
    finish: ({ frequency, octaves }) => ({
      frequency: frequency.slice(),
      octaves: new Map(
        [...octaves]
          .sort(([a], [b]) => a - b)
          .map(([octave, { avalanches, energy }]) => [octave, { avalanches, energy: energy.slice() }]),
      ),
    }),
  };
}
