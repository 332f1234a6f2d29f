import { type Asymmetry, shapeAsymmetry } from '../fit/asymmetry.ts';
import type { Jackknife } from '../fit/jackknife.ts';
import { logMoment, momentOrders } from '../fit/moment-scaling.ts';
import { gammaOfEnergies, octavesWithin, type SpectrumWindow, spectralExponent } from '../fit/spectrum-fit.ts';
import type { CracklingValues } from './parameters.ts';
import type { BlockedStatistics, Statistics } from './reducer.ts';
import type { Analysed } from './tables.ts';

/** An ensemble with what is measured on it beside its exponents. */
export interface Further extends Analysed {
  /** Of the mean shape, by group of durations. */
  readonly asymmetry: ReadonlyMap<number, Asymmetry>;
  /** Window of durations that energies are compared in. */
  readonly window: SpectrumWindow;
  /** Of {@link names}: errors of all come from one walk over the blocks. */
  readonly further: Jackknife<string>;
}

/** Names of estimates. */
export const names = {
  asymmetry: (group: number): string => `asymmetry ${group}`,
  skewness: (group: number): string => `skewness ${group}`,
  logMoment: (observable: 'duration' | 'size', order: number): string => `ln⟨${observable}^${order}⟩`,
  spectral: 'spectral exponent',
  gamma: 'gamma of energies',
} as const;

/** What is measured of a part of the data, and what its estimates make. */
export interface FurtherMeasure {
  estimate(part: Statistics): Record<string, number>;
  /** @param further delete-one-block jackknife of the estimates */
  measured(further: Jackknife<string>): Omit<Further, keyof Analysed>;
}

/**
 * Asymmetries of shapes, exponents of the power spectrum where there is one, and moments of durations and sizes if they are asked for.
 * The window is the one that α was fitted in, no longer than what a network of this depth can hold.
 */
export function furtherOf(
  { ensemble }: Pick<Analysed, 'ensemble'>,
  { all }: Pick<BlockedStatistics, 'all'>,
  exponents: Pick<Analysed['exponents'], 'duration'>,
  { profileCount }: Pick<CracklingValues, 'profileCount'>,
  moments = false,
): FurtherMeasure {
  const asymmetry = shapeAsymmetry(all.collapse, profileCount);
  const window = {
    least: exponents.duration?.xmin ?? Number.NaN,
    most: Math.min(exponents.duration?.xmax ?? Infinity, ensemble.depth),
  };
  const hasSpectrum = all.spectrum.octaves.size > 0;
  const octaves = octavesWithin(all.spectrum, window);
  return {
    estimate({ collapse, histogram, spectrum }) {
      // Without a block a group may have fewer avalanches, and still counts.
      const shapes = asymmetry.size === 0 ? asymmetry : shapeAsymmetry(collapse, 1);
      return Object.fromEntries([
        ...[...asymmetry.keys()].flatMap((group) => [
          [names.asymmetry(group), shapes.get(group)?.asymmetry ?? Number.NaN],
          [names.skewness(group), shapes.get(group)?.skewness ?? Number.NaN],
        ]),
        ...(moments ? (['duration', 'size'] as const) : []).flatMap((name) =>
          momentOrders.map((q) => [names.logMoment(name, q), logMoment(histogram[name], q)]),
        ),
        [names.spectral, hasSpectrum ? spectralExponent(spectrum, window) : Number.NaN],
        [names.gamma, hasSpectrum ? gammaOfEnergies(spectrum, octaves) : Number.NaN],
      ]) as Record<string, number>;
    },
    measured: (further) => ({ asymmetry, window, further }),
  };
}
