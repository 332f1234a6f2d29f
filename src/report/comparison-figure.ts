import { withError } from './concise.ts';
import type { Figure } from './figure.ts';
import { thin } from './fit-figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { modelCurve } from './model-curve.ts';
import { palette, themed } from './theme.ts';

/** One of two samples as it is drawn. */
export interface DrawnSample {
  readonly name: string;
  readonly values: Float64Array;
  readonly exponent: number;
  readonly error: number;
}

/** What two samples are drawn with. */
export interface ComparisonFigureOptions {
  readonly column: string;
  readonly discrete: boolean;
  /** What discrete values are multiples of. */
  readonly step: number;
  readonly xmin: number;
  readonly xmax: number | null;
}

/** Two samples between their common cutoffs: the share of the values there at or above each, with the power law of either. */
export function comparisonFigure(samples: readonly DrawnSample[], options: ComparisonFigureOptions): Figure {
  const { column, discrete, step, xmin, xmax } = options;
  const most = xmax ?? Infinity;
  const drawn = samples.map(({ name, values, exponent, error }) => {
    const inside = values.filter((x) => x >= xmin && x <= most).sort();
    const steps: { x: number; y: number }[] = [];
    inside.forEach((x, i) => {
      if (x !== inside[i - 1]) steps.push({ x, y: 1 - i / inside.length });
    });
    const law = { model: 'power_law', parameters: { exponent }, xmin: xmin / step, xmax: most / step, discrete };
    const line = modelCurve(law, inside.at(-1)! / step).map(({ x, ccdf }) => ({ x: x * step, y: ccdf }));
    return { sample: `${name}, ${withError(exponent, error)}`, points: thin(steps), line: thin(line, 300) };
  });
  const all = drawn.flatMap(({ points }) => points);
  const x = { field: 'x', type: 'quantitative', ...logChannel(column, positiveExtent(all.map((point) => point.x))!) };
  const extent = positiveExtent(all.map((point) => point.y))!;
  const y = { field: 'y', type: 'quantitative', ...logChannel(`P(X ≥ ${column})`, extent) };
  const color = {
    field: 'sample',
    type: 'nominal',
    scale: { domain: drawn.map(({ sample }) => sample), range: [palette[0], palette[1]] },
    legend: { title: null, orient: 'right' },
  };
  const rows = (part: 'points' | 'line') =>
    drawn.flatMap(({ sample, ...own }) =>
      own[part].filter((point) => point.y > extent[0] / 100).map((point) => ({ ...point, sample })),
    );
  return {
    name: 'comparison',
    title: `${column} of two samples`,
    caption:
      'Share of the values between the common cutoffs that lie at or above a value, of either sample, with its maximum-likelihood power law.',
    spec: themed({
      width: 330,
      height: 270,
      encoding: { x, y, color },
      layer: [
        { data: { values: rows('points') }, mark: { type: 'point', filled: true, size: 20, opacity: 0.7, clip: true } },
        { data: { values: rows('line') }, mark: { type: 'line', strokeWidth: 1.8, clip: true } },
      ],
    }),
  };
}
