/** Where along σw² networks trained, at one σb². */
export interface TrainableRegion {
  /** Ends of the trainable part; undefined beyond the grid, or where nothing trained. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Length of the trainable part of the grid. */
  readonly extent: number;
  /** Mean σw², weighted by the accuracy above chance. */
  readonly centre: number;
  /** σw² of the best cell, and its accuracy. */
  readonly peak: number;
  readonly peakAccuracy: number;
}

/**
 * The region of a row of the map: the accuracy is taken for straight between cells, and all stretches at or above the threshold count.
 * @param weights σw², ascending
 * @param chance accuracy of guessing
 */
export function trainableRegion(
  weights: readonly number[],
  accuracies: readonly number[],
  threshold: number,
  chance: number,
): TrainableRegion {
  let [low, high]: (number | undefined)[] = [undefined, undefined];
  let extent = 0;
  let [mass, moment] = [0, 0];
  const above = (accuracy: number): boolean => accuracy >= threshold;
  for (let i = 0; i + 1 < weights.length; i++) {
    const [a, b] = [weights[i]!, weights[i + 1]!];
    const [p, q] = [accuracies[i]!, accuracies[i + 1]!];
    const crossing = a + ((threshold - p) / (q - p)) * (b - a);
    if (above(p) && above(q)) extent += b - a;
    else if (above(p)) {
      extent += crossing - a;
      high = crossing;
    } else if (above(q)) {
      extent += b - crossing;
      low ??= crossing;
    }
    const [left, right] = [Math.max(0, p - chance), Math.max(0, q - chance)];
    mass += ((left + right) / 2) * (b - a);
    // ∫ x·(line from left to right) over the step.
    moment += (b - a) * ((left * (2 * a + b) + right * (a + 2 * b)) / 6);
  }
  const best = accuracies.reduce((most, accuracy, i) => (accuracy > accuracies[most]! ? i : most), 0);
  return {
    low: above(accuracies[0]!) ? undefined : low,
    high: above(accuracies.at(-1)!) ? undefined : high,
    extent,
    centre: mass > 0 ? moment / mass : Number.NaN,
    peak: weights[best]!,
    peakAccuracy: accuracies[best]!,
  };
}
