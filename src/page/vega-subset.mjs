/** What figures need of vega: no maps, forces, trees, words or regressions, which are a quarter of it. */
import { transforms } from 'vega-dataflow';
import * as encode from 'vega-encode';
import * as tx from 'vega-transforms';
import { extend } from 'vega-util';
import * as vtx from 'vega-view-transforms';

export { parse } from 'vega-parser';
export { Error, logger, None, Warn } from 'vega-util';
export { View } from 'vega-view';

extend(transforms, tx, vtx, encode);
