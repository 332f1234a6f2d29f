import { withError } from './concise.ts';
import type { WindowedDistribution } from './page-data.ts';
import { seriesOf } from './series.ts';
import { numberOf, rowsOf, type Tables, textOf } from './table-row.ts';
import { ink, palette, panelSize, themed } from './theme.ts';

/** Distributions of which the page has bins and a fit, for its control of the fit window. */
export function windowedDistributions(tables: Tables): WindowedDistribution[] {
  const histogram = rowsOf(tables, 'histogram');
  const laws = rowsOf(tables, 'fit').filter(
    (row) => textOf(row, 'model') === 'power_law' && textOf(row, 'parameter') === 'exponent',
  );
  return seriesOf(tables, histogram).flatMap(({ ensemble, label }) =>
    laws
      .filter((row) => numberOf(row, 'ensemble') === ensemble && Number.isFinite(numberOf(row, 'estimate')))
      .flatMap((law) => {
        const observable = textOf(law, 'observable');
        const bins = histogram
          .filter((row) => numberOf(row, 'ensemble') === ensemble && textOf(row, 'observable') === observable)
          .toSorted((a, b) => numberOf(a, 'lower') - numberOf(b, 'lower'));
        const touching = bins.every((bin, i) => i === 0 || numberOf(bin, 'lower') === numberOf(bins[i - 1]!, 'upper'));
        if (bins.length < 4 || !touching || !(numberOf(bins[0]!, 'lower') > 0)) return [];
        const duration = observable === 'duration';
        const [symbol, variable] = duration ? ['α', 'D'] : ['τ', 'S'];
        const max = numberOf(law, 'xmax');
        return [
          {
            label: `${label}, ${duration ? 'durations' : 'sizes'}`,
            symbol,
            variable,
            discrete: duration,
            edges: [...bins.map((bin) => numberOf(bin, 'lower')), numberOf(bins.at(-1)!, 'upper')],
            counts: bins.map((bin) => numberOf(bin, 'count')),
            fitted: {
              min: numberOf(law, 'xmin'),
              max: Number.isFinite(max) ? max : null,
              estimate: `${symbol} = ${withError(numberOf(law, 'estimate'), numberOf(law, 'standard_error'))}`,
            },
          },
        ];
      }),
  );
}

/** A distribution and its fit in a window, without data: the page fills in points and line. */
export function windowSpec(): Record<string, unknown> {
  const channel = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: [1, 10], nice: false },
    axis: { title: field },
  });
  return themed({
    ...panelSize,
    encoding: { x: channel('x'), y: channel('y') },
    layer: [
      {
        data: { name: 'points', values: [] },
        mark: { type: 'point', filled: true, size: 26 },
        encoding: {
          color: {
            field: 'part',
            type: 'nominal',
            scale: { domain: ['in the window', 'outside'], range: [palette[0], '#c8c8c8'] },
            legend: { title: null, orient: 'top-right' },
          },
        },
      },
      {
        data: { name: 'line', values: [] },
        mark: { type: 'line', strokeWidth: 2, color: ink, strokeDash: [6, 3] },
      },
    ],
  });
}
