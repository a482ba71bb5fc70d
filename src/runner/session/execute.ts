import type { SessionAction } from "../../core/actor/command-action.ts";
import type { ActorEffect } from "../../core/actor/effect.ts";
import type { ActorInput } from "../../core/actor/input.ts";
import { outcomeOfAnswer } from "../../core/actor/command-action.ts";
import type { CommandOutcome } from "../../core/comment/outcome.ts";
import type { Task } from "../../core/task/task.ts";
import type { CloudSession, Delivery } from "../../ports/copilot.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Steering } from "./steering.ts";

/** What commands are executed with. */
export interface ExecuteParts {
  readonly ports: Pick<Ports, "log">;
  readonly steering: Steering;
}

/** Executes a command, if that's still allowed; null where nobody knows what came of it. */
export async function executeCommand(
  { ports: { log }, steering }: ExecuteParts,
  session: CloudSession,
  task: Task,
  { command, action }: Extract<ActorEffect, { type: "execute" }>,
): Promise<ActorInput | null> {
  const { id: commandId, taskId, type } = command;
  try {
    if (!(await steering.mayExecute(command, action, task))) {
      return { type: "executed", commandId, outcome: { type: "owners_only" } };
    }
    const outcome = await execute(action, session, task);
    // Who follows the session next reports that its outcome isn't known.
    return session.lost.aborted ? null : { type: "executed", commandId, outcome };
  } catch (err) {
    log.error({ taskId, sessionCommand: type, err }, "command failed");
    return { type: "executed", commandId, outcome: { type: "failed" } };
  }
}

/** Does to a session what a command wants. */
async function execute(
  action: SessionAction,
  session: CloudSession,
  task: Task,
): Promise<CommandOutcome> {
  switch (action.type) {
    case "stop":
      return { type: "stop", came: await session.abort() };
    case "send":
      return { type: "send", came: whatCame(await session.say(action.text)) };
    case "answer": {
      const { requestId, approved, words } = action;
      const said = words === "" ? {} : { text: words };
      return outcomeOfAnswer(action, await session.answer(requestId, { approved, ...said }));
    }
    case "share":
      return share(session, task);
    case "unshare":
      return unshare(session);
    default:
      return action satisfies never;
  }
}

async function share({ hosted }: CloudSession, task: Task): Promise<CommandOutcome> {
  if (hosted === null) return { type: "share", came: "in_cloud" };
  if (task.session.hosting?.sharing === "never") return { type: "share", came: "never" };
  const shared = await hosted.share();
  return shared.type === "shared"
    ? { type: "share", came: "shared", url: shared.url }
    : { type: "share", came: "refused", failure: shared.failure };
}

async function unshare({ hosted }: CloudSession): Promise<CommandOutcome> {
  if (hosted === null) return { type: "unshare", came: "in_cloud" };
  return { type: "unshare", came: (await hosted.unshare()) ? "unshared" : "unconfirmed" };
}

function whatCame(delivery: Delivery) {
  if (delivery === "delivered" || delivery === "unconfirmed") return delivery;
  const isUnknown = delivery === "unwatched" || delivery.code !== "prompt_not_delivered";
  return isUnknown ? "unknown" : "not_delivered";
}
