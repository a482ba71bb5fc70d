/** Repositories, the administration, and the setup. */
export const REPORT_STYLE = `
.bullets { margin: 0 0 16px; padding-inline-start: 24px; }
.bullets li + li { margin-top: 4px; }
summary { padding: 4px 0; cursor: pointer; font-weight: 500; }
.findings { margin: 0 0 16px; padding: 0; list-style: none; }
.findings li { display: flex; gap: 8px; padding: 4px 0; }
.findings .icon { margin-top: 3px; }
.findings p { flex: 1; min-width: 0; margin: 0; }
.findings .failed > .icon { color: var(--danger); }
.findings .warning > .icon { color: var(--attention); }
.findings .ok > .icon { color: var(--success); }
.usage { display: grid; gap: 12px; margin: 0; padding: 0; list-style: none; }
.usage li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; }
.usage p { margin: 0; }
.usage .meter { grid-column: 1 / -1; }
.meter { display: block; width: 100%; height: 8px; fill: var(--accent); border-radius: 6px; }
.meter.danger { fill: var(--danger); }
.meter .all { fill: var(--line); }
.full { margin-inline-start: 8px; color: var(--danger); font-weight: 500; }
td > .full { margin: 0; }
.settings { margin: 0 0 16px; background: var(--box); border: 1px solid var(--line); border-radius: 6px; }
.settings > div { display: grid; gap: 4px 16px; padding: 8px 16px; }
.settings > div + div { border-top: 1px solid var(--soft-line); }
.settings dd { margin: 0; min-width: 0; }
.settings .source { color: var(--muted); font-size: 12px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(136px, 1fr)); gap: 12px; margin: 0 0 16px; }
.tiles > div { padding: 12px 16px; background: var(--box); border: 1px solid var(--line); border-radius: 6px; }
.tiles dt { color: var(--muted); font-size: 12px; }
.tiles dd { margin: 0; font-size: 24px; font-weight: 600; line-height: 1.25; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr)); gap: 24px; margin-bottom: 16px; }
.chart { margin: 0; }
.chart figcaption { display: flex; justify-content: space-between; gap: 8px; }
.chart svg { display: block; width: 100%; height: auto; fill: var(--danger); }
.chart .axis { fill: none; stroke: var(--edge); }
.chart-ends { display: flex; justify-content: space-between; margin: 2px 0 0; color: var(--muted); font-size: 12px; }
.scroll > table { width: max-content; background: var(--box); }
td, th { max-width: 320px; }
th code { white-space: nowrap; }
.label-row { display: flex; flex-wrap: wrap; gap: 4px; margin: 4px 0; }
.actions { display: flex; flex-wrap: wrap; gap: 4px 16px; }
.rows > li > .note { margin: 8px 0; }
.item + .item::before { content: ", "; }
.head .meta a { text-underline-offset: 0.2em; }
.box > p > .icon { vertical-align: -3px; color: var(--success); }
@media (max-width: 543px) {
  .usage li { grid-template-columns: minmax(0, 1fr); }
}
@media (min-width: 768px) {
  .settings > div { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) minmax(0, 2fr); }
}
`;
