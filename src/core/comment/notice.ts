import { shownName } from "./heading.ts";
import { mention } from "./links.ts";
import type { GitHubHosts } from "../github/hosts.ts";
import { sessionPlace, sessionsPage } from "../session/link.ts";
import type { Asked } from "../task/asking.ts";
import { canAnswerHere } from "./request.ts";
import { nameOf } from "./view.ts";
import type { NoticeType } from "../task/shown.ts";
import { isOnGitHub } from "../task/session.ts";
import type { Task } from "../task/task.ts";

/** What is to be done about the notice of a task. A task has one open notice at most. */
export type NoticeStep =
  | { readonly type: "nothing" }
  /** `about` goes into the row. */
  | { readonly type: "open"; readonly about: string }
  /** It was about to be created by somebody who was cut off. */
  | { readonly type: "find" }
  /** It still holds; what it says may have changed. */
  | { readonly type: "refresh"; readonly about: string }
  | { readonly type: "close" };

/** The hidden line by which the bot recognizes a notice of its own. Each notice has another. */
export function noticeMarker({ id, shown }: Task): string {
  return `<!-- copilot-notice:${id}:${shown.notice.intentAt ?? ""} -->`;
}

/**
 * What is to be done about the notice of a task, from its row alone:
 *
 * - a change that the policy names, and that has no notice, gets one
 * - requests that come while others wait join the notice that is there
 * - a notice that no longer holds is deleted: its request was answered, or the session continued
 */
export function noticeStep(task: Task): NoticeStep {
  const { about: held, id: noticeId, intentAt: noticeIntentAt } = task.shown.notice;
  const about = wantedNotice(task);
  if (held === null) return about === null ? { type: "nothing" } : { type: "open", about };
  if (about === null || !isSameNotice(held, about)) return { type: "close" };
  if (noticeId !== null) return { type: "refresh", about };
  // Without an id and an intent it was deleted by somebody: it isn't posted again.
  return noticeIntentAt === null ? { type: "nothing" } : { type: "find" };
}

/** The change that the requester should be notified of now, e.g. `waiting a1b2 c3d4`; null for none. */
function wantedNotice(task: Task): string | null {
  const type = changeOf(task);
  if (type === null || !task.decision.notify.includes(type)) return null;
  if (type !== "waiting") return type;
  const codes = task.session.progress.asking.slice(0, MAX_CODES);
  return ["waiting", ...codes.map(({ code }) => code)].join(" ");
}

/** So many requests of one notice are remembered. */
const MAX_CODES = 50;

/** Only what happens after the session started: what happens before is said by the task's own comment. */
function changeOf(task: Task): NoticeType | null {
  const { state, outcome, session } = task;
  if (session.startedAt === null) return null;
  if (outcome?.type === "failed" && outcome.watchUntil !== null) return null;
  if (outcome?.type === "canceled" || outcome?.type === "denied") return null;
  if (state === "waiting_for_user") return session.progress.asking.length > 0 ? "waiting" : null;
  if (state === "failed") return "failed";
  // Most sessions don't say that they are done: they are idle then.
  const isDone = state === "completed" || (state === "idle" && session.unfollowed === "idle");
  return isDone ? "completed" : null;
}

/** One notice is enough as long as one of the requests that it was posted for waits. */
function isSameNotice(held: string, about: string): boolean {
  const [heldType, ...heldCodes] = held.split(" ");
  const [type, ...codes] = about.split(" ");
  if (heldType !== type) return false;
  return type !== "waiting" || codes.some((code) => heldCodes.includes(code));
}

/**
 * The notice of a task, from the task alone. It has no words but the bot's own: what the agent asks or says
 * is shown by the task's comment, whole.
 *
 * @param hosts those of the GitHub that the comment is on
 */
export function renderNotice(task: Task, hosts: GitHubHosts): string {
  return `${noticeMarker(task)}\n${mention(task.requester.login)}, ${sentenceOf(task, hosts)}\n`;
}

function sentenceOf(task: Task, hosts: GitHubHosts): string {
  const comment = commentUrl(task, hosts.web);
  const session = pageOf(task, hosts);
  const orOpen = session === null ? "" : ` or [open the session](${session})`;
  const kind = shownName(nameOf(task));
  if (task.state === "failed") {
    return `Copilot's session failed (${kind}): see [what happened](${comment})${orOpen}.`;
  }
  const [first, ...others] = task.session.progress.asking;
  if (task.state !== "waiting_for_user" || first === undefined) {
    return `Copilot has finished (${kind}): see [the result](${comment})${orOpen}.`;
  }
  const more = others.length === 0 ? "" : " More of its requests are waiting.";
  const { what, see } = ASKS[first.asking.type];
  const how = waysToAnswer(first, task, session);
  return `${what} (${kind}): see [${see}](${comment})${how === null ? "" : `, and ${how}`}.${more}`;
}

/** Where the session is, or can be found; null where it isn't to be seen on GitHub. */
function pageOf({ session }: Task, hosts: GitHubHosts): string | null {
  const place = sessionPlace(session, hosts);
  if (place !== null) return place.url;
  return isOnGitHub(session) ? sessionsPage(hosts) : null;
}

const ASKS: Record<Asked["asking"]["type"], { readonly what: string; readonly see: string }> = {
  permission: { what: "Copilot needs your approval", see: "what it wants to do" },
  question: { what: "Copilot has a question", see: "the question" },
  plan: { what: "Copilot needs your approval of a plan", see: "the plan" },
};

/** How the first request can be answered; null where the comment alone says it. */
function waysToAnswer(first: Asked, task: Task, session: string | null): string | null {
  const verb = first.asking.type === "question" ? "answer" : "decide";
  const there = session === null ? null : `${verb} [in Mission Control](${session})`;
  // Nobody who isn't following sees whether it still waits.
  if (!canAnswerHere(first) || task.session.unfollowed !== null) return there;
  const name = `${task.id.slice(0, 8)} ${first.code}`;
  const approve = `/copilot approve ${name}${first.asking.type === "question" ? " <answer>" : ""}`;
  const reply = `reply with \`${approve}\` or \`/copilot deny ${name}\``;
  return there === null ? reply : `${reply}, or ${there}`;
}

/** Where the task's own comment is; the subject where there is none. */
function commentUrl(task: Task, github: string): string {
  const { place, subject, shown } = task;
  const part = subject.type === "issue" ? "issues" : "pull";
  const anchor = shown.comment.id === null ? "" : `#issuecomment-${shown.comment.id}`;
  return `${github}/${place.owner}/${place.repository}/${part}/${subject.number}${anchor}`;
}
