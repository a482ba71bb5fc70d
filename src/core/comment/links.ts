import type { SessionPlace } from "../session/link.ts";
import { sessionsPage } from "../session/link.ts";
import { codeName, inlineCode, plainLine } from "../text/quote.ts";
import type { CommentView } from "./view.ts";

/** The page that is always there, whatever becomes of a session's own. */
export function listOfSessions({ hosts }: Pick<CommentView, "hosts">): string {
  return `[list of sessions](${sessionsPage(hosts)})`;
}

/** Whether a session runs on a machine of the administrator's, and isn't to be seen on GitHub. */
export function isUnseen({ session, hosting }: Pick<CommentView, "session" | "hosting">): boolean {
  return session === null && hosting !== null;
}

/**
 * The link to a session; where GitHub may not show it there, with the page where it can be found. Null where it isn't to
 * be seen on GitHub.
 */
export function sessionLink(
  view: Pick<CommentView, "session" | "hosts" | "hosting">,
): string | null {
  const { session, hosts } = view;
  if (isUnseen(view)) return null;
  if (session === null) return `[Find the session](${sessionsPage(hosts)})`;
  return `[Open session](${session.url})${orInTheList(session, hosts)}`;
}

function orInTheList({ isGuess }: SessionPlace, hosts: CommentView["hosts"]): string {
  return isGuess ? ` (or find it in the ${listOfSessions({ hosts })})` : "";
}

/** Letters, digits, and hyphens or underscores behind them: others, e.g. `app[bot]`, have no page, and aren't mentioned. */
const MEMBER = /^[a-z\d][a-z\d_-]{0,99}$/iu;

/** Somebody's page on GitHub; null for who has none, or can't have one. */
export function profileOf(
  login: string,
  { web }: Pick<CommentView["hosts"], "web">,
): string | null {
  return MEMBER.test(login) ? `${web}/${login}` : null;
}

/** Somebody by their page; mentions nobody. */
export function personLink(login: string, hosts: Pick<CommentView["hosts"], "web">): string {
  const page = profileOf(login, hosts);
  return page === null ? codeName(login) : `[${login}](${page})`;
}

/**
 * Whoever's Copilot a session uses, by their page: only they can approve, send, and resume, unless the policy says
 * otherwise. Null where everybody can who has write access.
 */
export function ownerLink({
  identity,
  requester,
  hosts,
}: Pick<CommentView, "identity" | "requester" | "hosts">): string | null {
  return identity === "requester" ? personLink(requester, hosts) : null;
}

/** A text that leads to a page, where there is one. */
export function pageLink(text: string, url: string | null): string {
  return url === null ? text : `[${text}](${url})`;
}

/** Somebody who is to be notified. GitHub does so when a comment is created, not when it's edited. */
export function mention(login: string): string {
  return MEMBER.test(login) ? `@${login}` : inlineCode(plainLine(login, 100));
}
