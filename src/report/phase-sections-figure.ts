import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { distinct } from './phase-plane.ts';
import { gridNumbers } from './quantity.ts';
import { estimateOf, numberOf, type Row } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

/** What `phaseSectionsFigure` shows. */
export interface PhaseSectionsOptions {
  /** Bias variances drawn at most: denser towards the smallest, where things change fastest. */
  readonly sections?: number;
}

interface Panel {
  /** Column of the theory's line, where there is one. */
  readonly theory?: string;
  readonly simulation: string;
  readonly title: string;
  readonly log: boolean;
}

const quantities: readonly Panel[] = [
  { theory: 's_star', simulation: 'strength', title: 'Signal strength s*', log: false },
  { theory: 'chi_weight_variance', simulation: 'susceptibility', title: 'Susceptibility ∂s*/∂σw²', log: true },
  { simulation: 'size_susceptibility', title: 'Size susceptibility d⟨S⟩/dσw²', log: true },
];

/** Some of the values, first and last among them. */
function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const at = (i: number): number => values[Math.round((i / (most - 1)) ** 2 * (values.length - 1))] ?? 0;
  return distinct(Array.from({ length: most }, (_, i) => at(i)));
}

/**
 * Sections of the phase diagram at constant σb²: signal strength, weight susceptibility and susceptibility of the mean avalanche size of
 * finite networks, with error bars of one standard error; lines are the mean-field theory, or join the points where it has nothing to say. Reads `phase` rows.
 */
export function phaseSectionsFigure(rows: readonly Row[], options: PhaseSectionsOptions = {}): Figure {
  const name = 'phase-sections';
  const title = 'Finite networks and mean-field theory';
  const biases = spread(distinct(rows.map((row) => numberOf(row, 'bias_variance'))), options.sections ?? 5);
  const shownBias = gridNumbers(biases);
  const label = (row: Row): string => `σb² = ${shownBias(numberOf(row, 'bias_variance'))}`;
  const chosen = rows.filter((row) => biases.includes(numberOf(row, 'bias_variance')));
  const names = biases.map((bias) => `σb² = ${shownBias(bias)}`);
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: seriesColors(names.length) },
    legend: { title: null, orient: 'bottom', columns: 6 },
  };
  const shape = { ...color, scale: { domain: names, range: seriesShapes(names.length) } };
  const panels = quantities.flatMap(({ theory, simulation, title: axisTitle, log }) => {
    const shown = (value: number): boolean => Number.isFinite(value) && (!log || value > 0);
    const points = chosen.flatMap((row) => {
      const estimate = estimateOf(row, simulation);
      if (estimate === undefined || !shown(estimate.value)) return [];
      const error = Number.isFinite(estimate.error) ? estimate.error : 0;
      const low = estimate.value - error;
      return [
        {
          x: numberOf(row, 'weight_variance'),
          y: estimate.value,
          low,
          high: estimate.value + error,
          series: label(row),
        },
      ];
    });
    const curve = chosen
      .map((row) => ({
        x: numberOf(row, 'weight_variance'),
        y: theory === undefined ? (estimateOf(row, simulation)?.value ?? Number.NaN) : numberOf(row, theory),
        series: label(row),
      }))
      .filter(({ y }) => shown(y));
    const extent = positiveExtent([...points, ...curve].map(({ y }) => y));
    if (points.length === 0 || extent === undefined) return [];
    // Exponentially small values of the absorbing phase would press the rest together.
    const floor = Math.max(extent[0], extent[1] / 20);
    const axis = log
      ? logChannel(axisTitle, [floor, extent[1]])
      : { axis: { title: axisTitle }, scale: { zero: true, nice: false, padding: 6 } };
    const x = {
      field: 'x',
      type: 'quantitative',
      scale: { zero: false, nice: false, padding: 8 },
      axis: { title: 'Weight variance σw²' },
    };
    const channel = { type: 'quantitative', ...axis };
    return [
      {
        width: 245,
        height: 215,
        encoding: { x, color },
        layer: [
          {
            data: { values: curve },
            mark: { type: 'line', strokeWidth: 1.5, clip: true },
            encoding: { y: { field: 'y', ...channel } },
          },
          {
            data: { values: points.filter(({ low, y }) => !log || (low >= floor && y > 0)) },
            mark: { type: 'rule', strokeWidth: 1, clip: true },
            encoding: { y: { field: 'low', ...channel }, y2: { field: 'high' } },
          },
          {
            data: { values: points.filter(({ y }) => !log || y >= floor) },
            mark: { type: 'point', filled: true, size: 22, opacity: 1, clip: true },
            encoding: { y: { field: 'y', ...channel }, shape },
          },
        ],
      },
    ];
  });
  if (panels.length === 0)
    return emptyFigure(name, title, 'No sections to draw: the phase table has no simulated values.');
  const width = numberOf(rows[0] ?? {}, 'width');
  return {
    name,
    title,
    caption: `Steady-state signal strength, weight susceptibility and susceptibility of the mean avalanche size along σw² at constant σb². Points: networks of N = ${width} with their standard error; lines: mean-field theory (N → ∞), for sizes from point to point.`,
    spec: themed({ concat: panels, columns: 3 }),
  };
}
