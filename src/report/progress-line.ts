import { roughDuration, siNumber } from './quantity.ts';

/** What a progress line tells; a run's snapshot has these fields. */
export interface ProgressState {
  /** The ensemble that is being worked on. */
  readonly ensemble?: { readonly width: number; readonly model?: string };
  /** Ensembles done, and in all. */
  readonly done?: number;
  readonly ensembles?: number;
  /** Tallies of all ensembles. */
  readonly total: { readonly valid: number; readonly perturbations: number };
  /** Seconds since the start, and to the end with its fits and figures (Infinity where nothing is known). */
  readonly elapsed: number;
  readonly remaining: number;
  /** Avalanches a second; `total.valid / elapsed` where it isn't given. */
  readonly rate?: number;
  /** What perturbations are called; `perturbations` where it isn't given. */
  readonly unit?: string;
  /** What is done once the simulation is over. */
  readonly stage?: 'fitting' | 'drawing';
  /** Share of the simulation that is done; below 1 in a stage after it, where that was interrupted. Default 1. */
  readonly fraction?: number;
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

/** A width, or what the ensemble is called. */
function labelOf(ensemble: ProgressState['ensemble']): string {
  if (ensemble === undefined) return '';
  return ensemble.model ?? `N = ${ensemble.width}`;
}

/** The ensemble that is worked on, and which one of how many: `N = 256 (2/3)`. */
export function whereOf(state: Pick<ProgressState, 'ensemble' | 'ensembles' | 'done'>): string {
  const ensembles = state.ensembles ?? 1;
  const place = ensembles > 1 ? `(${Math.min((state.done ?? 0) + 1, ensembles)}/${ensembles})` : '';
  return [labelOf(state.ensemble), place].filter((word) => word !== '').join(' ');
}

/** How an estimate is written. */
export const estimateSymbol = (name: string): string => symbols[name] ?? name;

const estimateText = (value: number): string =>
  (Math.abs(value) < 1e4 ? value.toFixed(2) : value.toExponential(1).replace('+', '')).replace(/^-/, '\u2212');

/**
 * One line of progress, without the bar: `N = 256 (2/3) · 312 k avalanches · 25 s left · 41.2 k/s · τ 1.34 α 1.52 γ 1.50`.
 * A run without avalanches counts its perturbations. Pure: it reads no clock and no terminal.
 * @param columns largest length in characters; estimates, rate and time left are dropped in this order
 */
export function progressText(state: ProgressState, columns = Number.POSITIVE_INFINITY): string {
  const where = whereOf(state);
  const { valid, perturbations } = state.total;
  const counted = valid > 0 ? valid : perturbations;
  const called = valid > 0 ? 'avalanches' : (state.unit ?? 'perturbations');
  const seen = `${siNumber(counted)} ${counted === 1 ? called.replace(/s$/, '') : called}`;
  const parts = [...(where === '' ? [] : [where]), seen];
  if (state.stage !== undefined) parts.push(stageText(state.stage, state.fraction));
  if (state.remaining > 0 && Number.isFinite(state.remaining)) parts.push(`${roughDuration(state.remaining)} left`);
  if (state.stage !== undefined) return cut(parts.join(' · '), columns);
  const rate = state.rate ?? (state.elapsed > 0 ? counted / state.elapsed : Number.NaN);
  if (rate > 0 && Number.isFinite(rate)) parts.push(`${siNumber(rate)}/s`);
  const more = Object.entries(state.estimates ?? {})
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value], i) => {
      const text = `${estimateSymbol(name)} ${estimateText(value)}`;
      return `${i === 0 ? ' · ' : ' '}${text}`;
    });
  const [first = '', ...rest] = parts;
  let line = first;
  for (const part of [...rest.map((text) => ` · ${text}`), ...more]) {
    if (line.length + part.length > columns && line !== first) break;
    line += part;
  }
  return cut(line, columns);
}

/** What is done once the simulation is over, or was interrupted. */
export function stageText(stage: NonNullable<ProgressState['stage']>, fraction = 1): string {
  if (stage === 'drawing') return 'fitted; drawing figures';
  return fraction < 1 ? 'interrupted; fitting' : 'simulated; fitting';
}

const cut = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
