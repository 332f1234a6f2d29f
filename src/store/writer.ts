import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where the numbers of processes are counted: two processes of one number in one place and time are the same. */
export interface Place {
  /** This boot of this machine. */
  readonly boot: string;
  /** The container, or what else has processes of its own. */
  readonly namespace: string;
}

const quietly = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** Where this process is counted; undefined on systems that don't say. */
export const ownPlace: Place | undefined = quietly(() => ({
  boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  namespace: /\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0],
}));

/** When a process of this place began, in ticks since the boot; undefined where there is none of that number. */
export function startOf(pid: number): string | undefined {
  // Field 22; the second is a name that may hold anything but ends with the last parenthesis. A zombie writes no more.
  const fields = quietly(() =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' '),
  );
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** Locks that this process holds, by what is in their files. */
export const held = new Set<string>();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What a lock says of its writer: number, host, a random id, and, where the system tells, boot, namespace and start of the process. */
export function ownText(): string {
  const where = ownPlace === undefined ? [] : [ownPlace.boot, ownPlace.namespace, startOf(process.pid) ?? '?'];
  return `${[process.pid, hostname(), randomUUID(), ...where].join(' ')}\n`;
}

/**
 * Whether the writer of a lock is at work: a writer that was killed leaves its lock behind, and another process may get its number. Where
 * processes are counted as here, the system knows; the host's name tells less (containers share one, each with a process 1), and signs of
 * life are all there is of other places.
 */
export function lifeOf(text: string): 'held' | 'gone' | 'unknown' {
  const [pid, host, , boot, namespace, start] = text.trim().split(' ');
  if (host === undefined) return 'unknown';
  if (boot === undefined || ownPlace === undefined) {
    if (host !== hostname()) return 'unknown';
    if (Number(pid) === process.pid) return held.has(text) ? 'held' : 'gone';
    return isAlive(Number(pid)) ? 'unknown' : 'gone';
  }
  if (boot !== ownPlace.boot || namespace !== ownPlace.namespace) return 'unknown';
  const isThere = Number(pid) === process.pid ? held.has(text) : startOf(Number(pid)) === start;
  return isThere ? 'held' : 'gone';
}
