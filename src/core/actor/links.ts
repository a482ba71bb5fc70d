import { documentedLink } from "../session/link.ts";
import type { Task } from "../task/task.ts";
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

/** A task with the link that its session has reported; the task itself where there is none, or it has that. */
export function withOwnLink({ link }: ActorState, task: Task): Task {
  if (link.type !== "known" || task.session.link?.source === "session") return task;
  return linked(task, { url: link.url, source: "session" });
}

/** A task with a link: the session's own where that is known, or else the documented one. */
export function withAnyLink(state: ActorState, task: Task, { hosts }: ActorRules): Task {
  const own = withOwnLink(state, task);
  if (own.session.link !== null) return own;
  const url = documentedLink(hosts, task.session.id ?? "");
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
