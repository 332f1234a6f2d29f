import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Draws integers from 0 to below n. */
export type Draw = (n: number) => number;

/** Something that happens to a file: flips, zeros, cuts, losses, mix-ups. Returns what it did, in words. */
type Harm = (path: string, draw: Draw) => string;

const edit = (path: string, change: (bytes: Buffer) => Buffer): void => writeFileSync(path, change(readFileSync(path)));

const harms: Record<string, Harm> = {
  flip: (path, draw) => {
    const at = draw(readFileSync(path).length);
    const bit = draw(8);
    edit(path, (bytes) => {
      bytes[at]! ^= 1 << bit;
      return bytes;
    });
    return `bit ${bit} of byte ${at} flipped`;
  },
  zeros: (path, draw) => {
    const bytes = readFileSync(path);
    const at = draw(bytes.length);
    writeFileSync(path, bytes.fill(0, at, Math.min(at + 64, bytes.length)));
    return `64 zeros at ${at}`;
  },
  cut: (path, draw) => {
    const bytes = readFileSync(path);
    const length = draw(bytes.length);
    writeFileSync(path, bytes.subarray(0, length));
    return `cut to ${length} bytes`;
  },
  empty: (path) => {
    writeFileSync(path, '');
    return 'emptied';
  },
  delete: (path) => {
    rmSync(path);
    return 'deleted';
  },
};

const lineHarms: Record<string, (lines: string[], draw: Draw) => string[]> = {
  'line lost': (lines, draw) => lines.toSpliced(draw(lines.length), 1),
  'line doubled': (lines, draw) => {
    const at = draw(lines.length);
    return lines.toSpliced(at, 0, lines[at]!);
  },
  'line moved': (lines) => [...lines.slice(1), lines[0]!],
};

export type DamageKind = 'part' | 'journal' | 'checkpoint' | 'manifest' | 'table' | 'any';

/** What of a run folder can be damaged: parts of recorded tables (and states of shards), result tables, and what holds them together. */
function filesOf(folder: string): Record<Exclude<DamageKind, 'any'>, string[]> {
  const tables = readdirSync(folder, { withFileTypes: true });
  const parts = tables
    .filter((entry) => entry.isDirectory() && entry.name !== 'checkpoint' && !entry.name.startsWith('.'))
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((part) => `${name}/${part}`));
  const there = (file: string): string[] => (existsSync(join(folder, file)) ? [file] : []);
  return {
    part: parts,
    table: tables.map(({ name }) => name).filter((name) => name.endsWith('.parquet')),
    journal: there('journal.jsonl'),
    checkpoint: there('checkpoint/state.bin'),
    manifest: there('manifest.json'),
  };
}

/** Files of recorded tables that a run has by now. */
export const partsOf = (folder: string): number => (existsSync(folder) ? filesOf(folder).part.length : 0);

/**
 * Does one seeded damage to a run folder.
 * @param other folder of another run of the same shape, whose files may be mixed up with these
 * @returns what was done to which file; undefined where there is none of that kind
 */
export function damage(
  folder: string,
  other: string,
  draw: Draw,
  kind: DamageKind = 'any',
): { file: string; what: string } | undefined {
  const all = filesOf(folder);
  const kinds = (kind === 'any' ? Object.values(all) : [all[kind]]).filter((files) => files.length > 0);
  const files = kinds[draw(kinds.length)];
  if (files === undefined) return undefined;
  const file = files[draw(files.length)]!;
  const path = join(folder, file);
  const mixUps: (() => string)[] = [];
  if (existsSync(join(other, file))) {
    mixUps.push(() => {
      copyFileSync(join(other, file), path);
      return "another run's put in";
    });
  }
  if (files.length > 1) {
    mixUps.push(() => {
      const second = files.filter((each) => each !== file)[draw(files.length - 1)]!;
      renameSync(path, `${path}.swap`);
      renameSync(join(folder, second), path);
      renameSync(`${path}.swap`, join(folder, second));
      return `swapped with ${second}`;
    });
  }
  if (file === 'journal.jsonl') {
    for (const [what, change] of Object.entries(lineHarms)) {
      mixUps.push(() => {
        const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
        writeFileSync(path, `${change(lines, draw).join('\n')}\n`);
        return what;
      });
    }
  }
  // An empty file can only be lost.
  const own = readFileSync(path).length === 0 ? [harms.delete!] : Object.values(harms);
  const ways = [...own.map((harm) => () => harm(path, draw)), ...mixUps];
  return { file, what: ways[draw(ways.length)]!() };
}
