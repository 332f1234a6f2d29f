import { register } from 'node:module';
import { PerformanceObserver } from 'node:perf_hooks';
import { executePartition } from '../../../src/flow/execute.ts';
import { loadPipeline, pipelineUrl } from '../../../src/flow/load.ts';
import { checkParameters } from '../../../src/parameter.ts';
import { followedWebGpu } from '../../../src/propagation/first-passage-webgpu.ts';
import { firstPassage } from '../../gpu/first-passage-request.ts';
import { recorded } from './recorded.ts';

export const width = 512;
const depth = 1000;
/** As many as there are blocks, whose first states are copied. */
const warmUp = 32;

/** What a thread is to measure. */
export interface Asked {
  readonly partitions: number;
  /** Perturbations of a partition. */
  readonly size: number;
}

/** CPU seconds of the process for a partition: the fewest, and on average. */
export interface Seconds {
  readonly least: number;
  readonly mean: number;
}

/** What a partition takes beside the card. */
export interface Way {
  /** Valid avalanches of a partition. */
  readonly valid: number;
  /** Perturbations to merged states, of the default analysis, without spectra, and with shapes of four points as well. */
  readonly whole: Seconds;
  readonly withoutSpectra: Seconds;
  readonly smallShapes: Seconds;
  /** Lists for the card, and columns of avalanches with their shapes from what it leaves. */
  readonly finding: Seconds;
  /** Seconds of a whole partition that pass while garbage is collected. */
  readonly garbage: number;
}

/** Has `webgpu` mean the card that answers at once, on this thread. */
function replaceCard(): void {
  const card = JSON.stringify(new URL('./device.ts', import.meta.url).href);
  const hook = `export const resolve = (name, context, next) => next(name === 'webgpu' ? ${card} : name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

export async function measureWay({ partitions, size }: Asked): Promise<Way> {
  replaceCard();
  let garbage = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) garbage += duration / 1e3;
  });
  observer.observe({ entryTypes: ['gc'] });
  const repeated = async (what: (index: number) => Promise<void>): Promise<Seconds> => {
    let [least, all] = [Infinity, 0];
    for (let index = 0; index < warmUp + partitions; index++) {
      await new Promise((resolve) => setImmediate(resolve)); // the observer's
      if (index === warmUp) garbage = 0;
      const began = process.cpuUsage();
      await what(index);
      const { user, system } = process.cpuUsage(began);
      if (index < warmUp) continue;
      all += (user + system) / 1e6;
      least = Math.min(least, (user + system) / 1e6);
    }
    return { least, mean: all / partitions };
  };
  const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const composed = (more: object) => {
    const values = { widths: [width], depth, engine: 'annealed', backend: 'webgpu', ...more };
    return pipeline.compose(checkParameters(pipeline.parameters, values));
  };
  const name = 'webgpu';
  const { answerWith } = (await import(name)) as typeof import('./device.ts');
  const ensemble = composed({}).ensembles[0]!;
  const answers = recorded(ensemble, size);
  answerWith(answers);
  let valid = 0;
  const through = (more: object): Promise<Seconds> => {
    const composition = composed(more);
    const { reducer } = composition;
    let merged = reducer.init();
    return repeated(async (index) => {
      const partition = { ensemble: 0, index, first: 0, count: size };
      const { counts, state } = await executePartition(composition, partition, {
        seed: 1,
        openSink: () => undefined,
      });
      valid = counts.valid;
      merged = reducer.merge(merged, state);
      reducer.release?.(state);
    });
  };
  const whole = await through({});
  if (valid !== answers.valid) throw new Error(`${valid} avalanches were found of ${answers.valid}`);
  const collected = garbage / partitions;
  const withoutSpectra = await through({ spectrumEvery: 0 });
  const smallShapes = await through({ spectrumEvery: 0, profilePoints: 4 });
  const floor = ensemble.inputStrength;
  const settings = {
    ensemble,
    seed: 1,
    observable: 'pre-activation',
    floor,
    windowRows: 65_536,
    recycle: true,
  } as const;
  const ids = Float64Array.from({ length: size }, (_, id) => id);
  const finding = await repeated(async () => {
    for await (const _ of followedWebGpu(ids, settings, firstPassage(ensemble), () => false));
  });
  observer.disconnect();
  return { valid, whole, withoutSpectra, smallShapes, finding, garbage: collected };
}
