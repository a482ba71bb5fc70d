import type { Observation } from "../session/observation.ts";
import { progressOf } from "../session/progress.ts";
import { storableRequest } from "../session/request.ts";
import type { SessionCommand } from "../session/session-command.ts";
import type { Asked, Asking } from "../task/asking.ts";
import type { Task } from "../task/task.ts";
import type { SeenSession } from "../task/transitions/following.ts";
import { progressed } from "../task/transitions/following.ts";
import type { ActorRules } from "./rules.ts";
import type { ActorState } from "./state.ts";

/** A comment has only so much room. */
const MAX_PULLS = 20;

/** What the row alone knows of a session: GitHub reports a pull request once, and not in the session. */
export function knownPulls({ session, createdAt }: Task): Observation[] {
  const at = session.startedAt ?? createdAt;
  return session.progress.pulls.map((url) => {
    return { type: "pull_request", id: `pull_request ${url}`, url, at };
  });
}

/** The pull requests of a session that is not followed, with those that commands name. */
export function pullsWith(
  task: Task,
  sessionCommands: readonly SessionCommand[],
  at: string,
): readonly string[] {
  const news = sessionCommands
    .filter(({ type }) => type === "pull_request")
    .map(({ id, text: url }) => ({ type: "pull_request", id, url, at }) as const);
  return progressOf([...knownPulls(task), ...news]).pulls.slice(0, MAX_PULLS);
}

/**
 * By which people name a request of the agent's. All that the request says is in it: what has changed since it was
 * shown has another code, so they approve what they have seen.
 */
export function requestCodeOf(
  digest: ActorRules["digest"],
  requestId: string,
  asking: Asking,
): string {
  return digest(JSON.stringify([requestId, asking])).slice(0, 4);
}

/** How many requests the row keeps: the comment shows the first. */
const MAX_ASKED = 5;

/** The task with what was seen of its session; the task itself when that is nothing new, and nobody waits for it. */
export function taskAsSeen(
  { task, seen, commands }: Pick<ActorState, "task" | "seen" | "commands">,
  at: number,
  { digest }: Pick<ActorRules, "digest">,
): Task {
  const { state, said, failure, asking, pulls } = seen.progress;
  const asked = ([requestId, request]: readonly [string, Asking]): Asked => {
    const code = requestCodeOf(digest, requestId, request);
    const kept = { code, asking: storableRequest(request) };
    return seen.elsewhere.has(requestId) ? { ...kept, elsewhere: true } : kept;
  };
  const now: SeenSession = {
    state,
    said,
    failure,
    asking: [...asking].slice(0, MAX_ASKED).map(asked),
    pulls: pulls.slice(0, MAX_PULLS),
    note: commands.note,
  };
  const isNews = textOf(now) !== textOf({ state: task.state, ...task.session.progress });
  return isNews || commands.isCommentWanted
    ? progressed(task, now, new Date(at).toISOString())
    : task;
}

function textOf({ state, said, failure, asking, pulls, note }: SeenSession): string {
  return JSON.stringify([state, said, failure, asking, pulls, note]);
}
