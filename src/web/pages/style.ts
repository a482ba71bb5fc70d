import { createHash } from "node:crypto";

/** The one stylesheet, in GitHub's colors. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1f2328;
  --muted: #59636e;
  --page: #f6f8fa;
  --box: #ffffff;
  --line: #d1d9e0;
  --edge: #818b98;
  --link: #0969da;
  --button: #1f883d;
  --button-hover: #1a7f37;
  --plain: #f6f8fa;
  --plain-hover: #eff2f5;
  --danger: #d1242f;
  --attention: #9a6700;
  --attention-box: #fff8c5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #f0f6fc;
    --muted: #9198a1;
    --page: #010409;
    --box: #0d1117;
    --line: #3d444d;
    --edge: #656c76;
    --link: #4493f8;
    --button: #238636;
    --button-hover: #29903b;
    --plain: #212830;
    --plain-hover: #262c36;
    --danger: #fa5e55;
    --attention: #d29922;
    --attention-box: #272115;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  padding: 24px 16px 48px;
  color: var(--text);
  background: var(--page);
  font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
  overflow-wrap: anywhere;
}
.page { max-width: 560px; margin: 0 auto; }
.top {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 16px;
  min-height: 44px;
  margin-bottom: 16px;
  color: var(--muted);
  font-size: 14px;
}
.top p { margin: 0; }
h1 { margin: 0 0 12px; font-size: 24px; font-weight: 600; line-height: 1.25; }
h2 { margin: 0 0 4px; font-size: 16px; font-weight: 600; }
p { margin: 0 0 16px; }
a { color: var(--link); text-underline-offset: 0.2em; }
strong { font-weight: 600; }
code { font: 0.875em ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, monospace; }
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
section > :last-child { margin-bottom: 0; }
section p, .hint { color: var(--muted); font-size: 14px; }
dl { margin: 0; }
dl div { padding: 8px 0; border-top: 1px solid var(--line); }
dl div:first-child { padding-top: 0; border-top: 0; }
dl div:last-child { padding-bottom: 0; }
dt { color: var(--muted); font-size: 14px; }
dd { margin: 0; }
.alert {
  margin: 0 0 16px;
  padding: 12px 16px;
  background: var(--attention-box);
  border: 1px solid var(--attention);
  border-radius: 6px;
}
label { display: block; margin-bottom: 4px; font-size: 14px; font-weight: 600; }
.hint { margin-bottom: 8px; }
input[type="password"] {
  width: 100%;
  min-height: 44px;
  margin-bottom: 8px;
  padding: 8px 12px;
  color: var(--text);
  background: var(--box);
  border: 1px solid var(--edge);
  border-radius: 6px;
  font: inherit;
}
.button {
  display: inline-block;
  width: 100%;
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
.top .button { width: auto; white-space: nowrap; min-height: 44px; padding: 6px 12px; font-size: 14px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (min-width: 600px) {
  body { padding-top: 48px; }
  .box { padding: 24px; }
  .box > section + section { margin: 24px -24px 0; padding: 24px 24px 0; }
  .button { width: auto; min-height: 40px; padding: 7px 16px; }
}
`;

/** Lets the stylesheet in, and no other: the source for the Content-Security-Policy. */
export const STYLE_SOURCE = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
