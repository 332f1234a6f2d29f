import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { matrixArena } from '../../src/kernel/matrix.ts';
import { nativeTensorFlow, portableTensorFlow, type TensorFlow } from '../../src/propagation/backend/tensorflow.ts';
import { dense } from '../../src/propagation/dense.ts';
import { quenched } from '../../src/propagation/quenched.ts';
import { layerSeconds } from './dense-layers.ts';

interface Result {
  readonly seconds: number;
  readonly referenceSeconds?: number;
  readonly note: string;
}

interface Benchmark {
  readonly name: string;
  run(): Promise<Result>;
}

const width = 512;
const reuses = [16, 64, 256] as const;
const backends = ['simd', 'wasm', 'cpu', 'tensorflow-gpu'] as const;

/** The same layers in PyTorch, weights sampled anew for each: the textbook script. */
const script = `
import sys, time, torch
n, r, depth = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
best = 1e9
with torch.no_grad():
    for _ in range(4):
        h = torch.randn(r, n) * 0.5
        start = time.perf_counter()
        for _ in range(depth):
            h = torch.tanh(h) @ (torch.randn(n, n) * (1.5 / n) ** 0.5) + torch.randn(n) * 0.05 ** 0.5
            s = h.square().mean(1).sqrt()
        best = min(best, (time.perf_counter() - start) / depth)
print(best)
`;

const run = promisify(execFile);

/** Python with PyTorch, from CRACKLE_PYTHON or the path; undefined where there is none. */
const torch: Promise<string | undefined> = (async () => {
  for (const python of [process.env.CRACKLE_PYTHON, 'python3', 'python']) {
    if (python === undefined) continue;
    try {
      await run(python, ['-c', 'import torch'], { timeout: 120_000 });
      return python;
    } catch {}
  }
  return undefined;
})();

async function torchSeconds(reuse: number, depth: number): Promise<number | undefined> {
  const python = await torch;
  if (python === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'crackle-bench-'));
  try {
    const file = join(folder, 'layers.py');
    writeFileSync(file, script);
    const { stdout } = await run(python, [file, String(width), String(reuse), String(depth)]);
    return Number(stdout.trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function available(backend: string): string | undefined {
  if (backend !== 'tensorflow-gpu') return undefined;
  try {
    nativeTensorFlow();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const microseconds = (seconds: number): string => `${(seconds * 1e6).toFixed(0)} µs a layer`;
const depths: Record<string, number> = { simd: 40, wasm: 30, cpu: 2, 'tensorflow-gpu': 40 };

/** Quenched against dense on every backend, and dense against PyTorch, per layer of width 512 with everything alive. */
const benchmarks: readonly Benchmark[] = reuses.flatMap((reuse) =>
  backends
    .filter((backend) => available(backend) === undefined)
    .map((backend) => ({
      name: `quenched against dense on ${backend}, N = ${width}, R = ${reuse}`,
      async run() {
        const depth = depths[backend]!;
        const engine = dense({ backend });
        let [seconds, referenceSeconds] = [Infinity, Infinity];
        // In turns, so that both meet the same machine; the best of each, the first being a warm-up.
        for (let i = 0; i < (backend === 'cpu' ? 1 : 6); i++) {
          seconds = Math.min(seconds, await layerSeconds(quenched, { width, reuse, depth: 60 }));
          referenceSeconds = Math.min(referenceSeconds, await layerSeconds(engine, { width, reuse, depth }));
        }
        const other = backend === 'cpu' ? undefined : await torchSeconds(reuse, depth);
        const pytorch =
          other === undefined
            ? ''
            : `; PyTorch on one thread ${microseconds(other)}, ${(other / referenceSeconds).toFixed(2)} times dense's`;
        return {
          seconds,
          referenceSeconds,
          note: `quenched ${microseconds(seconds)}, dense ${microseconds(referenceSeconds)}${pytorch}`,
        };
      },
    })),
);

/** A product of the shape that learning does most: a batch of 128 through 512 × 512 weights, and its two backward ones. */
const products = [
  { name: 'forward, 128 × 512 by 512 × 512', m: 128, k: 512, n: 512, transposeA: false, transposeB: false },
  { name: 'to the inputs, 128 × 512 by (512 × 512)ᵀ', m: 128, k: 512, n: 512, transposeA: false, transposeB: true },
  { name: 'to the weights, (128 × 512)ᵀ by 128 × 512', m: 512, k: 128, n: 512, transposeA: true, transposeB: false },
];

function bestOf(repeats: number, work: () => void): number {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function tensorProduct(tf: TensorFlow, { m, k, n, transposeA, transposeB }: (typeof products)[number]): number {
  const a = tf.ones(transposeA ? [k, m] : [m, k]);
  const b = tf.ones(transposeB ? [n, k] : [k, n]);
  const seconds = bestOf(20, () => {
    const c = tf.matMul(a, b, transposeA, transposeB);
    c.dataSync();
    c.dispose();
  });
  tf.dispose([a, b]);
  return seconds;
}

const matrices: readonly Benchmark[] = products.flatMap((product) =>
  (['wasm', 'tensorflow-gpu'] as const)
    .filter((backend) => available(backend) === undefined)
    .map((backend) => ({
      name: `SIMD matrix kernel against ${backend}: ${product.name}`,
      async run() {
        const { m, k, n, transposeA, transposeB } = product;
        const arena = matrixArena([m * k, k * n, m * n]);
        const [a, b, c] = [arena.array(m * k), arena.array(k * n), arena.array(m * n)];
        a.fill(1);
        b.fill(1);
        const tf = backend === 'wasm' ? await portableTensorFlow('wasm') : nativeTensorFlow();
        await tf.setBackend(backend === 'wasm' ? 'wasm' : 'tensorflow');
        const seconds = bestOf(20, () => arena.matmul(a, b, c, m, k, n, { transposeA, transposeB }));
        const referenceSeconds = tensorProduct(tf, product);
        const rate = (time: number): string => `${((2 * m * k * n) / time / 1e9).toFixed(1)} GFLOP/s`;
        return { seconds, referenceSeconds, note: `SIMD ${rate(seconds)}, ${backend} ${rate(referenceSeconds)}` };
      },
    })),
);

export default [...matrices, ...benchmarks];
