import { describe, expect, it } from 'vitest';
import { withError } from '../../src/report/concise.ts';
import { cracklingFindings } from '../../src/report/crackling-findings.ts';
import { exponentsSummary } from '../../src/report/exponents-summary.ts';
import { findingsJson } from '../../src/report/findings-json.ts';
import { reportHtml } from '../../src/report/page.ts';
import { formula } from '../../src/report/page-html.ts';
import type { Row } from '../../src/report/table-row.ts';
import { summary } from '../../src/report/terminal.ts';
import { syntheticTables } from './synthetic.ts';

interface Json {
  readonly findings: readonly {
    readonly sentence: string;
    readonly ensemble: number | null;
    readonly label: string | null;
    readonly verdict: string | null;
    readonly quantities: readonly {
      readonly quantity: string;
      readonly value: number | null;
      readonly error: number | null;
      readonly count: number | null;
    }[];
  }[];
}

const tables = syntheticTables(7, 600);
const summaries = [exponentsSummary(tables)];
const { findings, ...head } = JSON.parse(
  findingsJson({ pipeline: 'p', status: 'complete', command: 'crackle run p', summaries }),
) as Json;

describe('findings', () => {
  it('are the same sentences in terminal, page and JSON', async () => {
    const sentences = findings.map(({ sentence }) => sentence);
    expect(sentences.length).toBeGreaterThan(6);
    const printed = summary({ summaries }).replaceAll('\n  ', ' ');
    const page = await reportHtml({ title: 'p', doc: '', parameters: {}, tables, summaries, figures: [] });
    for (const sentence of sentences) {
      expect(printed).toContain(`• ${sentence}\n`);
      expect(page).toContain(`<li>${formula(sentence)}</li>`);
    }
  });

  it('have the numbers of their sentences', () => {
    const symbols: Readonly<Record<string, string>> = { tau: 'τ', alpha: 'α', gamma_scaling: 'γ' };
    const measured = findings.filter(({ sentence }) => / avalanches: τ = /.test(sentence));
    expect(measured.map(({ ensemble, label }) => [ensemble, label])).toEqual([
      [0, 'N = 128'],
      [1, 'N = 256'],
      [2, 'N = 512'],
    ]);
    for (const { sentence, quantities } of measured) {
      expect(quantities.map(({ quantity }) => quantity)).toEqual(['tau', 'alpha', 'gamma_scaling']);
      for (const { quantity, value, error } of quantities)
        expect(sentence).toContain(`${symbols[quantity]} = ${withError(value!, error!)}`);
    }
    const judged = findings.filter(({ sentence }) => sentence.includes('crackling relation'));
    expect(judged).toHaveLength(3);
    for (const { sentence, verdict, label } of judged)
      expect(sentence.startsWith(`${label}: the crackling relation ${verdict}: `)).toBe(true);
  });

  it('decide nothing on the relation where an exponent is poorly constrained, as the sentences of a fit do', () => {
    const thin = { ...tables, exponents: tables.exponents!.map((row) => ({ ...row, tau_mark: 'few values' })) };
    const said = cracklingFindings(thin).filter(({ sentence }) => sentence.includes('crackling relation'));
    expect(said.map(({ verdict }) => verdict)).toEqual(Array(3).fill("can't be tested"));
    for (const { sentence } of said)
      expect(sentence).toMatch(/: τ was fitted to fewer than 100 values \(γ = .* and \(α − 1\)\/\(τ − 1\) = .*\)\.$/);
  });

  it('have every key everywhere, and null for what isn’t a number', () => {
    expect(head).toEqual({ format: 1, pipeline: 'p', status: 'complete', command: 'crackle run p' });
    const text = findingsJson({
      pipeline: 'p',
      status: 'partial',
      command: '',
      summaries: [
        {
          ...summaries[0]!,
          findings: [{ sentence: 'a', quantities: [{ quantity: 'x', value: Number.NaN, to: Infinity }] }],
        },
      ],
    });
    expect((JSON.parse(text) as Json).findings).toEqual([
      {
        sentence: 'a',
        summary: 'exponents',
        ensemble: null,
        label: null,
        verdict: null,
        quantities: [{ quantity: 'x', of: null, value: null, error: null, from: null, to: null, count: null }],
      },
    ]);
  });

  it('name each ensemble only where there are several, and keep symbols as they are', () => {
    const one = {
      exponents: (tables.exponents as Row[]).slice(0, 1).map((row) => ({ ...row, tau_mark: 'short range' })),
    };
    const sentences = cracklingFindings(one).map(({ sentence }) => sentence);
    expect(sentences).toContainEqual(
      expect.stringMatching(/^The crackling relation can't be tested: τ was fitted over less than one decade \(/),
    );
    // Without a mismatch the relation has another reason, and the mark is said by itself.
    const unmeasured = { exponents: one.exponents.map((row) => ({ ...row, mismatch: null })) };
    const said = cracklingFindings(unmeasured).map(({ sentence }) => sentence);
    expect(said).toContain('τ is poorly constrained (°): fewer than 100 values, or less than one decade.');
  });

  it('name no class from an exponent that is poorly constrained', () => {
    const universality = [
      { ensemble: 0, class: 'mean_field', comparable: true, p_value: 0.4, chi_square: 3, ties: '' },
      { ensemble: 0, class: 'dp_2p1', comparable: true, p_value: 0.001, chi_square: 20, ties: '' },
    ];
    const exponents = (tables.exponents as Row[]).slice(0, 1);
    const said = (mark: string) =>
      cracklingFindings({ universality, exponents: exponents.map((row) => ({ ...row, alpha_mark: mark })) });
    expect(said('').find(({ sentence }) => sentence.includes('classes'))).toMatchObject({
      sentence: 'Universality classes not excluded: mean field; 1 others are, at the 5 % level.',
      verdict: 'not excluded',
    });
    expect(said('short range').find(({ sentence }) => sentence.includes('classes'))).toMatchObject({
      sentence: 'Universality classes are not decided: α was fitted over less than one decade.',
      verdict: 'not decided',
    });
  });

  it('count every verdict on the relation where there are many ensembles', () => {
    const mismatch = [0.01, 0.1, 0.1, 0.17, 0.4, 0.4, null, 0.01];
    const exponents = mismatch.map((off, ensemble) => ({
      ...tables.exponents![0]!,
      ensemble,
      model: `m${ensemble}`,
      mismatch: off,
      mismatch_error: 0.01,
      tau_mark: ensemble === 7 ? 'few values' : '',
    }));
    const said = cracklingFindings({ exponents }).find(({ sentence }) => sentence.includes('crackling relation'))!;
    expect(said.sentence).toBe(
      "Of 8 ensembles the crackling relation holds in 1, holds approximately in 2, is in tension with the data in 1, does not hold in 2; in 2 it can't be tested.",
    );
    expect(said.quantities!.map(({ value, count }) => [value, count])).toEqual(
      [1, 2, 1, 2, 2].map((value) => [value, 8]),
    );
    const strict = cracklingFindings({ exponents }, 0).find(({ sentence }) => sentence.includes('crackling relation'))!;
    expect(strict.sentence).toContain('the crackling relation holds in 1, does not hold in 5;');
  });
});
