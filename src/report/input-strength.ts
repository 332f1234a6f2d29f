import { numberOf, type Row } from './table-row.ts';

/** Signal strength per neuron of the input, by a row of the `ensemble` table; NaN where it isn't known. */
export const inputStrengthOf = (row: Row): number => numberOf(row, 'input_norm') / Math.sqrt(numberOf(row, 'width'));
