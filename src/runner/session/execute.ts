import type { SessionAction } from "../../core/actor/command-action.ts";
import { outcomeOfAnswer } from "../../core/actor/command-action.ts";
import type { CommandOutcome } from "../../core/comment/outcome.ts";
import type { CloudSession, Delivery } from "../../ports/copilot.ts";

/** Does to a session what a command wants. */
export async function execute(
  action: SessionAction,
  session: CloudSession,
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
    default:
      return action satisfies never;
  }
}

function whatCame(delivery: Delivery) {
  if (delivery === "delivered" || delivery === "unconfirmed") return delivery;
  const isUnknown = delivery === "unwatched" || delivery.code !== "prompt_not_delivered";
  return isUnknown ? "unknown" : "not_delivered";
}
