import { html, raw } from "hono/html";
import { SCRIPT_PATH } from "./script.ts";
import { STYLE } from "./style.ts";

/** HTML in which all text is escaped. */
export type Html = ReturnType<typeof html>;

/** Nothing may come between the tags: the headers name the digest of what's there. */
const STYLESHEET = raw(`<style>${STYLE}</style>`);

interface WholeDocument {
  readonly title: string;
  /** The stream of events that has the page updated; null for a page that stays as it is. */
  readonly events?: string | null;
  /** Whether there's a script that does more; true unless given. */
  readonly isScripted?: boolean;
  readonly body: Html;
}

/** A whole document: everything works without the script. */
export function wholeDocument(document: WholeDocument): Html {
  const { title, events = null, isScripted = true, body } = document;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLESHEET}
        ${isScripted ? html`<script src="${SCRIPT_PATH}" defer></script>` : ""}
      </head>
      <body${events === null ? "" : html` data-events="${events}"`}>
        ${body}
      </body>
    </html>`;
}

/** What a browser's forms send. */
export interface FormTarget {
  readonly action: string;
  /** Proves that the form is one of the bot's own pages. */
  readonly formToken: string;
}

/** A form that posts to the bot. */
export function postForm({ action, formToken }: FormTarget, content: Html): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="form_token" value="${formToken}" />
    ${content}
  </form>`;
}

/** Where to go on. */
export interface Link {
  readonly text: string;
  readonly url: string;
}

/** A link that looks like the button it stands for. */
export function linkButton({ text, url }: Link): Html {
  return html`<a class="button" href="${url}">${text}</a>`;
}
