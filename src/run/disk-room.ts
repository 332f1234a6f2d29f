import { statfs } from 'node:fs/promises';
import { isExpected, StoreError } from '../error.ts';

const resumed = (address: string): string => `then: crackle resume ${address}`;

const remedies: Readonly<Record<string, string>> = { EFBIG: 'raise the limit (ulimit -f)' };

/**
 * A failure to write a run's files for want of room, with what to do about it; anything else as it is. (Of an error that crossed threads only words are left.)
 * @param next how to go on once there is room
 */
export function withRemedy(error: unknown, address: string, next = resumed(address)): unknown {
  const code = isExpected(error) ? /\((ENOSPC|EDQUOT|EFBIG)\)$/.exec(error.message)?.[1] : undefined;
  if (code === undefined) return error;
  return new StoreError(`${(error as Error).message}; ${remedies[code] ?? 'make room'}, ${next}`, { cause: error });
}

const spare = 2 ** 20; // bytes for checkpoint, journal and manifest of a small run

function size(bytes: number): string {
  const [value, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : [bytes / 1e6, 'MB'];
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}

/** Bytes that may be written to the file system of a folder. */
async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Watches the disk that a run records to. */
export interface DiskRoom {
  /**
   * To be called with the bytes of each partition as it is committed, and the share of the run that is done.
   * @returns why the run must stop: the partitions at work may fill the disk; undefined where there is room
   */
  took(bytes: number, fraction: number): Promise<StoreError | undefined>;
}

/** What else there is to know of a disk. */
interface DiskOptions {
  /** Of the run folder, where the folder is a working copy. */
  readonly address?: string;
  /** Bytes that may be written where a folder is. */
  readonly free?: (folder: string) => Promise<number>;
}

/**
 * Estimates what a run's recorded tables will take, once a few partitions show it, and says so where the disk hasn't that much; stops it
 * while there is still room for its checkpoint. A file system that can't be asked is taken for large enough.
 * @param atWork partitions that may be under way at once
 */
export function watchDisk(
  folder: string,
  atWork: () => number,
  warn: (text: string) => void,
  { address = folder, free = freeIn }: DiskOptions = {},
): DiskRoom {
  let written = 0;
  let partitions = 0;
  let largest = 0;
  let begun: number | undefined;
  let first = 0;
  let told = false;
  return {
    async took(bytes, fraction) {
      if (begun === undefined) {
        begun = fraction;
        first = bytes;
      }
      written += bytes;
      partitions++;
      largest = Math.max(largest, bytes);
      const left = await free(folder).catch(() => Number.POSITIVE_INFINITY);
      // Of the share that was done since the first partition, which may have begun anywhere.
      const done = fraction - begun;
      const rest = done > 0 ? ((written - first) / done) * (1 - fraction) : 0;
      if (!told && partitions > 4 && rest > left) {
        told = true;
        warn(`recorded tables will take about ${size(rest)} more, ${size(left)} are free at ${folder}`);
      }
      if (left > largest * atWork() + spare) return undefined;
      return new StoreError(
        `${size(left)} are left on the disk of ${folder}, which partitions at work may fill: the run was stopped with all that was merged; make room, ${resumed(address)}`,
      );
    },
  };
}
