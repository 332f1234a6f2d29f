import { signed } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { numberOf, type Row, textOf } from './table-row.ts';
import { faint, palette, themed } from './theme.ts';

/** Layers of a model from which single ticks and bars can't be told apart. */
const most = 200;

/**
 * Signal strength of every layer of a residual network at calibration: mean, thresholds θ_l = μ_l + k·sd_l (ticks), relative
 * spread below, and the kind of operation (colour); one pair of panels a model.
 * Reads calibration rows: model, layer, operation, mean, sd.
 * @param thresholds the k of the thresholds to draw
 */
export function calibrationFigure(rows: readonly Row[], thresholds: readonly number[] = [-1, 0, 1, 2]): Figure {
  const name = 'calibration';
  const title = 'Signal strength per layer at calibration';
  const points = rows
    .map((row) => ({
      model: textOf(row, 'model'),
      layer: numberOf(row, 'layer'),
      operation: textOf(row, 'operation'),
      mean: numberOf(row, 'mean'),
      sd: numberOf(row, 'sd'),
    }))
    .filter((point) => Number.isFinite(point.layer) && point.mean > 0)
    .sort((a, b) => a.layer - b.layer);
  if (points.length === 0) return emptyFigure(name, title, 'No layers to draw: the calibration table has no rows.');
  const operations = [...new Set(points.map((point) => point.operation))];
  const color = {
    field: 'operation',
    type: 'nominal',
    scale: { domain: operations, range: operations.map((_, i) => palette[i % palette.length]) },
    legend: { title: 'Operation', orient: 'right' },
  };
  const away = thresholds.filter((k) => k !== 0);
  const [lowest, highest] = [Math.min(0, ...away), Math.max(0, ...away)];
  const width = 640;
  const panels = [...new Set(points.map((point) => point.model))].flatMap((model) => {
    const own = points.filter((point) => point.model === model);
    const extent = positiveExtent(
      own.flatMap((p) => [p.mean, ...thresholds.map((k) => p.mean + k * p.sd)]).filter((v) => v > 0),
    )!;
    const bars = own.map((p) => ({
      ...p,
      low: Math.max(p.mean + lowest * p.sd, extent[0]),
      high: p.mean + highest * p.sd,
    }));
    const crowded = own.length > most;
    const ticks = (crowded ? [] : away)
      .flatMap((k) => own.map((p) => ({ ...p, theta: p.mean + k * p.sd })))
      .filter((p) => p.theta > 0);
    const x = {
      field: 'layer',
      type: 'quantitative',
      axis: { title: 'Layer l', tickCount: 10, grid: false },
      scale: { domain: [(own[0]?.layer ?? 0) - 1, (own.at(-1)?.layer ?? 1) + 1], nice: false, zero: false, padding: 0 },
    };
    const y = { type: 'quantitative', ...logChannel('Signal strength s', extent, 5) };
    const size = Math.max(8, Math.min(40, (1400 * 2) / own.length));
    return [
      {
        title: model,
        width,
        height: 180,
        encoding: { x: { ...x, axis: { ...x.axis, title: null, labels: false } } },
        layer: [
          {
            data: { values: own },
            mark: { type: 'line', color: '#c4c4c4', strokeWidth: 0.8 },
            encoding: { y: { ...y, field: 'mean' } },
          },
          {
            data: { values: bars },
            mark: { type: 'rule', strokeWidth: 1.1, clip: true },
            encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
          },
          ...(ticks.length === 0
            ? []
            : [
                {
                  data: { values: ticks },
                  mark: { type: 'tick', orient: 'horizontal', size: 5, thickness: 1, clip: true },
                  encoding: { y: { ...y, field: 'theta' }, color },
                },
              ]),
          {
            data: { values: own },
            mark: { type: 'point', filled: true, size, opacity: 1 },
            encoding: { y: { ...y, field: 'mean' }, color },
          },
        ],
      },
      {
        width,
        height: 70,
        data: { values: own.map((p) => ({ layer: p.layer, operation: p.operation, spread: p.sd / p.mean })) },
        mark: crowded
          ? { type: 'line', color: faint, strokeWidth: 1 }
          : { type: 'bar', width: Math.max(1, Math.min(6, (0.7 * width) / (own.length + 2))) },
        encoding: {
          x,
          y: {
            field: 'spread',
            type: 'quantitative',
            scale: { zero: true },
            axis: { title: 'sd / mean', tickCount: 3, format: '~g' },
          },
          ...(crowded ? {} : { color }),
        },
      },
    ];
  });
  const named = away.map((k) => signed(String(k))).join(', ');
  return {
    name,
    title,
    caption: `Signal strength of every layer over the calibration inputs: mean μ (points, coloured by operation) and, where k isn't 0, the thresholds μ + k·sd that avalanches are held against (ends of the strokes, k = ${named}). Below: standard deviation over mean.`,
    spec: themed({ vconcat: panels, spacing: 12, resolve: { scale: { color: 'shared' } } }),
  };
}
