import { parentPort, workerData } from 'node:worker_threads';
import { loadPipeline } from '../flow/load.ts';
import type { Composition } from '../pipeline.ts';
import type { AsideOrder, AsideReport } from './aside.ts';
import { stateOf } from './states.ts';

/** Entry of the thread beside the workers, see `aside.ts`: composes the pipeline, then does what it is asked, one after the other. */

const port = parentPort!;

let values: Record<string, unknown> = {};
let composition: Promise<Composition> | undefined;

async function composed(): Promise<Composition> {
  const pipeline = await loadPipeline(workerData as string);
  return pipeline.compose(values);
}

async function made(order: Extract<AsideOrder, { id: number }>): Promise<unknown> {
  composition ??= composed();
  const { ensembles, reducer, ahead } = await composition;
  const { ensemble, counts } = order;
  return ahead?.measure({ ensemble: ensembles[ensemble]!, counts, result: reducer.finish(stateOf(order)) });
}

let busy: Promise<void> = Promise.resolve();
port.on('message', (order: AsideOrder) => {
  if (order === 'end') {
    port.close();
    return;
  }
  busy = busy.then(async () => {
    if ('values' in order) {
      values = order.values;
      composition = undefined;
      return;
    }
    const report: AsideReport = await made(order).then(
      (value) => ({ id: order.id, made: value }),
      // Who asked does it again, and sees why it can't be done.
      () => ({ id: order.id }),
    );
    port.postMessage(report);
  });
});
