import { PipelineError } from '../error.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Figure } from '../report/figure.ts';
import type { Summary } from '../report/summary.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const areRows = (value: unknown): boolean => Array.isArray(value) && value.every(areTexts);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

type Check<T> = readonly [member: keyof T & string, holds: (value: unknown) => boolean, what: string];

const ofSummary: readonly Check<Summary>[] = [
  ['id', isText, 'a text'],
  ['title', isText, 'a text'],
  ['caption', isText, 'a text'],
  ['head', areTexts, 'texts'],
  ['rows', areRows, 'rows of texts'],
];
const ofFigure: readonly Check<Figure>[] = [
  ['name', isText, 'a text'],
  ['title', isText, 'a text'],
  ['caption', isText, 'a text'],
  ['spec', isObject, 'a Vega-Lite specification'],
];

/**
 * Throws unless what a pipeline says and draws has the members that page and terminal need: its file runs without the compiler having seen it.
 * @throws PipelineError naming the first that hasn't
 */
export function checkShown(
  { name }: Pipeline,
  { summaries, figures }: { readonly summaries: readonly Summary[]; readonly figures: readonly Figure[] },
): void {
  const check = <T extends object>(kind: string, all: readonly T[], checks: readonly Check<T>[]): void => {
    for (const [i, one] of all.entries()) {
      const fault = checks.find(([member, holds]) => !holds(one?.[member]));
      if (fault === undefined) continue;
      const [member, , what] = fault;
      throw new PipelineError(`pipeline ${name}: ${kind} ${i + 1} must have ${what} as ${member}`);
    }
  };
  check('summary', summaries, ofSummary);
  check('figure', figures, ofFigure);
}
