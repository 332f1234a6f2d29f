import type { Gpu } from '../../src/gpu/device.ts';
import { openTrainer } from '../../src/learning/trainer.ts';
import { activation } from '../../src/network/activation.ts';
import { createStream } from '../../src/numeric/random.ts';
import { chooseBackend } from '../../src/propagation/backend/choose.ts';
import { batchedProduct } from '../../src/propagation/backend/tensor-product.ts';
import { type Benchmark, type Timing, tabled } from './benchmark.ts';
import { python } from './python.ts';

/** Training in step on a card, a tenth of the paper's depth: some 20 s in all. */

const PRODUCTS = 'Products of training, TFLOP/s (batches of 128)';

const batch = 128;
/** The most first: who is cut off knows what matters. */
const counts = [256, 64, 16, 1] as const;

interface Shape {
  readonly width: number;
  readonly depth: number;
}

const normals = (length: number, scale: number): Float32Array => {
  const stream = createStream(1, 31, length);
  return new Float32Array(length).map(() => scale * stream.normal());
};

/** Floating-point operations of a step of one network: forward, and twice that backward but for the images' gradient. */
const work = ({ width, depth }: Shape): number =>
  2 * batch * (2 * 784 * width + 3 * (depth - 2) * width * width + 3 * width * 10);

/** Networks of one shape, whose weights the card draws. */
async function steps(networks: number, shape: Shape): Promise<Timing> {
  const widths = [784, ...new Array<number>(shape.depth - 1).fill(shape.width), 10];
  const count = 8 * batch;
  const labels = new Uint8Array(count).map((_, i) => i % 10);
  const images = { count, pixels: 784, classes: 10, values: normals(count * 784, 1), labels, shift: 0, scale: 1 };
  const options = {
    activation: activation('tanh'),
    widths,
    layer: () => {
      throw new Error('the card draws first weights');
    },
    images,
    batch,
    learningRate: 1e-3,
  };
  const began = performance.now();
  const trainers = await Promise.all(
    Array.from({ length: networks }, (_, i) => {
      const random = { key: Int32Array.of(i, 1, 2, 3), weightVariance: 1.44, biasVariance: 0 };
      return openTrainer('webgpu', { ...options, random });
    }),
  );
  // All weights of the last are read, which comes when all are drawn.
  await trainers.at(-1)!.weights();
  const begin = (performance.now() - began) / 1e3;
  const run = async (some: number): Promise<number> => {
    const order = Uint32Array.from({ length: some * batch }, (_, i) => i % count);
    const start = performance.now();
    await Promise.all(trainers.map((trainer) => trainer.pass(order)));
    return (performance.now() - start) / 1e3;
  };
  // The first compiles, and the second says how many take about a second.
  await run(1);
  const some = Math.min(200, Math.max(2, Math.round(2 / (await run(2)))));
  const seconds = (await run(some)) / some;
  for (const trainer of trainers) trainer.close();
  const rate = (networks * work(shape)) / seconds / 1e12;
  return tabled(seconds, `Networks trained in step, N = ${shape.width}, L = ${shape.depth}`, {
    networks: `${networks}`,
    'ms to begin': (1e3 * begin).toPrecision(3),
    'ms a step of all': (1e3 * seconds).toPrecision(3),
    'steps of a network a second': (networks / seconds).toPrecision(3),
    'TFLOP/s': rate.toPrecision(2),
  });
}

/** The products that a step is made of, and the transposed one with its factor transposed first, which takes tiles of four columns. */
async function products(networks: number, { width }: Shape): Promise<Timing> {
  const tensors = (await chooseBackend('webgpu')).tensors!;
  const { tf } = tensors;
  const product = batchedProduct(tensors);
  const size = 32 * Math.ceil(width / 32);
  const x = tf.randomUniform([networks, batch, size], -1, 1, 'float32', 1) as ReturnType<typeof product>;
  const w = tf.randomUniform([networks, size, size], -1, 1, 'float32', 2) as ReturnType<typeof product>;
  const times = async (make: () => ReturnType<typeof product>): Promise<number> => {
    const run = async (some: number): Promise<number> => {
      const start = performance.now();
      for (let i = 0; i < some; i++) {
        const made = make();
        if (i < some - 1) made.dispose();
        else {
          const one = tf.tidy(() => tf.slice(made, [0, 0, 0], [1, 1, 1]));
          await one.data();
          tf.dispose([made, one]);
        }
      }
      return (performance.now() - start) / 1e3;
    };
    const some = Math.min(100, Math.max(2, Math.round(1 / ((await run(1)) + (await run(1))))));
    return (await run(some)) / some;
  };
  const ways: Readonly<Record<string, () => ReturnType<typeof product>>> = {
    forward: () => product(x, w),
    'to the inputs': () => product(x, w, false, true),
    'to the inputs, transposed first': () => tf.tidy(() => product(x, tf.transpose(w, [0, 2, 1]))),
    'to the weights': () => product(x, x, true, false),
  };
  const rates: Record<string, string> = {};
  let seconds = 0;
  for (const [name, make] of Object.entries(ways)) {
    const time = await times(make);
    seconds += time;
    rates[name] = ((2 * networks * batch * width * width) / time / 1e12).toPrecision(2);
  }
  tf.dispose([x, w]);
  return tabled(seconds, PRODUCTS, { by: 'TensorFlow.js', networks: `${networks}`, N: `${width}`, ...rates });
}

/** The same three products in PyTorch on the same card, by float32 without tensor cores. */
const torch = (width: number): string => `
import torch, time
assert torch.cuda.is_available()
torch.backends.cuda.matmul.allow_tf32 = False
for c in (1, 16, 64, 256):
    x = torch.randn(c, ${batch}, ${width}, device='cuda')
    w = torch.randn(c, ${width}, ${width}, device='cuda')
    def step():
        h = torch.bmm(x, w)
        return torch.bmm(h, w.transpose(1, 2)), torch.bmm(x.transpose(1, 2), h)
    for _ in range(3): step()
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(50): step()
    torch.cuda.synchronize()
    print(c, f'{50 * 6 * c * ${batch} * ${width} ** 2 / (time.perf_counter() - start) / 1e12:.2g}', flush=True)
`;

function pyTorch({ width }: Shape): Timing {
  const start = performance.now();
  const { lines, note } = python(torch(width), 30);
  const rows = lines.map(([networks, rate]) => ({
    table: PRODUCTS,
    cells: { by: 'torch.bmm', networks: networks!, N: `${width}`, 'all three': rate! },
  }));
  return { seconds: (performance.now() - start) / 1e3, note, rows };
}

/** Training on a card, beside the products alone and PyTorch's. */
export function trainingBenchmarks({ software }: Gpu): Benchmark[] {
  const shape = software ? { width: 64, depth: 4 } : { width: 300, depth: 10 };
  const name = (networks: number): string =>
    `${networks} networks trained in step, N = ${shape.width}, L = ${shape.depth}`;
  const chosen = software ? [4, 1] : counts;
  return [
    ...chosen.map((networks) => ({ name: name(networks), run: () => steps(networks, shape) })),
    { name: `products of ${chosen[0]} networks`, run: () => products(chosen[0]!, shape) },
    { name: 'the same products by torch.bmm', run: async () => pyTorch(shape) },
  ];
}
