import { ParameterError } from '../../error.ts';
import type { DataPoints } from '../data-points.ts';
import { incrementsOf } from './increments.ts';
import type { Backend } from './layers.ts';

/** Says which backends follow differences. @throws ParameterError for another one */
export function checkDifferences(name: string): void {
  if (name !== 'auto' && name !== 'simd')
    throw new ParameterError(`backend must be auto or simd for perturbations around data points, got '${name}'`);
}

/**
 * Differences from the trajectories of data points, δ ← W·(φ(h + δ) − φ(h)) beside h ← W·φ(h) + b, on the package's own SIMD kernels. Rows around the
 * same point share its trajectory, which goes once the last of them has.
 * @throws ParameterError for another backend
 */
export function differencesBackend(name: string, around: DataPoints): Backend {
  checkDifferences(name);
  return {
    name: 'simd',
    room: ({ largestRows, largestWidth }) => [...Array<number>(4).fill(largestRows * largestWidth), largestRows],
    layers({ activation, observable, largestRows, largestWidth }, arena) {
      const array = (): Float32Array => arena.array(largestRows * largestWidth);
      /** Differences, what the next layer sees of them, and the same of the points' trajectories. */
      let [d, x, h, y] = [array(), array(), array(), array()];
      const strength = arena.array(largestRows);
      const increments = incrementsOf(arena, activation);
      let of = new Int32Array(0);
      let [bases, width] = [0, 0];
      let kept: Float32Array[] = [];
      /** Whether x and y are what the next layer sees. */
      let looked = false;
      const look = (): void => {
        if (looked) return;
        const [count, points] = [of.length * width, bases * width];
        const differences = {
          d: d.subarray(0, count),
          of,
          h: h.subarray(0, points),
          phi: y.subarray(0, points),
          width,
        };
        arena.activate(activation, differences.h, differences.phi);
        increments(differences, x.subarray(0, count));
        looked = true;
      };
      return {
        start(values, _, __, width_, ids) {
          [width, kept, looked] = [width_, [], false];
          d.set(values);
          const places = new Map<number, number>();
          of = Int32Array.from(ids!, (id) => {
            const point = around.of(id);
            const place = places.get(point) ?? places.size;
            places.set(point, place);
            return place;
          });
          bases = places.size;
          around.read([...places.keys()], h.subarray(0, bases * width));
        },
        layer(weights, biases, outWidth, asTheyAre = false) {
          if (asTheyAre) [d, x, h, y] = [x, d, y, h];
          else look();
          arena.matmul(x, weights, d, of.length, width, outWidth);
          arena.matmul(y, weights, h, bases, width, outWidth);
          if (biases !== undefined) arena.addRow(h, biases, bases, outWidth);
          [width, looked] = [outWidth, false];
          if (observable === 'post-activation') look();
          arena.strengths(observable === 'post-activation' ? x : d, of.length, width, strength);
          kept.push(strength.slice(0, of.length));
        },
        async strengths() {
          const out = new Float32Array(kept.length * of.length);
          kept.forEach((layer, l) => {
            out.set(layer, l * of.length);
          });
          kept = [];
          return out;
        },
        keep(chosen) {
          chosen.forEach((row, i) => {
            x.set(d.subarray(row * width, (row + 1) * width), i * width);
          });
          [d, x, looked] = [x, d, false];
          const staying = [...new Set(Array.from(chosen, (row) => of[row]!))].sort((a, b) => a - b);
          staying.forEach((base, place) => {
            h.copyWithin(place * width, base * width, (base + 1) * width);
          });
          const places = new Map(staying.map((base, place) => [base, place]));
          of = Int32Array.from(chosen, (row) => places.get(of[row]!)!);
          bases = staying.length;
        },
        close() {},
      };
    },
  };
}
