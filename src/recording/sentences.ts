import type { CracklingRelation } from '../fit/crackling-relation.ts';
import { leastDecades, leastFitted, leastProfiles } from '../fit/footing.ts';
import { power } from '../numeric/power.ts';
import { onLittle, relationVerdict } from '../report/relation-verdict.ts';
import type { CracklingFit } from './crackling.ts';
import { multistepInWords } from './multistep/in-words.ts';

/**
 * Whether the crackling relation holds, from how far fitted and predicted γ lie apart. Exponents that stand on little decide nothing.
 * @param footing what is thin about τ and α, '' or undefined for nothing
 */
export function relationInWords(
  { deviations, deviationFromCriticality: apart }: Pick<CracklingRelation, 'deviations' | 'deviationFromCriticality'>,
  { tau, alpha }: Pick<CracklingFit['analysis']['footing'], 'tau' | 'alpha'>,
): string[] {
  const thin = [tau ? 'τ' : '', alpha ? 'α' : ''].filter((name) => name !== '');
  const verdict = relationVerdict(deviations, thin);
  const why =
    verdict === "can't be judged"
      ? "one of the exponents, or its error, doesn't exist"
      : `fitted and predicted γ differ by ${Math.abs(deviations).toFixed(1)} standard errors${thin.length > 0 ? `, and ${onLittle(thin)} (°)` : ''}`;
  const coefficient = Number.isFinite(apart)
    ? [`Deviation from criticality |γ − γ predicted| = ${apart.toPrecision(3)}.`]
    : [];
  return [`The crackling relation ${verdict}: ${why}.`, ...coefficient];
}

const symbols = { tau: 'τ', alpha: 'α', gammaCollapse: 'γ of the collapse' } as const;

/** What of the exponents stands on little. */
export function footingInWords(footing: CracklingFit['analysis']['footing']): string[] {
  const thin = (['tau', 'alpha', 'gammaCollapse'] as const)
    .filter((name) => (footing[name] ?? '') !== '')
    .map((name) => `${symbols[name]} (${footing[name]})`);
  if (thin.length === 0) return [];
  return [
    `What is marked ° stands on little: ${thin.join('; ')}. It needs ${leastFitted} values over a factor of ${power(10, leastDecades)}, a collapse ${leastProfiles} durations.`,
  ];
}

/** The crackling relation, its errors and further signs of criticality, every sentence from the numbers beside it. */
export function cracklingSentences({
  analysis,
  trace,
  table,
}: Pick<CracklingFit, 'analysis' | 'trace' | 'table'>): string[] {
  const { relation, jackknife, collapse } = analysis;
  const stretches = `contiguous stretches of ${trace === undefined ? 'rows' : 'the trace'}`;
  const blockKind = table?.blockBy === undefined ? stretches : `groups of ${table.blockBy}`;
  return [
    ...relationInWords(relation, analysis.footing),
    jackknife.blocks < 2
      ? 'There are no errors: too few avalanches for blocks.'
      : `Errors are from halves of ${jackknife.blocks} ${blockKind}, windows found anew in each.`,
    ...footingInWords(analysis.footing),
    ...(collapse === undefined && trace !== undefined
      ? ['There is no shape collapse: too few durations have enough avalanches (--collapse-min, --profile-count).']
      : []),
    ...(trace === undefined
      ? []
      : [
          `Branching ratio ${trace.branching.withinAvalanches.toPrecision(4)} within avalanches.`,
          multistepInWords(trace.branching.multistep),
        ]),
    ...analysis.notes,
  ];
}
