/**
 * How far the digits can be trusted. exact: derived in closed form; published: seen in the cited paper; derived: arithmetic from
 * published inputs; indicative: to be shown with that word until checked against the source; unknown: not available.
 */
export type Basis = 'exact' | 'published' | 'derived' | 'indicative' | 'unknown';

/** Exponents of a universality class: P(S) ~ S^{−tau}, P(D) ~ D^{−alpha}, ⟨S⟩(D) ~ D^gamma. null: not known. */
export interface UniversalityClass {
  readonly id: string;
  readonly names: readonly string[];
  readonly tau: number | null;
  readonly alpha: number | null;
  readonly gamma: number | null;
  readonly basis: Basis;
  readonly source: string;
}

/** Where known, the three exponents obey the crackling relation gamma = (alpha − 1)/(tau − 1) within their digits. */
export const universalityClasses: readonly UniversalityClass[] = [
  {
    id: 'mean_field',
    names: [
      'mean-field directed percolation',
      'critical branching process',
      'ABBM at zero drive rate',
      '3D long-range (dipolar) domain wall',
    ],
    tau: 1.5,
    alpha: 2.0,
    gamma: 2.0,
    basis: 'exact',
    source:
      'Durin & Zapperi, PRL 84, 4705 (2000) for the long-range Barkhausen group; Lübeck & Willmann, Nucl. Phys. B 718, 341 (2005) for mean-field DP',
  },
  {
    id: 'brownian_excursion',
    names: ['Brownian excursion', 'random-walk first return with the integrated height as size'],
    tau: 4 / 3,
    alpha: 1.5,
    gamma: 1.5,
    basis: 'exact',
    source: 'first return ~ D^(-3/2), area ~ D^(3/2), so tau = 1 + (1/2)/(3/2)',
  },
  {
    id: 'multiplicative_walk',
    names: ['first return of a random walk, size counted from zero'],
    tau: 1.5,
    alpha: 1.5,
    gamma: 1,
    basis: 'exact',
    source:
      'an identity, not a law: with small excess over the threshold the signal summed from zero is N·s0·D, so gamma = 1 and tau = alpha whatever the dynamics (Villegas, di Santo, Burioni & Muñoz, arXiv:1902.10465)',
  },
  {
    id: 'barkhausen_3d_short_range',
    names: ['bulk or thick amorphous films, elastic interface with short-range elasticity'],
    tau: 1.27,
    alpha: 1.5,
    gamma: 1.77,
    basis: 'published',
    source: 'Bohn et al., arXiv:1407.0396; tau = 1.27(3) also in Durin & Zapperi (2000)',
  },
  {
    id: 'barkhausen_2d_long_range',
    names: ['thin polycrystalline films, dipolar 2D'],
    tau: 1.33,
    alpha: 1.5,
    gamma: 1.5,
    basis: 'indicative',
    source: 'Bohn et al., Sci. Rep. 8, 11294 (2018)',
  },
  {
    id: 'barkhausen_2d_short_range',
    names: ['thin amorphous films, elastic line'],
    tau: 1.06,
    alpha: 1.09,
    gamma: 1.43,
    basis: 'indicative',
    source: 'Bohn et al., Sci. Rep. 8, 11294 (2018)',
  },
  {
    id: 'barkhausen_zigzag',
    names: ['zigzag domain walls, cellular automaton'],
    tau: null,
    alpha: null,
    gamma: null,
    basis: 'unknown',
    source: 'Cerruti & Zapperi, JSTAT 2006, P08020; digits to be taken from the paper',
  },
  {
    id: 'dp_1p1',
    names: ['directed percolation 1+1'],
    tau: 1.108247,
    alpha: 1.159464,
    gamma: 1.47315,
    basis: 'derived',
    source:
      'delta = 0.159464, theta = 0.313686 (Jensen 1999); alpha = 1 + delta, gamma = 1 + theta + delta, tau = 1 + delta/(1 + theta + delta) (Muñoz, Dickman, Vespignani & Zapperi, cond-mat/9811287)',
  },
  {
    id: 'dp_2p1',
    names: ['directed percolation 2+1'],
    tau: 1.2681,
    alpha: 1.4505,
    gamma: 1.68,
    basis: 'indicative',
    source: 'delta = 0.4505, theta = 0.2295, same relations',
  },
  {
    id: 'dp_3p1',
    names: ['directed percolation 3+1'],
    tau: 1.3965,
    alpha: 1.732,
    gamma: 1.846,
    basis: 'indicative',
    source: 'delta = 0.732, theta = 0.114, same relations',
  },
  {
    id: 'rfim_3d',
    names: ['zero-temperature random-field Ising model, 3D'],
    tau: 1.6,
    alpha: null,
    gamma: 1.75,
    basis: 'indicative',
    source: 'Perković, Dahmen & Sethna, PRB 59, 6106 (1999)',
  },
  {
    id: 'rfim_2d',
    names: ['zero-temperature random-field Ising model, 2D'],
    tau: 1.54,
    alpha: null,
    gamma: null,
    basis: 'indicative',
    source: 'Spasojević et al., PRL 106, 175701 (2011)',
  },
  {
    id: 'manna_1d',
    names: ['Manna / conserved DP 1D'],
    tau: 1.112,
    alpha: 1.18,
    gamma: 1.56,
    basis: 'indicative',
    source: 'Huynh, Pruessner & Chew, arXiv:1106.0406',
  },
  {
    id: 'manna_2d',
    names: ['Manna / conserved DP 2D'],
    tau: 1.273,
    alpha: 1.49,
    gamma: 1.795,
    basis: 'indicative',
    source: 'Huynh, Pruessner & Chew, arXiv:1106.0406',
  },
  {
    id: 'manna_3d',
    names: ['Manna / conserved DP 3D'],
    tau: 1.408,
    alpha: 1.784,
    gamma: 1.9,
    basis: 'indicative',
    source: 'Huynh & Pruessner, arXiv:1201.3234',
  },
];
