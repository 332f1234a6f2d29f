import { ParameterError } from '../error.ts';
import { latticeOf } from './lattice.ts';

/** Durations of a table as numbers of time steps, whatever unit of time they are written in. */
export interface DurationSteps {
  /** Whether enough has been seen to know the step. */
  readonly known: boolean;
  /** @returns whether the step is known now */
  see(durations: Float64Array, counts: Float64Array | undefined): boolean;
  /** The time step in the unit of the table: 1, or what all durations are multiples of. */
  step(): number;
  /** @throws ParameterError for a duration that isn't positive or no multiple of the step */
  of(durations: Float64Array, column: string): Int32Array;
}

const looked = 65_536;

/** A duration lies this close to its multiple, relatively: seconds are often written with a few digits. */
const tolerance = 1e-5;

/** @param given the step, where it isn't to be found from the durations */
export function durationSteps(given?: number): DurationSteps {
  let found = given;
  let seen: Float64Array[] = [];
  let rows = 0;
  let n = 0;
  /** The step of what has been seen; 1 where it has none, so that the durations are refused by name. */
  function decide(): number {
    const all = new Float64Array(rows);
    let at = 0;
    for (const part of seen) {
      all.set(part, at);
      at += part.length;
    }
    seen = [];
    return latticeOf(all, n) ?? 1;
  }
  const step = (): number => (found ??= decide());
  return {
    get known() {
      return found !== undefined;
    },
    see(durations, counts) {
      seen.push(durations);
      rows += durations.length;
      n += counts === undefined ? durations.length : counts.reduce((sum, count) => sum + count, 0);
      if (rows >= looked) step();
      return found !== undefined;
    },
    step,
    of(durations, column) {
      const unit = step();
      return Int32Array.from(durations, (d) => {
        const k = Math.round(d / unit);
        const whole = unit === 1 ? d === k : Math.abs(d - k * unit) <= tolerance * d;
        if (whole && k > 0 && k < 2 ** 31) return k;
        const expected = unit === 1 ? 'integers, numbers of time steps' : `multiples of ${unit} as those before`;
        throw new ParameterError(`durations must be positive ${expected}, column '${column}' holds ${d}`);
      });
    },
  };
}
