import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { Worker } from 'node:worker_threads';
import { firstLine, isExpected } from '../error.ts';
import { type Gpu, openGpu } from '../gpu/device.ts';
import { NoAdapter } from '../gpu/failure.ts';
import { keepLanes } from '../gpu/found-lanes.ts';
import { missingForAdapter } from '../gpu/missing-adapter.ts';
import { hearWaits, inTime } from '../gpu/patience.ts';
import { speedOf, tested } from '../gpu/self-test.ts';
import type { TrialKind, TrialWord, Tried } from '../propagation/card-trial.ts';
import type { OwnRun } from '../propagation/own-run.ts';

/** Entry of a process that tries a card, whose driver may end the process, and reports how it goes, line by line. */

const [kind, own, ...wanted] = argv.slice(2) as [TrialKind, string?, ...('measured' | 'real')[]];
const measured = wanted.includes('measured');

/** At once: nothing may be left to send where the driver doesn't return. */
const say = (word: TrialWord): void => void writeSync(3, `${JSON.stringify(word)}\n`);

/** Whoever started this decides when it is over. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

/** Ends this process once the one that started it is gone; in this thread a driver that doesn't return would keep that from being noticed. */
const watch = `
const { Socket } = require('node:net');
new Socket({ fd: 0 }).on('error', () => {}).on('close', () => process.kill(process.pid, 'SIGKILL')).resume();
`;
// Without this process's words, which have code that is given taken for a module where it runs from sources.
new Worker(watch, { eval: true, execArgv: [] });

async function chain(opened: Gpu): Promise<Tried> {
  const gpu = await tested(opened);
  const { adapter, lanes, software } = gpu;
  keepLanes(adapter, lanes);
  return { adapter, lanes, software, ...(measured ? { speed: 1 / (await speedOf(gpu)) } : {}) };
}

async function networks(opened: Gpu): Promise<Tried> {
  const card = await chain(opened);
  const { testNetworks } = await import('../gpu/quenched-self-test.ts');
  await testNetworks(await openGpu());
  return card;
}

async function matrices(gpu: Gpu): Promise<Tried> {
  const { adapter, lanes, software } = gpu;
  const { openBackend } = await import('../propagation/backend/open.ts');
  const { checkLayers } = await import('../propagation/backend/layer-check.ts');
  const { layerSpeed } = await import('../propagation/backend/layer-speed.ts');
  const backend = await openBackend('webgpu');
  await inTime(gpu, 'compile', () => checkLayers(backend, adapter));
  if (!measured) return { adapter, lanes, software };
  return { adapter, lanes, software, speed: 1e9 * (await inTime(gpu, 'compile', () => layerSpeed(backend))) };
}

hearWaits((wait) => say({ wait }));
try {
  say({ wait: 'adapter' });
  const gpu = await openGpu();
  if (gpu.software && wanted.includes('real')) {
    throw new NoAdapter(`${gpu.adapter} is a program that stands in for a card; ${missingForAdapter()}`);
  }
  say({ adapter: gpu.adapter });
  const tried = await { chain, networks, matrices }[kind](gpu);
  if (!own) say({ tried });
  else {
    const { tryOwnKernels } = await import('./own-kernels.ts');
    const untried = await tryOwnKernels(await openGpu(), JSON.parse(own) as OwnRun, () => say({ wait: 'own' }));
    say({ tried: untried === undefined ? tried : { ...tried, untried } });
  }
} catch (error) {
  const failed = isExpected(error) ? error.message : `backend webgpu fails: ${firstLine(error)}`;
  say({ failed, absent: error instanceof NoAdapter });
}
process.exit();
