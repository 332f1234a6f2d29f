import type { SizeKind } from '../schema/size.ts';
import type { CensoredOption } from './censored.ts';

/** Which rows count, and which of the two sizes of an avalanche is meant; default the excess. */
export interface SizeOptions extends CensoredOption {
  readonly size?: SizeKind;
}
