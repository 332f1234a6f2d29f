import { describe, expect, it } from 'vitest';
import { trainableRegion } from '../../src/learning/trainable-region.ts';

describe('trainableRegion(weights, accuracies, threshold, chance)', () => {
  it('interpolates both ends', () => {
    const region = trainableRegion([1, 2, 3, 4], [0.1, 0.9, 0.9, 0.1], 0.5, 0.1);
    expect(region.low).toBeCloseTo(1.5, 12);
    expect(region.high).toBeCloseTo(3.5, 12);
    expect(region.extent).toBeCloseTo(2, 12);
    expect(region.centre).toBeCloseTo(2.5, 12);
    expect(region.peak).toBe(2);
    expect(region.peakAccuracy).toBe(0.9);
  });

  it('has no end where the grid ends first, and counts what the grid shows', () => {
    const region = trainableRegion([1, 2, 4], [0.8, 0.8, 0.2], 0.5, 0);
    expect(region.low).toBeUndefined();
    expect(region.high).toBeCloseTo(3, 12);
    expect(region.extent).toBeCloseTo(2, 12);
  });

  it('is empty where nothing trains', () => {
    const region = trainableRegion([1, 2, 3], [0.1, 0.11, 0.1], 0.5, 0.1);
    expect(region).toMatchObject({ low: undefined, high: undefined, extent: 0, peak: 2 });
    expect(region.centre).toBeCloseTo(2, 12);
  });

  it('weighs the centre by the area under the straight lines between cells', () => {
    // The triangle over [0, 3] with its top at 0 has its centre of mass at 1.
    expect(trainableRegion([0, 3], [1, 0], 0.5, 0).centre).toBeCloseTo(1, 12);
  });
});
