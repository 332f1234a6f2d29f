/**
 * The two sizes of an avalanche: `excess`, N·Σ (s_l − θ_l), the area between the signal and the threshold, and `signal`, N·Σ s_l, summed
 * from zero.
 *
 * The excess is the size that obeys the crackling relation. Summed from zero, a signal that stays close to its threshold gives S ≈ N·θ·D
 * whatever the physics, and with it τ = α and γ = 1 (Villegas, di Santo, Burioni & Muñoz, arXiv:1902.10465). That arXiv:2509.22649 sums the excess is
 * inferred from its authors' published code and numbers.
 */
export type SizeKind = 'excess' | 'signal';

export const sizeKinds: readonly SizeKind[] = ['excess', 'signal'];

/** The column of table `avalanche` that holds a size, and its name among the observables of other tables. */
export const sizeColumn: Readonly<Record<SizeKind, 'size' | 'signal_size'>> = { excess: 'size', signal: 'signal_size' };
