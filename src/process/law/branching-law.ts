import { gammaln } from '../../numeric/special.ts';
import { countSample, type ExactLaw } from './exact-law.ts';

/**
 * The Galton–Watson process with Poisson(m) offspring, one ancestor in layer 0, which neither D nor S counts.
 *
 * Durations: q_t = P(extinct by generation t) follows q_(t+1) = e^{m(q_t − 1)}, and P(D ≥ d) = 1 − q_d. Mean sizes: with
 * F_t(z) = E[z^T; extinct by t], T the total progeny, F_(t+1)(z) = z·f(F_t(z)), so M_t = F_t′(1) follows M_(t+1) = q_(t+1)(1 + m·M_t).
 * Sizes: T has the Borel distribution, P(T = n) = e^{−mn}(mn)^{n−1}/n! (Otter, Ann. Math. Stat. 20, 206 (1949), doi:10.1214/aoms/1177730031).
 */
export function branchingLaw(m: number): ExactLaw {
  return {
    limits: { duration: 2 ** 22, size: 2 ** 24 },
    survival(most) {
      const out = new Float64Array(most + 2);
      // p_t = 1 − q_t directly: differences of q near 1 would lose their digits.
      let alive = 1;
      for (let d = 0; d < out.length; d++) {
        out[d] = alive;
        alive = -Math.expm1(-m * alive);
      }
      // out[d]: at least one individual in generation d.
      return out;
    },
    meanSizes(most) {
      const out = new Float64Array(most + 1).fill(Number.NaN);
      // Differences between generations: Δq_t and ΔM_t, of those that die out in generation t exactly (D = t − 1).
      let alive = 1;
      let sum = 0;
      for (let t = 1; t <= most + 1; t++) {
        const next = -Math.expm1(-m * alive);
        const q = 1 - next;
        const died = alive - next;
        const nextSum = q * (1 + m * sum);
        if (t >= 2) out[t - 1] = (nextSum - sum) / died - 1;
        alive = next;
        sum = nextSum;
      }
      return out;
    },
    sizes(most) {
      const probability = new Float64Array(Math.ceil(most) + 1);
      for (let n = 1; n < probability.length; n++) {
        const total = n + 1;
        probability[n] = Math.exp(-m * total + n * Math.log(m * total) - gammaln(total + 1));
      }
      return countSample(probability);
    },
  };
}
