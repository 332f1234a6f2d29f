import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { lockName, takeLock } from '../../src/store/lock.ts';
import { temporaryFolder } from '../run/temporary.ts';

const root = temporaryFolder();
const freshFolder = (): string => mkdtempSync(join(root, 'run-'));

describe('takeLock(folder)', () => {
  it('gives the folder to one writer at a time', async () => {
    const folder = freshFolder();
    const lock = await takeLock(folder);
    expect(readFileSync(join(folder, lockName), 'utf8')).toBe(`${process.pid} ${hostname()}\n`);
    const refusal = `${folder} is being written by process ${process.pid} on ${hostname()}: wait for its end`;
    await expect(takeLock(folder)).rejects.toThrow(refusal);
    await expect(takeLock(folder)).rejects.toThrow(StoreError);
    await lock.release();
    expect(existsSync(join(folder, lockName))).toBe(false);
    await (await takeLock(folder)).release();
  });

  it('lets only one of many that ask at once have it', async () => {
    const folder = freshFolder();
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(folder)));
    const given = asked.filter((one) => one.status === 'fulfilled');
    expect(given).toHaveLength(1);
    await given[0]!.value.release();
  });

  it('takes over from a process that is gone', async () => {
    const folder = freshFolder();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(folder, lockName), `${pid} ${hostname()}\n`);
    await (await takeLock(folder)).release();
  });

  it('takes over from another machine only after two minutes of silence', async () => {
    const folder = freshFolder();
    const path = join(folder, lockName);
    writeFileSync(path, '17 elsewhere\n');
    await expect(takeLock(folder)).rejects.toThrow('is being written by process 17 on elsewhere');
    const before = new Date(Date.now() - 121_000);
    utimesSync(path, before, before);
    await (await takeLock(folder)).release();
  });

  it('is a StoreError where the folder is missing', async () => {
    await expect(takeLock(join(root, 'nowhere'))).rejects.toThrow(StoreError);
  });
});
