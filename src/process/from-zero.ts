import { makeData, RecordBatch } from 'apache-arrow';
import { map, type OperatorFunction } from 'rxjs';

/**
 * Stage that hands on `avalanche` batches with the sum from zero, column `signal_size`, in the place of the excess, column `size`; other batches pass.
 * For the control that shows what that does to exponents (Villegas, di Santo, Burioni & Muñoz, arXiv:1902.10465).
 */
export function summedFromZero(): OperatorFunction<RecordBatch, RecordBatch> {
  return map((batch) => {
    const names = batch.schema.fields.map(({ name }) => name);
    const [size, fromZero] = [names.indexOf('size'), names.indexOf('signal_size')];
    if (size < 0 || fromZero < 0) return batch;
    const children = batch.data.children.map((child, i) => (i === size ? batch.data.children[fromZero]! : child));
    const { type, length } = batch.data;
    return new RecordBatch(batch.schema, makeData({ type, length, nullCount: 0, children }));
  });
}
