import { createHash } from 'node:crypto';
import { type NewFileOptions, newFile } from './file.ts';
import { inPieces } from './in-pieces.ts';
import { jsonPieces, type Streamed } from './json-pieces.ts';
import type { EncodingSet } from './parquet/encoding-set.ts';

/** Version of the run folder's own format. */
export const datasetVersion = 2;

/** running: being written, or cut off · partial: ended early, can be resumed · complete: all there. */
export type Status = 'running' | 'partial' | 'complete';

/** What a run says of itself before it starts. */
export interface ManifestHead {
  readonly pipeline: string;
  /** URL of a user's pipeline module, or `inline`; absent for built-in ones. Told to the reader, never imported. */
  readonly module?: string;
  /** SHA-256 of that module's file. */
  readonly module_sha256?: string;
  /** SHA-256 of the files that it imports, packages left out, by their paths from its folder; absent where that couldn't be found out. */
  readonly modules?: Readonly<Record<string, string>>;
  /** SHA-256 of the files that it reads, by their paths as its parameters have them. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Engines that its stages hand to `propagate`, where those aren't what the parameter `engine` says. */
  readonly engines?: readonly string[];
  readonly seed: number;
  /** Which build of the kernels computed the data. */
  readonly kernel: string;
  /** Tables that are streamed to part files. */
  readonly record: readonly string[];
  /** Encodings of its Parquet files; portable by default. */
  readonly parquet?: EncodingSet;
  /** Whether the states of reducers are kept when the run is complete. */
  readonly keep_state?: boolean;
  /** Whether it is to have figures and a page, which a resume keeps to; absent where it is. */
  readonly figures?: boolean;
  /** Which part of a run it is, where it is one of several that share it: its partitions' states are kept one by one. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Perturbations a partition, by ensemble, where they don't follow from the parameters. */
  readonly partition_sizes?: readonly number[];
  /** Of a merge: the builds that computed what it is made of. */
  readonly builds?: readonly string[];
  /** Of a merge: the runs that it is made of. */
  readonly merged?: readonly MergedRun[];
}

/** A run that went into a merge. */
export interface MergedRun {
  readonly seed: number;
  readonly kernel: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** What a manifest says of one table. */
export interface TableEntry {
  /** Version of the table's schema. */
  readonly version: number;
  readonly rows: number;
  readonly bytes: number;
  /** Files relative to the run folder, in order. */
  readonly parts: readonly string[];
}

/** A file of a run folder as it was written. */
export interface FileEntry {
  /** Of a table. */
  readonly rows?: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The content of `manifest.json`, but for its own checksum. */
export interface Manifest extends ManifestHead {
  readonly parquet: EncodingSet;
  /** Whether its Parquet files say which run they are of; absent for runs from before they did. */
  readonly imprint?: boolean;
  readonly format: 'crackle-dataset';
  readonly format_version: number;
  readonly status: Status;
  /** Id of the run, a new one each time. */
  readonly run: string;
  readonly crackle: string;
  /**
   * The builds of it that computed the data, one after the other, of a merge those of its runs before its own; absent where it ran from its sources, or
   * was begun before this was kept.
   */
  readonly builds?: readonly string[];
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string | null;
  /** Seconds spent running, over all sessions of a resumed run. */
  readonly wall_seconds: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Partitions that the last checkpoint counts on. */
  readonly committed: number;
  readonly tables: Readonly<Record<string, TableEntry>>;
  /** All files of tables and states, by their paths in the folder. */
  readonly files: Readonly<Record<string, FileEntry>>;
  /** Findings, figures and page, by their paths in the folder, as they were last made of the tables; absent while a run is under way. */
  readonly report?: Readonly<Record<string, FileEntry>>;
}

/** A manifest whose lists are made while it is written: those of a long run hold thousands of parts. */
export interface StreamedManifest extends Omit<Manifest, 'tables' | 'files'> {
  readonly tables: Readonly<Record<string, Omit<TableEntry, 'parts'> & { readonly parts: Streamed }>>;
  readonly files: Streamed;
}

/** Bytes that are written at a time. */
const pieceBytes = 65_536;

const replacer = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** Characters of it that are made at a time. */
const atOnce = 8192;

/** The text piece by piece; its last member is the checksum of all before it, without spaces. */
function* textOf(manifest: Manifest | StreamedManifest): Generator<string> {
  const hash = createHash('sha256');
  let [plain, indented, last] = ['', '', ''];
  for (const piece of jsonPieces(manifest, replacer)) {
    plain += piece.plain;
    indented += last;
    last = piece.indented;
    if (indented.length < atOnce) continue;
    hash.update(plain);
    yield indented;
    [plain, indented] = ['', ''];
  }
  // In place of the last piece, which closes it.
  yield `${indented},\n  "sha256": "${hash.update(plain).digest('hex')}"\n}\n`;
}

/** JSON text of a manifest; NaN and infinities, which JSON lacks, are written as `"NaN"` and `"Infinity"`. */
export const writeManifest = (manifest: Manifest): string => [...textOf(manifest)].join('');

/**
 * Writes a manifest in place of the one before, a piece at a time.
 * @throws StoreError where the file can't be written
 */
export async function saveManifest(
  path: string,
  manifest: Manifest | StreamedManifest,
  options: NewFileOptions,
): Promise<void> {
  const file = newFile(path, options);
  try {
    await inPieces(file, pieceBytes, async (to) => {
      for (const text of textOf(manifest)) await to.writeText(text);
    });
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
