import { once } from 'node:events';
import { workerLimits } from '../../src/flow/pool-thread.ts';
import { startThread } from '../../src/thread.ts';
import { type Benchmark, short, type Timing } from './benchmark.ts';
import { type Asked, type Seconds, type Way, width } from './gpu-host/way.ts';

/** What avalanches from a card cost the host, on a thread like those of a run: the card answers at once, with what was recorded. */
async function host(size: number, partitions: number): Promise<Timing> {
  const asked: Asked = { partitions, size };
  const worker = startThread(new URL('./gpu-host/thread.ts', import.meta.url), asked, workerLimits);
  const [way] = (await once(worker, 'message')) as [Way];
  await worker.terminate();
  const { valid, whole, withoutSpectra, smallShapes, finding, garbage } = way;
  const each = ({ mean, least }: Seconds): string =>
    `${((mean * 1e9) / valid).toFixed(0)} (${((least * 1e9) / valid).toFixed(0)})`;
  return {
    seconds: whole.mean / valid,
    note:
      `ns of CPU time a valid avalanche, of the fastest partition in brackets: the whole ${each(whole)}, without spectra ${each(withoutSpectra)}, ` +
      `and shapes of 4 points ${each(smallShapes)}, columns alone ${each(finding)}; garbage collection ${((garbage * 1e9) / valid).toFixed(0)} ns of wall time`,
  };
}

/** The default run's partitions, and the largest. */
export default [15_625, 65_536].map((size) => ({
  name: `host beside a card, N = ${width}, partitions of ${size}`,
  run: () => host(size, Math.ceil((short ? 5e5 : 3e6) / size)),
})) satisfies Benchmark[];
