let top: usize = 0;

/** Starts to lay memory out anew. */
export function clearRoom(): void {
  top = (__heap_base + 63) & ~63;
}

/** Room for an array, aligned to 64 bytes. */
export function take(bytes: usize): usize {
  const at = top;
  top += (bytes + 63) & ~63;
  return at;
}

/** Grows memory to what was taken. @returns false where it can't */
export function grow(): bool {
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}
