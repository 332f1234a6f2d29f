import type { RecordBatch } from 'apache-arrow';
import { SchemaError } from '../error.ts';
import { tableOf } from '../schema/batch.ts';
import type { Reducer } from './reducer.ts';
import type { ResultsOf, StatesOf } from './together.ts';
import { together } from './together.ts';

/**
 * Reducers for streams of several tables: each batch goes to the reducer of its table, known by the schema.
 * @throws SchemaError (step) for a batch of a table that no reducer takes
 */
export function byTable<Parts extends Record<string, Reducer>>(
  parts: Parts,
): Reducer<StatesOf<Parts>, ResultsOf<Parts>> {
  const all = together(parts);
  return {
    ...all,
    name: `by table: ${all.name}`,
    step(state, batch: RecordBatch) {
      const table = tableOf(batch) ?? '';
      const reducer = parts[table];
      if (reducer === undefined) {
        throw new SchemaError(
          `no reducer takes batches of table '${table}'; there are some for ${Object.keys(parts).join(', ')}`,
        );
      }
      const states = state as Record<string, unknown>;
      states[table] = reducer.step(states[table], batch);
      return state;
    },
  };
}
