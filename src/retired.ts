/** Where perturbations of a partition are let go of, so that their traces may end before the last layer. */
export interface LettingGo {
  /** Strength at or below which that is: one for all layers, or one a layer. */
  readonly floor: number | Float32Array;
  /** Whether they were so when their signals were recorded, and not by an engine of this run. */
  readonly recorded: boolean;
}

const known = new WeakMap<object, LettingGo>();

export function offerFloor(partition: object, floor: number | Float32Array, recorded = false): void {
  known.set(partition, { floor, recorded });
}

/** That strength at a layer; undefined where the signals come from no engine, or go through all layers. */
export function floorAt(partition: object, layer: number): { floor: number; recorded: boolean } | undefined {
  const found = known.get(partition);
  if (found === undefined) return undefined;
  const { floor, recorded } = found;
  const at = typeof floor === 'object' ? floor[layer] : floor;
  return at === undefined ? undefined : { floor: at, recorded };
}
