import { pullsWith } from "../../core/actor/seen.ts";
import { cutOffSentences, NOT_DONE } from "../../core/comment/outcome.ts";
import { isOnGitHub } from "../../core/task/session.ts";
import type { Task } from "../../core/task/task.ts";
import { outOfReach } from "../../core/task/transitions/following.ts";
import { promptForgotten } from "../../core/task/transitions/hosting.ts";
import type { CloudSession } from "../../ports/copilot.ts";
import type { Next } from "../../ports/queue.ts";
import type { Identity } from "../../ports/identities.ts";
import { record } from "../lease/record.ts";
import type { HostedAgain } from "./hosted-again.ts";
import { reachHosted } from "./hosted-again.ts";
import { handBack } from "./other-replica.ts";
import { attachAs } from "./session-request.ts";
import type { StarterParts } from "./starter-parts.ts";

/** After a restart, or on a command: the bot keeps following, where it can. */
export async function follow(parts: StarterParts, task: Task): Promise<Next> {
  const { ports, background, sessions, links, timeouts } = parts;
  await links.letGo(task.id);
  const identity = await ports.identities.identityFor(task);
  if (identity.type === "unreachable") return { afterMs: timeouts.reportAgainMs };
  if (identity.type === "unavailable" && isTimeLeft(parts, task)) return handBack(parts, task);
  const reached = await reach(parts, task, identity);
  if (reached.type === "halted") return reached.next;
  if (reached.type === "session") {
    const { session } = reached;
    if (session.hosted?.hasPrompt === false) return promptAgain(parts, reached.task, session);
    ports.log.info({ taskId: task.id, sessionId: session.id }, "session followed again");
    background.runInBackground(reached.task, (lost) =>
      sessions.follow(reached.task, session, lost),
    );
    return "done";
  }
  if (ports.stopping.aborted) return "done";
  if (isTimeLeft(parts, task) && isLostAtOnce(task)) return forgotten(parts, task);
  const begun = await ports.sessionCommands.begun(task.id);
  const waiting = await ports.sessionCommands.take(task.id);
  const all = [...begun, ...waiting];
  const isUndone = waiting.some(({ type }) => type !== "pull_request");
  const undone = isUndone ? NOT_DONE : null;
  const notes = [cutOffSentences(begun, isOnGitHub(task.session)), undone].filter(
    (note) => note !== null,
  );
  const note = notes.length === 0 ? null : notes.join(" ");
  const why = identity.type === "not_connected" ? "disconnected" : "unreachable";
  const pulls = pullsWith(task, all, ports.now().toISOString());
  const unfollowed = await record(ports.tasks, task, outOfReach(task, { note, pulls }, why));
  await ports.sessionCommands.done(all.map(({ id }) => id));
  return reportAndOpen(parts, unfollowed);
}

/** Its runtime has forgotten the prompt: the agent gets it again. */
async function promptAgain(parts: StarterParts, task: Task, session: CloudSession): Promise<Next> {
  await session.detach();
  return forgotten(parts, task);
}

async function forgotten({ ports }: StarterParts, task: Task): Promise<Next> {
  ports.log.warn({ taskId: task.id }, "runtime has forgotten the prompt: it's sent again");
  await record(ports.tasks, task, promptForgotten(task));
  return { afterMs: 0 };
}

/** The task's session, wherever it runs. */
async function reach(parts: StarterParts, task: Task, identity: Identity): Promise<HostedAgain> {
  if (task.session.hosting !== null && identity.type === "identity")
    return reachHosted(parts, task, identity);
  const session = await attachAs(parts.ports, task, identity);
  return session === null ? { type: "gone" } : { type: "session", task, session };
}

/**
 * Whether a session on an own machine that no machine has anymore has done nothing that anybody saw: its runtime was killed
 * before it had written anything down, which takes a moment after the prompt.
 */
function isLostAtOnce({ session: { hosting, progress } }: Task): boolean {
  const isUnseen = progress.said === null && progress.asking.length + progress.pulls.length === 0;
  return hosting !== null && hosting.publication === null && isUnseen;
}

/** Whether the session is still to be followed. */
function isTimeLeft({ ports }: StarterParts, { session }: Task): boolean {
  return Date.parse(session.followUntil ?? "") > ports.now().getTime();
}

/** While the comment was written, nobody took the commands to the session. */
export async function reportAndOpen(
  { reporter, sessions }: StarterParts,
  task: Task,
): Promise<Next> {
  const next = await reporter.report(task);
  if (next === "done" && task.session.id !== null) await sessions.openForSessionCommands(task);
  return next;
}
