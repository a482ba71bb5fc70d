import { documentedLink } from "../session/link.ts";
import { isOnGitHub } from "../task/session.ts";
import type { Task } from "../task/task.ts";
import { sharingChanged } from "../task/transitions/hosting.ts";
import { linked } from "../task/transitions/starting.ts";
import type { ActorRules } from "./rules.ts";
import type { ActorState } from "./state.ts";
import type { Step } from "./step.ts";
import { stay } from "./step.ts";

/** Whether the session has reported a link that isn't known yet. */
export function isLinkUnread({ link }: ActorState): boolean {
  return link.type === "reported" || link.type === "being read";
}

/** Asks for a link that the session has reported. */
export function readingLink(state: ActorState): Step {
  if (state.link.type !== "reported") return stay(state);
  return { state: { ...state, link: { type: "being read" } }, effects: [{ type: "read link" }] };
}

/**
 * A task with what commands have made of sharing its session, and with the link that this has reported; the task itself
 * where there's nothing new.
 */
export function withOwnLink({ link, commands }: ActorState, task: Task): Task {
  const known = commands.sharing === null ? task : sharingChanged(task, commands.sharing);
  if (link.type !== "known" || known.session.link?.source === "session") return known;
  return isUnshared(known) ? known : linked(known, { url: link.url, source: "session" });
}

/** Whether a session isn't to be seen on GitHub: it may have reported a link before. */
function isUnshared({ session: { hosting } }: Task): boolean {
  if (hosting === null) return false;
  const { share, sharing } = hosting;
  return share === null ? sharing !== "always" : share.type !== "shared";
}

/**
 * A task with a link: the session's own where that is known, or else the documented one, which only cloud sessions have.
 */
export function withAnyLink(state: ActorState, task: Task, { hosts }: ActorRules): Task {
  const own = withOwnLink(state, task);
  if (isOnGitHub(own.session) && own.session.link === null) return documented(own, hosts);
  return own;
}

function documented(own: Task, hosts: ActorRules["hosts"]): Task {
  const url = documentedLink(hosts, own.session.id ?? "");
  return linked(own, { url, source: "documented" });
}

/** Whether the session's own link may still come. One that hasn't come by then isn't expected anymore. */
export function isLinkExpected(task: Task, at: number, linkWatchMs: number): boolean {
  return task.session.link?.source === "documented" && linkLeftMs(task, at, linkWatchMs) > 0;
}

/** For how long the session's own link is expected, in milliseconds. */
export function linkLeftMs({ session }: Task, at: number, linkWatchMs: number): number {
  const startedAt = Date.parse(session.startedAt ?? "");
  return Number.isNaN(startedAt) ? 0 : startedAt + linkWatchMs - at;
}
