import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/error.ts';
import { lockName, takeLock } from '../../src/store/lock.ts';
import { startOf } from '../../src/store/writer.ts';
import { temporaryFolder } from '../run/temporary.ts';

const root = temporaryFolder();
/** How locks of other machines are met within a test. */
const soon = { warn: () => {}, silence: 100 };
const freshFolder = (): string => mkdtempSync(join(root, 'run-'));

describe('takeLock(folder)', () => {
  it('gives the folder to one writer at a time', async () => {
    const folder = freshFolder();
    const lock = await takeLock(folder);
    expect(readFileSync(join(folder, lockName), 'utf8')).toMatch(
      new RegExp(`^${process.pid} ${hostname()} [-0-9a-f]{36}( [-0-9a-f]{36} \\d+ \\d+)?\n$`),
    );
    const refusal = `${folder} is being written by process ${process.pid} on ${hostname()}: wait for its end, or remove run.lock there if it is gone`;
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

  const left = (folder: string, content: string, age = 0): void => {
    const path = join(folder, lockName);
    writeFileSync(path, content);
    const then = new Date(Date.now() - 1000 * age);
    utimesSync(path, then, then);
  };
  const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid;

  it('takes over from a process that is gone', async () => {
    const folder = freshFolder();
    left(folder, `${gone()} ${hostname()} a\n`);
    await (await takeLock(folder)).release();
  });

  it('takes over where its own number or that of a living process was another one’s before', async () => {
    const folder = freshFolder();
    left(folder, `${process.pid} ${hostname()} before\n`);
    await (await takeLock(folder)).release();
    left(folder, `${process.ppid} ${hostname()} before\n`);
    await expect(takeLock(folder)).rejects.toThrow('is being written');
    await (await takeLock(folder, soon)).release();
  });

  it.runIf(existsSync('/proc/self/ns/pid'))(
    'never takes over from a process of this machine that lives, however long it was silent or clocks have jumped, and from one that is gone at once',
    async () => {
      const folder = freshFolder();
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      await once(child, 'spawn');
      const lock = await takeLock(folder);
      const [, host, id, boot, namespace] = readFileSync(join(folder, lockName), 'utf8').trim().split(' ');
      await lock.release();
      const text = (start: string | undefined, ns = namespace): string =>
        `${child.pid} ${host} ${id} ${boot} ${ns} ${start}\n`;
      left(folder, text(startOf(child.pid!)), 1e6);
      await expect(takeLock(folder)).rejects.toThrow(`is being written by process ${child.pid}`);
      // Another process had that number before.
      left(folder, text('17'));
      await (await takeLock(folder)).release();
      // In another container nothing is known of its processes.
      left(folder, text('17', '1'), 1e6);
      await expect(takeLock(folder)).rejects.toThrow('is being written');
      await (await takeLock(folder, soon)).release();
      left(folder, text(startOf(child.pid!)));
      child.kill('SIGKILL');
      await once(child, 'exit');
      await (await takeLock(folder)).release();
    },
  );

  it('takes over what was never written, unless it is just being made', async () => {
    const folder = freshFolder();
    for (const age of [11, -3600]) {
      left(folder, '', age);
      await (await takeLock(folder, soon)).release();
    }
    left(folder, '');
    const asked = performance.now();
    await (await takeLock(folder)).release();
    expect(performance.now() - asked).toBeLessThan(9000);
    left(folder, '');
    const waiting = takeLock(folder);
    await setTimeout(60);
    left(folder, `${process.ppid} ${hostname()} now\n`);
    await expect(waiting).rejects.toThrow(`is being written by process ${process.ppid}`);
  });

  it('takes over from another machine once that was seen to be silent for long enough, whatever the clocks of both say', async () => {
    for (let age of [0, 1e6, -1e6]) {
      const folder = freshFolder();
      left(folder, '17 elsewhere a\n', age);
      await expect(takeLock(folder)).rejects.toThrow('is being written by process 17 on elsewhere');
      const warnings: string[] = [];
      await (await takeLock(folder, { ...soon, warn: (text) => warnings.push(text) })).release();
      expect(warnings).toEqual([
        expect.stringMatching(/has the lock of process 17 on elsewhere: it is taken over unless .* within \d+ min/),
      ]);
      left(folder, '17 elsewhere a\n', age);
      const beating = setInterval(() => left(folder, '17 elsewhere a\n', ++age), 20);
      await expect(takeLock(folder, { ...soon, silence: 5000 })).rejects.toThrow('is being written');
      clearInterval(beating);
    }
  });

  it('watches no longer than whoever asked waits', async () => {
    const folder = freshFolder();
    left(folder, '17 elsewhere a\n', 1e6);
    const asked = takeLock(folder, { warn: () => {}, signal: AbortSignal.timeout(50) });
    await expect(asked).rejects.toThrow('is being written');
    expect(existsSync(join(folder, lockName))).toBe(true);
  });

  it('lets only one of many take over, and leaves nothing else behind', async () => {
    const dead = gone();
    for (let trial = 0; trial < 30; trial++) {
      const folder = freshFolder();
      left(folder, `${dead} ${hostname()} a\n`);
      const asked = await Promise.allSettled(Array.from({ length: 6 }, () => takeLock(folder)));
      const given = asked.filter((one) => one.status === 'fulfilled');
      expect(given).toHaveLength(1);
      expect(readdirSync(folder)).toEqual([lockName]);
      await given[0]!.value.release();
    }
  });

  it('does not give back what another has taken over', async () => {
    const folder = freshFolder();
    const lock = await takeLock(folder);
    left(folder, '17 elsewhere a\n');
    await lock.release();
    expect(readFileSync(join(folder, lockName), 'utf8')).toBe('17 elsewhere a\n');
  });

  it('tells a writer that was taken for dead, and one whose lock was removed by hand, whether or not another one has come', async () => {
    const folder = freshFolder();
    const lock = await takeLock(folder);
    rmSync(join(folder, lockName));
    await expect(lock.check()).rejects.toThrow(
      new StoreError(
        `${folder} has no lock any more: run.lock was removed by hand, or by another process that took it over and has ended; resume the run to go on with what is there`,
      ),
    );
    expect(existsSync(join(folder, lockName))).toBe(false);
    left(folder, '17 elsewhere a\n');
    await expect(lock.check()).rejects.toThrow(
      new StoreError(`${folder} was taken over by another process, which took this one for dead or found no lock`),
    );
    expect(readFileSync(join(folder, lockName), 'utf8')).toBe('17 elsewhere a\n');
  });

  it('tells a writer whose folder was moved away, and another made of its name', async () => {
    const folder = freshFolder();
    const lock = await takeLock(folder);
    renameSync(folder, `${folder}-moved`);
    mkdirSync(folder);
    await expect(lock.check()).rejects.toThrow(
      new StoreError(
        `${folder} is not the folder that was written into until now: bring that one back, or resume it where it is`,
      ),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is a StoreError where the folder is missing', async () => {
    await expect(takeLock(join(root, 'nowhere'))).rejects.toThrow(StoreError);
  });
});
