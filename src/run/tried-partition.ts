import { type Data, RecordBatch, type Struct } from 'apache-arrow';
import { blamedError } from '../flow/blame.ts';
import { executePartition } from '../flow/execute.ts';
import type { Partition } from '../flow/partition.ts';
import type { Counts } from '../pipeline.ts';
import { selectTable } from '../schema/check.ts';
import type { Sink } from '../store/sink.ts';
import type { Composed } from './compose.ts';
import { declaredBy } from './declared.ts';

/** What came by while a partition was computed. */
export interface Tried {
  /** What the reducer was given, in its order. */
  readonly folded: readonly RecordBatch[];
  /** What was recorded. */
  readonly recorded: readonly RecordBatch[];
  readonly counts: Counts;
}

function apart(data: Data): Data {
  const buffers = Array.from(data.buffers as unknown as ArrayLike<unknown>, (buffer) =>
    ArrayBuffer.isView(buffer) ? (buffer as Uint8Array).slice() : buffer,
  );
  const { type, offset, length, nullCount, children } = data;
  return data.clone(type, offset, length, nullCount, buffers as unknown as Data['buffers'], children.map(apart));
}

/** A batch in memory of its own: the next one may lie in that of this. */
const copied = (batch: RecordBatch): RecordBatch => new RecordBatch(batch.schema, apart(batch.data) as Data<Struct>);

function collecting(table: string, into: RecordBatch[]): Sink {
  return {
    write: (batch) => {
      into.push(copied(selectTable(table, batch)));
    },
    commit: async () => ({ table, path: table, rows: 0, bytes: 0 }),
    [Symbol.asyncDispose]: async () => {},
  };
}

/**
 * Computes a partition in this thread and keeps all batches that are folded and recorded.
 * @throws PipelineError where the pipeline's own code throws, SchemaError where what is recorded isn't of its table
 */
export async function triedPartition(
  { pipeline, composition }: Composed,
  partition: Partition,
  seed: number,
): Promise<Tried> {
  const folded: RecordBatch[] = [];
  const recorded: RecordBatch[] = [];
  const { reducer } = composition;
  const watched = Object.create(reducer, {
    step: {
      value: (state: unknown, batch: RecordBatch) => {
        folded.push(copied(batch));
        return reducer.step(state, batch);
      },
    },
  }) as typeof reducer;
  try {
    const { records } = declaredBy(pipeline);
    const openSink = (table: string): Sink => collecting(table, recorded);
    const { counts } = await executePartition({ ...composition, reducer: watched }, partition, {
      seed,
      records,
      openSink,
    });
    return { folded, recorded, counts };
  } catch (error) {
    throw blamedError(pipeline, error);
  }
}
