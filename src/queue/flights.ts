import type { Outcome } from '../flow/execute.ts';
import type { Partition } from '../flow/partition.ts';
import type { Counts } from '../pipeline.ts';

/** A partition that was handed in and has not come back. */
export interface Flight {
  readonly partition: Partition;
  readonly onCount: ((tally: Partial<Counts>) => void) | undefined;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  readonly began: number;
  /** Times in a row that the server didn't know it. */
  missed: number;
}

/** The partitions handed out, by the ids of their jobs; each is settled once. */
export function createFlights() {
  const out = new Map<string, Flight>();
  let handed = 0;
  return {
    get: (id: string): Flight | undefined => out.get(id),
    /** True for whoever may bring it back: the first. */
    take: (id: string): boolean => out.delete(id),
    begin(partition: Partition, onCount: Flight['onCount']) {
      const id = `${partition.ensemble}-${partition.index}-${handed++}`;
      const outcome = new Promise<Outcome>((resolve, reject) => {
        out.set(id, { partition, onCount, resolve, reject, began: performance.now(), missed: 0 });
      });
      return { id, flight: out.get(id)!, outcome };
    },
    /** Those that have been out for so many milliseconds. */
    overdue: (ms: number): [string, Flight][] => [...out].filter(([, { began }]) => performance.now() - began > ms),
    /** Rejects all; returns their ids. */
    close(error: Error): string[] {
      const ids = [...out.keys()];
      for (const { reject } of out.values()) reject(error);
      out.clear();
      return ids;
    },
  };
}
