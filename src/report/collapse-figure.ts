import { withError } from './concise.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { plainNumber } from './quantity.ts';
import { type Series, seriesOf } from './series.ts';
import { sizeWords } from './size-words.ts';
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
const size = { width: 235, height: 200 };

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
  fields: readonly [x: string, y: string],
  titles: readonly [x: string, y: string],
  title: string | undefined,
  legend: object | null,
): Record<string, unknown> {
  const durations = positiveExtent(profiles.map((p) => p.duration)) ?? [1, 10];
  const order = thirds(profiles.map((p) => p.duration));
  const ticks = [...new Set([durations[0], Math.round(Math.sqrt(durations[0] * durations[1])), durations[1]])];
  return {
    ...size,
    ...(title === undefined ? {} : { title }),
    data: { values: profiles.map((point) => ({ ...point, ...order.of(point.duration) })) },
    mark: { type: 'line', strokeWidth: 1.3, opacity: 0.9 },
    encoding: {
      x: { field: fields[0], type: 'quantitative', axis: { title: titles[0], tickCount: 5 } },
      y: {
        field: fields[1],
        type: 'quantitative',
        axis: { title: titles[1], tickCount: 5 },
        scale: { zero: false, nice: true },
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
  const error = exponents === undefined ? Number.NaN : numberOf(exponents, 'gamma_collapse_curvature_error');
  const forecast = estimateOf(exponents, 'gamma_predicted');
  const gammas = curve.map((point) => point.gamma);
  const domain = [Math.min(...gammas), Math.max(...gammas)];
  const right = optimum.value > ((domain[0] ?? 0) + (domain[1] ?? 0)) / 2;
  const within = (gamma: number): boolean => gamma >= (domain[0] ?? 0) && gamma <= (domain[1] ?? 0);
  const top = extent[1] * (extent[1] / extent[0]) ** 0.4;
  const drop = (extent[0] / top) ** 0.09;
  const x = {
    field: 'gamma',
    type: 'quantitative',
    axis: { title: 'γ', tickCount: 5 },
    scale: { domain, zero: false },
  };
  const y = { field: 'nmse', type: 'quantitative', ...logChannel('Collapse error NMSE(γ)', [extent[0], top], 4) };
  const rule = (gamma: number, strokeDash: number[], color: string): object => ({
    data: { values: [{ gamma }] },
    mark: { type: 'rule', strokeDash, color, strokeWidth: 1.1 },
    encoding: { x },
  });
  const notes = [
    { label: `γc = ${withError(optimum.value, optimum.error)}`, color: ink },
    ...(Number.isFinite(error)
      ? [{ label: `±${plainNumber(Number(error.toPrecision(1)))} by curvature`, color: ink }]
      : []),
    ...(forecast === undefined
      ? []
      : [{ label: `predicted ${withError(forecast.value, forecast.error)}`, color: palette[1] ?? ink }]),
  ];
  const note = ({ label, color }: { label: string; color: string }, line: number): object => ({
    data: { values: [{ gamma: optimum.value, nmse: top * drop ** (line + 0.5), label }] },
    mark: { type: 'text', align: right ? 'right' : 'left', dx: right ? -8 : 8, color, fontSize: 11 },
    encoding: { x, y, text: { field: 'label' } },
  });
  return {
    ...size,
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
      ...notes.map(note),
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
  return [
    profilePanel(profiles, ['layer', 'strength'], ['Layer l', `Mean ${strength} ${symbol}`], one.label, null),
    profilePanel(
      profiles,
      ['x', 'rescaled'],
      ['Rescaled layer l/D', `Rescaled ${strength} ${symbol} / Dᵞ⁻¹`],
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
 * (gamma_collapse, gamma_predicted and their errors, gamma_collapse_curvature_error).
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
    caption: `Left: mean ${sizeWords(tables).strength} along avalanches of equal duration D (colour; the shortest third solid, the middle dashed, the longest dotted). Middle: the same profiles, time in units of D and height divided by D^(γ−1) with γ = γc. Right: the mean squared deviation of the profiles from their mean as γ varies; its minimum is γc, dashed is the crackling prediction.`,
    spec: themed({
      vconcat: series.map((one) => ({ hconcat: collapsePanels(tables, one, options), spacing: 24, resolve: separate })),
      resolve: separate,
    }),
  };
}
