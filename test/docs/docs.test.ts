import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { followingScheme } from '../../docs/.vitepress/scheme.ts';
import { helpLayout } from '../../src/cli/help-layout.ts';
import { pipelineNames } from '../../src/flow/built-in.ts';
import { exponentsSummary } from '../../src/report/exponents-summary.ts';
import { findingsJson } from '../../src/report/findings-json.ts';
import { shippedTables, tableSchema } from '../../src/schema/table.ts';
import { crackle, root } from '../cli/crackle.ts';
import { syntheticTables, uniform } from '../report/synthetic.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { query } from '../store/duckdb.ts';
import { commands, commandsIn, parse, wordsOf } from './commands.ts';

const folder = join(root, 'docs');
const scratch = temporaryFolder();
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.md') && !path.startsWith('.vitepress'))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
/** With what stands on its own beside them. */
const all = [
  ...pages,
  ...['../README.md', '../output/README.md', '../ARCHITECTURE.md', '../CONTRIBUTING.md'].map((path) => ({
    path,
    text: readFileSync(join(folder, path), 'utf8'),
  })),
];

describe('docs', () => {
  it('gives commands that crackle takes, with flags and values that there are', async () => {
    expect(commandsIn(readFileSync(join(root, 'README.md'), 'utf8')).length).toBeGreaterThan(15);
    const given = new Set(all.flatMap(({ text }) => commandsIn(text)));
    expect(given.size).toBeGreaterThan(40);
    const refused: string[] = [];
    for (const line of given) {
      await parse(line).catch((error: Error) => refused.push(`${line}: ${error.message}`));
    }
    expect(refused).toEqual([]);
  });

  it('shows pictures that follow the colour scheme', () => {
    const pictures = pages.flatMap(({ path, text }) =>
      Array.from(text.matchAll(/\]\(([^)]*images\/[^)]*)\)/g), ([, link]) => join(folder, dirname(path), link!)),
    );
    expect(pictures.length).toBeGreaterThan(8);
    const stiff = pictures.filter((path) => {
      const svg = readFileSync(path, 'utf8');
      return !svg.includes('prefers-color-scheme: dark') || followingScheme(svg) !== svg;
    });
    expect(stiff).toEqual([]);
  });

  it('gives help that keeps to 80 columns', async () => {
    const wide: string[] = [];
    let lines = 0;
    const all = [...Object.keys(commands).map((name) => [name]), ...pipelineNames().map((name) => ['run', name])];
    for (const [name, ...words] of all) {
      let help = '';
      const command = (await commands[name!]!(words))
        .configureHelp({ ...helpLayout, helpWidth: 80 })
        .configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      lines += help.split('\n').length;
      wide.push(...help.split('\n').filter((line) => line.length > 80));
      // A default is said once, and as it would be given.
      expect(help).not.toMatch(/\(default:[^)]*\)\s+\(default:|\(default: \[\]\)/);
    }
    expect(lines).toBeGreaterThan(500);
    expect(wide).toEqual([]);
  });

  it('would notice a flag, a value, a pipeline or a command that there is none of', async () => {
    expect(commandsIn('a\n```sh\ncrackle list # b\nls\n```\n`crackle run a --b 1`, `crackle run … --c`')).toEqual([
      'crackle list # b',
      'crackle run a --b 1',
    ]);
    expect(wordsOf("crackle fit a.csv --where 'kind=x y' | cat # c")).toEqual([
      'crackle',
      'fit',
      'a.csv',
      '--where',
      'kind=x y',
    ]);
    await expect(parse('crackle run gaussian-avalanches --fulll')).rejects.toThrow('--fulll');
    await expect(parse('crackle run gaussian-avalanches --size both')).rejects.toThrow('size must be');
    await expect(parse('crackle run gaussian')).rejects.toThrow('there is no such pipeline');
    await expect(parse('crackle fit a.csv --xmin 3 --trace')).rejects.toThrow('xmin is for one column');
    await expect(parse('crackle measure')).rejects.toThrow('there is no command measure');
  });

  it('links to pages, files and included code that exist', () => {
    const missing: string[] = [];
    for (const { path, text } of all) {
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)|^<<< (\S+)$/gm)].map(
        (m) => m[1] ?? m[2]!,
      );
      const named = [...text.matchAll(/\b((?:pipelines|test|src)\/[\w./-]+\.(?:ts|py|sh))\b/g)].map(([, file]) =>
        relative(dirname(join(folder, path)), join(root, file!)),
      );
      for (const link of [...links, ...named]) {
        if (!existsSync(resolve(folder, dirname(path), link))) missing.push(`${path}: ${link}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('asks tables for columns that they have', async () => {
    const sqlTypes = {
      int32: 'INTEGER',
      int64: 'BIGINT',
      float32: 'REAL',
      float64: 'DOUBLE',
      bool: 'BOOLEAN',
      utf8: 'VARCHAR',
    };
    for (const name of shippedTables()) {
      const columns = tableSchema(name).fields.map((field) => `${field.name} ${sqlTypes[field.type]}`);
      await query(`CREATE TABLE ${name} (filename VARCHAR, ${columns.join(', ')})`);
    }
    const asked = all.flatMap(({ text }) => [...text.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql]) => sql!));
    expect(asked.length).toBeGreaterThan(5);
    for (const sql of asked) {
      const plain = sql
        .replace(/read_parquet\('[^']*?(\w+)(?:\/\*)?\.parquet'[^)]*\)/g, '$1')
        .replace(/'(\w+)(?:\/\*)?\.parquet'/g, '$1');
      expect(plain).not.toContain('parquet');
      if (plain.includes("'findings.json'")) continue;
      await expect(query(plain)).resolves.toEqual([]);
    }
  });

  it('asks findings.json for keys that it has', async () => {
    const asked = pages.flatMap(({ text }) => [...text.matchAll(/^```sql\n([^`]*'findings\.json'[^`]*)^```$/gm)]);
    expect(asked).toHaveLength(1);
    const file = join(scratch, 'findings.json');
    const summaries = [exponentsSummary(syntheticTables(7, 300))];
    writeFileSync(file, findingsJson({ pipeline: 'p', status: 'complete', command: 'c', summaries }));
    const rows = await query(asked[0]![1]!.replace('findings.json', file));
    expect(rows).toContainEqual(['N = 128', 'tau', expect.closeTo(1.343, 2), expect.any(Number), null]);
  });

  it('lists every environment variable of its own that the package reads, and no other', () => {
    const named = (text: string): string[] => [...text.matchAll(/\bCRACKLE_[A-Z][A-Z\d_]*/g)].map(([name]) => name);
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(ts|mjs)$/.test(path),
    );
    const read = sources.flatMap((path) => named(readFileSync(join(root, 'src', path), 'utf8')));
    const page = pages.find(({ path }) => path === 'environment.md')!.text;
    const listed = [...page.matchAll(/^\| `(CRACKLE_\w+)` \|/gm)].map(([, name]) => name);
    expect(listed).toEqual([...new Set(read)].sort());
  });

  it('lists every pipeline', () => {
    const listed = [
      ...pages
        .find(({ path }) => path === 'pipelines.md')!
        .text.matchAll(/^\| \[`([\w-]+)`\]\(pipelines\/\1\.md\) \|/gm),
    ];
    expect(listed.map(([, name]) => name).sort()).toEqual(pipelineNames().sort());
  });

  it('has every page in the navigation, and no other', () => {
    const config = readFileSync(join(folder, '.vitepress/config.ts'), 'utf8');
    const [, sidebar = ''] = config.split('sidebar: ');
    const linked = [...sidebar.matchAll(/link: '\/([^']*)'/g)].map(([, link]) => `${link || 'index'}.md`);
    expect(linked.sort()).toEqual(pages.map(({ path }) => path).sort());
  });

  it('has a script that fits a recorded trace', async () => {
    let level = 0;
    const next = uniform(5);
    const rows = Array.from({ length: 4000 }, () => {
      level = 0.9 * level + next() - 0.5;
      return level.toFixed(5);
    });
    const file = join(scratch, 'recording.csv');
    writeFileSync(file, `signal\n${rows.join('\n')}\n`);
    const { code, stdout, stderr } = await crackle([join(folder, 'snippets/fit-trace.ts'), file], { entry: tsx });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toMatch(/^tau \d\.\d+ \+- 0\.\d+, of \d{3} avalanches\n.*crackling relation/);
  });

  it('has a script that holds a reducer to the laws, and says which a wrong one breaks', async () => {
    const { code, stdout, stderr } = await crackle([join(folder, 'snippets/check-reducer.ts')], { entry: tsx });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toBe(
      "obeys the laws\nreducer 'longest' must be left as it is by an empty state, but after merge(state, init()) the result is 0, expected 9\n",
    );
  });

  it('shows TypeScript by including files that are tested, and no other', () => {
    expect(pages.filter(({ text }) => /^```(ts|typescript)/m.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
