import gaussianAvalanches from '../../../pipelines/gaussian-avalanches.ts';
import { analyse } from '../../../src/crackling/crackling.ts';
import { type Exponents, measureAvalanches } from '../../../src/crackling/exponents.ts';
import { type BlockedStatistics, statisticsReducer } from '../../../src/crackling/reducer.ts';
import { chooseTail } from '../../../src/fit/fit-power-law.ts';
import { orderSample } from '../../../src/fit/ordered-sample.ts';
import { exponentOf } from '../../../src/fit/power-law.ts';
import { cutTail } from '../../../src/fit/tail.ts';
import type { WindowRule } from '../../../src/fit/window/rule.ts';
import { binomial } from '../../../src/numeric/binomial.ts';
import { createStream, type RandomStream } from '../../../src/numeric/random.ts';
import { checkParameters } from '../../../src/parameter.ts';
import type { EnsembleResult } from '../../../src/pipeline.ts';
import { blocks } from '../../../src/reduce/blocks.ts';
import type { Reducer } from '../../../src/reduce/reducer.ts';
import { run } from '../../../src/run/run.ts';
import { halfSampleErrors } from '../../fit/half-sample-errors.ts';
import { avalancheBatch } from '../../reduce/batches.ts';

export type Measured = Record<string, Record<string, { estimate: number; error: number }>>;

const blockCount = 32;

interface Avalanche {
  readonly duration: number;
  readonly size: number;
  readonly censored: boolean;
  readonly profile: number[];
}

/** Estimates with their errors, the predicted γ among them. */
export function quoted({ jackknife, relation }: Exponents): Measured[string] {
  const exponents = jackknife.names.map((name) => [
    name,
    { estimate: jackknife.estimate[name], error: jackknife.standardError[name] },
  ]);
  const { estimate, standardError } = relation.predicted;
  return { ...Object.fromEntries(exponents), predicted: { estimate, error: standardError } };
}

/** A signal as an avalanche: its excess, its duration, and its shape on a grid as the detector interpolates it. */
function asAvalanche(excess: readonly number[], censored: boolean, grid: number): Avalanche {
  const duration = excess.length;
  const at = (x: number): number => {
    const place = Math.min(Math.max(x * duration - 1, 0), duration - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, duration - 1);
    return excess[low]! + (place - low) * (excess[high]! - excess[low]!);
  };
  const profile = Array.from({ length: grid }, (_, g) => at((g + 1) / grid));
  return { duration, size: excess.reduce((sum, x) => sum + x, 0), censored, profile };
}

const grid = 25;

/** The pipeline `gaussian-avalanches` at N = 128, by the effective engine, as it is run; by every rule of windows. */
export async function gaussianStatistics(
  seed: number,
  avalanches: number,
  rules: readonly string[],
): Promise<Measured> {
  const given = {
    widths: [128],
    engine: 'effective',
    valid: avalanches,
    alternatives: false,
    spectrumEvery: 0,
  } as const;
  const { ensembles } = await run('gaussian-avalanches', given, { seed, workers: 1 });
  const measured = ensembles[0] as EnsembleResult<BlockedStatistics>;
  const values = checkParameters(gaussianAvalanches.parameters, given);
  return Object.fromEntries(
    rules.map((rule) => {
      const cutoffs = rule === 'given' ? { durationMin: 20, durationMax: 128 } : {};
      return [rule, quoted(analyse(measured, { ...values, ...cutoffs, window: rule as WindowRule }).exponents)];
    }),
  );
}

/** A Poisson number by gamma steps (Ahrens & Dieter, Computing 12, 223 (1974)). */
function poisson(stream: RandomStream, mean: number): number {
  let left = mean;
  let counted = 0;
  while (left > 30) {
    const step = Math.floor((7 * left) / 8);
    const time = stream.gamma(step);
    if (time > left) return counted + binomial(stream, step - 1, left / time);
    counted += step;
    left -= time;
  }
  const limit = Math.exp(-left);
  let product = stream.uniform();
  while (product > limit) {
    product *= stream.uniform();
    counted++;
  }
  return counted;
}

/** Critical branching with Poisson offspring, for 1000 generations at most; by every rule of windows. */
export function branchingStatistics(seed: number, avalanches: number, rules: readonly string[]): Measured {
  const depth = 1000;
  const draw = (block: number): Avalanche[] => {
    const stream = createStream(seed, 0x6272, block);
    return Array.from({ length: Math.round(avalanches / blockCount) }, () => {
      const alive: number[] = [];
      for (let z = 1; z > 0 && alive.length < depth; z = poisson(stream, z)) alive.push(z);
      return asAvalanche(alive, alive.length === depth, grid);
    });
  };
  const reducer = blocks(statisticsReducer({ profilePoints: grid, discreteSize: true }), blockCount);
  let state = reducer.init(0);
  for (let block = 0; block < blockCount; block++) {
    state = reducer.merge(state, reducer.step(reducer.init(block), avalancheBatch(draw(block))));
  }
  const result = reducer.finish(state);
  return Object.fromEntries(
    rules.map((rule) => {
      const [min, max] = rule === 'given' ? [20, 500] : (['auto', 'auto'] as const);
      const exponents = measureAvalanches(result, {
        window: {
          rule: rule as WindowRule,
          durations: { min, max },
          sizes: { min: 'auto', max: 'auto' },
          scaling: { min: 20, max: 500 },
          longest: depth - 1,
        },
        scalingCount: 100,
        collapse: { ratio: 1.1, leastCount: 50 },
        alternatives: false,
      });
      return [rule, quoted(exponents)];
    }),
  );
}

/** Pareto values of exponent 1.8 from 1 on that end in an exponential at 300, as one column: windows of both cutoffs, blocks at random. */
export function paretoColumn(seed: number, count: number, rules: readonly string[]): Measured {
  const stream = createStream(seed, 0x706172);
  const n = Math.round(count / 10);
  const parts: number[][] = Array.from({ length: blockCount }, () => []);
  for (let i = 0; i < n; ) {
    const x = (1 - stream.uniform()) ** (-1 / 0.8);
    if (stream.uniform() < Math.exp(-x / 300)) parts[i++ % blockCount]!.push(x);
  }
  const list: Reducer<number[], Float64Array> = {
    name: 'values',
    init: () => [],
    step: (state) => state,
    merge: (into, other) => into.concat(other),
    finish: (state) => Float64Array.from(state),
  };
  const result = blocks(list, blockCount).finish({ block: 0, states: new Map(parts.map((part, i) => [i, part])) });
  return Object.fromEntries(
    rules
      .filter((rule) => rule !== 'scaling')
      .map((rule) => {
        const { estimate, standardError } = halfSampleErrors(result.all, result.halves, result.blocks, {
          find: (values) => {
            if (rule === 'given') return { xmin: 1, xmax: 50 };
            const { xmin, xmax } = chooseTail(orderSample(values), { xmax: 'auto', rule: rule as 'widest' });
            return { xmin, xmax };
          },
          estimate: (values, { xmin, xmax }) => ({ exponent: exponentOf(cutTail(orderSample(values), xmin, xmax)) }),
        });
        return [rule, { exponent: { estimate: estimate.exponent, error: standardError.exponent } }];
      }),
  );
}
