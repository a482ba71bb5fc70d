import type { FailureCode } from "../task/failure.ts";
import { cleanLine } from "../text/plain.ts";
import { inlineCode, plainLine } from "../text/quote.ts";
import { alert, paragraphs } from "./alert.ts";
import { existing } from "./canceled.ts";
import { listOfSessions } from "./links.ts";
import type { Explanation } from "./remedy.ts";
import { explain } from "./remedy.ts";
import { waysToRetry } from "./retry.ts";
import type { CommentState, CommentView, FailureView } from "./view.ts";

/** Of these the answer says more than the sentence. */
const QUOTED: ReadonlySet<FailureCode> = new Set(["unknown", "github_refused"]);

/** What failed, who can fix it and where, what exists, and how to try it again. */
export function failedLines(
  view: CommentView,
  { failure, note }: Extract<CommentState, { type: "failed" }>,
): string[] {
  const { sentence, remedy, needsChange } = explanationOf(view, failure);
  const { code } = failure;
  const answer = answerLine(failure);
  const again = `${needsChange ? "Once that's fixed" : "To try again"}, ${waysToRetry(view)}.`;
  // A second session costs money, so whether there is a first one comes before everything else.
  if (view.session === null && view.isAskedFor) {
    const first = `**A session may exist** (\`${code}\`). Check the ${listOfSessions(view)} before you retry, so you don't pay twice.`;
    const caution = alert("CAUTION", [first, `${sentence} ${remedy}`, answer]);
    return paragraphs(caution.join("\n"), note, again);
  }
  return paragraphs(
    alert("WARNING", [headLine(sentence, code), remedy, answer]).join("\n"),
    note,
    `${view.wantsSession ? existing(view) : ""} ${again}`.trim(),
  );
}

/** What the other side answered, where that says more than the bot knows. Markdown; "" for nothing. */
export function answerLine({ code, detail }: Pick<FailureView, "code" | "detail">): string {
  const words = QUOTED.has(code) ? plainLine(cleanLine(detail ?? "", Infinity).text, 300) : "";
  return words === "" ? "" : `GitHub's answer: ${inlineCode(words)}`;
}

/** What a task's failure means, who can fix it, and where. */
export function explanationOf(
  { place, identity, requester }: Pick<CommentView, "place" | "identity" | "requester">,
  { code, cause, passesAt }: Pick<FailureView, "code" | "cause" | "passesAt">,
): Explanation {
  const own = identity === "requester" ? requester : null;
  return explain(code, cause, place, { passesAt, requester: own });
}

/** The sentence, and the code that people search for. */
function headLine(sentence: string, code: FailureCode): string {
  return `**${sentence.replace(/\.$/u, "")}** (\`${code}\`).`;
}

/** What is late, and until when it's waited for. */
export function lateLines(
  view: CommentView,
  { failure, until }: Extract<CommentState, { type: "late" }>,
): string[] {
  const { session } = view;
  const page =
    session === null
      ? `Check the ${listOfSessions(view)}`
      : `[Check the session](${session.url})${session.isGuess ? `, or find it in the ${listOfSessions(view)}` : ""}`;
  const time = until.slice(11, 16);
  return paragraphs(
    headLine(explanationOf(view, failure).sentence, failure.code),
    `It may still start. ${page}. I'll watch for it until ${time} UTC and update this comment. Please don't retry before then.`,
  );
}
