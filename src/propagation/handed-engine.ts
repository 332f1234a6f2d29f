const known = new WeakMap<object, string>();

/** Notes which engine a partition's stages were handed. */
export function noteEngine(partition: object, name: string): void {
  known.set(partition, name);
}

/** Its name; undefined where `propagate` wasn't called with this partition. */
export const handedEngine = (partition: object): string | undefined => known.get(partition);
