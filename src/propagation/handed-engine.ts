/** What a partition's stages hand to `propagate`. */
export interface HandedEngine {
  readonly name: string;
  /** The backend beside it, where it is handed over by its name. */
  readonly byName?: { readonly backend: string | undefined };
}

const known = new WeakMap<object, HandedEngine>();

/** Notes which engine a partition's stages were handed. */
export function noteEngine(partition: object, engine: HandedEngine): void {
  known.set(partition, engine);
}

/** That engine; undefined where `propagate` wasn't called with this partition. */
export const handedEngine = (partition: object): HandedEngine | undefined => known.get(partition);
