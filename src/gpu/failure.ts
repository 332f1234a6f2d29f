import { BackendError } from '../error.ts';

/** There is no package, no driver or no adapter of the name that was asked for: nothing that could be broken. */
export class NoAdapter extends BackendError {}

/** There is no answer: whether it would have come, nobody knows. The device counts as lost. */
export class NoAnswer extends BackendError {}

/** A card is there, or its driver is, and it crashes, hangs or computes wrongly. */
export class CardFailure extends BackendError {
  /** What the driver wrote to its terminal. */
  readonly said: string;

  constructor(message: string, said: string) {
    super(message);
    this.said = said;
  }
}
