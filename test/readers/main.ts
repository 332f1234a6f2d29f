/**
 * Reads every table, in both sets of encodings, with every reader that can be had, and compares all values to the bit: packages of npm,
 * installed into a temporary folder, and of Python where CRACKLE_PYTHON (or python3) has them. Prints a table in Markdown, with versions and the
 * date; leaves with 1 where the portable encodings aren't read. Then sizes and speeds of both sets beside the writers of pyarrow and DuckDB,
 * where Python has them.
 *
 * usage: npm run readers [-- speed]   # speed: sizes and speeds alone
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodingSets } from '../../src/store/parquet/encoding-set.ts';
import { printSpeeds } from './speed.ts';
import { mistake, type Written, writeTables } from './tables.ts';

const packages: Record<string, string> = {
  'parquetjs-lite': '0.8.7',
  'hyparquet-old': 'npm:hyparquet@1.13.1',
  hyparquet: 'latest',
  '@dsnp/parquetjs': '1.8.8',
  'parquet-wasm-old': 'npm:parquet-wasm@0.5.0',
  'parquet-wasm': 'latest',
  '@duckdb/duckdb-wasm': '1.27.0',
  '@duckdb/node-api': 'latest',
};
const python = process.env.CRACKLE_PYTHON ?? 'python3';
const modules = ['duckdb', 'pyarrow', 'pandas', 'polars', 'fastparquet'];

const output = (program: string, words: readonly string[], cwd?: string): string =>
  execFileSync(program, words, {
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 2 ** 28,
    ...(cwd === undefined ? {} : { cwd }),
  });

/** The line of a stack or traceback that says what went wrong. */
function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = `${stderr ?? ''}\n${message}`.split('\n').map((line) => line.trim());
  const said =
    lines.find((line) => /^(?:\[?\w*(?:Error|Exception)\b.*?: |.*\binvalid )/.test(line)) ??
    lines.find((line) => line !== '') ??
    'no reason';
  return said.slice(0, 90);
}

/** What a program printed for files, held against what was written: 'yes', or what is wrong. */
function verdict(written: readonly Written[], print: () => string): string {
  try {
    const tables = print()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown[]>);
    for (const [i, one] of written.entries()) {
      const wrong = mistake(one, tables[i]!);
      if (wrong !== undefined) return `no (${wrong})`;
    }
    return 'yes';
  } catch (error) {
    return `no (\`${reason(error)}\`)`;
  }
}

/** Prints who reads what; whether every reader reads the portable encodings. */
async function printReaders(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'crackle-readers-'));
  let unread = false;
  try {
    const written = new Map<string, Written[]>();
    for (const set of encodingSets) written.set(set, await writeTables(folder, set));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    copyFileSync(join(import.meta.dirname, 'read.mjs'), join(folder, 'read.mjs'));
    const wanted = Object.entries({ ...packages, 'hyparquet-compressors': 'latest', 'apache-arrow': 'latest' });
    const words = wanted.map(([name, version]) => `${name}@${version}`);
    output('npm', ['install', '--no-audit', '--no-fund', '--silent', ...words], folder);

    console.log(`Read on ${new Date().toISOString().slice(0, 10)}, ${written.get('portable')!.length} tables:\n`);
    console.log('| Reader | portable | compact |\n|---|---|---|');
    const line = (reader: string, read: (paths: readonly string[]) => string): void => {
      const said = encodingSets.map((set) => {
        const files = written.get(set)!;
        return verdict(files, () => read(files.map(({ path }) => path)));
      });
      unread ||= said[0] !== 'yes';
      console.log(`| ${reader} | ${said.join(' | ')} |`);
    };
    for (const name of Object.keys(packages)) {
      const about = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
      const { name: own, version } = JSON.parse(about) as { name: string; version: string };
      line(`${own} ${version}`, (paths) => output(process.execPath, ['read.mjs', name, ...paths], folder));
    }
    const script = join(import.meta.dirname, '../store/read-parquet.py');
    for (const module of modules) {
      try {
        const version = output(python, ['-c', `import ${module}; print(${module}.__version__)`]).trim();
        line(`${module} ${version} (Python)`, (paths) => output(python, [script, module, ...paths]));
      } catch {
        console.error(`${module}: ${python} can't import it (CRACKLE_PYTHON names another Python)`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return !unread;
}

if (!process.argv.includes('speed') && !(await printReaders())) process.exitCode = 1;
try {
  output(python, ['-c', 'import duckdb, pyarrow']);
  await printSpeeds(python);
} catch (error) {
  console.error(`no speeds: ${reason(error)} (CRACKLE_PYTHON names another Python)`);
}
