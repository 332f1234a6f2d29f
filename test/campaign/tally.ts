import type { Trial } from './trial.ts';

type Counts = Record<Trial['outcome'], number>;

/** Counts what became of trials, fault by fault, and says at once which were wrong and how they are repeated. */
export function createTally(verbose: boolean) {
  const byFault = new Map<string, Counts>();
  const total: Counts = { 'same bits': 0, refused: 0, wrong: 0 };
  return {
    count(kind: 'files' | 'processes', seed: number, fault: string, { what, outcome, said = '' }: Trial): void {
      const counts = byFault.get(fault) ?? { 'same bits': 0, refused: 0, wrong: 0 };
      byFault.set(fault, counts);
      counts[outcome]++;
      total[outcome]++;
      if (outcome === 'wrong' || verbose) {
        console.log(`${outcome}, ${kind} ${seed}, ${fault}: ${what}${said === '' ? '' : `: ${said.trimEnd()}`}`);
      }
      if (outcome === 'wrong')
        console.log(`  again: npm run campaign -- --kind ${kind} --from ${seed} --trials 1 --verbose`);
    },
    /** A table, and a line of sums. */
    show(): void {
      console.log('| Fault | Trials | Same bits | Refused by name | Wrong |\n|---|--:|--:|--:|--:|');
      for (const [fault, { 'same bits': same, refused, wrong }] of [...byFault].sort()) {
        console.log(`| ${fault} | ${same + refused + wrong} | ${same} | ${refused} | ${wrong} |`);
      }
      console.log(`same bits ${total['same bits']}, refused by name ${total.refused}, wrong ${total.wrong}`);
    },
    wrong: (): number => total.wrong,
  };
}
