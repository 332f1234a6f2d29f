import { describe, expect, it } from 'vitest';
import { missingField } from '../../src/report/figure-fields.ts';

const values = [{ width: 128, mean: 3, error: null }];
const axis = (field: string) => ({ field, type: 'quantitative' });
const view = { data: { values }, mark: 'point', encoding: { x: axis('width'), y: axis('mean') } };

describe('a field that no row has', () => {
  it('is found in a view, a layer, a panel, a condition, a facet and a repeat, with the columns there are', () => {
    const wrong = { ...view, encoding: { x: axis('width'), y: axis('maen') } };
    const found = { field: 'maen', columns: ['width', 'mean', 'error'] };
    expect(missingField(wrong)).toEqual(found);
    expect(missingField({ hconcat: [view, { vconcat: [wrong] }] })).toEqual(found);
    expect(missingField({ data: { values }, layer: [{ mark: 'line', encoding: wrong.encoding }] })).toEqual(found);
    expect(missingField({ ...view, encoding: { color: { condition: { test: 'true', field: 'maen' } } } })).toEqual(
      found,
    );
    expect(missingField({ data: { values }, facet: { field: 'maen' }, spec: { mark: 'point' } })).toEqual(found);
    expect(missingField({ data: { values }, repeat: { row: ['mean', 'maen'] }, spec: { mark: 'point' } })).toEqual(
      found,
    );
    expect(missingField({ ...view, encoding: { tooltip: [axis('mean'), axis('maen')] } })).toEqual(found);
  });

  it('is none where a column is null, made by a transform, inherited by some views only, or of data that are not rows', () => {
    expect(missingField({ ...view, encoding: { y: axis('error') } })).toBeUndefined();
    const made = { ...view, encoding: { y: axis('low') } };
    expect(missingField({ ...made, transform: [{ calculate: 'datum.mean - 1', as: 'low' }] })).toBeUndefined();
    expect(
      missingField({
        ...made,
        transform: [{ aggregate: [{ op: 'min', field: 'mean', as: 'low' }], groupby: ['width'] }],
      }),
    ).toBeUndefined();
    expect(missingField({ ...made, transform: [{ pivot: 'width', value: 'mean' }] })).toBeUndefined();
    expect(missingField({ ...made, data: { url: 'elsewhere.csv' } })).toBeUndefined();
    expect(missingField({ ...made, data: { values: [] } })).toBeUndefined();
    expect(missingField(made, ['low'])).toBeUndefined();
    const rule = { data: { values: [{ zero: 0 }] }, mark: 'rule', encoding: { y: axis('zero') } };
    expect(missingField({ encoding: { x: axis('width') }, layer: [rule, view] })).toBeUndefined();
    expect(
      missingField({
        ...view,
        encoding: { x: { ...axis('a.b') }, y: { aggregate: 'count' } },
        data: { values: [{ a: { b: 1 } }] },
      }),
    ).toBeUndefined();
    // What only a name in a transform of another kind tells isn't one.
    expect(missingField({ ...made, transform: [{ filter: 'datum.width > 1' }] })?.field).toBe('low');
  });
});
