import { createHash } from "node:crypto";
import { PARTS_STYLE } from "./style-parts.ts";
import { REPORT_STYLE } from "./style-report.ts";
import { SITE_STYLE } from "./style-site.ts";

/** GitHub's colors, light and dark, and what every page has. */
const BASE_STYLE = `
:root {
  color-scheme: light dark;
  --text: #1f2328;
  --muted: #59636e;
  --page: #f6f8fa;
  --box: #ffffff;
  --line: #d1d9e0;
  --soft-line: #d1d9e0b3;
  --edge: #818b98;
  --link: #0969da;
  --code: #818b981f;
  --button: #1f883d;
  --button-hover: #1a7f37;
  --plain: #f6f8fa;
  --plain-hover: #eff2f5;
  --danger: #d1242f;
  --danger-box: #ffebe9;
  --danger-line: #ff818266;
  --attention: #9a6700;
  --attention-box: #fff8c5;
  --attention-line: #d4a72c66;
  --success: #1a7f37;
  --success-box: #dafbe1;
  --success-line: #4ac26b66;
  --accent: #0969da;
  --accent-box: #ddf4ff;
  --accent-line: #54aeff66;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #f0f6fc;
    --muted: #9198a1;
    --page: #010409;
    --box: #0d1117;
    --line: #3d444d;
    --soft-line: #3d444db3;
    --edge: #656c76;
    --link: #4493f8;
    --code: #656c7633;
    --button: #238636;
    --button-hover: #29903b;
    --plain: #212830;
    --plain-hover: #262c36;
    --danger: #fa5e55;
    --danger-box: #25171c;
    --danger-line: #f8514966;
    --attention: #d29922;
    --attention-box: #272115;
    --attention-line: #bb800966;
    --success: #3fb950;
    --success-box: #12261e;
    --success-line: #2ea04366;
    --accent: #4493f8;
    --accent-box: #121d2f;
    --accent-line: #388bfd66;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  color: var(--text);
  background: var(--page);
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1 { margin: 0 0 12px; font-size: 24px; font-weight: 600; line-height: 1.25; }
h2 { margin: 0 0 4px; font-size: 16px; font-weight: 600; }
h3 { margin: 0; font-size: 1em; font-weight: 600; }
p { margin: 0 0 16px; }
a { color: var(--link); text-underline-offset: 0.2em; }
strong { font-weight: 600; }
code, pre { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, monospace; }
code { font-size: 0.875em; unicode-bidi: isolate; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
`;

/** The pages in one narrow column. */
const NARROW_STYLE = `
.middle { max-width: 592px; margin: 24px auto; }
.middle section > :last-child { margin-bottom: 0; }
.middle section p { color: var(--muted); }
.middle section > h2 { margin: 0 0 4px; }
.middle dl { margin: 0 0 16px; }
.middle dl div { padding: 8px 0; border-top: 1px solid var(--line); }
.middle dl div:first-child { padding-top: 0; border-top: 0; }
.middle dl div:last-child { padding-bottom: 0; }
.middle dt { color: var(--muted); font-size: 12px; }
.middle dd { margin: 0; }
.middle .reasons dt { color: var(--text); font-size: 14px; font-weight: 600; }
.middle .reasons dd, .todo p { color: var(--muted); font-size: 14px; }
.middle .reasons dt span { font-weight: 400; }
.todo p { margin: 4px 0 0; }
.todo .button { margin-top: 12px; }
@media (max-width: 599px) {
  .middle .button { width: 100%; }
}
`;

/** The one stylesheet. */
export const STYLE = [BASE_STYLE, PARTS_STYLE, SITE_STYLE, NARROW_STYLE, REPORT_STYLE].join("");

/** Lets the stylesheet in, and no other: the source for the Content-Security-Policy. */
export const STYLE_SOURCE = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
