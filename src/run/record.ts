import { EMPTY } from 'rxjs';
import { ParameterError } from '../error.ts';
import { blamed } from '../flow/load.ts';
import { arrowSchema } from '../schema/batch.ts';
import type { Composed } from './compose.ts';

/** Tables that the stages of a composition can record, from stages that are composed but never subscribed to. */
function recordable({ pipeline, composition }: Composed): Set<string> {
  const tables = new Set<string>();
  for (const ensemble of composition.ensembles) {
    blamed(pipeline, () =>
      composition.stages({
        ensemble,
        index: 0,
        seed: 0,
        perturbation$: EMPTY,
        record: (table) => {
          tables.add(table);
          return (source) => source;
        },
        drained: async () => {},
        count: () => {},
      }),
    );
  }
  return tables;
}

/**
 * Throws unless every table to be recorded is one that the pipeline records.
 * @throws ParameterError, SchemaError for a table that there isn't
 */
export function checkRecord(composed: Composed, record: readonly string[]): void {
  if (record.length === 0) return;
  const tables = recordable(composed);
  for (const table of record) {
    arrowSchema(table);
    if (tables.has(table)) continue;
    const known = tables.size === 0 ? 'none' : [...tables].join(', ');
    throw new ParameterError(`pipeline ${composed.pipeline.name} doesn't record table '${table}', it records ${known}`);
  }
}
