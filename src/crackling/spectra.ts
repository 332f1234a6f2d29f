import { meanEnergy } from '../fit/spectrum-fit.ts';
import { integer } from '../parameter.ts';
import type { SpectrumExponentRow, SpectrumRow } from '../schema/columns.ts';
import { orNull, rowOf } from '../schema/rows.ts';
import { pointOf } from './ensemble-row.ts';
import { type Further, names } from './further.ts';

/** The parameter of pipelines that take the power spectrum of avalanches. */
export const spectrumParameters = {
  spectrumEvery: integer('the power spectrum is taken of one perturbation in so many; 0: of none', 32, 0),
};

interface SpectrumTables {
  readonly spectrum: readonly SpectrumRow[];
  readonly spectrum_exponent: readonly SpectrumExponentRow[];
}

function rowsOf({ ensemble, statistics }: Further): SpectrumRow[] {
  const { spectrum } = statistics;
  const point = pointOf(ensemble);
  const all = [...spectrum.octaves.values()].reduce((sum, { avalanches }) => sum + avalanches, 0);
  const rows = (octave: number | null, avalanches: number, energy: Float64Array): SpectrumRow[] =>
    Array.from(spectrum.frequency, (frequency, m) =>
      rowOf(point, { octave, frequency, avalanches, energy: energy[m]! }),
    );
  return [
    ...rows(null, all, meanEnergy(spectrum)),
    ...[...spectrum.octaves].flatMap(([octave, { avalanches, energy }]) =>
      rows(
        octave,
        avalanches,
        energy.map((sum) => sum / avalanches),
      ),
    ),
  ];
}

function exponentRow({ ensemble, statistics, exponents, further, window }: Further): SpectrumExponentRow {
  const { estimate, standardError } = exponents.jackknife;
  return {
    ...pointOf(ensemble),
    spectral_exponent: orNull(further.estimate[names.spectral]),
    spectral_exponent_error: orNull(further.standardError[names.spectral]),
    gamma_spectrum: orNull(further.estimate[names.gamma]),
    gamma_spectrum_error: orNull(further.standardError[names.gamma]),
    gamma_scaling: orNull(estimate.gammaScaling),
    gamma_scaling_error: orNull(standardError.gammaScaling),
    gamma_collapse: orNull(estimate.gammaCollapse),
    gamma_collapse_error: orNull(standardError.gammaCollapse),
    duration_min: orNull(window.least),
    duration_max: orNull(window.most),
    avalanches: [...statistics.spectrum.octaves.values()].reduce((sum, { avalanches }) => sum + avalanches, 0),
  };
}

/** Rows of the tables `spectrum` and `spectrum_exponent`, of ensembles whose energies were taken. */
export function spectrumTables(analysed: readonly Further[]): SpectrumTables {
  const taken = analysed.filter(({ statistics }) => statistics.spectrum.octaves.size > 0);
  return { spectrum: taken.flatMap(rowsOf), spectrum_exponent: taken.map(exponentRow) };
}
