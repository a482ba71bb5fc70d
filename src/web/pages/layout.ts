import { html } from "hono/html";
import type { Html, Link } from "./document.ts";
import { linkButton } from "./document.ts";
import type { PageViewer, SitePage } from "./site-page.ts";
import { sitePage } from "./site-page.ts";

/** A page in one narrow column. @param viewer who's signed in; null where that's nobody, or isn't known */
export function layout(
  title: string,
  body: Html,
  viewer: PageViewer | null = null,
  current?: SitePage["current"],
): Html {
  const column = html`<div class="middle">
    <h1>${title}</h1>
    ${body}
  </div>`;
  return sitePage({ title, viewer, ...(current !== undefined && { current }), body: column });
}

/** A page that is one sentence or two, and a way on. */
export function notice(title: string, sentences: Html | string, link: Link): Html {
  return layout(
    title,
    html`<div class="box">
      <p>${sentences}</p>
      ${linkButton(link)}
    </div>`,
  );
}
