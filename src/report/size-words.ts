import { rowsOf, type Tables, textOf } from './table-row.ts';

/** Which size some tables are of, for titles and captions. */
export interface SizeWords {
  /** In a sentence after "Sizes are". */
  readonly meaning: string;
  /** After the symbol on an axis; '' where it isn't known. */
  readonly sum: string;
  /** What shapes are of. */
  readonly strength: string;
  readonly symbol: string;
}

const signal: SizeWords = {
  meaning: 'of the signal from zero, Σ s',
  sum: ', signal',
  strength: 'signal strength',
  symbol: 's',
};

const excess: SizeWords = {
  meaning: 'of the excess over the threshold, Σ (s − θ)',
  sum: ', excess',
  strength: 'excess',
  symbol: '(s − θ)',
};

/** By column `size` of the `exponents` table; a size of any other name is what its table calls it. */
export function sizeWords(tables: Tables): SizeWords {
  const kind = kindOfSize(tables);
  if (kind === 'excess') return excess;
  if (kind === 'signal') return signal;
  return {
    meaning: kind === '' ? 'of a kind that is not recorded' : `column ${kind}`,
    sum: '',
    strength: 'strength',
    symbol: 's',
  };
}

/** Which size the exponents of these tables are of: 'excess', 'signal', or '' where they don't say. */
export function kindOfSize(tables: Tables): string {
  return textOf(rowsOf(tables, 'exponents')[0] ?? {}, 'size');
}
