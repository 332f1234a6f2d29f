import { ENDLESS } from './lanes.wgsl.ts';

/** Vectors of four neurons that a panel holds: for each of its fours the normals, rows and energies of up to 256 perturbations. */
export const PANEL = 576;

/** A loop whose end Dawn sees (`lanes.wgsl.ts`). */
const loop = (index: string, stop: string): string =>
  `for (var ${index} = 0u; ${index} < ${ENDLESS}u; ${index}++) { if (${stop}) { break; }`;

/** Rows of up to four perturbations, in registers: nothing but the sums over neurons leaves a lane. */
function few(lanes: number): string {
  const row = (i: number, inside: string): string => {
    const x = 'xyzw'[i];
    const gram = Array.from({ length: i + 1 }, (_, j) => {
      const entry = (i * (i + 1)) / 2 + j;
      return `g${entry >> 2}.${'xyzw'[entry & 3]} += along(x${i}, x${j});`;
    }).join(' ');
    return `energies.${x} += along(h${i}, h${i}); let x${i} = phi(h${i} * a.${x}) * b.${x}; ${gram}
      ${inside === '' ? '' : `if (n > ${i + 1}u) { ${inside} }`}`;
  };
  const normal = (k: number): string =>
    `if (rank > ${k}u) {
        let z = drawn(key.x + ${k}u * quads + q, key, left);
        ${Array.from({ length: 4 - k }, (_, i) => `h${i + k} = fma(vec4f(f${k}.${'xyzw'[i + k]}), z, h${i + k});`).join(' ')}
      }`;
  const parts = lanes / 4;
  return /* wgsl */ `
fn few(n: u32, rank: u32, key: vec4u, lane: u32, at: Places) {
  let quads = (params.width + 3u) / 4u;
  ${[0, 1, 2, 3].map((k) => `let f${k} = factors[at.factor + ${k}u];`).join(' ')}
  let a = factors[at.scales];
  let b = factors[at.scales + 1u];
  var energies = vec4f(0.0); var g0 = vec4f(0.0); var g1 = vec4f(0.0); var g2 = vec4f(0.0);
  ${loop('r', `lane + ${lanes}u * r >= quads`)}
    let q = lane + ${lanes}u * r;
    let left = params.width - 4u * q;
    var h0 = vec4f(0.0); var h1 = vec4f(0.0); var h2 = vec4f(0.0); var h3 = vec4f(0.0);
    ${[0, 1, 2, 3].map(normal).join('\n    ')}
    ${row(0, row(1, row(2, row(3, ''))))}
  }
  panel[lane] = energies; panel[${lanes}u + lane] = g0; panel[${2 * lanes}u + lane] = g1; panel[${3 * lanes}u + lane] = g2;
  workgroupBarrier();
  let what = lane & 3u;
  let part = ${lanes}u * what + (lane >> 2u) * 4u;
  let sum = (panel[part] + panel[part + 1u]) + (panel[part + 2u] + panel[part + 3u]);
  panel[${4 * lanes}u + ${parts}u * what + (lane >> 2u)] = sum;
  workgroupBarrier();
  if (lane < 4u) {
    var total = vec4f(0.0);
    ${loop('g', `g == ${parts}u`)} total += panel[${4 * lanes}u + ${parts}u * lane + g]; }
    for (var c = 0u; c < 4u; c++) {
      if (lane == 0u) {
        spare[c] = total[c];
      } else {
        // Entry e of a lower triangle of four rows.
        let e = 4u * (lane - 1u) + c;
        let i = u32(e > 0u) + u32(e > 2u) + u32(e > 5u);
        if (e < 10u) { grams[at.gram + 4u * i + e - i * (i + 1u) / 2u] = total[c]; }
      }
    }
  }
}
`;
}

/** Rows of any number of perturbations, in panels of neurons that all lanes share: normals, H = F·Z in tiles of four by four, Gram matrix. */
function many(lanes: number): string {
  const rows = [0, 1, 2, 3];
  return /* wgsl */ `
/** Block i of the tile i·(i + 1)/2 + j. */
fn block_of(tile: u32) -> u32 {
  var i = u32((sqrt(8.0 * f32(tile) + 1.0) - 1.0) * 0.5);
  if (i * (i + 1u) / 2u > tile) { i--; }
  if ((i + 1u) * (i + 2u) / 2u <= tile) { i++; }
  return i;
}
fn many(n: u32, rank: u32, key: vec4u, lane: u32, at: Places) {
  let quads = (params.width + 3u) / 4u;
  let blocks = (n + 3u) / 4u;
  let tiles = blocks * (blocks + 1u) / 2u;
  let slices = 1u << (31u - countLeadingZeros(max(1u, ${lanes}u / tiles)));
  let across = ${PANEL}u / (9u * blocks);
  ${loop('r', `lane + ${lanes}u * r >= 16u * tiles * slices`)} grams[at.gram + lane + ${lanes}u * r] = 0.0; }
  for (var i = lane; i < n; i += ${lanes}u) { spare[i] = 0.0; }
  storageBarrier();
  for (var begin = 0u; begin < quads; begin += across) {
    let w = min(across, quads - begin);
    ${loop('r', `lane + ${lanes}u * r >= rank * w`)}
      let i = lane + ${lanes}u * r;
      let k = i / w;
      let q = begin + i % w;
      panel[k * across + i % w] = drawn(key.x + k * quads + q, key, params.width - 4u * q);
    }
    workgroupBarrier();
    ${loop('r', `lane + ${lanes}u * r >= blocks * w`)}
      let i = lane + ${lanes}u * r;
      let block = i / w;
      let q = i % w;
      let columns = min(4u * block + 4u, rank);
      let row = at.factor + block * COLUMNS;
      var h0 = vec4f(0.0); var h1 = vec4f(0.0); var h2 = vec4f(0.0); var h3 = vec4f(0.0);
      ${loop('k', 'k == columns')}
        let f = factors[row + k];
        let z = panel[k * across + q];
        ${rows.map((i) => `h${i} = fma(vec4f(f.${'xyzw'[i]}), z, h${i});`).join(' ')}
      }
      let a = factors[at.scales + 2u * block];
      let b = factors[at.scales + 2u * block + 1u];
      panel[(8u * blocks + block) * across + q] = vec4f(${rows.map((i) => `along(h${i}, h${i})`).join(', ')});
      ${rows.map((i) => `panel[(4u * (blocks + block) + ${i}u) * across + q] = phi(h${i} * a.${'xyzw'[i]}) * b.${'xyzw'[i]};`).join('\n      ')}
    }
    workgroupBarrier();
    ${loop('r', `lane + ${lanes}u * r >= tiles * slices`)}
      let task = lane + ${lanes}u * r;
      let tile = task % tiles;
      let i = block_of(tile);
      let j = tile - i * (i + 1u) / 2u;
      let left = 4u * (blocks + i) * across;
      let right = 4u * (blocks + j) * across;
      ${rows.map((i) => `var c${i} = vec4f(0.0);`).join(' ')}
      for (var q = task / tiles; q < w; q += slices) {
        ${rows.map((i) => `let b${i} = panel[right + ${i}u * across + q];`).join(' ')}
        ${rows.map((i) => `let a${i} = panel[left + ${i}u * across + q]; c${i} += vec4f(${rows.map((j) => `along(a${i}, b${j})`).join(', ')});`).join('\n        ')}
      }
      let to = at.gram + 16u * task;
      ${rows.map((i) => rows.map((j) => `grams[to + ${4 * i + j}u] += c${i}.${'xyzw'[j]};`).join(' ')).join('\n      ')}
    }
    for (var i = lane; i < n; i += ${lanes}u) {
      var sum = 0.0;
      for (var q = 0u; q < w; q++) { sum += panel[(8u * blocks + i / 4u) * across + q][i % 4u]; }
      spare[i] += sum;
    }
    workgroupBarrier();
  }
  storageBarrier();
  ${loop('r', `lane + ${lanes}u * r >= 16u * tiles`)}
    let entry = at.gram + lane + ${lanes}u * r;
    var sum = grams[entry];
    for (var s = 1u; s < slices; s++) { sum += grams[entry + 16u * tiles * s]; }
    grams[entry] = sum;
  }
}
`;
}

/**
 * Neurons of one layer in WGSL: \`few(n, rank, key, lane, at)\` and \`many(…)\`, for up to four rows and for any number. Both leave sums of h² of the
 * rows in \`spare\` and the lower triangle of X·Xᵀ in \`grams\`, in tiles of four by four; every pair of rows is summed in the same order, so that
 * equal rows have equal entries.
 */
export const gramSource = (lanes: number, reuse: number): string => /* wgsl */ `
/** a·b, the same whichever comes first. */
fn along(a: vec4f, b: vec4f) -> f32 { return fma(a.x, b.x, fma(a.y, b.y, fma(a.z, b.z, a.w * b.w))); }
/** The entry of rows i and j. */
fn product_of(i: u32, j: u32, at: Places) -> f32 {
  let high = max(i, j); let low = min(i, j);
  let block = high / 4u;
  return grams[at.gram + 16u * (block * (block + 1u) / 2u + low / 4u) + 4u * (high % 4u) + low % 4u];
}
${few(lanes)}${reuse > 4 ? many(lanes) : ''}`;
