import type { Writable } from 'node:stream';
import type { OpenSink } from '../flow/execute.ts';
import { localExecutor } from '../flow/executor.ts';
import type { Pipeline } from '../pipeline.ts';
import { ipcSink } from '../store/arrow-ipc.ts';
import { checkCard } from './card.ts';
import { composePipeline } from './compose.ts';
import { checkDeclared, declaredBy } from './declared.ts';
import { checkEngines } from './engines.ts';
import { conductPhases } from './phases.ts';

/**
 * Runs a pipeline and writes one of its streamed tables to `to` as an Arrow IPC stream, in partition order. The reader sets the pace; when it
 * goes away, production stops. Where `signal` or an error cuts the run off, the stream has no end and readers fail on it.
 * @returns whether `signal` cut it off
 */
export async function streamTable(
  pipeline: Pipeline,
  given: Record<string, unknown>,
  { table, seed, to, signal }: { table: string; seed: number; to: Writable; signal?: AbortSignal },
): Promise<{ readonly interrupted: boolean }> {
  checkDeclared(pipeline, [table]);
  const composed = composePipeline(pipeline, given);
  await checkEngines(composed);
  await checkCard(
    composed.values,
    { ...(signal === undefined ? {} : { signal }) },
    pipeline.module,
    composed.composition.ensembles,
  );
  await using sink = ipcSink(table, to);
  const stop = AbortSignal.any([sink.closed, ...(signal === undefined ? [] : [signal])]);
  const openSink: OpenSink = (name, { ensemble, index }) =>
    name === table
      ? {
          write: sink.write,
          commit: async () => ({ table, path: `${ensemble}-${index}`, rows: 0, bytes: 0 }),
          [Symbol.asyncDispose]: async () => {},
        }
      : undefined;
  const { records } = declaredBy(pipeline);
  let interrupted = false;
  try {
    ({ interrupted } = await conductPhases(composed, {
      openExecutor: async ({ composition }) => localExecutor(composition, { seed, records, openSink, signal: stop }),
      signal: stop,
      // One partition ahead: what passes the stop rule's cut must not have been sent.
      ahead: 1,
    }));
  } catch (error) {
    if (!sink.closed.aborted) throw error;
  }
  if (sink.closed.aborted) return { interrupted: false };
  if (!interrupted) await sink.commit();
  return { interrupted };
}
