import { readFileSync } from 'node:fs';
import { vendorFile } from '../vendor/file.ts';

/** Paths of the fonts that figures are drawn with, by weight. */
export const fontFiles = {
  normal: vendorFile('DejaVuSans.ttf'),
  bold: vendorFile('DejaVuSans-Bold.ttf'),
  italic: vendorFile('DejaVuSans-Oblique.ttf'),
} as const;

interface FontMetrics {
  readonly unitsPerEm: number;
  advance(codePoint: number): number;
}

/**
 * Advance widths of a TrueType font: tables head, hhea, hmtx and cmap format 4 of the OpenType specification. Characters
 * outside the Basic Multilingual Plane get the width of the missing glyph.
 */
function readMetrics(path: string): FontMetrics {
  const bytes = readFileSync(path);
  const table = new Map<string, number>();
  for (let i = 0; i < bytes.readUInt16BE(4); i++) {
    const at = 12 + 16 * i;
    table.set(bytes.toString('latin1', at, at + 4), bytes.readUInt32BE(at + 8));
  }
  const [head, hhea, hmtx, cmap] = ['head', 'hhea', 'hmtx', 'cmap'].map((name) => table.get(name) ?? 0) as [
    number,
    number,
    number,
    number,
  ];
  const longMetrics = bytes.readUInt16BE(hhea + 34);
  let segments = 0;
  for (let i = 0; i < bytes.readUInt16BE(cmap + 2); i++) {
    const offset = cmap + bytes.readUInt32BE(cmap + 8 + 8 * i);
    if (bytes.readUInt16BE(offset) === 4) segments = offset;
  }
  const twice = bytes.readUInt16BE(segments + 6);
  const ends = segments + 14;
  const starts = ends + twice + 2;
  const deltas = starts + twice;
  const ranges = deltas + twice;
  const glyph = (code: number): number => {
    for (let i = 0; i < twice; i += 2) {
      if (code > bytes.readUInt16BE(ends + i)) continue;
      const start = bytes.readUInt16BE(starts + i);
      if (code < start) return 0;
      const delta = bytes.readUInt16BE(deltas + i);
      const range = bytes.readUInt16BE(ranges + i);
      if (range === 0) return (code + delta) & 0xffff;
      const id = bytes.readUInt16BE(ranges + i + range + 2 * (code - start));
      return id === 0 ? 0 : (id + delta) & 0xffff;
    }
    return 0;
  };
  const advances = new Map<number, number>();
  return {
    unitsPerEm: bytes.readUInt16BE(head + 18),
    advance(code) {
      let width = advances.get(code);
      if (width === undefined) {
        width = bytes.readUInt16BE(hmtx + 4 * Math.min(glyph(code), longMetrics - 1));
        advances.set(code, width);
      }
      return width;
    },
  };
}

const metrics = new Map<string, FontMetrics>();

/** Width in pixels of a line of DejaVu Sans at a font size in pixels (no kerning), so that no label is cut without a canvas. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  const path = bold ? fontFiles.bold : fontFiles.normal;
  let font = metrics.get(path);
  if (font === undefined) {
    font = readMetrics(path);
    metrics.set(path, font);
  }
  let units = 0;
  for (const character of text) units += font.advance(character.codePointAt(0) ?? 0);
  return (units * fontSize) / font.unitsPerEm;
}
