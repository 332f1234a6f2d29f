import type { Ensemble } from '../../src/network/ensemble.ts';
import type { Engine } from '../../src/propagation/engine.ts';

/** First passage below the input strength: duration 0 is a perturbation that died at once. */
export interface Avalanche {
  duration: number;
  size: number;
}

/** Avalanches of perturbations 0 to count − 1. */
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
