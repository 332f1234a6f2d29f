import { type AnnealedSetup, createAnnealedKernel } from '../../src/kernel/annealed.ts';
import { type KernelVariant, kernelVariant } from '../../src/kernel/variant.ts';
import { activation } from '../../src/network/activation.ts';
import { createStream } from '../../src/numeric/random.ts';

const WIDTH = 512;

interface Case {
  readonly label: string;
  readonly activation: string;
  readonly weightVariance: number;
  readonly biasVariance: number;
}

/** Steady states well into the nonlinear range, and the critical point with small signals, where cheaper approximations serve. */
const cases: Case[] = [
  { label: 'tanh, σw² 1.5', activation: 'tanh', weightVariance: 1.5, biasVariance: 0.1 },
  { label: 'tanh, critical', activation: 'tanh', weightVariance: 1 + 1 / WIDTH, biasVariance: 0 },
  { label: 'erf, σw² 1.5', activation: 'erf', weightVariance: 1.5, biasVariance: 0.1 },
  { label: 'sin, σw² 1.5', activation: 'sin', weightVariance: 1.5, biasVariance: 0.1 },
  { label: 'hard-tanh, σw² 1.5', activation: 'hard-tanh', weightVariance: 1.5, biasVariance: 0.1 },
  { label: 'relu, σw² 2', activation: 'relu', weightVariance: 2, biasVariance: 0 },
  { label: 'silu, σw² 2', activation: 'silu', weightVariance: 2, biasVariance: 0.1 },
  { label: 'gelu, σw² 2', activation: 'gelu', weightVariance: 2, biasVariance: 0.1 },
  { label: 'linear, σw² 1', activation: 'linear', weightVariance: 1, biasVariance: 0 },
];

/** Best seconds of several runs, after one that warms up, for one row (N neurons of one layer). */
function secondsPerRow(setup: AnnealedSetup, variant: KernelVariant, runs: number): number {
  const kernel = createAnnealedKernel(setup, variant);
  let best = Infinity;
  for (let run = 0; run <= runs; run++) {
    kernel.start(Float64Array.of(run));
    const start = performance.now();
    const rows = kernel.run().layer.length;
    if (run > 0) best = Math.min(best, (performance.now() - start) / 1000 / rows);
  }
  return best;
}

function setupOf({ activation: name, weightVariance, biasVariance }: Case, depth: number): AnnealedSetup {
  return {
    activation: activation(name),
    width: WIDTH,
    depth,
    weightVariance,
    biasVariance,
    inputStrength: 0.1 / Math.sqrt(WIDTH),
    postActivation: false,
    floor: null,
    seed: 1,
    ensemble: 0,
    capacity: depth,
    batch: 1,
  };
}

const nanoseconds = (secondsOfRow: number): string => ((secondsOfRow * 1e9) / WIDTH).toFixed(2);

const kernels = cases.map((each) => ({
  name: `annealed kernel against plain TypeScript, N = ${WIDTH}, ${each.label}`,
  async run(): Promise<{ seconds: number; referenceSeconds: number; note: string }> {
    const layers = 1e6;
    const plain = secondsPerRow(setupOf(each, 2000), 'simd', 30);
    const hasRelaxed = kernelVariant() === 'relaxed-simd';
    const relaxed = hasRelaxed ? secondsPerRow(setupOf(each, 2000), 'relaxed-simd', 30) : undefined;
    const reference = secondsPerRow(setupOf(each, 300), 'reference', 5);
    const note = [
      `ns a neuron and layer: ${nanoseconds(plain)} plain SIMD`,
      relaxed === undefined ? 'no relaxed SIMD in this Node' : `${nanoseconds(relaxed)} relaxed SIMD`,
      `${nanoseconds(reference)} TypeScript`,
    ].join(', ');
    return { seconds: (relaxed ?? plain) * layers, referenceSeconds: reference * layers, note: `${note}; 10⁶ layers` };
  },
}));

const draws = 2e7;

function drawing(name: string, draw: (stream: ReturnType<typeof createStream>) => number) {
  return {
    name: `random stream, ${name}`,
    async run(): Promise<{ seconds: number; note: string }> {
      const stream = createStream(1, 2);
      let best = Infinity;
      let sum = 0;
      for (let run = 0; run < 4; run++) {
        const start = performance.now();
        for (let i = 0; i < draws / 4; i++) sum += draw(stream);
        best = Math.min(best, (performance.now() - start) / 1000);
      }
      return {
        seconds: best * 4,
        note: `${((best * 4e9) / draws).toFixed(1)} ns a draw; mean ${(sum / draws).toFixed(3)}`,
      };
    },
  };
}

export default [
  ...kernels,
  drawing('uniform', (stream) => stream.uniform()),
  drawing('normal', (stream) => stream.normal()),
  drawing('χ²₅₁₂', (stream) => stream.chiSquared(512)),
];
