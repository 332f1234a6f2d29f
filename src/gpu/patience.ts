import type { Gpu } from './device.ts';
import { NoAnswer } from './failure.ts';

/**
 * Seconds of patience: a card that takes longer for a thousandth of a second's work never ends it; compilers may take long where nothing is cached. Of many
 * cards that nothing keeps awake it is half a minute until a driver says what there is.
 */
export const PATIENCE = { adapter: 60, compile: 300, answer: 20, own: 300 } as const;

/** What is waited for. */
export type Wait = keyof typeof PATIENCE;

let hear: (what: Wait) => void = () => {};

/** Reports what this thread is about to wait for, beforehand, since a driver may never return. */
export function hearWaits(listener: (what: Wait) => void): void {
  hear = listener;
}

/**
 * Has buffers of a card that are to be read come in time, which is as long as a compiler may take that some drivers ask at the first dispatch: not all end
 * a dispatch that never ends. What stands in for a card is slow on a machine that has much to do, and gets all the time.
 */
export function watchBuffers(gpu: Pick<Gpu, 'adapter' | 'lost' | 'software' | 'device'>): void {
  if (gpu.software) return;
  const { device } = gpu;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const map = buffer.mapAsync.bind(buffer);
    buffer.mapAsync = (...range) => limited(gpu, 'answer', () => map(...range), PATIENCE.compile);
    return buffer;
  };
}

/**
 * What an adapter compiles or computes, if it does so in time. Where it doesn't, its device counts as lost, and is left as it is: to destroy it is to
 * wait for it.
 * @throws NoAnswer (as a rejection) where it doesn't
 */
export async function inTime<T>(
  gpu: Pick<Gpu, 'adapter' | 'lost'>,
  what: 'compile' | 'answer',
  begin: () => Promise<T>,
  seconds: number = PATIENCE[what],
): Promise<T> {
  hear(what);
  return limited(gpu, what, begin, seconds);
}

async function limited<T>(
  gpu: Pick<Gpu, 'adapter' | 'lost'>,
  what: 'compile' | 'answer',
  begin: () => Promise<T>,
  seconds: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = {
        compile: `the driver of ${gpu.adapter} has not compiled a kernel of backend webgpu within ${seconds} s`,
        answer: `backend webgpu has no answer from ${gpu.adapter} within ${seconds} s`,
      }[what];
      gpu.lost = message;
      reject(new NoAnswer(message));
    }, 1000 * seconds);
  });
  try {
    const work = begin();
    work.catch(() => {}); // nobody waits for it any more
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
