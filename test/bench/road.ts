import { once } from 'node:events';
import { workerLimits } from '../../src/flow/pool-thread.ts';
import { startThread } from '../../src/thread.ts';
import { type Benchmark, short, type Timing } from './benchmark.ts';
import { type Asked, size, type Way, width } from './road/way.ts';

/** Enough for compiled code and a collection now and then; a partition of annealed takes half a second. */
const partitions = { annealed: short ? 4 : 12, effective: short ? 40 : 150 };

/** Perturbations to merged states, against the engine alone that draws their signals, in turns; on a thread like those of a run. */
async function road(engine: Asked['engine'], record: readonly string[]): Promise<Timing> {
  const asked: Asked = { engine, record, partitions: partitions[engine] };
  const worker = startThread(new URL('./road/thread.ts', import.meta.url), asked, workerLimits);
  const [way] = (await once(worker, 'message')) as [Way];
  await worker.terminate();
  const { signals, finding, whole, garbage, layers } = way;
  const each = ({ all }: { readonly all: number }): string => ((all * 1e9) / layers).toFixed(1);
  const perturbation = ({ least }: { readonly least: number }): string => ((least * 1e9) / size).toFixed(0);
  return {
    seconds: whole.all,
    referenceSeconds: signals.all,
    note:
      `${asked.partitions} partitions, ${layers} layers; ns a layer: ${each(whole)}, signals alone ${each(signals)}, avalanches alone ${each(finding)}; ` +
      `of the fastest partitions ns a perturbation: ${perturbation(whole)}, ${perturbation(signals)}, ${perturbation(finding)}, ` +
      `ratio ${(whole.least / signals.least).toFixed(3)}; garbage collection ${((100 * garbage) / whole.all).toFixed(1)} %`,
  };
}

export default (['annealed', 'effective'] as const).flatMap((engine) =>
  [[], ['avalanche']].map((record) => ({
    name: `road, ${engine}, N = ${width}, ${record.length > 0 ? 'avalanches recorded' : 'nothing recorded'}, one thread, against the engine alone`,
    run: () => road(engine, record),
  })),
) satisfies Benchmark[];
