import { power } from '../../numeric/power.ts';

/** Chebyshev nodes an octave: smooth moments, analytic in ln q within |Im ln q| < π, are met to rounding. */
const count = 16;
const nodes = Float64Array.from({ length: count }, (_, j) => Math.cos((Math.PI * (2 * j + 1)) / (2 * count)));
const barycentric = Float64Array.from(
  { length: count },
  (_, j) => (j % 2 === 0 ? 1 : -1) * Math.sin((Math.PI * (2 * j + 1)) / (2 * count)),
);

/**
 * A vector-valued function of q > 0, evaluated at 16 Chebyshev nodes of ln q in each octave that is asked for and interpolated
 * between them. A map of the phase diagram asks for the same few functions of q alone at every cell.
 * @param width length of the vector
 * @param evaluate writes the values at q
 * @returns the values at q, in an array that the next call overwrites
 */
export function octaveTable(
  width: number,
  evaluate: (q: number, values: Float64Array) => void,
): (q: number) => Float64Array {
  const octaves = new Map<number, Float64Array>();
  const share = new Float64Array(count);
  const values = new Float64Array(width);
  let last = Number.NaN;

  function octave(index: number): Float64Array {
    let table = octaves.get(index);
    if (table === undefined) {
      table = new Float64Array(count * width);
      for (let j = 0; j < count; j++) {
        evaluate(power(2, index + (1 + nodes[j]!) / 2), table.subarray(j * width, (j + 1) * width));
      }
      octaves.set(index, table);
    }
    return table;
  }

  return (q) => {
    if (q === last) return values;
    last = q;
    const position = Math.log2(q);
    const index = Math.floor(position);
    const table = octave(index);
    const x = 2 * (position - index) - 1;
    let total = 0;
    for (let j = 0; j < count; j++) {
      const distance = x - nodes[j]!;
      if (distance === 0) {
        values.set(table.subarray(j * width, (j + 1) * width));
        return values;
      }
      share[j] = barycentric[j]! / distance;
      total += share[j]!;
    }
    values.fill(0);
    for (let j = 0; j < count; j++) {
      const weight = share[j]! / total;
      const row = j * width;
      for (let k = 0; k < width; k++) values[k] = values[k]! + weight * table[row + k]!;
    }
    return values;
  };
}
