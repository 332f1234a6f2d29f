import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnnealedGpu } from '../../src/gpu/annealed.ts';
import { Ended, STATE_WORDS } from '../../src/gpu/annealed.wgsl.ts';
import { type Gpu, openGpu } from '../../src/gpu/device.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealedLaw } from '../../src/propagation/annealed-law.ts';
import { followedWebGpu } from '../../src/propagation/first-passage-webgpu.ts';
import { firstPassage } from '../gpu/first-passage-request.ts';
import { peakOf } from '../gpu/peaks.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';
import { denseBenchmarks } from './gpu-dense.ts';
import { quenchedBenchmarks } from './gpu-quenched.ts';
import { trainingBenchmarks } from './gpu-training.ts';
import { measure } from './measure.ts';
import { python } from './python.ts';
import { tellRow } from './rows.ts';

const [KERNEL, RUNS] = ['Kernel of engine annealed', 'Whole runs, from start to Parquet'];

/**
 * Engines on a card: annealed, its kernel and whole runs, quenched, training in step, dense, and PyTorch on the same card where it is there. On a program that
 * stands in for one the sizes are small, and the figures say that it works, no more.
 */
const gpu: Gpu | undefined = await openGpu().catch((error: Error) => {
  console.log(`gpu\n  left out: ${error.message}`);
  return undefined;
});

/** Operations a neuron and layer, counted in the source of the kernel at small signals: float32, and integer for the random numbers. */
const FLOATS = 13;
const INTEGERS = 8;
/** The same chain in CUDA on an H100, ps a neuron and layer: the limit that it was designed by. */
const cuda: Readonly<Record<number, number>> = { 128: 1.17, 512: 0.76, 4096: 0.68 };
/** The card's, where somebody says it or it is known. */
const peak = Number(process.env.CRACKLE_GPU_TFLOPS ?? peakOf(gpu?.info.device ?? '') ?? Number.NaN);

const ensembleOf = (width: number): Ensemble => ({
  index: 0,
  activation: 'tanh',
  width,
  depth: 1000,
  weightVariance: 1 + 1 / width,
  biasVariance: 0,
  inputStrength: 0.1 / Math.sqrt(width),
  reuse: 1,
});

const optionsOf = (ensemble: Ensemble) =>
  ({ ensemble, seed: 1, observable: 'pre-activation', floor: ensemble.inputStrength, windowRows: 65_536 }) as const;

/**
 * The time that the card takes for layers of avalanches, the best of three passes: what a host thread does with lists and states before and after is as long on a
 * fast card, and isn't in it.
 */
async function dispatched(card: Gpu, ensemble: Ensemble, count: number) {
  const { inputStrength } = ensemble;
  const law = annealedLaw({ ...optionsOf(ensemble), floor: Math.fround(inputStrength) });
  const plan = { output: 'avalanches', slots: count, leavesOut: false, points: 0, excessProfile: true } as const;
  const kernel = await new AnnealedGpu(card, law, plan).start();
  for (let slot = 0; slot < count; slot++) kernel.enter(slot, slot, slot, 1);
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < 4; pass++) {
    // Takes the list to the card, and makes the inputs.
    let alive = await kernel.round(count, 0);
    const start = performance.now();
    while (alive > 0) alive = await kernel.round(count, kernel.layersFor(alive), 'avalanches', alive);
    // The first finds out how fast it is.
    if (pass > 0) best = Math.min(best, (performance.now() - start) / 1e3);
  }
  const [layers, valid] = await kernel.read('states', count, (bytes) => {
    const words = new Uint32Array(bytes);
    let sums: [number, number] = [0, 0];
    for (let at = 0; at < STATE_WORDS * count; at += STATE_WORDS) {
      const found = words[at + 3] === Ended.below && words[at + 4]! > 0;
      sums = [sums[0] + words[at + 2]!, sums[1] + (found ? 1 : 0)];
    }
    return sums;
  });
  kernel.close();
  return { layers, valid, seconds: best };
}

/** Seconds of a host thread for the same, from ids to columns of avalanches. */
async function followed(ensemble: Ensemble, count: number): Promise<number> {
  const ids = Float64Array.from({ length: count }, (_, i) => i);
  const start = performance.now();
  const batches = followedWebGpu(ids, optionsOf(ensemble), firstPassage(ensemble), () => false);
  while (!(await batches.next()).done);
  return (performance.now() - start) / 1e3;
}

async function kernel(card: Gpu, width: number): Promise<Timing> {
  const ensemble = ensembleOf(width);
  const count = card.software ? Math.ceil(20_000 / width) : width > 1000 ? 262_144 : 1_048_576;
  const { layers, valid, seconds } = await dispatched(card, ensemble, count);
  const perNeuron = seconds / (layers * width);
  await followed(ensemble, Math.ceil(count / 8));
  const whole = await followed(ensemble, count);
  const share = Number.isNaN(peak) ? '' : ` (${((100 * FLOATS) / perNeuron / peak / 1e12).toFixed(0)} % of ${peak})`;
  return tabled(perNeuron, KERNEL, {
    what: 'annealed kernel',
    N: `${width}`,
    'ps a neuron and layer': (perNeuron * 1e12).toPrecision(3),
    'ns a layer': (perNeuron * width * 1e9).toPrecision(3),
    'TFLOP/s': `${(FLOATS / perNeuron / 1e12).toPrecision(2)}${share}`,
    'T integer operations/s': (INTEGERS / perNeuron / 1e12).toPrecision(2),
    'M valid avalanches/s': ((valid / seconds) * 1e-6).toPrecision(3),
    'the same with one host thread': ((valid / whole) * 1e-6).toPrecision(3),
    'of bare CUDA on an H100 (aim: 0.9)': `${((cuda[width]! * 1e-12) / perNeuron).toFixed(2)} (${cuda[width]} ps)`,
  });
}

const webGpu = ['--engine', 'annealed', '--backend', 'webgpu', '--no-figures'];

async function timed(words: readonly string[]): Promise<{ seconds: number; peak: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-gpu-'));
  try {
    return await measure(['run', ...words, ...webGpu, '--out', join(folder, 'run')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const millions = (valid: number, seconds: number): string => ((valid / seconds) * 1e-6).toPrecision(3);

/** Seconds that a run may take, as far as those of less say; the first ones are mostly start and end. */
const MOST = 40;

/** What a run of so many avalanches will take. */
function expected(valid: number, now: Ran, before: Ran | undefined): number {
  if (before === undefined) return 2 * now.seconds;
  return now.seconds + ((valid - now.valid) * (now.seconds - before.seconds)) / (now.valid - before.valid);
}

/** Runs of more and more avalanches, as long as there is time: one that is cut off tells those before it. */
async function growing(
  sizes: readonly number[],
  run: (valid: number) => Promise<{ seconds: number; peak: number }>,
  tell: (now: Ran, before: Ran | undefined) => Timing,
): Promise<Timing> {
  let [before, last]: (Ran | undefined)[] = [];
  let timing: Timing | undefined;
  for (const valid of sizes) {
    if (last !== undefined && expected(valid, last, before) > MOST) break;
    for (const row of timing?.rows ?? []) tellRow(row);
    const now = { valid, ...(await run(valid)) };
    timing = tell(now, last);
    [before, last] = [last, now];
  }
  return timing!;
}

interface Ran {
  readonly valid: number;
  readonly seconds: number;
  readonly peak: number;
}

function full({ software }: Gpu, workers: number): Promise<Timing> {
  const widths = software ? ['--widths', '8,16,32', '--scan-valid', '0'] : [];
  const run = (valid: number) =>
    timed(['finite-size-scaling', ...widths, '--valid', `${valid}`, '--workers', `${workers}`]);
  return growing(software ? [200] : [400_000, 4_000_000], run, ({ valid, seconds, peak: memory }) =>
    tabled(seconds, RUNS, {
      run: `finite-size-scaling, ${valid} valid avalanches a width`,
      workers: `${workers}`,
      s: seconds.toFixed(1),
      'M valid avalanches/s': software ? '–' : millions(5 * valid, seconds),
      MiB: memory.toFixed(0),
      aim: valid === 4_000_000 ? '15 s' : '–',
    }),
  );
}

/** Whole runs of few avalanches and of many: what start and end take shows by the difference. */
function gaussian(
  { software }: Gpu,
  workers: number,
  sizes: readonly number[],
  more: readonly string[] = [],
): Promise<Timing> {
  const [width, depth] = software ? [32, 100] : [512, 1000];
  const run = (valid: number) => {
    const size = ['--widths', `${width}`, '--depth', `${depth}`, '--valid', `${valid}`, '--workers', `${workers}`];
    return timed(['gaussian-avalanches', ...size, ...more]);
  };
  return growing(sizes, run, (now, before) =>
    tabled(now.seconds, RUNS, {
      run: `gaussian-avalanches, N = ${width}, ${now.valid} valid avalanches${more.length > 0 ? ', recorded' : ''}`,
      workers: `${workers}`,
      s: now.seconds.toFixed(1),
      'M valid avalanches/s': millions(now.valid, now.seconds),
      'without start and end':
        before === undefined ? '–' : millions(now.valid - before.valid, now.seconds - before.seconds),
      MiB: now.peak.toFixed(0),
      aim: '8 M/s',
    }),
  );
}

/** The chain by hand on the same card in PyTorch: every layer's normals, nothing retired. */
const torch = `
import torch, time
assert torch.cuda.is_available()
for n in (128, 512, 4096):
    rows = (1 << 26) // n
    def chain(layers=50):
        v = torch.full((rows, 1), 0.01 / n, device='cuda')
        for _ in range(layers):
            h = torch.randn(rows, n, device='cuda') * v.sqrt()
            s = h.square().mean(-1).sqrt()
            v = (1 + 1 / n) * torch.tanh(h).square().mean(-1, keepdim=True)
        torch.cuda.synchronize()
    chain(5)
    start = time.perf_counter()
    chain()
    print(n, f'{(time.perf_counter() - start) / 50 / rows / n * 1e12:.3g}', flush=True)
`;

function pyTorch(): Timing {
  const start = performance.now();
  const { lines, note } = python(torch, 30);
  const rows = lines.map(([width, ps]) => ({
    table: KERNEL,
    cells: { what: "PyTorch's chain by hand", N: width!, 'ps a neuron and layer': ps! },
  }));
  return { seconds: (performance.now() - start) / 1e3, note, rows };
}

/** What is asked first comes first: who is cut off still knows that. */
function benchmarks(card: Gpu): Benchmark[] {
  const alone = (width: number): Benchmark => ({
    name: `annealed kernel, N = ${width}`,
    run: () => kernel(card, width),
  });
  const { software } = card;
  const sizes = software ? [200, 2000] : [1_000_000, 10_000_000, 50_000_000];
  const cores = availableParallelism();
  const many = { name: 'gaussian-avalanches by all cores', run: () => gaussian(card, cores, sizes) };
  const recorded = {
    name: 'gaussian-avalanches, recorded',
    run: () => gaussian(card, cores, sizes.slice(0, 2), ['--record', 'avalanche']),
  };
  const study = { name: `finite-size-scaling, ${cores} workers`, run: () => full(card, cores) };
  const fewer = [...new Set([Math.ceil(cores / 4), 1])].filter((workers) => workers < cores);
  const few = fewer.map((workers) => ({
    name: `gaussian-avalanches by ${workers} workers, fewer than cores`,
    run: () => gaussian(card, workers, software ? sizes : [100_000 * workers, 1_000_000 * workers]),
  }));
  const torch = { name: "PyTorch's chain", run: async () => pyTorch() };
  return [
    alone(512),
    many,
    study,
    torch,
    ...trainingBenchmarks(card),
    recorded,
    ...denseBenchmarks(card),
    alone(4096),
    alone(128),
    ...quenchedBenchmarks(card),
    ...few,
  ];
}

export default gpu === undefined ? [] : benchmarks(gpu);
