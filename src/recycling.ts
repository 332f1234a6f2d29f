const partitions = new WeakSet<object>();

/** Says that no stage of a partition keeps a batch, or a column of one, beyond the step that it was given to it in. */
export function offerMemory(partition: object): void {
  partitions.add(partition);
}

/** Whether the memory of a partition's batches may be used again once it is done. */
export const offersMemory = (partition: object): boolean => partitions.has(partition);
