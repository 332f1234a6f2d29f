/** What the mean-field theory needs of an activation φ; an `Activation` of the networks is one. */
export interface ActivationFunction {
  readonly name: string;
  /** φ(x). */
  readonly phi: (x: number) => number;
  /** φ'(x). */
  readonly derivative: (x: number) => number;
  /** φ''(x), without the distributions that sit at kinks. */
  readonly secondDerivative: (x: number) => number;
  /**
   * Where φ' or φ'' jumps (where φ does is found by itself), or φ is steep away from 0: the quadrature splits there. Jumps within |x| ≤ 16 are found where none
   * are declared.
   */
  readonly kinks?: readonly number[];
}
