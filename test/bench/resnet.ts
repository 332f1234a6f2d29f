import { multiplications, residualArchitecture } from '../../src/network/resnet/architecture.ts';
import { nativeTensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import type { ResidualBackend } from '../../src/propagation/residual/network.ts';
import { openResidualBackend } from '../../src/propagation/residual/open.ts';
import { InitialWeights } from '../../src/propagation/residual/weights.ts';
import type { Benchmark } from './benchmark.ts';

const batch = 128;
const rounds = 6;

function native(): boolean {
  try {
    nativeTensorFlow();
    return true;
  } catch {
    return false;
  }
}

/** A forward pass through one network, ready to be timed; seconds an input. */
function timer(backend: ResidualBackend, model: string) {
  const architecture = residualArchitecture({ model, widthMultiplier: 0.25, inputSize: 32, classes: 10 });
  const network = backend.open(architecture, batch);
  new InitialWeights(architecture).set(network, 1, 0);
  const { height, width, channels } = architecture.input;
  const images = Float32Array.from({ length: batch * height * width * channels }, (_, i) => Math.sin(i * i));
  return {
    flop: 2 * multiplications(architecture),
    async seconds() {
      const start = performance.now();
      await network.forward(images);
      return (performance.now() - start) / 1000 / batch;
    },
    close: () => network.close(),
  };
}

/** Forward passes with the strengths of all operations, batches of 128 images of 32 × 32, a quarter of the standard width. */
const benchmarks: readonly Benchmark[] = ['resnet-18', 'resnet-34', 'resnet-50'].flatMap((model) =>
  ['wasm', ...(native() ? ['tensorflow-gpu'] : [])].map((other) => ({
    name: `own kernels against ${other}, ${model}`,
    async run() {
      const own = timer(await openResidualBackend('simd'), model);
      const reference = timer(await openResidualBackend(other), model);
      let [seconds, referenceSeconds] = [Infinity, Infinity];
      // In turns, so that both meet the same machine; the first round warms up.
      for (let i = 0; i < rounds; i++) {
        seconds = Math.min(seconds, await own.seconds());
        referenceSeconds = Math.min(referenceSeconds, await reference.seconds());
      }
      own.close();
      reference.close();
      const rate = (time: number): string =>
        `${(time * 1e6).toFixed(0)} µs an input, ${(own.flop / time / 1e9).toFixed(1)} GFLOP/s`;
      return { seconds, referenceSeconds, note: `own kernels ${rate(seconds)}; ${other} ${rate(referenceSeconds)}` };
    },
  })),
);

export default benchmarks;
