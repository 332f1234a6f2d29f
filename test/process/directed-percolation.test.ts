import { describe, expect, it } from 'vitest';
import type { Process } from '../../src/process/control.ts';
import { percolationLine, percolationPlane } from '../../src/process/directed-percolation.ts';
import { firstAvalanches, idsOf, largestSurvivalDeviation, windowsOf } from './realisations.ts';

// Each comparison with |z| < 4.5, at most 20 in a test: a false alarm in 7,000 tests.
const LIMIT = 4.5;

type Law = Map<string, number>;

/**
 * The law of the set of active sites, layer by layer, by listing all sets: given a set, a child is active with probability 1 − (1 − p)^(parents),
 * but children of one parent are so independently of each other, as every bond leads to one child only.
 */
function layerLaws(
  children: (site: readonly number[]) => number[][],
  origin: number[],
  p: number,
  layers: number,
): number[][] {
  let law: Law = new Map([[JSON.stringify([origin]), 1]]);
  const counts: number[][] = [];
  for (let l = 1; l <= layers; l++) {
    const next: Law = new Map();
    const count: number[] = [];
    for (const [key, weight] of law) {
      const parents = new Map<string, number>();
      for (const site of JSON.parse(key) as number[][])
        for (const child of children(site))
          parents.set(JSON.stringify(child), (parents.get(JSON.stringify(child)) ?? 0) + 1);
      const reached = [...parents].sort(([a], [b]) => (a < b ? -1 : 1));
      for (let set = 0; set < 2 ** reached.length; set++) {
        let probability = weight;
        const active: number[][] = [];
        reached.forEach(([child, number], i) => {
          const shut = (1 - p) ** number;
          if ((set >> i) & 1) active.push(JSON.parse(child) as number[]);
          probability *= (set >> i) & 1 ? 1 - shut : shut;
        });
        count[active.length] = (count[active.length] ?? 0) + probability;
        if (l < layers) next.set(JSON.stringify(active), (next.get(JSON.stringify(active)) ?? 0) + probability);
      }
    }
    counts.push(Array.from(count, (value) => value ?? 0));
    law = next;
  }
  return counts;
}

function largestDeviation(process: Process, laws: number[][], p: number): number {
  const n = 60_000;
  const values = laws.map(() => new Float64Array(n));
  const options = { parameters: { p }, depth: laws.length, floor: null } as const;
  for (const { length, perturbation, layer, strength } of windowsOf(process, idsOf(n), options)) {
    for (let i = 0; i < length; i++) values[layer[i]! - 1]![Number(perturbation[i])] = strength[i]!;
  }
  return Math.max(
    ...laws.map((law, l) => {
      const above = law.map((_, k): [number, number] => [k, law.slice(k).reduce((a, b) => a + b, 0)]);
      return largestSurvivalDeviation(
        values[l]!,
        above.filter(([, share]) => share > 2e-4 && share < 1 - 2e-4),
      );
    }),
  );
}

describe('directed percolation', () => {
  it(`has in 1+1 dimensions the active sites that all sets listed give, four layers (|z| < ${LIMIT})`, () => {
    for (const p of [0.644700185, 0.2]) {
      const laws = layerLaws(([x]) => [[x!], [x! + 1]], [0], p, 4);
      expect(laws[3]!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      expect(largestDeviation(percolationLine, laws, p)).toBeLessThan(LIMIT);
    }
  });

  it(`has in 2+1 dimensions the active sites that all sets listed give, two layers (|z| < ${LIMIT})`, () => {
    const children = ([x, y]: readonly number[]): number[][] => [
      [x!, y!],
      [x! + 1, y!],
      [x!, y! + 1],
      [x! + 1, y! + 1],
    ];
    for (const p of [0.28733838, 0.6]) {
      expect(largestDeviation(percolationPlane, layerLaws(children, [0, 0], p, 2), p)).toBeLessThan(LIMIT);
    }
  });

  it('fills everything where all bonds are open, and nothing where none is', () => {
    const sizes = (process: Process, p: number, depth: number): number =>
      firstAvalanches(process, 1, { parameters: { p }, depth }).size[0]!;
    expect(sizes(percolationLine, 1, 300)).toBe((301 * 302) / 2 - 1);
    expect(sizes(percolationPlane, 1, 60)).toBe((61 * 62 * 123) / 6 - 1);
    expect(sizes(percolationLine, 0, 300)).toBe(0);
    expect(sizes(percolationPlane, 0, 60)).toBe(0);
  });

  // 4.5 standard errors and 0.01 for what is left of the corrections at t ≥ 32: a false alarm in 100,000.
  for (const [process, delta, n] of [
    [percolationLine, 0.159464, 12_000],
    [percolationPlane, 0.4505, 25_000],
  ] as const) {
    it(`survives as t^−${delta}: ${process.name}, layers 32 to 256 (4.5 standard errors and 0.01)`, () => {
      const { duration } = firstAvalanches(process, n, { depth: 256, seed: 2 });
      const early = duration.filter((d) => d >= 32).length;
      const late = duration.filter((d) => d >= 256).length;
      const slope = Math.log(early / late) / Math.log(8);
      const error = Math.sqrt(1 / late - 1 / early) / Math.log(8);
      expect(Math.abs(slope - delta)).toBeLessThan(LIMIT * error + 0.01);
    });
  }
});
