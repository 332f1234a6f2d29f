import { signed, withError } from './concise.ts';
import { binPoints } from './distribution-figure.ts';
import { emptyFigure } from './empty-figure.ts';
import type { Figure } from './figure.ts';
import { logChannel, positiveExtent } from './log-axis.ts';
import { seriesChannels, seriesOf } from './series.ts';
import { numberOf, rowsOf, type Tables, textOf } from './table-row.ts';
import { seriesColors, seriesShapes, themed } from './theme.ts';

const size = { width: 290, height: 215 };

const kinds = [
  { observable: 'duration', of: 'duration', title: 'Durations', symbol: 'D', exponent: 'α' },
  { observable: 'driven_size', of: 'size', title: 'Sizes', symbol: 'S/S₀', exponent: 'τ' },
] as const;

/**
 * Whole distributions of all widths on one curve: P(x)·x^τ against x/N^D with the exponents of moment scaling, and σ(q) below.
 * Reads `histogram`, `moment_scaling`, `cutoff_exponent`, `ensemble`.
 */
export function distributionCollapseFigure(tables: Tables): Figure {
  const name = 'distribution-collapse';
  const title = 'Finite-size collapse of whole distributions';
  const found = kinds.flatMap((kind) => {
    const row = rowsOf(tables, 'cutoff_exponent').find((one) => textOf(one, 'observable') === kind.observable);
    return row === undefined ? [] : [{ ...kind, row }];
  });
  if (found.length === 0) {
    return emptyFigure(name, title, 'Nothing to collapse: moment scaling needs three widths with avalanches.');
  }
  const fromZero = rowsOf(tables, 'histogram').some((bin) => textOf(bin, 'observable') === 'signal_size');
  const unitOfSizes = `S₀ = ${fromZero ? 'N' : '√N'}·s₀`;
  const ensembles = new Map(rowsOf(tables, 'ensemble').map((row) => [numberOf(row, 'ensemble'), row]));
  const panels = found.map(({ observable, of, title, symbol, exponent, row }, i) => {
    const bins = rowsOf(tables, 'histogram').filter(
      (bin) => (textOf(bin, 'observable') === 'duration') === (of === 'duration'),
    );
    const series = seriesOf(tables, bins);
    const [tau, cutoff] = [numberOf(row, 'exponent'), numberOf(row, 'cutoff')];
    const points = series.flatMap(({ ensemble, label }) => {
      const own = ensembles.get(ensemble);
      const width = own === undefined ? Number.NaN : numberOf(own, 'width');
      // Where sizes begin: the norm of the drive √N·s0, N·s0 = √N·norm where sizes are from zero.
      const unit =
        observable === 'duration' || own === undefined
          ? 1
          : numberOf(own, 'input_norm') * (fromZero ? Math.sqrt(width) : 1);
      const held = bins.filter((bin) => numberOf(bin, 'ensemble') === ensemble);
      return binPoints(held, 1 / unit, of === 'duration').map(({ x, y }) => ({
        series: label,
        x: x / width ** cutoff,
        y: y * x ** tau,
      }));
    });
    const drawn = points.filter(({ x, y }) => x > 0 && y > 0 && Number.isFinite(x + y));
    const labels = series.map(({ label }) => label);
    const { color, shape } = seriesChannels(series, labels, i === 0 ? { orient: 'bottom', columns: 3 } : null);
    const [across, up] = [
      positiveExtent(drawn.map((p) => p.x)) ?? [1, 10],
      positiveExtent(drawn.map((p) => p.y)) ?? [1, 10],
    ];
    return {
      title: `${title}: λ = ${withError(cutoff, numberOf(row, 'cutoff_error'))}, ${exponent} = ${withError(tau, numberOf(row, 'exponent_error'))}`,
      ...size,
      data: { values: drawn },
      mark: { type: 'point', filled: true, size: 22, opacity: 0.85 },
      encoding: {
        x: {
          field: 'x',
          type: 'quantitative',
          ...logChannel(
            `${symbol} / N^${cutoff.toFixed(2)}${of === 'size' ? `, ${unitOfSizes}` : ''}`,
            across as [number, number],
            5,
          ),
        },
        y: {
          field: 'y',
          type: 'quantitative',
          ...logChannel(
            `P(${symbol}) · ${symbol.length > 1 ? `(${symbol})` : symbol}^${signed(tau.toFixed(2))}`,
            up as [number, number],
            5,
          ),
        },
        color,
        shape,
      },
    };
  });
  const growth = rowsOf(tables, 'moment_scaling')
    .filter((row) => textOf(row, 'observable') !== 'size')
    .map((row) => ({
      observable: textOf(row, 'observable').replace('driven_size', 'S/S₀').replace('duration', 'D'),
      q: numberOf(row, 'moment'),
      sigma: numberOf(row, 'sigma'),
      low: numberOf(row, 'sigma') - (numberOf(row, 'sigma_error') || 0),
      high: numberOf(row, 'sigma') + (numberOf(row, 'sigma_error') || 0),
    }));
  const names = found.map(({ symbol }) => symbol);
  const named = (range: readonly string[]) => ({
    field: 'observable',
    type: 'nominal',
    scale: { domain: names, range: range.slice(0, names.length) },
    legend: { title: null, orient: 'top-left' },
  });
  const y = { type: 'quantitative', axis: { title: 'σ(q)', tickCount: 5 }, scale: { zero: false } };
  const moments = {
    title: 'Growth of moments, ⟨x^q⟩ ~ N^σ(q)',
    ...size,
    data: { values: growth },
    encoding: {
      x: { field: 'q', type: 'quantitative', axis: { title: 'Order q', tickCount: 5 }, scale: { zero: false } },
      color: named(seriesColors(2)),
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 1.3 }, encoding: { y: { ...y, field: 'sigma' } } },
      { mark: { type: 'rule', strokeWidth: 1.2 }, encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } } },
      {
        mark: { type: 'point', filled: true, size: 30, opacity: 1 },
        encoding: { y: { ...y, field: 'sigma' }, shape: named(seriesShapes(2)) },
      },
    ],
  };
  return {
    name,
    title,
    caption: `Distributions of durations and of sizes in units of where they begin, ${unitOfSizes} with s₀ the strength of the drive, times the size or duration to the power of the exponent, against x over its cutoff N^λ; curves of all widths coincide where finite-size scaling holds. λ and the exponents come from how moments grow with N, ⟨x^q⟩ ~ N^σ(q), σ(q) = λ·(q + 1 − τ), and α in place of τ for durations; bars are standard errors.`,
    spec: themed({
      concat: [...panels, moments],
      columns: 2,
      spacing: 24,
      resolve: { scale: { color: 'independent', shape: 'independent' } },
    }),
  };
}
