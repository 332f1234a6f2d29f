/**
 * Doubles in the BYTE_STREAM_SPLIT encoding (Parquet format, Encodings.md): all first bytes, all second bytes and so on. Sums of float32
 * strengths end in zero bits and share their exponents, so what follows compresses better, and faster.
 */
export function byteStreamSplit(values: Buffer): Buffer {
  const count = values.length / 8;
  const words = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  const into = Buffer.allocUnsafeSlow(values.length);
  const at = (stream: number): Buffer => into.subarray(stream * count, (stream + 1) * count);
  const [b0, b1, b2, b3] = [at(0), at(1), at(2), at(3)];
  const [b4, b5, b6, b7] = [at(4), at(5), at(6), at(7)];
  for (let i = 0; i < count; i++) {
    const low = words[2 * i]!;
    const high = words[2 * i + 1]!;
    b0[i] = low;
    b1[i] = low >>> 8;
    b2[i] = low >>> 16;
    b3[i] = low >>> 24;
    b4[i] = high;
    b5[i] = high >>> 8;
    b6[i] = high >>> 16;
    b7[i] = high >>> 24;
  }
  return into;
}
