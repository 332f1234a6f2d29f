import type { BlockedStatistics } from '../crackling/reducer.ts';
import { type SeriesKind, seriesSurrogate } from '../surrogate/series.ts';
import type { RecordedAnalysis } from './analysis.ts';
import type { RecordingTally } from './follow.ts';
import type { Piece } from './pieces.ts';

/** The avalanches of a null model of a trace; no statistics where none has a known extent. */
export interface NullAvalanches {
  readonly kind: SeriesKind;
  readonly tally: RecordingTally;
  readonly blocked: BlockedStatistics | undefined;
  readonly discreteSize: boolean;
  /** What sizes are counted in. */
  readonly sizeStep: number;
}

/** A null model of a trace, analysed as the trace is. */
export interface RecordedSurrogate extends NullAvalanches {
  /** undefined where its avalanches don't allow an analysis. */
  readonly analysis: RecordedAnalysis | undefined;
}

/** The trace of each trial, in the order of their first rows. */
function trialsOf(pieces: readonly Piece[]): Map<unknown, Float64Array> {
  const parts = new Map<unknown, number[]>();
  for (const { signal, trial } of pieces) {
    for (let i = 0; i < signal.length; i++) {
      const name = trial?.[i];
      const rows = parts.get(name);
      if (rows === undefined) parts.set(name, [signal[i]!]);
      else rows.push(signal[i]!);
    }
  }
  return new Map([...parts].map(([name, rows]) => [name, Float64Array.from(rows)]));
}

/** A null model of a trace that is held in memory, each trial for itself. */
export function* surrogatePieces(pieces: readonly Piece[], kind: SeriesKind, seed: number): Generator<Piece> {
  let key = 0;
  for (const [name, values] of trialsOf(pieces)) {
    const signal = seriesSurrogate(kind, values, seed, key++);
    yield { signal, trial: name === undefined ? undefined : new Array(signal.length).fill(name) };
  }
}
