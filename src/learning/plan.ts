import type { LabelledImages } from '../images/labelled.ts';

/** How a network is trained. */
export interface TrainingPlan {
  /** Backend that trains, as `chooseBackend` names it. */
  readonly backend: string;
  readonly learningRate: number;
  /** Images a step. */
  readonly batch: number;
  /** Steps an epoch; an epoch goes once through the first batch × batches images of the file. */
  readonly batches: number;
  /** Epochs at most. */
  readonly epochs: number;
  /** Training accuracy at which a run ends; null trains all epochs. */
  readonly target: number | null;
  /** The images, loaded once a thread when they are first needed. */
  readonly images: () => LabelledImages;
  /** Epochs after which avalanches of the network are looked at; 0 is before training. */
  readonly signals?: SignalPlan;
}

/** How the avalanches of a network in training are measured. */
export interface SignalPlan {
  readonly epochs: readonly number[];
  /** Gaussian perturbations a look; the same ones at every epoch of a run. */
  readonly perturbations: number;
  /** Total norm of a perturbation. */
  readonly inputNorm: number;
}
