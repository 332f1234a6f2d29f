import { countSample, type ExactLaw } from './exact-law.ts';

/**
 * The walk with steps −1, 0, +1 of probability ¼, ½, ¼ from height 0, until it first is at −1: D steps above, S the area between the walk and
 * −1 (heights plus one).
 *
 * Durations: the walk is every second position of a simple one with steps ±½, and by the reflection principle
 * P(D ≥ d) = 2·C(2d + 2, d + 1)/4^{d+1}, which tends to 2·(πd)^{−1/2} (Feller, vol. 1, III.3–4).
 */
export const lazyWalkLaw: ExactLaw = {
  limits: { duration: 2 ** 15, size: 2 ** 20 },
  survival(most) {
    const out = new Float64Array(most + 2);
    let central = 1;
    for (let d = 0; d < out.length; d++) {
      central *= (2 * d + 1) / (2 * d + 2);
      out[d] = 2 * central;
    }
    return out;
  },
  meanSizes: meanAreas,
  sizes: (most) => countSample(areas(Math.ceil(most)), 'up-to'),
};

/** Heights that matter over so many steps of variance ½: beyond, a share below 1e-15 of the walks. */
const reach = (steps: number): number => Math.min(steps, Math.ceil(6 * Math.sqrt(steps))) + 2;

/** Mean area by duration: probability and mean area of the walks that are alive, carried from step to step by height. */
function meanAreas(most: number): Float64Array {
  const out = new Float64Array(most + 1).fill(Number.NaN);
  const top = reach(most);
  let alive = new Float64Array(top + 2);
  let area = new Float64Array(top + 2);
  alive[0] = 1;
  for (let d = 0; d <= most; d++) {
    // Walks at height 0 end with probability ¼ in the step after d.
    if (d > 0) out[d] = area[0]! / alive[0]!;
    const nextAlive = new Float64Array(top + 2);
    const nextArea = new Float64Array(top + 2);
    for (let h = 0; h <= top; h++) {
      const below = h === 0 ? 0 : alive[h - 1]!;
      const p = 0.25 * (below + 2 * alive[h]! + alive[h + 1]!);
      nextAlive[h] = p;
      nextArea[h] = 0.25 * ((h === 0 ? 0 : area[h - 1]!) + 2 * area[h]! + area[h + 1]!) + (h + 1) * p;
    }
    alive = nextAlive;
    area = nextArea;
  }
  return out;
}

/**
 * P(S = a) for a up to `most`, whatever the duration. With N(a, h) the expected visits of height h with area a (its own h + 1 included),
 * N(a, h) = ¼N(a − h − 1, h − 1) + ½N(a − h − 1, h) + ¼N(a − h − 1, h + 1), and P(S = a) = ¼N(a, 0). A height h has taken an area of at
 * least h(h + 1)/2 to reach.
 */
function areas(most: number): Float64Array {
  // An excursion of area A reaches beyond H with probability of order e^{−4H³/(3A)}.
  const top = Math.ceil(Math.min(Math.sqrt(2 * most), 3.5 * Math.cbrt(most) + 8)) + 1;
  const width = top + 2;
  // Only the areas a − top − 1 … a are looked back at.
  const kept = top + 2;
  const visits = new Float64Array(kept * width);
  const out = new Float64Array(most + 1);
  // The walk begins at height 0 with no area.
  visits[0] = 1;
  for (let a = 1; a <= most; a++) {
    const row = (a % kept) * width;
    visits.fill(0, row, row + width);
    for (let h = 0; h <= top && h < a && (h * (h + 1)) / 2 <= a; h++) {
      const back = ((a - h - 1) % kept) * width;
      const below = h === 0 ? 0 : visits[back + h - 1]!;
      visits[row + h] = 0.25 * (below + 2 * visits[back + h]! + visits[back + h + 1]!);
    }
    out[a] = 0.25 * visits[row]!;
  }
  return out;
}
