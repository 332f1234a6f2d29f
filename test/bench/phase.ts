import pipeline from '../../pipelines/phase-diagram.ts';
import { checkParameters } from '../../src/parameter.ts';
import { run } from '../../src/run/run.ts';
import { type Deviation, finiteWidth, slopeOf } from '../phase/finite-width.ts';
import type { Benchmark, Timing } from './benchmark.ts';

const widths = [64, 128, 256, 512, 1024, 2048, 4096];

/** CPU seconds beside wall time: the machine may have other things to do. */
async function timed(work: () => Promise<string>): Promise<Timing> {
  const began = performance.now();
  const before = process.cpuUsage();
  const found = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - began) / 1000,
    note: `${((user + system) / 1e6).toFixed(1)} s of CPU; ${found}`,
  };
}

const law = (deviations: readonly Deviation[]): string => {
  const { slope, error, chiSquare, degreesOfFreedom } = slopeOf(deviations);
  return `N^(${slope.toFixed(3)} ± ${error.toFixed(3)}), χ² ${chiSquare.toFixed(1)} of ${degreesOfFreedom}`;
};

const approach = (weightVariance: number, biasVariance: number): Benchmark => ({
  name: `approach to the mean field at σw² = ${weightVariance}, σb² = ${biasVariance}, N = 64 … 4096`,
  run: () =>
    timed(async () => {
      const networks = (width: number): number => 4 * Math.max(128, width);
      const { strength, susceptibility } = await finiteWidth({
        weightVariance,
        biasVariance,
        widths,
        networks,
        window: 1000,
      });
      return `s − s* ~ ${law(strength)}; χ_w − χ_w* ~ ${law(susceptibility)}`;
    }),
});

export default [
  approach(1.5, 0),
  approach(1.5, 0.1),
  approach(2.5, 0.2),
  {
    name: 'phase-diagram at its defaults, two workers',
    run: () =>
      timed(async () => {
        const { tables } = await run('phase-diagram', {}, { workers: 2 });
        const { width } = checkParameters(pipeline.parameters, {});
        return `${tables.phase?.length} cells at N = ${width}; aim ≤ 180 s`;
      }),
  },
  {
    name: 'correlation-depth at its defaults, two workers',
    run: () =>
      timed(async () => {
        const { tables } = await run('correlation-depth', {}, { workers: 2 });
        return `${tables.correlation_depth?.length} pairs`;
      }),
  },
] satisfies Benchmark[];
