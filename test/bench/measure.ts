import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A finished process, seen from outside. */
export interface Measured {
  /** Wall time. */
  readonly seconds: number;
  /** Peak resident size in MiB (the kernel's own high-water mark, last read before the end; Linux only). */
  readonly peak: number;
  /** CPU time of all threads in seconds, likewise. */
  readonly cpu: number;
  readonly stderr: string;
}

/** Runs the built command line and measures it as a whole process; throws where it fails. */
export async function measure(words: readonly string[], nodeOptions = ''): Promise<Measured> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/src/cli/main.js'), ...words], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  let peak = Number.NaN;
  let cpu = Number.NaN;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      // After the name in brackets: utime and stime are the 12th and 13th field, in hundredths of a second.
      const times = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      cpu = (Number(times[11]) + Number(times[12])) / 100;
      peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024 || peak;
    } catch {
      // Gone between two readings.
    }
  }, 50);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`crackle ${words.join(' ')} ended with ${code}: ${stderr}`);
  return { seconds: (performance.now() - began) / 1000, peak, cpu, stderr };
}
