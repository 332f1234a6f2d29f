import type { RecordBatch } from 'apache-arrow';
import { from, lastValueFrom, toArray } from 'rxjs';
import { type AvalanchesOptions, avalanches } from '../../src/avalanche/avalanches.ts';
import { createDetector, type SignalColumns } from '../../src/avalanche/detector.ts';
import type { DetectorOptions } from '../../src/avalanche/detector-options.ts';
import { blocks } from '../../src/reduce/blocks.ts';
import { collapse } from '../../src/reduce/collapse.ts';
import { histogram } from '../../src/reduce/histogram.ts';
import type { Reducer } from '../../src/reduce/reducer.ts';
import { scaling } from '../../src/reduce/scaling.ts';
import { together } from '../../src/reduce/together.ts';
import { makeBatch } from '../../src/schema/batch.ts';
import { uniform } from '../reduce/uniform.ts';

export interface Timing {
  seconds: number;
  /** The same work done in the plainest way, where there is one. */
  referenceSeconds?: number;
  note: string;
}

const depth = 1000;
const ensemble = { index: 0, width: 128, depth, inputStrength: 1, reuse: 1 };

/** Random walks above 1, ended by the first step below: durations ~ D^-3/2 up to the depth. */
function walks(count: number): Float32Array[] {
  const random = uniform(1);
  return Array.from({ length: count }, () => {
    const trace: number[] = [];
    for (let s = 1; trace.length < depth && (trace.length === 0 || s >= 1); ) {
      s += (random() - 0.5) / 5;
      trace.push(s);
    }
    return Float32Array.from(trace);
  });
}

/** The walks as signal windows, each perturbation in turn or layer by layer in chunks of 4096 perturbations. */
function windows(traces: readonly Float32Array[], order: 'perturbation' | 'layer', rows = 65_536): SignalColumns[] {
  const total = traces.reduce((sum, trace) => sum + trace.length, 0);
  const perturbation = new BigInt64Array(total);
  const layer = new Int32Array(total);
  const strength = new Float32Array(total);
  let n = 0;
  const add = (p: number, l: number) => {
    perturbation[n] = BigInt(p);
    layer[n] = l + 1;
    strength[n++] = traces[p]![l]!;
  };
  if (order === 'perturbation') {
    traces.forEach((trace, p) => {
      for (let l = 0; l < trace.length; l++) add(p, l);
    });
  } else {
    for (let first = 0; first < traces.length; first += 4096) {
      const end = Math.min(traces.length, first + 4096);
      for (let l = 0; l < depth; l++) for (let p = first; p < end; p++) if (l < traces[p]!.length) add(p, l);
    }
  }
  return Array.from({ length: Math.ceil(total / rows) }, (_, i) => {
    const [a, b] = [i * rows, Math.min(total, (i + 1) * rows)];
    return {
      length: b - a,
      perturbation: perturbation.subarray(a, b),
      layer: layer.subarray(a, b),
      strength: strength.subarray(a, b),
    };
  });
}

/** Shortest of several runs, after one that warms up, in seconds. */
function best(work: () => void, runs = 7): number {
  let shortest = Infinity;
  for (let i = 0; i <= runs; i++) {
    const start = performance.now();
    work();
    if (i > 0) shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest / 1000;
}

const nanoseconds = (seconds: number, items: number) => ((seconds * 1e9) / items).toFixed(1);

/** One pass over the columns that does nothing but sum the strengths of each trace: the least that any detector does. */
function bareSum(signals: readonly SignalColumns[]): number {
  let total = 0;
  let last = -1;
  let sum = 0;
  for (const { length, perturbation, strength } of signals) {
    const words = new Int32Array(perturbation.buffer, perturbation.byteOffset, 2 * length);
    for (let i = 0; i < length; i++) {
      const id = words[2 * i]!;
      if (id !== last) {
        total += sum * 1e-9;
        sum = 0;
        last = id;
      }
      sum += strength[i]!;
    }
  }
  return total + sum;
}

function detection(order: 'perturbation' | 'layer', options: Partial<DetectorOptions>, name: string) {
  return {
    name: `detector, ${order}-major${name}`,
    async run(): Promise<Timing> {
      const signals = windows(walks(60_000), order);
      const rows = signals.reduce((sum, signal) => sum + signal.length, 0);
      let found = 0;
      const seconds = best(() => {
        const detector = createDetector({ threshold: 1, depth, scale: 128, ...options });
        found = 0;
        for (const signal of signals) found += detector.step(signal).length;
        found += detector.finish().length;
      });
      const referenceSeconds = best(() => bareSum(signals));
      return {
        seconds,
        referenceSeconds,
        note: `${nanoseconds(seconds, rows)} ns a row, ${rows} rows, ${found} avalanches; reference: bare sum per trace`,
      };
    },
  };
}

async function avalancheBatches(options: AvalanchesOptions): Promise<RecordBatch[]> {
  const signals = windows(walks(60_000), 'perturbation').map(({ length, perturbation, layer, strength }) =>
    makeBatch('signal', { ensemble: new Int32Array(length), perturbation, layer, strength }, length),
  );
  const stage = avalanches({ ensemble, count: () => undefined }, options);
  return lastValueFrom(from(signals).pipe(stage, toArray()));
}

/** The textbook reduction of the same columns: one Math.log a row and two plain counters. */
function bareLog(batches: readonly RecordBatch[]): Float64Array {
  const sums = new Float64Array(depth + 1);
  for (const batch of batches) {
    const [duration, size] = ['duration', 'size'].map((name) => batch.getChild(name)!.data[0]!.values);
    for (let i = 0; i < batch.numRows; i++) sums[duration[i]]! += Math.log(size[i]);
  }
  return sums;
}

function reduction(name: string, reducer: Reducer, options: AvalanchesOptions = {}) {
  return {
    name: `reduce, ${name}`,
    async run(): Promise<Timing> {
      const batches = await avalancheBatches(options);
      const rows = batches.reduce((sum, batch) => sum + batch.numRows, 0);
      const times = 8;
      const seconds = best(() => {
        const state = reducer.init(0);
        for (let i = 0; i < times; i++) for (const batch of batches) reducer.step(state, batch);
      });
      const referenceSeconds = best(() => {
        for (let i = 0; i < times; i++) bareLog(batches);
      });
      return {
        seconds,
        referenceSeconds,
        note: `${nanoseconds(seconds, rows * times)} ns an avalanche; reference: Σ ln S by duration`,
      };
    },
  };
}

const jackknife = {
  name: 'reduce, 32 jackknife blocks: merge and finish',
  async run(): Promise<Timing> {
    const batches = await avalancheBatches({ profile: 50 });
    const reducer = blocks(together({ histogram: histogram(), scaling: scaling(), collapse: collapse({ grid: 50 }) }));
    const states = Array.from({ length: 32 }, (_, i) => batches.reduce((s, b) => reducer.step(s, b), reducer.init(i)));
    const whole = states.reduce((a, b) => reducer.merge(a, b), reducer.init());
    const merging = best(() => states.reduce((a, b) => reducer.merge(a, b), reducer.init()), 3);
    const seconds = best(() => reducer.finish(whole), 3);
    return {
      seconds,
      note: `finish with 32 leave-one-out results; merging 32 partitions takes ${(1000 * merging).toFixed(0)} ms`,
    };
  },
};

export default [
  detection('perturbation', {}, ''),
  detection('layer', {}, ''),
  detection('perturbation', { profile: 50 }, ' with profile'),
  detection('layer', { profile: 50 }, ' with profile'),
  detection('perturbation', { rule: 'excursions' }, ', excursions'),
  reduction('histogram', histogram()),
  reduction('scaling', scaling()),
  reduction('histogram + scaling', together({ histogram: histogram(), scaling: scaling() })),
  reduction('collapse at G = 50', collapse({ grid: 50 }), { profile: 50 }),
  jackknife,
];
