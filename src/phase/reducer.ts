import { byTable } from '../reduce/by-table.ts';
import { covariances } from '../reduce/covariances.ts';
import { moments } from '../reduce/moments.ts';
import type { ResultOf } from '../reduce/reducer.ts';
import { together } from '../reduce/together.ts';
import { responseColumns } from './size-response.ts';

/** Moments over networks of what the `steady_state`, `size_response` and `avalanche` tables say of a cell. */
export function cellReducer() {
  return byTable({
    steady_state: together({ strength: moments('strength'), susceptibility: moments('susceptibility') }),
    size_response: covariances(responseColumns),
    avalanche: together({ all: moments('size', { censored: 'count' }), ended: moments('size') }),
  });
}

/** Statistics of one cell of the plane of variances. */
export type CellResult = ResultOf<ReturnType<typeof cellReducer>>;
