/** Where a partition's part file of a table stands, relative to the run folder: its name depends on nothing else. */
export function partPath(table: string, ensemble: number, index: number): string {
  return `${table}/part-${String(ensemble).padStart(4, '0')}-${String(index).padStart(5, '0')}.parquet`;
}

/** Where a result table stands, relative to the run folder. */
export const tablePath = (table: string): string => `${table}.parquet`;

/** Folder of what is being written into a run folder, relative to it: nobody who reads a table's folder sees half a part. */
export const unfinishedName = '.unfinished';

/** Where a file of a run folder stands before it is whole, relative to the run folder. */
export const unfinishedPath = (path: string): string => `${unfinishedName}/${path.replaceAll('/', '-')}.tmp`;

/** Whether a file in the folder of a table bears the name of a part. */
export const isPartName = (name: string): boolean => /^part-\d{4,}-\d{5,}\.parquet$/.test(name);
