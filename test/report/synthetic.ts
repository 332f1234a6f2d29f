import type { Row, Tables } from '../../src/report/table-row.ts';

/** Uniform numbers in (0, 1) from a seed (splitmix32, Steele et al. 2014). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296 + 1.1641532182693481e-10;
  };
}

function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

const widths = [128, 256, 512];
const truth = { tau: 1.34, alpha: 1.51, gamma: 1.5 };

function place(ensemble: number): Row {
  const width = widths[ensemble] ?? 128;
  return { ensemble, width, weight_variance: 1 + 1 / width, bias_variance: 0 };
}

interface Avalanche {
  size: number;
  duration: number;
}

/** Avalanches whose durations follow D^−α with an exponential cutoff at D ~ 4N and sizes √N·D^γ with lognormal scatter. */
function avalanches(ensemble: number, count: number, next: () => number): Avalanche[] {
  const width = widths[ensemble] ?? 128;
  const found: Avalanche[] = [];
  while (found.length < count) {
    const duration = Math.floor(next() ** (-1 / (truth.alpha - 1)));
    if (duration > 1000 || next() > Math.exp(-duration / (1.2 * width))) continue;
    const size = 0.1 * Math.sqrt(width) * duration ** truth.gamma * Math.exp(0.25 * gaussian(next));
    found.push({ size, duration });
  }
  return found;
}

function bins(values: number[], observable: string, ensemble: number): Row[] {
  const sorted = values.toSorted((a, b) => a - b);
  const discrete = observable === 'duration';
  const rows: Row[] = [];
  for (let i = 0; i < sorted.length; ) {
    const lower = sorted[i] ?? 0;
    let j = Math.min(i + 50, sorted.length);
    const edge = Math.max(
      discrete ? (sorted[j - 1] ?? lower) + 1 : (sorted[j] ?? (sorted.at(-1) ?? lower) * 1.001),
      lower * (discrete ? 1 : 1.02),
    );
    while (j < sorted.length && (sorted[j] ?? 0) < edge) j++;
    const count = j - i;
    const upper = edge;
    const center = Math.sqrt(lower * upper);
    rows.push({
      ...place(ensemble),
      observable,
      lower,
      upper,
      center,
      count,
      density: count / ((upper - lower) * sorted.length),
    });
    i = j;
  }
  return rows;
}

function powerLaw(ensemble: number, observable: string, estimate: number, xmin: number, xmax: number): Row {
  return {
    ...place(ensemble),
    observable,
    model: 'power_law',
    parameter: 'exponent',
    estimate,
    standard_error: 0.004 + 0.002 * ensemble,
    xmin,
    xmax,
    n_tail: 10000,
    ks: 0.004,
    log_likelihood: -12345,
    ratio: null,
    p_value: 0.4,
  };
}

/** All result tables of a run over three widths, generated with a seed. */
export function syntheticTables(seed = 7, count = 20_000): Tables {
  const next = uniform(seed);
  const tables: Record<string, Row[]> = {
    ensemble: [],
    histogram: [],
    scaling: [],
    collapse: [],
    collapse_error: [],
    fit: [],
    exponents: [],
  };
  const add = (table: string, ...rows: Row[]): void => {
    tables[table]?.push(...rows);
  };
  widths.forEach((width, ensemble) => {
    const found = avalanches(ensemble, count, next);
    add('ensemble', {
      ...place(ensemble),
      activation: 'tanh',
      depth: 1000,
      input_norm: 0.1,
      engine: 'annealed',
      reuse: 1,
      perturbations: BigInt(count * 2),
      valid: BigInt(count),
      dead: BigInt(count - 37),
      censored: 37n,
    });
    add(
      'histogram',
      ...bins(
        found.map((a) => a.size),
        'size',
        ensemble,
      ),
      ...bins(
        found.map((a) => a.duration),
        'duration',
        ensemble,
      ),
    );
    const root = Math.sqrt(width);
    add(
      'fit',
      powerLaw(ensemble, 'size', truth.tau + 0.3 / root / 10, 0.3 * root, 0.1 * root * width ** 1.4),
      powerLaw(ensemble, 'duration', truth.alpha + 0.02 / root, 2, width),
    );
    const byDuration = new Map<number, number[]>();
    for (const a of found) byDuration.set(a.duration, [...(byDuration.get(a.duration) ?? []), a.size]);
    for (const [duration, sizes] of [...byDuration].sort((a, b) => a[0] - b[0])) {
      const logs = sizes.map(Math.log);
      const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
      add('scaling', {
        ...place(ensemble),
        duration,
        count: sizes.length,
        mean_size: sizes.reduce((a, b) => a + b, 0) / sizes.length,
        mean_log_size: mean,
        var_log_size: logs.length < 2 ? 0 : logs.reduce((a, b) => a + (b - mean) ** 2, 0) / (logs.length - 1),
      });
    }
    for (const duration of [20, 24, 30, 40, 52, 64, 80, 100, 130, 160, 200, 260, 320, 400]) {
      for (let i = 0; i <= 40; i++) {
        const x = i / 40;
        const rescaled = (0.1 + 0.12 * Math.sqrt(x * (1 - x) + 0.001)) * (1 + 0.02 * gaussian(next));
        add('collapse', {
          ...place(ensemble),
          duration,
          x,
          strength: (rescaled * duration ** 0.5) / root,
          rescaled: rescaled / root,
          count: 400,
        });
      }
    }
    for (let gamma = 1; gamma <= 2.001; gamma += 0.01)
      add('collapse_error', { ...place(ensemble), gamma, nmse: 0.002 + 1.2 * (gamma - 1.49) ** 2 });
    add('exponents', {
      ...place(ensemble),
      size: 'excess',
      excluded: 0,
      tau: truth.tau + 0.03 / root,
      tau_error: 0.004,
      alpha: truth.alpha + 0.02 / root,
      alpha_error: 0.006,
      gamma_scaling: 1.48 + 2 / width,
      gamma_scaling_error: 0.005,
      gamma_collapse: 1.49 + 1 / width,
      gamma_collapse_error: 0.012,
      gamma_collapse_curvature_error: 0.034,
      gamma_predicted: 1.5 + 1.2 / width,
      gamma_predicted_error: 0.02,
      mismatch: 0.02,
      mismatch_error: 0.021,
      branching_ratio: 1 - 0.3 / width,
      branching_ratio_error: 0.0004,
    });
  });
  tables.extrapolation = [
    {
      exponent: 'tau',
      approach: 'line',
      chi_square: 1,
      degrees_of_freedom: 1,
      intercept: 1.339,
      intercept_error: 0.006,
      slope: 0.35,
      slope_error: 0.3,
    },
    {
      exponent: 'alpha',
      approach: 'line',
      chi_square: 1,
      degrees_of_freedom: 1,
      intercept: 1.511,
      intercept_error: 0.008,
      slope: 0.1,
      slope_error: 0.3,
    },
    {
      exponent: 'gamma_scaling',
      approach: 'line',
      chi_square: 40,
      degrees_of_freedom: 1,
      intercept: 1.48,
      intercept_error: 0.006,
      slope: 2,
      slope_error: 0.4,
    },
    {
      exponent: 'gamma_collapse',
      approach: 'line',
      chi_square: 1,
      degrees_of_freedom: 1,
      intercept: 1.49,
      intercept_error: 0.014,
      slope: 1,
      slope_error: 0.5,
    },
    {
      exponent: 'gamma_predicted',
      approach: 'line',
      chi_square: 1,
      degrees_of_freedom: 1,
      intercept: 1.5,
      intercept_error: 0.02,
      slope: 1.2,
      slope_error: 0.6,
    },
    {
      exponent: 'branching_ratio',
      approach: 'line',
      chi_square: 1,
      degrees_of_freedom: 1,
      intercept: 1,
      intercept_error: 0.0005,
      slope: -0.3,
      slope_error: 0.02,
    },
    {
      exponent: 'gamma_scaling',
      approach: 'root',
      intercept: 1.475,
      intercept_error: 0.012,
      slope: 1,
      root: 0.1,
      chi_square: 1,
      degrees_of_freedom: 1,
    },
  ];
  tables.straightness = widths.flatMap((width, ensemble) =>
    ['size', 'duration'].flatMap((observable) =>
      Array.from({ length: 13 }, (_, i) => {
        const delta = (i * 0.25) / width;
        const away = delta * width - 1;
        return {
          ...place(ensemble),
          observable,
          delta,
          r_squared: 0.9985 - 0.003 * away ** 2 - 0.002 * (128 / width) + 0.00005 * gaussian(next),
        };
      }),
    ),
  );
  return tables;
}

/** Rows for a fit figure: Pareto values above xmin with a uniform body below, and the parameters of several models. */
export function syntheticFit(seed = 5, count = 20_000): { histogram: Row[]; ccdf: Row[]; fit: Row[] } {
  const next = uniform(seed);
  const xmin = 2;
  const values = Array.from({ length: count }, () => (next() < 0.3 ? 0.5 + 1.5 * next() : xmin * next() ** (-1 / 1.5)));
  const sorted = values.toSorted((a, b) => a - b);
  const tail = sorted.filter((x) => x >= xmin);
  const logs = tail.map((x) => Math.log(x / xmin));
  const exponent = 1 + tail.length / logs.reduce((a, b) => a + b, 0);
  const row = (model: string, parameter: string, estimate: number, standard_error: number | null = null): Row => ({
    ensemble: 0,
    observable: 'size',
    model,
    parameter,
    estimate,
    standard_error,
    xmin,
    xmax: null,
    n_tail: BigInt(tail.length),
  });
  return {
    histogram: bins(values, 'size', 0),
    ccdf: sorted.map((value, i) => ({ value, ccdf: (count - i) / count })),
    fit: [
      row('power_law', 'exponent', exponent, (exponent - 1) / Math.sqrt(tail.length)),
      row('exponential', 'lambda', 0.25),
      row('lognormal', 'mu', 0.4),
      row('lognormal', 'sigma', 1.1),
      row('stretched_exponential', 'lambda', 1.2),
      row('stretched_exponential', 'beta', 0.4),
      row('truncated_power_law', 'exponent', 2.4, 0.03),
      row('truncated_power_law', 'lambda', 0.0005),
    ],
  };
}

/** Calibration rows of residual networks with the repeating operations of their blocks. */
export function syntheticCalibration(): Row[] {
  const cycle = ['batch norm', 'relu', 'convolution', 'batch norm', 'relu', 'convolution', 'addition'];
  return ['resnet18', 'resnet34'].flatMap((model, m) =>
    Array.from({ length: 60 * (m + 1) }, (_, i) => {
      const operation = i === 0 ? 'convolution' : (cycle[(i - 1) % cycle.length] ?? 'relu');
      const block = Math.floor((i - 1) / cycle.length) + 1;
      const mean =
        operation === 'addition'
          ? Math.sqrt(1 + 0.6 * block)
          : operation === 'relu'
            ? 0.71
            : operation === 'convolution'
              ? 1.3
              : 1;
      return { model, layer: i + 1, operation, mean, sd: 0.04 * mean * (1 + 0.5 * Math.sin(i)) };
    }),
  );
}

/** Learning rows over a grid of variances: accuracy rises with the epoch, most near σw² = 1 + 2σb². */
export function syntheticLearning(sizes: readonly number[] = [300]): Row[] {
  const rows: Row[] = [];
  let ensemble = 0;
  for (const width of sizes)
    for (const bias_variance of [0, 0.05, 0.1, 0.2, 0.3])
      for (let w = 0; w < 13; w++, ensemble++) {
        const weight_variance = 0.5 + 0.25 * w;
        const speed = Math.exp(-((weight_variance - 1.2 - 3 * bias_variance) ** 2) / 0.5) * (width / 300);
        for (let epoch = 1; epoch <= 10; epoch++) {
          const accuracy = 0.1 + 0.89 * (1 - Math.exp(-speed * epoch));
          rows.push({
            ensemble,
            weight_variance,
            bias_variance,
            width,
            epoch,
            accuracy,
            loss: 2.3 * Math.exp(-speed * epoch),
          });
        }
      }
  return rows;
}
