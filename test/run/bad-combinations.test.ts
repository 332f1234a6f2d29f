import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pipelineNames } from '../../src/flow/built-in.ts';
import { loadPipeline, pipelineUrl } from '../../src/flow/load.ts';
import { checkParameters } from '../../src/parameter.ts';
import { inProcess } from '../cli/in-process.ts';
import { temporaryFolder } from './temporary.ts';

/** Values that are right each for itself, and what is said where they come together. */
const bad: [given: Record<string, string>, message: RegExp][] = [
  [{ engine: 'effective', backend: 'webgpu' }, /engine effective computes on processors only/],
  [{ engine: 'naive', backend: 'webgpu' }, /engine naive computes on processors only/],
  [{ engine: 'annealed', reuse: '4' }, /engine annealed draws a network for each perturbation: .* got 4/],
  [{ engine: 'effective', reuse: '4' }, /engine effective draws a network for each perturbation: .* got 4/],
  [{ engine: 'annealed', reuse: '4', backend: 'webgpu' }, /engine annealed draws a network .* got 4/],
  [{ engine: 'quenched', reuse: '4000', backend: 'webgpu' }, /takes engine quenched up to reuse 256 at width \d+, got/],
  [
    { engine: 'annealed', activation: 'sin', 'weight-variance': '1e7', backend: 'webgpu' },
    /backend webgpu takes sin up to a variance of 1000000/,
  ],
];

const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const folder = temporaryFolder();

it('no shipped pipeline makes a folder, or tries a card, for engines, backends and networks that do not go together', async () => {
  let tried = 0;
  for (const name of pipelineNames()) {
    const { parameters } = await loadPipeline(pipelineUrl(name));
    const flags = new Set(Object.keys(parameters).map(inWords));
    for (const [given, message] of bad) {
      if (Object.keys(given).some((flag) => !flags.has(flag))) continue;
      const out = join(folder, `${name}-${++tried}`);
      const words = Object.entries(given).flatMap(([flag, value]) => [`--${flag}`, value]);
      const { code, stderr } = await inProcess(['run', name, ...words, '--out', out]);
      expect(stderr, `${name} ${words.join(' ')}`).toMatch(message);
      expect([code, stderr.split('\n').length, existsSync(out)]).toEqual([2, 2, false]);
    }
  }
  // Three pipelines have engines and backends, one of them the variance of weights.
  expect(tried).toBe(19);
});

it('a training on a card is refused where φ or its slope has no operations there, as it is composed', async () => {
  const { parameters, compose } = await loadPipeline(pipelineUrl('trainability'));
  const composed = (given: object) => () => compose(checkParameters(parameters, { ...given }));
  expect(composed({ activation: 'gelu', backend: 'webgpu' })).toThrow(
    "backend webgpu has no operations for activation 'gelu' here; backends simd, wasm and cpu compute it",
  );
  for (const given of [{ activation: 'gelu' }, { activation: 'silu', backend: 'webgpu' }])
    expect(composed(given)).not.toThrow();
});
