/** What pages are made of: boxes, notes, fields, buttons, labels. */
export const PARTS_STYLE = `
.box {
  margin: 0 0 16px;
  padding: 16px;
  background: var(--box);
  border: 1px solid var(--line);
  border-radius: 6px;
}
.box > :last-child { margin-bottom: 0; }
.box > section + section {
  margin: 16px -16px 0;
  padding: 16px 16px 0;
  border-top: 1px solid var(--line);
}
.alert {
  margin: 0 0 16px;
  padding: 12px 16px;
  background: var(--attention-box);
  border: 1px solid var(--attention);
  border-radius: 6px;
}
label, legend { display: block; margin-bottom: 4px; padding: 0; font-size: 14px; font-weight: 600; }
.hint { margin-bottom: 8px; color: var(--muted); font-size: 14px; }
input:not([type="radio"], [type="checkbox"]), select, textarea {
  width: 100%;
  min-height: 44px;
  margin: 0 0 8px;
  padding: 8px 12px;
  color: var(--text);
  background: var(--box);
  border: 1px solid var(--edge);
  border-radius: 6px;
  font: inherit;
}
textarea { display: block; resize: vertical; }
fieldset { margin: 0 0 8px; padding: 0; border: 0; }
.choice { display: flex; gap: 8px; align-items: baseline; padding: 6px 0; font-weight: 400; }
.choice input { flex: none; margin: 0; }
.button {
  display: inline-block;
  min-height: 44px;
  padding: 9px 16px;
  color: var(--text);
  background: var(--plain);
  border: 1px solid var(--line);
  border-radius: 6px;
  font: inherit;
  font-weight: 500;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.button:hover { background: var(--plain-hover); }
.button.primary { color: #ffffff; background: var(--button); border-color: var(--button); }
.button.primary:hover { background: var(--button-hover); }
.button.danger { color: var(--danger); }
.button.block { display: block; width: 100%; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.muted { color: var(--muted); }
.note {
  margin: 0 0 16px;
  padding: 12px 16px;
  background: var(--accent-box);
  border: 1px solid var(--accent-line);
  border-radius: 6px;
}
.note.danger, .note.caution { background: var(--danger-box); border-color: var(--danger-line); }
.note.attention, .note.warning { background: var(--attention-box); border-color: var(--attention-line); }
.note.success { background: var(--success-box); border-color: var(--success-line); }
.note p, .note .markdown > * { margin-bottom: 8px; }
.note > :last-child, .note .markdown > :last-child { margin-bottom: 0; }
.icon {
  flex: none;
  width: 16px;
  height: 16px;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.5;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.icon .solid { fill: currentColor; stroke: none; }
.label {
  display: inline-flex;
  align-items: center;
  gap: 4px;
  padding: 1px 8px 1px 4px;
  color: var(--muted);
  background: var(--plain);
  border: 1px solid var(--line);
  border-radius: 2em;
  font-size: 12px;
  font-weight: 500;
  line-height: 20px;
  white-space: nowrap;
}
.label.accent { color: var(--accent); background: var(--accent-box); border-color: var(--accent-line); }
.label.attention { color: var(--attention); background: var(--attention-box); border-color: var(--attention-line); }
.label.success { color: var(--success); background: var(--success-box); border-color: var(--success-line); }
.label.danger { color: var(--danger); background: var(--danger-box); border-color: var(--danger-line); }
.plain { margin: 0; padding: 0; list-style: none; }
.scroll { overflow-x: auto; margin: 0 0 16px; }
table { border-spacing: 0; border-collapse: collapse; }
th, td { padding: 6px 12px; border: 1px solid var(--line); text-align: start; vertical-align: top; }
th { font-weight: 600; background: var(--plain); }
.markdown > :last-child { margin-bottom: 0; }
.markdown ul, .markdown ol { margin: 0 0 16px; padding-inline-start: 24px; }
.markdown li + li { margin-top: 4px; }
.markdown li > p { margin-bottom: 4px; }
.markdown blockquote { margin: 0 0 16px; padding: 0 16px; color: var(--muted); border-inline-start: 4px solid var(--line); }
.markdown pre {
  margin: 0 0 16px;
  padding: 12px 16px;
  overflow: auto;
  max-height: 480px;
  background: var(--page);
  border: 1px solid var(--soft-line);
  border-radius: 6px;
  font-size: 13px;
  line-height: 1.45;
  unicode-bidi: isolate;
  direction: ltr;
  text-align: left;
}
.markdown pre code { font-size: inherit; background: none; padding: 0; white-space: pre; }
:not(pre, a) > code {
  padding: 0.15em 0.4em;
  background: var(--code);
  border-radius: 6px;
}
@media (min-width: 600px) {
  .box { padding: 24px; }
  .box > section + section { margin: 24px -24px 0; padding: 24px 24px 0; }
  .button { min-height: 40px; padding: 7px 16px; }
}
`;
