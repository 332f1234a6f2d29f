import type { Detection } from '../shortcut.ts';
import { Finds } from './quenched-avalanches.wgsl.ts';

/** What is made of strengths: rows, so many in a round at most, or avalanches. */
export type NetworkPlan =
  | { readonly output: 'rows'; readonly rows: number }
  | ({ readonly output: 'avalanches' } & Detection);

/** The words of a floor, or of thresholds. */
export const entriesOf = (floor: number | Float32Array | null): Float32Array =>
  floor instanceof Float32Array ? floor : Float32Array.of(floor ?? 0);
/** What of avalanches is found, as the uniform block has it. */
export const findsOf = ({ threshold, leavesOut, points }: Detection): number =>
  Finds.avalanches |
  (typeof threshold === 'number' ? 0 : Finds.byLayer) |
  (leavesOut ? Finds.leavesOut : 0) |
  (points > 0 ? Finds.kept : 0);
