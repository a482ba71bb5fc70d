import type { SessionCommandName } from "../command/table.ts";
import type { CommandAnswer } from "../comment/command-answer.ts";
import { isBeginning } from "../task/next-step.ts";
import { canBeRetried } from "../task/retry.ts";
import { isOnGitHub } from "../task/session.ts";
import type { Task } from "../task/task.ts";
import { isWaitingForConnection, isWaitingForPlace } from "../task/waiting.ts";
import { refusalToShare } from "./sharing.ts";

/** Why a command makes no sense for a task; null when it does. */
export function refusalOfCommand(
  command: SessionCommandName,
  target: Task,
  words: string,
): CommandAnswer | null {
  const { id } = target;
  if (command === "retry") {
    if (target.settledAt === null) return { type: "not_over", id };
    return canBeRetried(target) ? null : { type: "not_failed", id };
  }
  if (command === "stop" && isBeginning(target)) return null;
  if (isWaitingForConnection(target)) return { type: "to_connect", id };
  if (isWaitingForPlace(target)) return { type: "queued", id };
  const { id: sessionId, prompt } = target.session;
  if (sessionId === null) return { type: "no_session", id };
  if (prompt.deliveredAt === null) {
    if (target.settledAt === null) return { type: "no_session", id };
    return { type: "out_of_reach", id, isOnGitHub: isOnGitHub(target.session) };
  }
  if (command === "share" || command === "unshare") return refusalToShare(target);
  return command === "send" && words.trim() === "" ? { type: "no_message" } : null;
}
