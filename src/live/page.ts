import { escapeHtml } from '../report/page-html.ts';
import { pageScript } from '../report/page-script.ts';
import { pageStyle } from '../report/page-style.ts';

/** The page that follows a run, and the content security policy that it is sent with. */
export function livePage(title: string, canStop: boolean): { html: string; policy: string } {
  const { text, hash } = pageScript('live');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} – crackle, live</title>
<style>
${pageStyle}
progress { width: 100%; height: 1.1rem; accent-color: var(--accent); }
.live { display: grid; gap: 1rem; }
.traces { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
.traces svg { width: 100%; height: auto; color: var(--accent); background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.traces figcaption { font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><nav aria-label="Page"></nav></header>
<main class="live">
<p id="message" role="status">connecting …</p>
<label>Share of the simulation that is done <progress id="fraction" max="1" value="0"></progress></label>
<dl id="facts"></dl>
${canStop ? '<p><button type="button" id="stop">Stop the run</button> What is merged by then is kept, and can be resumed: the same as Ctrl-C.</p>' : ''}
<section><h2>Running estimates</h2>
<p class="soft">Against avalanches seen, of the ensemble that is worked on; grey: how far an estimate has wandered over the last half of them. They carry no errors: those come with the fits at the end.</p>
<div class="traces" id="traces"></div></section>
</main>
<script>${text}</script>
</body>
</html>
`;
  const policy = `default-src 'none'; script-src '${hash}'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html, policy };
}
