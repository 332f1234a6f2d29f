import { duration, siNumber } from './quantity.ts';

/** What a progress line tells; a run's snapshot has these fields. */
export interface ProgressState {
  /** The ensemble that is being worked on. */
  readonly ensemble?: { readonly width: number; readonly model?: string; readonly process?: object };
  /** Ensembles done, and in all. */
  readonly done?: number;
  readonly ensembles?: number;
  /** Tallies of all ensembles. */
  readonly total: { readonly valid: number; readonly perturbations: number };
  /** Seconds since the start, and to the end (Infinity where nothing is known). */
  readonly elapsed: number;
  readonly remaining: number;
  /** Avalanches a second; `total.valid / elapsed` where it isn't given. */
  readonly rate?: number;
  /** What perturbations are called; `perturbations` where it isn't given. */
  readonly unit?: string;
  /** What is done once the simulation is over. */
  readonly stage?: 'fitting' | 'drawing';
  /** Running estimates by name, in order; those that aren't finite are left out. */
  readonly estimates?: Readonly<Record<string, number>>;
}

const symbols: Readonly<Record<string, string>> = {
  tau: 'τ',
  alpha: 'α',
  gamma: 'γ',
  gamma_scaling: 'γ',
  gamma_predicted: 'γ predicted',
};

/** A width, or what a signal is called that no network makes. */
function labelOf(ensemble: ProgressState['ensemble']): string {
  if (ensemble === undefined) return '';
  const { width, model, process: own } = ensemble;
  return own !== undefined && model !== undefined ? model : `N = ${width}`;
}

/** The ensemble that is worked on, and which one of how many: `N = 256 (2/3)`. */
export function whereOf(state: Pick<ProgressState, 'ensemble' | 'ensembles' | 'done'>): string {
  const ensembles = state.ensembles ?? 1;
  const place = ensembles > 1 ? `(${Math.min((state.done ?? 0) + 1, ensembles)}/${ensembles})` : '';
  return [labelOf(state.ensemble), place].filter((word) => word !== '').join(' ');
}

/** How an estimate is written. */
export const estimateSymbol = (name: string): string => symbols[name] ?? name;

/**
 * One line of progress, without the bar: `N = 256 (2/3) · 312 k avalanches · 41.2 k/s · 29 s left · τ 1.34 α 1.52 γ 1.50`.
 * A run without avalanches counts its perturbations. Pure: it reads no clock and no terminal.
 * @param columns largest length in characters; estimates are dropped first, from the end
 */
export function progressText(state: ProgressState, columns = Number.POSITIVE_INFINITY): string {
  const parts: string[] = [];
  const where = whereOf(state);
  if (where !== '') parts.push(where);
  const { valid, perturbations } = state.total;
  const counted = valid > 0 ? valid : perturbations;
  const called = valid > 0 ? 'avalanches' : (state.unit ?? 'perturbations');
  parts.push(`${siNumber(counted)} ${counted === 1 ? called.replace(/s$/, '') : called}`);
  if (state.stage !== undefined) return cut([...parts, stages[state.stage]].join(' · '), columns);
  const rate = state.rate ?? (state.elapsed > 0 ? counted / state.elapsed : Number.NaN);
  if (rate > 0 && Number.isFinite(rate)) parts.push(`${siNumber(rate)}/s`);
  // What a run of two seconds says of its end is worth nothing.
  if (state.remaining > 0 && Number.isFinite(state.remaining) && state.elapsed >= 2)
    parts.push(`${duration(state.remaining)} left`);
  let line = parts.join(' · ');
  let separator = ' · ';
  for (const [name, value] of Object.entries(state.estimates ?? {})) {
    if (!Number.isFinite(value)) continue;
    const text = `${separator}${estimateSymbol(name)} ${value.toFixed(2).replace(/^-/, '\u2212')}`;
    if (line.length + text.length > columns) break;
    line += text;
    separator = ' ';
  }
  return cut(line, columns);
}

const stages = { fitting: 'simulated; fitting', drawing: 'fitted; drawing figures' } as const;

const cut = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
