import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isExpected, StoreError } from '../error.ts';
import { forbidden } from '../permission.ts';
import { toDisk } from './to-disk.ts';

const reasons: Record<string, string> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than any may be here',
  EACCES: 'permission is denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'something else of that name is there',
  EMFILE: 'too many files are open',
  ESTALE: 'its file server does not know it any more',
  EBUSY: 'something else holds it',
  ENOTCONN: 'its file system is gone',
  ENODEV: 'its file system is gone',
  ETIMEDOUT: 'its file server does not answer',
  EHOSTDOWN: 'its file server does not answer',
  EIO: 'the device reports an input/output error',
  ENAMETOOLONG: 'its name, or its path, is too long',
  EXDEV: 'it is on another device than its run folder',
  ELOOP: 'it leads through a symbolic link, or through too many',
};

/** Node has no names for these, the commonest on clusters, and gives their codes as "Unknown system error -122". */
const unnamed = (['EDQUOT', 'ESTALE'] as const).map((name) => [-constants.errno[name], name] as const);

/** The name of a failure of the file system; undefined for anything else. */
function codeOf(error: unknown): string | undefined {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  return unnamed.find(([number]) => number === errno)?.[1] ?? code;
}

/** Turns a failure of the file system into one StoreError that names the file; passes on anything else. */
export function storeError(doing: string, path: string, error: unknown): Error {
  if (isExpected(error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const reason = forbidden(error) ?? `${reasons[code] ?? 'the system reports'} (${code})`;
  return new StoreError(`cannot ${doing} ${path}: ${reason}`, { cause: error });
}

/** Makes a folder, and waits until the disk has its name: files that lie in it are lost with it. */
async function makeOne(path: string): Promise<void> {
  await mkdir(path);
  await syncFolder(dirname(path));
}

/** Makes a folder and those above it. (Node's own `recursive` never returns where a virtual file system answers ENOENT, as /proc does.) */
export async function makeFolders(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await makeOne(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
}

/** Ending of files that are being written; one that is left over belongs to a writer that was cut off. */
export const temporaryEnding = '.tmp';

/** How a new file is written. */
export interface NewFileOptions {
  /** Whether `commit` waits until the disk has the content; else `makeDurable` may, later. Default true. */
  readonly durable?: boolean;
  /** Where it is written before it is whole, on the same device. Default: beside it, hidden. */
  readonly temporary?: string;
}

/** What a finished file holds. */
export interface Written {
  readonly bytes: number;
  /** In hex: taken of what was to be written, so that it tells of a disk that kept something else. */
  readonly sha256: string;
}

/** A file that appears under its name only once it is whole. */
export interface NewFile {
  write(sections: readonly Uint8Array[]): Promise<void>;
  /** Makes it durable and visible. */
  commit(): Promise<Written>;
  /** Removes what was written, unless committed. */
  discard(): Promise<void>;
}

/** Sections up to so many bytes go to the disk together: a call for each would take longer than to copy them. */
const together = 2 ** 20;

/** The same bytes in fewer sections. */
function gathered(sections: readonly Uint8Array[]): Uint8Array[] {
  const fewer: Uint8Array[] = [];
  for (let from = 0, to = 1; from < sections.length; from = to++) {
    let bytes = sections[from]!.length;
    for (; to < sections.length && bytes + sections[to]!.length <= together; to++) bytes += sections[to]!.length;
    fewer.push(to - from === 1 ? sections[from]! : Buffer.concat(sections.slice(from, to)));
  }
  return fewer;
}

/** Opens `temporary` anew. Folders are mostly there, and nothing is left over in them: each look that is spared is a call less for every part. */
async function openNew(path: string, temporary: string): Promise<FileHandle> {
  try {
    return await open(temporary, 'wx');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  }
  await makeFolders(dirname(path));
  await makeFolders(dirname(temporary));
  await rm(temporary, { force: true });
  return await open(temporary, 'wx');
}

/**
 * Begins a file; its folder is made where it is missing. Nothing touches the disk before the first write. What stands under its name or
 * its temporary name, links among it, is replaced, never written into.
 * @throws StoreError (from each method) naming the file and why
 */
export function newFile(path: string, options: NewFileOptions = {}): NewFile {
  const { durable = true, temporary = join(dirname(path), `.${basename(path)}${temporaryEnding}`) } = options;
  let handle: FileHandle | undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  const failed = (error: unknown): never => {
    throw storeError('write', path, error);
  };
  const opened = async (): Promise<FileHandle> => {
    handle ??= await openNew(path, temporary);
    return handle;
  };
  const write = async (sections: readonly Uint8Array[]): Promise<void> => {
    const file = await opened();
    for (const section of gathered(sections)) {
      hash.update(section);
      for (let at = 0; at < section.length; ) {
        const { bytesWritten } = await file.write(section, at, section.length - at);
        at += bytesWritten;
        bytes += bytesWritten;
      }
    }
  };
  const commit = async (): Promise<Written> => {
    const file = await opened();
    if (durable) await toDisk(file);
    handle = undefined;
    await file.close();
    await rename(temporary, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await makeFolders(dirname(path));
      await rename(temporary, path);
    });
    if (durable) await syncFolder(dirname(path));
    return { bytes, sha256: hash.digest('hex') };
  };
  const discard = async (): Promise<void> => {
    const file = handle;
    handle = undefined;
    await file?.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
  };
  return {
    write: (sections) => write(sections).catch(failed),
    commit: () => commit().catch(failed),
    discard,
  };
}

/**
 * Waits until the disk has a file's content.
 * @throws StoreError naming the file
 */
export async function makeDurable(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    await toDisk(file).finally(() => file.close());
  } catch (error) {
    throw storeError('write', path, error);
  }
}

// What a system answers that can't do it (Windows, some network file systems).
const noFolderSync = new Set([
  'EISDIR',
  'EPERM',
  'EACCES',
  'EINVAL',
  'ENOTSUP',
  'ENOSYS',
  'EBADF',
  'ERR_ACCESS_DENIED',
]);

/**
 * Waits until the disk has the names in a folder: a new file's content without its name is lost. Does nothing where the platform can't.
 * @throws StoreError naming the folder
 */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await toDisk(folder, 'sync').finally(() => folder.close());
  } catch (error) {
    if (!noFolderSync.has((error as NodeJS.ErrnoException).code ?? '')) throw storeError('write', path, error);
  }
}

/** Writes a whole file atomically: readers see the old content or the new, never a part. */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  options: NewFileOptions = {},
): Promise<void> {
  const file = newFile(path, options);
  try {
    await file.write([typeof content === 'string' ? Buffer.from(content) : content]);
    await file.commit();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** The content of a file, undefined where there is none. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storeError('read', path, error);
  }
}

/** Whether a folder is there. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
