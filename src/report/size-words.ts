import type { ScalingOf } from '../fit/scaling-fit.ts';
import { numberOf, rowsOf, type Tables, textOf } from './table-row.ts';

/** Which size some tables are of, for titles and captions. */
export interface SizeWords {
  /** In a sentence after "Sizes are". */
  readonly meaning: string;
  /** What the symbol S on an axis stands for, such as ` = N·Σ (s − θ)`; '' where it isn't known. Sizes have no unit, as strengths have none. */
  readonly sum: string;
  /** What shapes are of. */
  readonly strength: string;
  readonly symbol: string;
}

const signal = {
  meaning: 'of the signal from zero, Σ s',
  sum: 'Σ s',
  strength: 'signal strength',
  symbol: 's',
};

const excess = {
  meaning: 'of the excess over the threshold, Σ (s − θ)',
  sum: 'Σ (s − θ)',
  strength: 'excess',
  symbol: '(s − θ)',
};

/** By column `size` of the `exponents` table; a size of any other name is what its table calls it. */
export function sizeWords(tables: Tables): SizeWords {
  const kind = kindOfSize(tables);
  const known = kind === 'excess' ? excess : kind === 'signal' ? signal : undefined;
  if (known !== undefined) return { ...known, sum: ` = ${perNeuron(tables) ? 'N·' : ''}${known.sum}` };
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

/** Whether sizes have the factor N: those of residual networks, of processes and of recorded data have none. */
function perNeuron(tables: Tables): boolean {
  const rows = rowsOf(tables, 'ensemble');
  return rows.length > 0 && rows.every((row) => numberOf(row, 'width') > 1 && textOf(row, 'engine') !== 'residual');
}

/** Unit of durations: layers of a network, steps of a process; '' for recorded data, whose unit isn't known. */
export function durationUnit(tables: Tables): '' | 'layer' | 'step' {
  const rows = rowsOf(tables, 'ensemble');
  if (rows.length === 0) return '';
  return rows.every((row) => numberOf(row, 'width') > 1) ? 'layer' : 'step';
}

/** What an axis of durations is titled. */
export function durationTitle(tables: Tables): string {
  const unit = durationUnit(tables);
  return `Avalanche duration D${unit === '' ? '' : ` (${unit}s)`}`;
}

/** What figures need to know of how γ was fitted, beside the tables. */
export interface GammaFit {
  /** What was fitted against ln D. Default: ln⟨S⟩ (`ln-mean`). */
  readonly scalingOf?: ScalingOf;
}

const words = {
  'ln-mean': { long: 'mean sizes', of: 'mean sizes', one: 'mean size', symbol: '⟨S⟩' },
  'mean-ln': { long: 'mean logarithms of sizes', of: 'mean ln sizes', one: 'mean ln size', symbol: 'exp⟨ln S⟩' },
} as const;

/** What γ of durations is fitted to: in words, as labels, and as a symbol. */
export const gammaWords = ({ scalingOf = 'ln-mean' }: GammaFit = {}): (typeof words)[ScalingOf] => words[scalingOf];
