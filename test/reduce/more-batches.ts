import fc from 'fast-check';
import { rowsToBatch } from '../../src/schema/rows.ts';

const steps = fc.record({
  ancestors: fc.double({ min: 0, max: 100, noNaN: true }),
  descendants: fc.double({ min: 0, max: 100, noNaN: true }),
});

/** A `branching` batch of a few rows. */
export const branchingBatch = fc.array(steps, { maxLength: 5 }).map((rows) =>
  rowsToBatch(
    'branching',
    rows.map((row) => ({ ensemble: 0, ...row })),
  ),
);

const grown = fc.record({
  steps: fc.integer({ min: 0, max: 1000 }),
  log_growth: fc.double({ min: -100, max: 100, noNaN: true }),
});

/** A `growth` batch of a few rows. */
export const growthBatch = fc.array(grown, { maxLength: 5 }).map((rows) =>
  rowsToBatch(
    'growth',
    rows.map((row) => ({ ensemble: 0, ...row })),
  ),
);

const frequencies = [0.01, 0.1];
const energies = fc.record({
  avalanches: fc.integer({ min: 1, max: 1000 }),
  energy: fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), {
    minLength: frequencies.length,
    maxLength: frequencies.length,
  }),
});

/** An `energy_spectrum` batch of some octaves: rows of an octave stand together. */
export const spectrumBatch = fc.dictionary(fc.constantFrom('0', '3', '7'), energies).map((octaves) =>
  rowsToBatch(
    'energy_spectrum',
    Object.entries(octaves).flatMap(([octave, { avalanches, energy }]) =>
      frequencies.map((frequency, m) => ({
        ensemble: 0,
        octave: Number(octave),
        frequency,
        avalanches,
        energy: energy[m]!,
      })),
    ),
  ),
);
