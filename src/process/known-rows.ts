import type { Analysed } from '../crackling/tables.ts';
import type { KnownExponentsRow, UniversalityRow } from '../schema/columns.ts';
import { orNull } from '../schema/rows.ts';
import type { Control } from './controls.ts';
import type { Reference } from './reference.ts';
import type { ScalingWindow } from './scaling-window.ts';

/** One control with what was measured of it. */
export interface MeasuredControl {
  readonly control: Control;
  readonly one: Analysed;
  /** Durations that were fitted. */
  readonly window: ScalingWindow;
  readonly reference: Reference;
  /** Share of an exponent that an error may have to mean something. */
  readonly resolution: number;
}

/** Within how many errors a measurement agrees, and from how many on it is wrong: by chance one of 22 lies beyond the first, one of 370 beyond the second. */
const [agrees, wrong] = [2, 3];

/** Of the negative control, sizes summed from zero: what doesn't agree is as it should be. */
const [fails, passes, open] = [
  'fails, as it should',
  'agrees, and should not',
  'left open, as the error is too large',
] as const;

/**
 * What a deviation in standard errors says.
 * @param negative whether the exponent is one that must not be found
 * @param coarse whether the error is so large that neither agreement nor a few of them say anything: over a window of two durations an α of 61(25)
 */
function knownVerdict(deviation: number, negative: boolean, coarse: boolean): string {
  if (!Number.isFinite(deviation)) return 'not measured';
  const away = Math.abs(deviation);
  if (negative) return away > wrong ? fails : coarse ? open : passes;
  if (coarse) return 'left open';
  if (away <= agrees) return 'agrees';
  return away <= wrong ? 'strained' : 'wrong';
}

function classOf(
  control: Control,
  universality: readonly UniversalityRow[],
): Pick<KnownExponentsRow, 'class_known' | 'class_named' | 'class_p_value' | 'class_right'> {
  // Nearest first.
  const own = universality.filter((row) => row.ensemble === control.ensemble.index && row.comparable);
  const [named] = own;
  // An identity makes exponents of sizes from zero those of a class of its own.
  const expected = control.size === 'signal' ? 'multiplicative_walk' : control.known.class;
  const right =
    expected === null || named === undefined
      ? null
      : named.class === expected || named.ties.split(', ').includes(expected);
  return {
    class_known: expected,
    class_named: named?.class ?? null,
    class_p_value: own.find((row) => row.class === expected)?.p_value ?? null,
    class_right: right,
  };
}

/** Avalanches whose durations are within a window. */
function countWithin({ statistics }: Analysed, { least, most }: ScalingWindow): number {
  const { duration, count } = statistics.scaling;
  let n = 0;
  duration.forEach((d, i) => {
    if (d >= least && d <= most) n += count[i]!;
  });
  return n;
}

/** Rows of the `known_exponents` table for one control: one an exponent. */
export function knownExponentRows(
  { control, one, window, reference, resolution }: MeasuredControl,
  universality: readonly UniversalityRow[],
): KnownExponentsRow[] {
  const { size, duration, jackknife } = one.exponents;
  const { estimate, standardError } = jackknife;
  const fits = [
    {
      exponent: 'tau',
      value: estimate.tau,
      error: standardError.tau,
      min: size?.xmin,
      max: size?.xmax,
      n: size?.n_tail,
    },
    {
      exponent: 'alpha',
      value: estimate.alpha,
      error: standardError.alpha,
      min: duration?.xmin,
      max: duration?.xmax,
      n: duration?.n_tail,
    },
    {
      exponent: 'gamma',
      value: estimate.gammaScaling,
      error: standardError.gammaScaling,
      min: window.least,
      max: window.most,
      n: countWithin(one, window),
    },
  ] as const;
  const found = classOf(control, universality);
  return fits.map(({ exponent, value, error, min, max, n }) => {
    const known = control.known[exponent];
    const exact = reference[exponent];
    const expected = exact ?? known;
    const deviation = (value - expected) / error;
    return {
      ensemble: control.ensemble.index,
      process: control.ensemble.model ?? control.subject.name,
      exponent,
      known,
      source: control.known.source,
      finite_size: orNull(exact),
      measured: orNull(value),
      error: orNull(error),
      deviation: orNull(deviation),
      window_min: orNull(min ?? undefined),
      window_max: orNull(max ?? undefined),
      fitted: n ?? 0,
      verdict: knownVerdict(
        deviation,
        control.size === 'signal' && exponent !== 'alpha',
        error > resolution * expected,
      ),
      ...found,
    };
  });
}
