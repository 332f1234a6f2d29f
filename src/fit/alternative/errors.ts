/** A step at which the log-likelihood falls by about 1/50: well above rounding, well within the parabola. */
function stepOf(fall: (h: number) => number, start: number): number {
  let h = start;
  for (let round = 0; round < 80; round++) {
    const lost = fall(h);
    if (lost > 0.04 || !Number.isFinite(lost)) h /= 2;
    else if (lost < 0.01) h *= 1.9;
    else return h;
  }
  return Number.NaN;
}

/**
 * Standard errors at the maximum of a likelihood, from its curvature by differences (the observed information), carried to other parameters to first
 * order. NaN where the likelihood has no such maximum.
 * @param loss mean of −ln p over n values, a function of one or two coordinates that is smallest `at`
 * @param parametersOf the parameters that are asked for, from the coordinates
 */
export function errorsAt<K extends string>(
  loss: (at: readonly number[]) => number,
  at: readonly number[],
  n: number,
  parametersOf: (at: readonly number[]) => Readonly<Record<K, number>>,
): Record<K, number> {
  const moved = (i: number, h: number, j = i, k = 0): number[] =>
    at.map((x, d) => x + (d === i ? h : 0) + (d === j ? k : 0));
  const here = loss(at);
  const bend = (i: number, h: number): number => n * (loss(moved(i, h)) + loss(moved(i, -h)) - 2 * here);
  const step = at.map((x, i) => stepOf((h) => bend(i, h), 1e-3 * Math.max(Math.abs(x), 1e-3)));
  const curvature = step.map((h, i) => bend(i, h) / h ** 2);
  let covariance: number[][];
  if (at.length === 1) covariance = [[1 / curvature[0]!]];
  else {
    const [h, k] = [step[0]!, step[1]!];
    const mixed = (a: number, b: number): number => loss(moved(0, a, 1, b));
    const cross = (n * (mixed(h, k) - mixed(h, -k) - mixed(-h, k) + mixed(-h, -k))) / (4 * h * k);
    const [a, b] = [curvature[0]!, curvature[1]!];
    const determinant = a * b - cross ** 2;
    const inside = a > 0 && b > 0 && determinant > 0 ? determinant : Number.NaN;
    covariance = [
      [b / inside, -cross / inside],
      [-cross / inside, a / inside],
    ];
  }
  const names = Object.keys(parametersOf(at)) as K[];
  const slopes = step.map((h, i) => {
    const [up, down] = [parametersOf(moved(i, h)), parametersOf(moved(i, -h))];
    return names.map((name) => (up[name] - down[name]) / (2 * h));
  });
  const errors = names.map((name, p) => {
    // Relative to the largest slope: rates of values around 1e±200 have squares that doubles don't hold.
    const scale = Math.max(...slopes.map((slope) => Math.abs(slope[p]!))) || 1;
    let variance = 0;
    for (let i = 0; i < at.length; i++) {
      for (let j = 0; j < at.length; j++) {
        variance += (slopes[i]![p]! / scale) * covariance[i]![j]! * (slopes[j]![p]! / scale);
      }
    }
    return [name, Math.sqrt(variance) * scale] as const;
  });
  return Object.fromEntries(errors) as Record<K, number>;
}

/** Nothing known of the errors: where the likelihood rises towards an edge. */
export const noErrors = (parameters: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.keys(parameters).map((name) => [name, Number.NaN]));
