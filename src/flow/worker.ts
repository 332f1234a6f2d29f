import { setMaxListeners } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { Counts } from '../pipeline.ts';
import { blamed, blamedError } from './blame.ts';
import { addCounts, zeroCounts } from './counts.ts';
import { executePartition } from './execute.ts';
import { loadPipeline } from './load.ts';
import { type Order, type Report, toFailure, type WorkerStart } from './message.ts';
import { partSinks } from './part-sinks.ts';

/** Entry of a worker thread: composes the pipeline once, then evaluates the partitions it is sent, at once where it is sent several. */

const start = workerData as WorkerStart;
const port = parentPort!;
const send = (report: Report): void => port.postMessage(report);
const reportEvery = 200; // ms between tallies of a running partition

async function work(): Promise<void> {
  const pipeline = await loadPipeline(start.module);
  const composition = blamed(pipeline, () => pipeline.compose(start.values));
  const openSink = await partSinks(start.folder, start.record, start, start.staged);
  const stop = new AbortController();
  // One a partition.
  setMaxListeners(0, stop.signal);
  port.on('message', (order: Order) => {
    if (order === 'end') {
      stop.abort(new Error('the worker pool was closed'));
      // Deno has no way to close it; there the thread is ended from without.
      port.close?.();
      return;
    }
    const { id, partition } = order;
    let tally: Counts = zeroCounts();
    let last = performance.now();
    const onCount = (more: Partial<Counts>): void => {
      addCounts(tally, more);
      if (performance.now() - last < reportEvery) return;
      send({ kind: 'count', id, tally });
      tally = zeroCounts();
      last = performance.now();
    };
    const { seed, records } = start;
    executePartition(composition, partition, { seed, records, openSink, onCount, signal: stop.signal })
      .then((outcome) => {
        send({ kind: 'done', id, outcome }); // a copy of it
        composition.reducer.release?.(outcome.state);
      })
      .catch((error: unknown) => send({ kind: 'failed', id, failure: toFailure(blamedError(pipeline, error)) }));
  });
  send({ kind: 'ready' });
}

work().catch((error: unknown) => send({ kind: 'failed', id: undefined, failure: toFailure(error) }));
