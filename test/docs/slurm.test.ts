import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../cli/crackle.ts';
import { serverProgram } from '../queue/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Slurm's commands as far as the script needs them; srun gives a step processors as 22.05 and newer do: by its own flag, else one a task. */
const commands: Readonly<Record<string, string>> = {
  srun: `cpus=1
while [[ $1 == --* ]]; do [[ $1 == --cpus-per-task=* ]] && cpus=\${1#*=}; shift; done
echo "srun $cpus" >> calls
SLURM_CPUS_PER_TASK=$cpus "$@"`,
  crackle: `echo "$*" >> calls
case $1 in
  worker) REDISCLI_AUTH=$(cut -d: -f3 <<< "$CRACKLE_QUEUE" | cut -d@ -f1) redis-cli -p "$PORT" ping >> calls; trap 'exit 0' TERM; for ((i = 0; i < 200; i++)); do [ -e over ] && exit 0; sleep 0.05; done ;;
  *) for ((i = 0; i < 200; i++)); do grep -qs PONG calls && break; sleep 0.05; done; exit "$CODE" ;;
esac`,
  scancel: 'echo "scancel $*" >> calls; touch over',
  scontrol: 'echo "scontrol $*" >> calls',
};
const bin = join(folder, 'bin');
mkdirSync(bin);
for (const [name, text] of Object.entries(commands)) {
  writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`);
  chmodSync(join(bin, name), 0o755);
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Runs the script as Slurm would, with a driver that ends with a code; says how the job ended and what was called. */
async function job(name: string, code: number, files: Readonly<Record<string, string>> = {}) {
  const cwd = join(folder, name);
  mkdirSync(join(cwd, 'out'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text);
  const port = await freePort();
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    CODE: String(code),
    PORT: String(port),
    OUT: 'out',
    RUN: 'gaussian-avalanches --valid 4e6',
    SLURM_JOB_ID: '17',
    SLURM_CPUS_PER_TASK: '4',
    SLURM_JOB_END_TIME: String(Math.floor(Date.now() / 1000) + 3600),
  };
  const child = spawn('bash', [join(root, 'docs/clusters/slurm.sbatch')], {
    cwd,
    env,
    stdio: 'ignore',
    timeout: 60_000,
  });
  const ended = await new Promise((resolve) => child.once('close', resolve));
  return { ended, calls: readFileSync(join(cwd, 'calls'), 'utf8').split('\n') };
}

if (serverProgram !== 'redis-server')
  console.log('skipped: the script for Slurm starts a redis-server, which is not on the path');

it.skipIf(serverProgram !== 'redis-server')(
  'gives each worker the processors of its slots, ends as its driver does, and puts a job that ran out of time back into the queue',
  async () => {
    const [done, late] = await Promise.all([job('done', 2), job('late', 130, { 'out/manifest.json': '{}' })]);
    expect(done.calls).toEqual(expect.arrayContaining(['srun 4', 'worker --slots 4 --drain 15s', 'PONG']));
    expect(
      done.calls.filter((line) =>
        /^run gaussian-avalanches --valid 4e6 --out out --queue --max-time 34[12]\ds/.test(line),
      ),
    ).toHaveLength(1);
    expect(done.ended).toBe(2);
    expect(done.calls).not.toContain('scontrol requeue 17');
    expect(late.calls.some((line) => line.startsWith('resume out --queue --max-time '))).toBe(true);
    expect(late.calls).toEqual(expect.arrayContaining(['scancel --signal=TERM 17.0', 'scontrol requeue 17']));
    expect(late.ended).toBe(0);
  },
);
