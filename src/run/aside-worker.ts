import { parentPort, workerData } from 'node:worker_threads';
import { loadPipeline } from '../flow/load.ts';
import type { AsideOrder, AsideReport, AsideStart } from './aside.ts';

/** Entry of the thread beside the workers, see `aside.ts`: composes the pipeline once, then does what it is asked, one after the other. */

const start = workerData as AsideStart;
const port = parentPort!;

async function composed() {
  const pipeline = await loadPipeline(start.module);
  return pipeline.compose(start.values);
}

let composition: ReturnType<typeof composed> | undefined;

async function made(order: Exclude<AsideOrder, 'end'>): Promise<unknown> {
  if ('svg' in order) {
    const { svgToPng } = await import('../report/png.ts');
    return svgToPng(order.svg);
  }
  composition ??= composed();
  const { ensembles, reducer, ahead } = await composition;
  const { ensemble, counts, state } = order;
  return ahead?.measure({ ensemble: ensembles[ensemble]!, counts, result: reducer.finish(state) });
}

let busy: Promise<void> = Promise.resolve();
port.on('message', (order: AsideOrder) => {
  if (order === 'end') {
    port.close();
    return;
  }
  busy = busy.then(async () => {
    const report: AsideReport = await made(order).then(
      (value) => ({ id: order.id, made: value }),
      // Who asked does it again, and sees why it can't be done.
      () => ({ id: order.id }),
    );
    port.postMessage(report);
  });
});
