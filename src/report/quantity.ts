const prefixes = ['', ' k', ' M', ' G', ' T', ' P'];

/** A count or rate to three significant digits with an SI prefix: `999`, `1.24 M`, `35.0 k`. Not finite: `–`. */
export function siNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const sign = value < 0 ? '\u2212' : '';
  let size = Math.abs(value);
  let step = 0;
  while (size >= 999.5 && step < prefixes.length - 1) {
    size /= 1000;
    step++;
  }
  if (step === 0) return sign + (Number.isInteger(size) ? String(size) : String(Number(size.toPrecision(3))));
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return `${sign}${size.toFixed(decimals)}${prefixes[step]}`;
}

/** A count in full, its thousands set apart by narrow spaces: `1 240 000`. */
export function fullNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return String(Math.round(value))
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f')
    .replace(/^-/, '\u2212');
}

/** A time span: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 04 h`. Not finite or negative: `–`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** A time span that is guessed, no finer than a guess is: `4 s`, `25 s`, `80 s`, `7 min`, `2 h 10 min`. Not finite or negative: `–`. */
export function roughDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 9.5) return `${Math.ceil(seconds)} s`;
  if (seconds < 57.5) return `${5 * Math.round(seconds / 5)} s`;
  if (seconds < 115) return `${10 * Math.round(seconds / 10)} s`;
  if (seconds < 59.5 * 60) return `${Math.round(seconds / 60)} min`;
  return duration(600 * Math.round(seconds / 600));
}

/** A number to at most so many significant digits, without trailing zeros; from 10¹² on as `1.5e12`. */
export function plainNumber(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(digits));
  const text = Math.abs(rounded) < 1e12 ? String(rounded) : rounded.toExponential().replace('+', '');
  return text.replaceAll('-', '\u2212');
}

/** A correlation likewise; one that isn't 1 or −1 but would read so, as the distance from there: `1 − 1e−12`. */
export function correlationNumber(value: number, digits = 6): string {
  const text = plainNumber(value, digits);
  const rest = 1 - Math.abs(value);
  if (!(rest > 0) || !/^\u2212?1$/.test(text)) return text;
  return value > 0 ? `1 \u2212 ${plainNumber(rest, 2)}` : `\u22121 + ${plainNumber(rest, 2)}`;
}

/** Values of a grid as text, each in as few significant digits as tell all of them apart, three at least: 1/6 is `0.167`. */
export function gridNumbers(values: readonly number[]): (value: number) => string {
  const distinct = new Set(values).size;
  const short = (digits: number) => (value: number) => plainNumber(value, digits);
  const digits = [3, 4, 5].find((count) => new Set(values.map(short(count))).size === distinct) ?? 6;
  return short(digits);
}
