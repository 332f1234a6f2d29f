/** Style sheet of report.html: one column, system fonts, light and dark, and a print form. Figures keep their white ground. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1d1f21; --soft: #5b6166; --line: #d9dde0; --ground: #fbfbfa; --card: #ffffff; --accent: #0072b2; --code: #f1f3f4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e7e8; --soft: #a5abb0; --line: #3a3f44; --ground: #17191b; --card: #1f2225; --accent: #56b4e9; --code: #262a2e; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.25rem; margin-bottom: 2rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { max-width: 48rem; margin: .5rem 0; }
.soft { color: var(--soft); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 1rem 0 0; font-size: .92rem; }
a { color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .75rem 0; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .35rem; }
th, td { padding: .34rem .9rem .34rem 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
table.plain td, table.plain th { text-align: left; white-space: normal; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 2rem 1.5rem; }
figure { margin: 0; padding: 0; min-width: 0; }
figure.wide, .figures > p { grid-column: 1 / -1; }
figure .paper { background: #ffffff; border: 1px solid var(--line); border-radius: 6px; padding: .5rem; overflow-x: auto; }
figure svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
figcaption { max-width: 48rem; font-size: .92rem; color: var(--soft); margin-top: .6rem; }
figcaption b { color: var(--ink); }
pre { background: var(--code); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto; font-size: .86rem; line-height: 1.45; }
code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
ul.notes { max-width: 48rem; margin: 0; padding: .6rem 1rem .6rem 2rem; border-left: 3px solid var(--accent); background: var(--code); }
sup { line-height: 0; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #bbb; --ground: #fff; --card: #fff; --accent: #000; --code: #f4f4f4; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  figure, table, pre { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .figures { gap: 1.25rem; }
  figure .paper { border: none; padding: 0; }
  pre { white-space: pre-wrap; }
}
`.trim();
