import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { resvg } from '../vendor/resvg.ts';
import { fontFiles } from './glyph-width.ts';

const deflated = promisify(deflate);

/**
 * PNG bytes of an SVG document, drawn and packed on threads beside this one: `zoom` pixels to each of its own, in DejaVu Sans on white whatever the
 * machine has.
 * @throws BackendError where the library for it can't be loaded
 */
export async function svgToPng(svg: string, zoom = 2): Promise<Buffer> {
  const { renderAsync } = resvg();
  const { width, height, pixels } = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    background: 'white',
    font: {
      loadSystemFonts: false,
      fontFiles: Object.values(fontFiles),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return packPng(pixels, width, height);
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Pixels as PNG (W3C, Portable Network Graphics): the library's own packing keeps the thread that asks for it, for three times as long, to a larger
 * file. Drawings are lines on white, of which filters make nothing smaller.
 * @param rgba four bytes a pixel, row by row
 */
async function packPng(rgba: Uint8Array, width: number, height: number): Promise<Buffer> {
  const row = 4 * width;
  const rows = Buffer.alloc((row + 1) * height);
  for (let y = 0; y < height; y++) rows.set(rgba.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 8 bits of red, green, blue and opacity.
  head.set([8, 6, 0, 0, 0], 8);
  const body = await deflated(rows, { level: 3 });
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const made = Buffer.alloc(12 + data.length);
  made.writeUInt32BE(data.length, 0);
  made.write(type, 4, 'latin1');
  made.set(data, 8);
  made.writeUInt32BE(crc32(made.subarray(4, 8 + data.length)), 8 + data.length);
  return made;
}

/** Remainders of bytes by the polynomial of ISO 3309; Node has a function of its own from 22.2 on only. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) rest = (rest >>> 8) ^ remainders[(rest ^ bytes[i]!) & 0xff]!;
  return ~rest >>> 0;
}
