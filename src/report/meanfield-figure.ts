import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { phaseMapFigure } from './phase-figures.ts';
import { curveLayers, distinct, planeChannels } from './phase-plane.ts';
import { plainNumber } from './quantity.ts';
import { numberOf, type Row } from './table-row.ts';
import { panelSize, seriesColors, themed } from './theme.ts';

const gridFrom = 8;
/** Values of a sweep up to which each is marked: a single one makes no line. */
const fewPoints = 12;

/**
 * The figure of a mean-field calculation: heat maps for a grid of at least 8 × 8 points, curves against one variance for a sweep,
 * the plane with its curves where there are no points.
 * @param rows of `meanfield`
 * @param curves rows of `phase_curve`
 */
export function meanFieldFigure(rows: readonly Row[], curves: readonly Row[]): Figure {
  if (rows.length === 0) return curveFigure(curves);
  const weights = distinct(rows.map((row) => numberOf(row, 'weight_variance')));
  const biases = distinct(rows.map((row) => numberOf(row, 'bias_variance')));
  const title = `Mean-field theory, ${String(rows[0]?.activation ?? '')}`;
  if (weights.length >= gridFrom && biases.length >= gridFrom)
    return phaseMapFigure(rows, { name: 'meanfield', title, curves });
  return sweepFigure(rows, title, weights.length >= biases.length);
}

function curveFigure(curves: readonly Row[]): Figure {
  const name = 'phase-curves';
  const title = 'Curves of the phase diagram';
  const extent = (column: string): [number, number] => {
    const values = curves.map((row) => numberOf(row, column)).filter(Number.isFinite);
    return [Math.min(...values), Math.max(...values)];
  };
  const [weight, bias] = [extent('weight_variance'), extent('bias_variance')];
  if (!(bias[0] <= bias[1]))
    return emptyFigure(name, title, 'No curve to draw: there is none at these bias variances.');
  // Ridges that run off to large weights would press the others together.
  const most = Math.min(
    weight[1],
    3 *
      Math.max(
        ...curves.filter((row) => row.curve === 'edge-of-chaos').map((row) => numberOf(row, 'weight_variance')),
        weight[0],
      ),
  );
  const pad = 0.05 * (most - weight[0] || 1);
  const channels = planeChannels(
    [Math.max(0, weight[0] - pad), most + pad],
    [bias[0], bias[1] > bias[0] ? bias[1] : bias[0] + 1],
  );
  return {
    name,
    title,
    caption:
      'Edge of chaos and Widom-like lines (maxima of the weight susceptibility at fixed bias variance) of the mean-field theory.',
    spec: themed({ ...panelSize, layer: curveLayers(curves, channels, false) }),
  };
}

interface Panel {
  readonly column: string;
  readonly title: string;
  readonly log: boolean;
}

const quantities: readonly Panel[] = [
  { column: 's_star', title: 'Signal strength s*', log: false },
  { column: 'chi_weight_variance', title: 'Susceptibility ∂s*/∂σw²', log: true },
  { column: 'chi_1', title: 'Stretch χ₁', log: false },
  { column: 'xi_c', title: 'Correlation depth (layers)', log: true },
];

function sweepFigure(rows: readonly Row[], title: string, overWeight: boolean): Figure {
  const name = 'meanfield';
  const [along, across] = overWeight ? ['weight_variance', 'bias_variance'] : ['bias_variance', 'weight_variance'];
  const symbol = overWeight ? 'σb²' : 'σw²';
  const others = distinct(rows.map((row) => numberOf(row, across)));
  const names = others.map((value) => `${symbol} = ${plainNumber(value)}`);
  const points = distinct(rows.map((row) => numberOf(row, along))).length;
  const point = points <= fewPoints;
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range: seriesColors(names.length) },
    legend: names.length > 1 ? { title: null, orient: 'bottom', columns: 6 } : null,
  };
  const panels = quantities.flatMap(({ column, title: axisTitle, log }) => {
    // Where there is no value a line breaks: left out, points on either side would be joined.
    const values = rows.map((row) => {
      const y = numberOf(row, column);
      return {
        x: numberOf(row, along),
        y: Number.isFinite(y) && (!log || y > 0) ? y : null,
        series: `${symbol} = ${plainNumber(numberOf(row, across))}`,
      };
    });
    const drawn = values.flatMap(({ y }) => y ?? []);
    const extent = positiveExtent(drawn);
    if (drawn.length === 0 || (log && extent === undefined)) return [];
    const y =
      log && extent !== undefined
        ? logChannel(axisTitle, extent)
        : { axis: { title: axisTitle }, scale: { zero: false } };
    return [
      {
        width: 320,
        height: 220,
        data: { values },
        mark: { type: 'line', strokeWidth: 1.6, invalid: 'break-paths-filter-domains', point },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            scale: { zero: false, nice: false, padding: point ? 6 : 0 },
            axis: {
              title: overWeight ? 'Weight variance σw²' : 'Bias variance σb²',
              ...(points > 1 ? {} : { format: '~g' }),
            },
          },
          y: { field: 'y', type: 'quantitative', ...y },
          color,
        },
      },
    ];
  });
  if (panels.length === 0) return emptyFigure(name, title, 'Nothing to draw: no quantity has a finite value here.');
  return {
    name,
    title,
    caption:
      'Signal strength, weight susceptibility, mean squared stretch χ₁ and correlation depth of the mean-field theory against one variance. Lines break where a quantity diverges or is not defined.',
    spec: themed({ title, concat: panels, columns: 2 }),
  };
}
