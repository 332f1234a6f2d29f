/** A fitted family and its parameters, by the names of the `fit` table. */
export interface ModelCurve {
  readonly model: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly xmin: number;
  /** Upper cutoff; Infinity where there is none. */
  readonly xmax: number;
  readonly discrete: boolean;
}

/** Density (mass, for integers) and P(X ≥ x) of a curve at x, both given xmin ≤ X ≤ xmax. */
export interface CurvePoint {
  readonly x: number;
  readonly density: number;
  readonly ccdf: number;
}

type LogShape = (x: number, p: Parameters) => number;

type Parameters = Readonly<Record<string, number>>;

function logRate(p: Parameters): number {
  return p.log_lambda ?? Math.log(p.lambda ?? Number.NaN);
}

const powerLaw: LogShape = (x, p) => -(p.exponent ?? p.alpha ?? Number.NaN) * Math.log(x);

/**
 * Logarithm of each family's density up to a constant (Clauset, Shalizi & Newman 2009, table 2.1; stretched exponential
 * exp(−(λx)^β)). A family whose likelihood rises towards a power law comes with that law's `exponent` and is drawn as such.
 */
const shapes: Readonly<Record<string, LogShape>> = {
  power_law: powerLaw,
  exponential: (x, p) => -(p.lambda ?? Number.NaN) * x,
  lognormal: (x, p) => {
    if (p.exponent !== undefined) return powerLaw(x, p);
    return -Math.log(x) - (Math.log(x) - (p.mu ?? Number.NaN)) ** 2 / (2 * (p.sigma ?? Number.NaN) ** 2);
  },
  stretched_exponential: (x, p) => {
    if (p.exponent !== undefined) return powerLaw(x, p);
    const beta = p.beta ?? Number.NaN;
    return (beta - 1) * Math.log(x) - Math.exp(beta * (logRate(p) + Math.log(x)));
  },
  truncated_power_law: (x, p) => powerLaw(x, p) - (p.lambda ?? Number.NaN) * x,
};

/** Families that can be drawn. */
export const curveModels: readonly string[] = Object.keys(shapes);

const steps = 1500;
const wholeNumbers = 1000;

/**
 * The curve of a fitted family at points evenly spread over ln x, normalised numerically (relative error < 1e-4, below a pixel):
 * a trapezium rule in ln x, with the mass beyond the last point from the local slope. Integers are summed one by one up to
 * xmin + 1000, as an integral from there on. Empty where a parameter is missing or the family can't be normalised.
 * @param last largest x to draw
 */
export function modelCurve(curve: ModelCurve, last: number): CurvePoint[] {
  const shape = shapes[curve.model];
  if (shape === undefined || !(curve.xmin > 0)) return [];
  const end = Math.min(curve.xmax, Math.max(last, curve.xmin * 1.01));
  const far = Number.isFinite(curve.xmax) ? curve.xmax : end * 1e3;
  const xs: number[] = [];
  const masses: number[] = [];
  const log = (x: number): number => shape(x, curve.parameters);
  const top = Math.max(
    log(curve.xmin),
    log(end),
    ...Array.from({ length: 64 }, (_, i) => log(curve.xmin * (far / curve.xmin) ** (i / 63))),
  );
  const value = (x: number): number => Math.exp(log(x) - top);
  let start = curve.xmin;
  if (curve.discrete) {
    for (let k = curve.xmin; k <= Math.min(far, curve.xmin + wholeNumbers - 1); k++) {
      xs.push(k);
      masses.push(value(k));
      start = k + 0.5;
    }
  }
  const stop = curve.discrete ? far + 0.5 : far;
  if (start < stop) {
    const h = Math.log(stop / start) / steps;
    for (let i = 0; i < steps; i++) {
      const a = start * Math.exp(i * h);
      const b = start * Math.exp((i + 1) * h);
      xs.push(a);
      masses.push((h * (a * value(a) + 4 * Math.sqrt(a * b) * value(Math.sqrt(a * b)) + b * value(b))) / 6);
    }
  }
  let beyond = 0;
  if (!Number.isFinite(curve.xmax)) {
    const slope = (log(stop) - log(stop * 0.999)) / Math.log(1 / 0.999);
    if (!(slope < -1)) return [];
    beyond = (value(stop) * stop) / (-slope - 1);
  }
  const total = masses.reduce((sum, mass) => sum + mass, beyond);
  if (!(total > 0) || !Number.isFinite(total)) return [];
  const points: CurvePoint[] = [];
  let above = total;
  for (const [i, x] of xs.entries()) {
    if (x <= end) points.push({ x, density: value(x) / total, ccdf: above / total });
    above -= masses[i] ?? 0;
  }
  return points;
}
