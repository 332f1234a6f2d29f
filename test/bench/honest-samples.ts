import type { RecordBatch } from 'apache-arrow';
import { measureAvalanches } from '../../src/crackling/exponents.ts';
import { statisticsReducer } from '../../src/crackling/reducer.ts';
import type { WindowChoice } from '../../src/crackling/windows.ts';
import { chooseTail } from '../../src/fit/fit-power-law.ts';
import { halfSampleErrors } from '../../src/fit/half-samples.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { exponentOf } from '../../src/fit/power-law.ts';
import { cutTail } from '../../src/fit/tail.ts';
import type { WindowRule } from '../../src/fit/window/rule.ts';
import { binomial } from '../../src/numeric/binomial.ts';
import { createStream, type RandomStream } from '../../src/numeric/random.ts';
import { blocks } from '../../src/reduce/blocks.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { avalancheBatch } from '../reduce/batches.ts';

type Measured = Record<string, Record<string, { estimate: number; error: number }>>;

const blockCount = 32;

interface Avalanche {
  readonly duration: number;
  readonly size: number;
  readonly censored: boolean;
  readonly profile: number[];
}

/** Measures avalanches by every rule, in blocks of their own. */
function measured(
  draw: (block: number, count: number) => Avalanche[],
  avalanches: number,
  grid: number,
  discreteSize: boolean,
  rules: readonly string[],
  windows: Pick<WindowChoice, 'scaling' | 'longest'>,
): Measured {
  const reducer = blocks(statisticsReducer({ profilePoints: grid, discreteSize }), blockCount);
  let state = reducer.init(0);
  for (let block = 0; block < blockCount; block++) {
    const batch: RecordBatch = avalancheBatch(draw(block, Math.round(avalanches / blockCount)));
    state = reducer.merge(state, reducer.step(reducer.init(block), batch));
  }
  const result = reducer.finish(state);
  return Object.fromEntries(
    rules.map((rule) => {
      const fixed = rule === 'given' ? (windows.scaling ?? { min: 20, max: 200 }) : undefined;
      const { jackknife, relation } = measureAvalanches(result, {
        window: {
          ...windows,
          rule: rule as WindowRule,
          durations: { min: fixed?.min ?? 'auto', max: fixed?.max ?? 'auto' },
          sizes: { min: 'auto', max: 'auto' },
        },
        scalingCount: 10,
        collapse: { ratio: 1.1, leastCount: 50 },
        alternatives: false,
      });
      const exponents = Object.fromEntries(
        jackknife.names.map((name) => [
          name,
          { estimate: jackknife.estimate[name], error: jackknife.standardError[name] },
        ]),
      );
      const { estimate, standardError } = relation.predicted;
      return [rule, { ...exponents, predicted: { estimate, error: standardError } }];
    }),
  );
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

/** The annealed chain of a network of 128 tanh neurons at its critical point, in the signal energy (moments to order y³ for small y). */
export function gaussianStatistics(seed: number, avalanches: number, rules: readonly string[]): Measured {
  const width = 128;
  const depth = 1000;
  const start = 0.01 / width;
  const variance = 1 + 1 / width;
  const saturated = (y: number): number => variance * (y - 2 * y * y + (17 / 3) * y ** 3);
  const draw = (block: number, count: number): Avalanche[] => {
    const stream = createStream(seed, 0x676175, block);
    const found: Avalanche[] = [];
    while (found.length < count) {
      const excess: number[] = [];
      let energy = saturated(start);
      for (;;) {
        const y = (energy * stream.chiSquared(width)) / width;
        if (y < start || excess.length === depth - 1) break;
        excess.push(width * (Math.sqrt(y) - Math.sqrt(start)));
        energy = saturated(y);
      }
      if (excess.length > 0) found.push(asAvalanche(excess, excess.length === depth - 1, grid));
    }
    return found;
  };
  return measured(draw, avalanches, grid, false, rules, { scaling: { min: 20, max: width }, longest: depth - 1 });
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

/** Critical branching with Poisson offspring, for 1000 generations at most. */
export function branchingStatistics(seed: number, avalanches: number, rules: readonly string[]): Measured {
  const depth = 1000;
  const draw = (block: number, count: number): Avalanche[] => {
    const stream = createStream(seed, 0x6272, block);
    return Array.from({ length: count }, () => {
      const alive: number[] = [];
      for (let z = 1; z > 0 && alive.length < depth; z = poisson(stream, z)) alive.push(z);
      return asAvalanche(alive, alive.length === depth, grid);
    });
  };
  return measured(draw, avalanches, grid, true, rules, { scaling: { min: 20, max: 500 }, longest: depth - 1 });
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
