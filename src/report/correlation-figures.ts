import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { distinct } from './phase-plane.ts';
import { correlationNumber, plainNumber } from './quantity.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables } from './table-row.ts';
import { faint, ink, panelSize, seriesColors, seriesShapes, themed } from './theme.ts';

const inputText = (row: Row): string => `c₀ = ${correlationNumber(numberOf(row, 'input_correlation'))}`;

const bars = (row: Row, name: string): { y: number; low: number; high: number } | undefined => {
  const found = estimateOf(row, name);
  if (found === undefined) return undefined;
  const error = Number.isFinite(found.error) ? found.error : 0;
  return { y: found.value, low: found.value - error, high: found.value + error };
};

/** Colours and shapes of the input correlations, and entries of the legend for what is drawn as a stroke. */
function inputChannels(
  rows: readonly Row[],
  others: readonly { readonly name: string; readonly color: string }[] = [],
): { color: Record<string, unknown>; shape: Record<string, unknown> } {
  const inputs = distinct(rows.map((row) => numberOf(row, 'input_correlation'))).map(
    (c) => `c₀ = ${correlationNumber(c)}`,
  );
  const names = [...inputs, ...others.map(({ name }) => name)];
  const channel = (range: string[]) => ({
    field: 'input',
    type: 'nominal',
    scale: { domain: names, range },
    legend: { title: null, orient: 'bottom', columns: 2 },
  });
  return {
    color: channel([...seriesColors(inputs.length), ...others.map(({ color }) => color)]),
    shape: channel([...seriesShapes(inputs.length), ...others.map(() => 'stroke')]),
  };
}

/** Layers from the first on whose points are all drawn, and points of the rest at most: more can't be told apart. */
const [dense, sparse] = [12, 25];
/** Pieces of the line of the recursion at most, of a panel of 210 pixels. */
const fine = 400;
/** Panels side by side. */
const columns = 4;

/**
 * Correlation of two inputs against the layer, one panel a point of the phase diagram: means over networks with one standard error, and the mean-field
 * recursion as a line. Reads `correlation_layer`.
 */
export function correlationDecayFigure(tables: Tables): Figure {
  const name = 'correlation-decay';
  const title = 'Correlation of two inputs of the same network';
  const rows = rowsOf(tables, 'correlation_layer').filter((row) => Number.isFinite(numberOf(row, 'correlation')));
  if (rows.length === 0)
    return emptyFigure(name, title, 'No correlations to draw: the correlation_layer table has no rows.');
  const { color, shape } = inputChannels(rows);
  const points = new Map<string, Row[]>();
  for (const row of rows) {
    const text = `σw² = ${plainNumber(numberOf(row, 'weight_variance'))}, σb² = ${plainNumber(numberOf(row, 'bias_variance'))}`;
    const group = points.get(text) ?? [];
    points.set(text, group);
    group.push(row);
  }
  // One range for all panels, with room for the symbols at its ends.
  let [least, most, deepest] = [0, 1, 0];
  for (const row of rows) {
    deepest = Math.max(deepest, numberOf(row, 'layer'));
    for (const c of [numberOf(row, 'correlation'), numberOf(row, 'recursion')]) {
      if (Number.isFinite(c)) [least, most] = [Math.min(least, c), Math.max(most, c)];
    }
  }
  const room = 0.03 * (most - least);
  const domain = [least - room, most + room];
  const every = Math.ceil(deepest / sparse);
  const step = Math.ceil(deepest / fine);
  const panels = [...points].map(([text, group], i) => {
    const drawn = (layer: number): boolean => layer <= dense || layer % step === 0 || layer % every === 0;
    const all = group
      .filter((row) => drawn(numberOf(row, 'layer')))
      .map((row) => ({
        layer: numberOf(row, 'layer'),
        input: inputText(row),
        theory: numberOf(row, 'recursion'),
        ...bars(row, 'correlation'),
      }));
    const values = all.filter(({ layer }) => layer <= dense || layer % every === 0);
    const y = {
      type: 'quantitative',
      scale: { domain, nice: false },
      axis: { title: i % columns === 0 ? 'Correlation c' : '' },
    };
    return {
      title: text,
      width: 194,
      height: 165,
      encoding: {
        x: {
          field: 'layer',
          type: 'quantitative',
          axis: { title: 'Layer', tickCount: 5 },
          scale: { nice: false, padding: 5 },
        },
        color,
      },
      layer: [
        {
          data: { values: all.filter(({ theory }) => Number.isFinite(theory)) },
          mark: { type: 'line', strokeWidth: 1.4 },
          encoding: { y: { field: 'theory', ...y } },
        },
        {
          data: { values },
          mark: { type: 'rule', strokeWidth: 0.8 },
          encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 12, opacity: 1 },
          encoding: { y: { field: 'y', ...y }, shape },
        },
      ],
    };
  });
  return {
    name,
    title,
    caption: `Correlation of two inputs against the layer, started at the mean-field signal strength. Points: mean over networks with its standard error${every > 1 ? `, at every layer up to ${dense} and every ${every}th from there` : ''}; lines: mean-field correlation map.`,
    spec: themed({ concat: panels, columns, spacing: 16 }),
  };
}

/**
 * From the smallest length shown to the largest: all that was measured, and of the theory what lies within a decade of that, so that a divergence leaves room
 * for the points; where nothing of a curve does, as far as its nearest point.
 */
function lengthsShown(
  measured: readonly number[],
  same: readonly number[],
  curves: readonly (readonly number[])[],
): readonly [number, number] | undefined {
  const points = positiveExtent(measured);
  if (points === undefined) return undefined;
  const away = (length: number): number => Math.max(points[0] / length, length / points[1]);
  const seen = [...same.map((one) => [one]), ...curves].flatMap((lengths) => {
    const own = lengths.filter((length) => length > 0 && Number.isFinite(length));
    const near = own.filter((length) => away(length) <= 10);
    return near.length > 0 || own.length === 0 ? near : [own.reduce((a, b) => (away(b) < away(a) ? b : a))];
  });
  return positiveExtent([...points, ...seen]);
}

/**
 * Decay length of the correlation against σw², with the depth scale ξ_c of the theory as a line, one panel a bias variance. Reads
 * `correlation_depth` and `meanfield`.
 */
export function correlationDepthsFigure(tables: Tables): Figure {
  const name = 'correlation-depth';
  const title = 'Decay length of the correlation';
  const rows = rowsOf(tables, 'correlation_depth');
  const theory = rowsOf(tables, 'meanfield');
  const fitted = rows.filter((row) => numberOf(row, 'decay_length') > 0);
  const biases = distinct(rows.map((row) => numberOf(row, 'bias_variance')));
  const curves = biases.map((bias) =>
    theory
      .filter((row) => numberOf(row, 'bias_variance') === bias)
      .filter((row) => numberOf(row, 'xi_c') > 0 && !Number.isNaN(numberOf(row, 'c_star')))
      .map((row) => ({ x: numberOf(row, 'weight_variance'), y: Math.min(numberOf(row, 'xi_c'), 1e9) })),
  );
  const extent = lengthsShown(
    fitted.map((row) => numberOf(row, 'decay_length')),
    fitted.map((row) => numberOf(row, 'decay_length_recursion')),
    curves.map((curve) => curve.map((one) => one.y)),
  );
  if (extent === undefined) return emptyFigure(name, title, 'No decay length to draw: none could be fitted.');
  const [sameFit, depth] = ['correlation map, same fit', 'depth scale of the theory'];
  const { color, shape } = inputChannels(fitted, [
    { name: sameFit, color: faint },
    { name: depth, color: ink },
  ]);
  const y = logChannel('Decay length (layers)', [extent[0] / 1.5, extent[1] * 2]);
  const x = {
    field: 'x',
    type: 'quantitative',
    scale: { zero: false, nice: false, padding: 14 },
    axis: { title: 'Weight variance σw²' },
  };
  const panels = biases.map((bias, i) => {
    const here = (row: Row): boolean => numberOf(row, 'bias_variance') === bias;
    const values = fitted.filter(here).map((row) => ({
      x: numberOf(row, 'weight_variance'),
      input: inputText(row),
      same: numberOf(row, 'decay_length_recursion'),
      as: sameFit,
      ...bars(row, 'decay_length'),
    }));
    return {
      title: `σb² = ${plainNumber(bias)}`,
      ...panelSize,
      layer: [
        {
          data: { values: curves[i] ?? [] },
          mark: { type: 'line', strokeWidth: 1.4, color: ink, clip: true },
          encoding: { x, y: { field: 'y', type: 'quantitative', ...y } },
        },
        {
          data: { values: values.filter(({ low }) => Number(low) > 0) },
          mark: { type: 'rule', strokeWidth: 1, clip: true },
          encoding: { x, y: { field: 'low', type: 'quantitative', ...y }, y2: { field: 'high' }, color },
        },
        {
          data: { values: values.filter(({ same }) => same > 0) },
          mark: { type: 'point', size: 260, strokeWidth: 1.6, clip: true },
          encoding: { x, y: { field: 'same', type: 'quantitative', ...y }, color, shape: { ...shape, field: 'as' } },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 42, opacity: 1, clip: true },
          encoding: { x, y: { field: 'y', type: 'quantitative', ...y }, color, shape },
        },
      ],
    };
  });
  return {
    name,
    title,
    caption:
      "Decay length of the correlation's distance from its limit c*, fitted to networks of finite width, with jackknife errors, against the weight variance. Strokes: the same fit to the mean-field recursion, over the same layers. Line: depth scale of the theory, which diverges at the edge of chaos.",
    spec: themed({ concat: panels, columns: 2 }),
  };
}
