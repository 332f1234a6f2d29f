/** Data points, and which of them each perturbation is a perturbation of. */
export interface DataPoints {
  /** Numbers a point, as many as the first layer takes. */
  readonly width: number;
  /** Number of the point that a perturbation is added to: must follow from the perturbation's id alone. */
  of(perturbation: number): number;
  /** Writes the numbers of these points to `out`, points × width. */
  read(points: readonly number[], out: Float32Array): void;
}
