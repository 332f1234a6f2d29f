import { describe, expect, it } from 'vitest';
import { AnnealedGpu } from '../../src/gpu/annealed.ts';
import { STATE_WORDS } from '../../src/gpu/annealed.wgsl.ts';
import { type Gpu, openGpu } from '../../src/gpu/device.ts';
import { LANES, shapeOf } from '../../src/gpu/team.wgsl.ts';
import { activation } from '../../src/network/activation.ts';
import type { Ensemble } from '../../src/network/ensemble.ts';
import { annealedLaw } from '../../src/propagation/annealed-law.ts';
import { withoutGpu } from './adapter.ts';
import { keyOf, strengths } from './reference.ts';
import { optionsOf } from './traces.ts';

const skip = await withoutGpu();
const gpu = skip === undefined ? await openGpu() : undefined;

/** Lanes that take a layer together, as cards of fewer and more lanes than this adapter would; of one lane workgroups without subgroups. */
const subgroups = [1, 4, 8, 16, LANES].filter((lanes) => gpu !== undefined && lanes <= gpu.subgroup);
if (gpu !== undefined && gpu.subgroup < LANES) {
  console.log(
    `skipped: lanes of a subgroup of ${LANES}: ${gpu.adapter} has ${gpu.subgroup}; compared: ${subgroups.join(', ')} in a workgroup`,
  );
}

const base: Ensemble = {
  index: 2,
  activation: 'tanh',
  width: 300,
  depth: 40,
  weightVariance: 1.05,
  biasVariance: 0,
  inputStrength: 0.1,
  reuse: 1,
};
const slots = 7;

/** Rows of all layers, in rounds that end before and after the keys of the next layers are made. */
async function rowsOf(card: Gpu, ensemble: Ensemble): Promise<Float32Array> {
  const { depth } = ensemble;
  const plan = { output: 'rows', slots, rows: slots * depth } as const;
  const kernel = await new AnnealedGpu(card, annealedLaw(optionsOf(ensemble, { floor: null })), plan).start();
  const all = new Float32Array(slots * depth);
  let reached = 0;
  for (const layers of [31, depth - 31]) {
    for (let slot = 0; slot < slots; slot++) kernel.enter(slot, 100 + slot, slot, reached === 0 ? 1 : 0);
    await kernel.round(slots, layers);
    const rows = await kernel.rows(slots, layers);
    for (let slot = 0; slot < slots; slot++) {
      all.set(rows.subarray(slot * layers, (slot + 1) * layers), slot * depth + reached);
    }
    reached += layers;
  }
  kernel.close();
  return all;
}

/** States of perturbations, followed to the end of their avalanches. */
async function statesOf(card: Gpu, ensemble: Ensemble, count: number): Promise<Uint32Array> {
  const plan = { output: 'avalanches', slots: count, leavesOut: false, points: 0, excessProfile: false } as const;
  const kernel = await new AnnealedGpu(card, annealedLaw(optionsOf(ensemble)), plan).start();
  for (let slot = 0; slot < count; slot++) kernel.enter(slot, slot, slot, 1);
  for (let going: number | undefined; going !== 0; ) going = await kernel.round(count, 9, kernel.output, going);
  const states = await kernel.read('states', count, (bytes) => new Uint32Array(bytes.slice(0)));
  kernel.close();
  return states;
}

/** What each shape gives that is another than that of a single invocation. */
async function byShape<T>(
  width: number,
  give: (card: Gpu) => Promise<T>,
): Promise<{ alone: T; shared: [string, T][] }> {
  const alone = await give({ ...gpu!, software: true });
  const shared: [string, T][] = [];
  for (const subgroup of subgroups) {
    const card = { ...gpu!, software: false, subgroup };
    const shape = shapeOf(card, width);
    if (shape !== 'invocation') shared.push([`${shape} of ${subgroup}`, await give(card)]);
  }
  return { alone, shared };
}

/**
 * To the bit on programs that stand in for a card, but for what Mesa's lavapipe rounds differently in loops that are written out differently. A card's
 * compiler may fuse products and sums of one shape and not of another; a card takes one shape for a width.
 */
function expectSame(shape: string, rows: Float32Array, alone: Float32Array, name: string): void {
  if (gpu!.software && !['sin', 'silu'].includes(name)) expect({ shape, rows }).toEqual({ shape, rows: alone });
  for (const [at, s] of rows.entries()) expect(Math.abs(s / alone[at]! - 1)).toBeLessThan(1e-5);
}

describe.skipIf(skip !== undefined)('lanes of a subgroup, of a workgroup and of a single invocation', () => {
  // Rests of every kind, rounds written out one, two and four at a time, more than one block; every activation.
  it.each([
    [65, 'relu', 0.001],
    [129, 'linear', 0.001],
    [257, 'tanh', 0.001],
    [300, 'sin', 0.01],
    [300, 'silu', 0.01],
    [384, 'hard-tanh', 0],
    [512, 'erf', 0],
    [1000, 'gelu', 0.01],
    [5000, 'tanh', 0],
  ] as const)('add up in one order: N = %i, %s', async (width, name, biasVariance) => {
    const ensemble = { ...base, activation: name, width, biasVariance };
    const { alone, shared } = await byShape(width, (card) => rowsOf(card, ensemble));
    if (width > 256) expect(shared.length).toBeGreaterThan(0);
    for (const [shape, rows] of shared) expectSame(shape, rows, alone, name);
    for (let slot = 0; slot < slots; slot++) {
      const chain = { ...ensemble, activation: activation(name) };
      const expected = strengths(chain, keyOf(7, 2, 100 + slot));
      expected.forEach((s, at) => {
        expect(Math.abs(alone[slot * base.depth + at]! / s - 1)).toBeLessThan(5e-5);
      });
    }
  });

  it('find the same avalanches, of which each ends in its own time', async () => {
    const count = 150;
    const { alone, shared } = await byShape(base.width, (card) => statesOf(card, base, count));
    const durations = new Set(Array.from({ length: count }, (_, slot) => alone[STATE_WORDS * slot + 4]));
    expect(durations.size).toBeGreaterThan(10);
    for (const [shape, states] of shared) {
      if (gpu!.software) expect({ shape, states }).toEqual({ shape, states: alone });
      const ends = (of: Uint32Array) => Array.from({ length: count }, (_, slot) => of[STATE_WORDS * slot + 4]);
      const others = ends(states).filter((duration, slot) => duration !== ends(alone)[slot]).length;
      // A strength within rounding of the threshold may fall on its other side, which of 150 avalanches hardly one does.
      expect(others).toBeLessThanOrEqual(1);
    }
  });
});
