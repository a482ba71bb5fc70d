import { codeName } from "../text/quote.ts";
import type { CommentState, CommentView } from "./view.ts";

/** What a task says whose session takes long to start. */
export const STARTING = "I'll add the link to the session here when it's ready.";

/** What a task that waits for a place waits for, and how to cancel it. */
export function queuedLines(
  { id, label }: CommentView,
  { atOnce }: Extract<CommentState, { type: "queued" }>,
): string[] {
  const sessions = atOnce === 1 ? "1 session" : `${atOnce ?? 0} sessions`;
  const also = label === null ? "" : `, or remove the label ${codeName(label)}`;
  return [
    `This repository runs at most ${sessions} at once (\`limits.at_once\`). This task starts when a session ends. Tasks that have waited longer start first.`,
    "",
    `To cancel it, comment \`/copilot stop ${id}\`${also}.`,
  ];
}
