import { parseArgs } from 'node:util';
import { falseAlarms, type PairedLaw } from './pairs.ts';
import { processStatistics } from './processes.ts';
import { type HonestRow, honestRow, shown } from './rows.ts';
import { branchingStatistics, gaussianStatistics, paretoColumn } from './samples.ts';

/**
 * Do quoted errors hold the scatter? Many seeds of one law, each measured as a user would: scatter of an exponent over seeds, by its mean quoted
 * error, is 1 for an honest one. npm run honest -- --case gaussian --rule scaling --seeds 40
 *
 * With --pairs: how often are two samples of one law told apart? npm run honest -- --pairs 100 --case branching,walk --avalanches 6000
 */
const { values } = parseArgs({
  options: {
    case: { type: 'string', default: 'gaussian,branching,pareto' },
    rule: { type: 'string', default: 'scaling,widest,smallest-ks,given' },
    seeds: { type: 'string', default: '40' },
    from: { type: 'string', default: '1' },
    avalanches: { type: 'string', default: '100000' },
    pairs: { type: 'string' },
  },
});
const seeds = Number(values.seeds);
const from = Number(values.from);
const avalanches = Number(values.avalanches);
const makers = {
  gaussian: gaussianStatistics,
  branching: branchingStatistics,
  pareto: paretoColumn,
  'known-branching': processStatistics('branching'),
  'known-walk': processStatistics('random-walk'),
  'known-abbm': processStatistics('abbm'),
} as const;

if (values.pairs !== undefined) {
  for (const name of values.case.split(',') as PairedLaw[]) {
    const shown = await falseAlarms(name, { from, count: Number(values.pairs), avalanches });
    process.stdout.write(`${shown}\n`);
  }
}
for (const name of (values.pairs === undefined ? values.case.split(',') : []) as (keyof typeof makers)[]) {
  const rules = values.rule.split(',');
  const found = new Map<string, Record<string, { estimate: number; error: number }>[]>();
  for (let seed = from; seed < from + seeds; seed++) {
    const measured = await makers[name](seed, avalanches, rules);
    for (const [rule, exponents] of Object.entries(measured)) found.set(rule, [...(found.get(rule) ?? []), exponents]);
  }
  const rows: HonestRow[] = [...found].flatMap(([rule, runs]) =>
    Object.keys(runs[0]!).map((exponent) =>
      honestRow(
        name,
        rule,
        exponent,
        runs.map((run) => run[exponent]!),
      ),
    ),
  );
  process.stdout.write(`${shown(rows)}\n`);
}
