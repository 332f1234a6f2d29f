/** Durations below this have a group of their own. */
export const exactDurations = 1024;
const perOctave = 32;

/** Groups that an int32 duration can fall into. */
export const durationGroups: number = exactDurations + 21 * perOctave;

/**
 * The group of a duration 1 ≤ D < 2^31: D itself below 1024, then 32 groups an octave with integer edges (relative width 2^-6 to 2^-5).
 */
export function durationGroup(duration: number): number {
  if (duration < exactDurations) return duration;
  const octave = 31 - Math.clz32(duration);
  return exactDurations + (octave - 10) * perOctave + ((duration >> (octave - 5)) & 31);
}

/** The smallest duration of a group. */
export function groupStart(group: number): number {
  if (group < exactDurations) return group;
  const octave = Math.floor((group - exactDurations) / perOctave);
  return (perOctave + ((group - exactDurations) % perOctave)) * 2 ** (octave + 5);
}
