import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executePartition } from '../../src/flow/execute.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { partSinks } from '../../src/flow/part-sinks.ts';
import { checkParameters } from '../../src/parameter.ts';
import { saveCheckpoint } from '../../src/store/checkpoint.ts';
import type { Benchmark, Timing } from './benchmark.ts';

const size = 15_625;
const partitions = 6;
const seconds = (began: number): number => (performance.now() - began) / 1000;

/** Partitions of the main experiment with avalanches recorded, as the default run takes them: what keeps them safe, against the rest. */
async function safety(): Promise<Timing> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-faults-'));
  try {
    const pipeline = await loadPipeline(pipelineUrl('gaussian-avalanches'));
    const composition = pipeline.compose(checkParameters(pipeline.parameters, { widths: [512] }));
    const { reducer } = composition;
    const openSink = await partSinks(folder, ['avalanche']);
    let merged = reducer.init();
    let work = 0;
    let bytes = 0;
    let hashing = 0;
    for (let index = 0; index <= partitions; index++) {
      const partition = { ensemble: 0, index, first: index * size, count: size };
      const began = performance.now();
      const { state, parts } = await executePartition(composition, partition, { seed: 1, openSink });
      merged = reducer.merge(merged, state);
      if (index === 0) continue; // warming up
      work += seconds(began);
      for (const { path } of parts) {
        const content = readFileSync(join(folder, path));
        const again = performance.now();
        createHash('sha256').update(content).digest();
        hashing += seconds(again);
        bytes += content.length;
      }
    }
    const saved = 5;
    const began = performance.now();
    let checkpoint = 0;
    for (let i = 0; i < saved; i++) {
      const entries = [{ merged: partitions, counts: {}, state: merged }];
      checkpoint = (await saveCheckpoint(join(folder, 'state.bin'), { identity: '', journal: undefined, entries }))
        .bytes;
    }
    const saving = seconds(began) / saved;
    const share = (100 * hashing) / work;
    return {
      seconds: work,
      referenceSeconds: work - hashing,
      note: `checksums of ${(bytes / 1e6).toFixed(1)} MB take ${share.toFixed(2)} %; a checkpoint of ${(checkpoint / 1e6).toFixed(2)} MB, every 10 s, takes ${(1000 * saving).toFixed(0)} ms, ${(10 * saving).toFixed(2)} %`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export default [{ name: 'partitions with checksums against without', run: safety }] satisfies readonly Benchmark[];
