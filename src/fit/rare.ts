/** What becomes of groups of durations with few avalanches: they join their neighbours, or take no part. */
export type RareDurations = 'join' | 'leave-out';
export const rareKinds: readonly RareDurations[] = ['join', 'leave-out'];
