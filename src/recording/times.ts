/** Date and time in ISO 8601, zone last; fractions of any length. */
const iso = /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?\s*$/i;

/** Seconds since 1970 of a date or time in ISO 8601, UTC where it names no zone; undefined for any other text. */
export function secondsOf(text: string): number | undefined {
  const match = iso.exec(text);
  if (match === null) return undefined;
  const [, date, time = '00:00', second = '00', fraction = '', zone = 'Z'] = match;
  const digits = zone.replace(':', '');
  const full = /^z$/i.test(zone) ? 'Z' : `${digits.slice(0, 3)}:${digits.slice(3, 5) || '00'}`;
  const whole = Date.parse(`${date}T${time}:${second}${full}`);
  return Number.isNaN(whole) ? undefined : whole / 1000 + Number(fraction === '' ? 0 : fraction);
}

const day = 86_400;

/**
 * Counts times from midnight (UTC) of the day of the first: since 1970 doubles tell times apart to a quarter of a microsecond only, and bins would
 * be the coarser for it.
 */
export function fromFirstDay(): (times: Float64Array) => Float64Array {
  let origin: number | undefined;
  return (times) => {
    const first = times.find((time) => time - time === 0);
    if (first === undefined) return times;
    origin ??= Math.floor(first / day) * day;
    const from = origin;
    return times.map((time) => time - from);
  };
}
