import { classRows } from '../crackling/universality.ts';
import { clearlyBetter, leastDecades, leastFitted, leastProfiles } from '../fit/footing.ts';
import { measuredOf } from '../fit/jackknife.ts';
import { shownLaws } from '../fit/verdict.ts';
import { power } from '../numeric/power.ts';
import { allowedErrors } from '../report/class-verdict.ts';
import { type RelationVerdict, relationInWords } from '../report/relation-verdict.ts';
import { undecidedInWords } from '../report/undecided.ts';
import type { RecordedAnalysis } from './analysis.ts';
import type { CracklingFit } from './crackling.ts';
import { orderInWords } from './found-in-words.ts';
import { multistepInWords } from './multistep/in-words.ts';

type Judged = Pick<RecordedAnalysis, 'relation' | 'footing' | 'jackknife' | 'classSystematic' | 'resolution'> &
  Pick<RecordedAnalysis, 'windows' | 'size' | 'duration' | 'universality'>;

/** Why there are no power laws to speak of, which is said before anything else: no window passes, or another law is clearly better. */
export function noPowerLawInWords({
  windows,
  size,
  duration,
}: Pick<Judged, 'windows' | 'size' | 'duration'>): string[] {
  const better = [
    { of: 'Sizes', laws: clearlyBetter(size) },
    { of: 'Durations', laws: clearlyBetter(duration) },
  ].filter(({ laws }) => laws.length > 0);
  return [
    ...(windows?.accepted === false
      ? [
          'No fit window passes the goodness-of-fit test; results are for the least bad one and should not be read as exponents.',
        ]
      : []),
    ...better.map(
      ({ of, laws }) =>
        `${of} do not follow a power law over their window: they are fitted clearly better (p < 0.001) by ${laws.map((law) => shownLaws[law] ?? law).join(', ')}.`,
    ),
  ];
}

/** Why relation and classes aren't decided, from the exponents' data; '' where they are. */
export const undecidedOf = ({
  windows,
  size,
  duration,
  footing,
}: Pick<Judged, 'windows' | 'size' | 'duration' | 'footing'>): string =>
  undecidedInWords({
    windowAccepted: windows?.accepted !== false,
    better: [size, duration].flatMap(clearlyBetter),
    marks: { τ: footing.tau ?? '', α: footing.alpha ?? '' },
  });

/** The verdict on the crackling relation, and its sentences. */
export function relationSentences(judged: Judged): { verdict: RelationVerdict; sentences: string[] } {
  const { relation, jackknife, classSystematic: systematic, resolution, universality = [] } = judged;
  const { verdict, words } = relationInWords({
    tau: measuredOf(jackknife, 'tau'),
    gamma: measuredOf(jackknife, 'gammaScaling'),
    predicted: relation.predicted,
    mismatch: relation.mismatch,
    systematic,
    meanField: allowedErrors(classRows({}, universality))?.meanField ?? 0,
    resolution,
    undecided: undecidedOf(judged),
  });
  const apart = relation.deviationFromCriticality;
  const coefficient = Number.isFinite(apart)
    ? [`Deviation from criticality |γ − γ predicted| = ${apart.toPrecision(3)}.`]
    : [];
  return { verdict, sentences: [`${words[0]!.toUpperCase()}${words.slice(1)}.`, ...coefficient] };
}

const symbols = { tau: 'τ', alpha: 'α', gammaCollapse: 'γ of the collapse' } as const;

/** Which exponents are poorly constrained. */
export function footingInWords(footing: CracklingFit['analysis']['footing']): string[] {
  const thin = (['tau', 'alpha', 'gammaCollapse'] as const)
    .filter((name) => (footing[name] ?? '') !== '')
    .map((name) => `${symbols[name]} (${footing[name]})`);
  if (thin.length === 0) return [];
  return [
    `° marks poorly constrained exponents: ${thin.join('; ')}. They have fewer than ${leastFitted} values or less than a factor of ${power(10, leastDecades)}, a collapse fewer than ${leastProfiles} durations.`,
  ];
}

/** What errors are from, or why there are none. */
function errorsInWords({ blocks, standardError }: RecordedAnalysis['jackknife'], blockKind: string): string {
  if (blocks < 2) return 'There are no errors: too few avalanches for blocks.';
  const halves = `halves of ${blocks} ${blockKind}`;
  return Object.values(standardError).some(Number.isFinite)
    ? `Errors are from ${halves}, windows found anew in each.`
    : `There are no errors: they would be from ${halves}, of which too many have no window or no fit of their own.`;
}

/** What is said of rows that are taken for times of events, and may be a signal. */
export const timesInWords = (trace: CracklingFit['trace']): string[] =>
  trace?.events === undefined || trace.channels !== undefined ? [] : orderInWords(trace.column, trace.events);

/** The crackling relation, its errors and further signs of criticality, every sentence from the numbers beside it. */
export function cracklingSentences({
  analysis,
  trace,
  table,
}: Pick<CracklingFit, 'analysis' | 'trace' | 'table'>): string[] {
  const { jackknife, collapse } = analysis;
  const stretches = `contiguous stretches of ${trace === undefined ? 'rows' : 'the trace'}`;
  const blockKind = table?.blockBy === undefined ? stretches : `groups of ${table.blockBy}`;
  return [
    ...timesInWords(trace),
    ...relationSentences(analysis).sentences,
    errorsInWords(jackknife, blockKind),
    ...footingInWords(analysis.footing),
    ...(collapse === undefined && trace !== undefined
      ? [
          'There is no shape collapse: too few durations have enough avalanches (--collapse-ratio, --collapse-min, --profile-count).',
        ]
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
