import { sessionsPage } from "../session/link.ts";
import { allowedPage, ownPull } from "../session/page-link.ts";
import { requestLines } from "./request.ts";
import { cleanLine } from "../text/plain.ts";
import { codeName, inlineCode, plainLine } from "../text/quote.ts";
import { safeMarkdown } from "../text/safe-markdown.ts";
import { alert, paragraphs } from "./alert.ts";
import { ownerLink, pageLink, personLink, sessionLink } from "./links.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentView, SessionView } from "./view.ts";

/** The most characters of the agent's words that a comment shows: of its answer, and of what it says on the way. */
const MAX_ANSWER = 6_000;
const MAX_WORDS = 1_500;

/** What is said of a session: first what its reader needs in this state, then where it is. */
export function sessionLines(view: CommentView, session: SessionView): string[] {
  const { phase } = session;
  const [first] = session.asked;
  const request =
    phase === "waiting" && first !== undefined
      ? requestLines(first, {
          id: `${view.id} ${first.code}`,
          owner: ownerLink(view),
          page: view.session?.url ?? sessionsPage(view.hosts),
          isOpen: isOpen(session),
        })
      : [];
  return paragraphs(
    alert("NOTE", [otherRepository(view) ?? ""]).join("\n"),
    request.join("\n"),
    failureLines(session),
    statusLine(view, session),
    session.note,
    request.length > 0 ? null : wordsOf(view, session),
    nextLine(view, session),
  );
}

/** Whether the bot follows the session, so that it takes answers from the thread. */
function isOpen({ unfollowed }: SessionView): boolean {
  return unfollowed === null;
}

function statusLine(view: CommentView, session: SessionView): string {
  const pulls = pullLinks(view, session);
  const many = pulls.length === 1 ? "Pull request" : "Pull requests";
  const parts = [
    pulls.length === 0 ? null : `**${many}:** ${pulls.join(", ")}`,
    timeOf(session),
    sessionLink(view),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function timeOf({ phase, minutes, unfollowed }: SessionView): string | null {
  const time = duration(minutes);
  // What nobody watches may have changed since.
  const isLast = isLeft(unfollowed);
  const lastSeen = `Last seen after ${time}`;
  switch (phase) {
    case "started":
    case "sending":
      return null;
    case "working":
      return isLast ? lastSeen : `**Running for ${time}**`;
    case "waiting":
      return isLast ? lastSeen : `Started ${time} ago`;
    case "idle":
    case "completed":
    case "stopped":
    case "failed":
      return `Ran for ${time}`;
    default:
      return phase satisfies never;
  }
}

function duration(minutes: number): string {
  if (minutes === 0) return "less than a minute";
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

function failureLines({ phase, failure }: SessionView): string {
  if (phase !== "failed") return "";
  const said = clearCode(failure);
  return alert("WARNING", [
    said === ""
      ? "**The session reported an error.**"
      : `**The session reported an error:** ${said}`,
  ]).join("\n");
}

/** What people can do next, and whether the comment keeps being updated. */
function nextLine(view: CommentView, session: SessionView): string | null {
  const { phase, unfollowed, canResume } = session;
  const { id } = view;
  if (phase === "sending") {
    return "The session hasn't received the request yet. I'm still trying to deliver it.";
  }
  if (isLeft(unfollowed)) {
    if (unfollowed === "disconnected") return `${LEFT[unfollowed]} ${reconnect(view, canResume)}`;
    if (canResume)
      return `${LEFT[unfollowed]} To update it again, ${whoComments(view)} \`/copilot resume ${id}\`.`;
    return `${unfollowed === "room" ? MADE_ROOM : LEFT[unfollowed]} ${elsewhere(view)}`;
  }
  if (phase === "idle") {
    if (unfollowed !== null && !canResume)
      return `This comment isn't updated anymore. ${elsewhere(view)}`;
    const left = unfollowed === "idle" ? " This comment isn't updated until then." : "";
    return `To continue, ${whoComments(view)} \`/copilot send ${id} …\`.${left}`;
  }
  if (unfollowed !== "over") return null;
  if (phase === "failed" || phase === "stopped") {
    const more = canResume
      ? `To continue this session, ${whoComments(view)} \`/copilot send ${id} …\`.`
      : elsewhere(view);
    return `${more} To start over, ${waysToRetry(view)}.`;
  }
  return canResume
    ? `To ask for more, ${whoComments(view)} \`/copilot send ${id} …\`.`
    : elsewhere(view);
}

/** The session is its owner's, and goes on without the bot. */
function reconnect({ id, hosts, requester }: CommentView, canResume: boolean): string {
  const person = personLink(requester, hosts);
  if (!canResume) return `${person} can open the session.`;
  const connected = pageLink("connected it again", hosts.connect);
  return `${person} can open the session, and once they've ${connected}, comment \`/copilot resume ${id}\`.`;
}

/** Who gives a command, before the command. */
function whoComments(view: CommentView): string {
  const owner = ownerLink(view);
  return owner === null ? "comment" : `${owner} can comment`;
}

/** Of a session that the bot can't reach again. */
function elsewhere(view: CommentView): string {
  const owner = ownerLink(view);
  const open = owner === null ? "open" : `${owner} can open`;
  return `To continue, ${open} the session: commands here don't reach it anymore.`;
}

const MADE_ROOM =
  "This comment isn't updated anymore because the bot made room for another session.";

const LEFT = {
  time: "This comment isn't updated anymore because the time limit for updates was reached.",
  room: "This comment isn't updated anymore because the bot follows too many other sessions.",
  unreachable: "This comment isn't updated anymore because the bot lost contact with the session.",
  token:
    "This comment isn't updated anymore because the requester's token ended, with which the bot followed the session. The session continues.",
  disconnected:
    "This comment isn't updated anymore because the requester's Copilot isn't connected anymore.",
} as const;

/** Whether nobody follows a session that may be at work. */
function isLeft(unfollowed: SessionView["unfollowed"]): unfollowed is keyof typeof LEFT {
  return unfollowed !== null && Object.hasOwn(LEFT, unfollowed);
}

/** The agent's own words, formatted, in a quote. */
function wordsOf(view: CommentView, { phase, said }: SessionView): string | null {
  const most = phase === "completed" || phase === "idle" ? MAX_ANSWER : MAX_WORDS;
  const { quote, isCut } = safeMarkdown(said, most, (url) => allowedPage(url, view.hosts));
  if (quote === "") return null;
  return isCut ? `${quote}\n\n${MORE}` : quote;
}

const MORE = "_The session has the rest._";

/** Links to pull requests of the task's own repository; others are named only. */
function pullLinks({ repository, hosts }: CommentView, { pulls }: SessionView): string[] {
  return pulls.map((address) => {
    const own = ownPull(address, repository, hosts);
    return own === null ? clearCode(address) : `[#${own.number}](${own.url})`;
  });
}

/** What is said of a session in another repository, which its requester doesn't expect. Null where it's the right one. */
export function otherRepository({ checkedOut, repository, branch }: CommentView): string | null {
  const other = checkedOut.repository;
  if (other === null || other.toLowerCase() === repository.toLowerCase()) return null;
  return `The session started in another repository, ${codeName(other)}. Its prompt asks it to check out branch ${codeName(branch ?? "")} of ${codeName(repository)} first.`;
}

/** Words of others in one line of code, without credentials. */
export function clearCode(text: string): string {
  // Cut last: a credential that is cut can't be recognized.
  return inlineCode(plainLine(cleanLine(text, Infinity).text, 300));
}
