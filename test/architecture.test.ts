import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

/** Rooms that any room may import. */
const open = ['error', 'permission', 'decimal'];

/** What each room may import, beside itself and those: the last column of the tables in ARCHITECTURE.md; undefined for anything. */
function allowedRooms(): Map<string, readonly string[] | undefined> {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const rows = text.matchAll(/^\| (`src\/[^|]*) \|.*\| ([^|]*) \|$/gm);
  return new Map(
    [...rows].flatMap(([, rooms, may]) =>
      [...rooms!.matchAll(/`src\/([\w-]+)(?:\.ts)?`/g)].map(([, room]): [string, readonly string[] | undefined] => [
        room!,
        may === 'anything' ? undefined : may === 'nothing' ? [] : may!.split(', '),
      ]),
    ),
  );
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.split(sep).includes('assembly'))
    .map((file) => join(folder, file));
}

function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const text = readFileSync(file, 'utf8');
  const pattern = /(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => ({
    target: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

const roomOf = (file: string): string => relative(source, file).split(sep)[0]!.replace(/\.ts$/, '');

describe('the house', () => {
  it('imports from room to room as ARCHITECTURE.md says, which names each room, and nothing that is not imported', () => {
    const allowed = allowedRooms();
    const [wrong, imported] = [[] as string[], new Set<string>()];
    for (const file of files(source)) {
      const room = roomOf(file);
      if (room === 'index') continue;
      if (!allowed.has(room)) wrong.push(`${relative(root, file)} is in no room of ARCHITECTURE.md`);
      for (const { target, typeOnly } of importsOf(file)) {
        if (!target.startsWith('.')) continue;
        const other = roomOf(resolve(dirname(file), target));
        // The contract of a pipeline is types: any room may speak of it, none may run it.
        if ([room, ...open].includes(other) || (typeOnly && other === 'pipeline')) continue;
        imported.add(`${room} → ${other}`);
        if (allowed.get(room)?.includes(other) === false) wrong.push(`${relative(root, file)} → ${other}`);
      }
    }
    for (const [room, may] of allowed) {
      const unused = may?.filter((other) => !imported.has(`${room} → ${other}`)) ?? [];
      wrong.push(...unused.map((other) => `ARCHITECTURE.md: ${room} → ${other}, which no file imports`));
    }
    expect(wrong).toEqual([]);
  });

  it('has no circle of rooms, types aside', () => {
    const imported = new Map<string, Set<string>>();
    for (const file of files(source)) {
      for (const { target, typeOnly } of importsOf(file)) {
        if (!target.startsWith('.') || typeOnly) continue;
        const [room, other] = [roomOf(file), roomOf(resolve(dirname(file), target))];
        if (room !== other) imported.set(room, (imported.get(room) ?? new Set()).add(other));
      }
    }
    // Rooms that import only such as were taken away are taken away, floor by floor: what is left goes in circles.
    for (;;) {
      const floor = [...imported].filter(([, others]) => ![...others].some((other) => imported.has(other)));
      if (floor.length === 0) break;
      for (const [room] of floor) imported.delete(room);
    }
    expect([...imported.keys()]).toEqual([]);
  });

  it('touches `process` only in the command line, the queue, worker entries, the choice of a kernel, a card, a library or a compiler, the client of buckets, permissions, the time of processors and the lock of a run folder', () => {
    const users = files(source)
      .filter((file) => /\bprocess\.(?!versions?\b)\w|from 'node:process'/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file));
    const may =
      /^(cli|queue)\/|^processor-time\.ts$|^propagation\/card-trial\.ts$|^run\/card-trial-process\.ts$|^gpu\/device\.ts$|^thread\.ts$|^kernel\/variant\.ts$|^store\/s3\/(connection|working-copy)\.ts$|^propagation\/backend\/tensorflow\.ts$|^store\/writer\.ts$|^permission\.ts$|^flow\/compiler\.ts$/;
    expect(users.filter((file) => !may.test(file))).toEqual([]);
  });

  it("raises to powers by numeric/power.ts, whose bits are no engine's, but for squares, roots and powers of two", () => {
    const drawn = /^(report|page)\//; // no results are made of them
    const wrong = files(source)
      .filter((file) => !drawn.test(relative(source, file)))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .replace(/\/\*[\s\S]*?\*\/|\/\/.*|`[^`$]*`|'[^'\n]*'/g, '')
          .split('\n')
          .filter((line) =>
            /\bMath\.pow\b|\*\*/.test(
              line.replace(/\b2n? \*\* (?!\(.*\/)/g, '').replace(/ \*\* (2|0\.5)\b(?![.])/g, ''),
            ),
          )
          .map((line) => `${relative(root, file)}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  it('imports the package by its name in pipelines, so that their files run wherever they are copied to', () => {
    const wrong = files(join(root, 'pipelines')).flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => !/^(crackle(\/pipelines\/[\w-]+)?|rxjs)$/.test(target))
        .map(({ target }) => `${relative(root, file)} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('calls figures figures: every exported function that makes one, and nothing else in their files', () => {
    const made = /export function (\w+)\([^{}]*?(?:\{\})?[^{}]*?\): (\w+(?:<[^{]*>)?(?:\[\])?) \{/g;
    const wrong = files(join(source, 'report')).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(made)]
        .filter(([, name, type]) => name!.endsWith('Figure') !== (type === 'Figure'))
        .map(([, name]) => `${relative(root, file)}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  it('exports no function or value that its own file alone uses', () => {
    const users = new Map<string, Set<string>>();
    const all = ['src', 'pipelines', 'test'].flatMap((name) => files(join(root, name)));
    for (const file of [...all, join(root, 'vitest.config.ts')]) {
      for (const [word] of readFileSync(file, 'utf8').matchAll(/\b[A-Za-z_]\w*/g)) {
        users.set(word, (users.get(word) ?? new Set()).add(file));
      }
    }
    const made = /^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm;
    const alone = all.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(made)]
        .filter(([, name]) => users.get(name!)!.size === 1)
        .map(([, name]) => `${relative(root, file)}: ${name}`),
    );
    expect(alone).toEqual([]);
  });

  it('has no file that hides behind an empty name', () => {
    const names = /^(utils?|helpers?|common|core|manager|service|types|misc)\b/;
    const hidden = [...files(source), ...files(join(root, 'pipelines'))].filter((file) =>
      names.test(file.split(sep).at(-1)!),
    );
    expect(hidden).toEqual([]);
  });
});
