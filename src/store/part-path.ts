/** Where a partition's part file of a table stands, relative to the run folder: its name depends on nothing else. */
export function partPath(table: string, ensemble: number, index: number): string {
  return `${table}/part-${String(ensemble).padStart(4, '0')}-${String(index).padStart(5, '0')}.parquet`;
}

/** Where a result table stands, relative to the run folder. */
export const tablePath = (table: string): string => `${table}.parquet`;
