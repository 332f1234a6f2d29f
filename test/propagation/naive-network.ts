import type { Ensemble } from '../../src/network/ensemble.ts';
import { createStream } from '../../src/numeric/random.ts';
import type { Engine } from '../../src/propagation/engine.ts';

/** First passage below the input strength: duration 0 is a perturbation that died at once. */
export interface Avalanche {
  duration: number;
  size: number;
}

/** The textbook simulation in plain float64, one weight at a time: R perturbations of one network, run to the end of each avalanche. */
export function naiveAvalanches(
  phi: (x: number) => number,
  ensemble: Ensemble,
  seed: number,
  network: number,
): Avalanche[] {
  const { reuse, width, depth, weightVariance, biasVariance, inputStrength } = ensemble;
  const stream = createStream(seed, ensemble.index, network);
  const out = Array.from({ length: reuse }, () => ({ duration: 0, size: 0 }));
  const strength = (h: Float64Array) => Math.sqrt(h.reduce((sum, x) => sum + x * x, 0) / width);
  let alive = out.map((avalanche) => {
    const h = new Float64Array(width).map(() => stream.normal());
    const factor = inputStrength / strength(h);
    return { avalanche, h: h.map((x) => x * factor) };
  });
  const [sw, sb] = [Math.sqrt(weightVariance / width), Math.sqrt(biasVariance)];
  const w = new Float64Array(width);
  for (let l = 1; l <= depth && alive.length > 0; l++) {
    const x = alive.map(({ h }) => h.map(phi));
    const next = alive.map(() => new Float64Array(width));
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) w[j] = stream.normal() * sw;
      const b = stream.normal() * sb;
      for (let r = 0; r < x.length; r++) next[r]![i] = b + product(w, x[r]!);
    }
    alive = alive.flatMap(({ avalanche }, r) => {
      const s = strength(next[r]!);
      if (s < inputStrength) return [];
      avalanche.duration++;
      avalanche.size += width * s;
      return [{ avalanche, h: next[r]! }];
    });
  }
  return out;
}

function product(w: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < w.length; j++) sum += w[j]! * x[j]!;
  return sum;
}

/** The same from an engine: perturbations 0 to count − 1. */
export async function engineAvalanches(
  engine: Engine,
  ensemble: Ensemble,
  seed: number,
  count: number,
  windowRows = 50_000,
): Promise<Avalanche[]> {
  const out = Array.from({ length: count }, () => ({ duration: 0, size: 0 }));
  const ids = Float64Array.from({ length: count }, (_, i) => i);
  const options = { ensemble, seed, observable: 'pre-activation', floor: ensemble.inputStrength, windowRows } as const;
  for await (const window of engine.propagate(ids, options)) {
    for (let r = 0; r < window.length; r++) {
      const s = window.strength[r]!;
      if (s < ensemble.inputStrength) continue;
      const avalanche = out[Number(window.perturbation[r])]!;
      avalanche.duration++;
      avalanche.size += ensemble.width * s;
    }
  }
  return out;
}

/** Of every network: log(1 + size) of its first two perturbations added and subtracted, their largest size, how many died at once. */
export function jointColumns(avalanches: readonly Avalanche[], reuse: number) {
  const out = { sum: [] as number[], difference: [] as number[], largest: [] as number[], dead: [] as number[] };
  for (let i = 0; i < avalanches.length; i += reuse) {
    const network = avalanches.slice(i, i + reuse);
    const [a, b] = network.map(({ size }) => Math.log1p(size)) as [number, number];
    out.sum.push(a + b);
    out.difference.push(Math.abs(a - b));
    out.largest.push(Math.max(...network.map(({ size }) => size)));
    out.dead.push(network.filter(({ duration }) => duration === 0).length);
  }
  return {
    sum: Float64Array.from(out.sum),
    difference: Float64Array.from(out.difference),
    largest: Float64Array.from(out.largest),
    dead: Float64Array.from(out.dead),
  };
}
