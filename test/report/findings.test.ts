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
      expect(sentence.startsWith(`${label}: the crackling relation ${verdict}, `)).toBe(true);
  });

  it('decide nothing on the relation where an exponent stands on little, as the sentences of a fit do', () => {
    const thin = { ...tables, exponents: tables.exponents!.map((row) => ({ ...row, tau_mark: 'few values' })) };
    const said = cracklingFindings(thin).filter(({ sentence }) => sentence.includes('crackling relation'));
    expect(said.map(({ verdict }) => verdict)).toEqual(Array(3).fill("isn't decided"));
    for (const { sentence } of said)
      expect(sentence).toMatch(/standard errors from the measured γ, and τ stands on little\.$/);
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
    expect(sentences).toContainEqual(expect.stringMatching(/^The crackling relation isn't decided, with /));
    expect(sentences).toContain('τ is to be read with care: from less than a decade.');
  });
});
