import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addParameterOptions, readParameters } from '../../src/cli/parameter-options.ts';
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
  [
    { 'duration-min': '10', 'duration-max': '5' },
    /^crackle: duration-max must be greater than duration-min = 10, got 5$/m,
  ],
  [{ 'size-min': '2', 'size-max': '2' }, /^crackle: size-max must be greater than size-min = 2, got 2$/m],
  [
    { 'collapse-min': '9', 'collapse-max': '8' },
    /^crackle: collapse-max must be greater than collapse-min = 9, got 8$/m,
  ],
  [{ surrogate: 'phase,phase' }, /^crackle: surrogate must differ, got phase twice$/m],
  [{ controls: 'gaussian,gaussian', weights: 'none.npz' }, /^crackle: controls must differ, got gaussian twice$/m],
];

const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const folder = temporaryFolder();

it('no shipped pipeline makes a folder, or tries a card, for values that do not go together', async () => {
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
  // Three pipelines have engines and backends, one of them the variance of weights; six have cutoffs of fits, two null models, one controls.
  expect(tried).toBe(40);
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

/** What is told of flags of a pipeline. */
async function toldOf(name: string, ...words: string[]): Promise<string[]> {
  const pipeline = await loadPipeline(pipelineUrl(name));
  const command = new Command(name).exitOverride();
  addParameterOptions(command, pipeline);
  command.parse(words, { from: 'user' });
  const told: string[] = [];
  readParameters(command.opts(), pipeline, (sentence) => told.push(sentence));
  return told;
}

it.each([
  [
    'gaussian-avalanches',
    '--backend wasm',
    'backend has no effect on engine annealed, which has kernels of its own: it is of engine dense',
    '--engine dense',
  ],
  [
    'gaussian-avalanches',
    '--window widest --scaling-min 5',
    'scaling-min has no effect with window widest: it is of window scaling',
    '--window scaling',
  ],
  [
    'gaussian-avalanches',
    '--window given --scaling-end 2',
    'scaling-end has no effect with window given: it is of window scaling',
    '--window auto',
  ],
  [
    'gaussian-avalanches',
    '--scaling-count 9',
    'scaling-count has no effect with scaling-weights own: every duration counts then, however few avalanches it has',
    '--scaling-rare leave-out',
  ],
  ['finite-size-scaling', '--full --valid 9', 'full has no effect where valid is given, 9', '--valid auto'],
  [
    'finite-size-scaling',
    '--scan-valid 0 --scan 0,1,2',
    'scan has no effect without the scan, which scan-valid 0 leaves out',
    '--scan-valid 9',
  ],
  [
    'finite-size-scaling',
    '--straightest size --corrections 1',
    'straightest has no effect where corrections are given',
    '--corrections auto',
  ],
  [
    'known-exponents',
    '--processes branching,random-walk --drives 0',
    'drives has no effect without the process abbm',
    '--processes abbm',
  ],
  [
    'trained-avalanches',
    '--controls none --control-networks 8',
    'control-networks has no effect where controls are none',
    '--controls shuffled',
  ],
  [
    'trainability',
    '--backend simd --together 4',
    'together has no effect on backend simd, which trains one network at a time',
    '--backend wasm',
  ],
  ['trainability', '--card-memory 9', 'card-memory has no effect on other backends than webgpu', '--backend webgpu'],
  ['trainability', '--target 0.9', 'target has no effect on experiment map: it is of scan', '--experiment both'],
  [
    'trainability',
    '--experiment scan --width 9',
    'width has no effect on experiment scan: it is of map',
    '--experiment map',
  ],
  [
    'trainability',
    '--input-norm 1',
    'input-norm has no effect without signals-at, which says when signals are sent',
    '--signals-at 0',
  ],
  [
    'phase-diagram',
    '--weight-cells 1 --weight-to 3',
    'weight-to has no effect where weight-cells is 1: the only one is weight-from',
    '--weight-cells 2',
  ],
])('tells that, of %s %s, %s', async (name, words, sentence, unless) => {
  expect(await toldOf(name, ...words.split(' '))).toEqual([sentence]);
  expect(await toldOf(name, ...words.split(' '), ...unless.split(' '))).toEqual([]);
});

it('refuses parameters that contradict each other, where both are given, and tells of idle ones before it runs', async () => {
  const gaussian = (...words: string[]) => inProcess(['run', 'gaussian-avalanches', ...words, '--out', '']);
  expect((await gaussian('--input-norm', '0.1', '--input-strength', '1')).stderr).toMatch(
    /^crackle: input-norm is another way to say input-strength, which is 1: give one of them$/m,
  );
  expect((await gaussian('--surrogate', 'none,phase')).stderr).toMatch(
    /^crackle: surrogate must be none alone, or others without it, got none,phase$/m,
  );
  expect((await gaussian('--record', 'avalanche,avalanche')).stderr).toMatch(
    /^crackle: record must differ, got avalanche twice$/m,
  );
  const config = join(folder, 'config.json');
  const { parameters } = await loadPipeline(pipelineUrl('gaussian-avalanches'));
  const defaults = Object.fromEntries(Object.entries(parameters).map(([key, spec]) => [key, spec.default]));
  writeFileSync(config, JSON.stringify({ ...defaults, inputStrength: 1, window: 'widest', scalingMin: 9 }));
  const { code, stderr } = await gaussian('--preset', 'authors', '--config', config);
  expect(stderr).toMatch(/scaling-min has no effect with window widest/);
  expect(stderr).toMatch(/^crackle: a run folder must have a name/m);
  expect(stderr).not.toMatch(/input-norm|scaling-end/);
  expect(code).toBe(2);
});
