import { readFileSync, readlinkSync } from 'node:fs';

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
