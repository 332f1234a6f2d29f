import { sentence } from '../fit/verdict.ts';
import type { TraceScan } from '../recording/scan.ts';
import { withError } from '../report/concise.ts';
import { fullNumber, plainNumber } from '../report/quantity.ts';
import { draw } from '../report/terminal.ts';
import { layout, page } from './fit-text.ts';

/** A scan of a trace for people: a row a threshold, or a width. */
export function scanText({ source, column, over, rows, notes: general }: TraceScan): string {
  const measured = (value: number | null | undefined, error: number | null | undefined): string =>
    value === null || value === undefined ? '–' : withError(value, error ?? Number.NaN);
  const lines = rows.map((row) => [
    row.asked === String(row.value) || over === 'time-bin'
      ? plainNumber(row.value)
      : `${row.asked} = ${plainNumber(row.value)}`,
    fullNumber(row.avalanches),
    typeof row.inside === 'number' ? (100 * row.inside).toPrecision(3) : '–',
    measured(row.tau, row.tau_error),
    measured(row.alpha, row.alpha_error),
    measured(row.gamma_scaling, row.gamma_scaling_error),
    measured(row.gamma_predicted, row.gamma_predicted_error),
    typeof row.branching_ratio === 'number' ? row.branching_ratio.toPrecision(3) : '–',
  ]);
  const head = [over, 'avalanches', '% inside', 'τ', 'α', 'γ', 'γ predicted', 'branching ratio'];
  const notes = rows.flatMap(({ asked, note }) => (typeof note !== 'string' ? [] : [sentence(`at ${asked}: ${note}`)]));
  return page([`${column} of ${source}`, draw(head, lines, layout()), [...general, ...notes].join('\n')]);
}
