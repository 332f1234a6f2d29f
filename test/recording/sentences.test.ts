import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cracklingText } from '../../src/cli/fit-crackling-text.ts';
import { cracklingJson } from '../../src/cli/fit-json.ts';
import { columnsSource, fitAvalanches, fitTrace } from '../../src/index.ts';
import { poisson } from '../../src/numeric/poisson.ts';
import { createStream } from '../../src/numeric/random.ts';
import {
  cracklingSentences,
  footingInWords,
  noPowerLawInWords,
  relationSentences,
  undecidedOf,
} from '../../src/recording/sentences.ts';
import { relationInWords } from '../../src/report/relation-verdict.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';

const mark = fc.constantFrom(undefined, '', 'few values', 'short range', 'few values, short range');
const number = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(0, 2, -2, 3, Number.NaN, Infinity),
);
const positive = fc.double({ min: 0.01, max: 5, noNaN: true });

describe('sentences on a crackling analysis', () => {
  const measured = (estimate: number, standardError: number) => ({ estimate, standardError });
  const fitted = { alternatives: [] };

  it('say of the relation and of the footing what the numbers beside them say, whatever these are', () => {
    fc.assert(
      fc.property(
        number,
        positive,
        positive,
        positive,
        mark,
        mark,
        mark,
        (apart, error, systematic, resolution, tau, alpha, gammaCollapse) => {
          const mismatch = measured(apart, error);
          const judged = {
            relation: {
              mismatch,
              predicted: measured(1.5, 0.01),
              deviations: 0,
              deviationFromCriticality: Math.abs(apart),
            },
            jackknife: {
              estimate: { tau: 1.5, gammaScaling: 1.6 },
              standardError: { tau: 0.01, gammaScaling: 0.01 },
            },
            resolution,
            footing: { tau, alpha, gammaCollapse },
            classSystematic: systematic,
            windows: undefined,
            size: fitted,
            duration: fitted,
          } as unknown as Parameters<typeof relationSentences>[0];
          const { verdict, sentences } = relationSentences(judged);
          const [first, ...rest] = sentences;
          const statistical = Math.abs(apart) / error;
          const total = Math.abs(apart) / Math.sqrt(error ** 2 + 2 * systematic ** 2);
          const tested = Number.isFinite(apart) && !tau && !alpha;
          expect(verdict === "can't be tested").toBe(!tested);
          const agrees = tested && (statistical < 2 || total < 2);
          const all = Math.sqrt(error ** 2 + 2 * systematic ** 2);
          const fine = (statistical < 2 ? error : all) <= resolution * 1.6;
          expect(verdict === 'is left open').toBe(agrees && !fine);
          expect(verdict === 'holds').toBe(agrees && fine && statistical < 2);
          expect(verdict === 'holds approximately').toBe(agrees && fine && statistical >= 2);
          expect(verdict === 'is in tension with the data').toBe(tested && statistical >= 2 && total >= 2 && total < 3);
          expect(verdict === 'does not hold').toBe(tested && statistical >= 2 && total >= 3);
          expect(first!.startsWith(`The crackling relation ${verdict}: `)).toBe(true);
          if (agrees && !fine) expect(first).toMatch(/, whose difference is known to ±.* only/);
          else if (tested) expect(first).toMatch(/ differ by .* %: .* statistical standard errors/);
          expect(rest).toHaveLength(Number.isFinite(apart) ? 1 : 0);
          const footing = footingInWords({ tau, alpha, gammaCollapse }).join('');
          for (const [symbol, word] of Object.entries({ τ: tau, α: alpha, 'γ of the collapse': gammaCollapse })) {
            expect(footing.includes(`${symbol} (`)).toBe(Boolean(word));
          }
        },
      ),
      { numRuns: 200, seed: 8 },
    );
  });

  it('hold a difference against what fit window and finite size may account for', () => {
    const test = {
      tau: measured(1.312, 0.001),
      resolution: 0.1,
      gamma: measured(1.6095, 0.0004),
      predicted: measured(1.569, 0.002),
      systematic: 0.05,
      undecided: '',
    };
    const words = (estimate: number, systematic = 0.05) =>
      relationInWords({ ...test, systematic, mismatch: measured(estimate, 0.0024) }).words;
    expect(words(0.0405)).toBe(
      'the crackling relation holds approximately: γ = 1.6095(4) and (α − 1)/(τ − 1) = 1.569(2) differ by 0.041, 2.5 %: 17 statistical standard errors, but within what fit window and finite size may account for (0.05 on each)',
    );
    expect(words(0.003)).toMatch(/relation holds: .* differ by 0\.003, 0\.19 %: 1\.\d statistical standard errors$/);
    expect(words(0.17)).toMatch(/is in tension with the data: .* and 2\.4 standard errors with what/);
    expect(words(0.3)).toMatch(/does not hold: .* and 4\.2 standard errors with what/);
    expect(words(0.0405, 0)).toMatch(/does not hold: /);
    expect(words(0.17, 0.1803)).toMatch(
      /is left open: .*, whose difference is known to ±0\.25 only, with what .* \(0\.18 on each\)$/,
    );
  });

  it('allow what critical branching is off by, where mean field isn’t excluded and less contradicts the relation', () => {
    const test = {
      tau: measured(1.51, 0.02),
      gamma: measured(1.89, 0.05),
      predicted: measured(1.67, 0.08),
      systematic: 0.05,
      resolution: 0.1,
      undecided: '',
    };
    const judged = (apart: number, meanField?: number) =>
      relationInWords({ ...test, mismatch: measured(apart, 0.04), ...(meanField === undefined ? {} : { meanField }) });
    expect(judged(0.22).verdict).toBe('is in tension with the data');
    expect(judged(0.22, 0.14).words).toMatch(
      /holds approximately: .*, but within what critical branching itself is off by over such durations \(0\.14\), mean field not being excluded$/,
    );
    expect(judged(0.22, 0.06)).toEqual(judged(0.22));
    expect(judged(0.22, 0.28).words).toMatch(/is left open: .*, with what critical branching itself is off by/);
    expect(judged(0.5, 0.14).words).toMatch(/does not hold: .* standard errors with what critical branching itself/);
    // It is on one side, and no ground to be less sure of what agrees without it.
    expect(judged(-0.22, 0.14)).toEqual(judged(-0.22));
    for (const apart of [0.02, 0.12]) expect(judged(apart, 0.28)).toEqual(judged(apart));
  });

  // Of forty such samples three were in tension; seeds 30 and 38 are left open now.
  it('say of 500 avalanches of critical branching no tension that whole generations make', async () => {
    const stream = createStream(14, 0x67770a);
    const [size, duration] = [new Float64Array(500), new Float64Array(500)];
    for (let i = 0; i < 500; i++) {
      for (let alive = 1; alive > 0; alive = poisson(stream, alive)) {
        size[i]! += alive;
        duration[i]!++;
      }
    }
    const { analysis } = await fitAvalanches(columnsSource({ size, duration }), { alternatives: false });
    expect(relationSentences(analysis).verdict).toBe('holds approximately');
    expect(relationSentences({ ...analysis, universality: undefined }).verdict).toBe('is in tension with the data');
  });

  it('leave the relation open where no difference could have been seen, or τ isn’t clear of the pole at 1', () => {
    const weak = {
      tau: measured(1.2, 0.05),
      gamma: measured(2, 0.08),
      predicted: measured(4.3, 1.3),
      mismatch: measured(-2.3, 1.3),
      systematic: 0.05,
      resolution: 0.1,
      undecided: '',
    };
    expect(relationInWords(weak)).toEqual({
      verdict: 'is left open',
      words:
        'the crackling relation is left open: γ = 2.00(8) and (α − 1)/(τ − 1) = 4.3(1.3), whose difference is known to ±1.3 only',
    });
    expect(relationInWords({ ...weak, resolution: 1 }).verdict).toBe('holds');
    const sure = { ...weak, mismatch: measured(-2.3, 0.1) };
    expect(relationInWords(sure).verdict).toBe('does not hold');
    for (const tau of [measured(1.1, 0.05), measured(0.93, 0.05), measured(1.2, Number.NaN)])
      expect(relationInWords({ ...sure, tau }).words).toMatch(/is left open: τ = .* isn't clear of 1/);
    const negative = { ...weak, resolution: 10, predicted: measured(-3, 3), mismatch: measured(5, 3) };
    expect(relationInWords(negative).verdict).toBe('is left open');
  });

  it('say first where there is no power law, and decide nothing then', async () => {
    const walk = branchingTrace(60_000, 4);
    const stream = createStream(3);
    const memoryless = Float64Array.from(walk, () => (stream.uniform() < 0.5 ? 1 - Math.log(stream.uniform()) : 0));
    const found = await fitTrace(columnsSource({ signal: memoryless }), { threshold: 0.5, window: 'widest' });
    const lead = noPowerLawInWords(found.analysis);
    expect(lead.length).toBeGreaterThan(0);
    expect(relationSentences(found.analysis).verdict).toBe("can't be tested");
    const text = cracklingText(found);
    expect(text.indexOf(lead[0]!.slice(0, 20))).toBeLessThan(text.indexOf('τ  size'));
    expect(text).toContain('Universality classes are not decided: ');
    expect(text).not.toContain('Not excluded');
    const json = cracklingJson(found) as { relation: object; notes: string[] };
    expect(json.relation).toEqual({ verdict: "can't be tested", undecided: undecidedOf(found.analysis) });
    expect(json.notes[0]).toBe(lead[0]);
  });

  it('mark a collapse of two durations as thin, and one of many not', async () => {
    const source = columnsSource({ signal: branchingTrace(40_000, 9) });
    const cutoffs = { sizeMin: 5, sizeMax: 500, durationMin: 5, durationMax: 100, alternatives: false, blocks: 4 };
    const options = { threshold: 1, ...cutoffs, profileCount: 10, collapseMin: 5, collapseRatio: 1 };
    const thin = await fitTrace(source, { ...options, collapseMax: 6 });
    expect(thin.analysis.collapse!.profiles.duration).toHaveLength(2);
    expect(cracklingSentences(thin).join(' ')).toContain('γ of the collapse (few durations)');
    const many = await fitTrace(source, { ...options, collapseMax: 20 });
    expect(many.analysis.collapse!.profiles.duration.length).toBeGreaterThan(4);
    expect(cracklingSentences(many).join(' ')).not.toContain('γ of the collapse');
  });

  it('collapse shapes that are followed from near their beginning, however short the durations fitted', async () => {
    const source = columnsSource({ signal: branchingTrace(40_000, 9) });
    const options = { threshold: 1, durationMin: 1, alternatives: false, blocks: 4 };
    const { collapse, jackknife } = (await fitTrace(source, { ...options, durationMax: 200 })).analysis;
    expect(collapse!.profiles.duration[0]).toBeGreaterThanOrEqual(10);
    expect(collapse!.x[0]).toBeLessThanOrEqual(0.12);
    expect(jackknife.standardError.gammaCollapse).toBeLessThan(0.5);
    const short = (await fitTrace(source, { ...options, durationMax: 40 })).analysis.collapse!;
    expect(short.profiles.duration[0]).toBeLessThan(6);
    expect(short.x[0]).toBeLessThanOrEqual(0.26);
  });
});
