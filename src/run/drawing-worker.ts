import { parentPort, workerData } from 'node:worker_threads';
import { loadPipeline } from '../flow/load.ts';
import type { EnsembleResult } from '../pipeline.ts';
import { drawReport } from '../report/draw-report.ts';
import { reportHtml } from '../report/page.ts';
import type { DrawingOrder, DrawingReport, DrawingStart, Practice } from './drawing.ts';

/** Entry of the thread that draws, see `drawing.ts`. */

const port = parentPort!;
const tell = (report: DrawingReport): void => port.postMessage(report);

/** A report waits: practice is over. */
let wanted = false;
let practising: Promise<void> = Promise.resolve();

async function practise({ values, done }: Practice): Promise<void> {
  const { module } = workerData as DrawingStart;
  if (module === undefined) return;
  const { compose, name, doc } = await loadPipeline(module);
  const { ensembles, results, summaries, figures } = compose(values);
  const tables = results(
    done.map(
      ({ ensemble, counts, measured }): EnsembleResult<unknown> => ({
        ensemble: ensembles[ensemble]!,
        counts,
        measured,
        get result(): unknown {
          throw new Error('there is only what was measured of it');
        },
      }),
    ),
  );
  const page = { title: name, doc, parameters: values, tables, summaries: summaries?.(tables) ?? [] };
  for (const figure of figures?.(tables) ?? []) {
    await new Promise((asked) => setImmediate(asked));
    if (wanted) return;
    await reportHtml({ ...page, figures: [figure] });
  }
}

port.on('message', async (order: DrawingOrder) => {
  if (order === 'end') {
    port.close();
    return;
  }
  if ('practice' in order) {
    const began = performance.now();
    // Whatever is the matter with it shows when it counts.
    practising = practise(order.practice).catch(() => {});
    await practising;
    tell({ practised: (performance.now() - began) / 1000 });
    return;
  }
  wanted = true;
  await practising;
  tell(
    await drawReport(order.folder, order.report, (svg, path) => tell({ svg, path })).then(
      (files) => ({ files }),
      () => ({}),
    ),
  );
});
