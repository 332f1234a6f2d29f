import { withError } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { legendIn, seriesChannels, seriesOf } from './series.ts';
import { estimateOf, numberOf, rowsOf, type Tables } from './table-row.ts';
import { panelSize, themed } from './theme.ts';

/** Power spectrum of the avalanche signal. Reads `spectrum`, `spectrum_exponent`, `ensemble`. */
export function spectrumFigure(tables: Tables): Figure {
  const name = 'spectrum';
  const title = 'Power spectrum of the avalanche signal';
  const rows = rowsOf(tables, 'spectrum').filter((row) => !Number.isFinite(numberOf(row, 'octave')));
  const points = rows
    .map((row) => ({
      ensemble: numberOf(row, 'ensemble'),
      frequency: numberOf(row, 'frequency'),
      energy: numberOf(row, 'energy'),
    }))
    .filter(({ energy }) => energy > 0);
  const [across, up] = [positiveExtent(points.map((p) => p.frequency)), positiveExtent(points.map((p) => p.energy))];
  if (across === undefined || up === undefined) {
    return emptyFigure(name, title, 'No spectrum to draw: no avalanche had its energies taken.');
  }
  const series = seriesOf(tables, rows);
  const texts = series.map(({ ensemble, label }) => {
    const own = rowsOf(tables, 'spectrum_exponent').find((row) => numberOf(row, 'ensemble') === ensemble);
    const [b, gamma] = [estimateOf(own, 'spectral_exponent'), estimateOf(own, 'gamma_spectrum')];
    const parts = [
      b === undefined ? '' : `b = ${withError(b.value, b.error)}`,
      gamma === undefined ? '' : `γ = ${withError(gamma.value, gamma.error)}`,
    ];
    return [label, ...parts.filter((part) => part !== '')].join(', ');
  });
  const { color, shape } = seriesChannels(series, texts, legendIn('bottom-left', texts));
  const drawn = points.flatMap(({ ensemble, ...point }) => {
    const at = series.findIndex((one) => one.ensemble === ensemble);
    return at < 0 ? [] : [{ ...point, series: texts[at]! }];
  });
  return {
    name,
    title,
    caption:
      "Mean energy of an avalanche's excess over the threshold against frequency, E(f) = ⟨|Σ_l N·(s_l − θ)·exp(2πi·f·l)|²⟩, which has no unit as sizes have none, with b of f^−b between the inverse durations of the fit window, and γ from how energies grow with duration, D^2γ at fixed f·D. b = γ is expected for multiplicative noise, b = 2 for additive noise.",
    spec: themed({
      ...panelSize,
      data: { values: drawn },
      encoding: {
        x: { field: 'frequency', type: 'quantitative', ...logChannel('Frequency f (1/layer)', across, 5) },
        y: { field: 'energy', type: 'quantitative', ...logChannel('Mean energy of an avalanche E(f)', up, 6) },
        color,
      },
      layer: [
        { mark: { type: 'line', strokeWidth: 1.2, opacity: 0.8 } },
        { mark: { type: 'point', filled: true, size: 30, opacity: 1 }, encoding: { shape } },
      ],
    }),
  };
}
