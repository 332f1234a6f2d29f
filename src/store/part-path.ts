/** Where a partition's part file of a table stands, relative to the run folder: its name depends on nothing else. */
export function partPath(table: string, ensemble: number, index: number): string {
  return `${table}/part-${String(ensemble).padStart(4, '0')}-${String(index).padStart(5, '0')}.parquet`;
}

/** Where a shard keeps the state of a partition, relative to the run folder. */
export const statePath = (ensemble: number, index: number): string =>
  partPath(stateFolder, ensemble, index).replace(/parquet$/, 'bin');

/** Folder of the states of a shard's partitions: no table. */
export const stateFolder = 'state';

/** Where a result table stands, relative to the run folder. */
export const tablePath = (table: string): string => `${table}.parquet`;

/** Folder of what is being written into a run folder, relative to it: nobody who reads a table's folder sees half a part. */
export const unfinishedName = '.unfinished';

/** Where a file of a run folder stands before it is whole, relative to the run folder. */
export const unfinishedPath = (path: string): string => `${unfinishedName}/${path.replaceAll('/', '-')}.tmp`;

/** Whether a file in the folder of a table bears the name of a part. */
export const isPartName = (name: string): boolean => /^part-\d{4,}-\d{5,}\.(parquet|bin)$/.test(name);

/** Ensemble and index of the partition that a part file is of, from its path in the run folder; undefined for what is no part. */
export function partNumbers(path: string): { readonly ensemble: number; readonly index: number } | undefined {
  const match = /\/part-(\d{4,})-(\d{5,})\.\w+$/.exec(path);
  return match === null ? undefined : { ensemble: Number(match[1]), index: Number(match[2]) };
}

/** Files of a run folder that are made of its tables: findings, figures and the page. */
export const reportFile = /^(findings\.json|report\.html|figures\/[^/]+\.(svg|png))$/;
