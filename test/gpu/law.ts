import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import gammainc from '@stdlib/math-base-special-gammainc';
import { createDetector } from '../../src/avalanche/detector.ts';
import { openGpu } from '../../src/gpu/device.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealed } from '../../src/propagation/annealed.ts';
import { annealedWebGpu } from '../../src/propagation/annealed-webgpu.ts';
import type { Engine } from '../../src/propagation/engine.ts';
import { followedWebGpu } from '../../src/propagation/first-passage-webgpu.ts';
import { tellRow } from '../bench/rows.ts';
import { oneSample, twoSample } from '../propagation/two-sample.ts';
import { withoutGpu } from './adapter.ts';
import { firstPassage } from './first-passage-request.ts';
import { sharedLaw } from './shared-law.ts';

/**
 * npm run gpu-law [-- perturbations [widths …]]: the law of the annealed engine on a card, by both roads, against the engine on
 * processors and, for linear networks, against the exact law of the first layer; that of engine quenched, of networks that eight perturbations share. CRACKLE_TEST_GPU=1 takes the card. Each line is two
 * tests of Kolmogorov and Smirnov, durations and sizes, of shared networks four by each road of a card; below 1e-4 in any of 100 is a false alarm once in 100 times. Cases are processes of
 * their own, as many at once as there are cores beside a card, and print their line when they are done.
 */
const [count = 100_000, ...asked] = process.argv.slice(2).map(Number);
const widths = asked.length > 0 ? asked : [512, 5000, 100, 3];
const falseAlarm = 1e-4;
/** The case that this process is to try, as the one that started it says. */
const mine = process.env.CRACKLE_GPU_LAW_CASE;

if ((await withoutGpu()) !== undefined) process.exit(2);

interface Sample {
  readonly duration: number[];
  readonly size: number[];
}

/** One by one: a batch of a card has more of them than a call takes arguments. */
function add(sample: Sample, durations: Iterable<number>, sizes: Iterable<number>): void {
  for (const duration of durations) sample.duration.push(duration);
  for (const size of sizes) sample.size.push(size);
}

const ids = (first: number): Float64Array => Float64Array.from({ length: count }, (_, i) => first + i);
const optionsOf = (ensemble: Ensemble, seed: number) =>
  ({ ensemble, seed, observable: 'pre-activation', floor: ensemble.inputStrength, windowRows: 65_536 }) as const;

async function detected(engine: Engine, ensemble: Ensemble, seed: number): Promise<Sample> {
  const { inputStrength: threshold, depth, width: scale } = ensemble;
  const detector = createDetector({ threshold, depth, scale });
  const sample: Sample = { duration: [], size: [] };
  for await (const window of engine.propagate(ids(0), optionsOf(ensemble, seed))) {
    const { duration, size } = detector.step(window);
    add(sample, duration, size);
  }
  return sample;
}

async function followed(ensemble: Ensemble, seed: number): Promise<Sample> {
  const sample: Sample = { duration: [], size: [] };
  for await (const batch of followedWebGpu(ids(0), optionsOf(ensemble, seed), firstPassage(ensemble), () => false)) {
    add(sample, batch.duration, batch.size);
  }
  return sample;
}

/** Strengths of the first layer. */
async function firstLayer(ensemble: Ensemble, seed: number): Promise<number[]> {
  const first: number[] = [];
  const options = { ...optionsOf({ ...ensemble, depth: 1 }, seed), floor: null };
  for await (const { strength } of annealedWebGpu.propagate(ids(0), options)) for (const s of strength) first.push(s);
  return first;
}

let failed = 0;
const verdict = (p: number): string => {
  if (p < falseAlarm) failed++;
  return `${p.toFixed(4)}${p < falseAlarm ? ' ✗' : ''}`;
};
/** Durations and sizes. */
const compare = (a: Sample, b: Sample): [string, string] => [
  verdict(twoSample(a.duration, b.duration).p),
  verdict(twoSample(a.size, b.size).p),
];

/** Where avalanches end also with biases: the threshold lies near the fixed point. */
function ensembleOf(activation: string, width: number, biasVariance: number): Ensemble {
  const critical = activation === 'relu' ? 2 : activation === 'gelu' ? 4 : 1;
  const base = { index: 0, activation, width, depth: 100, reuse: 1, biasVariance };
  return biasVariance === 0
    ? { ...base, weightVariance: critical * (1 + 1 / width), inputStrength: 0.1 / Math.sqrt(width) }
    : {
        ...base,
        weightVariance: 0.9 * Math.min(critical, 2),
        inputStrength: { tanh: 0.24, relu: 0.3 }[activation] ?? 0.13,
      };
}

async function compared(width: number, name: string, biasVariance: number): Promise<string> {
  const ensemble = ensembleOf(name, width, biasVariance);
  if (name === 'linear') {
    const first = await firstLayer(ensemble, 4);
    const scale = width / (ensemble.weightVariance * ensemble.inputStrength ** 2);
    const { p } = oneSample(first, (s) => gammainc((scale * s * s) / 2, width / 2));
    const found = verdict(p);
    tellRow({
      table: 'Linear networks: p of the first layer against χ²',
      cells: { N: `${width}`, n: `${count}`, p: found },
    });
    return `linear, N = ${width}: first layer against χ²: ${found}`;
  }
  const here = await detected(annealed, ensemble, 1);
  const windows = await detected(annealedWebGpu, ensemble, 2);
  const card = await followed(ensemble, 3);
  const what = `${name}, N = ${width}, σb² = ${biasVariance}`;
  const [byWindows, found] = [compare(windows, here), compare(card, here)];
  tellRow({
    table: 'Law against processors: p of two-sample Kolmogorov–Smirnov tests',
    cells: {
      activation: name,
      N: `${width}`,
      'σb²': `${biasVariance}`,
      avalanches: `${here.size.length}`,
      'windows: durations': byWindows[0],
      'windows: sizes': byWindows[1],
      'found on the card: durations': found[0],
      'found on the card: sizes': found[1],
    },
  });
  return `${what}: ${byWindows.join(' ')}; ${found.join(' ')}; ${here.size.length} avalanches`;
}

/** Perturbations that share a network of engine quenched. */
const SHARED = 8;

async function shared(width: number, name: string, biasVariance: number): Promise<string> {
  const ensemble = { ...ensembleOf(name, width, biasVariance), reuse: SHARED };
  const found = (await sharedLaw(ensemble, Math.ceil(count / SHARED), 5, ['windows', 'found'])).map(([column, p]) => [
    column,
    verdict(p),
  ]);
  tellRow({
    table: `Networks that ${SHARED} perturbations share, against processors: p of two-sample Kolmogorov–Smirnov tests`,
    cells: { activation: name, N: `${width}`, 'σb²': `${biasVariance}`, ...Object.fromEntries(found) },
  });
  return `quenched, ${name}, N = ${width}, σb² = ${biasVariance}: ${found.map((words) => words.join(' ')).join(', ')}`;
}

const laws = ['tanh', 'relu', 'gelu'].flatMap((name) => [0, 0.01].map((bias) => [name, bias] as const));
const cases = widths.flatMap((width) => [
  ['linear', width, 0, compared] as const,
  ...laws.map(([name, bias]) => [name, width, bias, compared] as const),
  ...laws.map(([name, bias]) => [name, width, bias, shared] as const),
]);

async function all(): Promise<void> {
  const { adapter, software } = await openGpu();
  const atOnce = software ? 1 : availableParallelism();
  console.log(
    `${count} perturbations each on ${adapter}; p of durations and sizes: rows on the card, and avalanches found there, against processors`,
  );
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < cases.length) {
      const env = { ...process.env, CRACKLE_GPU_LAW_CASE: `${next++}` };
      const words = [...process.execArgv, ...process.argv.slice(1)];
      const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'inherit', 'inherit'] });
      const code = await new Promise<number | null>((done) => child.on('close', done));
      if (code !== 0) failed++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  console.log(failed === 0 ? 'one law' : `${failed} of ${cases.length} cases failed, or have a p below ${falseAlarm}`);
}

if (mine === undefined) await all();
else {
  const [name, width, bias, look] = cases[Number(mine)]!;
  console.log(await look(width, name, bias));
}
process.exit(failed === 0 ? 0 : 1);
