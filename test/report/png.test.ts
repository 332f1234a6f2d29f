import { Resvg } from '@resvg/resvg-js';
import { expect, it } from 'vitest';
import { svgToPng } from '../../src/report/png.ts';

it('packs what the library draws, to the pixel, on white', async () => {
  const marks =
    '<circle cx="11" cy="7" r="6" fill="#d55e00" fill-opacity="0.4"/><path d="M0,0L37,19" stroke="#0072b2"/>';
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="37" height="19">${marks}</svg>`;
  const drawn = new Resvg(picture, { background: 'white', fitTo: { mode: 'zoom', value: 2 } }).render();
  const png = await svgToPng(picture);
  const data = `data:image/png;base64,${png.toString('base64')}`;
  const again = `<svg xmlns="http://www.w3.org/2000/svg" width="74" height="38"><image width="74" height="38" href="${data}"/></svg>`;
  const read = new Resvg(again).render();
  expect([read.width, read.height]).toEqual([74, 38]);
  expect(Buffer.compare(read.pixels, drawn.pixels)).toBe(0);
  expect(new Set(read.pixels.filter((_, i) => i % 4 === 3))).toEqual(new Set([255]));
  // A reader that checks sums refuses what is spoilt.
  const spoilt = Buffer.from(png);
  spoilt[spoilt.length - 20]! ^= 1;
  const broken = again.replace(data, `data:image/png;base64,${spoilt.toString('base64')}`);
  expect(new Resvg(broken).render().pixels.every((value) => value === 0)).toBe(true);
});
