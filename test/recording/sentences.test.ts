import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsSource, fitTrace } from '../../src/index.ts';
import { cracklingSentences, footingInWords, relationInWords } from '../../src/recording/sentences.ts';
import { branchingTrace } from '../crackling/synthetic-trace.ts';

const mark = fc.constantFrom(undefined, '', 'few values', 'short range', 'few values, short range');
const number = fc.oneof(
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(0, 2, -2, 3, Number.NaN, Infinity),
);

describe('sentences on a crackling analysis', () => {
  it('say of the relation and of the footing what the numbers beside them say, whatever these are', () => {
    fc.assert(
      fc.property(number, number, mark, mark, mark, (deviations, apart, tau, alpha, gammaCollapse) => {
        const [first, ...rest] = relationInWords(
          { deviations, deviationFromCriticality: Math.abs(apart) },
          { tau, alpha },
        );
        const off = Math.abs(deviations);
        const judged = Number.isFinite(off);
        const thin = Boolean(tau || alpha);
        expect(/can't be judged/.test(first!)).toBe(!judged);
        expect(/isn't decided/.test(first!)).toBe(judged && thin);
        expect(/relation holds/.test(first!)).toBe(judged && !thin && off < 2);
        expect(/in tension/.test(first!)).toBe(judged && !thin && off >= 2 && off < 3);
        expect(/does not hold/.test(first!)).toBe(judged && !thin && off >= 3);
        if (judged) expect(first).toContain(`differ by ${off.toFixed(1)} standard errors`);
        expect(rest).toHaveLength(Number.isFinite(apart) ? 1 : 0);
        const footing = footingInWords({ tau, alpha, gammaCollapse }).join('');
        for (const [symbol, word] of Object.entries({ τ: tau, α: alpha, 'γ of the collapse': gammaCollapse })) {
          expect(footing.includes(`${symbol} (`)).toBe(Boolean(word));
        }
      }),
      { numRuns: 200, seed: 8 },
    );
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
});
