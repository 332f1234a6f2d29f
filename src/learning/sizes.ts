import type { LearningValues } from './parameters.ts';

/** Sizes of both experiments, with what was left to be chosen. */
export interface LearningSizes {
  readonly width: number;
  readonly weightVariances: readonly number[];
  readonly biasVariances: readonly number[];
  readonly epochs: number;
  readonly scanWidths: readonly number[];
}

/** `count` values, a step apart. */
const steps = (from: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)));

/** Both ends of the trainable region lie inside the grid, wherever the edge of chaos does: tanh, σb² to 0.5. */
const small: LearningSizes = {
  width: 64,
  weightVariances: [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3.5],
  biasVariances: [0, 0.01, 0.05, 0.1, 0.25, 0.5],
  epochs: 3,
  scanWidths: [32, 64, 96],
};

const full: LearningSizes = {
  width: 300,
  weightVariances: steps(0.75, 0.25, 14),
  biasVariances: [0, 0.01, 0.02, ...steps(0.05, 0.05, 10)],
  epochs: 10,
  scanWidths: steps(200, 100, 5),
};

/** The sizes that the parameters ask for. */
export function learningSizes(values: LearningValues): LearningSizes {
  const chosen = values.full ? full : small;
  return {
    width: values.width ?? chosen.width,
    weightVariances: values.weightVariances ?? chosen.weightVariances,
    biasVariances: values.biasVariances ?? chosen.biasVariances,
    epochs: values.epochs ?? chosen.epochs,
    scanWidths: values.scanWidths ?? chosen.scanWidths,
  };
}
