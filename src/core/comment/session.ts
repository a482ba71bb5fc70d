import { sessionsPage } from "../session/link.ts";
import { allowedPage } from "../session/page-link.ts";
import { canAnswerHere, requestLines } from "./request.ts";
import type { Asked } from "../task/asking.ts";
import { isAway } from "../task/session.ts";
import { codeName } from "../text/quote.ts";
import { safeMarkdown } from "../text/safe-markdown.ts";
import { alert, paragraphs } from "./alert.ts";
import type { Elsewhere } from "./answering.ts";
import { clearCode } from "./clear-code.ts";
import { howToShare, machineAlert, sharingLine, whySentence } from "./hosted.ts";
import { isUnseen, ownerLink, pageLink, personLink, sessionLink } from "./links.ts";
import { publishedText, resultLinks } from "./publication.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentView } from "./view.ts";
import type { SessionView } from "./session-view.ts";

/** The most characters of the agent's words that a comment shows: of its answer, and of what it says on the way. */
const MAX_ANSWER = 6_000;
const MAX_WORDS = 1_500;

/** What is said of a session: first what its reader needs in this state, then where it is. */
export function sessionLines(view: CommentView, session: SessionView): string[] {
  const { phase } = session;
  const [first] = session.asked;
  const request =
    // Where a machine is away and starts again, the agent asks anew, and an answer to this comes to nothing.
    phase === "waiting" && first !== undefined && !isAway(view)
      ? requestLines(first, {
          id: `${view.id} ${first.code}`,
          owner: ownerLink(view),
          elsewhere: elsewhereOf(view, first),
          isOpen: isOpen(session),
        })
      : [];
  return paragraphs(
    alert("NOTE", [otherRepository(view) ?? ""]).join("\n"),
    machineAlert(view),
    request.join("\n"),
    failureLines(session),
    statusLine(view, session),
    publishedText(view, isReached(session)),
    session.note,
    request.length > 0 ? null : wordsOf(view, session),
    whySentence(view),
    sharingLine(view, isReached(session)),
    [nextLine(view, session), shareLine(view, session)].filter((line) => line !== null).join(" "),
  );
}

/** How the session gets on GitHub, where people may want that now. */
function shareLine(view: CommentView, { phase, asked: [first], unfollowed }: SessionView) {
  // What can't be answered here says so itself.
  const isSaid = phase === "waiting" && first !== undefined && !canAnswerHere(first);
  if (isSaid || isLeft(unfollowed) || NOT_SHARED.has(phase)) return null;
  const line = howToShare(view);
  return line === "" ? null : line;
}

const NOT_SHARED: ReadonlySet<SessionView["phase"]> = new Set(["sending", "stopped", "failed"]);

/** Whether commands reach the session, or can have the bot reach it again. */
function isReached({ unfollowed, canResume }: SessionView): boolean {
  return unfollowed === null || canResume;
}

/** Where the session's requests can be answered besides the thread. */
function elsewhereOf(view: CommentView, asked: Asked): Elsewhere {
  const { session, hosting, hosts, id } = view;
  // Nobody else than the bot's account could open it there.
  const isBots = hosting !== null && session !== null && ownerLink(view) === null;
  if (isBots && canAnswerHere(asked)) return { type: "nowhere" };
  if (session !== null) return { type: "page", url: session.url };
  if (hosting === null) return { type: "page", url: sessionsPage(hosts) };
  if (hosting.sharing === "never") return { type: "nowhere" };
  return { type: "once_shared", command: `/copilot share ${id}` };
}

/** Whether the bot follows the session, so that it takes answers from the thread. */
function isOpen({ unfollowed }: SessionView): boolean {
  return unfollowed === null;
}

function statusLine(view: CommentView, session: SessionView): string {
  const parts = [resultLinks(view, session.pulls), timeOf(view, session), sessionLink(view)];
  return parts.filter((part) => part !== null).join(" · ");
}

function timeOf(view: CommentView, { phase, minutes, unfollowed }: SessionView): string | null {
  const time = duration(minutes);
  // What nobody watches may have changed since.
  const isLast = isAway(view) || isLeft(unfollowed);
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
function reconnect(view: CommentView, canResume: boolean): string {
  const { id, hosts, requester } = view;
  const person = personLink(requester, hosts);
  const connected = pageLink("connected it again", hosts.connect);
  if (isUnseen(view))
    return `Once ${person} has ${connected}, they can comment \`/copilot resume ${id}\`.`;
  if (!canResume) return `${person} can open the session.`;
  return `${person} can open the session. Once they've ${connected}, they can comment \`/copilot resume ${id}\`.`;
}

/** Who gives a command, before the command. */
function whoComments(view: CommentView): string {
  const owner = ownerLink(view);
  return owner === null ? "comment" : `${owner} can comment`;
}

/** Of a session that the bot can't reach again. */
function elsewhere(view: CommentView): string {
  if (isUnseen(view)) return "Commands here don't reach this session anymore.";
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
    "This comment isn't updated anymore because the requester's token isn't valid anymore. The session continues.",
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

/** What is said of a session in another repository, which its requester doesn't expect. Null where it's the right one. */
export function otherRepository(view: CommentView): string | null {
  const { checkedOut, repository, branch, hosting } = view;
  const other = checkedOut.repository;
  // On the administrator's machine, the bot has checked it out.
  if (hosting !== null) return null;
  if (other === null || other.toLowerCase() === repository.toLowerCase()) return null;
  return `The session started in another repository, ${codeName(other)}. Its prompt asks it to check out branch ${codeName(branch ?? "")} of ${codeName(repository)} first.`;
}
