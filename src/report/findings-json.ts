import { orNull } from '../schema/rows.ts';
import type { Finding, Quantity } from './finding.ts';
import type { Provenance } from './provenance.ts';
import type { Summary } from './summary.ts';

/** What findings.json is of. */
export interface FindingsOf {
  readonly pipeline: string;
  readonly status: string;
  /** The command that gives the same data. */
  readonly command: Provenance['command'];
  readonly summaries: readonly Summary[];
}

const format = 1;

const quantityJson = ({ quantity, of, value, error, from, to, count }: Quantity): object => ({
  quantity,
  of: of ?? null,
  value: orNull(value),
  error: orNull(error),
  from: orNull(from),
  to: orNull(to),
  count: orNull(count),
});

const findingJson = (summary: string, { sentence, ensemble, label, quantities = [], verdict }: Finding): object => ({
  sentence,
  summary,
  ensemble: orNull(ensemble),
  label: label ?? null,
  verdict: verdict ?? null,
  quantities: quantities.map(quantityJson),
});

/**
 * The findings of a run as JSON: the sentences of terminal and page, each with its numbers. Every key is there in every object, null where there
 * is nothing to say: tables can be made of it as it is.
 */
export function findingsJson({ pipeline, status, command, summaries }: FindingsOf): string {
  const findings = summaries.flatMap(({ id, findings: own = [] }) => own.map((one) => findingJson(id, one)));
  return `${JSON.stringify({ format, pipeline, status, command, findings }, null, 2)}\n`;
}
