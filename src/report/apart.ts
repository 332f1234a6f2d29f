/** Pixels by which a series stands below the one before. */
const step = 10;
/** Factor within which two series of points lie over each other, in the median. */
const close = 1.4;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Pixels by which each of several series is to be drawn lower, so that they can be told apart where most of them lie over each other: none, then
 * {@link step} more for each. None at all for fewer than four, or where half of them keep apart from the one before by themselves.
 */
export function apart(series: readonly (readonly Place[])[]): number[] {
  const over = series.slice(1).filter((own, i) => ratio(own, series[i]!) < close).length;
  return series.map((_, i) => (series.length > 3 && 2 * over > series.length - 1 ? i * step : 0));
}

/** Factor between two series at about the same abscissa, in the median over the points of the first. */
function ratio(own: readonly Place[], other: readonly Place[]): number {
  const factors = own
    .map(({ x, y }) => {
      const beside = other.reduce((best, place) => (gap(place.x, x) < gap(best.x, x) ? place : best), other[0]!);
      return Math.exp(gap(beside.y, y));
    })
    .sort((a, b) => a - b);
  return factors[factors.length >> 1] ?? Number.POSITIVE_INFINITY;
}

const gap = (a: number, b: number): number => Math.abs(Math.log(a / b));

/** The least value of a logarithmic axis that has room for what is drawn `shift` pixels lower in a panel of so many. */
export function roomBelow([low, high]: readonly [number, number], shift: number, height: number): [number, number] {
  return [low / (high / low) ** (shift / (height - shift)), high];
}

/** Whether panels have such series. */
export const isApart = (panels: unknown): boolean => JSON.stringify(panels).includes('"yOffset"');

/** For captions of figures with such series. */
export const apartWords =
  ' Each series is drawn a little lower than the one before, since they lie over each other: the axis is that of the first, values under the pointer are as measured.';
