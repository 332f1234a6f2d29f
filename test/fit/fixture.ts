import { readdirSync, readFileSync } from 'node:fs';

interface Distance {
  readonly xmin: number;
  readonly alpha: number;
  readonly n_tail: number;
  readonly D: number;
}

interface Fixed {
  readonly n: number;
  readonly alpha: number | null;
  readonly sigma: number;
  readonly loglik: number;
  readonly D_left: number;
  readonly D_twosided: number;
}

export interface Fixture {
  readonly name: string;
  readonly kind: 'continuous' | 'discrete';
  readonly fixed_xmin: number;
  readonly fixed_xmax: number | null;
  readonly data: number[];
  readonly exact: {
    readonly xmin_scan: { readonly D_left?: Distance; readonly D_twosided?: Distance };
    readonly fixed_xmin: Fixed;
    readonly fixed_xmin_xmax?: Fixed;
    readonly alternatives_fixed_xmin?: {
      readonly params: Record<
        string,
        Record<string, number> & {
          loglik: number;
          near_degenerate?: boolean;
          at_boundary_lambda0?: boolean;
          cv_log_excess?: number;
        }
      >;
      readonly compare: Record<string, { R: number; p: number; normalized_R: number; nested: boolean }>;
    };
  };
}

const folder = new URL('../fixtures/powerlaw/', import.meta.url);

export const fixtures: Fixture[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
