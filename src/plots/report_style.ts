/** The look of the report, for light and dark, narrow and wide windows. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d8dee4; --panel: #f6f8fa;
  --bar: #0072b2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e6e9ec; --faint: #a3adb8; --line: #363d45; --panel: #1d232a;
    --bar: #56b4e9;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 78rem; padding: 1.5rem 1rem 4rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1 { margin: 0 0 1rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; }
.numbers { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0; }
.numbers div { flex: 1 1 9.5rem; padding: 0.6rem 0.8rem; background: var(--panel); border-radius: 0.5rem; }
.numbers .wide { flex-basis: 20rem; }
.numbers dt { color: var(--faint); font-size: 0.85rem; }
.numbers dd { margin: 0; font-size: 1.3rem; font-weight: 600; }
.numbers .wide dd { font-size: 1rem; }
.numbers small { display: block; font-size: 0.85rem; font-weight: normal; color: var(--faint); }
.options {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0 2rem;
  margin: 0;
}
.options div {
  display: flex; justify-content: space-between; gap: 1rem; padding: 0.25rem 0;
  border-bottom: 1px solid var(--line);
}
.options dt { flex: none; color: var(--faint); }
.options dd { margin: 0; text-align: right; }
.scroll { overflow: auto; }
.epochs { max-height: 26rem; border: 1px solid var(--line); border-radius: 0.5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.8rem; text-align: right; white-space: nowrap; }
thead th { position: sticky; top: 0; background: var(--panel); font-weight: 600; }
tbody th { font-weight: normal; }
tr + tr > * { border-top: 1px solid var(--line); }
tr.best > * { font-weight: 700; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem; }
figure { flex: 1 1 auto; max-width: 100%; margin: 0; }
figure .scroll { background: #ffffff; border: 1px solid var(--line); border-radius: 0.5rem; }
figure svg { display: block; margin: 0 auto; max-width: max(100%, 34rem); height: auto; }
figcaption { width: 0; min-width: 100%; margin-top: 0.4rem; color: var(--faint); font-size: 0.9rem; }
.rates th { text-align: left; white-space: normal; font-weight: normal; }
.rates td:last-child { width: 50%; }
.rates span {
  display: block; min-width: 1px; height: 0.75rem; background: var(--bar); border-radius: 0.2rem;
}
pre {
  margin: 0.25rem 0 1rem; padding: 0.7rem 0.9rem; background: var(--panel); border-radius: 0.5rem;
  font: 0.9rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap;
}
`;
