import { ParameterError } from '../error.ts';
import type { TraceValues } from './parameters.ts';
import { parseCondition, type RowCounts, readRows } from './rows.ts';
import type { DataSource } from './source.ts';

/** Some rows of a recorded trace. */
export interface Piece {
  readonly signal: Float64Array;
  /** The trial of each row; undefined where there is but one. */
  readonly trial: ArrayLike<unknown> | undefined;
}

/**
 * Reads a trace row by row.
 * @throws ParameterError for a row without a finite value, unless such rows are gaps, and where there are no rows
 */
export async function* piecesOf(source: DataSource, column: string, values: TraceValues): AsyncGenerator<Piece> {
  for await (const { channels, trial } of channelsOf(source, [column], values)) yield { signal: channels[0]!, trial };
}

/**
 * Reads channels row by row, like {@link piecesOf}.
 * @throws ParameterError as that does
 */
export async function* channelsOf(
  source: DataSource,
  names: readonly string[],
  values: TraceValues,
): AsyncGenerator<{ readonly channels: readonly Float64Array[]; readonly trial: ArrayLike<unknown> | undefined }> {
  const counts: RowCounts = { read: 0, kept: 0, censored: 0 };
  const where = values.where.map(parseCondition);
  let seen = 0;
  for await (const { rows, columns, asTheyAre } of readRows(
    source,
    names,
    { where, asTheyAre: values.trial, times: values.timeBin !== undefined && values.channels === undefined },
    counts,
  )) {
    for (const name of names) {
      const at = values.skipMissing ? -1 : columns[name]!.findIndex((x) => x - x !== 0);
      if (at < 0) continue;
      throw new ParameterError(
        `column '${name}' must hold finite numbers, row ${seen + at + 1} is blank, missing, NaN or infinite`,
        { remedy: { option: 'skipMissing' } },
      );
    }
    seen += rows;
    yield { channels: names.map((name) => columns[name]!), trial: asTheyAre };
  }
  if (seen === 0) throw new ParameterError(`a trace needs rows, ${source.name} has none that hold the conditions`);
}

/** All pieces, held in memory to be gone through again. */
export async function heldPieces(pieces: AsyncIterable<Piece> | Iterable<Piece>): Promise<Piece[]> {
  const list: Piece[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}
