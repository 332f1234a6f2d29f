import { setMaxListeners } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { nowAndThen } from '../garbage.ts';
import { freeIdle } from '../idle-memory.ts';
import type { Composition, Counts } from '../pipeline.ts';
import { notCloneable } from '../reduce/cloned.ts';
import { blamed, blamedError } from './blame.ts';
import { addCounts, zeroCounts } from './counts.ts';
import { executePartition } from './execute.ts';
import { stateOf } from './kept.ts';
import { loadPipeline } from './load.ts';
import { type Measurement, type Order, type Report, toFailure, type WorkerStart } from './message.ts';
import { movable } from './movable.ts';
import { partSinks } from './part-sinks.ts';

/**
 * Entry of a worker thread: composes the pipeline, once a phase, then evaluates the partitions it is sent, at once where it is sent several, and measures
 * ensembles.
 */

const start = workerData as WorkerStart;
const port = parentPort!;
const send = (report: Report, moved: readonly ArrayBuffer[] = []): void => port.postMessage(report, moved);
const reportEvery = 200; // ms between tallies of a running partition
/**
 * Milliseconds between collections of garbage. Once the thread has measured they are rare: what V8 has optimised for objects that are collected, fits above
 * all, is optimised anew.
 */
const tidyEvery = { atFirst: 1500, onceMeasured: 60_000 };

let hasMeasured = false;

/** The ensemble that is measured in parts. */
let held: { readonly ensemble: number; readonly result: unknown } | undefined;

function measured({ ensembles, reducer, ahead }: Composition, given: Measurement): unknown {
  const { ensemble, counts, part } = given;
  const before = held;
  // Only the last ensemble is measured in parts: no partition follows, and their memory is needed for it.
  if (part !== undefined && before === undefined) freeIdle();
  // The sums of the first ensemble come on top of what partitions have left.
  if (!hasMeasured) globalThis.gc?.();
  hasMeasured = true;
  held = undefined;
  // `finish` may have thrown for the part before.
  if ('held' in given && before?.ensemble !== ensemble) throw new Error(`ensemble ${ensemble} is not here`);
  const result = 'held' in given ? before!.result : reducer.finish(stateOf(given));
  if (part !== undefined) held = { ensemble, result };
  const one = { ensemble: ensembles[ensemble]!, counts, result };
  return part === undefined ? ahead!.measure(one) : ahead!.parts!.measure(one, part);
}

/** The signal by which partitions are dropped. */
function leaveOff(): AbortController {
  const leave = new AbortController();
  // One a partition.
  setMaxListeners(0, leave.signal);
  return leave;
}

async function work(): Promise<void> {
  const pipeline = await loadPipeline(start.module, start.files);
  const compose = (values: WorkerStart['values']): Composition => blamed(pipeline, () => pipeline.compose(values));
  let composition = compose(start.values);
  const openSink = await partSinks(start.folder, start.record, start, start.staged);
  let leave = leaveOff();
  const tidyAtFirst = nowAndThen(globalThis.gc, tidyEvery.atFirst);
  const tidyOnceMeasured = nowAndThen(globalThis.gc, tidyEvery.onceMeasured);
  port.on('message', (order: Order) => {
    if (order === 'leave' || order === 'end') {
      leave.abort(new Error('the worker pool was closed'));
      leave = leaveOff();
    }
    if (order === 'leave') return;
    if (order === 'end') {
      // Deno has no way to close it; there the thread is ended from without.
      port.close?.();
      return;
    }
    if ('compose' in order) {
      held = undefined;
      try {
        composition = compose(order.compose);
      } catch (error) {
        send({ kind: 'failed', id: undefined, failure: toFailure(error) });
      }
      return;
    }
    if ('spent' in order) {
      composition.reducer.release?.(order.spent);
      return;
    }
    const { id } = order;
    if ('measure' in order) {
      const began = performance.now();
      try {
        const made = measured(composition, order.measure);
        send({ kind: 'measured', id, made, seconds: (performance.now() - began) / 1000 });
      } catch (error) {
        send({ kind: 'failed', id, failure: toFailure(error) });
      }
      return;
    }
    held = undefined;
    (hasMeasured ? tidyOnceMeasured : tidyAtFirst)();
    const { partition } = order;
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
    executePartition(composition, partition, { seed, records, openSink, onCount, signal: leave.signal })
      .then((outcome) => {
        const buffers = movable(composition.reducer, outcome.state);
        try {
          send({ kind: 'done', id, outcome, buffers }, buffers);
        } catch (error) {
          throw notCloneable(composition.reducer, outcome.state, error);
        }
      })
      .catch((error: unknown) => send({ kind: 'failed', id, failure: toFailure(blamedError(pipeline, error)) }));
  });
  send({ kind: 'ready' });
}

work().catch((error: unknown) => send({ kind: 'failed', id: undefined, failure: toFailure(error) }));
