/** Gives up the memory that a module keeps for reuse. */
type GiveUp = () => readonly ArrayBufferLike[];

const keepers: GiveUp[] = [];

/** Says that a module keeps memory for the next partition, which {@link freeIdle} may take. @param giveUp forgets it all and says what it was */
export function keepsIdle(giveUp: GiveUp): void {
  keepers.push(giveUp);
}

/**
 * Frees buffers at once, which are empty afterwards. Left to be collected they stay for long: a heap that hardly grows is hardly ever searched for
 * what has become old in it.
 */
export function freeNow(buffers: Iterable<ArrayBufferLike>): void {
  const own = [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer && buffer.byteLength > 0);
  if (own.length === 0) return;
  const { port1 } = new MessageChannel();
  // What moves to a port that is closed belongs to nobody.
  port1.close();
  port1.postMessage(undefined, own as ArrayBuffer[]);
}

/** Frees what this thread keeps for the next partition, which makes it anew if it comes after all. */
export function freeIdle(): void {
  freeNow(keepers.flatMap((giveUp) => giveUp()));
}
