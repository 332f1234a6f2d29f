import { DeviceLoss } from '../gpu/failure.ts';
import { writeId } from '../schema/int64.ts';
import type { FollowedStates } from './followed-states.ts';
import { Idle } from './idle.ts';
import type { KeptSignals } from './shortcuts.ts';

/** Whether perturbations are among those that were followed last, which were one after the other from their first on. */
function areFollowed(ids: Float64Array, followed: Float64Array): boolean {
  const first = followed[0] ?? 0;
  for (let i = 0; i < ids.length; i++) if (followed[ids[i]! - first] !== ids[i]) return false;
  return true;
}

/** Columns of signals, of which some rows are used. */
interface Rows {
  readonly words: Int32Array<ArrayBuffer>;
  readonly layer: Int32Array;
  readonly strength: Float32Array;
}

/** Rows that a partition is done with, for the next one. */
const idleRows = new Idle<Rows>();

function roomFor(length: number, recycle: boolean): Rows {
  const kept = recycle ? idleRows.take(({ layer }) => layer.length >= length) : undefined;
  const most = length + (recycle ? length >> 2 : 0);
  return kept ?? { words: new Int32Array(2 * most), layer: new Int32Array(most), strength: new Float32Array(most) };
}

/** Strengths on a card, of which those of some perturbations are to be read. */
export interface Gathering {
  /** Most places that it reads. */
  readonly room: number;
  /** Puts an entry of the list: the place that strengths go to, the perturbation among those that were followed, and how many. */
  enter(at: number, place: number, slot: number, layers: number): void;
  gather<T>(entries: number, words: number, use: (bytes: ArrayBuffer) => T): Promise<T>;
}

/** What a card still has of the last partition, made use of and kept on; undefined where it has nothing, or was lost. */
export async function whileKept<T>(
  idle: Idle<T>,
  use: (kept: T) => Promise<KeptSignals | undefined>,
): Promise<KeptSignals | undefined> {
  const kept = idle.take(() => true);
  if (kept === undefined) return undefined;
  try {
    return await use(kept);
  } catch (error) {
    if (error instanceof DeviceLoss) return undefined;
    throw error;
  } finally {
    idle.put(kept);
  }
}

/** Signals of perturbations among those that were followed last, one after the other; undefined where some aren't there, or there is no room. */
export async function signalsOf(
  ids: Float64Array,
  { ids: followed, above, last }: FollowedStates,
  strengths: Gathering,
  recycle: boolean,
): Promise<KeptSignals | undefined> {
  if (!areFollowed(ids, followed)) return undefined;
  const first = followed[0]!;
  let length = 0;
  for (let i = 0; i < ids.length; i++) {
    const slot = ids[i]! - first;
    strengths.enter(i, length, slot, above[slot]!);
    length += above[slot]! + (Number.isNaN(last[slot]) ? 0 : 1);
  }
  if (length === 0 || length > strengths.room) return undefined;
  const rows = roomFor(length, recycle);
  const { words, layer, strength } = rows;
  await strengths.gather(ids.length, length, (bytes) => strength.set(new Float32Array(bytes)));
  for (let i = 0, row = 0; i < ids.length; i++) {
    const slot = ids[i]! - first;
    const end = Number.isNaN(last[slot]) ? above[slot]! : above[slot]! + 1;
    // The place that was left for a strength that isn't among those that are kept.
    if (end > above[slot]!) strength[row + above[slot]!] = last[slot]!;
    for (let l = 1; l <= end; l++) {
      writeId(words, row, ids[i]!);
      layer[row++] = l;
    }
  }
  const window = {
    length,
    perturbation: new BigInt64Array(words.buffer, 0, length),
    layer: layer.subarray(0, length),
    strength: strength.subarray(0, length),
  };
  const release = (): void => (recycle ? idleRows.put(rows) : undefined);
  return { window, perturbations: ids.length, release };
}
