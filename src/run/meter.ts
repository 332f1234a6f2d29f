import { addCounts, zeroCounts } from '../flow/counts.ts';
import { type Lane, laneDone } from '../flow/schedule.ts';
import type { Composition, Counts } from '../pipeline.ts';
import type { Snapshot } from './options.ts';
import { Pace } from './pace.ts';

/** Share of a lane that is done, by its stop rule. */
function laneFraction(lane: Lane, counts: Counts): number {
  if (laneDone(lane)) return 1;
  const byValid = counts.valid / (lane.stop.valid ?? Infinity);
  const byPerturbations = (counts.perturbations + (counts.underway ?? 0)) / (lane.stop.perturbations ?? Infinity);
  return Math.min(1, Math.max(byValid, byPerturbations));
}

/** Perturbations or avalanches that a lane is to come to. */
const sizeOf = ({ stop }: Lane): number => Math.min(stop.perturbations ?? Infinity, stop.valid ?? Infinity);

/** Follows a phase of a run, which may have had others: takes tallies as they come, gives snapshots. */
export function createMeter(composition: Composition, lanes: readonly Lane[], pace: Pace = new Pace()) {
  const weights = composition.ensembles.map((ensemble, l) => (composition.cost?.(ensemble) ?? 1) * sizeOf(lanes[l]!));
  const whole = weights.reduce((sum, weight) => sum + weight, composition.next?.cost ?? 0);
  // Tallies of partitions that are not merged yet, by lane and partition.
  const running = lanes.map(() => new Map<number, Counts>());
  const countsOf = (l: number): Counts => {
    const counts = { ...lanes[l]!.counts };
    for (const tally of running[l]!.values()) addCounts(counts, tally);
    return counts;
  };
  /** As {@link countsOf}; a partition counts its perturbations when it ends, until then those that came to something are known. */
  const seenOf = (l: number): Counts => {
    const counts = countsOf(l);
    const most = lanes[l]!.partitions.length > 0 ? lanes[l]!.partitions.at(0).count : 0;
    for (const { perturbations, valid, dead, censored } of running[l]!.values()) {
      if (perturbations === 0) counts.perturbations += Math.min(most, valid + dead + censored);
    }
    return counts;
  };
  const work = (): number => lanes.reduce((sum, lane, l) => sum + weights[l]! * laneFraction(lane, countsOf(l)), 0);
  const counted = (): number => {
    const total = zeroCounts();
    for (const l of lanes.keys()) addCounts(total, countsOf(l));
    return total.valid > 0 ? total.valid : total.perturbations;
  };
  pace.remaining(work(), whole);
  pace.rate(counted());
  return {
    tally(l: number, partition: number, more: Partial<Counts>): void {
      const counts = running[l]!.get(partition) ?? zeroCounts();
      running[l]!.set(partition, counts);
      addCounts(counts, more);
    },
    /** The partition is merged (the lane counts it now) or discarded. */
    forget(l: number, partition: number): void {
      running[l]!.delete(partition);
    },
    /** Share of the whole run that is done, 0 to 1. */
    fraction: () => work() / whole,
    snapshot(estimates: Record<string, number>): Snapshot {
      const open = lanes.findIndex((lane) => !laneDone(lane));
      const current = open < 0 ? lanes.length - 1 : open;
      const total = zeroCounts();
      for (const l of lanes.keys()) addCounts(total, seenOf(l));
      const done = work();
      return {
        ensemble: composition.ensembles[current]!,
        done: lanes.filter(laneDone).length,
        ensembles: lanes.length,
        counts: seenOf(current),
        total,
        fraction: done / whole,
        elapsed: pace.elapsed,
        remaining: pace.remaining(done, whole),
        rate: pace.rate(counted()),
        estimates,
        ...(composition.unit === undefined ? {} : { unit: composition.unit }),
      };
    },
  };
}
