import { apartWords, isApart } from './apart.ts';
import { withError } from './concise.ts';
import { distributionPanel } from './distribution-figure.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { scalingPanel } from './scaling-figure.ts';
import { type GammaFit, gammaWords, kindOfSize, sizeWords } from './size-words.ts';
import { estimateOf, numberOf, type Row, rowsOf, type Tables, textOf } from './table-row.ts';
import { palette, shapes, themed } from './theme.ts';

interface Kind {
  readonly column: string;
  readonly label: string;
}

/** Kinds of estimates that share a panel. */
interface Panel {
  readonly title: string;
  readonly axis: string;
  readonly kinds: readonly Kind[];
}

const panelsOf = (fit: GammaFit): readonly Panel[] => [
  { title: 'Sizes', axis: 'Exponent τ', kinds: [{ column: 'tau', label: 'τ' }] },
  { title: 'Durations', axis: 'Exponent α', kinds: [{ column: 'alpha', label: 'α' }] },
  {
    title: 'Mean size against duration',
    axis: 'Exponent γ',
    kinds: [
      { column: 'gamma_scaling', label: `γ, ${gammaWords(fit).one}` },
      { column: 'gamma_collapse', label: 'γc, collapse' },
      { column: 'gamma_predicted', label: '(α − 1)/(τ − 1)' },
    ],
  },
  { title: 'Signal at the next layer', axis: 'Branching ratio m', kinds: [{ column: 'branching_ratio', label: 'm' }] },
];

interface Mark {
  readonly inverse: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly series: string;
}

function mark(inverse: number, value: number, error: number, series: string): Mark {
  const half = Number.isFinite(error) ? error : 0;
  return { inverse, value, low: value - half, high: value + half, series };
}

/** Whether a fit's χ² lies more than three of its standard deviations above what is expected. */
function failed(fit: Row): boolean {
  const freedom = numberOf(fit, 'degrees_of_freedom');
  return numberOf(fit, 'chi_square') > freedom + 3 * Math.sqrt(2 * freedom);
}

/** Estimates of some kinds against 1/N with their extrapolated lines; undefined where no ensemble has them. */
function exponentPanel(
  tables: Tables,
  { title, axis, kinds }: Panel,
  size: object,
): Record<string, unknown> | undefined {
  const rows = rowsOf(tables, 'exponents').filter((row) => numberOf(row, 'width') > 0);
  const fitOf = (column: string, approach: string): Row | undefined =>
    rowsOf(tables, 'extrapolation').find(
      (row) => textOf(row, 'exponent') === column && textOf(row, 'approach') === approach,
    );
  const largest = Math.max(...rows.map((row) => 1 / numberOf(row, 'width')));
  const found = kinds.filter(({ column }) => rows.some((row) => estimateOf(row, column) !== undefined));
  if (found.length === 0) return undefined;
  const points: Mark[] = [];
  const ends: Mark[] = [];
  const drawn: { inverse: number; value: number; series: string }[] = [];
  const curves: typeof drawn = [];
  const texts: string[] = [];
  found.forEach(({ column, label }, i) => {
    const line = fitOf(column, 'line');
    const root = line !== undefined && failed(line) ? fitOf(column, 'root') : undefined;
    const intercept = estimateOf(line, 'intercept');
    const bent = estimateOf(root, 'intercept');
    const limit = intercept === undefined ? '' : ` → ${withError(intercept.value, intercept.error)}`;
    const dashed = bent === undefined ? '' : `, dashed → ${withError(bent.value, bent.error)}`;
    const series = `${label}${limit}${dashed}`;
    const shift = (i - (found.length - 1) / 2) * 0.018 * largest;
    texts.push(series);
    for (const row of rows) {
      const estimate = estimateOf(row, column);
      if (estimate !== undefined)
        points.push(mark(1 / numberOf(row, 'width') + shift, estimate.value, estimate.error, series));
    }
    const slope = line === undefined ? Number.NaN : numberOf(line, 'slope');
    if (intercept === undefined || !Number.isFinite(slope)) return;
    ends.push(mark(shift, intercept.value, intercept.error, series));
    for (const inverse of [0, largest * 1.04])
      drawn.push({ inverse, value: intercept.value + slope * inverse, series });
    if (root === undefined || bent === undefined) return;
    ends.push(mark(shift, bent.value, bent.error, series));
    for (let i = 0; i <= 40; i++) {
      const inverse = largest * 1.04 * (i / 40) ** 2;
      const value = bent.value + numberOf(root, 'root') * Math.sqrt(inverse) + numberOf(root, 'slope') * inverse;
      curves.push({ inverse, value, series });
    }
  });
  const channel = (range: readonly string[], legend: object | null): object => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: texts, range: range.slice(0, texts.length) },
    legend,
  });
  const legend = { title: null, orient: 'top', direction: 'vertical', offset: 4, padding: 0 };
  const color = channel(palette, legend);
  const shape = channel(shapes, legend);
  const x = {
    field: 'inverse',
    type: 'quantitative',
    scale: { domain: [-0.04 * largest, 1.1 * largest], nice: false },
    axis: { title: found.length > 1 ? '1/N (symbols of one N side by side)' : '1/N', tickCount: 4, format: '~g' },
  };
  const y = {
    field: 'value',
    type: 'quantitative',
    scale: { zero: false, padding: 12 },
    axis: { title: axis, tickCount: 6 },
  };
  const bars = { y: { ...y, field: 'low' }, y2: { field: 'high' }, color };
  return {
    ...size,
    title,
    encoding: { x },
    layer: [
      { data: { values: drawn }, mark: { type: 'line', strokeWidth: 1.2, opacity: 0.8 }, encoding: { y, color } },
      {
        data: { values: curves },
        mark: { type: 'line', strokeWidth: 1.2, opacity: 0.8, strokeDash: [4, 3] },
        encoding: { y, color },
      },
      { data: { values: [...points, ...ends] }, mark: { type: 'rule', strokeWidth: 1.2 }, encoding: bars },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 50, opacity: 1 },
        encoding: { y, color, shape },
      },
      {
        data: { values: ends },
        mark: { type: 'point', filled: false, fill: 'white', size: 50, opacity: 1, strokeWidth: 1.4 },
        encoding: { y, color, shape },
      },
    ],
  };
}

const independent = { scale: { color: 'independent', shape: 'independent', strokeDash: 'independent' } };

/** The panel with a bold letter beside its upper left corner. */
function lettered(panel: Record<string, unknown>, letter: string): Record<string, unknown> {
  const mark = { type: 'text', align: 'left', baseline: 'alphabetic', fontWeight: 'bold', fontSize: 14, clip: false };
  const corner = { x: { value: -52 }, y: { value: -9 }, text: { value: letter } };
  return { ...panel, layer: [...(panel.layer as object[]), { data: { values: [{}] }, mark, encoding: corner }] };
}

/**
 * τ, α and γ (by mean size, by collapse, predicted), and the branching ratio where it was measured, against 1/N with error bars, weighted lines and their intercepts at 1/N → 0.
 * Reads `exponents` (width, tau, alpha, gamma_scaling, gamma_collapse, gamma_predicted, branching_ratio and `<name>_error`) and, for the lines,
 * `extrapolation` (exponent = one of those column names, approach, intercept, intercept_error, slope, root, chi_square, degrees_of_freedom).
 */
export function finiteSizeScalingFigure(tables: Tables, fit: GammaFit = {}): Figure {
  const name = 'finite-size-scaling';
  const title = 'Exponents against 1/N';
  const panels = panelsOf(fit)
    .map((panel) => exponentPanel(tables, panel, { width: 290, height: 215 }))
    .filter((panel) => panel !== undefined);
  if (panels.length === 0)
    return emptyFigure(name, title, 'No exponents to draw: the exponents table has no finite estimate.');
  return {
    name,
    title,
    caption:
      'Exponents and branching ratio of each width against 1/N with standard errors; lines are weighted fits in 1/N, dashed (where a line fails) fits with a term in 1/√N too, open symbols at 1/N = 0 their intercepts with errors. Symbols of the three γ at one width stand side by side, to be told apart: the middle one at its 1/N. The branching ratio m = Σ s_(l+1)/Σ s_l is the mean gain from an active layer to the next.',
    spec: themed({ concat: panels, columns: 2, resolve: independent }),
  };
}

/**
 * Distributions and scaling of a finite-size study in one figure: P(S), P(D) and ⟨S⟩ against D of all widths. Sizes from zero are divided by √N, so that the widths align; the excess
 * is aligned as it is. Reads the tables `exponents`, `histogram`, `fit` and `scaling`.
 */
export function finiteSizeOverviewFigure(tables: Tables): Figure {
  const name = 'finite-size-overview';
  const title = 'Avalanches at all widths, aligned';
  const perRootWidth = kindOfSize(tables) === 'signal';
  // Panels that narrow have no corner for it.
  const legend = { orient: 'bottom', direction: 'vertical' };
  const panels = [
    distributionPanel(tables, 'size', { perRootWidth, legend }),
    distributionPanel(tables, 'duration', { legend }),
    scalingPanel(tables, { perRootWidth, legend }),
  ].filter((panel) => panel !== undefined);
  if (panels.length === 0) return emptyFigure(name, title, 'No avalanches to draw: the result tables are empty.');
  const letters = [...'abc'];
  return {
    name,
    title,
    caption: `a, b: size (${sizeWords(tables).meaning}${perRootWidth ? ', divided by √N, which aligns the widths' : ''}) and duration distributions of all widths with their fitted power laws, lifted. c: mean size against duration with fitted and predicted slopes.${isApart(panels) ? apartWords : ''}`,
    spec: themed({
      hconcat: panels.map((panel, i) => lettered({ ...panel, width: 235, height: 215 }, letters[i]!)),
      resolve: independent,
    }),
  };
}
