import { checkRange, leastActivity, type Process } from './control.ts';
import { Line } from './directed-percolation-line.ts';
import { deepestPlane, Plane } from './directed-percolation-plane.ts';

/**
 * Exponents of spreading from a seed: P(D ≥ t) ~ t^−δ and t^θ active sites on average over all seeds give α = 1 + δ, ⟨S⟩(D) ~ D^{1 + θ + δ}, τ = 1 +
 * δ/(1 + θ + δ) (Muñoz, Dickman, Vespignani & Zapperi, Phys. Rev. E 59, 6175 (1999), arXiv:cond-mat/9811287).
 */
function spreading(delta: number, theta: number): { tau: number; alpha: number; gamma: number } {
  const gamma = 1 + theta + delta;
  return { tau: 1 + delta / gamma, alpha: 1 + delta, gamma };
}

const shared = {
  rule: 'first-passage',
  drive: () => 1,
  threshold: () => leastActivity,
  cutoff: () => Infinity,
} as const;

/** Bond directed percolation in 1+1 dimensions from one active site; the signal is the number of active sites. */
export const percolationLine: Process = {
  ...shared,
  name: 'dp-1+1',
  doc: 'bond directed percolation in 1+1 dimensions from a seed, bonds open with probability p',
  // Jensen, J. Phys. A 32, 5233 (1999), arXiv:cond-mat/9906036.
  defaults: { p: 0.644700185 },
  // Windows from 64 layers to an eighth of this: with less its α is too uncertain to tell its class from those nearby.
  depth: 8192,
  avalanches: 16_000,
  cost: 270,
  check: ({ p }) => checkRange('the probability p of an open bond', p, 0, 1),
  trajectory: ({ p }) => new Line(p!),
  known: () => ({
    ...spreading(0.159464, 0.313686),
    class: 'dp_1p1',
    source: 'δ = 0.159464, θ = 0.313686: Jensen, J. Phys. A 32, 5233 (1999), arXiv:cond-mat/9906036',
  }),
};

/** Bond directed percolation in 2+1 dimensions, body-centred lattice, from one active site; the signal is the number of active sites. */
export const percolationPlane: Process = {
  ...shared,
  name: 'dp-2+1',
  doc: 'bond directed percolation in 2+1 dimensions (body-centred lattice) from a seed, bonds open with probability p',
  // Wang, Zhou, Liu, Garoni & Deng, Phys. Rev. E 88, 042102 (2013), arXiv:1201.3006.
  defaults: { p: 0.28733838 },
  depth: 2048,
  avalanches: 40_000,
  cost: 60,
  check: ({ p }, depth) => {
    checkRange('the probability p of an open bond', p, 0, 1);
    checkRange('the depth of a percolation in 2+1 dimensions', depth, 1, deepestPlane);
  },
  trajectory: ({ p }) => new Plane(p!),
  known: () => ({
    ...spreading(0.4505, 0.2295),
    class: 'dp_2p1',
    source: 'δ = 0.4505, θ = 0.2295: Voigt & Ziff, Phys. Rev. E 56, R6241 (1997)',
  }),
};
