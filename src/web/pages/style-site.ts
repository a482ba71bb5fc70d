/** The wide pages: their header, lists of tasks, and a task. */
export const SITE_STYLE = `
.skip { position: absolute; top: 8px; left: 8px; z-index: 1; padding: 8px 16px; background: var(--box); border: 1px solid var(--line); border-radius: 6px; }
.skip:not(:focus) { clip-path: inset(50%); }
.wide { max-width: 1280px; margin: 0 auto; padding: 0 16px; }
main.wide { padding-top: 24px; padding-bottom: 64px; }
main.wide:focus { outline: 0; }
.bar { background: var(--box); border-bottom: 1px solid var(--line); font-size: 14px; }
.bar > .wide { display: flex; flex-wrap: wrap; align-items: center; column-gap: 24px; padding-top: 4px; padding-bottom: 4px; }
.bar a, .bar button { min-height: 44px; }
.brand { display: inline-flex; align-items: center; gap: 8px; color: var(--text); font-weight: 600; text-decoration: none; }
.brand .icon { width: 20px; height: 20px; }
.bar nav { order: 3; flex-basis: 100%; }
.bar nav ul { display: flex; flex-wrap: wrap; gap: 0 4px; margin: 0 -8px; padding: 0; list-style: none; }
.bar nav a { display: inline-flex; align-items: center; padding: 0 8px; color: var(--text); text-decoration: none; border-radius: 6px; }
.bar nav a:hover { background: var(--plain-hover); }
.bar nav a[aria-current] { font-weight: 600; box-shadow: inset 0 -2px var(--edge); border-radius: 0; }
.who { display: flex; align-items: center; gap: 12px; margin-inline-start: auto; }
.button.small { min-height: 32px; padding: 4px 12px; font-size: 12px; }
.flush { padding: 0; overflow: hidden; }
.box.flush > ul { margin: 0; }
.box.attention { border-color: var(--attention); }
.box.empty { padding: 32px 16px; text-align: center; }
.rows { margin: 0; padding: 0; list-style: none; }
.rows > li { padding: 12px 16px; }
.rows > li + li { border-top: 1px solid var(--soft-line); }
.rows > li:hover { background: var(--plain); }
.row-head { display: flex; flex-wrap: wrap; align-items: start; justify-content: space-between; gap: 4px 16px; }
.row-head h3 { flex: 1 1 240px; }
.row-head h3 a { color: var(--text); text-decoration: none; }
.row-head h3 a:hover { color: var(--link); text-decoration: underline; }
.row-head h3 span, .head h1 span { font-weight: 400; color: var(--muted); }
.meta { margin: 4px 0 0; color: var(--muted); font-size: 12px; }
.meta .label { margin-inline-end: 4px; }
.wish { margin: 4px 0 0; color: var(--attention); font-weight: 500; }
a.quiet { color: inherit; }
.meta code { display: inline-block; max-width: 100%; line-height: 1.25; }
.pull { margin-inline-start: 8px; white-space: nowrap; }
.pull .icon { margin-inline-end: 4px; vertical-align: text-bottom; }
.filter { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 8px 12px; align-items: end; margin: 8px 0 16px; }
.filter label { font-size: 12px; }
.field :is(input, select) { margin: 0; }
.field.search { grid-column: 1 / -1; }
.filter-buttons, .paging { display: flex; flex-wrap: wrap; gap: 8px; }
.paging { justify-content: center; }
section > h2 { margin: 24px 0 8px; }
.crumbs ol { display: flex; flex-wrap: wrap; margin: 0 0 8px; padding: 0; list-style: none; font-size: 14px; }
.crumbs li + li::before { content: "/"; margin: 0 8px; color: var(--muted); }
.head { margin-bottom: 16px; padding-bottom: 16px; border-bottom: 1px solid var(--line); }
.head h1 { margin-bottom: 8px; font-weight: 600; }
.head h1 a { text-decoration-thickness: 1px; }
.head .meta { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; font-size: 14px; }
.head .label { padding: 3px 12px 3px 8px; font-size: 14px; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 32px; }
.primary-column > section > h2 { margin-top: 0; }
.primary-column > section:has(*) ~ section:has(*) { margin-top: 24px; }
.request { margin: 0 0 16px; padding: 16px; background: var(--box); border: 1px solid var(--attention); border-radius: 6px; }
.request h3 { margin-bottom: 8px; }
.request > :last-child { margin-bottom: 0; }
.request form + p { margin-top: 12px; font-size: 14px; }
.request .markdown { margin-bottom: 12px; }
.side > section { padding-bottom: 16px; border-bottom: 1px solid var(--soft-line); font-size: 14px; }
.side h2 { color: var(--muted); font-size: 12px; }
.side > section > h2 { margin-top: 16px; }
.side > section:first-child > h2 { margin-top: 24px; }
.side form + form, .side form + p + form { margin-top: 8px; }
.side p { margin-bottom: 8px; }
.side form + p { margin-top: 4px; }
.why-not { margin: 8px 0 0; padding: 0; list-style: none; color: var(--muted); font-size: 12px; }
.why-not li + li { margin-top: 4px; }
.qr { display: none; margin: 12px 0 0; }
.qr svg, .qr img { display: block; width: 100%; max-width: 200px; height: auto; background: #ffffff; border-radius: 6px; }
.qr figcaption { margin-top: 4px; color: var(--muted); font-size: 12px; }
.facts { margin: 0; }
.facts > div { padding: 4px 0; }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { margin: 0; }
.steps { margin: 0; padding: 0; list-style: none; }
.steps li { position: relative; padding: 0 0 16px 24px; border-left: 2px solid var(--line); margin-left: 5px; }
.steps li:last-child { border-left-color: transparent; padding-bottom: 0; }
.steps li::before { content: ""; position: absolute; top: 6px; left: -6px; width: 10px; height: 10px; background: var(--box); border: 2px solid var(--edge); border-radius: 50%; }
.steps p { margin: 0; }
.after { margin-inline-start: 8px; }
@media (max-width: 399px) {
  .who > span { position: absolute; clip-path: inset(50%); }
}
@media (max-width: 543px) {
  .row-head h3 { flex-basis: 100%; }
  .filter-buttons { grid-column: 1 / -1; }
}
@media (min-width: 544px) {
  .qr { display: block; }
  .field.search { grid-column: span 2; }
}
@media (min-width: 768px) {
  .wide { padding-right: 24px; padding-left: 24px; font-size: 14px; }
  .bar > .wide { min-height: 64px; }
  .bar nav { order: 0; flex-basis: auto; }
  .wide .button, .wide input:not([type="radio"]), .wide select, .wide textarea { min-height: 32px; padding: 5px 12px; }
  .wide .button.small { padding: 4px 12px; }
  .rows h3 { font-size: 16px; }
}
@media (min-width: 1012px) {
  .columns { grid-template-columns: minmax(0, 1fr) 296px; grid-template-rows: auto 1fr; }
  .side { grid-column: 2; grid-row: 1 / span 2; }
  .side > section:first-child > h2 { margin-top: 0; }
  .field.search { grid-column: auto; }
}
@media (min-width: 1280px) { .wide { padding-right: 32px; padding-left: 32px; } }
`;
