import { codeName } from "../text/quote.ts";
import { paragraphs } from "./alert.ts";
import { machineAlert, machineName, placingSentence, whySentence } from "./hosted.ts";
import { mention } from "./links.ts";
import type { CommentState, CommentView } from "./view.ts";

/** What a task says whose session takes long to start. Markdown lines. */
export function startingLines(view: CommentView): string[] {
  const { hosting } = view;
  if (hosting === null) return ["I'll add the link to the session here when it's ready."];
  const isPlaced = hosting.machine !== null;
  return paragraphs(
    machineAlert(view),
    [placingSentence(hosting), whySentence(view)].filter((text) => text !== "").join(" "),
    isPlaced ? "I'll update this comment when it has started." : waysToCancel(view),
  );
}

/** What a task says whose start failed for a reason that passes. Markdown lines. */
export function againStartingLines(view: CommentView): string[] {
  return [`${failedStart(view)}, so I'm trying again.`, "", waysToCancel(view)];
}

/** That an attempt has failed, and where; the beginning of a sentence in Markdown. */
export function failedStart({ hosting }: CommentView): string {
  const isPlaced = hosting !== null && hosting.machine !== null;
  return `Starting${isPlaced ? ` on ${machineName(hosting)}` : ""} failed`;
}

/** What its requester has to do once before a task starts, and until when. */
export function connectLines(
  view: CommentView,
  { url, until }: Extract<CommentState, { type: "connect" }>,
): string[] {
  const [date, time] = [until.slice(0, 10), until.slice(11, 16)];
  return [
    `${mention(view.requester)}, [connect your Copilot](${url}) once, and this task starts. Its session runs as you and uses your Copilot plan.`,
    "",
    `The task waits until ${date} ${time} UTC. ${waysToCancel(view)}`,
  ];
}

/** What a task that waits for a place waits for, and how to cancel it. */
export function queuedLines(
  view: CommentView,
  { atOnce }: Extract<CommentState, { type: "queued" }>,
): string[] {
  const sessions = atOnce === 1 ? "1 session" : `${atOnce ?? 0} sessions`;
  return [
    `This repository runs at most ${sessions} at once (\`limits.at_once\`). This task starts when a session ends. Tasks that have waited longer start first.`,
    "",
    waysToCancel(view),
  ];
}

/** What a task that waits for a runtime waits for, and how to cancel it. */
export function runtimeLines(view: CommentView): string[] {
  return [
    "All of the bot's Copilot runtimes are in use. This task starts when one is free.",
    "",
    waysToCancel(view),
  ];
}

function waysToCancel({ id, label }: CommentView): string {
  const also = label === null ? "" : `, or remove the label ${codeName(label)}`;
  return `To cancel it, comment \`/copilot stop ${id}\`${also}.`;
}
