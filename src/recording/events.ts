import { ParameterError } from '../error.ts';

interface Piece {
  readonly signal: Float64Array;
  readonly trial: ArrayLike<unknown> | undefined;
}

const chunk = 65_536;
const mostEmpty = 1e9;

/**
 * Counts events in bins of time, from the bin of the first event on, with empty bins between.
 * @param events pieces of ascending times
 * @throws ParameterError where an event comes before the one before it
 */
export async function* binEvents(
  events: AsyncIterable<Piece> | Iterable<Piece>,
  width: number,
  column: string,
): AsyncGenerator<Piece> {
  let counts = new Float64Array(chunk);
  let filled = 0;
  /** Bin of the event before, from the first one's. */
  let bin = 0;
  let origin = Number.NaN;
  let last = -Infinity;
  let current = 0;
  for await (const { signal } of events) {
    for (const time of signal) {
      if (time - time !== 0) continue;
      if (time < last)
        throw new ParameterError(`times of events in column '${column}' must ascend, got ${time} after ${last}`);
      last = time;
      if (Number.isNaN(origin)) origin = Math.floor(time / width) * width;
      const next = Math.floor((time - origin) / width);
      if (next - bin > mostEmpty) {
        throw new ParameterError(
          `time-bin ${width} leaves ${next - bin} empty bins before the event at ${time}: is it in the unit of column '${column}'?`,
        );
      }
      for (; bin < next; bin++) {
        counts[filled++] = current;
        current = 0;
        if (filled === chunk) {
          yield { signal: counts, trial: undefined };
          counts = new Float64Array(chunk);
          filled = 0;
        }
      }
      current++;
    }
  }
  counts[filled++] = current;
  yield { signal: counts.slice(0, filled), trial: undefined };
}
