export { Error, logger, parse, textMetrics, View, Warn } from 'vega';
export { compile } from 'vega-lite';
