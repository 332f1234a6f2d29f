import type { SizeKind } from '../schema/size.ts';

/** Profiles of avalanches on a grid of `points`, 0 for none, of the excess over the threshold or of the signal. */
export interface ProfileOptions {
  readonly points: number;
  readonly of: SizeKind;
}

/** What a number of points stands for. */
export function profileOptions(profile: number | ProfileOptions): ProfileOptions {
  return typeof profile === 'number' ? { points: profile, of: 'excess' } : profile;
}
