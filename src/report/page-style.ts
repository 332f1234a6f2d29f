import { darkRules } from './dark-colors.ts';

const dark =
  '--ink: #e6e7e8; --soft: #a9afb4; --line: #3a3f44; --ground: #141618; --card: #1b1e21; --accent: #6cb8ee; --code: #24282c;';

const darkPage = (scope: string): string => `${scope} { ${dark} color-scheme: dark; }
${darkRules(scope)}`;

/** Style sheet of report.html: one column, system fonts, light and dark, figures too, and a print form. */
export const pageStyle = `
:root { color-scheme: light; --ink: #1d1f21; --soft: #565c61; --line: #d9dde0; --ground: #fbfbfa; --card: #ffffff; --accent: #00639c; --code: #f1f3f4; }
@media screen and (prefers-color-scheme: dark) {
${darkPage(':root:not([data-scheme="light"])')}
}
@media screen {
${darkPage(':root[data-scheme="dark"]')}
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2.5rem 1.5rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; overflow-wrap: break-word; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.25rem; margin-bottom: 2rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { max-width: 48rem; margin: .5rem 0; }
.soft { color: var(--soft); font-size: .92rem; }
nav { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1.25rem; margin-top: 1rem; font-size: .92rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 0; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button, select { font: inherit; font-size: .86rem; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 5px; padding: .15rem .55rem; cursor: pointer; }
button:hover { border-color: var(--accent); }
button[aria-pressed="true"] { border-color: var(--soft); background: var(--code); }
.chip[aria-pressed="false"] { color: var(--soft); border-style: dashed; text-decoration: line-through; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
.scripted { display: none; }
.runs .scripted { display: revert; }
.scroll { overflow-x: auto; container-type: inline-size; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .75rem 0; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .35rem; max-width: min(48rem, 100cqi); position: sticky; left: 0; }
caption .copy { white-space: nowrap; padding: 0 .45rem; font-size: .8rem; }
th, td { padding: .34rem .9rem .34rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
thead th { vertical-align: bottom; white-space: normal; }
.words { white-space: normal; min-width: 9rem; }
thead button { all: unset; cursor: pointer; font-weight: 600; }
thead button:focus-visible { outline: 2px solid var(--accent); }
thead button:hover { color: var(--accent); }
[aria-sort="ascending"] button::after { content: ' ↑'; }
[aria-sort="descending"] button::after { content: ' ↓'; }
th:first-child, td:first-child { text-align: left; }
table.plain td, table.plain th { text-align: left; white-space: normal; }
ul.findings { padding-left: 1.2rem; max-width: 50rem; }
ul.findings li { margin: .45rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(29rem, 100%), 1fr)); gap: 2rem 1.5rem; }
figure { margin: 0; padding: 0; min-width: 0; }
figure.wide, figure.side, .figures > p { grid-column: 1 / -1; }
@media screen and (min-width: 62rem) {
  figure.side { display: grid; grid-template-columns: min(var(--drawn) + 1.2rem, 70%) minmax(0, 1fr); column-gap: 1.5rem; align-content: start; align-items: start; }
  figure.side .tools { grid-column: 1 / -1; }
}
@media screen and (min-width: 74rem) { figure.wide .plot { margin-inline: calc((100% - clamp(100%, var(--drawn) + 1.2rem, min(100vw - 3rem, 92rem))) / 2); } }
.plot { position: relative; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .5rem; overflow-x: auto; }
.plot svg { background: none !important; display: block; margin: 0 auto; max-width: 100%; height: auto; }
.plot.movable { cursor: grab; }
.plot.movable:active { cursor: grabbing; }
.plot text { user-select: none; }
.tools { display: flex; flex-wrap: wrap; gap: .3rem; margin-bottom: .4rem; }
.chip svg { width: .6em; height: .6em; margin-right: .4em; }
.tip { position: absolute; z-index: 2; pointer-events: none; background: var(--ink); color: var(--ground); font-size: .8rem; line-height: 1.35; padding: .3rem .5rem; border-radius: 4px; max-width: 18rem; }
.ring { position: absolute; pointer-events: none; width: 12px; height: 12px; border: 2px solid var(--ink); border-radius: 50%; }
.chosen { position: absolute; pointer-events: none; border: 1px solid var(--accent); background: color-mix(in srgb, var(--accent) 15%, transparent); }
figcaption { max-width: 48rem; font-size: .92rem; color: var(--soft); margin-top: .6rem; }
figcaption b { color: var(--ink); }
.links a { white-space: nowrap; }
.window { display: grid; grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); gap: 1.5rem; align-items: start; }
.controls { display: grid; gap: .9rem; }
.controls label { display: grid; gap: .2rem; font-size: .92rem; }
.controls input, .controls select { width: 100%; accent-color: var(--accent); }
.controls button { justify-self: start; }
output { font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.25rem; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; }
pre { background: var(--code); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto; font-size: .86rem; line-height: 1.45; }
code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
ul.notes { max-width: 48rem; margin: 0; padding: .6rem 1rem .6rem 2rem; border-left: 3px solid var(--accent); background: var(--code); }
sup { line-height: 0; }
@media (max-width: 40rem) {
  body { padding: 1.25rem .9rem 3rem; }
  .window { grid-template-columns: minmax(0, 1fr); }
  dl { grid-template-columns: minmax(0, 1fr); }
  dd { margin-bottom: .5rem; }
  .plot { padding: .25rem; }
}
@media print {
  :root { --ink: #000; --soft: #333; --line: #bbb; --ground: #fff; --card: #fff; --accent: #000; --code: #f4f4f4; }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .tools, .tip, .ring, button.copy, #fit-window, .soft.scripted { display: none; }
  .scroll, .plot { overflow: visible; }
  table { font-size: 7pt; width: 100%; }
  /* Not anywhere: that breaks numbers. */
  th, td { white-space: normal; padding-right: .4rem; overflow-wrap: break-word; }
  .words { min-width: 0; }
  thead th, caption { overflow-wrap: normal; }
  figure, tr, pre { break-inside: avoid; }
  thead { display: table-header-group; }
  h2, h3 { break-after: avoid; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem; }
  .plot { border: none; padding: 0; }
  .plot svg { min-width: 0 !important; }
  pre { white-space: pre-wrap; }
  dd { overflow-wrap: anywhere; }
}
`.trim();
