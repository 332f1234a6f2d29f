import { describe, expect, it } from 'vitest';
import { BackendError } from '../../src/error.ts';
import { DeviceLoss } from '../../src/gpu/failure.ts';
import { anew, toldOnce } from '../../src/propagation/anew.ts';
import type { SignalWindow } from '../../src/propagation/engine.ts';

const window = (length: number): SignalWindow => ({
  length,
  perturbation: new BigInt64Array(length),
  layer: new Int32Array(length),
  strength: new Float32Array(length),
});

/** Lengths of the windows that come, and what a listener hears, where tries end with these errors in turn, after so many windows. */
async function given(...ends: (readonly [after: number, error: Error])[]) {
  const [lengths, heard]: [number[], number[]] = [[], []];
  const listened = toldOnce((number: number) => heard.push(number));
  let tries = 0;
  const windows = () => {
    const [tell, end] = [listened(), ends[tries++]];
    return (async function* () {
      for (let number = 1; number <= 3; number++) {
        tell(number);
        if (end?.[0] === number - 1) throw end[1];
        yield window(number);
      }
    })();
  };
  try {
    for await (const { length } of anew(windows, 'width')) lengths.push(length);
    return { lengths, heard, tries };
  } catch (error) {
    return { lengths, heard, tries, failed: (error as Error).message };
  }
}

describe('anew(windows) and toldOnce(listener)', () => {
  const loss = new DeviceLoss('the device was lost');

  it('give every window, and tell everything, once where the device is lost twice', async () => {
    expect(await given([2, loss], [1, loss])).toEqual({ lengths: [1, 2, 3], heard: [1, 2, 3], tries: 3 });
  });

  it('go on for as long as more comes between losses', async () => {
    const losses = [0, 0, 1, 1, 2, 2].map((after) => [after, loss] as const);
    expect(await given(...losses)).toEqual({ lengths: [1, 2, 3], heard: [1, 2, 3], tries: 7 });
  });

  it('end with the third loss of which nothing more came, and with anything else at once', async () => {
    expect(await given([0, loss], [2, loss], [1, loss], [2, loss])).toMatchObject({
      lengths: [1, 2],
      tries: 4,
      failed: 'the device was lost (3 times in a row)',
    });
    expect(await given([1, new BackendError('it has failed')])).toMatchObject({ tries: 1, failed: 'it has failed' });
    expect(await given([1, new BackendError('no memory left')])).toMatchObject({
      tries: 1,
      failed: 'no memory left; use fewer workers, or lower width',
    });
  });
});
