/** An activation φ and what the engines and the mean-field theory need of it. All functions are scalar and pure. */
export interface Activation {
  /** Canonical name, with the argument where there is one. */
  readonly name: string;
  /** φ(x). */
  readonly phi: (x: number) => number;
  /** φ'(x). */
  readonly derivative: (x: number) => number;
  /** φ''(x) (almost everywhere; distributions at kinks are left out). */
  readonly secondDerivative: (x: number) => number;
  /** True where φ(−x)² = φ(x)², so that only h² matters to the next layer. */
  readonly evenSquare: boolean;
  /**
   * ψ(x) = (φ(x)/x)², finite at x → 0 where φ(0) = 0; the annealed and effective engines work with it, so that
   * nothing underflows at small signal strength. Undefined where φ(0) ≠ 0.
   */
  readonly gain?: (x: number) => number;
}
