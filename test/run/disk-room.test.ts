import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { watchDisk, withRemedy } from '../../src/run/disk-room.ts';
import { storeError } from '../../src/store/file.ts';

it('says once that the disk is too small for what is to come, and stops the run while partitions at work have room', async () => {
  const warnings: string[] = [];
  let free = 80e6;
  const room = watchDisk(
    'run',
    () => 6,
    (text) => warnings.push(text),
    { free: async () => free },
  );
  const stops: (StoreError | undefined)[] = [];
  for (let partition = 1; partition <= 64; partition++) {
    free -= 2e6;
    stops.push(await room.took(2e6, partition / 64));
  }
  // After the fifth of 64 partitions of 2 MB, 59 are to come.
  expect(warnings).toEqual(['recorded tables will take about 118 MB more, 70 MB are free at run']);
  const stopped = stops.findIndex((stop) => stop !== undefined);
  expect(80e6 - 2e6 * (stopped + 1)).toBeGreaterThan(10e6);
  expect(80e6 - 2e6 * (stopped + 1)).toBeLessThanOrEqual(6 * 2e6 + 2 ** 20);
  expect(stops[stopped]).toBeInstanceOf(StoreError);
  expect(stops[stopped]!.message).toMatch(/^12 MB are left on the disk of run, .*make room, then: crackle resume run$/);
});

it('says nothing where there is room, or the file system can’t be asked', async () => {
  const warnings: string[] = [];
  for (const free of [async () => 1e12, () => Promise.reject(new Error('ENOSYS'))]) {
    const room = watchDisk(
      'run',
      () => 6,
      (text) => warnings.push(text),
      { free },
    );
    for (let partition = 1; partition <= 64; partition++) {
      expect(await room.took(2e6, partition / 64)).toBeUndefined();
    }
  }
  expect(warnings).toEqual([]);
});

it('says what to do where a file may not grow, as where there is no room', () => {
  const failure = (code: string): unknown =>
    withRemedy(storeError('write', 'run/part', Object.assign(new Error(code), { code })), 'run');
  expect((failure('EFBIG') as Error).message).toBe(
    'cannot write run/part: the file would be larger than any may be here (EFBIG); raise the limit (ulimit -f), then: crackle resume run',
  );
  expect((failure('ENOSPC') as Error).message).toMatch(/; make room, then: crackle resume run$/);
  expect((failure('EROFS') as Error).message).toMatch(/\(EROFS\)$/);
  // As Node gives them, which has no names for them.
  const nameless = (name: 'EDQUOT' | 'ESTALE'): unknown => {
    const errno = -constants.errno[name];
    const error = Object.assign(new Error('Unknown'), { errno, code: `Unknown system error ${errno}` });
    return withRemedy(storeError('write', 'run/part', error), 'run');
  };
  expect((nameless('EDQUOT') as Error).message).toBe(
    'cannot write run/part: the disk quota is used up (EDQUOT); make room, then: crackle resume run',
  );
  expect((nameless('ESTALE') as Error).message).toMatch(/its file server does not know it any more \(ESTALE\)$/);
});
