import { Resvg } from '@resvg/resvg-js';
import { expect, it } from 'vitest';
import { slimPath } from '../../src/report/slim-path.ts';
import { slimSvg } from '../../src/report/slim-svg.ts';

const drawing = (marks: string, kind: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#ffffff"/><g fill="none"><g class="mark-${kind} role-mark marks">${marks}</g></g></svg>`;

/** Share of the channels in which two drawings differ by more than a sixth, and the largest difference. */
function differences(a: string, b: string): [share: number, most: number] {
  const [one, other] = [a, b].map((svg) => new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 } }).render().pixels);
  const away = one!.map((value, i) => Math.abs(value - other![i]!));
  return [away.filter((each) => each > 42).length / away.length, away.reduce((most, each) => Math.max(most, each), 0)];
}

/** As Vega draws a map: rows from below, cells a fifth too wide and too high. */
const map = (color: (column: number, row: number) => string): string =>
  Array.from({ length: 20 }, (_, row) =>
    Array.from({ length: 30 }, (_, column) => {
      const [x, y] = [column * 9.3, 190 - 9.1 * row - 1.8].map((value) => value.toFixed(5));
      return `<path aria-label="a" role="graphics-symbol" d="M${x},${y}h11.16v10.92h-11.16Z" fill="${color(column, row)}"></path>`.replace(
        '></path>',
        '/>',
      );
    }).join(''),
  ).join('');

it('a map of cells takes a fifth of its size at most, and looks the same', () => {
  const fat = drawing(
    map((column, row) => (column < row ? 'rgb(68, 1, 84)' : `rgb(${8 * column}, ${60 * Math.floor(row / 5)}, 120)`)),
    'rect',
  );
  const slim = slimSvg(fat);
  expect(slim.length).toBeLessThan(fat.length / 5);
  const [share] = differences(fat, slim);
  expect(share).toBeLessThan(0.01); // edges of cells, by half a pixel
});

it('lines, points and labels look the same, and what they have in common stands once', () => {
  const wave = Array.from({ length: 300 }, (_, i) => `${i},${(100 + (i < 150 ? 0 : 60 * Math.sin(i / 9))).toFixed(6)}`);
  const line = (shift: number): string =>
    `<path d="M${wave.join('L')}" transform="translate(0,${shift})" stroke="#0072B2" stroke-width="1.5" opacity="0.8"/>`;
  const circle = (x: number): string =>
    `<path transform="translate(${x},20)" d="M2.24,0A2.24,2.24,0,1,1,-2.24,0A2.24,2.24,0,1,1,2.24,0" fill="#D55E00"/>`;
  for (const fat of [drawing(line(0) + line(20), 'line'), drawing(circle(10) + circle(30.123), 'symbol')]) {
    const slim = slimSvg(fat);
    expect(slim.length).toBeLessThan(fat.length);
    expect(slim.match(/#0072B2|#D55E00/g)).toHaveLength(1);
    const [share, most] = differences(fat, slim);
    expect(share).toBeLessThan(1e-4);
    expect(most).toBeLessThan(64);
  }
});

it('marks let through what they did, and those that let all of it through are left out', () => {
  const square = (at: number, paint: string): string =>
    `<path transform="translate(${at},${at})" d="M0,0h60v60h-60Z" ${paint}/>`;
  const fat = drawing(
    [
      square(10, 'fill="#0072B2" opacity="0.5"'),
      square(40, 'fill="#0072B2" opacity="0.5"'),
      square(70, 'stroke="#D55E00" stroke-width="9" opacity="0.7"'),
      square(100, 'fill="#009E73" stroke="#D55E00" stroke-width="9" opacity="0.4"'),
      square(120, 'fill="#009E73" fill-opacity="0.5" opacity="0.5"'),
      square(130, 'fill="#D55E00" opacity="0"'),
    ].join(''),
    'symbol',
  );
  const slim = slimSvg(fat);
  expect(slim.match(/ opacity="[^"]*"/g)).toEqual([' opacity="0.4"', ' opacity="0.5"']);
  expect(slim).not.toContain('translate(130,130)');
  const [, most] = differences(fat, slim);
  expect(most).toBeLessThan(3);
});

it('what a group of marks lets through stands once', () => {
  const circle = (x: number): string =>
    `<path transform="translate(${x},20)" d="M0,0h6v6h-6Z" fill="#D55E00" opacity="0.5"/>`;
  const slim = slimSvg(drawing(circle(10) + circle(30) + circle(33), 'symbol'));
  expect(slim).toContain(' fill="#D55E00" fill-opacity="0.5"><path');
  expect(slim.match(/opacity/g)).toHaveLength(1);
});

it('slimPath keeps corners, closes paths, and leaves curves alone', () => {
  expect(slimPath('M0,0L5,0L10,0.01L10,10L0,10Z', 2)).toBe('M0 0l10 .01v9.99h-10z');
  expect(slimPath('M1.5,-2L1.5,8', 2)).toBe('M1.5-2v10');
  expect(slimPath('M0,0L1,1M5,5L6,4', 1)).toBe('M0 0l1 1m4 4l1-1');
  expect(slimPath('M0,0A2,2,0,1,1,4,0', 2)).toBe('M0,0A2,2,0,1,1,4,0');
  expect(slimPath('M0,0C1,1,2,2,3,0', 2)).toBe('M0,0C1,1,2,2,3,0');
});
