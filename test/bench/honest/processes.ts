import pipeline from '../../../pipelines/known-exponents.ts';
import { analyseWithin } from '../../../src/crackling/crackling.ts';
import type { BlockedStatistics } from '../../../src/crackling/reducer.ts';
import type { WindowRule } from '../../../src/fit/window/rule.ts';
import { checkParameters } from '../../../src/parameter.ts';
import type { EnsembleResult } from '../../../src/pipeline.ts';
import { controlsOf } from '../../../src/process/controls.ts';
import { scalingWindow } from '../../../src/process/scaling-window.ts';
import { run } from '../../../src/run/run.ts';
import { type Measured, quoted } from './samples.ts';

/** A process of the pipeline `known-exponents`, as it is run; by every rule of windows. */
export const processStatistics =
  (name: string) =>
  async (seed: number, avalanches: number, rules: readonly string[]): Promise<Measured> => {
    const given = { processes: [name], drives: [0], valid: avalanches, alternatives: false };
    const { ensembles } = await run('known-exponents', given, { seed, workers: 1 });
    const measured = ensembles[0] as EnsembleResult<BlockedStatistics>;
    const values = checkParameters(pipeline.parameters, given);
    const [{ subject, ensemble }] = controlsOf(values) as [ReturnType<typeof controlsOf>[number]];
    const { least: min, most: max } = scalingWindow(subject, ensemble.process!.parameters, ensemble.depth);
    return Object.fromEntries(
      rules.map((rule) => {
        const cutoffs = rule === 'given' ? { durationMin: min, durationMax: max } : {};
        const asked = { ...values, ...cutoffs, window: rule as WindowRule, size: 'excess' } as const;
        return [rule, quoted(analyseWithin(measured, asked, { min, max }).exponents)];
      }),
    );
  };
