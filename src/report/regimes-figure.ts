import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { seriesOf } from './series.ts';
import { groupRows, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { ink, themed } from './theme.ts';

/** What `regimesFigure` shows. */
export interface RegimesOptions {
  /** Single traces drawn in each panel. */
  readonly traces?: number;
  /** Layers drawn of each trace; longer ones are thinned out evenly. */
  readonly points?: number;
}

interface Point {
  readonly layer: number;
  readonly strength: number;
}

const sample = 'single networks';
const average = 'root mean square';
const theory = 'mean-field recursion';

const pointsOf = (rows: readonly Row[]): Point[] =>
  rows
    .map((row) => ({ layer: numberOf(row, 'layer'), strength: numberOf(row, 'strength') }))
    .filter(({ layer, strength }) => Number.isFinite(layer) && strength > 0 && Number.isFinite(strength))
    .sort((a, b) => a.layer - b.layer);

const thin = (points: readonly Point[], most: number): Point[] => {
  const step = Math.ceil(points.length / most);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
};

/**
 * Signal strength against layer, one panel an ensemble (subcritical, near-critical, supercritical): single traces, their root mean square
 * and the mean-field recursion on top. Reads `regime`.
 */
export function regimesFigure(tables: Tables, options: RegimesOptions = {}): Figure {
  const name = 'regimes';
  const title = 'Signal strength through the layers';
  const rows = rowsOf(tables, 'regime');
  const most = options.points ?? 400;
  const panels = seriesOf(tables, rows).map(({ ensemble, label }) => {
    const own = rows.filter((row) => numberOf(row, 'ensemble') === ensemble);
    const of = (series: string): Row[] => own.filter((row) => textOf(row, 'series') === series);
    const traces = [...groupRows(of('trace'), 'perturbation')].slice(0, options.traces ?? 20);
    const curves = [
      ...traces.map(([trace, found]) => ({ kind: sample, trace: `${trace}`, points: thin(pointsOf(found), most) })),
      { kind: average, trace: average, points: thin(pointsOf(of('mean')), most) },
      { kind: theory, trace: theory, points: thin(pointsOf(of('recursion')), most) },
    ];
    const values = curves.flatMap(({ kind, trace, points }) => points.map((point) => ({ ...point, kind, trace })));
    return { label, values };
  });
  const extent = positiveExtent(panels.flatMap(({ values }) => values.map((point) => point.strength)));
  if (extent === undefined) return emptyFigure(name, title, 'No traces to draw: the regime table has no rows.');
  const looks = [
    { kind: sample, stroke: '#9ecae1', strokeWidth: 0.6, dash: [] },
    { kind: average, stroke: '#0072B2', strokeWidth: 2.6, dash: [] },
    { kind: theory, stroke: ink, strokeWidth: 1.6, dash: [6, 4] },
  ];
  const color = {
    field: 'kind',
    type: 'nominal',
    scale: { domain: looks.map(({ kind }) => kind), range: looks.map(({ stroke }) => stroke) },
    legend: { title: null, orient: 'bottom', symbolType: 'stroke', symbolSize: 500, symbolStrokeWidth: 2 },
  };
  const strokeDash = { ...color, scale: { domain: color.scale.domain, range: looks.map(({ dash }) => dash) } };
  const views = panels.map(({ label, values }, i) => ({
    title: label,
    width: 235,
    height: 215,
    encoding: {
      x: { field: 'layer', type: 'quantitative', axis: { title: 'Layer', tickCount: 6 }, scale: { nice: false } },
      y: { field: 'strength', type: 'quantitative', ...logChannel(i === 0 ? 'Signal strength s' : '', extent) },
      detail: { field: 'trace' },
      order: { field: 'layer', type: 'quantitative' },
      color,
      strokeDash,
    },
    layer: looks.map(({ kind, strokeWidth }) => ({
      data: { values: values.filter((point) => point.kind === kind) },
      mark: { type: 'line', clip: true, strokeWidth },
    })),
  }));
  return {
    name,
    title,
    caption:
      "Signal strength s, the root mean square of a layer's pre-activations, of single perturbations against the layer (thin), their root mean square over networks (thick) and the mean-field recursion (dashed), below, near and above criticality.",
    spec: themed({ concat: views, columns: 3 }),
  };
}
