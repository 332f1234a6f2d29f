import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../cli/crackle.ts';
import type { Installed } from './install.ts';

// On one thread: a third less CPU time, and as fast on two cores.
const ofCheckout = [join(root, 'node_modules/typescript/bin/tsc'), '--singleThreaded'];

const script = `import { composition, definePipeline, run, together, trainedAvalanches, trainedParameters, trainedTableNames } from 'crackle';
import mine from './own-table.js';
const { tables } = await run('gaussian-avalanches', { widths: [16] });
export const tau: number | null | undefined = tables.exponents[0]?.tau;
// @ts-expect-error no such parameter
await run('gaussian-avalanches', { nonsense: 3 });
await run(
  mine,
  { widths: [16] },
  // @ts-expect-error no such option: it alone is what is wrong
  { figure: false },
);
export const width: number | undefined = (await run(mine)).tables.fates[0]?.width;
// @ts-expect-error no such column
tables.exponents[0]?.nonsense;
// A reducer and a table of one's own beside those of a study: a figure has both tables.
export const beside = definePipeline({
  name: 'beside',
  doc: 'two reducers',
  parameters: trainedParameters,
  tables: [...trainedTableNames, ...mine.tables!],
  compose: (values) => {
    const { network, reducer, results, ahead, estimate, ...study } = trainedAvalanches(values);
    return composition({
      ...study,
      stages: () => { throw network; },
      reducer: together({ trained: reducer, again: reducer }),
      results: (done) => ({
        ...results(done.map((one) => ({ ...one, result: one.result.trained }))),
        fates: done.map(({ ensemble: { width }, result }) => ({ width, dead: result.again.calibration.networks, censored: 0 })),
      }),
      figures: (tables) => [...study.figures!(tables), { name: 'dead', title: 'Dead', caption: \`\${tables.fates?.[0]?.dead} \${tables.exponents?.[0]?.tau}\`, spec: {} }],
    });
  },
});
`;

/**
 * What the compiler has to say of a project that has the package's pipelines and examples for its own, and further scripts; no check of
 * declarations is skipped.
 * @param compiler another than that of the checkout: its script and its flags
 */
export async function complaints(
  { folder, own }: Installed,
  module: string,
  moduleResolution: string,
  further: readonly string[],
  compiler: readonly string[] = ofCheckout,
): Promise<string> {
  const project = join(folder, module);
  mkdirSync(project);
  // TypeScript 5.4 knows no later target.
  const compilerOptions = { module, moduleResolution, target: 'ES2022', lib: ['ES2023'], types: ['node'] };
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const options = { ...compilerOptions, ...strict, skipLibCheck: false, noEmit: true };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [i, text] of [script, ...further].entries()) writeFileSync(join(project, `script-${i}.ts`), text);
  for (const from of ['pipelines', 'pipelines/examples', 'pipelines/templates']) {
    for (const file of readdirSync(join(own, from)).filter((name) => name.endsWith('.ts')))
      cpSync(join(own, from, file), join(project, file));
  }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...compiler, '-p', project], { cwd: project });
    return stdout;
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
