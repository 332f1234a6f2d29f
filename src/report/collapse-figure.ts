import { withError } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent, superscript } from './log-axis.ts';
import { type Series, seriesOf } from './series.ts';
import { durationUnit, sizeWords } from './size-words.ts';
import { estimateOf, groupRows, numberOf, type Row, rowsOf, type Tables } from './table-row.ts';
import { faint, ink, lineRamp, palette, themed } from './theme.ts';
import { thirds } from './thirds.ts';

/** What `collapseFigure` shows. */
export interface CollapseFigureOptions {
  /** Only this ensemble; all of them, one row of panels each, by default. */
  readonly ensemble?: number;
  /** Most profiles drawn an ensemble, spread evenly over log D; 12 by default. */
  readonly profiles?: number;
}

const separate = { scale: { color: 'independent' }, legend: { color: 'independent' } };
const size = { width: 215, height: 185 };
/** Panels of an ensemble. */
const columns = 3;

/** At most `most` durations, evenly spread over their logarithm, ends included. */
function spread(durations: readonly number[], most: number): number[] {
  const sorted = durations.toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (sorted.length <= most || first === undefined || last === undefined) return sorted;
  const chosen = new Set<number>();
  for (let i = 0; i < most; i++) {
    const aim = first * (last / first) ** (i / (most - 1));
    chosen.add(sorted.reduce((best, d) => (Math.abs(Math.log(d / aim)) < Math.abs(Math.log(best / aim)) ? d : best)));
  }
  return [...chosen];
}

interface Profile {
  readonly duration: number;
  readonly layer: number;
  readonly x: number;
  readonly strength: number;
  readonly rescaled: number;
}

function profilesOf(rows: readonly Row[], most: number): Profile[] {
  const byDuration = groupRows(rows, 'duration');
  return spread([...byDuration.keys()], most).flatMap((duration) =>
    (byDuration.get(duration) ?? []).map((row) => ({
      duration,
      layer: numberOf(row, 'x') * duration,
      x: numberOf(row, 'x'),
      strength: numberOf(row, 'strength'),
      rescaled: numberOf(row, 'rescaled'),
    })),
  );
}

function profilePanel(
  profiles: readonly Profile[],
  fields: readonly [x: 'layer' | 'x', y: 'strength' | 'rescaled'],
  titles: readonly [x: string, y: string],
  title: string | undefined,
  legend: object | null,
): Record<string, unknown> {
  // Strengths begin at 0, wherever they end, or panels couldn't be compared; small ones have their power of ten in the title.
  const highest = Math.max(...profiles.map((point) => point[fields[1]]));
  const power = highest > 0 ? Math.floor(Math.log10(highest)) : 0;
  const apart = power < -1 || power > 3;
  const durations = positiveExtent(profiles.map((p) => p.duration)) ?? [1, 10];
  const order = thirds(profiles.map((p) => p.duration));
  const ticks = [...new Set([durations[0], Math.round(Math.sqrt(durations[0] * durations[1])), durations[1]])];
  return {
    ...size,
    ...(title === undefined ? {} : { title }),
    data: {
      values: profiles.map(({ duration, layer, x, strength, rescaled }) => ({
        duration,
        layer,
        x,
        strength,
        rescaled,
        ...order.of(duration),
      })),
    },
    mark: { type: 'line', strokeWidth: 1.3, opacity: 0.9 },
    encoding: {
      x: { field: fields[0], type: 'quantitative', axis: { title: titles[0], tickCount: 5 } },
      y: {
        field: fields[1],
        type: 'quantitative',
        axis: {
          title: apart ? `${titles[1]} (10${superscript(power)})` : titles[1],
          tickCount: 5,
          ...(apart ? { labelExpr: `format(datum.value * 1e${-power}, '~g')` } : {}),
        },
        scale: { zero: true, nice: true },
      },
      detail: { field: 'duration' },
      strokeDash: order.channel,
      color: {
        field: 'duration',
        type: 'quantitative',
        scale: { type: 'log', range: lineRamp, domain: durations },
        legend: legend === null ? null : { title: 'D', values: ticks, format: 'd', gradientLength: 120, ...legend },
      },
    },
  };
}

function errorPanel(tables: Tables, one: Series): Record<string, unknown> | undefined {
  const curve = rowsOf(tables, 'collapse_error')
    .filter((row) => numberOf(row, 'ensemble') === one.ensemble)
    .map((row) => ({ gamma: numberOf(row, 'gamma'), nmse: numberOf(row, 'nmse') }))
    .filter((point) => Number.isFinite(point.gamma) && point.nmse > 0);
  const extent = positiveExtent(curve.map((point) => point.nmse));
  if (extent === undefined) return undefined;
  const best = curve.reduce((a, b) => (b.nmse < a.nmse ? b : a));
  const exponents = rowsOf(tables, 'exponents').find((row) => numberOf(row, 'ensemble') === one.ensemble);
  const optimum = estimateOf(exponents, 'gamma_collapse') ?? { value: best.gamma, error: Number.NaN };
  const forecast = estimateOf(exponents, 'gamma_predicted');
  const gammas = curve.map((point) => point.gamma);
  const domain = [Math.min(...gammas), Math.max(...gammas)];
  const within = (gamma: number): boolean => gamma >= (domain[0] ?? 0) && gamma <= (domain[1] ?? 0);
  const x = {
    field: 'gamma',
    type: 'quantitative',
    axis: { title: 'γ', tickCount: 5 },
    scale: { domain, zero: false },
  };
  const y = { field: 'nmse', type: 'quantitative', ...logChannel('Collapse error NMSE(γ)', extent, 4) };
  const rule = (gamma: number, strokeDash: number[], color: string): object => ({
    data: { values: [{ gamma }] },
    mark: { type: 'rule', strokeDash, color, strokeWidth: 1.1 },
    encoding: { x },
  });
  const title = [
    `γc = ${withError(optimum.value, optimum.error)}`,
    ...(forecast === undefined ? [] : [`predicted ${withError(forecast.value, forecast.error)}, dashed`]),
  ];
  return {
    ...size,
    title: { text: title, fontWeight: 'normal' },
    layer: [
      ...(within(optimum.value) ? [rule(optimum.value, [], faint)] : []),
      ...(forecast !== undefined && within(forecast.value) ? [rule(forecast.value, [5, 3], palette[1] ?? ink)] : []),
      {
        data: { values: curve },
        mark: { type: 'line', color: palette[0], strokeWidth: 1.6, clip: true },
        encoding: { x, y },
      },
      {
        data: { values: [best] },
        mark: { type: 'point', filled: true, color: palette[0], size: 45 },
        encoding: { x, y },
      },
    ],
  };
}

/** One row of panels for an ensemble: mean profiles, their collapse, the error curve. */
export function collapsePanels(
  tables: Tables,
  one: Series,
  options: CollapseFigureOptions = {},
): Record<string, unknown>[] {
  const rows = rowsOf(tables, 'collapse').filter((row) => numberOf(row, 'ensemble') === one.ensemble);
  const profiles = profilesOf(rows, options.profiles ?? 12);
  const error = errorPanel(tables, one);
  const { strength, symbol } = sizeWords(tables);
  const unit = durationUnit(tables);
  return [
    profilePanel(
      profiles,
      ['layer', 'strength'],
      [unit === 'step' ? 'Step l' : unit === '' ? 'Time' : 'Layer l', `Mean ${strength} ${symbol}`],
      one.label,
      null,
    ),
    profilePanel(
      profiles,
      ['x', 'rescaled'],
      [unit === '' ? 'Rescaled time' : `Rescaled ${unit} l/D`, `${symbol} / D^(γ−1)`],
      undefined,
      {
        orient: 'right',
      },
    ),
    ...(error === undefined ? [] : [error]),
  ];
}

/**
 * Shape collapse: mean profiles, the same rescaled, and the collapse error with its minimum; one row of panels an ensemble.
 * Reads `collapse` (ensemble, duration, x, strength, rescaled), `collapse_error` (ensemble, gamma, nmse) and `exponents`
 * (gamma_collapse, gamma_predicted and their errors).
 */
export function collapseFigure(tables: Tables, options: CollapseFigureOptions = {}): Figure {
  const name = 'collapse';
  const title = 'Shape collapse of avalanche profiles';
  const rows = rowsOf(tables, 'collapse');
  const series = seriesOf(tables, rows).filter(
    (s) => options.ensemble === undefined || s.ensemble === options.ensemble,
  );
  if (series.length === 0) {
    return emptyFigure(name, title, 'No profiles to draw: no duration had enough avalanches for a shape collapse.');
  }
  return {
    name,
    title,
    caption: `Left: mean ${sizeWords(tables).strength} along avalanches of equal duration D (colour; the shortest third solid, the middle dashed, the longest dotted). Middle: the same profiles, time in units of D and height divided by D^(γ−1) with γ = γc. Right: the mean squared deviation of the profiles from their mean as γ varies; its minimum is γc, with its standard error from halves of the data; dashed is what the crackling relation predicts. Strengths have no unit.`,
    spec: themed({
      // One grid, so that panels stand below each other whatever the labels of their axes.
      concat: series.flatMap((one) => {
        const row = collapsePanels(tables, one, options);
        return row.length === columns
          ? row
          : [...row, { ...size, data: { values: [] }, mark: 'point', view: { stroke: null } }];
      }),
      columns,
      spacing: 24,
      resolve: separate,
    }),
  };
}
