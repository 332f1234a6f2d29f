import { writeId } from '../schema/int64.ts';
import type { AnnealedSetup } from './annealed.ts';
import { GROUP, Squares } from './annealed-squares.ts';
import { lanePrefix } from './lane-prefix.ts';
import type { TraceKernel, TraceRows } from './traces.ts';

/**
 * The annealed kernel in plain TypeScript and float64: for activations without lanes of their own, and what the SIMD kernel is held
 * against. It draws the same random numbers, so traces agree to float32 rounding, which grows along a trace.
 */
export function createReference(setup: AnnealedSetup): TraceKernel {
  const { width, depth, weightVariance, biasVariance, inputStrength, postActivation, floor, capacity } = setup;
  const { phi, name, evenSquare } = setup.activation;
  const linear = name === 'linear';
  const prefix = lanePrefix(setup.seed, setup.ensemble);
  const ids = new Int32Array(2 * setup.batch);
  const perturbation = new BigInt64Array(capacity);
  const words = new Int32Array(perturbation.buffer);
  const layers = new Int32Array(capacity);
  const strength = new Float32Array(capacity);
  const group = new Float64Array(GROUP);
  const constant = typeof floor === 'number' ? Math.fround(floor) : undefined;

  let count = 0;
  let slot = 0;
  let layer = 0;
  let variance = 0;
  let squares: Squares | undefined;

  /** Draws a layer: Σ z² and Σ φ(√v·z)². */
  function draw(from: Squares, v: number): { sum: number; energy: number } {
    const scale = Math.sqrt(v);
    let sum = 0;
    let energy = 0;
    for (let first = 0; first < width; first += GROUP) {
      const left = width - first;
      if (linear && left >= GROUP) {
        sum += from.sum();
        continue;
      }
      from.draw(group, !evenSquare, left);
      for (let i = 0; i < Math.min(GROUP, left); i++) {
        const c = group[i]!;
        const size = Math.abs(c);
        sum += size;
        energy += phi(scale * (c < 0 ? -1 : 1) * Math.sqrt(size)) ** 2;
      }
    }
    return { sum, energy: linear ? v * sum : energy };
  }

  function open(at: number): Squares {
    const from = new Squares(prefix, ids[2 * at]!, ids[2 * at + 1]!);
    const drive = inputStrength ** 2;
    let mean = drive;
    if (!linear) {
      const back = from.mark();
      const { sum } = draw(from, 1);
      back();
      mean = draw(from, drive / (Math.max(sum, 1e-30) / width)).energy / width;
    }
    variance = weightVariance * mean + biasVariance;
    layer = 0;
    return from;
  }

  function run(): TraceRows {
    let rows = 0;
    for (; slot < count; slot++) {
      squares ??= open(slot);
      while (layer < depth && rows < capacity) {
        layer++;
        const { sum, energy } = draw(squares, variance);
        const s = Math.fround(Math.sqrt(postActivation ? energy / width : variance * (sum / width)));
        words[2 * rows] = ids[2 * slot]!;
        words[2 * rows + 1] = ids[2 * slot + 1]!;
        layers[rows] = layer;
        strength[rows++] = s;
        variance = weightVariance * (energy / width) + biasVariance;
        if (floor === null) continue;
        const lowest = constant ?? (floor as Float32Array)[layer]!;
        if (!(s >= lowest && s < Infinity)) layer = depth;
      }
      if (layer < depth) break;
      squares = undefined;
    }
    return {
      perturbation: perturbation.subarray(0, rows),
      layer: layers.subarray(0, rows),
      strength: strength.subarray(0, rows),
    };
  }

  return {
    start(perturbations) {
      for (let i = 0; i < perturbations.length; i++) writeId(ids, i, perturbations[i]!);
      count = perturbations.length;
      slot = 0;
      squares = undefined;
    },
    run,
    finished: () => slot === count,
  };
}
