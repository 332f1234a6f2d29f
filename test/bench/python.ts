import { spawnSync } from 'node:child_process';

/** What a script of Python prints, line by line in words; no lines, and why, where it fails. */
export function python(script: string, seconds: number): { readonly lines: string[][]; readonly note: string } {
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', script], {
    encoding: 'utf8',
    timeout: 1000 * seconds,
  });
  const lines = (stdout ?? '').trim().split('\n').filter(Boolean);
  const why = error?.message ?? stderr?.trim().split('\n').at(-1) ?? '';
  const end = status === 0 ? '' : `${lines.length > 0 ? '; ' : ''}ended early: ${why}`;
  return { lines: lines.map((line) => line.split(' ')), note: lines.join(', ') + end };
}
