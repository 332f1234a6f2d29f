import { existsSync } from 'node:fs';
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isExpected, StoreError } from '../error.ts';
import { tableNames, tableSchema } from '../schema/table.ts';
import { folderName, isBucketAddress } from './address.ts';
import { countedOn } from './checked-states.ts';
import { checkpointName, fileFault, journalName, lastRunIn, manifestName, readManifest, statesName } from './folder.ts';
import type { FileEntry, Manifest, Status } from './manifest.ts';
import { isPartName, stateFolder } from './part-path.ts';
import { openBytes } from './read/open.ts';

/** Something wrong with a run folder. */
export interface Damage {
  /** Relative to the folder. */
  readonly file: string;
  readonly what: string;
  readonly advice: string;
}

/** What a look at every byte of a run folder came to. */
export interface Verdict {
  readonly folder: string;
  readonly status: Status | undefined;
  /** That were looked at. */
  readonly files: number;
  readonly bytes: number;
  readonly damage: readonly Damage[];
}

const said = (error: unknown): string => {
  if (isExpected(error)) return error.message;
  throw error;
};

const anew = 'run it anew in another folder, with the seed and parameters of its manifest';

const restartable = `bring back a copy of it, or let crackle verify --repair set the run back to its start, for crackle resume to compute it all again`;

const repairable = 'crackle verify --repair computes it again, where it can; or bring back a copy of it';

/** Checksums, then what only a reader of Parquet sees. */
async function faultOf(folder: string, path: string, written: FileEntry): Promise<string | undefined> {
  const fault = await fileFault(folder, path, written);
  if (fault !== undefined || !path.endsWith('.parquet')) return fault;
  const bytes = await openBytes(join(folder, path));
  try {
    const rows = await (await import('./read/parquet.ts')).parquetRowCount(bytes);
    return rows === written.rows ? undefined : `has ${rows} rows, expected ${written.rows}`;
  } catch (error) {
    return said(error);
  } finally {
    await bytes.close();
  }
}

/** What the checkpoint and the journal of an unfinished run count on, and what is wrong with them. */
async function counted(
  folder: string,
  manifest: Manifest,
): Promise<{ files: Readonly<Record<string, FileEntry>>; damage: Damage[] }> {
  try {
    return { files: (await countedOn(folder, manifest)).files, damage: [] };
  } catch (error) {
    const message = said(error);
    const file = message.includes(journalName) ? journalName : checkpointName;
    const path = `${join(folder, file)} `;
    const what = message.startsWith(path) ? message.slice(path.length) : message;
    return { files: {}, damage: [{ file, what, advice: restartable }] };
  }
}

/** The files that a run folder counts on, as they were written: all of a complete run's, those of its last checkpoint else. */
export async function listedFiles(folder: string, manifest: Manifest): Promise<Readonly<Record<string, FileEntry>>> {
  return manifest.status === 'complete' ? manifest.files : (await counted(folder, manifest)).files;
}

/** Tables that were written with another version of their schema; those of a user's own pipeline are not known here. */
function versionFaults({ tables, crackle }: Manifest): Damage[] {
  const known = new Set(tableNames());
  return Object.entries(tables).flatMap(([table, { version, parts }]) => {
    if (!known.has(table) || tableSchema(table).version === version) return [];
    const what = `is of version ${version} of table ${table}, this crackle has ${tableSchema(table).version}`;
    return [{ file: parts[0] ?? table, what, advice: `read it with crackle ${crackle}` }];
  });
}

/** Where the files of a run folder come from that is looked at. */
interface Place {
  readonly folder: string;
  /** Names of what is in the folder of a table. */
  names(table: string): Promise<readonly string[]>;
  /** Does something with a file while it is in the folder. */
  holding<T>(path: string, act: () => Promise<T>): Promise<T>;
}

const inPlace = (folder: string): Place => ({
  folder,
  async names(table) {
    const path = join(folder, table);
    return (await lstat(path).catch(() => undefined))?.isDirectory() === true ? readdir(path) : [];
  },
  holding: (_, act) => act(),
});

/** A run folder in a bucket, whose files come into a folder here one by one. */
async function verifyBucket(address: string): Promise<Verdict> {
  const { withFolders } = await import('./s3/working-copy.ts');
  const few = [manifestName, journalName, checkpointName];
  return withFolders(
    [address],
    (path) => few.includes(path),
    async ([folder], [copy]) => {
      const { bucket } = copy!;
      if ((await bucket.list()).length === 0) throw new StoreError(`there is nothing in ${address}`);
      const place: Place = {
        folder: folder!,
        names: async (table) => (await bucket.list(`${table}/`)).map((path) => path.slice(table.length + 1)),
        async holding(path, act) {
          await copy!.fetch([path]);
          try {
            return await act();
          } finally {
            await rm(join(folder!, path), { force: true });
          }
        },
      };
      const { damage, ...rest } = await verifyPlace(place);
      const speaking = (text: string): string => text.replaceAll(folder!, address);
      const spoken = damage.map(({ file, what, advice }) => ({
        file,
        what: speaking(what),
        advice: advice.includes('--repair')
          ? `copy the run into a folder, for that is where repairs are made: ${advice}`
          : advice,
      }));
      return { ...rest, folder: address, damage: spoken };
    },
  );
}

/** Part files that a reader of a table's folder would take for data though the manifest doesn't list them. */
async function strays({ names }: Place, { tables, files, record, shard }: Manifest): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const table of new Set([...record, ...Object.keys(tables), ...(shard === undefined ? [] : [stateFolder])])) {
    for (const name of await names(table)) {
      if (!isPartName(name) || Object.hasOwn(files, `${table}/${name}`)) continue;
      found.push({ file: `${table}/${name}`, what: 'is no part of the run', advice: 'move it elsewhere' });
    }
  }
  return found;
}

/**
 * Reads all of a run folder and holds it against what was written: checksums, row counts, versions of schemas, the journal against the
 * checkpoint. Changes nothing.
 * @param folder its path, or its address in a bucket
 * @throws StoreError where there is no such folder, or the disk or the server fails
 */
export async function verify(folder: string): Promise<Verdict> {
  const name = folderName(folder);
  if (isBucketAddress(name)) return verifyBucket(name);
  const found = await stat(name).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new StoreError(`there is no folder ${folder}`);
  const holdsRuns = !existsSync(join(name, manifestName)) && (await lastRunIn(name)) !== undefined;
  if (holdsRuns) await readManifest(folder); // says so
  return { ...(await verifyPlace(inPlace(name))), folder };
}

async function verifyPlace(place: Place): Promise<Verdict> {
  const { folder: path } = place;
  let manifest: Manifest;
  try {
    manifest = await readManifest(path);
  } catch (error) {
    const advice = 'bring back a copy of manifest.json; without it the folder is files only';
    return {
      folder: path,
      status: undefined,
      files: 0,
      bytes: 0,
      damage: [{ file: 'manifest.json', what: said(error), advice }],
    };
  }
  const { status } = manifest;
  const complete = status === 'complete';
  const found = complete ? { files: manifest.files, damage: [] } : await counted(path, manifest);
  const damage = [...found.damage, ...versionFaults(manifest)];
  let bytes = 0;
  for (const [file, written] of Object.entries(found.files)) {
    bytes += written.bytes;
    const what = await place.holding(file, () => faultOf(path, file, written));
    const advice = file === statesName ? `bring back a copy of it, or ${anew}` : repairable;
    if (what !== undefined) damage.push({ file, what, advice });
  }
  const { report = {} } = manifest;
  for (const [file, written] of Object.entries(report)) {
    bytes += written.bytes;
    const what = await place.holding(file, () => fileFault(path, file, written));
    if (what !== undefined) damage.push({ file, what, advice: 'crackle report makes it again, of the tables' });
  }
  if (complete) damage.push(...(await strays(place, manifest)));
  if (complete && manifest.keep_state === true && !Object.hasOwn(manifest.files, statesName)) {
    damage.push({ file: statesName, what: 'is not listed, though states were to be kept', advice: anew });
  }
  return { folder: path, status, files: Object.keys({ ...found.files, ...report }).length, bytes, damage };
}
