import { html } from "hono/html";
import { plainLine } from "../../core/text/quote.ts";
import { icon } from "./icons.ts";
import type { Html } from "./document.ts";
import { postForm, wholeDocument } from "./document.ts";
import { named } from "./names.ts";

/** Who looks at a page. */
export interface PageViewer {
  readonly login: string;
  readonly formToken: string;
  /** Whether they administer the bot, as far as a link to that is concerned. */
  readonly isAdmin: boolean;
}

export interface SitePage {
  /** What the page is about, for the browser's list of pages. */
  readonly title: string;
  /** Null for whoever isn't signed in. */
  readonly viewer: PageViewer | null;
  readonly current?: "tasks" | "admin" | "connection";
  /** The page's own stream of events, which has it updated; null for a page that stays as it is. */
  readonly events?: string | null;
  readonly body: Html;
}

/** Browsers show less of it. */
const MAX_TITLE = 200;

/** Its own page has no other title. */
const BOT = "Copilot task bot";

/** A page with the bot's name and its other pages above it. */
export function sitePage(page: SitePage): Html {
  const { title, viewer, current = null, events = null, body } = page;
  return wholeDocument({
    title: title === BOT ? BOT : `${plainLine(title, MAX_TITLE)} · ${BOT}`,
    events,
    body: html`<a class="skip" href="#main">Skip to content</a>
      <header class="bar">
        <div class="wide">
          <a class="brand" href="/">${icon("bot")}<span>${BOT}</span></a>
          ${viewer === null ? "" : menu(viewer, current)}
        </div>
      </header>
      <main id="main" class="wide" tabindex="-1">${body}</main>
      <p id="updates" class="unseen" role="status"></p>`,
  });
}

function menu({ login, formToken, isAdmin }: PageViewer, current: SitePage["current"] | null) {
  const pages = [
    { id: "tasks", url: "/", text: "Tasks" },
    { id: "connection", url: "/connect", text: "Your connection" },
    ...(isAdmin ? [{ id: "admin", url: "/admin", text: "Administration" }] : []),
  ];
  return html`<nav aria-label="Pages of the bot">
      <ul>
        ${pages.map(
          ({ id, url, text }) =>
            html`<li>
              <a href="${url}" ${id === current ? html`aria-current="page"` : ""}>${text}</a>
            </li>`,
        )}
      </ul>
    </nav>
    <div class="who">
      <span><span class="unseen">Signed in as </span>${named(`@${login}`)}</span>
      ${postForm(
        { action: "/sign-out", formToken },
        html`<button class="button small">Sign out</button>`,
      )}
    </div>`;
}
