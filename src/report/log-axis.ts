/** Scale and axis of one logarithmic position channel, ready to be spread into a Vega-Lite encoding. */
export interface LogChannel {
  readonly scale: Record<string, unknown>;
  readonly axis: Record<string, unknown>;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** An integer in superscript characters: -12 → ⁻¹². */
export function superscript(integer: number): string {
  const digits = [...String(Math.abs(integer))].map((digit) => superscripts[Number(digit)] ?? '');
  return (integer < 0 ? '⁻' : '') + digits.join('');
}

/** Smallest and largest finite positive value; undefined where there is none. */
export function positiveExtent(values: Iterable<number>): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (!(value > 0) || value === Number.POSITIVE_INFINITY) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > 0 ? [low, high] : undefined;
}

/** Labels of one style for an axis: plain numbers where all are short, else powers of ten with what stands before them. */
function labelsOf(values: readonly number[], digits: number): string[] {
  if (values.every((value) => value >= 1e-3 && value < 1e6)) {
    return values.map((value) => String(Number(value.toPrecision(digits))));
  }
  return values.map((value) => {
    const power = Math.floor(Math.log10(value) + 1e-9);
    const before = Number((value / 10 ** power).toPrecision(digits - 1));
    return `${before === 1 ? '' : `${before}·`}10${superscript(power)}`;
  });
}

/** Ticks of a logarithmic axis: long ones with labels, short ones between them. */
export interface LogTicks {
  readonly values: readonly number[];
  readonly majors: readonly number[];
  /** Labels of `majors`. */
  readonly labels: readonly string[];
}

/**
 * Ticks from `low` to `high`: labels 10ⁿ at decades (every second, third… where there are more than `most`), short ticks at 2…9. Where no two
 * decades are, 1, 2, 5 in plain numbers, and 3 and 7 where those are fewer than three; less than half a decade has round steps.
 */
export function logTicks(low: number, high: number, most = 7): LogTicks {
  const span = Math.log10(high / low);
  if (span < 0.5) return roundTicks(low, high);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const step = Math.max(1, Math.ceil((last - first) / most));
  const values: number[] = [];
  for (let power = first; power <= last; power++) {
    for (let digit = 1; digit <= (span > 9.7 ? 1 : 9); digit++) {
      const value = Number(`${digit}e${power}`);
      if (value >= low && value <= high) values.push(value);
    }
  }
  const power = (value: number): number => Math.floor(Math.log10(value) + 1e-9);
  const digit = (value: number): number => Math.round(value / 10 ** power(value));
  const decades = values.filter((value) => digit(value) === 1 && power(value) % step === 0);
  if (span > 1.4 && decades.length > 1)
    return { values, majors: decades, labels: decades.map((v) => `10${superscript(power(v))}`) };
  const coarse = values.filter((value) => [1, 2, 5].includes(digit(value)));
  const majors = coarse.length > 2 ? coarse : values.filter((value) => [1, 2, 3, 5, 7].includes(digit(value)));
  return { values, majors, labels: labelsOf(majors, 3) };
}

/** Multiples of 1, 2 or 5 times a power of ten, four or a few more, for an axis too short for decades. */
function roundTicks(low: number, high: number): LogTicks {
  const unit = 10 ** Math.floor(Math.log10(high - low));
  const multiples = (step: number): number[] => {
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) =>
      Number(((first + k) * step).toPrecision(12)),
    );
  };
  const step =
    [2, 1, 0.5, 0.2, 0.1, 0.05].map((part) => part * unit).find((one) => multiples(one).length >= 4) ?? 0.05 * unit;
  const majors = multiples(step);
  const digits = Math.max(3, Math.ceil(Math.log10(high / step)) + 1);
  return { values: majors, majors, labels: labelsOf(majors, digits) };
}

/** A logarithmic channel over the extent of its data, padded by 4 % on each side, with the ticks of `logTicks`. */
export function logChannel(title: string, extent: readonly [number, number], most = 7): LogChannel {
  const span = Math.max(Math.log10(extent[1] / extent[0]), 0.2);
  const middle = (Math.log10(extent[0]) + Math.log10(extent[1])) / 2;
  const low = 10 ** (middle - span * 0.54);
  const high = 10 ** (middle + span * 0.54);
  const { values, majors, labels } = logTicks(low, high, most);
  const isMajor = majors.length === 0 ? 'false' : `indexof(${JSON.stringify(majors)}, datum.value) >= 0`;
  return {
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: {
      title,
      values,
      labelExpr: `${isMajor} ? ${JSON.stringify(labels)}[indexof(${JSON.stringify(majors)}, datum.value)] : ''`,
      labelOverlap: false,
      labelFlush: false,
      tickSize: { condition: { test: isMajor, value: 6 }, value: 3 },
      gridOpacity: { condition: { test: isMajor, value: 1 }, value: 0 },
    },
  };
}
