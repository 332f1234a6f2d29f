import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/gpu/pace.ts';

const card = { slowest: 1e-9, software: false };

/** What a card that takes so long a neuron and layer, and so long a layer, needs for a dispatch. */
const secondsOn = (neuron: number, layer: number, width: number, count: number, layers: number): number =>
  Math.max(neuron * width * count * (layers + 1), layer * (layers + 2));

describe('Pace', () => {
  it.each([
    ['a fast card', 1e-12, 1.5e-6],
    ['a slow one', 5e-10, 3e-5],
  ])('gives dispatches that take some 50 ms, and never a tenth of a second, to %s', (_name, neuron, layer) => {
    for (const [width, depth] of [
      [512, 1_000_000],
      [64, 1_000_000],
    ] as const) {
      const pace = new Pace(card, width);
      let longest = 0;
      for (const alive of [65_536, 65_536, 65_536, 8000, 300, 10, 1, 1, 1, 1]) {
        const layers = Math.min(depth, pace.layers(alive));
        const count = Math.min(alive, Math.floor(pace.most(layers + 2)));
        const seconds = secondsOn(neuron, layer, width, count, layers);
        longest = Math.max(longest, seconds);
        expect(seconds).toBeLessThan(0.1);
        pace.learn({ begun: count, work: count * layers, longest: layers, seconds });
      }
      expect(longest).toBeGreaterThan(0.02);
    }
  });

  it('takes a card for slower once a dispatch was too long, not where it only waited for others', () => {
    const pace = new Pace(card, 512);
    for (let i = 0; i < 3; i++) pace.learn({ begun: 65_536, work: 65_536 * 30, longest: 1000, seconds: 3e-3 });
    const before = pace.layers(65_536);
    pace.learn({ begun: 65_536, work: 65_536 * 30, longest: 1000, seconds: 0.15 });
    expect(pace.layers(65_536)).toBe(before);
    pace.learn({ begun: 65_536, work: 65_536 * 30, longest: 30, seconds: 1 });
    expect(pace.layers(65_536)).toBeLessThan(before / 2);
    expect(pace.layers(1)).toBeGreaterThanOrEqual(8);
  });

  it('learns nothing of dispatches in which all had ended, or of those beside the ones that go on', () => {
    const pace = new Pace(card, 100_000);
    const before = [pace.most(10), pace.layers(1)];
    pace.learn({ begun: 0, work: 0, longest: 0, seconds: 3e-4 });
    expect([pace.most(10), pace.layers(1)]).toEqual(before);
    // A layer of each of ten, one after the other: no faster than it was.
    pace.learn({ begun: 0, work: 10, longest: 10, seconds: 10 * 4.1e-3 });
    expect([pace.most(10), pace.layers(1)]).toEqual(before);
  });
});
