import type { Backend } from './layers.ts';

/** The package's own SIMD kernels: everything stays in the arena. */
export const simdBackend: Backend = {
  name: 'simd',
  room: ({ largestRows, largestWidth }) => [largestRows * largestWidth, largestRows * largestWidth, largestRows],
  layers({ activation, observable, largestRows, largestWidth }, arena) {
    let h = arena.array(largestRows * largestWidth);
    let x = arena.array(largestRows * largestWidth);
    const row = arena.array(largestRows);
    let [networks, rows, width] = [0, 0, 0];
    let kept: Float32Array[] = [];
    return {
      start(values, networks_, rows_, width_) {
        [networks, rows, width, kept] = [networks_, rows_, width_, []];
        h.set(values);
      },
      layer(weights, biases, outWidth, asTheyAre = false) {
        const count = networks * rows;
        if (asTheyAre) [h, x] = [x, h];
        else arena.activate(activation, h.subarray(0, count * width), x);
        for (let g = 0; g < networks; g++) {
          const out = h.subarray(g * rows * outWidth, (g + 1) * rows * outWidth);
          const from = x.subarray(g * rows * width, (g + 1) * rows * width);
          arena.matmul(from, weights.subarray(g * width * outWidth), out, rows, width, outWidth);
          if (biases !== undefined) arena.addRow(out, biases.subarray(g * outWidth), rows, outWidth);
        }
        width = outWidth;
        let seen = h;
        if (observable === 'post-activation') {
          arena.activate(activation, h.subarray(0, count * width), x);
          seen = x;
        }
        arena.strengths(seen, count, width, row);
        kept.push(row.slice(0, count));
      },
      async strengths() {
        const count = networks * rows;
        const out = new Float32Array(kept.length * count);
        kept.forEach((layer, l) => {
          out.set(layer, l * count);
        });
        kept = [];
        return out;
      },
      keep(chosen, networks_, rows_) {
        for (let i = 0; i < chosen.length; i++) {
          x.set(h.subarray(chosen[i]! * width, (chosen[i]! + 1) * width), i * width);
        }
        [h, x] = [x, h];
        [networks, rows] = [networks_, rows_];
      },
      close() {},
    };
  },
};
