import type { RelationTest } from './relation-verdict.ts';
import { numberOf, type Row } from './table-row.ts';
import { groundsOf, undecidedInWords } from './undecided.ts';

/** What verdicts on the crackling relation allow for, and what they ask for. */
export type Judging = Pick<RelationTest, 'systematic' | 'meanField' | 'resolution'>;

/** What the crackling relation is judged by. */
export function testOf(row: Row, judging: Judging): RelationTest {
  const of = (name: string) => ({ estimate: numberOf(row, name), standardError: numberOf(row, `${name}_error`) });
  return {
    ...judging,
    tau: of('tau'),
    gamma: of('gamma_scaling'),
    predicted: of('gamma_predicted'),
    mismatch: of('mismatch'),
    undecided: undecidedInWords(groundsOf(row)),
  };
}
