import type { SessionPlace } from "../session/link.ts";
import { sessionsPage } from "../session/link.ts";
import type { CommentView } from "./view.ts";

/** The page that is always there, whatever becomes of a session's own. */
export function listOfSessions({ hosts }: Pick<CommentView, "hosts">): string {
  return `[list of sessions](${sessionsPage(hosts)})`;
}

/** The link to a session; where GitHub may not show it there, with the page where it can be found. */
export function sessionLink({ session, hosts }: Pick<CommentView, "session" | "hosts">): string {
  if (session === null) return `[Find the session](${sessionsPage(hosts)})`;
  return `[Open session](${session.url})${orInTheList(session, hosts)}`;
}

function orInTheList({ isGuess }: SessionPlace, hosts: CommentView["hosts"]): string {
  return isGuess ? ` (or find it in the ${listOfSessions({ hosts })})` : "";
}
