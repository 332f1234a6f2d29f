import { decimal } from '../decimal.ts';
import { ParameterError } from '../error.ts';

const most = 1_000_000;

function readNumber(name: string, word: string, whole: string): number {
  const value = decimal(word);
  if (value === undefined || !Number.isFinite(value) || value < 0) {
    throw new ParameterError(`${name} must be a finite number of at least 0, got ${whole}`);
  }
  return value;
}

/**
 * Values of a variance: numbers and ranges `start:stop:step` (both ends included), separated by commas.
 * @throws ParameterError naming the parameter where a word can't be read
 */
export function readVariances(name: string, words: string): number[] {
  const values = words.split(',').flatMap((word) => {
    const parts = word.split(':');
    if (parts.length === 1) return [readNumber(name, word, word)];
    if (parts.length !== 3) {
      throw new ParameterError(`${name} must be a number or a range start:stop:step, got ${word}`);
    }
    const [start, stop, step] = parts.map((part) => readNumber(name, part, word)) as [number, number, number];
    if (!(step > 0 && stop >= start)) {
      throw new ParameterError(`${name} must be a range start:stop:step with stop ≥ start and step > 0, got ${word}`);
    }
    const count = Math.floor((stop - start) / step + 1e-9) + 1;
    if (count > most) throw new ParameterError(`${name} must have at most ${most} values, got ${count} from ${word}`);
    // 0.1 + 2·0.1 is written 0.3: the rounding of the step doesn't reach the user's table.
    return Array.from({ length: count }, (_, i) => Number((start + i * step).toPrecision(14)));
  });
  return values;
}
