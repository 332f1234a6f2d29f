const floors = new WeakMap<object, number | Float32Array>();

/** Says below which strength an engine lets go of the perturbations of a partition, whose traces may so end before the last layer. */
export function offerFloor(partition: object, floor: number | Float32Array): void {
  floors.set(partition, floor);
}

/** That strength at a layer; undefined where the signals come from no engine, or go through all layers. */
export function floorAt(partition: object, layer: number): number | undefined {
  const floor = floors.get(partition);
  return typeof floor === 'object' ? floor[layer] : floor;
}
