import { tableFromArrays } from 'apache-arrow';
import { bootstrapReplicate, planBootstrap } from '../../src/fit/bootstrap.ts';
import { candidatePositions } from '../../src/fit/cutoff-scan.ts';
import { fitBounded, fitPowerLaw } from '../../src/fit/fit-power-law.ts';
import { orderSample } from '../../src/fit/ordered-sample.ts';
import { type PowerLaw, quantile } from '../../src/fit/power-law.ts';
import { createStream } from '../../src/numeric/random.ts';
import type { GroupedSample } from '../../src/reduce/grouped.ts';
import { valueHistogram } from '../../src/reduce/value-histogram.ts';

interface Timing {
  readonly seconds: number;
  readonly referenceSeconds: number;
  readonly note: string;
}

interface Benchmark {
  readonly name: string;
  /** What the reference is. */
  readonly reference: string;
  run(): Promise<Timing>;
}

const pareto: PowerLaw = { discrete: false, exponent: 2.5, xmin: 1, xmax: Infinity };
const sizes: PowerLaw = { discrete: false, exponent: 1.33, xmin: 1, xmax: 1e6 };

function values(law: PowerLaw, n: number): Float64Array {
  const stream = createStream(1, n);
  const draw = quantile(law);
  return Float64Array.from({ length: n }, () => draw(stream.uniform()));
}

/** Seconds of the fastest of `repeats` calls, the first one being warm-up where there are several. */
function best(repeats: number, run: () => void): number {
  let fastest = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    run();
    if (i > 0 || repeats === 1) fastest = Math.min(fastest, (performance.now() - start) / 1000);
  }
  return fastest;
}

/** Seconds that the plain scan takes for a candidate: exponent from the tail's values, distance from every one of them. */
function plainCandidateSeconds(sorted: Float64Array, candidates: number): number {
  const tried = Array.from({ length: candidates }, (_, k) => Math.floor((k * sorted.length) / candidates));
  let sink = 0;
  const seconds = best(2, () => {
    for (const first of tried) {
      const n = sorted.length - first;
      let sum = 0;
      for (let i = first; i < sorted.length; i++) sum += Math.log(sorted[i]! / sorted[first]!);
      let distance = 0;
      for (let i = first; i < sorted.length; i++) {
        const below = 1 - (sorted[i]! / sorted[first]!) ** (-n / sum);
        distance = Math.max(distance, Math.abs(below - (i - first) / n));
      }
      sink += distance;
    }
  });
  return sink >= 0 ? seconds / candidates : Number.NaN;
}

function scan(name: string, n: number, candidates: 'all' | number): Benchmark {
  return {
    name,
    reference: 'the plain scan, two passes over the tail a candidate, timed on 40 candidates and multiplied',
    async run() {
      const data = values(pareto, n);
      let xmin = 0;
      const seconds = best(3, () => {
        xmin = fitPowerLaw(data, { candidates, alternatives: false }).xmin;
      });
      const sorted = data.slice().sort();
      const ordered = orderSample(data);
      const tried = candidatePositions(ordered, ordered.position.length - 1, candidates).length;
      const referenceSeconds = plainCandidateSeconds(sorted, 40) * tried;
      return {
        seconds,
        referenceSeconds,
        note: `${n} values, ${tried} candidates, sorting included; xmin = ${xmin.toFixed(4)}`,
      };
    },
  };
}

async function streamed(n: number): Promise<{ sample: GroupedSample; seconds: number }> {
  const reducer = valueHistogram('value', { discrete: false });
  let state = reducer.init();
  const stream = createStream(2);
  const draw = quantile(sizes);
  const size = 65_536;
  const start = performance.now();
  for (let done = 0; done < n; done += size) {
    const value = new Float64Array(Math.min(size, n - done));
    for (let i = 0; i < value.length; i++) value[i] = draw(stream.uniform());
    state = reducer.step(state, tableFromArrays({ value }).batches[0]!);
  }
  return { sample: reducer.finish(state).sample, seconds: (performance.now() - start) / 1000 };
}

const benchmarks: Benchmark[] = [
  scan('xmin scan, 1e6 values, a grid of 1000', 1e6, 1000),
  scan('xmin scan, 1e5 values, every distinct xmin', 1e5, 'all'),
  {
    name: 'streaming fit of 1e8 values',
    reference: 'generating, keeping and fitting 1e6 raw values, multiplied by 100',
    async run() {
      await streamed(1e6);
      const before = process.memoryUsage().rss;
      const { sample, seconds } = await streamed(1e8);
      const start = performance.now();
      const fit = fitBounded(sample, 1, 1e6);
      const fitSeconds = (performance.now() - start) / 1000;
      const grown = (process.memoryUsage().rss - before) / 2 ** 20;
      const referenceSeconds = best(2, () => fitBounded(values(sizes, 1e6), 1, 1e6)) * 100;
      const note =
        `exponent ${fit.exponent.toFixed(6)} ± ${fit.standardError.toFixed(6)} (true ${sizes.exponent}), ` +
        `${sample.count.length} groups, fit ${(1000 * fitSeconds).toFixed(1)} ms, memory ${grown.toFixed(0)} MiB above that after 1e6`;
      return { seconds: seconds + fitSeconds, referenceSeconds, note };
    },
  },
  {
    name: 'running estimate on a grouped sample',
    reference: 'the same fit on the 1e6 raw values',
    async run() {
      const { sample } = await streamed(1e6);
      const data = values(sizes, 1e6);
      const seconds = best(30, () => fitBounded(sample, 1, 1e6));
      return {
        seconds,
        referenceSeconds: best(3, () => fitBounded(data, 1, 1e6)),
        note: `${sample.count.length} groups`,
      };
    },
  },
  {
    name: 'bootstrap repetition of 1e6 values, both cutoffs given',
    reference: 'the same on raw values',
    async run() {
      const options = { xmin: 1, xmax: 1e6 };
      const { sample } = await streamed(1e6);
      const groups = planBootstrap(sample, options);
      const raw = planBootstrap(values(sizes, 1e6), options);
      let i = 0;
      const seconds = best(20, () => bootstrapReplicate(groups, 1, i++));
      return { seconds, referenceSeconds: best(3, () => bootstrapReplicate(raw, 1, i++)), note: 'one repetition' };
    },
  },
];

export default benchmarks;
