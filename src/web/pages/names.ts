import { html } from "hono/html";
import { profileOf } from "../../core/comment/links.ts";
import type { GitHubHosts } from "../../core/github/hosts.ts";
import { DOCS, STATUS_PAGE } from "../../core/github/hosts.ts";
import { plainLine } from "../../core/text/quote.ts";
import type { Html } from "./document.ts";

/** No name of GitHub's is longer, but for branches. */
const MAX_NAME = 200;

/** Somebody else's name of something, in the page's own words: whatever it holds changes nothing around it. */
export function named(name: string): Html {
  return html`<bdi>${plainLine(name, MAX_NAME)}</bdi>`;
}

/** Somebody else's name of something, as code: a label, a branch, a command. */
export function codeNamed(name: string): Html {
  return html`<code>${plainLine(name, MAX_NAME)}</code>`;
}

/** Somebody, with their page on GitHub where they have one. */
export function personNamed(login: string, hosts: Pick<GitHubHosts, "web">): Html {
  const page = profileOf(login, hosts);
  const shown = named(`@${login}`);
  return page === null ? shown : html`<a class="quiet" href="${page}">${shown}</a>`;
}

/** An address that pages may link to: GitHub's, its documentation's, or the bot's own; null for any other. */
export function vettedUrl(url: string, hosts: GitHubHosts): string | null {
  const { linkOrigins, accountPages, accounts, connect } = hosts;
  const own = connect === null ? [] : [new URL(connect).origin];
  const origins = [...linkOrigins, accountPages, accounts, STATUS_PAGE, DOCS, ...own];
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== "" || parsed.password !== "") return null;
  return origins.includes(parsed.origin) ? parsed.href : null;
}
