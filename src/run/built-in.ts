import type { ValuesOf } from '../parameter.ts';
import type { Pipeline } from '../pipeline.ts';
import type { MadeBy, RunResult } from './options.ts';

/** The pipelines that come with the package, by name: types of their parameters and tables for `run('name', values)`. */
export interface BuiltInPipelines {
  readonly 'activation-universality': typeof import('../../pipelines/activation-universality.ts').default;
  readonly 'correlation-depth': typeof import('../../pipelines/correlation-depth.ts').default;
  readonly 'finite-size-scaling': typeof import('../../pipelines/finite-size-scaling.ts').default;
  readonly 'gaussian-avalanches': typeof import('../../pipelines/gaussian-avalanches.ts').default;
  readonly 'known-exponents': typeof import('../../pipelines/known-exponents.ts').default;
  readonly 'phase-diagram': typeof import('../../pipelines/phase-diagram.ts').default;
  readonly regimes: typeof import('../../pipelines/regimes.ts').default;
  readonly 'resnet-avalanches': typeof import('../../pipelines/resnet-avalanches.ts').default;
  readonly 'trained-avalanches': typeof import('../../pipelines/trained-avalanches.ts').default;
  readonly trainability: typeof import('../../pipelines/trainability.ts').default;
}

/** Values for the pipeline of a name; any for a path, whose parameters are not known here. */
export type ValuesFor<Name extends string> = Name extends keyof BuiltInPipelines
  ? Partial<ValuesOf<BuiltInPipelines[Name]['parameters']>>
  : Record<string, unknown>;

/** What a run of the pipeline of a name comes to. */
export type ResultFor<Name extends string> = Name extends keyof BuiltInPipelines
  ? BuiltInPipelines[Name] extends Pipeline<infer _P, infer Result, infer Own>
    ? RunResult<Result, MadeBy<Own>>
    : never
  : RunResult;

/** A pipeline, or the name or path of one. */
// biome-ignore lint/suspicious/noExplicitAny: what it is made of is inferred
export type Runnable = string | Pipeline<any, any, any>;

/** Values for a pipeline, by itself or its name. One signature in place of two, so that a mistake in them is reported as what it is. */
export type GivenTo<Which extends Runnable> = Which extends string
  ? ValuesFor<Which>
  : Which extends Pipeline<infer P, infer _Result, infer _Own>
    ? Partial<ValuesOf<P>>
    : never;

/** What a run of a pipeline, by itself or its name, comes to. */
export type ResultOfRun<Which extends Runnable> = Which extends string
  ? ResultFor<Which>
  : Which extends Pipeline<infer _P, infer Result, infer Own>
    ? RunResult<Result, MadeBy<Own>>
    : never;
