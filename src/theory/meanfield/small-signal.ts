import { gaussHermite, gaussLegendre } from '../../numeric/quadrature.ts';
import type { ActivationFunction } from './activation-function.ts';

/** Orders of the Hermite series; αₙ² falls as q^(n−1) there. */
const orders = 12;

/** The differences that matter near criticality, free of cancellation at any q > 0 that is small against the scale of φ. */
export interface SmallSignal {
  /** κ − V(q)/q. */
  gainLoss(q: number): number;
  /** V(q)/q − V'(q). */
  bend(q: number): number;
  /** ∫Dz φ'² − V(q)/q. */
  spread(q: number): number;
}

/**
 * Small signals through a smooth φ with φ(0) = 0. With the Hermite series φ(√q z) = √q Σ αₙ Heₙ(z)/√n!, Parseval gives
 * V/q = Σ αₙ², ∫Dz φ'² = Σ n αₙ² and V' = Σ n αₙ² + Σ √((n+1)(n+2)) αₙ αₙ₊₂; every difference of these leaves out the
 * leading α₁². Stein's lemma gives αₙ from φ'' for n ≥ 2, so that they are small without having been subtracted.
 */
export function smallSignal(activation: ActivationFunction, odd: boolean): SmallSignal {
  const { phi, derivative, secondDerivative } = activation;
  const hermite = gaussHermite(32);
  const legendre = gaussLegendre(8);
  const alpha = new Float64Array(orders + 3);
  const first = odd ? hermite.nodes.length >> 1 : 0;

  function expand(q: number): void {
    const scale = Math.sqrt(q);
    alpha.fill(0);
    for (let i = first; i < hermite.nodes.length; i++) {
      const z = hermite.nodes[i]!;
      const weight = (odd ? 2 : 1) * hermite.weights[i]!;
      const bent = weight * scale * secondDerivative(scale * z);
      if (!odd) alpha[0] = alpha[0]! + (weight / 2) * ((phi(scale * z) + phi(-scale * z)) / scale);
      alpha[1] = alpha[1]! + weight * derivative(scale * z);
      let last = 0;
      let value = 1;
      for (let n = 2; n <= orders; n++) {
        if (!odd || n % 2 === 1) alpha[n] = alpha[n]! + (bent * value) / Math.sqrt(n * (n - 1));
        [last, value] = [value, (z * value - Math.sqrt(n - 2) * last) / Math.sqrt(n - 1)];
      }
    }
  }

  function bend(q: number): number {
    expand(q);
    let sum = 0;
    for (let n = 0; n <= orders; n++) {
      sum -= alpha[n]! * ((n - 1) * alpha[n]! + Math.sqrt((n + 1) * (n + 2)) * alpha[n + 2]!);
    }
    return sum;
  }

  function spread(q: number): number {
    expand(q);
    let sum = -(alpha[0]! ** 2);
    for (let n = 2; n <= orders; n++) sum += (n - 1) * alpha[n]! ** 2;
    return sum;
  }

  // d(V/q)/dq = −bend/q, and bend/q is smooth at 0.
  function gainLoss(q: number): number {
    let sum = 0;
    for (let i = 0; i < legendre.nodes.length; i++) {
      const t = (q * (1 + legendre.nodes[i]!)) / 2;
      sum += (legendre.weights[i]! / 2) * q * (bend(t) / t);
    }
    return sum;
  }

  return { gainLoss, bend, spread };
}
