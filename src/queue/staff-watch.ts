import type { Redis } from 'ioredis';
import { shownUrl } from './redis.ts';
import { type Staff, staffOf } from './staff.ts';

/** A driver's view of the workers of its session. */
export interface StaffWatch {
  readonly staff: Staff;
  /** Resolves the next time that there are more slots. */
  readonly growth: Promise<void>;
  look(): Promise<void>;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const aloneFor = 30_000; // ms without a worker between warnings

/** Watches which workers serve a session, and reports changes: how many there are, that there are none, and, once each, why a worker refuses. */
export function watchStaff(
  redis: Redis,
  session: string,
  url: string,
  logger: { info(text: string): void; warn(text: string): void } | undefined,
): StaffWatch {
  let staff: Staff = { slots: 0, workers: 0, refusals: [] };
  let grow: () => void = () => {};
  const nextGrowth = (): Promise<void> =>
    new Promise((resolve) => {
      grow = resolve;
    });
  let growth = nextGrowth();
  const told = new Set<string>();
  let alone = performance.now();
  return {
    get staff() {
      return staff;
    },
    get growth() {
      return growth;
    },
    async look() {
      const before = staff;
      staff = await staffOf(redis, session);
      for (const refusal of staff.refusals) {
        if (!told.has(refusal)) logger?.warn(refusal);
        told.add(refusal);
      }
      if (staff.workers !== before.workers) {
        const [workers, slots] = [counted(staff.workers, 'worker'), counted(staff.slots, 'slot')];
        logger?.info(`${workers} with ${slots} at ${shownUrl(url)}`);
      }
      if (staff.slots > before.slots) {
        grow();
        growth = nextGrowth();
      }
      if (staff.workers > 0) alone = performance.now();
      else if (performance.now() - alone > aloneFor) {
        alone = performance.now();
        logger?.warn(`no worker is at ${shownUrl(url)}: start one with crackle worker ${shownUrl(url)}`);
      }
    },
  };
}
