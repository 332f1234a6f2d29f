import { movable } from '../flow/movable.ts';
import { freeNow } from '../idle-memory.ts';
import type { Reducer } from '../reduce/reducer.ts';
import { copyAt, replaced, roomFor, type Typed } from '../store/apart.ts';

/** Bytes that the memory may grow to; the machine gives only what is used. */
const most = 2 ** 28;
/** Share of the memory that may be holes, and by which it grows beyond the need. */
const slack = 1 / 16;
/** The more has been merged, the more rarely arrays are outgrown: they are looked for after each further such share of merges. */
const seldom = 1 / 32;

/** Shared memory that grows where it lies, which TypeScript knows from ES2024 on. */
type Growable = SharedArrayBuffer & { grow?(bytes: number): void };
const growable = (): Growable =>
  new (SharedArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => Growable)(0, {
    maxByteLength: most,
  });

/**
 * The memory of a state that others are merged into. Its arrays are replaced by longer ones again and again; allocated one by one they would leave
 * holes in this thread's heap for good. Here they lie side by side in one piece, and are moved together where some have left holes. The memory is
 * shared, so that all threads can read the state without a copy.
 */
export class StateMemory {
  readonly #reducer: Pick<Reducer, 'release'>;
  #memory: Growable | undefined;
  /** Bytes up to the end of what lies in it. */
  #end = 0;
  #merges = 0;
  #next = 0;

  /** @param reducer gives what arrays may be moved */
  constructor(reducer: Pick<Reducer, 'release'>) {
    this.#reducer = reducer;
  }

  /** Takes in arrays of a state into which something was merged, every so often. @returns the state to go on with */
  merged(state: unknown): unknown {
    if (++this.#merges < this.#next) return state;
    this.#next = this.#merges * (1 + seldom);
    return this.gather(state);
  }

  /** Takes in all arrays that a state was given since; those that there is no room for stay where they are. @returns the state to go on with */
  gather(state: unknown): unknown {
    const buffers = movable(this.#reducer, state);
    if (buffers.length === 0) return state;
    this.#memory ??= growable();
    const arrays = arraysIn(state, buffers);
    const need = arrays.reduce((sum, array) => sum + roomFor(array), 0);
    if (this.#end + need > this.#memory.byteLength && !this.#makeRoom(this.#memory, state, need)) return state;
    const gathered = this.#move(this.#memory, state, arrays);
    freeNow(buffers);
    return gathered;
  }

  /** Forgets what lies in it, for the state of another ensemble. */
  clear(): void {
    this.#end = 0;
    this.#merges = 0;
    this.#next = 0;
  }

  /** Puts arrays to the end, one after the other. */
  #move(memory: Growable, state: unknown, arrays: readonly Typed[]): unknown {
    const moved = new Map<Typed, Typed>();
    for (const array of arrays) {
      moved.set(array, copyAt(array, memory, this.#end));
      this.#end += roomFor(array);
    }
    return replaced(state, (array) => moved.get(array) ?? array);
  }

  #makeRoom(memory: Growable, state: unknown, need: number): boolean {
    const arrays = arraysIn(state, [memory]);
    const live = arrays.reduce((sum, array) => sum + roomFor(array), 0);
    if (this.#end - live > slack * live) {
      // None is written over before it has moved.
      arrays.sort((a, b) => a.byteOffset - b.byteOffset);
      this.#end = 0;
      this.#move(memory, state, arrays);
    }
    const bytes = Math.ceil((this.#end + need) * (1 + slack));
    if (bytes > most || memory.grow === undefined) return false;
    if (bytes > memory.byteLength) memory.grow(bytes);
    return true;
  }
}

function arraysIn(state: unknown, buffers: readonly ArrayBufferLike[]): Typed[] {
  const wanted = new Set(buffers);
  const arrays = new Set<Typed>();
  replaced(state, (array) => {
    if (wanted.has(array.buffer)) arrays.add(array);
    return array;
  });
  return [...arrays];
}
