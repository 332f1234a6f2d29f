/**
 * The public surface of crackle, in groups; everything is documented where it is defined. `pipelines/examples/` has a short, tested file for
 * each thing that a user may add. The examples of the groups are run by the tests, in the packed package.
 */

export * from './public/engines.ts';
export * from './public/figures.ts';
export * from './public/fits.ts';
export * from './public/null-models.ts';
export * from './public/pipelines.ts';
export * from './public/processes.ts';
export * from './public/recorded.ts';
export * from './public/reducers.ts';
export * from './public/runs.ts';
export * from './public/stages.ts';
export * from './public/studies.ts';
export * from './public/tables.ts';
export * from './public/theory.ts';
