import type { RecordBatch } from 'apache-arrow';
import { concat, connect, merge, Observable, type OperatorFunction } from 'rxjs';
import type { Batch } from './schema/batch.ts';
import type { TableName } from './schema/columns.ts';
import { shortcutOf } from './shortcut.ts';

/**
 * What stands between two tables: batches in, batches out. With their names (`Stage<'signal', 'avalanche'>`) the compiler refuses it where
 * batches of another table come; without, it may stand anywhere.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any table, see Batch
export type Stage<In extends TableName = any, Out extends TableName = any> = OperatorFunction<Batch<In>, Batch<Out>>;

/**
 * Stages side by side: every batch goes through each of them, in their order, and what they give comes out together; from signals with a
 * shortcut one after the other.
 */
// biome-ignore lint/suspicious/noExplicitAny: of any table, see Batch
export function beside<In extends TableName = any, Out extends TableName = any>(
  ...stages: readonly Stage<In, Out>[]
): Stage<In, Out> {
  if (stages.length === 1) return stages[0]!;
  const together: Stage<In, Out> = connect((batch$) => merge(...stages.map((stage) => batch$.pipe(stage))));
  return (batch$) =>
    shortcutOf(batch$) === undefined ? batch$.pipe(together) : concat(...stages.map((stage) => batch$.pipe(stage)));
}

/** Longest stretch of milliseconds without a turn of the event loop, so that timers, messages and signals get through. */
export const stretch = 20;

/**
 * A stage that makes its batches when the one before has been taken: the asynchronous step of a pipeline. Each batch is emitted synchronously
 * down the whole chain, then `partition.drained()` is awaited before the next one is made, so memory is one batch whatever the sinks do.
 * Batches that come in while others are under way wait, in order (they are small). Unsubscribing returns the iterator.
 * @param make what goes out for a batch that came in; `halted` says whether anybody still listens, for steps that take long
 */
export function pulled<Out = RecordBatch>(
  partition: { drained(): Promise<void> },
  make: (batch: RecordBatch, halted: () => boolean) => Iterable<Out> | AsyncIterable<Out>,
): OperatorFunction<RecordBatch, Out> {
  return (source) =>
    new Observable((subscriber) => {
      const queue: RecordBatch[] = [];
      const halted = (): boolean => subscriber.closed;
      let completed = false;
      let running = false;

      const run = async (): Promise<void> => {
        running = true;
        try {
          let turned = performance.now();
          for (let batch = queue.shift(); batch !== undefined && !halted(); batch = queue.shift()) {
            // Leaving the loop returns the iterator.
            for await (const out of make(batch, halted)) {
              subscriber.next(out);
              if (halted()) return;
              await partition.drained();
              if (performance.now() - turned > stretch) {
                await new Promise((resolve) => setImmediate(resolve));
                turned = performance.now();
              }
              if (halted()) return;
            }
          }
          running = false;
          if (completed) subscriber.complete();
        } catch (error) {
          subscriber.error(error);
        }
      };

      const subscription = source.subscribe({
        next: (batch) => {
          queue.push(batch);
          if (!running) void run();
        },
        error: (error) => subscriber.error(error),
        complete: () => {
          completed = true;
          if (!running) subscriber.complete();
        },
      });
      return () => {
        queue.length = 0;
        subscription.unsubscribe();
      };
    });
}
