import type { Finding } from './finding.ts';

/** A result in words and numbers, as data: terminal, page and JSON show it without knowing what it is of. */
export interface Summary {
  /** In lower case, words joined by hyphens: names its section of the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader must know to read it, in a sentence or some. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was found: its sentences are first on the page and in a terminal, all of it is in findings.json. */
  readonly findings?: readonly Finding[];
  /** What a terminal shows in place of `head` and `rows`, where these need more room than it has: a smaller table, lines of text. */
  readonly brief?: Brief;
}

/** A summary in the room of a terminal. */
export interface Brief {
  readonly head?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  /** Below the table. */
  readonly lines?: readonly string[];
}

/** Those that say something. */
export function withRows(summaries: readonly Summary[]): Summary[] {
  return summaries.filter(({ rows }) => rows.length > 0);
}

/** All that summaries say in sentences, in their order: the findings of a run. */
export function sentencesOf(summaries: readonly Summary[]): string[] {
  return summaries.flatMap(({ findings = [] }) => findings.map(({ sentence }) => sentence));
}
