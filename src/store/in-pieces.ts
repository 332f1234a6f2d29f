import { freeNow } from '../idle-memory.ts';
import type { NewFile } from './file.ts';

/** Takes what a file is to hold, and has it written so many bytes at a time. */
export interface Pieces {
  write(bytes: Uint8Array): Promise<void>;
  /** As UTF-8. Resolved at once where there is room. */
  writeText(text: string): Promise<void> | undefined;
}

/**
 * Writes bytes in pieces of one length, all in the memory of one, which is free when it resolves: what holds a whole content for a moment leaves a hole of its
 * size in the heap.
 */
export async function inPieces(file: NewFile, length: number, fill: (to: Pieces) => Promise<void>): Promise<void> {
  const piece = Buffer.alloc(length);
  let held = 0;
  const flush = async (): Promise<void> => {
    if (held > 0) await file.write([piece.subarray(0, held)]);
    held = 0;
  };
  const write = async (bytes: Uint8Array): Promise<void> => {
    for (let from = 0; from < bytes.length; ) {
      const taken = Math.min(bytes.length - from, length - held);
      piece.set(bytes.subarray(from, from + taken), held);
      from += taken;
      held += taken;
      if (held === length) await flush();
    }
  };
  const writeText = (text: string): Promise<void> | undefined => {
    // A unit of a string takes three bytes at most.
    if (3 * text.length > length - held) return write(Buffer.from(text));
    held += piece.write(text, held);
    return undefined;
  };
  try {
    await fill({ write, writeText });
    await flush();
  } finally {
    // Left to be collected, those of several files lie about.
    freeNow([piece.buffer]);
  }
}
