import { BackendError } from '../error.ts';

/** A card that can't be used, with what drivers wrote to their terminal. */
export class CardError extends BackendError {
  readonly said: string;

  constructor(message: string, said = '') {
    super(message);
    this.said = said;
  }

  /** The last line that says what is the matter, not where: Dawn's places, and Node's stack where it is aborted. Undefined where there is none. */
  get lastSaid(): string | undefined {
    const lines = this.said.split('\n').map((line) => line.trim());
    return lines.filter((line) => line !== '' && !/^(at |- While |\d+: |-----)|XDG_RUNTIME_DIR/.test(line)).at(-1);
  }
}

/** There is no package, no driver or no adapter of the name that was asked for: nothing that could be broken. */
export class NoAdapter extends CardError {}

/** No answer came in time. Whether it would have come later is unknown; the device counts as lost. */
export class NoAnswer extends BackendError {}

/** The device was lost: reset by its driver, taken away, or stopped as it took too long. What it computed can be computed again. */
export class DeviceLoss extends BackendError {}

/** A card is there, or its driver is, and it crashes, hangs or computes wrongly. */
export class CardFailure extends CardError {}
