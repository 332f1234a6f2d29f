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

function label(value: number, decadesOnly: boolean): string {
  const power = Math.round(Math.log10(value));
  if (decadesOnly) return `10${superscript(power)}`;
  return value >= 1e-3 && value < 1e5
    ? String(Number(value.toPrecision(3)))
    : `${Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(2))}·10${superscript(Math.floor(Math.log10(value) + 1e-9))}`;
}

/**
 * A logarithmic channel over the extent of its data, padded by 4 % on each side: long ticks and labels 10ⁿ at decades (every
 * second, third… where there are many), short ticks at 2…9. An extent of less than 1.3 decades is labelled 1, 2, 5 in plain numbers.
 */
export function logChannel(title: string, extent: readonly [number, number], most = 7): LogChannel {
  const span = Math.max(Math.log10(extent[1] / extent[0]), 0.2);
  const middle = (Math.log10(extent[0]) + Math.log10(extent[1])) / 2;
  const low = 10 ** (middle - span * 0.54);
  const high = 10 ** (middle + span * 0.54);
  const decadesOnly = span > 1.3;
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const step = Math.max(1, Math.ceil((last - first) / most));
  const values: number[] = [];
  const labels: [number, string][] = [];
  for (let power = first; power <= last; power++) {
    for (let digit = 1; digit <= 9; digit++) {
      const value = Number(`${digit}e${power}`);
      if (value < low || value > high) continue;
      if (digit > 1 && span > 9) continue;
      values.push(value);
      const labelled = decadesOnly ? digit === 1 && power % step === 0 : span < 0.5 || [1, 2, 5].includes(digit);
      if (labelled) labels.push([value, label(value, decadesOnly)]);
    }
  }
  const majors = labels.map(([value]) => value);
  const isMajor = majors.length === 0 ? 'false' : `indexof(${JSON.stringify(majors)}, datum.value) >= 0`;
  const texts = JSON.stringify(labels.map(([, text]) => text));
  return {
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: {
      title,
      values,
      labelExpr: `${isMajor} ? ${texts}[indexof(${JSON.stringify(majors)}, datum.value)] : ''`,
      labelOverlap: false,
      labelFlush: false,
      tickSize: { condition: { test: isMajor, value: 6 }, value: 3 },
      gridOpacity: { condition: { test: isMajor, value: 1 }, value: 0 },
    },
  };
}
