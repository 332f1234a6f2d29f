import { type Packed, unpack } from '../store/packed.ts';

/** A reducer's state of one ensemble, as it is or packed. */
export type Kept = { readonly state: unknown } | { readonly packed: Packed };

export const stateOf = (kept: Kept): unknown => ('packed' in kept ? unpack(kept.packed) : kept.state);
