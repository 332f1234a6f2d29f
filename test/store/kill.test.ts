import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/store/dataset.ts';
import { readColumns } from '../../src/store/read-table.ts';
import { avalancheColumns, uniform } from './avalanche-columns.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();

describe('a run that is killed', () => {
  it('can be opened again wherever it was hit, with all it had committed and nothing else', async () => {
    const random = uniform(1);
    let committed = 0;
    for (let attempt = 0; attempt < 4; attempt++) {
      const folder = join(scratch, `run-${attempt}`);
      const script = join(import.meta.dirname, 'endless-run.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      // The first is hit anywhere, the others once there is something to lose.
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      while (!said.includes(attempt === 0 ? 'started' : 'committed')) await once(child.stdout, 'data');
      await sleep(50 + 200 * random());
      child.kill('SIGKILL');
      await exited;
      await using dataset = await openDataset(folder);
      const { journal } = dataset;
      committed += journal.length;
      expect(journal.map((entry) => entry.index)).toEqual(journal.map((_, index) => index));
      const checkpoint = (await dataset.loadCheckpoint())?.[0] as { merged: number; state: Float64Array } | undefined;
      const merged = checkpoint?.merged ?? 0;
      expect(journal).toHaveLength(merged);
      if (checkpoint !== undefined) expect(checkpoint.state).toEqual(new Float64Array(999 + merged).fill(merged - 1));
      const parts = journal.flatMap((entry) => entry.parts.map((part) => part.path));
      if (parts.length > 0)
        expect(
          readdirSync(join(folder, 'avalanche'))
            .map((name) => `avalanche/${name}`)
            .sort(),
        ).toEqual(parts);
      for (const [index, path] of parts.entries()) {
        const { size } = await readColumns(join(folder, path), ['size']);
        expect(size).toEqual(avalancheColumns(1000 + index, index).size);
      }
    }
    expect(committed).toBeGreaterThan(0);
  });
});
