import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { complaints } from '../package/type-check.ts';
import type { Row } from './attempt.ts';
import { root, type Scene, versionOf } from './scene.ts';

const versions = ['5.4', '5.5', '5.6', '5.7', '5.8', '5.9', '6', '7'];

/** Declarations of the package and of all it depends on, with every pipeline and example of it, and no check skipped. */
export async function typescript(scene: Scene): Promise<Row[]> {
  const { own: folder } = scene.installed();
  const own = join(folder, 'node_modules/crackle');
  // As in any project in TypeScript.
  for (const name of ['@types/node', 'undici-types'])
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  const rows: Row[] = [];
  for (const wanted of versions) {
    const compiler = scene.tool(`typescript-${wanted}`, `typescript-${wanted}@npm:typescript@${wanted}`);
    // The tests hold the first and the last on the compiler of the checkout.
    const settings = wanted === '7' ? ['nodenext', 'node16', 'bundler'] : ['nodenext'];
    const found: string[] = [];
    for (const resolution of settings) {
      const module = resolution === 'bundler' ? 'esnext' : resolution;
      const said = await complaints({ folder, own, entry: '' }, module, resolution, [], [join(compiler, 'bin/tsc')]);
      rmSync(join(folder, module), { recursive: true });
      found.push(...said.split('\n').filter((line) => line.includes('error TS')));
    }
    const others = found.filter((line) => /^(\.\.\/)*node_modules\/(?!crackle\/)/.test(line));
    const ours = found.filter((line) => !others.includes(line));
    const whose = new Set(others.map((line) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(line)![1]));
    const besides =
      others.length === 0 ? '' : ` (${others.length / settings.length} complaints of ${[...whose].join(', ')})`;
    const works = ours.length === 0 ? `yes${besides}` : `no: ${ours.length} complaints, ${ours[0]!.slice(0, 200)}`;
    rows.push({
      what: `types, \`skipLibCheck: false\`, ${settings.join(', ')}`,
      version: `TypeScript ${versionOf(compiler)}`,
      works,
    });
  }
  return rows;
}
