import { numberOf, type Row } from './table-row.ts';

/** One row of the `learning` table as figures need it. */
export interface Cell {
  readonly weight: number;
  readonly bias: number;
  readonly width: number;
  readonly epoch: number;
  readonly accuracy: number;
}

/** Rows with finite accuracies, by width, bias, weight and epoch. */
export function cells(rows: readonly Row[]): Cell[] {
  return rows
    .map((row) => ({
      weight: numberOf(row, 'weight_variance'),
      bias: numberOf(row, 'bias_variance'),
      width: numberOf(row, 'width'),
      epoch: numberOf(row, 'epoch'),
      accuracy: numberOf(row, 'accuracy'),
    }))
    .filter((cell) => Number.isFinite(cell.accuracy) && Number.isFinite(cell.weight) && Number.isFinite(cell.epoch))
    .sort((a, b) => a.width - b.width || a.bias - b.bias || a.weight - b.weight || a.epoch - b.epoch);
}
