/** An estimate and its standard error. */
export interface Measured {
  readonly estimate: number;
  readonly standardError: number;
}

/**
 * γ predicted by the crackling relation, (α − 1)/(τ − 1), from P(S) ~ S^{−τ}, P(D) ~ D^{−α} (Sethna, Dahmen & Myers,
 * Nature 410, 242 (2001)).
 */
export function predictedGamma(tau: number, alpha: number): number {
  return (alpha - 1) / (tau - 1);
}

/**
 * The deviation-from-criticality coefficient |γ_fitted − γ_predicted| (Ma, Turrigiano, Wessel & Hengen, Neuron 104, 655
 * (2019)).
 */
export function deviationFromCriticality(tau: number, alpha: number, gamma: number): number {
  return Math.abs(gamma - predictedGamma(tau, alpha));
}

/** How γ as fitted compares with γ as τ and α predict it. */
export interface CracklingRelation {
  readonly predicted: Measured;
  /** γ_fitted − γ_predicted. */
  readonly mismatch: Measured;
  /** Mismatch in units of its standard error. */
  readonly deviations: number;
  readonly deviationFromCriticality: number;
}

/**
 * Holds the crackling relation against fitted exponents, errors to first order.
 * @param covariance of (τ, α, γ), 3 × 3, from the jackknife; without it the three are taken as independent
 */
export function cracklingRelation(
  tau: Measured,
  alpha: Measured,
  gamma: Measured,
  covariance?: readonly (readonly number[])[],
): CracklingRelation {
  const predicted = predictedGamma(tau.estimate, alpha.estimate);
  const errors = [tau.standardError, alpha.standardError, gamma.standardError];
  const matrix = covariance ?? errors.map((error, i) => errors.map((_, j) => (i === j ? error * error : 0)));
  const gradient = [-predicted / (tau.estimate - 1), 1 / (tau.estimate - 1), 0];
  const propagate = (g: readonly number[]): number =>
    Math.sqrt(g.reduce((sum, gi, i) => sum + g.reduce((inner, gj, j) => inner + gi * gj * matrix[i]![j]!, 0), 0));
  const mismatch = gamma.estimate - predicted;
  const mismatchError = propagate([-gradient[0]!, -gradient[1]!, 1]);
  return {
    predicted: { estimate: predicted, standardError: propagate(gradient) },
    mismatch: { estimate: mismatch, standardError: mismatchError },
    deviations: mismatch / mismatchError,
    deviationFromCriticality: Math.abs(mismatch),
  };
}
