import { weightedLine } from '../numeric/weighted-line.ts';
import type { SpectrumResult } from '../reduce/spectrum.ts';

/** Window of durations; frequencies are taken from 1/most to 1/least. */
export interface SpectrumWindow {
  readonly least: number;
  readonly most: number;
}

/** Mean energy of an avalanche at each frequency, over all durations. */
export function meanEnergy({ frequency, octaves }: SpectrumResult): Float64Array {
  let n = 0;
  const sum = new Float64Array(frequency.length);
  for (const { avalanches, energy } of octaves.values()) {
    n += avalanches;
    for (let m = 0; m < sum.length; m++) sum[m]! += energy[m]!;
  }
  return sum.map((value) => value / n);
}

/**
 * b of the spectrum of all avalanches, ∝ f^−b, by a plain line in log–log over 1/most ≤ f ≤ 1/least. Kuntz & Sethna (Phys. Rev. B 62, 11699 (2000),
 * doi:10.1103/PhysRevB.62.11699) find b = γ (their 1/σνz) for sizes with τ < 2, where the energy of an avalanche at high frequency grows with its size: its
 * parts fluctuate for themselves, by as much as there is of them. A signal that fluctuates by as much however strong it is (a random walk) has b = 2
 * with γ = 3/2.
 * @returns NaN for fewer than 3 frequencies
 */
export function spectralExponent(spectrum: SpectrumResult, { least, most }: SpectrumWindow): number {
  const { frequency } = spectrum;
  const energy = meanEnergy(spectrum);
  const taken = [...frequency.keys()].filter(
    (m) => frequency[m]! * most >= 1 - 1e-9 && frequency[m]! * least <= 1 + 1e-9 && energy[m]! > 0,
  );
  if (taken.length < 3) return Number.NaN;
  return -weightedLine(
    taken.map((m) => Math.log(frequency[m]!)),
    taken.map((m) => Math.log(energy[m]!)),
  ).slope;
}

/** f times the shortest duration of an octave, at which octaves are compared: the lowest oscillations of a profile. */
const phases: readonly number[] = [0.5, Math.SQRT1_2, 1, Math.SQRT2];

/** Avalanches that an octave must hold: the energies of fewer scatter so much that two errors hold γ in 82 % of samples. */
const leastInOctave = 8;

/** Octaves of duration that lie in the window, and hold 8 avalanches or more: those that γ of a sample, and of its parts, is found from. */
export function octavesWithin({ octaves }: SpectrumResult, { least, most }: SpectrumWindow): number[] {
  return [...octaves]
    .filter(([octave]) => 2 ** octave >= least && 2 ** (octave + 1) <= most + 1)
    .filter(([, { avalanches }]) => avalanches >= leastInOctave)
    .map(([octave]) => octave);
}

/**
 * γ from how the energies of avalanches grow with their duration at fixed f·D: profiles D^(γ−1)·g(l/D) have Fourier sums D^γ·ĝ(f·D), energies D^2γ.
 * Mean slope over several f·D.
 * @param among octaves, as of {@link octavesWithin} of the whole sample
 * @returns NaN for fewer than 2 octaves, or one without avalanches
 */
export function gammaOfEnergies({ frequency, octaves }: SpectrumResult, among: readonly number[]): number {
  if (among.length < 2) return Number.NaN;
  const slopes = phases.flatMap((phase) => {
    const energies = among.map((octave) => {
      const m = frequency.findIndex((f) => Math.abs(f * 2 ** octave - phase) < 1e-6);
      const { avalanches, energy } = octaves.get(octave) ?? { avalanches: 0, energy: [] };
      return m >= 0 && energy[m]! > 0 ? Math.log(energy[m]! / avalanches) : Number.NaN;
    });
    if (energies.some(Number.isNaN)) return [];
    return [
      weightedLine(
        among.map((octave) => octave * Math.LN2),
        energies,
      ).slope,
    ];
  });
  return slopes.length === 0 ? Number.NaN : slopes.reduce((sum, slope) => sum + slope, 0) / (2 * slopes.length);
}
