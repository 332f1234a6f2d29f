import type { Reducer } from '../reduce/reducer.ts';

/**
 * Buffers of a state that may move with it to another thread, those that its reducer would release: each is the whole memory of one array of it
 * and of nothing else.
 */
export function movable<State>(reducer: Pick<Reducer<State>, 'release'>, state: State): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  reducer.release?.(state, ({ buffer, byteLength }) => {
    if (buffer instanceof ArrayBuffer && byteLength > 0 && byteLength === buffer.byteLength) buffers.add(buffer);
  });
  return [...buffers];
}
